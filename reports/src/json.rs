//! `run.json`: the run itself, as published and as read back.

use record::{Checks, Load, Run, Sync};
use serde_json::Value;

use crate::Error;

/// The run as indented JSON with a final newline. [`schema`] describes it.
///
/// # Errors
/// [`Error::Json`] if the run cannot be serialised.
pub fn render(run: &Run) -> Result<String, Error> {
    let mut text = serde_json::to_string_pretty(run).map_err(Error::Json)?;
    text.push('\n');
    Ok(text)
}

/// Reads a run file. Its versions are looked at first, so that a file from another version is told from a
/// broken one.
///
/// # Errors
/// [`Error::CutShort`] for a file that ends before its end; [`Error::NotJson`]; [`Error::NotARun`] for JSON without a version; [`Error::Version`] for a version that this
/// program does not know, [`Error::Shape`], with line and column, for anything else.
pub fn parse(text: &str) -> Result<Run, Error> {
    let file: Value = serde_json::from_str(text)
        .map_err(|error| if error.is_eof() { Error::CutShort(error) } else { Error::NotJson(error) })?;
    let version = |pointer| file.pointer(pointer).and_then(Value::as_u64);
    known("run file", version("/version").ok_or(Error::NotARun)?, Run::VERSION)?;
    for (pointer, part, reads) in [
        ("/checks/version", "part about checks", Checks::VERSION),
        ("/sync/version", "part about sync", Sync::VERSION),
        ("/load/version", "part about load", Load::VERSION),
    ] {
        if let Some(found) = version(pointer) {
            known(part, found, reads)?;
        }
    }
    serde_json::from_str(text).map_err(Error::Shape)
}

fn known(part: &'static str, found: u64, known: u32) -> Result<(), Error> {
    if found == u64::from(known) { Ok(()) } else { Err(Error::Version { part, found, known }) }
}

/// The JSON Schema (2020-12) of a run file, as the project publishes it in `docs/run.schema.json`.
#[must_use]
pub fn schema() -> String {
    format!("{:#}\n", record::json_schema())
}
