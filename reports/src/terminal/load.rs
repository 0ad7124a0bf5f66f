//! Loads: how fast, how slow at worst, what went wrong, and whether the target ended as it should.

use record::{Audit, Difference, Latency, Load, LoadOutcome, LoadRun, Mark, VerdictKind};

use super::paint::Paint;
use crate::{digest, text};

/// What stands before each line below the first of a block.
const INDENT: &str = "     ";
/// The width of the words that lead such lines.
const LEAD_WIDTH: usize = 9;
/// How many kinds of errors, and how many differences, are shown; the files hold the others.
const LISTED_MAX: usize = 6;

/// A block for each load.
pub(super) fn blocks(load: &Load, paint: Paint, width: usize) -> Vec<Vec<String>> {
    load.runs.iter().flat_map(|run| Telling { load, run, paint, width }.blocks()).collect()
}

/// What was created and is still there.
pub(super) fn leftovers(load: &Load, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for run in &load.runs {
        let still = run.created.saturating_sub(run.removed);
        if still > 0 || !run.leftovers.is_empty() {
            let created = text::grouped(run.created);
            let told = match still {
                0 => format!(
                    "the removal of {created} resources of {} was answered; what may still be there:",
                    run.name
                ),
                still => {
                    let still = text::grouped(still);
                    format!("{still} of {created} resources of {} left behind on the target", run.name)
                }
            };
            lines.push(text::fit(&told, width));
            let named = run.leftovers.iter().take(LISTED_MAX);
            lines
                .extend(named.map(|left| text::fit(&format!("  {}: {}", left.resource, left.reason), width)));
        }
    }
    lines
}

struct Telling<'a> {
    load: &'a Load,
    run: &'a LoadRun,
    paint: Paint,
    width: usize,
}

impl Telling<'_> {
    fn blocks(&self) -> Vec<Vec<String>> {
        let run = self.run;
        let name = text::line(&run.name);
        let room = self.width.saturating_sub(name.chars().count() + 2);
        let mut head = vec![format!("{}  {}", self.paint.strong(&name), text::fit(&run.title, room))];
        head.extend(self.led("model", digest::model(run.model)));
        head.extend(self.led("rate", &digest::speed(run)));
        let about = format!(
            "{} by {}, at most {} at once, seed {}, {}",
            digest::size(&run.size),
            run.executor,
            text::grouped(u64::from(run.concurrency)),
            run.seed,
            run.population
        );
        head.extend(self.led("load", &about));
        for left_out in &run.left_out {
            head.extend(self.led("left out", left_out));
        }
        let mut told = vec![head, self.table(), self.findings()];
        told.retain(|lines| !lines.is_empty());
        told
    }

    /// Lines that begin with a word; what is too long for one goes on in the next.
    fn led(&self, name: &str, said: &str) -> Vec<String> {
        let room = self.width.saturating_sub(INDENT.len() + LEAD_WIDTH + 1);
        let lines = text::wrap(said, room).into_iter().enumerate();
        lines
            .map(|(position, line)| {
                let name = if position == 0 { name } else { "" };
                format!("{INDENT}{} {line}", self.paint.dim(&format!("{name:LEAD_WIDTH$}")))
            })
            .collect()
    }

    /// One line that begins with a word of its own colour.
    fn judged(&self, kind: VerdictKind, word: &str, said: &str) -> String {
        let room = self.width.saturating_sub(INDENT.len() + LEAD_WIDTH + 1);
        let column = format!("{word:LEAD_WIDTH$}");
        format!("{INDENT}{} {}", self.paint.verdict(kind, &column), text::fit(said, room))
    }

    /// Latency by operation and outcome, in milliseconds.
    fn table(&self) -> Vec<String> {
        const HEADS: [&str; 8] = ["operation", "outcome", "n", "p50", "p90", "p99", "p99.9", "max"];
        let rows: Vec<[String; 8]> = self
            .run
            .operations
            .iter()
            .map(|operation| {
                let Latency { p50_us, p90_us, p99_us, p999_us, max_us } = operation.response;
                let [p50, p90, p99, p999, max] =
                    [p50_us, p90_us, p99_us, p999_us, max_us].map(digest::milliseconds);
                let name = text::fit(&operation.name, 24);
                let outcome = digest::outcome_word(operation.outcome).to_owned();
                [name, outcome, text::grouped(operation.count), p50, p90, p99, p999, max]
            })
            .collect();
        if rows.is_empty() {
            return Vec::new();
        }
        let columns: Vec<(&str, usize)> = HEADS
            .into_iter()
            .enumerate()
            .map(|(at, head)| {
                let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
                (head, cells.chain([head.len()]).max().unwrap_or_default())
            })
            .collect();
        let align = |at: usize, cell: &str, width: usize| match at {
            0 | 1 => format!("{cell:width$}  "),
            _ => format!("{cell:>width$}  "),
        };
        let head: String =
            columns.iter().enumerate().map(|(at, (head, width))| align(at, head, *width)).collect();
        let mut lines = self.led("latency", "in ms, from the moment due to the last byte");
        lines.push(self.paint.dim(&format!("{INDENT}{}", head.trim_end())));
        for (row, operation) in rows.iter().zip(&self.run.operations) {
            let cells = row.iter().zip(&columns).enumerate();
            let line: String = cells.map(|(at, (cell, (_, width)))| align(at, cell, *width)).collect();
            let line = format!("{INDENT}{}", line.trim_end());
            lines.push(match operation.outcome {
                LoadOutcome::Ok => line,
                LoadOutcome::Limited => self.paint.verdict(VerdictKind::Warn, &line),
                LoadOutcome::Failed | LoadOutcome::Broken => self.paint.verdict(VerdictKind::Fail, &line),
            });
        }
        lines
    }

    fn findings(&self) -> Vec<String> {
        let run = self.run;
        let mut lines = Vec::new();
        for (position, error) in run.errors.iter().take(LISTED_MAX).enumerate() {
            let name = if position == 0 { "errors" } else { "" };
            let told = format!("{} of {}", text::grouped(error.count), digest::error(error));
            let room = self.width.saturating_sub(INDENT.len() + LEAD_WIDTH + 1);
            lines.extend(self.led(name, &text::fit(&told, room)));
        }
        if run.errors.len() > LISTED_MAX {
            lines.extend(self.led("", &format!("and {} more kinds", run.errors.len() - LISTED_MAX)));
        }
        for (position, reason) in digest::unmeasured(run).take(LISTED_MAX).enumerate() {
            let name = if position == 0 { "given up" } else { "" };
            let told = format!("{} of {}", text::grouped(reason.count), digest::error(reason));
            let room = self.width.saturating_sub(INDENT.len() + LEAD_WIDTH + 1);
            lines.extend(self.led(name, &text::fit(&told, room)));
        }
        for growth in &run.growth {
            let points: Vec<String> = growth
                .points
                .iter()
                .map(|point| {
                    format!("{} ms at {}", digest::milliseconds(point.p50_us), text::grouped(point.size))
                })
                .collect();
            let told = format!(
                "{} takes size to the power of {}; 0 is constant, 1 linear: {}",
                growth.operation,
                digest::exponent(growth),
                points.join(", ")
            );
            lines.extend(self.led("growth", &told));
        }
        let tone = match (run.health.spoiled.is_empty(), run.health.disturbed.is_empty()) {
            (true, true) => VerdictKind::Pass,
            (true, false) => VerdictKind::Warn,
            (false, _) => VerdictKind::Error,
        };
        lines.push(self.judged(tone, "generator", &digest::health(&run.health)));
        for doubt in digest::doubts(&run.health) {
            lines.extend(self.led("", &doubt));
        }
        self.audit(&mut lines);
        for objective in &run.objectives {
            let (kind, word) = match (objective.met, objective.unjudged.is_some()) {
                (true, _) => (VerdictKind::Pass, "met"),
                (false, true) => (VerdictKind::Blocked, "unjudged"),
                (false, false) => (VerdictKind::Fail, "MISSED"),
            };
            let told = format!("{}: {}", objective.text, digest::measured(objective));
            let told = match objective.is_missed() {
                true => told + &self.novelty(&run.mark(objective)),
                false => told,
            };
            lines.push(self.judged(kind, word, &told));
        }
        if let Some(reason) = &run.stopped {
            lines.push(self.judged(VerdictKind::Blocked, "stopped", reason));
        }
        lines
    }

    /// Whether what is wrong is new or known, where the run is held to a baseline.
    fn novelty(&self, mark: &Mark) -> String {
        let word = digest::novelty_at(self.load.baseline.as_ref(), mark);
        word.map(|word| format!("  {word}")).unwrap_or_default()
    }

    fn audit(&self, lines: &mut Vec<String>) {
        let Some(audit) = &self.run.audit else {
            return lines.push(self.judged(
                VerdictKind::NotSupported,
                "audit",
                "nothing was left to compare",
            ));
        };
        let compared = digest::size(&audit.compared);
        if audit.differing == 0 && audit.unfinished.is_none() {
            let (kind, told) = match &self.run.delivery {
                None => (VerdictKind::Pass, format!("clean: {compared} are as they should be")),
                Some(delivery) => {
                    let short = digest::undelivered(delivery);
                    (VerdictKind::Warn, format!("{short}; {compared} are as they should be"))
                }
            };
            lines.push(self.judged(kind, "audit", &told));
        }
        if audit.differing > 0 {
            let differ = text::grouped(audit.differing);
            let are = if audit.differing == 1 { "difference" } else { "differences" };
            let novelty = self.novelty(&self.run.mark_of_audit());
            lines.push(self.judged(
                VerdictKind::Fail,
                "audit",
                &format!("{differ} {are} in {compared}{novelty}"),
            ));
            self.differences(audit, lines);
        }
        if let Some(reason) = &audit.unfinished {
            lines.push(self.judged(VerdictKind::Blocked, "audit", &format!("not finished: {reason}")));
        }
    }

    /// Some of each kind of difference, and how many more of that kind there are.
    fn differences(&self, audit: &Audit, lines: &mut Vec<String>) {
        let kinds = digest::by_attribute(audit);
        let shown = (LISTED_MAX / kinds.len().max(1)).max(1);
        for (name, found) in kinds.iter().take(LISTED_MAX) {
            for Difference { resource, expected, actual } in found.iter().take(shown) {
                lines.extend(self.led("", &format!("{resource}: expected {expected}, got {actual}")));
            }
            let more = found.len().saturating_sub(shown);
            if more > 0 {
                lines.extend(self.led("", &format!("and {more} more: {name}")));
            }
        }
    }
}
