//! What a scenario puts between the client and the target.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use client::{Answer, AnswerLimit, Cancel, Clock, Connect, Delivered, Sending, Transport, TransportError};
use serde_json::{Value, json};

use crate::file::{Disturbance, DisturbanceKind};
use crate::play::patience::Patience;

/// A barrier between the client and the target, open until the run is cancelled. It remembers what was created through it.
#[derive(Clone, Debug)]
pub(super) struct Barrier {
    state: Arc<Mutex<State>>,
    cancel: Cancel,
}

#[derive(Debug, Default)]
struct State {
    disturbance: Option<Disturbance>,
    /// How many requests there were that the disturbance could hit.
    seen: u32,
    is_revoked: bool,
    /// The endpoint and the id of each resource that was created.
    created: Vec<(String, String)>,
}

/// What happens to one request.
enum Fate {
    Passes,
    Answered { status: u16, retry_after_s: Option<u32> },
    Unreachable,
    AnswerLost,
}

impl Barrier {
    pub(super) fn new(cancel: Cancel) -> Self {
        Self { state: Arc::default(), cancel }
    }

    /// Whether the run was stopped, and nothing passes any more.
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// From now on this comes in between.
    pub(super) fn disturb(&self, disturbance: Disturbance) {
        let mut state = self.state();
        state.disturbance = Some(disturbance);
        state.seen = 0;
    }

    /// From now on nothing comes in between but a revoked token.
    pub(super) fn mend(&self) {
        self.state().disturbance = None;
    }

    /// The token that the client has is accepted or not.
    pub(super) fn revoke(&self, is_revoked: bool) {
        self.state().is_revoked = is_revoked;
    }

    /// What was created through here: endpoint and id, in the order of the answers.
    pub(super) fn created(&self) -> Vec<(String, String)> {
        self.state().created.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fate(&self, method: &http::Method) -> Fate {
        let mut state = self.state();
        if state.is_revoked {
            return Fate::Answered { status: 401, retry_after_s: None };
        }
        let Some(disturbance) = state.disturbance.clone() else { return Fate::Passes };
        if disturbance.method.is_some_and(|hit| hit.name() != method.as_str()) {
            return Fate::Passes;
        }
        let before = state.seen;
        state.seen = before.saturating_add(1);
        let end = disturbance.times.map(|times| disturbance.after.saturating_add(times));
        if before < disturbance.after || end.is_some_and(|end| before >= end) {
            return Fate::Passes;
        }
        let retry_after_s = disturbance.retry_after_s;
        match disturbance.kind {
            DisturbanceKind::Unauthorized => Fate::Answered { status: 401, retry_after_s: None },
            DisturbanceKind::Throttled => Fate::Answered { status: 429, retry_after_s },
            DisturbanceKind::Unavailable => Fate::Answered { status: 503, retry_after_s },
            DisturbanceKind::Unreachable => Fate::Unreachable,
            DisturbanceKind::AnswerLost => Fate::AnswerLost,
        }
    }

    fn note(&self, endpoint: &str, answer: &Answer) {
        let id = answer
            .json_within(AnswerLimit::default())
            .and_then(|body| Some(body.get("id")?.as_str()?.to_owned()));
        if let Some(id) = id.filter(|_| (200..300).contains(&answer.status)) {
            self.state().created.push((endpoint.to_owned(), id));
        }
    }
}

/// Makes transports that pass the barrier.
pub(super) struct Through {
    pub(super) barrier: Barrier,
    pub(super) patience: Patience,
    pub(super) inner: Arc<dyn Connect>,
}

impl Connect for Through {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        let inner = self.inner.connect()?;
        Ok(Box::new(Passage { barrier: self.barrier.clone(), patience: self.patience.clone(), inner }))
    }
}

struct Passage {
    barrier: Barrier,
    patience: Patience,
    inner: Box<dyn Transport>,
}

impl Transport for Passage {
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        Box::pin(async move {
            let endpoint = request.uri().path().rsplit('/').next().unwrap_or_default().to_owned();
            let creates = request.method() == http::Method::POST;
            if let Some(reason) = self.patience.gave_up() {
                return Err(TransportError::Connect { reason });
            }
            let fate = self.barrier.fate(request.method());
            match fate {
                Fate::Answered { status, retry_after_s } => {
                    self.patience.note_played();
                    return Ok(answered(status, retry_after_s, clock));
                }
                Fate::Unreachable => {
                    return Err(TransportError::Connect {
                        reason: "the scenario keeps it unreachable".to_owned(),
                    });
                }
                Fate::Passes | Fate::AnswerLost => {}
            }
            if self.barrier.is_cancelled() {
                return Err(TransportError::Cancelled);
            }
            let delivered = tokio::select! {
                biased;
                delivered = self.inner.send(request, clock) => delivered?,
                () = self.barrier.cancel.given_up() => return Err(TransportError::Cancelled),
            };
            if creates {
                self.barrier.note(&endpoint, &delivered.answer);
            }
            match fate {
                Fate::AnswerLost => {
                    Err(TransportError::Closed { reason: "the scenario loses the answer".to_owned() })
                }
                _ => Ok(delivered),
            }
        })
    }
}

/// An answer in the place of the target's.
fn answered(status: u16, retry_after_s: Option<u32>, clock: &dyn Clock) -> Delivered {
    let body: Value = json!({
        "schemas": [protocol::urn::ERROR],
        "status": status.to_string(),
        "detail": "the scenario answers in the place of the target",
    });
    let mut headers = vec![("content-type".to_owned(), "application/scim+json".to_owned())];
    headers.extend(retry_after_s.map(|seconds| ("retry-after".to_owned(), seconds.to_string())));
    let now_us = clock.now_us();
    let answer = Answer { status, headers, body: Bytes::from(body.to_string()) };
    Delivered { answer, first_byte_us: now_us, last_byte_us: now_us }
}
