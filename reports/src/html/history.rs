use record::{Baseline, Mark, VerdictKind};
use serde::Serialize;

use crate::{digest, text};

/// What became of the failures of an earlier run.
#[derive(Serialize)]
pub(super) struct HistoryView {
    run: String,
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

/// A check, and what of it.
#[derive(Serialize)]
struct Place {
    check: String,
    at: String,
}

impl HistoryView {
    pub(super) fn of(baseline: &Baseline) -> Self {
        let changes = digest::changes(baseline).into_iter().filter(|(.., marks)| !marks.is_empty());
        Self {
            run: text::line(&format!("{} of {}", baseline.run, baseline.started)),
            told: digest::against(baseline),
            changes: changes
                .map(|(word, meaning, marks)| Change {
                    word,
                    tone: tone(word),
                    meaning,
                    marks: marks.iter().map(Place::of).collect(),
                })
                .collect(),
        }
    }
}

impl Place {
    fn of(mark: &Mark) -> Self {
        let at = format!("{} {}", mark.requirement, mark.place);
        Self { check: text::line(&mark.check), at: text::line(at.trim()) }
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
