//! Scenarios: what was missed, one line for each, and for a single one what the client did, step by step.

use record::{Expectation, ExpectationOutcome, LogRow, LogStatus, Run, Scenario, Step, Sync, VerdictKind};

use super::paint::Paint;
use crate::{digest, text};

/// What stands before each line below the first of a block.
const INDENT: &str = "     ";
/// The width of the words that lead such lines.
const LEAD_WIDTH: usize = 8;
/// How many log rows, and how many requests, a step shows.
const ROWS_SHOWN_MAX: usize = 12;
/// How many lines say why a log row ended as it did.
const WHY_LINES_MAX: usize = 3;
/// How many missed expectations are shown in full; the files hold the others.
const MISSED_SHOWN_MAX: usize = 40;

/// Each missed expectation in at most six lines: where, the claim, expected, actual, the exchange.
pub(super) fn missed(sync: &Sync, paint: Paint, width: usize) -> Vec<Vec<String>> {
    let all: Vec<_> = digest::missed(sync).collect();
    let mut told: Vec<Vec<String>> =
        all.iter().take(MISSED_SHOWN_MAX).map(|one| problem(sync, one, paint, width)).collect();
    if all.len() > MISSED_SHOWN_MAX {
        told.push(vec![format!("{} more in the report", all.len() - MISSED_SHOWN_MAX)]);
    }
    told
}

fn problem(sync: &Sync, missed: &digest::Missed<'_>, paint: Paint, width: usize) -> Vec<String> {
    let digest::Missed { scenario, number, step, expectation, expected, actual } = missed;
    let rule = expectation.requirement.as_deref().map(|rule| format!("  {}", text::line(rule)));
    let mut lines = vec![
        format!(
            "{} {}, step {number}{}",
            paint.verdict(VerdictKind::Fail, "MISSED"),
            paint.strong(&text::line(&scenario.name)),
            rule.unwrap_or_default()
        ),
        text::fit(&format!("{INDENT}{}", step.title), width),
    ];
    let mut put = |name: &str, said: &str| lines.push(led(name, said, paint, width));
    put("claim", &expectation.claim);
    put("expected", expected);
    put("but got", actual);
    if let Some(exchange) = expectation.exchanges.iter().find_map(|number| sync.exchange(*number)) {
        let request = &exchange.request;
        let after = format!(" -> {}", digest::outcome(exchange));
        let room = width
            .saturating_sub(INDENT.len() + LEAD_WIDTH + 2 + request.method.len() + after.chars().count());
        let url = text::fit(&request.url, room.max(super::NARROWEST / 2));
        put("exchange", &format!("{} {url}{after}", text::line(&request.method)));
    }
    lines
}

/// A line that begins with a word.
fn led(name: &str, said: &str, paint: Paint, width: usize) -> String {
    let room = width.saturating_sub(INDENT.len() + LEAD_WIDTH + 1);
    format!("{INDENT}{} {}", paint.dim(&format!("{name:LEAD_WIDTH$}")), text::fit(said, room))
}

/// Lines of which the first begins with a word.
fn wrapped(name: &str, said: &str, paint: Paint, width: usize) -> Vec<String> {
    let lines = text::wrap(said, width.saturating_sub(INDENT.len() + LEAD_WIDTH + 1)).into_iter().enumerate();
    lines.map(|(at, line)| led(if at == 0 { name } else { "" }, &line, paint, width)).collect()
}

/// A table with a line for each scenario.
pub(super) fn table(sync: &Sync, paint: Paint, width: usize) -> Vec<String> {
    const HEADS: [&str; 5] = ["held", "missed", "unjudged", "cycles", "requests"];
    let names: Vec<String> = sync.scenarios.iter().map(|scenario| text::fit(&scenario.name, 40)).collect();
    let Some(first) = names.iter().map(|name| name.chars().count()).chain(["scenario".len()]).max() else {
        return Vec::new();
    };
    if names.is_empty() {
        return Vec::new();
    }
    let head: String = HEADS.iter().map(|head| format!("  {head}")).collect();
    let mut lines = vec![paint.dim(&format!("{:first$}{head}", "scenario"))];
    for (scenario, name) in sync.scenarios.iter().zip(&names) {
        let facts = digest::cycles(scenario);
        let counts = [
            (scenario.held(), Some(VerdictKind::Pass)),
            (scenario.missed(), Some(VerdictKind::Fail)),
            (scenario.unjudged(), Some(VerdictKind::Blocked)),
            (facts.cycles, None),
            (facts.requests, None),
        ];
        let cells: String = HEADS
            .iter()
            .zip(counts)
            .map(|(head, (number, kind))| {
                let column = head.len();
                match (number, kind) {
                    (0, _) => paint.dim(&format!("  {:>column$}", "·")),
                    (_, Some(kind)) => paint.verdict(kind, &format!("  {number:>column$}")),
                    (_, None) => format!("  {number:>column$}"),
                }
            })
            .collect();
        lines.push(format!("{name:first$}{cells}"));
        if let Some(stopped) = &scenario.stopped {
            let whose = if stopped.mishap { "a mishap of our own" } else { "ended early" };
            lines.push(text::fit(&format!("  {whose}: {}", stopped.reason), width));
        }
    }
    lines
}

/// What could not be judged, and why.
pub(super) fn unjudged(sync: &Sync, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for scenario in &sync.scenarios {
        for expectation in scenario.expectations() {
            if let ExpectationOutcome::Unjudged { reason } = &expectation.outcome {
                let claim = format!("  {}: {}", scenario.name, expectation.claim);
                lines.extend([text::fit(&claim, width), text::fit(&format!("    {reason}"), width)]);
            }
        }
    }
    if !lines.is_empty() {
        lines.insert(0, "Not judged".to_owned());
    }
    lines
}

/// What the client did and why, step by step, for somebody who has never seen it.
pub(super) fn story(
    run: &Run,
    sync: &Sync,
    scenario: &Scenario,
    paint: Paint,
    width: usize,
) -> Vec<Vec<String>> {
    let about = format!(
        "{} with the mapping {}, seed {}; times are the client's own, and run ahead of ours",
        scenario.client, scenario.mapping, scenario.seed
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
        let (paint, width) = (self.paint, self.width);
        let head = format!("{number:>3}  {}  ", digest::moment(&step.at));
        let title = text::fit(&step.title, width.saturating_sub(head.chars().count()));
        let mut lines = vec![format!("{head}{}", paint.strong(&title))];
        let lead = INDENT.len() + LEAD_WIDTH + 1;
        if let Some(because) = &step.because {
            lines.extend(wrapped("why", because, paint, width));
        }
        if let Some(cycle) = &step.cycle {
            lines.extend(wrapped("cycle", &digest::cycle(cycle), paint, width));
            if let Some(reason) = &cycle.quarantine {
                lines.push(led("", &format!("the job is in quarantine: {reason}"), paint, width));
            }
            let rows = self.scenario.log.iter().filter(|row| row.cycle == cycle.number);
            lines.extend(self.short("log", rows.map(|row| self.row(row)).collect()));
        }
        let exchanges = step.exchanges.iter().filter_map(|number| self.sync.exchange(*number));
        let (own, sent): (Vec<_>, Vec<_>) = exchanges.partition(|exchange| digest::is_our_read(exchange));
        let base = &self.run.target.url;
        let sent = sent.into_iter().map(|exchange| {
            let probe = if digest::is_probe(exchange) { "  (probe)" } else { "" };
            let after = format!(" -> {}{probe}", digest::outcome(exchange));
            let room = width.saturating_sub(lead + after.chars().count());
            vec![led(
                "",
                &format!("{}{after}", text::fit(&digest::plain_line(exchange, base), room)),
                paint,
                width,
            )]
        });
        lines.extend(self.short("sent", sent.collect()));
        if !own.is_empty() {
            let reads = text::count(own.len(), "request of our own", "requests of our own");
            lines.push(led("then", &format!("{reads}, to see what came of it"), paint, width));
        }
        lines.extend(step.expectations.iter().map(|expectation| self.expectation(expectation)));
        lines
    }

    /// Entries under one leading word, which stands before the first; the last line counts what is left out.
    fn short(&self, name: &str, entries: Vec<Vec<String>>) -> Vec<String> {
        let more = entries.len().saturating_sub(ROWS_SHOWN_MAX);
        let mut shown: Vec<String> = entries.into_iter().take(ROWS_SHOWN_MAX).flatten().collect();
        if let Some(first) = shown.first_mut() {
            let blank = led("", "", self.paint, self.width);
            let rest = first.strip_prefix(&blank).unwrap_or(first).to_owned();
            *first = format!("{}{rest}", led(name, "", self.paint, self.width));
        }
        if more > 0 {
            shown.push(led("", &format!("and {more} more in the report"), self.paint, self.width));
        }
        shown
    }

    /// What was done, and below it why it ended as it did.
    fn row(&self, row: &LogRow) -> Vec<String> {
        let (word, kind) = match row.status {
            LogStatus::Success => ("success", VerdictKind::Pass),
            LogStatus::Warning => ("warning", VerdictKind::Warn),
            LogStatus::Failure => ("failure", VerdictKind::Fail),
            LogStatus::Skipped => ("skipped", VerdictKind::NotSupported),
        };
        let word = self.paint.verdict(kind, word);
        let room = self.width.saturating_sub(INDENT.len() + LEAD_WIDTH + 1 + "success ".len());
        let blank = led("", "", self.paint, self.width);
        let said = format!("{} {}", row.action, digest::who(&row.source));
        let mut lines = vec![format!("{blank}{word} {}", text::fit(&said, room))];
        let why = text::wrap(&digest::why(row), room).into_iter().take(WHY_LINES_MAX);
        lines.extend(why.map(|line| format!("{blank}{:8}{line}", "")));
        lines
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
