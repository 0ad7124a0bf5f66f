//! Removes what dead runs left behind, by their journals.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use client::{Client, Clock, Connect, Recorder, Request, Target};
use record::{Leftover, Redactor};
use serde_json::Value;

use crate::journal::{self, Entry, JournalError, PREFIX};
use crate::ledger::{Standing, name_of};
use crate::session::{leftover, runtime};

/// How many pages are followed when a resource must be found by its name.
const PAGES_FOLLOWED_MAX: u32 = 10_000;
/// How many resources are asked for in one page.
const PAGE_SIZE: &str = "200";

/// What one journal tells: whose it is, and what may still stand.
#[derive(Debug)]
pub struct Remains {
    /// The journal.
    pub path: PathBuf,
    /// The run that wrote it.
    pub run: String,
    /// The base URL it wrote to.
    pub target: String,
    standing: Vec<Standing>,
}

/// What a sweep came to.
#[derive(Debug, Default)]
pub struct Swept {
    /// How many resources are gone now.
    pub removed: u32,
    /// What could not be removed.
    pub leftovers: Vec<Leftover>,
}

/// Why a sweep could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The sweep's own machinery failed.
    #[error("cannot sweep: {0}")]
    Mishap(String),
}

/// Reads what a run may have left behind.
///
/// # Errors
///
/// When the file is no journal.
pub fn remains(path: &Path) -> Result<Remains, JournalError> {
    let entries = journal::read(path)?;
    let Some(Entry::Run { run, target }) = entries.first().cloned() else {
        return Err(JournalError::Headless { path: path.to_owned() });
    };
    let mut pending: BTreeMap<u64, (String, Option<String>)> = BTreeMap::new();
    let mut standing: Vec<String> = Vec::new();
    let mut removed: BTreeSet<String> = BTreeSet::new();
    for entry in entries {
        match entry {
            Entry::Run { .. } => {}
            Entry::Intent { number, endpoint, name } => {
                pending.insert(number, (endpoint, name));
            }
            Entry::Created { number, resources } => {
                pending.remove(&number);
                standing.extend(resources);
            }
            Entry::Refused { number } => {
                pending.remove(&number);
            }
            Entry::Removed { resource } => {
                removed.insert(resource);
            }
        }
    }
    let named =
        pending.into_values().filter_map(|(endpoint, name)| Some(Standing::Named { endpoint, name: name? }));
    let placed = standing.into_iter().rev().filter(|path| !removed.contains(path)).map(Standing::At);
    Ok(Remains { path: path.to_owned(), run, target, standing: placed.chain(named).collect() })
}

impl Remains {
    /// How many resources may still stand.
    #[must_use]
    pub fn len(&self) -> usize {
        self.standing.len()
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.standing.is_empty()
    }

    /// Removes what still stands and carries the run's name. Whatever does not is left alone and listed.
    ///
    /// # Errors
    ///
    /// When no request could be sent at all.
    pub fn sweep(
        &self,
        target: Target,
        connect: &dyn Connect,
        clock: Arc<dyn Clock>,
    ) -> Result<Swept, SweepError> {
        let runtime = runtime().map_err(SweepError::Mishap)?;
        let recorder = Recorder::new(Redactor::default());
        let client = Client::new(target, connect, recorder, clock);
        let client = client.map_err(|error| SweepError::Mishap(error.to_string()))?;
        let mut swept = Swept::default();
        for standing in &self.standing {
            let outcome = runtime.block_on(async {
                if let Standing::At(path) = standing {
                    confirm_ours(&client, path, &self.run).await?;
                }
                remove(&client, standing).await
            });
            match outcome {
                Ok(paths) => swept.removed += u32::try_from(paths.len()).unwrap_or(u32::MAX),
                Err(reason) => swept.leftovers.push(leftover(standing, &reason)),
            }
        }
        Ok(swept)
    }
}

/// Refuses to touch a resource that stands where ours stood but has another name: ids may be given anew.
async fn confirm_ours(client: &Client, path: &str, run: &str) -> Result<(), String> {
    let sent = client.send(Request::get(path), None).await;
    let answer = sent.outcome.map_err(|error| error.to_string())?;
    match sent.json.as_deref().and_then(name_of) {
        _ if answer.status == 404 => Ok(()),
        Some(name) if name.starts_with(&format!("{PREFIX}{run}-")) => Ok(()),
        Some(_) => Err("it has another name by now, so it may not be ours".to_owned()),
        None => Err(format!("GET answered {}, so whose it is cannot be told", answer.status)),
    }
}

/// Deletes a resource; gives the paths that are gone now.
pub(crate) async fn remove(client: &Client, standing: &Standing) -> Result<Vec<String>, String> {
    match standing {
        Standing::At(path) => delete(client, path).await.map(|()| vec![path.clone()]),
        Standing::Named { endpoint, name } => {
            let found = find(client, endpoint, name).await?;
            for path in &found {
                delete(client, path).await?;
            }
            Ok(found)
        }
    }
}

async fn delete(client: &Client, path: &str) -> Result<(), String> {
    let sent = client.send(Request::delete(path), None).await;
    match sent.outcome.map_err(|error| error.to_string())?.status {
        200..300 | 404 => Ok(()),
        status => {
            let refused = format!("DELETE answered {status}");
            match deactivate(client, path).await {
                Ok(()) => Err(format!("{refused}; it was deactivated instead")),
                Err(reason) => Err(format!("{refused}; deactivating it failed too: {reason}")),
            }
        }
    }
}

/// Where nothing can be deleted, a user of ours is at least made inactive.
async fn deactivate(client: &Client, path: &str) -> Result<(), String> {
    let current = client.send(Request::get(path), None).await;
    let Some(Value::Object(mut body)) = current.json.as_deref().cloned() else {
        return Err("it cannot be read".to_owned());
    };
    if !body.contains_key("userName") {
        return Err("only users can be inactive".to_owned());
    }
    body.insert("active".to_owned(), Value::Bool(false));
    let sent = client.send(Request::put(path).json(&Value::Object(body)), None).await;
    match sent.outcome.map_err(|error| error.to_string())?.status {
        200..300 => Ok(()),
        status => Err(format!("PUT answered {status}")),
    }
}

/// The paths of the resources with this name, found by walking the whole list: a request that never got its
/// answer left no id to ask for.
async fn find(client: &Client, endpoint: &str, name: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut start = 1_u64;
    for _ in 0..PAGES_FOLLOWED_MAX {
        let request =
            Request::get(endpoint).query("startIndex", &start.to_string()).query("count", PAGE_SIZE);
        let sent = client.send(request, None).await;
        let answer = sent.outcome.map_err(|error| error.to_string())?;
        let Some(page) = sent.json.as_deref().filter(|_| answer.status == 200) else {
            return Err(format!("listing {endpoint} answered {}", answer.status));
        };
        let items = page.get("Resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        found.extend(
            items
                .iter()
                .filter(|item| name_of(item).is_some_and(|seen| seen.eq_ignore_ascii_case(name)))
                .filter_map(|item| {
                    item.get("id").and_then(Value::as_str).map(|id| format!("{endpoint}/{id}"))
                }),
        );
        let total = page.get("totalResults").and_then(Value::as_u64).unwrap_or(0);
        start += items.len() as u64;
        if items.is_empty() || start > total {
            return Ok(found);
        }
    }
    Err(format!("gave up after {PAGES_FOLLOWED_MAX} pages of {endpoint}"))
}
