//! Scenarios: what was missed, and one line for each.

use record::{ExpectationOutcome, Run, Sync, VerdictKind};

use super::paint::Paint;
use crate::digest::Unmet;
use crate::{digest, text};

/// What stands before each line below the first of a block.
pub(super) const INDENT: &str = "     ";
/// The width of the words that lead such lines.
pub(super) const LEAD_WIDTH: usize = 8;
/// How many missed expectations are shown in full; the files hold the others.
const MISSED_SHOWN_MAX: usize = 40;

/// Each cause of missed expectations in at most eight lines: where, the claim, expected, actual, the client's request that
/// should have brought it about, our own read that shows it, what else is missed for the same reason.
pub(super) fn missed(run: &Run, sync: &Sync, paint: Paint, width: usize) -> Vec<Vec<String>> {
    let all = digest::unmet(run, sync);
    let mut told: Vec<Vec<String>> =
        all.iter().take(MISSED_SHOWN_MAX).map(|one| problem(run, sync, one, paint, width)).collect();
    if all.len() > MISSED_SHOWN_MAX {
        told.push(vec![format!("{} more in the report", all.len() - MISSED_SHOWN_MAX)]);
    }
    told
}

fn problem(run: &Run, sync: &Sync, unmet: &Unmet<'_>, paint: Paint, width: usize) -> Vec<String> {
    let digest::Missed { scenario, number, step, expectation, expected, actual, novelty } = &unmet.lead;
    let rule = expectation.requirement.as_deref().map(|rule| format!("  {}", text::line(rule)));
    let novelty = novelty.map(|word| format!("  {word}"));
    let mut lines = vec![
        format!(
            "{} {}, step {number}{}{}",
            paint.verdict(VerdictKind::Fail, "MISSED"),
            paint.strong(&text::line(&scenario.name)),
            rule.unwrap_or_default(),
            novelty.unwrap_or_default()
        ),
        text::fit(&format!("{INDENT}{}", step.title), width),
    ];
    let mut put = |name: &str, said: &str| lines.push(led(name, said, paint, width));
    put("claim", &expectation.claim);
    put("expected", expected);
    put("but got", actual);
    if let Some(request) = unmet.told(run) {
        put("client", &request);
    }
    if let Some(exchange) = expectation.exchanges.iter().find_map(|number| sync.exchange(*number)) {
        let lead = if digest::is_our_read(exchange) { "our read" } else { "exchange" };
        let request = &exchange.request;
        let after = format!(" -> {}", digest::outcome(exchange));
        let room = width
            .saturating_sub(INDENT.len() + LEAD_WIDTH + 2 + request.method.len() + after.chars().count());
        let url = text::fit(&request.url, room.max(super::NARROWEST / 2));
        put(lead, &format!("{} {url}{after}", text::line(&request.method)));
    }
    if let Some(others) = unmet.also() {
        put("also", &others);
    }
    lines
}

/// A line that begins with a word.
pub(super) fn led(name: &str, said: &str, paint: Paint, width: usize) -> String {
    let room = width.saturating_sub(INDENT.len() + LEAD_WIDTH + 1);
    format!("{INDENT}{} {}", paint.dim(&format!("{name:LEAD_WIDTH$}")), text::fit(said, room))
}

/// Lines of which the first begins with a word.
pub(super) fn wrapped(name: &str, said: &str, paint: Paint, width: usize) -> Vec<String> {
    let lines = text::wrap(said, width.saturating_sub(INDENT.len() + LEAD_WIDTH + 1)).into_iter().enumerate();
    lines.map(|(at, line)| led(if at == 0 { name } else { "" }, &line, paint, width)).collect()
}

/// A table with a line for each scenario, and what they ask for.
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
    lines.extend(digest::asked_in(sync).iter().flat_map(|asked| text::wrap(asked, width)));
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
