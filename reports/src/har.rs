//! The exchanges of a run as HAR 1.2, as browsers' tools and proxies read it: an entry for each, a page for each check.

mod entry;

use record::{Exchange, Run};
use serde::Serialize;

use crate::{Error, text};
use entry::Entry;

/// What exchanges that belong to no check are listed under.
const OTHERS: &str = "discovery and clean-up";
/// The same for those of scenarios.
const SYNC: &str = "sync";

#[derive(Serialize)]
struct Har {
    log: Log,
}

#[derive(Serialize)]
struct Log {
    version: &'static str,
    creator: Creator,
    pages: Vec<Page>,
    entries: Vec<Entry>,
    comment: String,
}

#[derive(Serialize)]
struct Creator {
    name: String,
    version: String,
}

/// What exchanges are grouped by.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    started_date_time: String,
    id: String,
    title: String,
    page_timings: Timings,
}

/// The format demands it, and there is nothing in it to tell.
#[derive(Serialize)]
struct Timings {}

/// The exchanges of the checks and of the scenarios, in the order sent; those of loads are not recorded one by one.
/// Secrets are as they were recorded: replaced. What HAR has no field for stands in fields that begin with `_`: why
/// nothing usable came, and the number of the exchange in the run file.
///
/// # Errors
/// [`Error::Json`] if the log cannot be serialised.
pub fn render(run: &Run) -> Result<String, Error> {
    let checks = run.checks.iter().flat_map(|checks| &checks.exchanges);
    let checks = checks.map(|exchange| (exchange.check.as_deref().unwrap_or(OTHERS), exchange));
    let sync = run.sync.iter().flat_map(|sync| &sync.exchanges).map(|exchange| (SYNC, exchange));
    let mut log = Log {
        version: "1.2",
        creator: Creator { name: text::line(&run.tool.name), version: text::line(&run.tool.version) },
        pages: Vec::new(),
        entries: Vec::new(),
        comment: format!("run {} against {}", text::line(&run.id), text::line(&run.target.url)),
    };
    for (page, exchange) in checks.chain(sync) {
        log.add(run, page, exchange);
    }
    let mut text = serde_json::to_string_pretty(&Har { log }).map_err(Error::Json)?;
    text.push('\n');
    Ok(text)
}

impl Log {
    fn add(&mut self, run: &Run, page: &str, exchange: &Exchange) {
        let entry = Entry::of(run, page, exchange);
        if !self.pages.iter().any(|known| known.id == page) {
            let results = run.checks.iter().flat_map(|checks| &checks.results);
            let title = results.filter(|result| result.id == page).map(|result| result.title.clone()).next();
            self.pages.push(Page {
                started_date_time: entry.started_date_time.clone(),
                id: page.to_owned(),
                title: title.map_or_else(|| page.to_owned(), |title| format!("{page}: {title}")),
                page_timings: Timings {},
            });
        }
        self.entries.push(entry);
    }
}
