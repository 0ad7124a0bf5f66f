//! What came of an expectation.

use record::{Cycle, Exchange, Expectation, ExpectationOutcome, LogRow};
use serde_json::Value;

use crate::directory::Kind;
use crate::entra::{Job, Object, ObjectKind};
use crate::file::{AttributeIs, Expect, LogRows, MembersAre, Requests, Sent, Stage};
use crate::mapping::Mapped;
use crate::play::model;
use crate::play::read::{Reader, at};

/// A request: method and path, and the body.
type Line = (String, Option<Value>);

/// What there is to be judged after a step.
pub(super) struct Scene<'a> {
    pub(super) stage: &'a Stage,
    pub(super) mapped: Mapped<'a>,
    pub(super) job: &'a Job,
    /// The rows of the log that the step wrote.
    pub(super) rows: &'a [LogRow],
    /// The cycle, and the requests that it sent after its probe.
    pub(super) cycle: Option<&'a Cycle>,
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

    /// What needs no request to be judged.
    fn of_cycle(&self, expect: &Expect) -> (String, Result<ExpectationOutcome, String>) {
        if let Some(log) = &expect.log {
            return self.log(log);
        }
        if let Some(requests) = &expect.requests {
            return self.requests(requests);
        }
        if let Some(exactly) = &expect.exactly {
            return (sent_claim(exactly.len()), self.exactly(exactly));
        }
        if expect.only_the_probe == Some(true) {
            let sent: Vec<String> = self.sent.iter().map(|exchange| self.line(exchange)).collect();
            let outcome = held(sent.is_empty(), "nothing", || sent.join(", "));
            return ("the cycle sends its probe and nothing else".to_owned(), Ok(outcome));
        }
        if expect.only_the_probe == Some(false) {
            let outcome = held(!self.sent.is_empty(), "other requests", || "the probe alone".to_owned());
            return ("the cycle sends more than its probe".to_owned(), Ok(outcome));
        }
        if let Some(reason) = &expect.quarantine {
            let quarantine = self.job.state().quarantine.as_ref();
            let actual = quarantine.map_or("", |quarantine| quarantine.reason.as_str());
            let named = |reason: &str| if reason.is_empty() { "none".to_owned() } else { reason.to_owned() };
            let claim = match reason.as_str() {
                "" => "the job is not in quarantine".to_owned(),
                reason => format!("the job is in quarantine: {reason}"),
            };
            return (claim, Ok(held(actual == reason, &named(reason), || named(actual))));
        }
        let Some(cycle) = self.cycle else {
            return ("there is a cycle".to_owned(), Err("no cycle ran".to_owned()));
        };
        if let Some(escrowed) = expect.escrowed {
            let claim = format!("{escrowed} objects wait for another attempt");
            let is_so = cycle.escrowed == escrowed;
            return (claim, Ok(held(is_so, &escrowed.to_string(), || cycle.escrowed.to_string())));
        }
        let named = |kind| match kind {
            record::CycleKind::Initial => "an initial cycle",
            record::CycleKind::Incremental => "an incremental cycle",
        };
        let expected = expect.cycle.unwrap_or(cycle.kind);
        let outcome = held(cycle.kind == expected, named(expected), || named(cycle.kind).to_owned());
        (format!("it is {}", named(expected)), Ok(outcome))
    }

    async fn attribute(
        &self,
        attribute: &AttributeIs,
        reader: &mut Reader<'_>,
    ) -> (String, Result<ExpectationOutcome, String>) {
        let expected = attribute.is.as_ref().map(|value| self.value_with_ids(value));
        let words = expected.as_ref().map_or_else(|| "nothing".to_owned(), shown);
        let claim = format!("{} has {words} at {}", self.called(&attribute.of), attribute.target);
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
        let claim =
            format!("the members of {} are {}", self.called(&members.of), self.all_called(&members.are));
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
        let claim = format!("{} is not in the target", self.called(key));
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

    fn log(&self, log: &LogRows) -> (String, Result<ExpectationOutcome, String>) {
        let about = log.of.as_ref().map(|key| self.stage.object_id(key).unwrap_or_default());
        let fits = |row: &&LogRow| {
            about.is_none_or(|id| row.source.id == id)
                && log.action.as_ref().is_none_or(|action| row.action == *action)
                && log.status.is_none_or(|status| row.status == status)
                && log.code.as_ref().is_none_or(|code| row.error_code.as_ref() == Some(code))
                && log
                    .reason
                    .as_ref()
                    .is_none_or(|part| row.reason.iter().any(|reason| reason.contains(part)))
        };
        let count = self.rows.iter().filter(fits).count();
        let mut said: Vec<String> = Vec::new();
        said.extend(log.action.clone());
        said.extend(log.status.map(|status| format!("{status:?}").to_lowercase()));
        said.extend(log.code.clone());
        said.extend(log.of.as_ref().map(|key| format!("about {}", self.called(key))));
        if !log.modified.is_empty() {
            said.push(format!("of {}", log.modified.join(", ")));
        }
        said.extend(log.reason.as_ref().map(|part| format!("because of {part:?}")));
        let said = if said.is_empty() { "any".to_owned() } else { said.join(" ") };
        let (number, is_so) = match log.count {
            Some(expected) => (expected.to_string(), u32::try_from(count) == Ok(expected)),
            None => ("some".to_owned(), count > 0),
        };
        let told = || {
            let rows = self.rows.iter().take(10).map(|row| {
                let code = row.error_code.as_deref().unwrap_or_default();
                format!("{} {:?} {} {code}", row.action, row.status, row.source.name)
            });
            format!("{count}; the log: {}", rows.collect::<Vec<_>>().join(", "))
        };
        (format!("the log has {number} rows: {said}"), Ok(held(is_so, &number, told)))
    }

    fn requests(&self, requests: &Requests) -> (String, Result<ExpectationOutcome, String>) {
        let fits = |exchange: &&Exchange| {
            requests.method.is_none_or(|method| exchange.request.method == method.name())
                && requests.path.as_ref().is_none_or(|path| self.path(exchange).starts_with(path.as_str()))
        };
        let count = self.sent.iter().filter(fits).count();
        let method = requests.method.map_or("", |method| method.name());
        let path = requests.path.as_deref().unwrap_or_default();
        let what = [method, path].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let what = if what.is_empty() { String::new() } else { format!(" of {what}") };
        let expected = requests.count.to_string();
        let is_so = u32::try_from(count) == Ok(requests.count);
        (
            format!("the cycle sends {expected} requests{what}"),
            Ok(held(is_so, &expected, || count.to_string())),
        )
    }

    /// Bodies are compared as JSON: the order of members carries no meaning.
    fn exactly(&self, expected: &[Sent]) -> Result<ExpectationOutcome, String> {
        let expected: Vec<Line> = expected.iter().map(|sent| self.written(sent)).collect();
        let actual: Vec<Line> = self.sent.iter().map(|exchange| self.whole(exchange)).collect();
        Ok(held(expected == actual, &lines(&expected), || lines(&actual)))
    }

    /// A request of the file, with the ids of this run.
    fn written(&self, sent: &Sent) -> Line {
        let body = sent.body.as_ref().map(|body| json(&self.with_ids(body)));
        (format!("{} {}", sent.method.name(), self.with_ids(&sent.path)), body)
    }

    fn whole(&self, exchange: &Exchange) -> Line {
        (self.line(exchange), exchange.request.body.as_ref().map(|body| json(&body.text)))
    }

    fn line(&self, exchange: &Exchange) -> String {
        format!("{} {}", exchange.request.method, self.path(exchange))
    }

    fn path<'e>(&self, exchange: &'e Exchange) -> &'e str {
        let url = exchange.request.url.as_str();
        url.strip_prefix(self.base).unwrap_or(url)
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
    fn with_ids(&self, text: &str) -> String {
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

    /// What people call somebody with a key.
    fn called(&self, key: &str) -> String {
        let id = self.stage.object_id(key).unwrap_or_default();
        self.stage.directory().name(id).map_or_else(|_| key.to_owned(), str::to_owned)
    }

    fn all_called(&self, keys: &[String]) -> String {
        keys.iter().map(|key| self.called(key)).collect::<Vec<_>>().join(", ")
    }
}

fn sent_claim(count: usize) -> String {
    match count {
        0 => "the cycle sends no request after its probe".to_owned(),
        1 => "the cycle sends exactly the one request that is written out".to_owned(),
        count => format!("the cycle sends exactly the {count} requests that are written out"),
    }
}

fn held(is_so: bool, expected: &str, actual: impl FnOnce() -> String) -> ExpectationOutcome {
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

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

fn lines(requests: &[Line]) -> String {
    let line = |(line, body): &Line| match body {
        Some(body) => format!("{line} {body}"),
        None => line.clone(),
    };
    requests.iter().map(line).collect::<Vec<_>>().join("\n")
}
