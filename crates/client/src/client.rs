//! The one way to the target.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use record::{RequestLog, Secret, Times};
use serde_json::Value;

use crate::answer::Answer;
use crate::clock::Clock;
use crate::error::TransportError;
use crate::prepare::{Prepared, prepare};
use crate::recorder::{Entry, Recorder, Seen};
use crate::redaction;
use crate::request::{Credential, Request};
use crate::retry;
use crate::spelling::respelled;
use crate::target::Target;
use crate::transport::{Connect, Delivered, Transport};

/// One request and what became of it, unredacted: it stays in memory.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The exchange's number within the run.
    pub number: u32,
    /// The whole URL.
    pub url: String,
    /// The answer, or why there is none.
    pub outcome: Result<Answer, Arc<TransportError>>,
    /// The answer's body, if it is JSON; with the names of attributes in the letter case of the standard, where the client
    /// [ignores it](Client::ignoring_case).
    pub json: Option<Arc<Value>>,
    /// When it was due, sent and answered, in microseconds of the clock.
    pub times: Times,
    /// Whether an earlier try of it may have been carried out, although its answer did not say so.
    pub unsettled: bool,
}

/// A request on its way, however often it takes to get there.
#[derive(Clone, Copy)]
struct Sending<'a> {
    request: &'a Request,
    /// The check that asks.
    check: Option<&'a str>,
    intended_us: u64,
    /// Told when it goes out.
    out: Option<&'a Out>,
}

/// Whether a request is with the target, for somebody who gives it up. While it waits for its turn, and once the target has put it
/// off, nobody is at work on it.
#[derive(Debug, Default)]
pub struct Out(AtomicBool);

impl Out {
    /// Whether the target may be at work on it.
    #[must_use]
    pub fn is_out(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, is_out: bool) {
        self.0.store(is_out, Ordering::Relaxed);
    }
}

/// Sends requests to one target from one thread.
pub struct Client {
    target: Target,
    transport: Box<dyn Transport>,
    recorder: Recorder,
    clock: Arc<dyn Clock>,
    ignores_case: bool,
}

impl Client {
    /// A client for this thread. The recorder learns the target's secrets here.
    ///
    /// # Errors
    ///
    /// If the transport cannot be set up.
    pub fn new(
        target: Target,
        connect: &dyn Connect,
        recorder: Recorder,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, TransportError> {
        target.secrets().iter().for_each(|secret| recorder.redactor().learn_credential(secret));
        let transport = connect.connect().map_err(|error| error.scrubbed(recorder.redactor()))?;
        Ok(Self { target, transport, recorder, clock, ignores_case: false })
    }

    /// The same client, to whom the letter case of attribute names says nothing (RFC 7643 §2.1): what it reads has them as the
    /// standard writes them. On record they are as they came.
    #[must_use]
    pub fn ignoring_case(self) -> Self {
        Self { ignores_case: true, ..self }
    }

    pub(crate) fn transport(&self) -> &dyn Transport {
        self.transport.as_ref()
    }

    pub(crate) fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// The target.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Sends a request on behalf of a check and waits for the whole answer.
    ///
    /// A 429 or 503 that asks for patience (`Retry-After` of at most 30 s) is waited for and the request sent again, up
    /// to three times, unless a 503 leaves open whether a POST or PATCH was carried out; each try is an exchange of its own, and
    /// the last one is returned. While a request waits that a 429 has put off, nobody with a clone of this target sends another
    /// one; where three waits were in vain, the next 429 stands at once. Needs a tokio runtime with its timer. Dropping the
    /// future records the exchange as cancelled.
    ///
    /// A request that does no more when it is carried out twice (RFC 9110 §9.2.2) is sent once more where its connection, kept
    /// from an earlier request, turned out to be closed ([`TransportError::Stale`]); that too is an exchange of its own.
    pub async fn send(&self, request: Request, check: Option<&str>) -> Sent {
        let may_repeat = |request: &Request, answer: &Answer| !retry::leaves_open(request.method(), answer);
        self.wait_and_send(request, check, None, may_repeat).await
    }

    /// Like [`Client::send`], but a POST or PATCH is sent again after a 503 too: for a caller who can tell what became of the
    /// first one ([`Sent::unsettled`]), and who may give it up: `out` says then whether the target has it.
    pub async fn insist(&self, request: Request, check: Option<&str>, out: &Out) -> Sent {
        self.wait_and_send(request, check, Some(out), |_, _| true).await
    }

    async fn wait_and_send(
        &self,
        request: Request,
        check: Option<&str>,
        out: Option<&Out>,
        may_repeat: fn(&Request, &Answer) -> bool,
    ) -> Sent {
        let turns = self.target.turns();
        let mut turn = None;
        let mut unsettled = false;
        let mut waits = 0;
        turns.come().await;
        let mut intended_us = self.clock.now_us();
        loop {
            let sent = self.send_on(Sending { request: &request, check, intended_us, out }).await;
            let answer = sent.outcome.as_ref().ok().filter(|answer| may_repeat(&request, answer));
            let is_put_off = answer.is_some_and(|answer| answer.status == 429);
            let wait = answer.and_then(|answer| retry::wait(answer, waits, self.clock.unix_s()));
            let Some(wait) = wait.filter(|_| !(is_put_off && turns.are_in_vain())) else {
                if waits > 0 || !is_put_off {
                    turns.note(is_put_off);
                }
                return Sent { unsettled, ..sent };
            };
            unsettled |= answer.is_some_and(|answer| retry::leaves_open(request.method(), answer));
            waits += 1;
            // Somebody who was at work on it when a 503 came may be so yet.
            out.filter(|_| !unsettled).into_iter().for_each(|out| out.set(false));
            let wait_us = u64::try_from(wait.as_micros()).unwrap_or(u64::MAX);
            intended_us = self.clock.now_us().saturating_add(wait_us);
            if is_put_off && turn.is_none() {
                turn = Some(turns.first().await);
            }
            let left_us = intended_us.saturating_sub(self.clock.now_us());
            self.clock.sleep(Duration::from_micros(left_us)).await;
        }
    }

    /// Sends a request once, whatever the answer asks for, and waits for the whole answer: for a caller that has its own
    /// way with `Retry-After`. Otherwise like [`Client::send`].
    pub async fn send_without_waiting(&self, request: &Request, check: Option<&str>) -> Sent {
        self.send_on(Sending { request, check, intended_us: self.clock.now_us(), out: None }).await
    }

    /// Sends a request that was due at a moment of the clock, once. Whoever calls decides about another try; see
    /// [`patience`](Self::patience).
    pub async fn attempt(&self, request: &Request, intended_us: u64) -> Sent {
        self.send_on(Sending { request, check: None, intended_us, out: None }).await
    }

    /// How long the target asks to wait before a request is sent again, after so many waits for it; none if its answer stands.
    #[must_use]
    pub fn patience(&self, request: &Request, sent: &Sent, waits: u32) -> Option<Duration> {
        let answer = sent.outcome.as_ref().ok()?;
        let settled = !retry::leaves_open(request.method(), answer);
        retry::wait(answer, waits, self.clock.unix_s()).filter(|_| settled)
    }

    /// Waits as long as the target's reads may [lag](Target::lag) behind its writes: afterwards they show all that was written
    /// before.
    pub async fn caught_up(&self) {
        let lag = self.target.lag();
        if !lag.is_zero() {
            self.clock.sleep(lag).await;
        }
    }

    /// A text without the secrets that are known here, for whoever writes down what a server said.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        self.recorder.redactor().scrub(text)
    }

    /// Sends a request, and once more where the token that it showed was good until then.
    async fn send_on(&self, sending: Sending<'_>) -> Sent {
        let request = sending.request;
        let token = self.see_to_token(request).await;
        let shown = token.as_ref().ok().cloned().flatten();
        let sent = self.send_kept(sending, token.map(drop)).await;
        let refused = |answer: &Answer| self.wants_another(request, shown.as_ref(), answer);
        if sent.outcome.as_ref().is_ok_and(refused) {
            let token = self.see_to_token(request).await;
            let shown = token.as_ref().ok().cloned().flatten();
            let sent = self.send_kept(sending, token.map(drop)).await;
            // Whatever came of it stands, and tells whether the new token opens anything.
            let _ = sent.outcome.as_ref().map(|answer| self.wants_another(request, shown.as_ref(), answer));
            return sent;
        }
        sent
    }

    /// Sends a request, and once more where a connection was no longer what it was taken for.
    async fn send_kept(&self, sending: Sending<'_>, ready: Result<(), TransportError>) -> Sent {
        let sent = self.send_once(sending, ready).await;
        let stale = |error: &Arc<TransportError>| matches!(**error, TransportError::Stale { .. });
        if sending.request.method().is_idempotent() && sent.outcome.as_ref().is_err_and(stale) {
            return self.send_once(sending, Ok(())).await;
        }
        sent
    }

    /// Sends a request once, unless there is something already that keeps it from being sent.
    async fn send_once(&self, sending: Sending<'_>, ready: Result<(), TransportError>) -> Sent {
        let Sending { request, check, intended_us, out } = sending;
        let body =
            if self.recorder.keeps() || may_hold_a_secret(request) { request.json_body() } else { None };
        self.learn(request, body.as_ref());
        let admitted = match ready {
            Ok(()) => self.target.pace().admit(request, self.clock.as_ref()).await,
            Err(error) => Err(error),
        };
        let (url, wire) = match prepare(request, &self.target) {
            Ok(Prepared { url, request }) => (url, Ok(request)),
            Err(error) => (request.path().to_owned(), Err(error)),
        };
        let headers = wire.as_ref().ok().map(http::Request::headers);
        let log = self.recorder.keeps().then(|| self.log(request, body.as_ref(), &url, headers));
        let entry = self.recorder.begin(check, log, intended_us, self.clock.now_us());
        let delivered = match (admitted, wire) {
            (Ok(admitted), Ok(wire)) => {
                out.into_iter().for_each(|out| out.set(true));
                let delivered = self.deliver(wire).await;
                admitted.settled(delivered.as_ref().ok().map(|delivered| delivered.answer.status));
                delivered
            }
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
        let sent = self.close(entry, url, delivered);
        self.recorder.show(&Seen {
            number: sent.number,
            check,
            request,
            url: &sent.url,
            answer: sent.outcome.as_ref().ok(),
            json: sent.json.as_deref(),
        });
        sent
    }

    /// One request under the target's time limit.
    async fn deliver(&self, wire: http::Request<Bytes>) -> Result<Delivered, TransportError> {
        let after = self.target.time_limit();
        match tokio::time::timeout(after, self.transport.send(wire, self.clock.as_ref())).await {
            Ok(delivered) => delivered,
            Err(_) => Err(TransportError::Timeout { after }),
        }
    }

    fn close(&self, entry: Entry, url: String, delivered: Result<Delivered, TransportError>) -> Sent {
        let (number, mut times) = (entry.number, entry.times);
        let limit = self.target.answer_limit();
        let judged =
            delivered.and_then(|delivered| match delivered.answer.holds_more_values_than(limit.values()) {
                true => Err(TransportError::TooManyValues { limit }),
                false => Ok(delivered),
            });
        match judged {
            Ok(Delivered { answer, first_byte_us, last_byte_us }) => {
                let json = answer.json();
                times.first_byte_us = Some(first_byte_us);
                times.last_byte_us = Some(last_byte_us);
                entry.answered(&answer, json.as_ref(), times);
                let json = if self.ignores_case { json.map(respelled) } else { json }.map(Arc::new);
                Sent { number, url, outcome: Ok(answer), json, times, unsettled: false }
            }
            Err(error) => {
                let error = error.scrubbed(self.recorder.redactor());
                entry.failed(&error);
                Sent { number, url, outcome: Err(Arc::new(error)), json: None, times, unsettled: false }
            }
        }
    }

    fn log(
        &self,
        request: &Request,
        json: Option<&Value>,
        url: &str,
        headers: Option<&HeaderMap>,
    ) -> RequestLog {
        let redactor = self.recorder.redactor();
        let headers =
            headers.into_iter().flatten().map(|(name, value)| redaction::sent(name, value, redactor));
        let made_up = matches!(request.credential(), Credential::Bearer(_))
            || request.headers().iter().any(|(name, _)| name == "authorization");
        RequestLog {
            made_up_credential: made_up,
            method: request.method().to_string(),
            url: redaction::address(url, redactor),
            headers: headers.collect(),
            body: request.bytes().and_then(|bytes| redaction::body(bytes, json, redactor)),
        }
    }

    /// Makes the request's secrets known before anything can echo them.
    fn learn(&self, request: &Request, json: Option<&Value>) {
        let redactor = self.recorder.redactor();
        if let Credential::Bearer(token) = request.credential() {
            redactor.learn(token);
        }
        let spelled_out = request.headers().iter().filter(|(name, _)| redaction::is_credential_header(name));
        let texts = spelled_out
            .map(|(_, value)| value.split_once(' ').map_or(value.as_str(), |(_, credential)| credential))
            .chain(json.map(|body| redaction::secrets(body, redactor)).unwrap_or_default());
        for text in texts.filter(|text| redaction::is_distinctive(text)) {
            redactor.learn(&Secret::new(text.to_owned()));
        }
    }
}

/// Whether a body may hold what has to be learned. To read every body of a load for nothing would cost the generator dear;
/// an escape may spell anything.
fn may_hold_a_secret(request: &Request) -> bool {
    let holds = |bytes: &[u8]| {
        bytes.contains(&b'\\') || bytes.windows(8).any(|word| word.eq_ignore_ascii_case(b"password"))
    };
    request.bytes().is_some_and(|bytes| holds(bytes))
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("target", &self.target).finish_non_exhaustive()
    }
}
