//! Objects that are to be disabled or deleted.

use super::cycle::{Broken, Cycle};
use super::failure::{Aim, Failure, INVALID_ANCHOR};
use super::row::{Action, End, Row};
use super::source::{Changed, Object, Standing};
use super::upsert::active;
use crate::entra::ObjectKind;
use crate::wanted::Wanted;

/// What becomes of an object that is not to be active in the target.
enum Fate {
    /// It is disabled; whether it leaves the job's care thereby.
    Disable { is_released: bool },
    /// It is deleted.
    Delete,
    /// Nothing is sent, for a reason.
    Spare(&'static str, String),
    /// It was disabled when it left, and is no longer managed: only the link is dropped (D).
    Forget,
}

/// Everybody who is to be disabled or deleted in a cycle, and whether all of them together are too many.
pub(super) struct Leaving {
    fates: Vec<(Object, Option<Wanted>, Fate)>,
    /// How many are held back.
    held: usize,
}

impl Leaving {
    /// They are found before anything is sent. What changed is looked through, and all that there is where that is not said.
    pub(super) fn of(cycle: &Cycle<'_>, changes: Option<&[Changed]>) -> Self {
        let fate = |object: Object| {
            let wanted = cycle.source.wanted(&object);
            let fate = cycle.fate(&object, wanted.as_ref());
            (object, wanted, fate)
        };
        let fates: Vec<_> = cycle.leaving(changes).into_iter().map(fate).collect();
        let costs =
            fates.iter().filter(|(.., fate)| matches!(fate, Fate::Disable { .. } | Fate::Delete)).count();
        let limit = cycle.settings.accidental_deletions.and_then(|most| usize::try_from(most).ok());
        let is_held = limit.is_some_and(|most| costs > most) && !cycle.state.deletions_allowed;
        Self { fates, held: if is_held { costs } else { 0 } }
    }
}

impl Cycle<'_> {
    /// Who is to be disabled or deleted.
    fn leaving(&self, changes: Option<&[Changed]>) -> Vec<Object> {
        let leaves = |object: &Object| {
            self.state.links.get(object).is_some_and(|link| match self.source.standing(object) {
                Standing::InScope => false,
                Standing::Disabled => link.enabled,
                Standing::OutOfScope(_) | Standing::SoftDeleted | Standing::Gone => true,
            })
        };
        match changes {
            Some(changes) => {
                changes.iter().map(|change| &change.object).filter(|object| leaves(object)).cloned().collect()
            }
            None => {
                let of = |kind| self.source.objects(kind).map(move |id| Object { kind, id });
                let there = of(ObjectKind::User).chain(of(ObjectKind::Group)).filter(leaves);
                let gone = |object: &&Object| self.source.standing(object) == Standing::Gone;
                let gone = self.state.links.iter().map(|(object, _)| object).filter(gone).cloned();
                there.chain(gone).collect()
            }
        }
    }

    /// Disables those who are to be disabled, unless all together are too many. The others come back.
    pub(super) async fn disable_all(&mut self, leaving: Leaving) -> Result<Leaving, Broken> {
        let Leaving { fates, held } = leaving;
        let mut others = Vec::new();
        for (object, wanted, fate) in fates {
            match fate {
                Fate::Disable { .. } if held == 0 => self.carry_out(&object, wanted.as_ref(), fate).await?,
                fate => others.push((object, wanted, fate)),
            }
        }
        Ok(Leaving { fates: others, held })
    }

    /// Deletes, or holds all of it back where it is too much. The number held back comes back.
    pub(super) async fn let_go(&mut self, leaving: Leaving) -> Result<usize, Broken> {
        let Leaving { fates, held } = leaving;
        for (object, wanted, fate) in fates {
            match fate {
                Fate::Disable { .. } | Fate::Delete if held > 0 => self.stage(object, wanted.as_ref()),
                fate => self.carry_out(&object, wanted.as_ref(), fate).await?,
            }
        }
        self.state.deletions_allowed = false;
        Ok(held)
    }

    fn fate(&self, object: &Object, wanted: Option<&Wanted>) -> Fate {
        let Some(link) = self.state.links.get(object) else { return Fate::Forget };
        let standing = self.source.standing(object);
        if let Standing::OutOfScope(why) = standing
            && self.settings.skip_out_of_scope_deletions
        {
            return Fate::Spare(
                "SkipOutOfScopeDeletions",
                format!("{}, and those are skipped", why.reason()),
            );
        }
        let can_disable =
            object.kind == ObjectKind::User && wanted.is_some_and(|wanted| active(wanted).is_some());
        let is_released = matches!(standing, Standing::OutOfScope(_));
        match standing {
            Standing::Gone if link.released => Fate::Forget,
            Standing::Gone => self.delete_fate(),
            _ if !can_disable => self.delete_fate(),
            _ if !link.enabled && (link.released || !is_released) => {
                Fate::Spare("RedundantExport", "the target has it disabled already".to_owned())
            }
            _ if !self.settings.update => switched_off("update"),
            _ => Fate::Disable { is_released },
        }
    }

    fn delete_fate(&self) -> Fate {
        if self.settings.delete { Fate::Delete } else { switched_off("delete") }
    }

    fn stage(&mut self, object: Object, wanted: Option<&Wanted>) {
        let mut row = self.open(&object, wanted);
        row.action = Action::StagedDelete;
        let reason = "more objects were about to be disabled or deleted than the threshold allows".to_owned();
        self.close(row, End::Skipped { code: "StagedDelete", reason });
        self.state.staged.insert(object);
    }

    async fn carry_out(
        &mut self,
        object: &Object,
        wanted: Option<&Wanted>,
        fate: Fate,
    ) -> Result<(), Broken> {
        let mut row = self.open(object, wanted);
        let outcome = match fate {
            Fate::Disable { is_released } => {
                row.action = Action::Disable;
                self.disable(object, wanted, is_released, &mut row).await
            }
            Fate::Delete => {
                row.action = Action::Delete;
                self.delete(object, &mut row).await
            }
            Fate::Spare(code, reason) => Ok(End::Skipped { code, reason }),
            Fate::Forget => {
                self.state.links.remove(object);
                let reason = "it left the scope before it was deleted, and is no longer managed".to_owned();
                Ok(End::Skipped { code: "EntrySynchronizationSkipped", reason })
            }
        };
        match outcome {
            Ok(end) => {
                // Whatever of it waited to be tried again waits no more.
                self.state.escrows.remove(object);
                self.state.staged.remove(object);
                self.close(row, end);
                Ok(())
            }
            Err(failure) => {
                self.close_failed(object, row, failure, false)?;
                self.state.staged.remove(object);
                Ok(())
            }
        }
    }

    async fn disable(
        &mut self,
        object: &Object,
        wanted: Option<&Wanted>,
        is_released: bool,
        row: &mut Row,
    ) -> Result<End, Failure> {
        let (Some(wanted), Some(link)) = (wanted, self.state.links.get(object)) else { return Ok(End::Done) };
        let id = link.target.clone();
        let get = self.writer().get(object.kind, &id);
        let current = self.wire.resource(&get, Aim::Linked, row).await?;
        let mut end =
            End::Skipped { code: "RedundantExport", reason: "the target has it disabled already".to_owned() };
        let alone = self.writer().disabling(wanted, &current);
        if let Some(request) = self.writer().update(object.kind, &id, alone.as_slice()) {
            row.modifies(alone.as_slice());
            self.wire.ask(&request, Aim::Linked, row).await?;
            end = End::Done;
        }
        if let Some(link) = self.state.links.get_mut(object) {
            link.enabled = false;
            link.released |= is_released;
        }
        // Somebody who stays in scope is kept up to date although disabled.
        if self.source.standing(object) == Standing::Disabled {
            self.note_references(object, wanted, &current);
            let mut rest = self.writer().differences(wanted, &current);
            rest.retain(|one| !one.disables());
            if let Some(request) = self.writer().update(object.kind, &id, &rest) {
                row.modifies(&rest);
                self.wire.ask(&request, Aim::Linked, row).await?;
                end = End::Done;
            }
        }
        Ok(end)
    }

    async fn delete(&mut self, object: &Object, row: &mut Row) -> Result<End, Failure> {
        let Some(link) = self.state.links.get(object) else { return Ok(End::Done) };
        let request = self.writer().delete(object.kind, &link.target);
        match self.wire.ask(&request, Aim::Linked, row).await {
            // What is gone already need not be deleted (I).
            Err(failure) if failure.code != INVALID_ANCHOR => Err(failure),
            _ => {
                self.state.links.remove(object);
                Ok(End::Done)
            }
        }
    }
}

fn switched_off(what: &str) -> Fate {
    Fate::Spare("EntrySynchronizationSkipped", format!("{what} is switched off among the object actions"))
}
