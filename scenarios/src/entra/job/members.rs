//! Memberships: exported by the job's own record of them, never read from the target.

use std::collections::{BTreeMap, BTreeSet};

use super::cycle::{Broken, Cycle};
use super::failure::{Aim, Failure, INVALID_ANCHOR};
use super::row::{Action, End, Row};
use super::source::{MemberChange, Object, Standing};
use crate::entra::MembersChange;

/// A group whose members are looked at in a later pass.
pub(super) struct Membership {
    pub(super) group: Object,
    /// Who came and went; everybody is looked at where that is not known.
    pub(super) changes: Option<Vec<MemberChange>>,
}

/// Users who cannot be made members, and what comes of that.
#[derive(Default)]
struct Unresolved {
    /// They are in scope and could not be exported yet: they are tried again.
    awaited: Vec<String>,
    /// They are not in scope: they are left out (D).
    left_out: usize,
}

/// A member's id in the directory and in the target.
type Member = (String, String);

impl Cycle<'_> {
    /// Exports the memberships that changed.
    pub(super) async fn fill_groups(&mut self) -> Result<(), Broken> {
        for membership in std::mem::take(&mut self.memberships) {
            self.fill(membership).await?;
        }
        Ok(())
    }

    async fn fill(&mut self, membership: Membership) -> Result<(), Broken> {
        let group = membership.group;
        let everybody = membership.changes.is_none();
        let wishes = self.wishes(&group, membership.changes);
        let (add, remove, unresolved) = self.sorted(&group, wishes);
        // What is not done is kept, so that nothing is lost if the cycle ends here; and nothing else is, since what was
        // wanted before may not be wanted any more.
        self.keep(&group, &unresolved.awaited, &add, &remove);
        let nothing =
            add.is_empty() && remove.is_empty() && unresolved.awaited.is_empty() && unresolved.left_out == 0;
        if nothing || !self.settings.update {
            self.filled(&group, everybody);
            self.referred(&group);
            return Ok(());
        }
        let mut row = self.open(&group, None);
        row.action = Action::Update;
        row.step("ReferenceResolution", format!("{} to be added, {} to be removed", add.len(), remove.len()));
        let mut failed = None;
        for (change, members) in [(MembersChange::Add, add), (MembersChange::Remove, remove)] {
            match self.send_members(&group, change, &members, &mut row).await {
                Ok(None) => {}
                Ok(Some(failure)) => failed = Some(failure),
                Err(failure) => return self.close_failed(&group, row, failure, true),
            }
        }
        self.filled(&group, everybody);
        self.end_members(&group, row, failed, unresolved)
    }

    fn end_members(
        &mut self,
        group: &Object,
        row: Row,
        failed: Option<Failure>,
        unresolved: Unresolved,
    ) -> Result<(), Broken> {
        const CODE: &str = "UnableToResolveReferenceAttributeValue";
        if let Some(failure) = failed {
            let is_reference = failure.code != INVALID_ANCHOR;
            return self.close_failed(group, row, failure, is_reference);
        }
        if !unresolved.awaited.is_empty() {
            let reason = format!(
                "members: {} users are in scope and could not be exported yet",
                unresolved.awaited.len()
            );
            return self.close_failed(group, row, Failure::of_object(CODE, reason), true);
        }
        self.referred(group);
        let end = match unresolved.left_out {
            0 => End::Done,
            left_out => End::Partly {
                code: CODE,
                reason: format!("members: {left_out} users are not in the target, as they are not in scope"),
            },
        };
        self.close(row, end);
        Ok(())
    }

    /// Who is to be a member and who is not, among those who have to be looked at.
    fn wishes(&self, group: &Object, changes: Option<Vec<MemberChange>>) -> BTreeMap<String, bool> {
        let Some(link) = self.state.links.get(group) else { return BTreeMap::new() };
        match changes {
            Some(changes) => {
                let mut wishes = link.pending.clone();
                wishes.extend(changes.into_iter().map(|change| (change.user, change.is_member)));
                wishes
            }
            None => {
                let now: BTreeSet<String> = self.source.members(&group.id).into_iter().collect();
                let known = link.members.union(&link.unsure).filter(|user| !now.contains(*user));
                let gone: Vec<(String, bool)> = known.map(|user| (user.clone(), false)).collect();
                now.into_iter().map(|user| (user, true)).chain(gone).collect()
            }
        }
    }

    /// Leaves out what is exported already, and tells who can be resolved.
    fn sorted(
        &mut self,
        group: &Object,
        wishes: BTreeMap<String, bool>,
    ) -> (Vec<Member>, Vec<Member>, Unresolved) {
        let (mut add, mut remove, mut unresolved) = (Vec::new(), Vec::new(), Unresolved::default());
        let mut gone = Vec::new();
        let Some(link) = self.state.links.get(group) else { return (add, remove, unresolved) };
        for (user, is_member) in wishes {
            if link.members.contains(&user) == is_member && !link.unsure.contains(&user) {
                continue;
            }
            let object = Object::user(user.clone());
            match (self.state.links.get(&object), is_member) {
                (Some(known), true) => add.push((user, known.target.clone())),
                (Some(known), false) => remove.push((user, known.target.clone())),
                (None, true) if self.source.standing(&object) == Standing::InScope => {
                    unresolved.awaited.push(user);
                }
                (None, true) => unresolved.left_out += 1,
                // Whoever is gone from the target is a member of nothing there.
                (None, false) => gone.push(user),
            }
        }
        self.exported(group, MembersChange::Remove, &gone.iter().collect::<Vec<_>>());
        (add, remove, unresolved)
    }

    /// Sends members batch by batch. The last failure comes back; a fatal one ends it at once.
    async fn send_members(
        &mut self,
        group: &Object,
        change: MembersChange,
        members: &[Member],
        row: &mut Row,
    ) -> Result<Option<Failure>, Failure> {
        let Some(id) = self.state.links.get(group).map(|link| link.target.clone()) else { return Ok(None) };
        let targets: Vec<String> = members.iter().map(|(_, target)| target.clone()).collect();
        let mut sources = members.iter().map(|(user, _)| user);
        let mut failed = None;
        for (request, batch) in self.writer().members(&id, change, &targets) {
            let users: Vec<&String> = sources.by_ref().take(batch.len()).collect();
            match self.wire.ask(&request, Aim::Linked, row).await {
                Ok(_) => {
                    row.modifies_members(batch, change == MembersChange::Add);
                    self.exported(group, change, &users);
                }
                Err(failure) if failure.is_fatal => return Err(failure),
                Err(failure) => {
                    let is_lost = failure.code == INVALID_ANCHOR;
                    if failure.is_passing
                        && let Some(link) = self.state.links.get_mut(group)
                    {
                        link.unsure.extend(users.into_iter().cloned());
                    }
                    failed = Some(failure);
                    // A group that is not there takes nobody.
                    if is_lost {
                        break;
                    }
                }
            }
        }
        Ok(failed)
    }

    fn exported(&mut self, group: &Object, change: MembersChange, users: &[&String]) {
        let Some(link) = self.state.links.get_mut(group) else { return };
        for user in users {
            link.pending.remove(*user);
            link.unsure.remove(*user);
            match change {
                MembersChange::Add => link.members.insert((*user).clone()),
                MembersChange::Remove => link.members.remove(*user),
            };
        }
    }

    fn keep(&mut self, group: &Object, awaited: &[String], add: &[Member], remove: &[Member]) {
        let Some(link) = self.state.links.get_mut(group) else { return };
        let wanted = awaited.iter().chain(add.iter().map(|(user, _)| user)).map(|user| (user.clone(), true));
        let unwanted = remove.iter().map(|(user, _)| (user.clone(), false));
        link.pending = wanted.chain(unwanted).collect();
    }

    /// Everybody who has to be looked at was.
    fn filled(&mut self, group: &Object, everybody: bool) {
        if let Some(link) = self.state.links.get_mut(group) {
            link.complete |= everybody;
        }
    }
}
