use std::sync::Arc;

use client::{Answer, Client, Request, Silence, TransportError, with_version_if_asked};
use record::Secret;
use serde_json::Value;

use crate::abroad::NO_TOKEN;
use crate::journal::is_of_run;
use crate::ledger::{Standing, Told, names_of};
use crate::search::{Pages, Whereabouts};

/// What is said of a create that cannot be followed up.
const BY_HAND: &str = "its request carried no name of the run and got no reply; look for it by hand";

/// What is said where one name is that of too many.
const CROWDED: &str = "more resources carry this name than are removed at a time; look for the rest by hand";

/// Removes what one run created, and nothing else.
#[derive(Clone, Copy)]
pub(crate) struct Removal<'a> {
    pub(crate) client: &'a Client,
    pub(crate) silence: &'a Silence,
    pub(crate) pages: &'a Pages,
    pub(crate) run: &'a str,
    /// What is shown in place of the run's own token.
    pub(crate) shown: Option<&'a Secret>,
}

/// An answer, and its body where that is JSON.
type Heard = (Answer, Option<Arc<Value>>);

/// Why a resource is not taken for ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It has other names.
    Foreign,
    /// What answers at its place shows no resource, and this is why it cannot be told.
    Unread(String),
    /// Nothing answers.
    Silent(String),
}

impl Doubt {
    pub(crate) fn reason(self) -> String {
        match self {
            Self::Foreign => {
                "what stands there has another name, so it may not be ours; if it is, remove it by hand"
                    .to_owned()
            }
            Self::Unread(reason) | Self::Silent(reason) => reason,
        }
    }
}

/// What an attempt to remove came to.
#[derive(Default)]
pub(crate) struct Removed {
    /// The paths at which nothing of ours stands any more.
    pub(crate) gone: Vec<String>,
    /// At how many of them nothing stood in the first place.
    pub(crate) missing: usize,
    /// Why something still stands.
    pub(crate) kept: Option<Kept>,
}

/// Why a resource stays.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) reason: String,
    /// Whether it may be gone by now: no answer came to its DELETE.
    unanswered: bool,
}

impl From<String> for Kept {
    fn from(reason: String) -> Self {
        Self { reason, unanswered: false }
    }
}

impl Removed {
    pub(crate) fn kept(reason: impl Into<String>) -> Self {
        Self { kept: Some(reason.into().into()), ..Self::default() }
    }
}

impl Removal<'_> {
    /// Deletes a resource, in the tenant where it is; one that is only known by its name, where it was found.
    pub(crate) async fn remove(&self, standing: &Standing, found: &Whereabouts) -> Removed {
        if self.silence.lasts() && !matches!(standing, Standing::Nameless { .. }) {
            return Removed::kept("the target stopped answering");
        }
        match standing {
            Standing::Abroad(there) => self.remove_abroad(there).await,
            _ => self.remove_here(standing, found).await,
        }
    }

    /// The same in the tenant whose token is shown.
    pub(crate) async fn remove_here(&self, standing: &Standing, found: &Whereabouts) -> Removed {
        match standing {
            Standing::At(path) => self.delete_all(vec![path.clone()]).await,
            Standing::Named { endpoint, name, told } => match found.of(endpoint, name) {
                Ok(found) if found.is_empty() => Removed {
                    kept: unseen(*told).map(|reason| reason.to_owned().into()),
                    ..Removed::default()
                },
                Ok(paths) => {
                    let mut removed = self.delete_all(paths).await;
                    if found.is_crowded(endpoint, name) {
                        removed.kept.get_or_insert_with(|| CROWDED.to_owned().into());
                    }
                    removed
                }
                Err(reason) => Removed::kept(reason),
            },
            Standing::Nameless { .. } => Removed::kept(BY_HAND),
            Standing::Abroad(_) => Removed::kept(NO_TOKEN),
        }
    }

    /// Refuses a resource that stands where ours is said to stand and carries no name of the run: ids are the target's word, and
    /// may be given anew.
    pub(crate) async fn confirm_ours(&self, path: &str) -> Result<(), Doubt> {
        let (answer, body) = self.ask(Request::get(path)).await.map_err(Doubt::Silent)?;
        let mut names = body.as_deref().map(names_of).into_iter().flatten().peekable();
        match answer.status {
            404 | 410 => Ok(()),
            200..300 if names.peek().is_some() => match names.any(|name| is_of_run(name, self.run)) {
                true => Ok(()),
                false => Err(Doubt::Foreign),
            },
            status => Err(Doubt::Unread(format!("GET answered {status}, so whose it is cannot be told"))),
        }
    }

    /// Removes what stands at a path, once a read has shown whose it is; whether anything stood there.
    pub(crate) async fn remove_ours(&self, path: &str) -> Result<bool, Kept> {
        self.confirm_ours(path).await.map_err(Doubt::reason)?;
        self.delete(path).await
    }

    async fn delete_all(&self, paths: Vec<String>) -> Removed {
        let mut removed = Removed::default();
        for path in paths {
            match self.delete(&path).await {
                Ok(stood) => {
                    removed.missing += usize::from(!stood);
                    removed.gone.push(path);
                }
                Err(kept) => removed.kept = Some(kept),
            }
        }
        removed
    }

    /// Whether anything stood there until now.
    async fn delete(&self, path: &str) -> Result<bool, Kept> {
        let unanswered = |reason| Kept { reason, unanswered: true };
        match self.write(Request::delete(path)).await.map_err(unanswered)? {
            200..300 => Ok(true),
            404 | 410 => Ok(self.confirm_gone(path).await.map(|()| false)?),
            status => {
                let refused = format!("DELETE answered {status}");
                Err(Kept::from(match self.deactivate(path).await {
                    Ok(()) => format!("{refused}; it was deactivated instead"),
                    Err(reason) => format!("{refused}; deactivating it failed too: {reason}"),
                }))
            }
        }
    }

    /// Sends a write, with the version of what stands there where the target asks for it.
    async fn write(&self, request: Request) -> Result<u16, String> {
        let ask = async |request| self.ask(request).await;
        let shown = |told: &Result<Heard, String>| {
            told.as_ref().ok().map(|(answer, body)| answer.shown(body.as_deref()))
        };
        with_version_if_asked(request, None, ask, shown).await.map(|(answer, _)| answer.status)
    }

    /// The path at which nothing stands any more, although its removal came to nothing: a DELETE that got no answer may have been
    /// carried out.
    pub(crate) async fn went_all_the_same(&self, standing: &Standing, kept: &Kept) -> Option<String> {
        let (place, standing) = match standing {
            Standing::Abroad(there) => (self.abroad()?, &**there),
            _ => (*self, standing),
        };
        match standing {
            Standing::At(path) if kept.unanswered && !self.silence.lasts() => {
                place.confirm_gone(path).await.ok().map(|()| path.clone())
            }
            _ => None,
        }
    }

    /// A DELETE that finds nothing is believed when a read finds nothing either.
    async fn confirm_gone(&self, path: &str) -> Result<(), String> {
        match self.ask(Request::get(path)).await?.0.status {
            404 | 410 => Ok(()),
            status => Err(format!("DELETE found nothing, and a GET after it answered {status}")),
        }
    }

    /// Where nothing can be deleted, a user of ours is at least made inactive.
    async fn deactivate(&self, path: &str) -> Result<(), String> {
        let Some(Value::Object(mut body)) = self.ask(Request::get(path)).await?.1.as_deref().cloned() else {
            return Err("it cannot be read".to_owned());
        };
        if !body.contains_key("userName") {
            return Err("only users can be inactive".to_owned());
        }
        body.insert("active".to_owned(), Value::Bool(false));
        match self.write(Request::put(path).json(&Value::Object(body))).await? {
            200..300 => Ok(()),
            status => Err(format!("PUT answered {status}")),
        }
    }

    /// Sends a request. None of those here does more when it is carried out twice, so one whose connection ended is
    /// sent once more: a server may close a connection at any time (RFC 9110 §9.2.2, RFC 9112 §9.5).
    pub(crate) async fn ask(&self, request: Request) -> Result<Heard, String> {
        let request = request.cleaning_up();
        let request = match self.shown {
            Some(token) => request.bearer(token.clone()),
            None => request,
        };
        let mut sent = self.client.send(request.clone(), None).await;
        self.silence.note(sent.outcome.as_ref().err().map(AsRef::as_ref));
        let closed = |error: &Arc<TransportError>| {
            matches!(**error, TransportError::Closed { .. } | TransportError::Stale { .. })
        };
        if sent.outcome.as_ref().is_err_and(closed) && !self.silence.lasts() {
            sent = self.client.send(request, None).await;
            self.silence.note(sent.outcome.as_ref().err().map(AsRef::as_ref));
        }
        let answer = sent.outcome.map_err(|error| error.to_string())?;
        Ok((answer, sent.json))
    }
}

/// Why a resource that is not to be found may stand all the same.
fn unseen(told: Told) -> Option<&'static str> {
    match told {
        Told::Created => Some("it was created, but neither the answer nor the list tells where it is"),
        Told::Late => Some("its request got no answer in time; it is not listed now, and may still appear"),
        Told::Nothing => None,
    }
}
