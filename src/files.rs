//! What a run leaves on disk.

use std::path::{Path, PathBuf};

use record::{Run, Sync};
use scenarios::entra::Ndjson;

use crate::failure::Failure;

/// The reports of a run.
const RUN: &str = "run.json";
const PAGE: &str = "report.html";
const JUNIT: &str = "junit.xml";
/// The provisioning log, of runs that played an identity provider.
const LOG: &str = "provisioning-log.ndjson";

/// Makes sure, before anything is sent, that the directory is there and can be written to. The reports of an earlier
/// run go: should this one be killed, nobody is to take them for its own.
pub(crate) fn prepare(dir: &Path) -> Result<(), Failure> {
    let cannot = |error| Failure::usage(format!("cannot write to --out {}: {error}", dir.display()));
    std::fs::create_dir_all(dir).map_err(cannot)?;
    let trial = dir.join(".scimproof-trial");
    // One byte, because a full disk still takes empty files.
    let tried = std::fs::write(&trial, b"\n");
    let removed = std::fs::remove_file(&trial);
    tried.and(removed).map_err(cannot)?;
    for name in [RUN, PAGE, JUNIT, LOG] {
        match std::fs::remove_file(dir.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(cannot(error)),
            _ => {}
        }
    }
    Ok(())
}

/// Where the journal of a run is kept while it runs.
pub(crate) fn journal(dir: &Path, run: &str) -> PathBuf {
    dir.join(format!("journal-{run}.ndjson"))
}

/// The journals in a directory, in the order of their names.
pub(crate) fn journals(dir: &Path) -> Result<Vec<PathBuf>, Failure> {
    let cannot = |error| Failure::usage(format!("cannot read --out {}: {error}", dir.display()));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with("journal-") && name.ends_with(".ndjson") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Writes the reports of a run and gives their paths.
pub(crate) fn write(dir: &Path, run: &Run) -> Result<Vec<PathBuf>, Failure> {
    let rendered = [
        (RUN, reports::json::render(run)),
        (PAGE, reports::html::render(run)),
        (JUNIT, reports::junit::render(run)),
    ];
    let log = run.sync.iter().map(|part| (LOG, Ok(provisioning_log(part))));
    rendered
        .into_iter()
        .chain(log)
        .map(|(name, text)| {
            let text = text.map_err(|error| Failure::mishap(format!("cannot render {name}: {error}")))?;
            let path = dir.join(name);
            replace(&path, &text)
                .map_err(|error| Failure::mishap(format!("cannot write {}: {error}", path.display())))?;
            Ok(path)
        })
        .collect()
}

/// The rows of all scenarios, each as the job of its application.
fn provisioning_log(part: &Sync) -> String {
    let rows = part.scenarios.iter().flat_map(|scenario| {
        let writer = Ndjson::new(&scenario.name);
        scenario.log.iter().map(move |row| writer.line(row))
    });
    rows.collect()
}

/// Writes beside the file and moves into place, so that a full disk never leaves half a report.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written
}
