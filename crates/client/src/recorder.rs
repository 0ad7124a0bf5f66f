//! What is remembered of every exchange.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use record::{Body, Exchange, Header, Held, Redactor, RequestLog, ResponseLog, Times};
use serde_json::Value;

use crate::answer::Answer;
use crate::error::TransportError;
use crate::redaction;
use crate::request::Request;

/// Everything that one observer is shown of an exchange. It is not redacted and must stay in memory.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Number within the run, from 1.
    pub number: u32,
    /// The id of the check that sent it; none for discovery and clean-up.
    pub check: Option<&'a str>,
    /// What was sent.
    pub request: &'a Request,
    /// The whole URL.
    pub url: &'a str,
    /// What came back; none if nothing usable did.
    pub answer: Option<&'a Answer>,
    /// The answer's body, if it is JSON.
    pub json: Option<&'a Value>,
}

/// Looks on at every exchange of a run, on the thread that made it and after it was recorded.
pub trait Observer: Send + Sync {
    /// One exchange is over; the recorder has it. Who keeps a recorder of his own keeps himself alive with it.
    fn seen(&self, seen: &Seen<'_>, recorder: &Recorder);
}

/// How many bytes of the headers and bodies of answers a run keeps whole. It may make thousands of requests, and the target decides how long
/// its answers are.
const KEPT_BYTES_MAX: usize = 32 * 1024 * 1024;
/// How much is kept of each body, and of the value of each header, beyond that.
const BEGINNING_BYTES_MAX: usize = 1024;

/// Keeps the exchanges of a run, redacted. Clones share one log.
#[derive(Clone)]
pub struct Recorder {
    shared: Arc<Shared>,
}

struct Shared {
    redactor: Redactor,
    /// Whether exchanges are kept.
    keeps: bool,
    last_number: AtomicU32,
    /// How many bytes of headers and bodies were to be kept.
    bytes: AtomicUsize,
    exchanges: Mutex<BTreeMap<u32, Exchange>>,
    observers: RwLock<Vec<Arc<dyn Observer>>>,
}

impl Recorder {
    /// An empty log that passes everything through this redactor.
    #[must_use]
    pub fn new(redactor: Redactor) -> Self {
        Self::keeping(redactor, true)
    }

    /// A log that keeps nothing: a million exchanges would fill the memory. They are numbered and shown to those who look
    /// on, and errors are redacted as ever.
    #[must_use]
    pub fn forgetful(redactor: Redactor) -> Self {
        Self::keeping(redactor, false)
    }

    fn keeping(redactor: Redactor, keeps: bool) -> Self {
        Self {
            shared: Arc::new(Shared {
                redactor,
                keeps,
                last_number: AtomicU32::new(0),
                bytes: AtomicUsize::new(0),
                exchanges: Mutex::default(),
                observers: RwLock::default(),
            }),
        }
    }

    /// The redactor that everything passes.
    #[must_use]
    pub fn redactor(&self) -> &Redactor {
        &self.shared.redactor
    }

    /// A body as it is kept: once there is much already, only how it begins.
    fn kept(&self, mut body: Body) -> Body {
        if self.is_full(body.text.len()) {
            body.truncated |= redaction::cut(&mut body.text, BEGINNING_BYTES_MAX);
        }
        body
    }

    /// A header as it is kept, by the same measure.
    fn kept_header(&self, mut header: Header) -> Header {
        if self.is_full(header.value.len()) && redaction::cut(&mut header.value, BEGINNING_BYTES_MAX) {
            header.value.push('…');
        }
        header
    }

    /// Whether there is too much already for so many bytes more.
    fn is_full(&self, more_bytes: usize) -> bool {
        let kept_bytes = self.shared.bytes.fetch_add(more_bytes, Ordering::Relaxed);
        kept_bytes.saturating_add(more_bytes) > KEPT_BYTES_MAX
    }

    /// Whether exchanges are kept.
    pub(crate) fn keeps(&self) -> bool {
        self.shared.keeps
    }

    /// Notes an expectation that held on an exchange; without effect for a number that was never recorded.
    pub fn hold(&self, exchange: u32, held: Held) {
        let held = Held { expectation: self.redactor().scrub(&held.expectation), ..held };
        if let Some(exchange) = self.log().get_mut(&exchange) {
            exchange.held.push(held);
        }
    }

    /// Adds an observer. It sees the exchanges that end from now on, so add it before the run.
    pub fn observe(&self, observer: Box<dyn Observer>) {
        let mut observers = self.shared.observers.write().unwrap_or_else(PoisonError::into_inner);
        observers.push(Arc::from(observer));
    }

    /// Every exchange so far, by number.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.log().values().cloned().collect()
    }

    /// Every exchange so far, by number, at the end of a run: the recorder has none of them any more.
    #[must_use]
    pub fn take_exchanges(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.log()).into_values().collect()
    }

    /// The highest number that an exchange has been given so far; zero before the first.
    #[must_use]
    pub fn last_number(&self) -> u32 {
        self.shared.last_number.load(Ordering::Relaxed)
    }

    /// The exchanges with higher numbers than this one, by number: at the cost of these, and not of all.
    #[must_use]
    pub fn exchanges_since(&self, number: u32) -> Vec<Exchange> {
        let log = self.log();
        log.range(number.saturating_add(1)..).map(|(_, exchange)| exchange.clone()).collect()
    }

    /// Opens the record of an exchange that is about to begin. Without a request nothing is kept.
    pub(crate) fn begin(
        &self,
        check: Option<&str>,
        request: Option<RequestLog>,
        intended_us: u64,
        sent_us: u64,
    ) -> Entry {
        let number = self.shared.last_number.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        let times = Times { intended_us, sent_us, first_byte_us: None, last_byte_us: None };
        let check = check.map(str::to_owned);
        let open = |request| Exchange {
            number,
            check,
            request,
            response: None,
            error: None,
            times,
            held: Vec::new(),
        };
        Entry { recorder: self.clone(), exchange: request.map(open), number, times }
    }

    /// Shows an exchange to everybody who looks on.
    pub(crate) fn show(&self, seen: &Seen<'_>) {
        // The lock is not held while they look: an observer may well come back to the recorder.
        let observers = self.shared.observers.read().unwrap_or_else(PoisonError::into_inner).clone();
        for observer in observers {
            observer.seen(seen, self);
        }
    }

    fn log(&self) -> MutexGuard<'_, BTreeMap<u32, Exchange>> {
        self.shared.exchanges.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("exchanges", &self.log().len()).finish_non_exhaustive()
    }
}

/// The record of an exchange under way. If it is dropped before its end (the run was stopped), that is recorded: the
/// request may have reached the target.
pub(crate) struct Entry {
    recorder: Recorder,
    exchange: Option<Exchange>,
    pub(crate) number: u32,
    pub(crate) times: Times,
}

impl Entry {
    /// The answer came.
    pub(crate) fn answered(mut self, answer: &Answer, json: Option<&Value>, times: Times) {
        if self.exchange.is_none() {
            return;
        }
        let redactor = self.recorder.redactor();
        let headers = answer.headers.iter().map(|(name, value)| redaction::header(name, value, redactor));
        let headers = headers.map(|header| self.recorder.kept_header(header));
        let response = ResponseLog {
            status: answer.status,
            headers: headers.collect(),
            body: redaction::body(&answer.body, json, redactor).map(|body| self.recorder.kept(body)),
        };
        if let Some(exchange) = &mut self.exchange {
            exchange.response = Some(response);
            exchange.times = times;
        }
    }

    /// Nothing usable came.
    pub(crate) fn failed(mut self, error: &TransportError) {
        self.fail(error);
    }

    fn fail(&mut self, error: &TransportError) {
        let text = self.recorder.redactor().scrub(&error.to_string());
        if let Some(exchange) = &mut self.exchange {
            exchange.error = Some(text);
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if self.exchange.as_ref().is_some_and(|open| open.response.is_none() && open.error.is_none()) {
            self.fail(&TransportError::Cancelled);
        }
        if let Some(exchange) = self.exchange.take() {
            self.recorder.log().insert(exchange.number, exchange);
        }
    }
}
