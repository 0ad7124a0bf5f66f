//! What came of an expectation.

use record::{Exchange, Expectation, ExpectationOutcome, LogRow};
use serde_json::Value;

use crate::directory::Kind;
use crate::entra::{Cycled, Job, Object, ObjectKind};
use crate::file::{AttributeIs, Expect, MembersAre, Stage};
use crate::mapping::Mapped;
use crate::play::model;
use crate::play::read::{Reader, at};

/// What there is to be judged after a step.
pub(super) struct Scene<'a> {
    pub(super) stage: &'a Stage,
    pub(super) mapped: Mapped<'a>,
    pub(super) job: &'a Job,
    /// The rows of the log that the step wrote.
    pub(super) rows: &'a [LogRow],
    /// The cycle, and the requests that it sent after its probe.
    pub(super) cycled: Option<&'a Cycled>,
    pub(super) sent: &'a [Exchange],
    /// The base of the target, without a slash at its end.
    pub(super) base: &'a str,
}

impl Scene<'_> {
    pub(super) async fn judge(&self, expect: &Expect, mut reader: Reader<'_>) -> Expectation {
        let (claim, outcome) = self.outcome(expect, &mut reader).await;
        let mut exchanges = reader.exchanges;
        if expect.requests.is_some() || expect.exactly.is_some() || expect.only_the_probe.is_some() {
            exchanges.extend(self.sent.iter().map(|exchange| exchange.number));
        }
        let outcome = outcome.unwrap_or_else(|reason| ExpectationOutcome::Unjudged { reason });
        Expectation { claim, requirement: expect.rule.clone(), outcome, exchanges }
    }

    async fn outcome(
        &self,
        expect: &Expect,
        reader: &mut Reader<'_>,
    ) -> (String, Result<ExpectationOutcome, String>) {
        if let Some(same) = &expect.same_as_model {
            let claim = "everybody is in the target as the model has them, and nobody twice".to_owned();
            return (claim, model::same_as_model(self, reader, same).await);
        }
        if let Some(attribute) = &expect.attribute {
            return self.attribute(attribute, reader).await;
        }
        if let Some(members) = &expect.members {
            return self.members(members, reader).await;
        }
        if let Some(key) = &expect.gone {
            return self.gone(key, reader).await;
        }
        self.of_cycle(expect)
    }

    async fn attribute(
        &self,
        attribute: &AttributeIs,
        reader: &mut Reader<'_>,
    ) -> (String, Result<ExpectationOutcome, String>) {
        let expected = attribute.is.as_ref().map(|value| self.value_with_ids(value));
        let words = expected.as_ref().map_or_else(|| "nothing".to_owned(), shown);
        let claim = format!("{} has {words} at {}", self.stage.called(&attribute.of), attribute.target);
        let outcome = match self.read(&attribute.of, reader).await {
            Err(reason) => Err(reason),
            Ok(None) => Ok(missed(&words, "there is no such resource")),
            Ok(Some(resource)) => {
                let actual = at(&resource, &attribute.target);
                let told = || actual.map_or_else(|| "nothing".to_owned(), shown);
                Ok(held(actual == expected.as_ref(), &words, told))
            }
        };
        (claim, outcome)
    }

    async fn members(
        &self,
        members: &MembersAre,
        reader: &mut Reader<'_>,
    ) -> (String, Result<ExpectationOutcome, String>) {
        let claim = format!(
            "the members of {} are {}",
            self.stage.called(&members.of),
            self.all_called(&members.are)
        );
        let outcome = match self.read(&members.of, reader).await {
            Err(reason) => Err(reason),
            Ok(None) => Ok(missed("a group", "there is no such group")),
            Ok(Some(resource)) => {
                let mut actual = model::members(&resource);
                let mut expected: Vec<String> = members
                    .are
                    .iter()
                    .map(|key| self.target_id(key).unwrap_or_default().to_owned())
                    .collect();
                actual.sort();
                expected.sort();
                let keys: Vec<&str> = members.are.iter().map(String::as_str).collect();
                Ok(held(actual == expected, &keys.join(", "), || {
                    let known = |id: &String| self.key_of_target(id).unwrap_or_else(|| id.clone());
                    actual.iter().map(known).collect::<Vec<_>>().join(", ")
                }))
            }
        };
        (claim, outcome)
    }

    async fn gone(&self, key: &str, reader: &mut Reader<'_>) -> (String, Result<ExpectationOutcome, String>) {
        let claim = format!("{} is not in the target", self.stage.called(key));
        let outcome = match self.read(key, reader).await {
            Err(reason) => Err(reason),
            Ok(Some(_)) => Ok(missed("404", "the resource is there")),
            Ok(None) => match self.object(key) {
                None => Ok(ExpectationOutcome::Held),
                Some(object) => self
                    .found(reader, &object)
                    .await
                    .map(|found| held(found == 0, "nobody by that name", || format!("{found} by that name"))),
            },
        };
        (claim, outcome)
    }

    /// How many resources of the target have the name of an object.
    pub(super) async fn found(&self, reader: &mut Reader<'_>, object: &Object) -> Result<u64, String> {
        let (attribute, name) = match object.kind {
            ObjectKind::User => ("userName", "userPrincipalName"),
            ObjectKind::Group => ("displayName", "displayName"),
        };
        let Ok(view) = self.mapped.directory.view(&object.id) else { return Ok(0) };
        let text = crate::expression::View::attribute(&view, name);
        match text.text() {
            Some(text) if object.kind == ObjectKind::User || self.mapped.groups => {
                reader.count(object.kind.endpoint(), attribute, text).await
            }
            _ => Ok(0),
        }
    }

    /// The resource of a person or a group; none where it is not linked, or the target says 404.
    async fn read(&self, key: &str, reader: &mut Reader<'_>) -> Result<Option<Value>, String> {
        let (Some(object), Some(id)) = (self.object(key), self.target_id(key)) else { return Ok(None) };
        reader.resource(object.kind.endpoint(), id).await
    }

    fn object(&self, key: &str) -> Option<Object> {
        let id = self.stage.object_id(key)?;
        Some(match self.stage.kind(key)? {
            Kind::User => Object::user(id),
            Kind::Group => Object::group(id),
        })
    }

    fn target_id(&self, key: &str) -> Option<&str> {
        let link = self.job.state().links.get(&self.object(key)?)?;
        Some(link.target.as_str())
    }

    fn key_of_target(&self, id: &str) -> Option<String> {
        let kinds = [ObjectKind::User, ObjectKind::Group].into_iter();
        let object = kinds.filter_map(|kind| self.job.state().links.owner(kind, id)).next()?;
        self.stage.key(&object.id).map(str::to_owned)
    }

    /// A text with the ids of this run in their places.
    pub(super) fn with_ids(&self, text: &str) -> String {
        let people = self.stage.scenario.people.iter().map(|person| &person.key);
        let keys = people.chain(self.stage.scenario.groups.iter().map(|group| &group.key));
        keys.fold(text.to_owned(), |text, key| {
            let source = self.stage.object_id(key).unwrap_or_default();
            let text = text.replace(&format!("{{{key}.objectId}}"), source);
            match self.target_id(key) {
                Some(id) => text.replace(&format!("{{{key}}}"), id),
                None => text,
            }
        })
    }

    fn value_with_ids(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.with_ids(text).into(),
            other => other.clone(),
        }
    }

    fn all_called(&self, keys: &[String]) -> String {
        keys.iter().map(|key| self.stage.called(key)).collect::<Vec<_>>().join(", ")
    }
}

pub(super) fn held(is_so: bool, expected: &str, actual: impl FnOnce() -> String) -> ExpectationOutcome {
    if is_so { ExpectationOutcome::Held } else { missed(expected, &actual()) }
}

fn missed(expected: &str, actual: &str) -> ExpectationOutcome {
    ExpectationOutcome::Missed { expected: expected.to_owned(), actual: actual.to_owned() }
}

/// A value in words.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}
