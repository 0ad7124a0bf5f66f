//! Expectations that need no request of our own: about the log, the requests that the client sent, and the job.

use record::{Exchange, ExpectationOutcome, LogRow};
use serde_json::Value;

use crate::entra::{ClientKind, Cycled};
use crate::file::{Expect, LogRows, Requests, Sent};
use crate::play::judge::{Scene, held};

/// A request: method and path, and the body.
type Line = (String, Option<Value>);
/// A claim, and what came of it; or why that cannot be judged.
type Judged = (String, Result<ExpectationOutcome, String>);

/// Why nothing can be said of a cycle: the job was switched off before the step.
const NO_CYCLE: &str = "no cycle ran";
/// How many rows of the log a miss tells.
const ROWS_TOLD_MAX: usize = 10;

impl Scene<'_> {
    pub(super) fn of_cycle(&self, expect: &Expect) -> Judged {
        let (claim, outcome) = self.claimed(expect);
        // What no cycle did proves nothing: that nothing was sent and that no row was written would hold without fail.
        let judgeable = self.cycled.is_some() || !expect.is_about_a_cycle();
        (claim, if judgeable { outcome } else { Err(NO_CYCLE.to_owned()) })
    }

    fn claimed(&self, expect: &Expect) -> Judged {
        if let Some(log) = &expect.log {
            return self.log(log);
        }
        if let Some(requests) = &expect.requests {
            return self.requests(requests);
        }
        if let Some(exactly) = &expect.exactly {
            let client = self.job.settings().client;
            return match exactly.get(&client) {
                Some(sent) => (sent_claim(sent.len()), Ok(self.exactly(sent))),
                None => unwritten(exactly.keys().copied(), client),
            };
        }
        if let Some(only) = expect.only_the_probe {
            return self.only_the_probe(only);
        }
        if let Some(reason) = &expect.quarantine {
            return self.quarantine(reason);
        }
        if let Some(next) = &expect.next {
            return self.next(next);
        }
        self.counts(expect)
    }

    fn only_the_probe(&self, only: bool) -> Judged {
        if only {
            let sent: Vec<String> = self.sent.iter().map(|exchange| self.line(exchange)).collect();
            let outcome = held(sent.is_empty(), "nothing", || sent.join(", "));
            return ("the cycle sends its probe and nothing else".to_owned(), Ok(outcome));
        }
        let outcome = held(!self.sent.is_empty(), "other requests", || "the probe alone".to_owned());
        ("the cycle sends more than its probe".to_owned(), Ok(outcome))
    }

    fn quarantine(&self, reason: &str) -> Judged {
        let quarantine = self.job.state().quarantine.as_ref();
        let actual = quarantine.map_or("", |quarantine| quarantine.reason.as_str());
        let named = |reason: &str| if reason.is_empty() { "none".to_owned() } else { reason.to_owned() };
        let claim = match reason {
            "" => "the job is not in quarantine".to_owned(),
            reason => format!("the job is in quarantine: {reason}"),
        };
        (claim, Ok(held(actual == reason, &named(reason), || named(actual))))
    }

    fn next(&self, next: &str) -> Judged {
        let actual = self.job.next_ms().map_or_else(String::new, super::rfc3339);
        let named = |moment: &str| match moment {
            "" => "no other cycle".to_owned(),
            moment => format!("the next cycle at {moment}"),
        };
        let claim = match next {
            "" => "no other cycle is due".to_owned(),
            next => format!("the next cycle is due at {next}"),
        };
        (claim, Ok(held(actual == next, &named(next), || named(&actual))))
    }

    /// What the record of the cycle says.
    fn counts(&self, expect: &Expect) -> Judged {
        if let Some(waited) = expect.waited_s {
            let claim = format!("the cycle waits {waited} s because the target asks it to");
            return (claim, self.recorded(|cycled| waits(cycled, waited)));
        }
        if let Some(escrowed) = expect.escrowed {
            let verb = if escrowed > 1 { "wait" } else { "waits" };
            let claim = format!("{} {verb} for another attempt", counted(escrowed, "object"));
            return (
                claim,
                self.recorded(|Cycled { record: cycle, .. }| {
                    held(cycle.escrowed == escrowed, &escrowed.to_string(), || cycle.escrowed.to_string())
                }),
            );
        }
        let named = |kind| match kind {
            record::CycleKind::Initial => "an initial cycle",
            record::CycleKind::Incremental => "an incremental cycle",
        };
        let claim = expect
            .cycle
            .map_or_else(|| "there is a cycle".to_owned(), |kind| format!("it is {}", named(kind)));
        (
            claim,
            self.recorded(|Cycled { record: cycle, .. }| {
                let expected = expect.cycle.unwrap_or(cycle.kind);
                held(cycle.kind == expected, named(expected), || named(cycle.kind).to_owned())
            }),
        )
    }

    /// What is judged of the record of a cycle, where there is one.
    fn recorded(
        &self,
        outcome: impl FnOnce(&Cycled) -> ExpectationOutcome,
    ) -> Result<ExpectationOutcome, String> {
        self.cycled.map(outcome).ok_or_else(|| NO_CYCLE.to_owned())
    }

    fn log(&self, log: &LogRows) -> Judged {
        let about = log.of.as_ref().map(|key| self.stage.object_id(key).unwrap_or_default());
        let fits = |row: &&LogRow| about.is_none_or(|id| row.source.id == id) && is_meant(log, row);
        let count = self.rows.iter().filter(fits).count();
        let mut said: Vec<String> = Vec::new();
        said.extend(log.action.clone());
        said.extend(log.status.map(|status| format!("{status:?}").to_lowercase()));
        said.extend(log.code.clone());
        said.extend(log.of.as_ref().map(|key| format!("about {}", self.stage.called(key))));
        if !log.modified.is_empty() {
            said.push(format!("of {}", log.modified.join(", ")));
        }
        said.extend(log.reason.as_ref().map(|part| format!("because of {part:?}")));
        said.extend(log.step.as_ref().map(|part| format!("by way of {part:?}")));
        let said = if said.is_empty() { "any".to_owned() } else { said.join(" ") };
        let (expected, rows, is_so) = match log.count {
            Some(expected) => {
                (expected.to_string(), counted(expected, "row"), u32::try_from(count) == Ok(expected))
            }
            None => ("some".to_owned(), "rows".to_owned(), count > 0),
        };
        let told = || {
            let rows = self.rows.iter().take(ROWS_TOLD_MAX).map(told);
            format!("{count}; the log: {}", rows.collect::<Vec<_>>().join(", "))
        };
        (format!("the log has {rows}: {said}"), Ok(held(is_so, &expected, told)))
    }

    fn requests(&self, requests: &Requests) -> Judged {
        let wanted = requests.path.as_ref().map(|path| self.with_ids(path));
        let fits = |exchange: &&Exchange| {
            requests.method.is_none_or(|method| exchange.request.method == method.name())
                && wanted.as_ref().is_none_or(|path| self.path(exchange).starts_with(path.as_str()))
        };
        let count = self.sent.iter().filter(fits).count();
        let method = requests.method.map_or("", |method| method.name());
        let path = requests.path.as_deref().unwrap_or_default();
        let what = [method, path].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let what = if what.is_empty() { String::new() } else { format!(": {what}") };
        let expected = requests.count.to_string();
        let is_so = u32::try_from(count) == Ok(requests.count);
        (
            format!("the cycle sends {}{what}", counted(requests.count, "request")),
            Ok(held(is_so, &expected, || count.to_string())),
        )
    }

    /// Bodies are compared as JSON: the order of members carries no meaning.
    fn exactly(&self, expected: &[Sent]) -> ExpectationOutcome {
        let expected: Vec<Line> = expected.iter().map(|sent| self.written(sent)).collect();
        let actual: Vec<Line> = self.sent.iter().map(|exchange| self.whole(exchange)).collect();
        held(expected == actual, &lines(&expected), || lines(&actual))
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
}

/// Of the target's own limit the scenario says nothing, and what that cost is not counted.
fn waits(cycled: &Cycled, expected: u32) -> ExpectationOutcome {
    let actual = u32::try_from(cycled.waited.as_secs()).unwrap_or(u32::MAX);
    held(actual == expected, &format!("{expected} s"), || format!("{actual} s"))
}

/// Whether a row is as an expectation has it, whomever it is about.
fn is_meant(log: &LogRows, row: &LogRow) -> bool {
    let changed = |target: &String| row.modified.iter().any(|one| one.attribute == *target);
    let led = |part: &String| {
        row.steps.iter().any(|step| step.name == *part || step.detail.contains(part.as_str()))
    };
    log.action.as_ref().is_none_or(|action| row.action == *action)
        && log.status.is_none_or(|status| row.status == status)
        && log.code.as_ref().is_none_or(|code| row.error_code.as_ref() == Some(code))
        && log.reason.as_ref().is_none_or(|part| row.reason.iter().any(|reason| reason.contains(part)))
        && log.step.as_ref().is_none_or(led)
        && log.modified.iter().all(changed)
}

fn told(row: &LogRow) -> String {
    let code = row.error_code.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
    let modified: Vec<&str> = row.modified.iter().map(|one| one.attribute.as_str()).collect();
    let modified =
        if modified.is_empty() { String::new() } else { format!(" of {}", modified.join(" and ")) };
    format!("{} {:?} {}{code}{modified}", row.action, row.status, row.source.name)
}

/// Nothing is written out for the client that is played.
fn unwritten(written: impl Iterator<Item = ClientKind>, client: ClientKind) -> Judged {
    let clients = written.map(ClientKind::name).collect::<Vec<_>>().join(" and ");
    let reason = format!("the requests are written out for {clients}, and {} was played", client.name());
    ("the cycle sends exactly the requests that are written out".to_owned(), Err(reason))
}

/// A number with its noun, such as `no row`, `1 row`, `2 rows`.
fn counted(number: u32, noun: &str) -> String {
    match number {
        0 => format!("no {noun}"),
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

fn sent_claim(count: usize) -> String {
    match count {
        0 => "the cycle sends no request after its probe".to_owned(),
        1 => "the cycle sends exactly the one request that is written out".to_owned(),
        count => format!("the cycle sends exactly the {count} requests that are written out"),
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
