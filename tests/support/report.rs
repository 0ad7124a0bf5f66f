use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

/// A run file.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) run: Value,
}

impl Report {
    /// Reads `run.json` in a directory.
    pub(crate) fn read(dir: &Path) -> Self {
        let text = std::fs::read_to_string(dir.join("run.json")).expect("run.json is there");
        Self { run: serde_json::from_str(&text).expect("run.json is JSON") }
    }

    /// The results, one for each check.
    pub(crate) fn results(&self) -> &[Value] {
        self.run["checks"]["results"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn exchanges(&self) -> &[Value] {
        self.run["checks"]["exchanges"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// The ids of the checks that ended this way.
    pub(crate) fn ended(&self, verdict: &str) -> BTreeSet<String> {
        let results = self.results().iter().filter(|result| result["verdict"]["kind"] == verdict);
        results.map(|result| result["id"].as_str().expect("an id").to_owned()).collect()
    }

    /// The ids of the checks that passed with a note.
    pub(crate) fn noted(&self) -> BTreeSet<String> {
        let noted = self.results().iter().filter(|result| {
            result["verdict"]["kind"] == "pass"
                && result["notes"].as_array().is_some_and(|notes| !notes.is_empty())
        });
        noted.map(|result| result["id"].as_str().expect("an id").to_owned()).collect()
    }

    /// The result of one check.
    pub(crate) fn result(&self, id: &str) -> &Value {
        let found = self.results().iter().find(|result| result["id"] == id);
        found.unwrap_or_else(|| panic!("no result of {id}"))
    }

    /// How many resources the run could not remove.
    pub(crate) fn leftovers(&self) -> usize {
        self.run["checks"]["leftovers"].as_array().map_or(0, Vec::len)
    }
}

/// The names of the files in a directory, sorted.
pub(crate) fn files(dir: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(dir).expect("a directory");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
