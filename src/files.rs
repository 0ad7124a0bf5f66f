//! What a run leaves on disk.

use std::path::{Path, PathBuf};

use record::{Run, Sync};
use scenarios::entra::Ndjson;

use crate::failure::Failure;

/// The reports of a run.
const RUN: &str = "run.json";
const PAGE: &str = "report.html";
const JUNIT: &str = "junit.xml";
const SARIF: &str = "report.sarif";
const SUMMARY: &str = "summary.md";
/// The provisioning log, of runs that played an identity provider.
const LOG: &str = "provisioning-log.ndjson";

/// Makes sure, before anything is sent, that the directory is there and can be written to. The reports of an earlier
/// run go: should this one be killed, nobody is to take them for its own.
pub(crate) fn prepare(dir: &Path) -> Result<(), Failure> {
    let cannot = |error| unwritten(&format!("--out {}", dir.display()), &error);
    std::fs::create_dir_all(dir).map_err(cannot)?;
    let trial = dir.join(".scimproof-trial");
    // One byte, because a full disk still takes empty files.
    let tried = std::fs::write(&trial, b"\n");
    let removed = std::fs::remove_file(&trial);
    tried.and(removed).map_err(cannot)?;
    for name in [RUN, PAGE, JUNIT, SARIF, SUMMARY, LOG] {
        match std::fs::remove_file(dir.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(cannot(error)),
            _ => {}
        }
    }
    Ok(())
}

/// Makes sure, before anything is sent, that a file which was named can be written.
pub(crate) fn prepare_one(option: &str, path: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = path.filter(|path| !is_device(path)) else { return Ok(()) };
    let cannot = |error| unwritten(&format!("{option} {}", path.display()), &error);
    let beside = beside(path);
    let tried = std::fs::write(&beside, b"\n");
    tried.and_then(|()| std::fs::remove_file(&beside)).map_err(cannot)?;
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(cannot(error)),
        _ => Ok(()),
    }
}

/// Why nothing can be written to a place that was named.
pub(crate) fn unwritten(place: &str, error: &std::io::Error) -> Failure {
    Failure::unwritten(format!("cannot write to {place}: {error}"), error)
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

/// Writes the reports of a run and gives their paths. All are small beside the run file but the exchanges as HAR, which
/// are nearly all of it once more: they are written where somebody named a place for them.
pub(crate) fn write(dir: &Path, har: Option<&Path>, run: &Run) -> Result<Vec<PathBuf>, Failure> {
    let rendered = [
        (RUN, reports::json::render(run)),
        (PAGE, reports::html::render(run)),
        (JUNIT, reports::junit::render(run)),
        (SARIF, reports::sarif::render(run)),
        (SUMMARY, Ok(reports::summary::render(run))),
    ];
    let rendered = rendered.into_iter().map(|(name, text)| (dir.join(name), text));
    let log = run.sync.iter().map(|part| (dir.join(LOG), Ok(provisioning_log(part))));
    let har = har.map(|path| (path.to_owned(), reports::har::render(run)));
    rendered
        .chain(log)
        .chain(har)
        .map(|(path, text)| {
            let shown = path.display();
            let text = text.map_err(|error| Failure::mishap(format!("cannot render {shown}: {error}")))?;
            put(&path, &text).map_err(|error| Failure::mishap(format!("cannot write {shown}: {error}")))?;
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

/// Writes a file that somebody named. What is no file, such as a device, is written to as it is.
pub(crate) fn put(path: &Path, text: &str) -> std::io::Result<()> {
    if is_device(path) {
        return std::fs::write(path, text);
    }
    replace(path, text)
}

fn is_device(path: &Path) -> bool {
    path.metadata().is_ok_and(|there| !there.is_file() && !there.is_dir())
}

/// Writes beside the file and moves into place, so that a full disk never leaves half a report.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let beside = beside(path);
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written
}

/// Where a file is written to before it is moved into place.
fn beside(path: &Path) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    PathBuf::from(beside)
}
