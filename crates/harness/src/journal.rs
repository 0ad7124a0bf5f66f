use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

/// What every name begins with that a run gives to a resource.
pub const PREFIX: &str = "scimproof-";

/// Whether a name is one that the run gave. A sample value may add to it, a server may change its letter case.
pub(crate) fn is_of_run(name: &str, run: &str) -> bool {
    name.to_lowercase().contains(&format!("{PREFIX}{run}-").to_lowercase())
}

/// What every journal begins with.
const HEAD: &[u8] = br#"{"entry":"run","run":""#;

/// The list, on disk, of what a run has created or is about to create. It is written before a request goes out,
/// so that a run that was killed between a POST and its reply can still be swept.
#[derive(Debug)]
pub struct Journal {
    run: String,
    path: PathBuf,
    file: Mutex<File>,
    next: AtomicU64,
}

/// The journal could not be kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// The file could not be written.
    #[error("cannot write the journal {path}: {cause}; nothing is created without it", path = path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The file could not be read.
    #[error("cannot read the journal {path}: {cause}", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The file is no journal.
    #[error("{path}:{line}: not a journal entry ({cause}); is this a file that `check` wrote?", path = path.display())]
    Entry {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// Why.
        cause: serde_json::Error,
    },
    /// The file does not begin with the entry that names run and target.
    #[error("{path}: the first line does not name the run and its target; is this a file that `check` wrote?", path = path.display())]
    Headless {
        /// The file.
        path: PathBuf,
    },
}

/// One line of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Entry {
    /// Whose journal this is.
    Run { run: String, target: String },
    /// A request that may create a resource is about to go out.
    Intent {
        number: u64,
        endpoint: String,
        name: Option<String>,
        /// Whether it shows the token of the second tenant: what it creates is there.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        abroad: bool,
    },
    /// It created these; the same resource may be named twice.
    Created { number: u64, resources: Vec<String> },
    /// It created nothing.
    Refused { number: u64 },
    /// A resource is gone.
    Removed {
        resource: String,
        /// Whether it was in the second tenant.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        abroad: bool,
    },
}

impl Journal {
    /// Begins a journal.
    ///
    /// # Errors
    ///
    /// When the file cannot be created.
    pub fn create(path: &Path, run: &str, target: &str) -> Result<Self, JournalError> {
        let file = OpenOptions::new()
            .create_new(true)
            .append(true)
            .open(path)
            .map_err(|cause| write_error(path, cause))?;
        let journal = Self {
            run: run.to_owned(),
            path: path.to_owned(),
            file: Mutex::new(file),
            next: AtomicU64::new(1),
        };
        let begun = journal.write(&Entry::Run { run: run.to_owned(), target: target.to_owned() });
        if begun.is_err() {
            // Nothing was sent, and an empty journal would have a sweep ask for what it is about.
            let _ = std::fs::remove_file(path);
        }
        begun.map(|()| journal)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whose it is.
    pub(crate) fn run(&self) -> &str {
        &self.run
    }

    pub(crate) fn intent(&self, endpoint: &str, name: Option<&str>) -> Result<u64, JournalError> {
        self.intent_of(endpoint, name, false)
    }

    /// The same, which may be by the token of the second tenant.
    pub(crate) fn intent_of(
        &self,
        endpoint: &str,
        name: Option<&str>,
        abroad: bool,
    ) -> Result<u64, JournalError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (endpoint, name) = (endpoint.to_owned(), name.map(str::to_owned));
        self.write(&Entry::Intent { number, endpoint, name, abroad })?;
        Ok(number)
    }

    pub(crate) fn write(&self, entry: &Entry) -> Result<(), JournalError> {
        let error = |cause| write_error(&self.path, cause);
        let mut line = serde_json::to_vec(entry).map_err(|cause| error(cause.into()))?;
        line.push(b'\n');
        let mut file = self.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let whole = file.metadata().map_err(error)?.len();
        file.write_all(&line).map_err(|cause| {
            // Half a line in the middle would make the rest unreadable; the full disk may have room again later.
            let _ = file.set_len(whole);
            error(cause)
        })
    }
}

fn write_error(path: &Path, cause: std::io::Error) -> JournalError {
    JournalError::Write { path: path.to_owned(), cause }
}

/// Reads a journal. A last line that was cut short by a kill is left out: its request never went out. So a journal
/// may be without any entry.
pub(crate) fn read(path: &Path) -> Result<Vec<Entry>, JournalError> {
    let bytes = std::fs::read(path).map_err(|cause| read_error(path, cause))?;
    let whole_lines = bytes.iter().rposition(|byte| *byte == b'\n').and_then(|end| bytes.get(..end));
    let Some(whole_lines) = whole_lines else {
        return if is_cut_head(&bytes) {
            Ok(Vec::new())
        } else {
            Err(JournalError::Headless { path: path.to_owned() })
        };
    };
    let text = std::str::from_utf8(whole_lines).map_err(|cause| read_error(path, io::Error::other(cause)))?;
    text.lines()
        .enumerate()
        .map(|(index, line)| {
            serde_json::from_str(line).map_err(|cause| JournalError::Entry {
                path: path.to_owned(),
                line: index + 1,
                cause,
            })
        })
        .collect()
}

/// Whether this is the beginning of a journal, and not of something else that happens to have such a name.
fn is_cut_head(bytes: &[u8]) -> bool {
    bytes.starts_with(HEAD) || HEAD.starts_with(bytes)
}

fn read_error(path: &Path, cause: io::Error) -> JournalError {
    JournalError::Read { path: path.to_owned(), cause }
}
