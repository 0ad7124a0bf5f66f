//! `scimproof report`: draws the reports of a run again, from its run file alone.

use std::io::Read as _;
use std::path::Path;

use record::Run;

use crate::args::ReportOptions;
use crate::failure::{Exit, Failure};
use crate::{console, files};

/// What stands for standard input and standard output in the place of a file.
const STANDARD: &str = "-";

type Render = fn(&Run) -> Result<String, reports::Error>;

pub(crate) fn run(options: &ReportOptions) -> Result<Exit, Failure> {
    let wanted: [(&str, Option<&Path>, Render); 6] = [
        ("--html", options.html.as_deref(), reports::html::render),
        ("--junit", options.junit.as_deref(), reports::junit::render),
        ("--sarif", options.sarif.as_deref(), reports::sarif::render),
        ("--markdown", options.markdown.as_deref(), |run| Ok(reports::summary::render(run))),
        ("--har", options.har.as_deref(), reports::har::render),
        ("--json", options.json.as_deref(), reports::json::render),
    ];
    let mut said = wanted.iter().filter(|(_, place, _)| place.is_some_and(is_standard));
    if let (Some((first, ..)), Some((second, ..))) = (said.next(), said.next()) {
        return Err(Failure::usage(format!("{first} and {second} cannot both go to standard output")));
    }
    let run = read(&options.run)?;
    let mut drawn = 0;
    for (option, place, render) in wanted {
        let Some(place) = place else { continue };
        let text = render(&run).map_err(|error| Failure::mishap(format!("{option}: {error}")))?;
        write(option, place, &text)?;
        drawn += 1;
    }
    if drawn == 0 {
        console::out(&reports::terminal::render(&run, console::style()));
    }
    Ok(Exit::Pass)
}

/// The run of a file. Why it cannot be had is wrong usage: the file was given.
pub(crate) fn read(path: &Path) -> Result<Run, Failure> {
    let shown = if is_standard(path) { "standard input".to_owned() } else { path.display().to_string() };
    let text = if is_standard(path) {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    let text = text.map_err(|error| Failure::usage(format!("cannot read the run file {shown}: {error}")))?;
    reports::json::parse(&text).map_err(|error| Failure::usage(format!("{shown}: {error}")))
}

fn write(option: &str, place: &Path, text: &str) -> Result<(), Failure> {
    if is_standard(place) {
        console::document(text);
        return Ok(());
    }
    files::put(place, text)
        .map_err(|error| files::unwritten(&format!("{option} {}", place.display()), &error))
}

fn is_standard(path: &Path) -> bool {
    path.as_os_str() == STANDARD
}
