use std::sync::Arc;

use client::{Method, Request, Sent};

use crate::discovery::Service;
use crate::journal::{Entry, Journal, JournalError};

/// What one check has created and not yet removed.
pub(crate) struct Ledger {
    journal: Option<Arc<Journal>>,
    standing: Vec<Standing>,
    created: u32,
    removed: u32,
}

/// A resource of ours on the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// At a known path below the base URL.
    At(String),
    /// Perhaps: its request got no answer that would tell.
    Named { endpoint: String, name: String },
}

/// A request that may create something is about to go out.
pub(crate) struct Intent {
    number: u64,
    endpoint: String,
    name: Option<String>,
}

impl Ledger {
    pub(crate) fn new(journal: Option<Arc<Journal>>) -> Self {
        Self { journal, standing: Vec::new(), created: 0, removed: 0 }
    }

    /// Writes down what a request may create, before it goes out.
    pub(crate) fn before(
        &self,
        request: &Request,
        service: &Service,
    ) -> Result<Option<Intent>, JournalError> {
        let path = bare(request.path());
        let endpoint = match *request.method() {
            Method::POST => path.to_owned(),
            // A PUT to a path that is not ours creates only on a server that is wrong; then it must be found again.
            Method::PUT if !self.knows(path) => {
                path.rsplit_once('/').map_or(path, |(parent, _)| parent).to_owned()
            }
            _ => return Ok(None),
        };
        if !service.resource_types.iter().any(|known| known.endpoint == endpoint) {
            return Ok(None);
        }
        let name = request.json_body().and_then(|body| name_of(&body));
        let number = match &self.journal {
            Some(journal) => journal.intent(&endpoint, name.as_deref())?,
            None => 0,
        };
        Ok(Some(Intent { number, endpoint, name }))
    }

    /// Takes note of what the answer says about it.
    pub(crate) fn after(
        &mut self,
        intent: Option<Intent>,
        request: &Request,
        sent: &Sent,
    ) -> Result<(), JournalError> {
        match (intent, &sent.outcome) {
            (Some(intent), Ok(answer)) if (200..300).contains(&answer.status) => {
                let resources = places(&intent.endpoint, sent);
                if let (true, Some(name)) = (resources.is_empty(), intent.name) {
                    self.standing.push(Standing::Named { endpoint: intent.endpoint, name });
                    return Ok(());
                }
                self.created += 1;
                self.standing.extend(resources.iter().cloned().map(Standing::At));
                self.write(&Entry::Created { number: intent.number, resources })
            }
            (Some(intent), Ok(answer)) if answer.status < 500 || answer.status == 501 => {
                self.write(&Entry::Refused { number: intent.number })
            }
            // No answer, or one that leaves open what was done before the server stumbled.
            (Some(Intent { endpoint, name: Some(name), .. }), _) => {
                self.standing.push(Standing::Named { endpoint, name });
                Ok(())
            }
            (None, Ok(answer))
                if *request.method() == Method::DELETE && matches!(answer.status, 200..300 | 404) =>
            {
                self.removed(bare(request.path()))
            }
            (Some(_) | None, _) => Ok(()),
        }
    }

    /// A resource is gone.
    pub(crate) fn removed(&mut self, path: &str) -> Result<(), JournalError> {
        let before = self.standing.len();
        self.standing.retain(|standing| *standing != Standing::At(path.to_owned()));
        if self.standing.len() == before {
            return Ok(());
        }
        self.removed += 1;
        self.write(&Entry::Removed { resource: path.to_owned() })
    }

    /// A resource whose creation was in doubt turned up and is gone now.
    pub(crate) fn found_and_removed(&mut self) {
        self.created += 1;
        self.removed += 1;
    }

    /// What still stands, the youngest first.
    pub(crate) fn standing(&self) -> Vec<Standing> {
        self.standing.iter().rev().cloned().collect()
    }

    /// Closes the book on a check: how many resources were created and how many are gone. What is left is
    /// somebody else's to deal with.
    pub(crate) fn close(&mut self) -> (u32, u32) {
        self.standing.clear();
        (std::mem::take(&mut self.created), std::mem::take(&mut self.removed))
    }

    fn knows(&self, path: &str) -> bool {
        self.standing.iter().any(|standing| matches!(standing, Standing::At(known) if known == path))
    }

    fn write(&self, entry: &Entry) -> Result<(), JournalError> {
        self.journal.as_ref().map_or(Ok(()), |journal| journal.write(entry))
    }
}

/// A path without its query.
fn bare(path: &str) -> &str {
    path.split('?').next().unwrap_or(path)
}

/// The name by which a resource of ours can be found again.
pub(crate) fn name_of(body: &serde_json::Value) -> Option<String> {
    let name = body.get("userName").or_else(|| body.get("displayName"))?;
    name.as_str().map(str::to_owned)
}

/// Where a created resource is: as its id says, and as the Location header says, should the two differ.
fn places(endpoint: &str, sent: &Sent) -> Vec<String> {
    let by_id =
        sent.json.as_deref().and_then(|body| body.get("id")?.as_str()).map(|id| format!("{endpoint}/{id}"));
    let location = sent.outcome.as_ref().ok().and_then(|answer| answer.header("location"));
    let by_location = location
        .and_then(|url| bare(url).rsplit('/').next())
        .filter(|segment| !segment.is_empty())
        .map(|segment| format!("{endpoint}/{segment}"));
    let mut places: Vec<String> = by_id.into_iter().chain(by_location).collect();
    places.dedup();
    places
}
