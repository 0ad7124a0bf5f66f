//! A single scenario, step by step: what was done, what the client made of it and by which requests, and what came of it.

use record::{
    Cycle, Exchange, Expectation, ExpectationOutcome, LogRow, LogStatus, Run, Scenario, Step, Sync,
    VerdictKind,
};

use super::paint::Paint;
use super::sync::{INDENT, LEAD_WIDTH, led, wrapped};
use crate::{digest, text};

/// How many log rows, and how many requests beside them, a step shows.
const ROWS_SHOWN_MAX: usize = 12;
/// How many requests and how many changes a log row shows.
const OF_A_ROW_MAX: usize = 8;
/// How many lines say why a log row ended as it did.
const WHY_LINES_MAX: usize = 7;

/// What the client did and why, for somebody who has never seen it.
pub(super) fn story(
    run: &Run,
    sync: &Sync,
    scenario: &Scenario,
    paint: Paint,
    width: usize,
) -> Vec<Vec<String>> {
    let server = scenario.server.as_ref();
    let on = server.map(|server| format!(", on {}, which plays {}", server.url, server.profile));
    let about = format!(
        "{} with the mapping {}, seed {}{}; times are the client's own, and run ahead of ours",
        scenario.client,
        scenario.mapping,
        scenario.seed,
        on.unwrap_or_default()
    );
    let mut told = vec![vec![
        format!(
            "{}  {}",
            paint.strong(&text::line(&scenario.name)),
            text::fit(&scenario.title, width.saturating_sub(scenario.name.chars().count() + 2))
        ),
        paint.dim(&text::fit(&about, width)),
    ]];
    let steps = scenario.steps.iter().zip(1_usize..);
    told.extend(steps.map(|(step, number)| Telling { run, sync, scenario, paint, width }.step(step, number)));
    told
}

struct Telling<'a> {
    run: &'a Run,
    sync: &'a Sync,
    scenario: &'a Scenario,
    paint: Paint,
    width: usize,
}

impl Telling<'_> {
    fn step(&self, step: &Step, number: usize) -> Vec<String> {
        let head = format!("{number:>3}  {}  ", digest::moment(&step.at));
        let title = text::fit(&step.title, self.width.saturating_sub(head.chars().count()));
        let mut lines = vec![format!("{head}{}", self.paint.strong(&title))];
        lines.extend(step.because.iter().flat_map(|because| self.wrapped("why", because)));
        for (at, done) in step.done.iter().enumerate() {
            lines.extend(self.wrapped(if at == 0 { "done" } else { "" }, done));
        }
        let rows: Vec<&LogRow> = match &step.cycle {
            Some(cycle) => {
                lines.extend(self.cycle(cycle));
                self.scenario.log.iter().filter(|row| row.cycle == cycle.number).collect()
            }
            None => Vec::new(),
        };
        lines.extend(self.beside(step, &rows));
        lines.extend(rows.iter().take(ROWS_SHOWN_MAX).flat_map(|row| self.row(row)));
        lines.extend(self.more(rows.len(), ROWS_SHOWN_MAX, "row of the log", "rows of the log"));
        let own = step.exchanges.iter().filter_map(|number| self.sync.exchange(*number));
        let own = own.filter(|exchange| digest::is_our_read(exchange)).count();
        if own > 0 {
            let reads = text::count(own, "request of our own", "requests of our own");
            lines.push(self.led("then", &format!("{reads}, to see what came of it")));
        }
        lines.extend(step.expectations.iter().map(|expectation| self.expectation(expectation)));
        lines
    }

    fn led(&self, name: &str, said: &str) -> String {
        led(name, said, self.paint, self.width)
    }

    fn wrapped(&self, name: &str, said: &str) -> Vec<String> {
        wrapped(name, said, self.paint, self.width)
    }

    fn more(&self, number: usize, shown: usize, one: &str, many: &str) -> Option<String> {
        let more = number.saturating_sub(shown);
        let said = || format!("and {} more in the report", text::count(more, one, many));
        (more > 0).then(|| self.led("", &said()))
    }

    fn cycle(&self, cycle: &Cycle) -> Vec<String> {
        let mut lines = self.wrapped("cycle", &digest::cycle(cycle));
        lines.extend(digest::quarantine(cycle).iter().flat_map(|said| self.wrapped("", said)));
        lines
    }

    /// The requests that belong to no row of the log: tests of the connection, and what an administrator did.
    fn beside(&self, step: &Step, rows: &[&LogRow]) -> Vec<String> {
        let exchanges = step.exchanges.iter().filter_map(|number| self.sync.exchange(*number));
        let of_a_row = |exchange: &&Exchange| rows.iter().any(|row| row.exchanges.contains(&exchange.number));
        let beside: Vec<&Exchange> =
            exchanges.filter(|exchange| !digest::is_our_read(exchange) && !of_a_row(exchange)).collect();
        let mut lines: Vec<String> = Vec::new();
        let mut last = "";
        for exchange in beside.iter().take(ROWS_SHOWN_MAX) {
            let name = if digest::is_probe(exchange) { "probe" } else { "sent" };
            lines.push(self.request(if name == last { "" } else { name }, exchange));
            last = name;
        }
        lines.extend(self.more(beside.len(), ROWS_SHOWN_MAX, "request", "requests"));
        lines
    }

    fn request(&self, name: &str, exchange: &Exchange) -> String {
        let after = format!(" -> {}", digest::outcome(exchange));
        let room =
            self.width.saturating_sub(INDENT.len() + LEAD_WIDTH + 1).saturating_sub(after.chars().count());
        let line = text::fit(&digest::plain_line(exchange, &self.run.target.url), room);
        self.led(name, &format!("{line}{after}"))
    }

    /// What was done about one object: by which requests, what they change, and why it ended as it did.
    fn row(&self, row: &LogRow) -> Vec<String> {
        let (word, kind) = match row.status {
            LogStatus::Success => ("success", VerdictKind::Pass),
            LogStatus::Warning => ("warning", VerdictKind::Warn),
            LogStatus::Failure => ("failure", VerdictKind::Fail),
            LogStatus::Skipped => ("skipped", VerdictKind::NotSupported),
        };
        let room = self.width.saturating_sub(INDENT.len() + LEAD_WIDTH + 1);
        let who = text::fit(&digest::who(&row.source), room.saturating_sub(word.len() + 2));
        let action = if row.source.kind == "Job" { "probe" } else { digest::action(&row.action) };
        let action = self.led(&text::fit(action, LEAD_WIDTH), "");
        let mut lines = vec![format!("{action}{who}: {}", self.paint.verdict(kind, word))];
        let sent: Vec<&Exchange> =
            row.exchanges.iter().filter_map(|number| self.sync.exchange(*number)).collect();
        lines.extend(sent.iter().take(OF_A_ROW_MAX).map(|exchange| self.request("", exchange)));
        lines.extend(self.more(sent.len(), OF_A_ROW_MAX, "request", "requests"));
        lines.extend(self.changes(row, room));
        let put_up = digest::patience(row);
        lines.extend(put_up.iter().flat_map(|said| self.indented(said, room)));
        let mut why = self.indented(&digest::why_in_short(row), room);
        let left = why.len().saturating_sub(WHY_LINES_MAX);
        why.truncate(WHY_LINES_MAX);
        lines.extend(why);
        lines.extend((left > 0).then(|| self.led("", "  … and more in the report")));
        lines
    }

    /// What a row changes: what is set for the first time in one sentence, what had a value before in a line each.
    fn changes(&self, row: &LogRow, room: usize) -> Vec<String> {
        let (changed, set): (Vec<_>, Vec<_>) = row.modified.iter().partition(|one| one.old.is_some());
        let mut said: Vec<String> = set.iter().take(OF_A_ROW_MAX).map(|one| digest::change(one)).collect();
        let more = set.len().saturating_sub(OF_A_ROW_MAX);
        if more > 0 {
            said.push(format!("and {more} more"));
        }
        let mut lines = self.indented(&said.join(", "), room);
        lines.extend(
            changed.iter().take(OF_A_ROW_MAX).flat_map(|one| {
                self.indented(&text::fit(&digest::change(one), room.saturating_sub(2)), room)
            }),
        );
        lines.extend(self.more(changed.len(), OF_A_ROW_MAX, "change", "changes"));
        lines
    }

    /// Lines below a request.
    fn indented(&self, said: &str, room: usize) -> Vec<String> {
        let lines = text::wrap(said, room.saturating_sub(2)).into_iter().filter(|line| !line.is_empty());
        lines.map(|line| format!("{}  {line}", self.led("", ""))).collect()
    }

    fn expectation(&self, expectation: &Expectation) -> String {
        let (word, kind, more) = match &expectation.outcome {
            ExpectationOutcome::Held => ("held", VerdictKind::Pass, String::new()),
            ExpectationOutcome::Missed { actual, .. } => {
                ("MISSED", VerdictKind::Fail, format!("; got {actual}"))
            }
            ExpectationOutcome::Unjudged { reason } => {
                ("unjudged", VerdictKind::Blocked, format!(": {reason}"))
            }
        };
        let room = self.width.saturating_sub(INDENT.len() + LEAD_WIDTH + 1);
        let said = text::fit(&format!("{}{more}", expectation.claim), room);
        format!("{INDENT}{} {said}", self.paint.verdict(kind, &format!("{word:LEAD_WIDTH$}")))
    }
}
