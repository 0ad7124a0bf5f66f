use std::collections::BTreeMap;
use std::sync::Arc;

use client::{Credential, Framing, Method, Request, Sent};
use percent_encoding::percent_decode_str;
use record::{Redactor, Secret};
use serde_json::Value;

use crate::discovery::Service;
use crate::journal::{Entry, Journal, JournalError, is_of_run};
use crate::last_look::Refusals;

/// What one check has created and not yet removed.
pub(crate) struct Ledger {
    run: String,
    journal: Option<Arc<Journal>>,
    pub(crate) redactor: Redactor,
    /// The token of the second tenant: what it creates is there.
    second: Option<Secret>,
    pub(crate) standing: Vec<Standing>,
    /// What outlives the check, since others look at it too.
    lent: Vec<Standing>,
    /// The names that resources were sent with, by the path that the target gave them: the same one to several, if it lies.
    names: BTreeMap<String, Vec<String>>,
    /// What was refused, for the last look of the run.
    refusals: Refusals,
    pub(crate) created: u32,
    pub(crate) removed: u32,
}

/// A resource of ours on the target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// At a known path below the base URL.
    At(String),
    /// Perhaps, or at a path that is not known: the request got no answer, or one that does not tell.
    Named { endpoint: String, name: String, told: Told },
    /// Perhaps, and nobody could tell it from others: the request carried no name of ours and got no answer.
    Nameless { endpoint: String },
    /// The same in the second tenant, by whose token it was created: in the run's own it is not there, or somebody else is.
    Abroad(Box<Standing>),
}

/// What is known of a request that may have created something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// The answer said that it was created.
    Created,
    /// The answer said nothing of the kind, or the run is over and whatever its request did is done.
    Nothing,
    /// Nobody waits for its answer any more, and the target may still be at work on it.
    Late,
}

/// A request that may create something is about to go out.
pub(crate) struct Intent {
    pub(crate) number: u64,
    pub(crate) endpoint: String,
    pub(crate) name: Option<String>,
    abroad: bool,
}

impl Ledger {
    pub(crate) fn new(
        run: &str,
        journal: Option<Arc<Journal>>,
        redactor: Redactor,
        second: Option<Secret>,
    ) -> Self {
        Self {
            run: run.to_owned(),
            journal,
            redactor,
            second,
            standing: Vec::new(),
            lent: Vec::new(),
            names: BTreeMap::new(),
            refusals: Refusals::default(),
            created: 0,
            removed: 0,
        }
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
        // By any other name somebody else's resource could be found, and removed for ours.
        let body = request.json_body().unwrap_or_default();
        let name = names_of(&body).find(|name| is_of_run(name, &self.run)).map(str::to_owned);
        let abroad = self.is_abroad(request);
        let number = match &self.journal {
            Some(journal) => {
                // The target chooses its endpoints; one that quotes a secret is not written down.
                let name = name.as_deref().map(|name| self.redactor.scrub(name));
                journal.intent_of(&self.redactor.scrub(&endpoint), name.as_deref(), abroad)?
            }
            None => 0,
        };
        Ok(Some(Intent { number, endpoint, name, abroad }))
    }

    /// Whether a request shows the token of the second tenant.
    fn is_abroad(&self, request: &Request) -> bool {
        match (request.credential(), &self.second) {
            (Credential::Bearer(shown), Some(second)) => shown.expose() == second.expose(),
            _ => false,
        }
    }

    /// Takes note of what the answer says about it.
    pub(crate) fn after(
        &mut self,
        intent: Option<Intent>,
        request: &Request,
        sent: &Sent,
    ) -> Result<(), JournalError> {
        if sent.unsettled
            && let Some(Intent { endpoint, name: Some(name), abroad: false, .. }) = intent
        {
            self.unsettled(endpoint, name, sent);
            return Ok(());
        }
        match (intent, &sent.outcome) {
            (Some(intent @ Intent { abroad: true, .. }), _) => self.after_abroad(intent, sent),
            (Some(intent), Ok(answer)) if (200..300).contains(&answer.status) => {
                self.created += 1;
                let Intent { number, endpoint, name, .. } = intent;
                let body = sent.json.as_deref();
                let place = match &name {
                    Some(name) if self.shows_another(body, name) => None,
                    _ => place(&endpoint, body, answer.header("location")),
                };
                match (place, name) {
                    (None, Some(name)) => {
                        self.standing.push(Standing::Named { endpoint, name, told: Told::Created });
                        Ok(())
                    }
                    (place, name) => {
                        self.refusals.places.extend(place.clone());
                        self.standing.extend(place.clone().map(Standing::At));
                        if let (Some(path), Some(name)) = (place.clone(), name) {
                            self.names.entry(path).or_default().push(name);
                        }
                        if place.as_ref().is_some_and(|path| self.redactor.scrub(path) != *path) {
                            // Ids are the target's choice too. Without this entry the intent stands, and a sweep
                            // looks for the name.
                            return Ok(());
                        }
                        self.write(&Entry::Created { number, resources: place.into_iter().collect() })
                    }
                }
            }
            (Some(Intent { number, endpoint, name, .. }), Ok(answer))
                if answer.status < 500 || answer.status == 501 =>
            {
                self.look_again(endpoint, name);
                self.write(&Entry::Refused { number })
            }
            // An error that was at least said: there is no name to look for, and no reason to think of an orphan.
            (Some(Intent { number, name: None, .. }), Ok(_)) => self.write(&Entry::Refused { number }),
            // What never went out made nothing, whatever it is called.
            (Some(Intent { number, .. }), Err(error)) if error.is_unsent() => {
                self.write(&Entry::Refused { number })
            }
            (Some(Intent { endpoint, name: None, .. }), Err(_)) => {
                self.standing.push(Standing::Nameless { endpoint });
                Ok(())
            }
            // No answer, or one that leaves open what was done before the server stumbled.
            (Some(Intent { endpoint, name: Some(name), .. }), outcome) => {
                let late = outcome.as_ref().is_err_and(|error| error.is_timeout());
                // A server that waits for the rest of a body that we broke off is at work on nothing.
                let cut = matches!(request.framing(), Framing::BrokenOff(_));
                let told = if late && !cut { Told::Late } else { Told::Nothing };
                if cut {
                    self.look_again(endpoint.clone(), Some(name.clone()));
                }
                self.standing.push(Standing::Named { endpoint, name, told });
                Ok(())
            }
            (None, Ok(answer))
                // What a DELETE did not find may stand all the same: the clean-up looks.
                if *request.method() == Method::DELETE && (200..300).contains(&answer.status) =>
            {
                match self.is_abroad(request) {
                    true => self.removed_abroad(&Standing::At(bare(request.path()).to_owned())),
                    false => self.removed(bare(request.path())),
                }
            }
            (None, _) => Ok(()),
        }
    }

    /// Whether an answer shows another resource of the run than the one that was sent: a server that mixes its answers up says
    /// nothing of where this one is.
    pub(crate) fn shows_another(&self, body: Option<&Value>, name: &str) -> bool {
        let of_run: Vec<String> = body
            .map(names_of)
            .into_iter()
            .flatten()
            .filter(|shown| is_of_run(shown, &self.run))
            .map(str::to_lowercase)
            .collect();
        let name = name.to_lowercase();
        !of_run.is_empty() && !of_run.iter().any(|shown| shown.contains(&name))
    }

    /// What an earlier try of a create did is found by its name alone, so the intent in the journal stands, whatever the last
    /// try came to.
    fn unsettled(&mut self, endpoint: String, name: String, sent: &Sent) {
        let answer = sent.outcome.as_ref().ok().filter(|answer| (200..300).contains(&answer.status));
        if let Some(path) =
            answer.and_then(|answer| place(&endpoint, sent.json.as_deref(), answer.header("location")))
        {
            self.created += 1;
            self.refusals.places.insert(path.clone());
            self.standing.push(Standing::At(path.clone()));
            self.names.entry(path).or_default().push(name.clone());
        }
        self.standing.push(Standing::Named { endpoint, name, told: Told::Nothing });
    }

    /// Who refuses a create may have carried it out all the same: it is looked for once, when the run is over.
    fn look_again(&mut self, endpoint: String, name: Option<String>) {
        let named = name.map(|name| Standing::Named { endpoint, name, told: Told::Nothing });
        self.refusals.refused.extend(named);
    }

    /// Nobody waits for the answer any more. The journal keeps the intent as it is.
    pub(crate) fn abandoned(&mut self, intent: Option<Intent>) {
        self.standing.extend(intent.map(|Intent { endpoint, name, abroad, .. }| {
            let standing = match name {
                Some(name) => Standing::Named { endpoint, name, told: Told::Late },
                None => Standing::Nameless { endpoint },
            };
            if abroad { Standing::Abroad(Box::new(standing)) } else { standing }
        }));
    }

    /// The run was stopped before the request went out, so that nothing was made.
    pub(crate) fn unsent(&self, intent: Option<Intent>) -> Result<(), JournalError> {
        intent.map_or(Ok(()), |Intent { number, .. }| self.write(&Entry::Refused { number }))
    }

    /// A resource is gone.
    pub(crate) fn removed(&mut self, path: &str) -> Result<(), JournalError> {
        let before = self.standing.len();
        self.standing.retain(|standing| *standing != Standing::At(path.to_owned()));
        if self.standing.len() == before {
            return Ok(());
        }
        self.removed += 1;
        self.write(&Entry::Removed { resource: self.redactor.scrub(path), abroad: false })
    }

    /// A resource whose place was in doubt turned up and is gone now.
    pub(crate) fn found_and_removed(&mut self, path: &str, told: Told, is_first: bool) {
        self.refusals.places.insert(path.to_owned());
        self.counted_gone(told, is_first);
    }

    /// Counts what was found by its name and is gone now. What the answer said was created is counted already, and is one, however
    /// many copies of it were found.
    pub(crate) fn counted_gone(&mut self, told: Told, is_first: bool) {
        self.created += u32::from(told != Told::Created || !is_first);
        self.removed += 1;
    }

    /// How to look for a resource whose place tells nothing: by the name that it was sent with. Each name is given once.
    pub(crate) fn by_name(&mut self, path: &str) -> Option<Standing> {
        let (endpoint, _) = path.rsplit_once('/')?;
        let name = self.names.get_mut(path)?.pop()?;
        Some(Standing::Named { endpoint: endpoint.to_owned(), name, told: Told::Created })
    }

    /// Keeps what stands at these paths from the clean-up of the check, where it is sure that it stands there and nowhere else.
    pub(crate) fn lend(&mut self, paths: &[&str]) -> bool {
        let at =
            |standing: &Standing| matches!(standing, Standing::At(path) if paths.contains(&path.as_str()));
        let sure = self.standing.iter().all(|standing| matches!(standing, Standing::At(_)));
        let lendable = sure && paths.iter().all(|path| self.knows(path));
        if lendable {
            self.lent.extend(self.standing.extract_if(.., |standing| at(standing)));
        }
        lendable
    }

    /// Gives what was lent to the clean-up of the check.
    pub(crate) fn take_back<'a>(&mut self, paths: impl Iterator<Item = &'a str>) {
        for path in paths {
            let back =
                self.lent.extract_if(.., |standing| matches!(standing, Standing::At(lent) if lent == path));
            self.standing.extend(back);
        }
    }

    /// What still stands, the youngest first.
    pub(crate) fn standing(&self) -> Vec<Standing> {
        self.standing.iter().rev().cloned().collect()
    }

    /// Closes the book on a check: how many resources were created, how many are gone, and what was refused. What is
    /// left is somebody else's to deal with.
    pub(crate) fn close(&mut self) -> (u32, u32, Refusals) {
        self.standing.clear();
        let lent = &self.lent;
        self.names.retain(|path, _| lent.contains(&Standing::At(path.clone())));
        let refusals = std::mem::take(&mut self.refusals);
        (std::mem::take(&mut self.created), std::mem::take(&mut self.removed), refusals)
    }

    pub(crate) fn knows(&self, path: &str) -> bool {
        self.standing.iter().any(|standing| matches!(standing, Standing::At(known) if known == path))
    }

    pub(crate) fn write(&self, entry: &Entry) -> Result<(), JournalError> {
        self.journal.as_ref().map_or(Ok(()), |journal| journal.write(entry))
    }
}

/// A path without its query.
pub(crate) fn bare(path: &str) -> &str {
    path.split('?').next().unwrap_or(path)
}

/// Every text of a resource that can hold its name, the most telling first. A group that is created without its name carries
/// it as `externalId` (RFC 7643 §3.1).
pub(crate) fn names_of(body: &Value) -> impl Iterator<Item = &str> {
    let texts = ["userName", "displayName", "externalId"].map(|member| body.get(member)?.as_str());
    texts.into_iter().flatten().filter(|text| !text.is_empty())
}

/// The path of a resource below the base URL; none for an id that would lead elsewhere.
pub(crate) fn path_of(endpoint: &str, id: &str) -> Option<String> {
    let leads_there = !matches!(id, "" | "." | "..");
    leads_there.then(|| client::resource_path(endpoint.trim_end_matches('/'), id))
}

/// Where a created resource is. Should id and Location header differ, one of them names a resource that is not
/// ours, and neither is trusted.
pub(crate) fn place(endpoint: &str, body: Option<&Value>, location: Option<&str>) -> Option<String> {
    let id = body.and_then(|body| body.get("id")?.as_str());
    let by_id = id.and_then(|id| path_of(endpoint, id));
    let by_location = location.and_then(|url| {
        let (parent, segment) = bare(url).trim_end_matches('/').rsplit_once('/')?;
        let segment = percent_decode_str(segment).decode_utf8().ok()?;
        parent.ends_with(endpoint.trim_end_matches('/')).then(|| path_of(endpoint, &segment))?
    });
    match (by_id, by_location) {
        (Some(id), Some(location)) if !id.eq_ignore_ascii_case(&location) => None,
        (by_id, by_location) => by_id.or(by_location),
    }
}
