//! A journal for those who are not checks: what they create is written down on its way to the target.

use std::sync::Arc;

use bytes::Bytes;
use client::{AnswerLimit, Clock, Connect, Delivered, Method, Sending, Target, Transport, TransportError};
use record::Redactor;
use serde_json::Value;

use crate::journal::{Entry, Journal, JournalError, is_of_run};
use crate::ledger::{names_of, path_of, place};

/// Makes transports that write down, before it goes out, every POST that may create a resource, and afterwards what came of
/// it, so that a [`sweep`](crate::sweep) finds what is left when the process is killed.
///
/// What is created is to carry the run's name, [`PREFIX`](crate::PREFIX) and the run's id and a hyphen, in its `userName`,
/// `displayName` or `externalId`: by it the sweep tells it from what is somebody else's.
///
/// ```no_run
/// use std::sync::Arc;
///
/// use client::{Socket, Target};
/// use harness::{Journal, Journaled};
/// use record::Redactor;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let target = Target::new("http://localhost:8080/scim/v2")?;
/// let journal = Journal::create("journal-7f.ndjson".as_ref(), "7f", target.base())?;
/// let connect = Journaled::new(Arc::new(Socket::default()), Arc::new(journal), &target, Redactor::default());
/// # drop(connect);
/// # Ok(())
/// # }
/// ```
pub struct Journaled {
    inner: Arc<dyn Connect>,
    book: Arc<Book>,
}

impl Journaled {
    /// Transports of `inner` for requests to `target`. What the redactor would not show is not written down.
    #[must_use]
    pub fn new(inner: Arc<dyn Connect>, journal: Arc<Journal>, target: &Target, redactor: Redactor) -> Self {
        let base: http::Uri = target.base().parse().unwrap_or_default();
        let base_path = base.path().trim_end_matches('/').to_owned();
        Self { inner, book: Arc::new(Book { journal, base_path, redactor, limit: target.answer_limit() }) }
    }
}

impl Connect for Journaled {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(Writing { inner: self.inner.connect()?, book: Arc::clone(&self.book) }))
    }

    fn has_connections(&self) -> bool {
        self.inner.has_connections()
    }

    fn remark(&self) -> Option<String> {
        self.inner.remark()
    }
}

struct Writing {
    inner: Box<dyn Transport>,
    book: Arc<Book>,
}

impl Transport for Writing {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(self.inner.as_ref())
    }

    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        Box::pin(async move {
            let doing = self.book.before(&request).map_err(|error| unwritten(&error))?;
            let sent = self.inner.send(request, clock).await;
            // The answer stands whatever becomes of the entry; without it a sweep only asks once more.
            let _ = self.book.after(doing, &sent);
            sent
        })
    }
}

fn unwritten(error: &JournalError) -> TransportError {
    TransportError::Unsendable { reason: error.to_string() }
}

/// What a request may do to what stands on the target.
enum Doing {
    Creates { number: u64, endpoint: String, is_named: bool },
    Removes { path: String },
    Nothing,
}

/// The journal and what it takes to read a request for it.
struct Book {
    journal: Arc<Journal>,
    base_path: String,
    redactor: Redactor,
    limit: AnswerLimit,
}

impl Book {
    fn before(&self, request: &http::Request<Bytes>) -> Result<Doing, JournalError> {
        let path = request.uri().path();
        let path = path.strip_prefix(&self.base_path).unwrap_or(path);
        match *request.method() {
            // A search changes nothing (RFC 7644 §3.4.3).
            Method::POST if !path.ends_with("/.search") => {
                let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
                // By any other name somebody else's resource could be found, and removed for ours.
                let name = names_of(&body).find(|name| is_of_run(name, self.journal.run()));
                let name = name.map(|name| self.redactor.scrub(name));
                let number = self.journal.intent(&self.redactor.scrub(path), name.as_deref())?;
                Ok(Doing::Creates { number, endpoint: path.to_owned(), is_named: name.is_some() })
            }
            Method::DELETE => Ok(Doing::Removes { path: path.to_owned() }),
            _ => Ok(Doing::Nothing),
        }
    }

    fn after(&self, doing: Doing, sent: &Result<Delivered, TransportError>) -> Result<(), JournalError> {
        // Who answers with more than is read is not believed by whoever asked, and not here either.
        let answer = sent.as_ref().ok().map(|delivered| &delivered.answer);
        let answer = answer.filter(|answer| answer.fits(self.limit));
        let status = answer.map(|answer| answer.status);
        match (doing, status) {
            (Doing::Creates { number, endpoint, is_named }, Some(200..300)) => {
                let body = answer.and_then(client::Answer::json).map(client::respelled);
                let location = answer.and_then(|answer| answer.header("location"));
                match place(&endpoint, body.as_ref(), location) {
                    Some(path) if self.redactor.scrub(&path) == path => {
                        self.journal.write(&Entry::Created { number, resources: vec![path] })
                    }
                    // The intent stands, and a sweep looks for the name.
                    _ if is_named => Ok(()),
                    _ => self.journal.write(&Entry::Created { number, resources: Vec::new() }),
                }
            }
            // Somebody has the name, and it may be ours by now: a gateway that sends a request twice answers with what the
            // second came to. The intent stands, and a sweep looks for the name, which nobody but this run gives.
            (Doing::Creates { is_named: true, .. }, Some(409)) => Ok(()),
            (Doing::Creates { number, .. }, Some(0..=499 | 501)) => {
                self.journal.write(&Entry::Refused { number })
            }
            (Doing::Creates { number, .. }, None) if sent.as_ref().is_err_and(TransportError::is_unsent) => {
                self.journal.write(&Entry::Refused { number })
            }
            (Doing::Removes { path }, Some(200..300)) => match path.rsplit_once('/') {
                Some((endpoint, id)) => {
                    let path = decoded(id).and_then(|id| path_of(endpoint, &id)).unwrap_or(path);
                    self.journal
                        .write(&Entry::Removed { resource: self.redactor.scrub(&path), abroad: false })
                }
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }
}

/// A path segment without its escapes: the journal escapes ids in a way of its own.
fn decoded(segment: &str) -> Option<String> {
    percent_encoding::percent_decode_str(segment).decode_utf8().ok().map(Into::into)
}
