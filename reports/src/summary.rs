//! The run as Markdown, as build servers show it beside a job: the verdict, the root causes, the counts, what was not tested.

use std::fmt::Write as _;

use record::{CheckResult, Checks, Run, Verdict, VerdictKind};

use crate::digest::{self, Cause, Demand, History};
use crate::{headline, text};

/// More than this is refused where summaries are shown, GitHub's among them.
pub const BYTES_MAX: usize = 1024 * 1024;
/// What is kept free for the word that something was left away.
const RESERVE_BYTES: usize = 512;
/// How much of a text a cell of a table holds.
const CELL_CHARS_MAX: usize = 300;
/// The same where it is what was expected, or what came.
const CODE_CHARS_MAX: usize = 160;
/// How much of an advice is shown: all of it, unless somebody wrote a run file by hand.
const ADVICE_CHARS_MAX: usize = 600;
/// How many checks of a group are named.
const NAMES_SHOWN_MAX: usize = 5;

/// The run as GitHub's Markdown, at most [`BYTES_MAX`] long: what does not fit is left away, and the end says so. Whatever
/// a server sent is shown as text.
#[must_use]
pub fn render(run: &Run) -> String {
    let mut summary = Summary::default();
    summary.block(&format!("## {}", escaped(&headline::sentence(run), usize::MAX)));
    summary.block(&about(run));
    if let Some(asked) = run.sync.as_ref().and_then(digest::asked_in) {
        summary
            .block(&escaped(&format!("{asked}.").replacen("the scenarios", "The scenarios", 1), usize::MAX));
    }
    if let Some(checks) = &run.checks {
        causes(&mut summary, run, checks);
    }
    digest::histories(run).for_each(|one| history(&mut summary, one));
    if let Some(checks) = &run.checks {
        waived(&mut summary, checks);
    }
    demands(&mut summary, run);
    if let Some(checks) = &run.checks {
        counts(&mut summary, checks);
        untested(&mut summary, checks);
    }
    left_behind(&mut summary, run);
    summary.finished()
}

/// Markdown that grows block by block, each of them whole.
#[derive(Default)]
struct Summary {
    text: String,
    left_away: usize,
}

impl Summary {
    /// Room for a block of such a length.
    fn has_room(&self, bytes: usize) -> bool {
        self.left_away == 0 && self.text.len() + bytes + RESERVE_BYTES <= BYTES_MAX
    }

    /// A block by itself.
    fn block(&mut self, block: &str) {
        self.rows(&format!("{block}\n\n"));
    }

    /// A table: what stands above it, and its rows as far as there is room.
    fn table(&mut self, head: &str, columns: &[&str], rows: impl Iterator<Item = Vec<String>>) {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let names: Vec<String> = columns.iter().map(|&name| name.to_owned()).collect();
        let rule: Vec<String> = columns.iter().map(|_| "---".to_owned()).collect();
        self.rows(&format!("### {head}\n\n{}{}", line(&names), line(&rule)));
        for cells in rows {
            self.rows(&line(&cells));
        }
        self.rows("\n");
    }

    fn rows(&mut self, rows: &str) {
        if self.has_room(rows.len()) {
            self.text.push_str(rows);
        } else {
            self.left_away += 1;
        }
    }

    fn finished(mut self) -> String {
        if self.left_away > 0 {
            let _ = writeln!(
                self.text,
                "\n**Cut off at {} KiB: the rest is in `report.html` and `run.json`.**",
                BYTES_MAX / 1024
            );
        }
        while self.text.ends_with("\n\n") {
            self.text.pop();
        }
        self.text
    }
}

fn about(run: &Run) -> String {
    let took = text::duration(std::time::Duration::from_millis(run.duration_ms));
    format!(
        "{} · profile {} · {} · took {took} · run {}, seed {} · {} {}\n\n```sh\n{}\n```",
        code(&run.target.url),
        escaped(&run.target.profile, CELL_CHARS_MAX),
        escaped(&run.started, CELL_CHARS_MAX),
        escaped(&run.id, CELL_CHARS_MAX),
        run.seed,
        escaped(&run.tool.name, CELL_CHARS_MAX),
        escaped(&run.tool.version, CELL_CHARS_MAX),
        // A fence of three ends at three.
        text::line(&run.command).replace("```", "'''")
    )
}

fn causes(summary: &mut Summary, run: &Run, checks: &Checks) {
    let causes = digest::causes(run, checks);
    if causes.is_empty() {
        return;
    }
    let rows = causes.iter().map(|cause| {
        let novelty = digest::novelty_of(checks, cause).map(|word| format!(" <br>{word}"));
        let label = format!("**{}**{}", digest::label(cause.lead), novelty.unwrap_or_default());
        vec![label, what(checks, cause), requirement(cause.lead), which(cause)]
    });
    summary.table("What to look at first", &["", "what", "requirement", "checks"], rows);
}

fn what(checks: &Checks, cause: &Cause<'_>) -> String {
    let result = cause.lead;
    let told = match (&result.verdict, digest::lead(result)) {
        (Verdict::Blocked { cause }, _) => escaped(&cause.message, CELL_CHARS_MAX),
        (Verdict::Error { mishap }, _) => {
            format!("a mishap of our own: {}", escaped(mishap, CELL_CHARS_MAX))
        }
        (_, Some(finding)) => format!(
            "expected {} ({}), got {}",
            code(&finding.expected),
            escaped(&digest::places(finding), CELL_CHARS_MAX),
            code(&finding.actual)
        ),
        (_, None) => String::new(),
    };
    let title = escaped(&result.title, CELL_CHARS_MAX);
    let lapsed = digest::lapsed(checks, result)
        .map(|lapsed| format!(" <br>*Waiver:* {}", escaped(&lapsed, CELL_CHARS_MAX)))
        .unwrap_or_default();
    let advice = digest::advice_on(checks, cause)
        .map(|advice| format!(" <br>*Advice:* {}", escaped(&advice, ADVICE_CHARS_MAX)))
        .unwrap_or_default();
    match &cause.told {
        Some(cause) => {
            format!("{title} <br>**{}** <br>{told}{lapsed}{advice}", escaped(cause, CELL_CHARS_MAX))
        }
        None => format!("{title} <br>{told}{lapsed}{advice}"),
    }
}

fn requirement(result: &CheckResult) -> String {
    let lead = digest::lead(result).map(|finding| &finding.requirement);
    let Some(cited) = lead.or(result.requirements.first()) else { return String::new() };
    let section = escaped(&cited.section, CELL_CHARS_MAX);
    let section = if cited.link.starts_with("https://") && !cited.link.contains([')', ' ', '<', '>']) {
        format!("[{section}]({})", text::line(&cited.link))
    } else {
        section
    };
    format!("{} {section} <br>{}", cited.level, escaped(&cited.paraphrase, CELL_CHARS_MAX))
}

/// The checks of a cause: the first by name, the others counted and folded.
fn which(cause: &Cause<'_>) -> String {
    let all: Vec<String> = cause.checks().map(|result| code(&result.id)).collect();
    folded(&all)
}

fn folded(names: &[String]) -> String {
    if names.len() <= NAMES_SHOWN_MAX {
        return names.join(", ");
    }
    let (shown, rest) = names.split_at(NAMES_SHOWN_MAX.min(names.len()));
    format!(
        "{} <details><summary>and {} more</summary>{}</details>",
        shown.join(", "),
        rest.len(),
        rest.join(", ")
    )
}

/// What became of the failures of an earlier run.
fn history(summary: &mut Summary, history: History<'_>) {
    let head = escaped(&history.heading(), CELL_CHARS_MAX);
    if history.baseline.absent {
        return summary.block(&format!("### {head}\n\n{}", escaped(&history.told(), usize::MAX)));
    }
    let rows = history.changes().into_iter().filter(|(.., marks)| !marks.is_empty());
    let rows = rows.map(|(word, meaning, marks)| {
        let names: Vec<String> = marks.iter().map(|mark| code(&mark.to_string())).collect();
        vec![format!("**{word}**"), meaning.to_owned(), folded(&names)]
    });
    summary.table(&head, &["", "what it is", "where"], rows);
}

fn waived(summary: &mut Summary, checks: &Checks) {
    let idle = digest::idle_waivers(checks);
    if !idle.is_empty() {
        let rows = idle
            .into_iter()
            .map(|waiver| vec![waiver.state.as_str().to_owned(), escaped(&digest::idle(waiver), usize::MAX)]);
        summary.table("Waivers that waive nothing", &["", "waiver"], rows);
    }
    let groups = digest::waived(checks);
    if groups.is_empty() {
        return;
    }
    let rows = groups.iter().map(|group| {
        let names: Vec<String> = group.checks.iter().map(|check| code(check)).collect();
        vec![escaped(&group.reason, CELL_CHARS_MAX), escaped(&group.by, CELL_CHARS_MAX), folded(&names)]
    });
    summary.table("Waived", &["reason", "by", "checks"], rows);
}

fn demands(summary: &mut Summary, run: &Run) {
    let demands = digest::causes_of_demands(run);
    if demands.is_empty() {
        return;
    }
    let rows = demands.iter().map(|demand| {
        vec![
            format!("**{}**", demand.label),
            match demand.novelty {
                Some(word) => format!("{} {} {word}", demand.part, code(demand.of)),
                None => format!("{} {}", demand.part, code(demand.of)),
            },
            demanded(demand),
            code(demand.expected),
            code(&demand.actual),
        ]
    });
    summary.table("Scenarios and loads", &["", "of", "what", "expected", "got"], rows);
}

/// What was claimed, after which request of the client, and what else that request is the cause of.
fn demanded(demand: &Demand<'_>) -> String {
    let request = demand.request.as_deref().map(|request| format!(" <br>client: {}", code(request)));
    let also = demand.also.as_deref().map(|also| format!(" <br>also {}", escaped(also, CELL_CHARS_MAX)));
    let claim = escaped(&demand.claim, CELL_CHARS_MAX);
    format!("{claim}{}{}", request.unwrap_or_default(), also.unwrap_or_default())
}

fn counts(summary: &mut Summary, checks: &Checks) {
    let (counts, not_begun) = digest::tally(&checks.results);
    let kinds: Vec<VerdictKind> = VerdictKind::ALL.into_iter().filter(|kind| counts.get(*kind) > 0).collect();
    let mut columns = vec!["area"];
    columns.extend(kinds.iter().map(|kind| kind.as_str()));
    // Only a run that was stopped has any.
    columns.extend((not_begun > 0).then_some(digest::NOT_BEGUN));
    let row = |name: String, (counts, idle): (record::Counts, usize)| {
        let idle = (not_begun > 0).then(|| if idle > 0 { idle.to_string() } else { String::new() });
        let numbers = kinds.iter().map(|kind| match counts.get(*kind) {
            0 => String::new(),
            number => number.to_string(),
        });
        std::iter::once(name).chain(numbers).chain(idle).collect::<Vec<_>>()
    };
    let areas = digest::areas(checks)
        .into_iter()
        .map(|area| row(escaped(area.name, CELL_CHARS_MAX), digest::tally(area.results.iter().copied())));
    let total = row("**total**".to_owned(), (counts, not_begun));
    summary.table("Counts", &columns, areas.chain([total]));
}

fn untested(summary: &mut Summary, checks: &Checks) {
    let groups = digest::untested(checks);
    if groups.is_empty() {
        return;
    }
    let rows = groups.iter().map(|group| {
        let names: Vec<String> = group.checks.iter().map(|check| code(check)).collect();
        vec![group.word.to_owned(), escaped(&group.reason, CELL_CHARS_MAX), folded(&names)]
    });
    summary.table("Not tested", &["", "reason", "checks"], rows);
}

fn left_behind(summary: &mut Summary, run: &Run) {
    let rows: Vec<Vec<String>> = digest::leftovers(run)
        .map(|left| vec![code(&left.resource), escaped(&left.reason, CELL_CHARS_MAX)])
        .collect();
    if !rows.is_empty() {
        summary.table("Left behind on the target", &["resource", "reason"], rows.into_iter());
    }
}

/// Text in which nothing is Markdown, a link, a mention or markup.
fn escaped(text: &str, limit: usize) -> String {
    let mut out = String::new();
    for letter in text::fit(text, limit).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Neither somebody's name nor an issue's number is meant.
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '!' => {
                out.push('\\');
                out.push(letter);
            }
            _ => out.push(letter),
        }
    }
    // What looks like an address becomes a link by itself.
    out.replace("://", ":&#8203;//").replace("www.", "www&#8203;.")
}

/// Text as code, in which nothing else is anything either.
fn code(text: &str) -> String {
    let mut out = "<code>".to_owned();
    for letter in text::fit(text, CODE_CHARS_MAX).chars() {
        match letter {
            // Even inside of markup these would be read as Markdown, or as the end of a cell.
            '&' | '<' | '>' | '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '!' | '@' | '#'
            | ':' => {
                let _ = write!(out, "&#{};", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
    out + "</code>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_server_says_is_markup() {
        let said = "a|b `c` **d** <img src=x> [e](f) @team #12 https://x.example ~~g~~ $h$ !";
        let shown = escaped(said, usize::MAX);
        assert!(!shown.contains("<img") && !shown.contains(" @team") && !shown.contains("://"), "{shown}");
        assert!(shown.contains(r"a\|b \`c\` \*\*d\*\*") && shown.contains(r"\[e\](f)"), "{shown}");
        let code = code(said);
        assert!(!code.contains(['|', '`', '*', '@', '[']), "{code}");
    }

    #[test]
    fn what_does_not_fit_is_left_away_and_the_end_says_so() {
        let mut summary = Summary::default();
        for _ in 0..40 {
            summary.block(&"x".repeat(32 * 1024));
        }
        let text = summary.finished();
        assert!(text.len() <= BYTES_MAX, "{}", text.len());
        assert!(text.ends_with("**Cut off at 1024 KiB: the rest is in `report.html` and `run.json`.**\n"));
    }
}
