//! The closing report of a run, and the lines that tell how it goes, for a terminal.

mod diagnosis;
mod load;
mod paint;
mod problem;
mod story;
mod sync;

use record::{Checks, Counts, Event, Leftover, Run, VerdictKind};

use crate::digest::{self, Area, History};
use crate::headline::Headline;
use crate::text;
pub use diagnosis::diagnosis;
use paint::Paint;

/// The narrowest terminal that is written for; on a narrower one lines wrap.
const NARROWEST: usize = 40;
/// How many problems are shown in full; the files hold the others.
const PROBLEMS_SHOWN_MAX: usize = 40;
/// How many names of a group are listed.
const NAMES_SHOWN_MAX: usize = 3;
/// How many leftovers, and how many changes of a kind, are listed.
const LISTED_MAX: usize = 10;

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

/// The closing report: what is wrong in at most twelve lines each, and what it does to which checks, a table by area, what the scenarios and loads came to,
/// what was not tested and why, what is left behind, what to do next where one obstacle is in the way, and the verdict in one sentence at the end, where the eye is. A run of
/// a single scenario and nothing else tells what the client did, step by step.
#[must_use]
pub fn render(run: &Run, style: Style) -> String {
    let style = Style { width: style.width.max(NARROWEST), ..style };
    let paint = Paint::new(style.color);
    let mut sections: Vec<Vec<String>> = Vec::new();
    if let (None, Some(sync), None) = (&run.checks, &run.sync, &run.load)
        && let [scenario] = sync.scenarios.as_slice()
    {
        sections.extend(story::story(run, sync, scenario, paint, style.width));
    }
    if let Some(checks) = &run.checks {
        sections.extend(problems(run, checks, paint, style.width));
    }
    if let Some(sync) = &run.sync {
        sections.extend(sync::missed(run, sync, paint, style.width));
    }
    if let Some(checks) = &run.checks {
        sections.push(table(checks, paint));
    }
    if let Some(sync) = &run.sync {
        sections.push(sync::table(sync, paint, style.width));
    }
    if let Some(load) = &run.load {
        sections.extend(load::blocks(load, paint, style.width));
    }
    sections.extend(digest::histories(run).map(|one| history(one, style.width)));
    if let Some(checks) = &run.checks {
        sections.push(waived(checks, style.width));
        sections.push(untested(checks, style.width));
    }
    if let Some(sync) = &run.sync {
        sections.push(sync::unjudged(sync, style.width));
    }
    sections.push(closing(run, style.width));
    if let Some(checks) = &run.checks {
        let hint = digest::hint(checks).map(|hint| format!("Hint: {hint}"));
        sections.push(hint.iter().flat_map(|hint| text::wrap(hint, style.width)).collect());
    }
    sections.push(vec![verdict(run, paint)]);
    sections.retain(|lines| !lines.is_empty());
    let mut report = sections.iter().map(|lines| lines.join("\n")).collect::<Vec<_>>().join("\n\n");
    report.push('\n');
    report
}

/// One cause is told once, whatever it does to how many checks.
fn problems(run: &Run, checks: &Checks, paint: Paint, width: usize) -> Vec<Vec<String>> {
    let causes = digest::causes(run, checks);
    let shown = causes.iter().take(PROBLEMS_SHOWN_MAX);
    let mut told: Vec<Vec<String>> = shown.map(|cause| problem::lines(checks, cause, paint, width)).collect();
    if causes.len() > PROBLEMS_SHOWN_MAX {
        told.push(vec![format!("{} more in the report", causes.len() - PROBLEMS_SHOWN_MAX)]);
    }
    told
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
    // Only a run that was stopped has any.
    let some_idle = checks.results.iter().any(digest::is_not_begun);
    let mut head: String = COLUMNS.iter().map(|kind| format!("  {}", kind.as_str())).collect();
    if some_idle {
        head.push_str(&format!("  {}", digest::NOT_BEGUN));
    }
    let mut lines = vec![paint.dim(&format!("{:first$}{head}", ""))];
    let row = |name: &str, (counts, idle): (Counts, usize)| {
        let width = digest::NOT_BEGUN.len();
        let idle = match idle {
            _ if !some_idle => String::new(),
            0 => paint.dim(&format!("  {:>width$}", "·")),
            idle => format!("  {idle:>width$}"),
        };
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
        format!("{name:first$}{cells}{idle}")
    };
    lines
        .extend(areas.iter().map(|Area { name, results }| row(name, digest::tally(results.iter().copied()))));
    lines.push(row("total", digest::tally(&checks.results)));
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
    heading.into_iter().chain(told).chain(idle(checks, width)).chain(unseen(checks, width)).collect()
}

/// Waivers that waive nothing.
fn idle(checks: &Checks, width: usize) -> Vec<String> {
    let idle = digest::idle_waivers(checks);
    let heading = (!idle.is_empty()).then(|| "Waivers that waive nothing".to_owned());
    let told = idle.into_iter().map(|waiver| text::fit(&format!("  {}", digest::idle(waiver)), width));
    heading.into_iter().chain(told).collect()
}

/// What became of the failures of an earlier run.
fn history(history: History<'_>, width: usize) -> Vec<String> {
    let mut lines = text::wrap(&format!("{}: {}", history.heading(), history.told()), width);
    for (word, meaning, marks) in history.changes() {
        // What is known is told among the failures.
        if word == "known" || marks.is_empty() {
            continue;
        }
        lines.push(text::fit(&format!("  {word}: {meaning}"), width));
        let shown = marks.iter().take(LISTED_MAX);
        lines.extend(shown.map(|mark| text::fit(&format!("    {mark}"), width)));
        if marks.len() > LISTED_MAX {
            lines.push(format!("    and {} more in the report", marks.len() - LISTED_MAX));
        }
    }
    lines
}

/// What the profile excuses, and the target does not do.
fn unseen(checks: &Checks, width: usize) -> Vec<String> {
    const HEADING: &str =
        "Declared and not seen: the target keeps the requirement, or the profile names another";
    let told = checks.unseen.iter().map(|unseen| {
        let record::Unseen { requirement, rule, behaviour } = unseen;
        text::fit(&format!("  {rule} ({requirement}): {behaviour}"), width)
    });
    let heading = (!checks.unseen.is_empty()).then_some(HEADING);
    heading.map(|heading| text::fit(heading, width)).into_iter().chain(told).collect()
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

/// A note about the run. What its first line says belongs together, and each further line stands below it by itself.
fn note_in_lines(note: &str, width: usize) -> Vec<String> {
    let within = width.saturating_sub(2);
    let lines = note.lines().filter(|line| !line.trim().is_empty()).flat_map(|line| text::wrap(line, within));
    let hung = lines.enumerate().map(|(place, line)| if place == 0 { line } else { format!("  {line}") });
    hung.collect()
}

fn closing(run: &Run, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(checks) = &run.checks {
        lines.extend(checks.notes.iter().flat_map(|note| note_in_lines(note, width)));
        let notes = digest::readings(checks).len();
        if notes > 0 {
            let noted = text::count(notes, "reading is noted", "readings are noted");
            lines.push(format!("{noted} in the report"));
        }
        let noun = ("created resource", "created resources");
        let of = (checks.created, checks.removed);
        lines.extend(leftovers(&checks.leftovers, of, noun, width));
    }
    if let Some(sync) = &run.sync {
        let noun = ("resource of the scenarios", "resources of the scenarios");
        lines.extend(leftovers(&sync.leftovers, (sync.created, sync.removed), noun, width));
    }
    if let Some(load) = &run.load {
        lines.extend(load::leftovers(load, width));
    }
    lines
}

fn leftovers(
    left: &[Leftover],
    (created, removed): (u32, u32),
    (one, many): (&str, &str),
    width: usize,
) -> Vec<String> {
    let (stands, may) = digest::left(left.len(), created.into(), removed.into());
    let created = text::count(created as usize, one, many);
    let told = match (stands, may) {
        (0, 0) => return Vec::new(),
        (stands, 0) => format!("{stands} of {created} left behind on the target"),
        (0, may) => format!(
            "{} may be left behind on the target: no answer told what became of them",
            text::count(may, one, many).replace("created ", "")
        ),
        (stands, may) => {
            format!("{stands} of {created} left behind on the target; {may} more may be, as no answer told")
        }
    };
    let mut lines = vec![text::fit(&told, width)];
    let shown = left.iter().take(LISTED_MAX);
    lines.extend(shown.map(|left| text::fit(&format!("  {}: {}", left.resource, left.reason), width)));
    if left.len() > LISTED_MAX {
        lines.push(format!("  and {} more", left.len() - LISTED_MAX));
    }
    lines
}

fn verdict(run: &Run, paint: Paint) -> String {
    let Headline { word, tone, rest } = Headline::of(run);
    format!("{}: {rest}", paint.verdict(tone, word))
}
