use record::{Mark, VerdictKind};
use serde::Serialize;

use crate::digest::{History, Of};
use crate::text;

/// What became of the failures of an earlier run.
#[derive(Serialize)]
pub(super) struct HistoryView {
    heading: String,
    told: String,
    changes: Vec<Change>,
}

/// What changed in one way, or did not.
#[derive(Serialize)]
struct Change {
    word: &'static str,
    /// A verdict as a class name, for its colour.
    tone: &'static str,
    meaning: &'static str,
    marks: Vec<Place>,
}

/// A check, a scenario or a load, and what of it.
#[derive(Serialize)]
struct Place {
    /// Whether the check has a place on the page that can be linked to.
    shown: bool,
    check: String,
    at: String,
}

impl HistoryView {
    pub(super) fn of(history: History<'_>) -> Self {
        let changes = history.changes().into_iter().filter(|(.., marks)| !marks.is_empty());
        Self {
            heading: history.heading(),
            told: history.told(),
            changes: changes
                .map(|(word, meaning, marks)| Change {
                    word,
                    tone: tone(word),
                    meaning,
                    marks: marks.iter().map(|mark| Place::of(history.of, mark)).collect(),
                })
                .collect(),
        }
    }
}

impl Place {
    fn of(of: Of, mark: &Mark) -> Self {
        let at = format!("{} {}", mark.requirement, mark.place);
        let shown = matches!(of, Of::Checks);
        Self { shown, check: text::line(&mark.check), at: text::line(at.trim()) }
    }
}

fn tone(word: &str) -> &'static str {
    match word {
        "new" => VerdictKind::Fail.as_str(),
        "lost" => VerdictKind::Warn.as_str(),
        "mended" => VerdictKind::Pass.as_str(),
        _ => VerdictKind::NotSupported.as_str(),
    }
}
