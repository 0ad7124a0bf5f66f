//! What of the standard a run is about, section by section, as a strip of cells.

use std::collections::BTreeMap;

use record::{CheckResult, Checks, Counts, VerdictKind};
use serde::Serialize;

use crate::text;

/// A document and its sections.
#[derive(Serialize)]
pub(super) struct Document {
    name: String,
    cells: Vec<Cell>,
}

/// A section, as hot as the worst of its checks.
#[derive(Serialize)]
struct Cell {
    section: String,
    /// The verdict as a class name.
    tone: &'static str,
    /// How many hundredths of its checks were judged: the less, the paler.
    judged: usize,
    told: String,
    /// The check that shows it.
    check: String,
}

/// The documents that the checks cite, the sections of each in the order of the document.
pub(super) fn of(checks: &Checks) -> Vec<Document> {
    let mut cited: BTreeMap<(&str, Vec<Number<'_>>), Vec<&CheckResult>> = BTreeMap::new();
    for result in &checks.results {
        for requirement in &result.requirements {
            let (document, section) = split(&requirement.section);
            let results = cited.entry((document, section)).or_default();
            if !results.iter().any(|known| known.id == result.id) {
                results.push(result);
            }
        }
    }
    let mut documents: Vec<Document> = Vec::new();
    for ((document, section), results) in cited {
        let name = text::line(document);
        let Some(cell) = Cell::of(&name, &section, &results) else { continue };
        match documents.last_mut().filter(|last| last.name == name) {
            Some(last) => last.cells.push(cell),
            None => documents.push(Document { name, cells: vec![cell] }),
        }
    }
    documents
}

/// A part of a section's number: sections are in the order of numbers, so that 3.10 comes after 3.9.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Number<'a> {
    Digits(u32, &'a str),
    Word(&'a str),
}

/// The document and the parts of the section, of `RFC 7644 §3.6` or `bonusly rule B-01`.
fn split(section: &str) -> (&str, Vec<Number<'_>>) {
    let (document, number) =
        section.split_once(" §").or_else(|| section.split_once(" rule ")).unwrap_or((section, ""));
    let part = |part| match str::parse(part) {
        Ok(number) => Number::Digits(number, part),
        Err(_) => Number::Word(part),
    };
    (document, number.split('.').map(part).collect())
}

impl Cell {
    fn of(document: &str, section: &[Number<'_>], results: &[&CheckResult]) -> Option<Self> {
        let rank = |result: &CheckResult| {
            VerdictKind::ALL.iter().position(|kind| *kind == result.verdict.kind()).unwrap_or_default()
        };
        // What is not offered is no colder than what passes, where both are there.
        let hot = results.iter().filter(|result| result.verdict.kind() != VerdictKind::NotSupported);
        let worst = hot.min_by_key(|result| rank(result)).or(results.first())?;
        let counts = Counts::of(results.iter().copied());
        let parts = section.iter().map(|number| match number {
            Number::Digits(_, text) | Number::Word(text) => *text,
        });
        let section = text::line(&parts.collect::<Vec<_>>().join("."));
        let each = VerdictKind::ALL.into_iter().filter(|kind| counts.get(*kind) > 0);
        let each: Vec<String> = each.map(|kind| format!("{} {}", counts.get(kind), kind.as_str())).collect();
        Some(Self {
            tone: worst.verdict.kind().as_str(),
            judged: counts.judged() * 100 / counts.total().max(1),
            told: format!("{document} {section}: {}", each.join(", ")),
            check: text::line(&worst.id),
            section,
        })
    }
}
