//! Objects that are to be in the target: found, created, brought in line.

use serde_json::Value;

use super::cycle::{Broken, Cycle};
use super::failure::{Aim, Failure};
use super::members::Membership;
use super::row::{Action, End, Row, text};
use super::source::{MemberChange, Object};
use super::state::Link;
use super::wire;
use crate::entra::path::{TargetPath, is_same_text};
use crate::entra::{Difference, ObjectKind};
use crate::wanted::Wanted;

/// Of how many attributes it is told that their values stay.
const KEPT_TOLD_MAX: usize = 5;

/// What is known of an object in the target.
enum Found {
    /// It is there, as this resource.
    There(Value),
    /// Nobody was found.
    Absent,
    /// It has no value to be searched for.
    Unsearchable,
}

/// What was done about an object.
enum Made {
    /// It was created or changed.
    Changed,
    /// Nothing was to be sent; and what the target keeps that the directory has no more, in words.
    Unchanged(Option<String>),
    /// The settings forbid it.
    Forbidden(&'static str),
}

impl Cycle<'_> {
    /// Brings one object in line. Its references follow in a later pass.
    pub(super) async fn upsert(&mut self, object: &Object, members: &[MemberChange]) -> Result<(), Broken> {
        let Some(wanted) = self.source.wanted(object) else { return Ok(()) };
        let mut row = self.open(object, Some(&wanted));
        row.step("EntrySynchronizationScoping", "in scope");
        match self.bring(object, &wanted, &mut row).await {
            Ok((Found::Unsearchable, _)) => {
                let reason = "it has no value for any attribute that objects are matched by".to_owned();
                self.close_done(object, row, End::Skipped { code: "ImportSkipped", reason });
            }
            Ok((found, made)) => {
                if let Found::There(resource) = found {
                    self.remember(object, &wanted, &resource, members);
                }
                let end = match made {
                    Made::Changed => End::Done,
                    Made::Unchanged(kept) => End::Skipped {
                        code: "RedundantExport",
                        reason: kept.unwrap_or_else(|| "the target has these values already".to_owned()),
                    },
                    Made::Forbidden(what) => End::Skipped {
                        code: "EntrySynchronizationSkipped",
                        reason: format!("{what} is switched off among the object actions"),
                    },
                };
                self.close_done(object, row, end);
            }
            Err(failure) => {
                self.keep_changes(object, members);
                self.close_failed(object, row, failure, false)?;
            }
        }
        Ok(())
    }

    async fn bring(
        &mut self,
        object: &Object,
        wanted: &Wanted,
        row: &mut Row,
    ) -> Result<(Found, Made), Failure> {
        row.action = if self.state.links.get(object).is_some() { Action::Update } else { Action::Other };
        let resource = match self.look(object, wanted, row).await? {
            Found::There(resource) => resource,
            Found::Unsearchable => return Ok((Found::Unsearchable, Made::Unchanged(None))),
            Found::Absent if !self.settings.create => return Ok((Found::Absent, Made::Forbidden("create"))),
            Found::Absent => {
                let resource = self.create(object, wanted, row).await?;
                return Ok((Found::There(resource), Made::Changed));
            }
        };
        row.action = Action::Update;
        let differences = self.writer().differences(wanted, &resource);
        let kept = self.kept(wanted, &resource);
        let Some(link) = self.state.links.get(object) else {
            return Ok((Found::Absent, Made::Unchanged(None)));
        };
        let Some(request) = self.writer().update(object.kind, &link.target, &differences) else {
            return Ok((Found::There(resource), Made::Unchanged(kept)));
        };
        if !self.settings.update {
            return Ok((Found::There(resource), Made::Forbidden("update")));
        }
        if let Some(kept) = kept {
            row.warn("ClearedValueStays", kept);
        }
        row.modifies(&differences);
        self.wire.ask(&request, Aim::Linked, row).await?;
        self.note_active(object, &differences);
        Ok((Found::There(resource), Made::Changed))
    }

    /// What the target keeps although it is cleared in the directory, in words.
    fn kept(&self, wanted: &Wanted, resource: &Value) -> Option<String> {
        let kept = self.writer().kept(wanted, resource);
        let told = kept.iter().take(KEPT_TOLD_MAX).map(|(target, value)| {
            let value = text(value);
            format!(
                "{target} has no value in the directory, and no empty value is sent: the target keeps {value}"
            )
        });
        let told: Vec<String> = told.collect();
        let more = kept.len().saturating_sub(told.len());
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        (!told.is_empty()).then(|| format!("{}{more}", told.join("; ")))
    }

    /// The resource that a linked object is, or the one that matches.
    async fn look(&mut self, object: &Object, wanted: &Wanted, row: &mut Row) -> Result<Found, Failure> {
        if let Some(link) = self.state.links.get(object) {
            let request = self.writer().get(object.kind, &link.target);
            let resource = self.wire.resource(&request, Aim::Linked, row).await?;
            return Ok(Found::There(resource.as_ref().clone()));
        }
        let searches = self.writer().matches(object.kind, wanted);
        if searches.is_empty() {
            return Ok(Found::Unsearchable);
        }
        for (target, value, request) in searches {
            let found = self.wire.found(&request, Aim::Match(object.kind), row).await?;
            let mut found = found.into_iter();
            match (found.next(), found.next()) {
                (None, _) => {}
                (Some(resource), None) => {
                    self.link_match(object, wanted, target, &value, &resource)?;
                    row.step("EntryMatch", format!("found by {target}"));
                    row.target = wire::id(&resource).map(str::to_owned);
                    return Ok(Found::There(resource));
                }
                (Some(_), Some(_)) => {
                    let reason = format!("several resources have the {target} {value:?}");
                    return Err(Failure::of_object("DuplicateTargetEntries", reason));
                }
            }
        }
        row.step("EntryMatch", "not in the target");
        Ok(Found::Absent)
    }

    /// Links an object to the one resource that a search found, if it is what was searched for and nobody else's: a server
    /// that does not heed filters must not cost anybody their account (I).
    fn link_match(
        &mut self,
        object: &Object,
        wanted: &Wanted,
        target: &str,
        value: &str,
        resource: &Value,
    ) -> Result<(), Failure> {
        let shown = TargetPath::of(target).read(resource);
        if let Some(Value::String(shown)) = shown
            && !is_same_text(shown, value)
        {
            return Err(Failure::of_object(
                "SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering",
                format!(
                    "a search for the {target} {value:?} found {shown:?}: the server does not heed the filter"
                ),
            ));
        }
        let id =
            wire::id(resource).ok_or_else(|| wire::incompatible("the resource that was found has no id"))?;
        if let Some(owner) = self.state.links.owner(object.kind, id).filter(|owner| *owner != object) {
            let reason = format!("{target} {value:?} leads to a resource that {owner} is linked to");
            return Err(Failure::of_object("DuplicateSourceEntries", reason));
        }
        let mut link = Link::new(id.to_owned(), wanted.name.clone());
        link.enabled = !is_off(wanted);
        self.state.links.insert(object.clone(), link);
        Ok(())
    }

    async fn create(&mut self, object: &Object, wanted: &Wanted, row: &mut Row) -> Result<Value, Failure> {
        row.action = Action::Create;
        let request = self.writer().create(object.kind, wanted);
        let created = self.wire.resource(&request, Aim::Create, row).await?;
        let id = wire::id(&created).unwrap_or_default().to_owned();
        row.target = Some(id.clone());
        let plain = wanted.attributes.iter().filter(|attribute| attribute.references.is_empty());
        let set = plain.filter(|attribute| !crate::entra::path::is_blank(&attribute.value));
        let set = set.map(|attribute| Difference {
            target: attribute.target.clone(),
            old: None,
            new: Some(attribute.value.clone()),
        });
        row.modifies(&set.collect::<Vec<_>>());
        let mut link = Link::new(id, wanted.name.clone());
        link.enabled = !is_off(wanted);
        self.state.links.insert(object.clone(), link);
        Ok(created.as_ref().clone())
    }

    /// Notes what the later passes need of an object that is in line.
    fn remember(&mut self, object: &Object, wanted: &Wanted, resource: &Value, members: &[MemberChange]) {
        let is_off = is_off(wanted);
        if let Some(link) = self.state.links.get_mut(object) {
            link.name.clone_from(&wanted.name);
            if !is_off {
                (link.enabled, link.released) = (true, false);
            }
        }
        match object.kind {
            ObjectKind::User => self.note_references(object, wanted, resource),
            ObjectKind::Group => {
                let complete = self.state.links.get(object).is_some_and(|link| link.complete);
                let everybody = self.kind == record::CycleKind::Initial || !complete;
                let changes = if everybody { None } else { Some(members.to_vec()) };
                self.memberships.push(Membership { group: object.clone(), changes });
            }
        }
    }

    /// What changed among a group's members must not be lost because the group itself failed.
    fn keep_changes(&mut self, object: &Object, members: &[MemberChange]) {
        if let Some(link) = self.state.links.get_mut(object) {
            link.pending.extend(members.iter().map(|change| (change.user.clone(), change.is_member)));
        }
    }

    pub(super) fn note_active(&mut self, object: &Object, differences: &[Difference]) {
        let is_off = differences.iter().any(Difference::disables);
        if is_off && let Some(link) = self.state.links.get_mut(object) {
            link.enabled = false;
        }
    }
}

/// Whether an object is to be inactive.
pub(super) fn is_off(wanted: &Wanted) -> bool {
    active(wanted).is_some_and(|value| match value {
        Value::Bool(truth) => !truth,
        Value::String(text) => crate::entra::path::truth(text) == Some(false),
        _ => false,
    })
}

/// What the mapping makes of an object's activity, where it maps that at all.
pub(crate) fn active(wanted: &Wanted) -> Option<&Value> {
    let attribute =
        wanted.attributes.iter().find(|attribute| attribute.target.eq_ignore_ascii_case("active"))?;
    Some(&attribute.value)
}
