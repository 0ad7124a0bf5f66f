use std::collections::BTreeSet;

use record::{RequirementRef, Verdict};
use suites::requirements;

use super::Row;

/// What stands between these lines is made of a stored run.
const BEGIN: &str = "<!-- of the run -->";
const END: &str = "<!-- until here -->";

/// The headings of what is said of single checks, and of what is counted; behind each stands the part of its run.
const SECTIONS: [&str; 3] = ["Failures and warnings", "Not judged", "Readings"];
const COUNTED: &str = "Counted";

/// How checks end, in the order of the columns, and what a column is headed.
const VERDICTS: [(&str, &str); 5] = [
    ("pass", "pass"),
    ("warn", "warn"),
    ("fail", "fail"),
    ("blocked", "blocked"),
    ("not-supported", "not offered"),
];

/// How checks end that are not judged, and what stands over the list of them.
const VERDICTS_UNJUDGED: [(&str, &str); 2] =
    [("blocked", "Blocked, by what stood in the way:"), ("not-supported", "Not offered:")];

/// So much of a text stands on a page; all of it stands in the stored run.
const SHOWN: usize = 200;

/// What makes text something else in Markdown.
const MARKS: [char; 14] = ['*', '_', '<', '>', '[', ']', '{', '}', '`', '|', '\\', '#', '~', '"'];

/// A page with the parts that are made of its stored runs made anew. A run comes with what the headings of its part end with.
pub(crate) fn render(page: &str, runs: &[(&str, Vec<Row>)]) -> String {
    let mut section = "";
    let mut lines: Vec<String> = Vec::new();
    for line in by_hand(page) {
        section = line.strip_prefix("## ").unwrap_or(section);
        lines.push(line.to_owned());
        let block = made(line, section, runs);
        if !block.is_empty() {
            lines.extend([String::new(), BEGIN.to_owned()]);
            lines.extend(block);
            lines.push(END.to_owned());
        }
    }
    lines.join("\n") + "\n"
}

/// The ids under a heading of a page.
pub(crate) fn triaged(page: &str, heading: &str) -> BTreeSet<String> {
    assert_eq!(page.lines().filter(|line| *line == format!("## {heading}")).count(), 1, "## {heading}");
    let section = page.lines().skip_while(|line| *line != format!("## {heading}")).skip(1);
    let entries = section.take_while(|line| !line.starts_with("## "));
    let ids: Vec<String> = entries.filter_map(|line| id_of(line).map(str::to_owned)).collect();
    let unique: BTreeSet<String> = ids.iter().cloned().collect();
    assert_eq!(unique.len(), ids.len(), "an entry stands twice under ## {heading}");
    unique
}

/// What a page says under the heading of an id.
pub(crate) fn entry(page: &str, id: &str) -> String {
    let lines = page.lines().skip_while(|line| *line != format!("### `{id}`")).skip(1);
    lines.take_while(|line| !line.starts_with('#')).collect::<Vec<_>>().join(" ")
}

fn id_of(line: &str) -> Option<&str> {
    line.strip_prefix("### `")?.strip_suffix('`')
}

/// The lines of a page that somebody wrote.
fn by_hand(page: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut is_made = false;
    for line in page.lines() {
        if line == BEGIN {
            is_made = true;
            lines.pop_if(|line: &mut &str| line.is_empty());
        } else if is_made {
            is_made = line != END;
        } else {
            lines.push(line);
        }
    }
    lines
}

/// What the runs have to say below a line of a section.
fn made(line: &str, section: &str, runs: &[(&str, Vec<Row>)]) -> Vec<String> {
    let of = |rows: &[Row], id: &str| rows.iter().filter(|row| row.check == id).cloned().collect::<Vec<_>>();
    for (number, (part, rows)) in runs.iter().enumerate() {
        if line == format!("## {COUNTED}{part}") {
            return counted(rows);
        }
        let is_here = SECTIONS.iter().any(|heading| section == format!("{heading}{part}"));
        let Some(id) = id_of(line).filter(|_| is_here) else { continue };
        let here = of(rows, id);
        let first = runs.first().filter(|_| number > 0).map(|(_, first)| of(first, id));
        return if first.is_some_and(|first| first == here) { as_above(id, &here) } else { told(&here) };
    }
    Vec::new()
}

/// How a check ended.
fn verdict(rows: &[Row]) -> &str {
    let ended = rows.first().map_or("", |row| row.verdict.as_str());
    VERDICTS.iter().find(|(verdict, _)| *verdict == ended).map_or(ended, |(_, shown)| *shown)
}

/// That a run says the same of a check as the first of the page.
fn as_above(id: &str, rows: &[Row]) -> Vec<String> {
    let anchor: String = id.chars().filter(|letter| letter.is_alphanumeric() || *letter == '-').collect();
    vec![format!("**{}**, [as above](#{anchor})", verdict(rows))]
}

/// What a run says of one check: its claim, by requirement what was expected and what came, and what else there is to say.
fn told(rows: &[Row]) -> Vec<String> {
    let Some(check) = rows.first().and_then(|row| suites::find(&row.check)) else { return Vec::new() };
    let (found, rest): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| !row.requirement.is_empty());
    // Where nothing is broken, the claim rests on the first requirement.
    let rests_on = check.requirements.first().filter(|_| found.is_empty());
    let rests_on = rests_on.map(|id| format!(" ({})", cited(&RequirementRef::from(*id))));
    let mut lines =
        vec![format!("**{}**: {}{}", verdict(rows), text(check.title), rests_on.unwrap_or_default())];
    for (id, broken) in grouped(found, |row| row.requirement.clone()) {
        let requirement = requirements::find(&id).map(RequirementRef::from).expect("one of the catalogue");
        lines.push(format!("- {}: {}", cited(&requirement), text(&requirement.paraphrase)));
        let said = grouped(broken, |row| said(row).unwrap_or_default());
        lines.extend(said.iter().map(|(said, same)| match same.len() {
            1 => format!("  - {said}"),
            times => format!("  - {said} ({times} times)"),
        }));
    }
    lines.extend(rest.into_iter().filter_map(said).map(|said| format!("- {said}")));
    lines
}

/// Rows by what they share, in the order in which that comes first.
fn grouped(rows: Vec<&Row>, shared: impl Fn(&Row) -> String) -> Vec<(String, Vec<&Row>)> {
    let mut groups: Vec<(String, Vec<&Row>)> = Vec::new();
    for row in rows {
        let key = shared(row);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.push(row),
            None => groups.push((key, vec![row])),
        }
    }
    groups
}

/// A requirement with its level, and where to read it.
fn cited(requirement: &RequirementRef) -> String {
    format!("[{}]({}), {}", requirement.id, requirement.link, requirement.level)
}

/// What a row says beside its verdict.
fn said(row: &Row) -> Option<String> {
    match row.verdict.as_str() {
        "pass" => None,
        "note" => Some(format!("noted: {}", text(&row.actual))),
        "blocked" | "error" => Some(text(&row.actual)),
        "not-supported" => {
            let offered = row.actual == "offered";
            let verdict = Verdict::NotSupported { capability: row.expected.clone(), offered };
            verdict.inapplicable().map(|why| text(&why))
        }
        _ => {
            let request =
                if row.request.is_empty() { String::new() } else { format!("{}: ", code(&row.request)) };
            let at = if row.at == "status" { String::new() } else { format!("{} ", code(&row.at)) };
            let [expected, actual] = [&row.expected, &row.actual].map(|value| text(value));
            Some(format!("{request}{at}expected {expected}, came {actual}"))
        }
    }
}

/// The table by area, and by its reasons what was not judged.
fn counted(rows: &[Row]) -> Vec<String> {
    // Of several findings the first stands for its check.
    let mut ended: Vec<&Row> = rows.iter().filter(|row| row.verdict != "note").collect();
    ended.dedup_by_key(|row| &row.check);
    let mut lines = by_area(&ended);
    for (verdict, heading) in VERDICTS_UNJUDGED {
        let unjudged = ended.iter().copied().filter(|row| row.verdict == verdict).collect();
        let reasons = grouped(unjudged, reason);
        if !reasons.is_empty() {
            lines.extend([String::new(), heading.to_owned(), String::new()]);
        }
        for (reason, of) in reasons {
            let ids: Vec<String> = of.iter().map(|row| code(&row.check)).collect();
            lines.push(format!("- {reason}: {}", ids.join(", ")));
        }
    }
    lines
}

/// Why a check was not judged. Who loses an attribute has its own value in its way each time.
fn reason(row: &Row) -> String {
    let Some((request, attribute)) = record::lost(&row.actual) else { return said(row).unwrap_or_default() };
    let path = request.split_once(' ').map_or(request, |(_, path)| path);
    let kind = path.split(['/', '?']).find(|part| !part.is_empty()).unwrap_or(path);
    format!("{} of {kind} is not shown as it was sent", code(attribute))
}

/// How many checks of each area ended how.
fn by_area(ended: &[&Row]) -> Vec<String> {
    let area = |row: &Row| row.check.split('.').next().unwrap_or_default().to_owned();
    let areas: BTreeSet<String> = ended.iter().map(|row| area(row)).collect();
    let line = |name: &str, of: &[&Row]| {
        let counts =
            VERDICTS.map(|(verdict, _)| match of.iter().filter(|row| row.verdict == verdict).count() {
                0 => String::new(),
                count => count.to_string(),
            });
        format!("| {name} | {} | {} |", of.len(), counts.join(" | "))
    };
    let columns = VERDICTS.map(|(_, column)| column).join(" | ");
    let mut lines =
        vec![format!("| area | checks | {columns} |"), format!("|---|--:{}|", "|--:".repeat(VERDICTS.len()))];
    for name in areas {
        let of: Vec<&Row> = ended.iter().copied().filter(|row| area(row) == name).collect();
        lines.push(line(&name, &of));
    }
    lines.push(line("**all**", ended));
    lines
}

/// A text that stays as it is in Markdown.
fn text(said: &str) -> String {
    if said.is_empty() || said.contains(MARKS) { code(said) } else { said.to_owned() }
}

/// A text as it was sent, or the beginning of a long one.
fn code(said: &str) -> String {
    let mut shown: String = said.chars().take(SHOWN).collect();
    if shown.len() < said.len() {
        shown.push('…');
    }
    match shown.as_str() {
        "" => "nothing".to_owned(),
        shown if shown.contains('`') => format!("`` {shown} ``"),
        shown => format!("`{shown}`"),
    }
}
