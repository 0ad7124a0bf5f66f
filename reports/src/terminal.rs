//! The closing report of a run, and the lines that tell how it goes, for a terminal.

mod paint;
mod problem;

use std::collections::BTreeSet;

use record::{Checks, Counts, Event, Run, Verdict, VerdictKind};

use crate::digest::{self, Area, Headline};
use crate::text;
use paint::Paint;

/// The narrowest terminal that is written for; on a narrower one lines wrap.
const NARROWEST: usize = 40;
/// How many problems are shown in full; the files hold the others.
const PROBLEMS_SHOWN_MAX: usize = 40;
/// How many names of a group are listed.
const NAMES_SHOWN_MAX: usize = 3;
/// How many leftovers are listed.
const LEFTOVERS_SHOWN_MAX: usize = 10;

/// How a report may look. The caller knows the terminal; nothing here asks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to use colours (ANSI escapes).
    pub color: bool,
    /// How many characters a line may have.
    pub width: usize,
}

impl Default for Style {
    /// No colour, 100 characters: what a file or a pipe gets.
    fn default() -> Self {
        Self { color: false, width: 100 }
    }
}

/// The closing report: what is wrong in at most six lines each, a table by area, what was not tested and why,
/// what is left behind, and the verdict in one sentence at the end, where the eye is.
#[must_use]
pub fn render(run: &Run, style: Style) -> String {
    let style = Style { width: style.width.max(NARROWEST), ..style };
    let paint = Paint::new(style.color);
    let mut sections: Vec<Vec<String>> = Vec::new();
    if let Some(checks) = &run.checks {
        let mut problems = digest::problems(checks);
        // One obstacle often stands in the way of many checks; it is told once, and they are listed below.
        let mut obstacles = BTreeSet::new();
        problems.retain(|result| match &result.verdict {
            Verdict::Blocked { cause } => obstacles.insert(&cause.message),
            Verdict::Fail { .. } | Verdict::Error { .. } | Verdict::Warn { .. } => true,
            Verdict::Pass | Verdict::Waived { .. } | Verdict::NotSupported { .. } => false,
        });
        sections.extend(
            problems
                .iter()
                .take(PROBLEMS_SHOWN_MAX)
                .map(|result| problem::lines(checks, result, paint, style.width)),
        );
        if problems.len() > PROBLEMS_SHOWN_MAX {
            sections.push(vec![format!("{} more in the report", problems.len() - PROBLEMS_SHOWN_MAX)]);
        }
        sections.push(table(checks, paint));
        sections.push(waived(checks, style.width));
        sections.push(untested(checks, style.width));
        sections.push(closing(checks, style.width));
    }
    sections.push(vec![verdict(run, paint)]);
    sections.retain(|lines| !lines.is_empty());
    let mut report = sections.iter().map(|lines| lines.join("\n")).collect::<Vec<_>>().join("\n\n");
    report.push('\n');
    report
}

/// The line that an event is worth, without its line break: one for each check that ended, one when the plan
/// stands.
#[must_use]
pub fn progress(event: &Event<'_>, style: Style) -> Option<String> {
    let paint = Paint::new(style.color);
    match event {
        Event::Planned { checks } => Some(text::count(*checks, "check to run", "checks to run")),
        Event::Finished { result } => Some(problem::brief(result, paint, style.width.max(NARROWEST))),
        // Events are non-exhaustive; one that is not known here is not worth a line.
        _ => None,
    }
}

const COLUMNS: [VerdictKind; 7] = [
    VerdictKind::Pass,
    VerdictKind::Warn,
    VerdictKind::Fail,
    VerdictKind::Blocked,
    VerdictKind::Waived,
    VerdictKind::NotSupported,
    VerdictKind::Error,
];

fn table(checks: &Checks, paint: Paint) -> Vec<String> {
    let areas = digest::areas(checks);
    if areas.is_empty() {
        return Vec::new();
    }
    let first =
        areas.iter().map(|area| area.name.chars().count()).chain(["total".len()]).max().unwrap_or_default();
    let head: String = COLUMNS.iter().map(|kind| format!("  {}", kind.as_str())).collect();
    let mut lines = vec![paint.dim(&format!("{:first$}{head}", ""))];
    let row = |name: &str, counts: Counts| {
        let cells: String = COLUMNS
            .into_iter()
            .map(|kind| {
                let width = kind.as_str().len();
                match counts.get(kind) {
                    0 => paint.dim(&format!("  {:>width$}", "·")),
                    number => paint.verdict(kind, &format!("  {number:>width$}")),
                }
            })
            .collect();
        format!("{name:first$}{cells}")
    };
    lines.extend(areas.iter().map(|Area { name, results }| row(name, Counts::of(results.iter().copied()))));
    lines.push(row("total", checks.counts()));
    lines
}

/// What the profile excuses, and on whose word.
fn waived(checks: &Checks, width: usize) -> Vec<String> {
    let groups = digest::waived(checks);
    let heading = (!groups.is_empty()).then(|| "Waived".to_owned());
    let told = groups.iter().flat_map(|group| {
        let head = format!("  {} by {}: {}", group.checks.len(), group.by, group.reason);
        [text::fit(&head, width), text::fit(&format!("    {}", names(&group.checks)), width)]
    });
    heading.into_iter().chain(told).collect()
}

fn names(checks: &[&str]) -> String {
    let mut names = checks.iter().take(NAMES_SHOWN_MAX).copied().collect::<Vec<_>>().join(", ");
    if checks.len() > NAMES_SHOWN_MAX {
        names.push_str(&format!(" and {} more", checks.len() - NAMES_SHOWN_MAX));
    }
    names
}

/// A mishap, and the one check that an obstacle blocked, have been shown as problems already.
fn untested(checks: &Checks, width: usize) -> Vec<String> {
    let mut groups = digest::untested(checks);
    groups.retain(|group| {
        group.word != VerdictKind::Error.as_str()
            && (group.word != VerdictKind::Blocked.as_str() || group.checks.len() > 1)
    });
    if groups.is_empty() {
        return Vec::new();
    }
    let mut lines = vec!["Not tested".to_owned()];
    for group in &groups {
        lines.push(text::fit(&format!("  {} {}: {}", group.checks.len(), group.word, group.reason), width));
        lines.push(text::fit(&format!("    {}", names(&group.checks)), width));
    }
    lines
}

fn closing(checks: &Checks, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let notes = digest::readings(checks).len();
    if notes > 0 {
        lines.push(format!("{} in the report", text::count(notes, "reading is noted", "readings are noted")));
    }
    let left = &checks.leftovers;
    if !left.is_empty() {
        let created = text::count(checks.created as usize, "created resource", "created resources");
        lines.push(format!("{} of {created} left behind on the target", left.len()));
        lines.extend(
            left.iter()
                .take(LEFTOVERS_SHOWN_MAX)
                .map(|left| text::fit(&format!("  {}: {}", left.resource, left.reason), width)),
        );
        if left.len() > LEFTOVERS_SHOWN_MAX {
            lines.push(format!("  and {} more", left.len() - LEFTOVERS_SHOWN_MAX));
        }
    }
    lines
}

fn verdict(run: &Run, paint: Paint) -> String {
    let Headline { word, tone, rest } = Headline::of(run);
    format!("{}: {rest}", paint.verdict(tone, word))
}
