//! References between users, above all managers: exported once both ends are.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::cycle::{Broken, Cycle};
use super::failure::{Aim, Failure, INVALID_ANCHOR};
use super::row::{Action, End};
use super::source::{Object, Standing};
use crate::entra::path::{TargetPath, member};
use crate::entra::{Difference, ManagerPass};
use crate::wanted::{Reference, Wanted};

/// What an object points to, and what the target has there.
pub(super) struct Pointing {
    object: Object,
    target: String,
    wanted: Option<Reference>,
    /// The part of the resource that holds the reference.
    current: Value,
}

/// What a reference comes to.
enum Resolved {
    /// The value to be sent.
    Value(String),
    /// Nothing: it is to be taken away.
    Cleared,
    /// The other end is to be in the target and is not yet.
    Awaited,
    /// The other end is not to be in the target.
    OutOfScope,
}

impl Cycle<'_> {
    /// Notes where a user points to, now and as last exported.
    pub(super) fn note_references(&mut self, object: &Object, wanted: &Wanted, resource: &Value) {
        let named = wanted.attributes.iter().filter_map(|attribute| {
            Some((attribute.target.clone(), Some(attribute.references.first()?.clone())))
        });
        let link = self.state.links.get(object);
        let exported =
            link.into_iter().flat_map(|link| link.references.keys().map(|target| (target.clone(), None)));
        // What is wanted comes last and stands.
        let all: BTreeMap<String, Option<Reference>> = exported.chain(named).collect();
        if all.is_empty() {
            self.referred(object);
        }
        let pointing = all.into_iter().map(|(target, wanted)| {
            let current = part(resource, &target);
            Pointing { object: object.clone(), target, wanted, current }
        });
        self.pointing.extend(pointing);
    }

    /// Exports the references that differ.
    pub(super) async fn point(&mut self) -> Result<(), Broken> {
        for pointing in std::mem::take(&mut self.pointing) {
            self.point_one(pointing).await?;
        }
        Ok(())
    }

    async fn point_one(&mut self, pointing: Pointing) -> Result<(), Broken> {
        let Pointing { object, target, wanted, current } = pointing;
        let resolved = self.resolve(wanted.as_ref());
        let value = match &resolved {
            Resolved::Value(value) => Some(value.as_str()),
            Resolved::Cleared => None,
            Resolved::Awaited | Resolved::OutOfScope => {
                return self.unresolved(&object, &target, wanted, matches!(resolved, Resolved::Awaited));
            }
        };
        let Some(difference) = self.writer().reference(&target, value, &current) else {
            self.pointed(&object, &target, wanted);
            return Ok(());
        };
        if self.settings.manager_pass == ManagerPass::NextCycle && !self.awaited.contains(&object) {
            self.state.later.insert(object);
            return Ok(());
        }
        if !self.settings.update {
            return Ok(());
        }
        self.refer(&object, &target, wanted, &difference).await
    }

    async fn refer(
        &mut self,
        object: &Object,
        target: &str,
        wanted: Option<Reference>,
        difference: &Difference,
    ) -> Result<(), Broken> {
        let Some(id) = self.state.links.get(object).map(|link| link.target.clone()) else { return Ok(()) };
        let mut row = self.open(object, None);
        row.action = Action::Update;
        row.step("ReferenceResolution", format!("{target} is resolved"));
        row.modifies(std::slice::from_ref(difference));
        // Noted before it is sent: if no answer comes, the target may have it all the same.
        if let (Some(reference), Some(link)) = (&wanted, self.state.links.get_mut(object)) {
            link.references.insert(target.to_owned(), reference.source.clone());
        }
        let request = self.writer().refer(object.kind, &id, difference);
        match self.wire.ask(&request, Aim::Linked, &mut row).await {
            Ok(_) => {
                self.pointed(object, target, wanted);
                self.close(row, End::Done);
                Ok(())
            }
            Err(failure) => {
                let is_reference = failure.code != INVALID_ANCHOR;
                self.close_failed(object, row, failure, is_reference)
            }
        }
    }

    fn resolve(&self, wanted: Option<&Reference>) -> Resolved {
        let Some(reference) = wanted else { return Resolved::Cleared };
        let other = Object::user(reference.source.clone());
        match self.state.links.get(&other) {
            Some(link) => Resolved::Value(reference.value.clone().unwrap_or_else(|| link.target.clone())),
            None if self.source.standing(&other) == Standing::InScope => Resolved::Awaited,
            None => Resolved::OutOfScope,
        }
    }

    /// The other end is not in the target. Where it is to be there, the reference is tried again; otherwise it is left out
    /// until the object itself changes or the job is restarted (D).
    fn unresolved(
        &mut self,
        object: &Object,
        target: &str,
        wanted: Option<Reference>,
        is_awaited: bool,
    ) -> Result<(), Broken> {
        const CODE: &str = "UnableToResolveReferenceAttributeValue";
        let mut row = self.open(object, None);
        row.action = Action::Update;
        let other = wanted.map(|reference| reference.source).unwrap_or_default();
        if is_awaited {
            let reason = format!("{target}: User/{other} is in scope and could not be exported yet");
            return self.close_failed(object, row, Failure::of_object(CODE, reason), true);
        }
        let reason = format!("{target}: User/{other} is not in the target, as it is not in scope");
        self.close(row, End::Partly { code: CODE, reason });
        self.referred(object);
        Ok(())
    }

    /// A reference is in the target as it is to be.
    fn pointed(&mut self, object: &Object, target: &str, wanted: Option<Reference>) {
        if let Some(link) = self.state.links.get_mut(object) {
            match wanted {
                Some(reference) => link.references.insert(target.to_owned(), reference.source),
                None => link.references.remove(target),
            };
        }
        self.referred(object);
    }
}

/// The part of a resource that a target lies in: keeping whole resources until the later pass would take memory for the
/// whole directory.
fn part(resource: &Value, target: &str) -> Value {
    let path = TargetPath::of(target);
    let name = path.urn.unwrap_or(path.attribute);
    let held = member(resource, name).map(|value| (name.to_owned(), value.clone()));
    Value::Object(held.into_iter().collect::<Map<_, _>>())
}
