//! Where requests are made: one desk for each thread, with a client and a tally of its own.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use client::{Client, Method, Request, Sent, TransportError};
use record::LoadOutcome;
use serde_json::Value;

use crate::answer::Wants;
use crate::floor::Floor;
use crate::operation;
use crate::tally::{Kind, Sample, Tally};

/// How much of an error's text is kept.
const EXAMPLE_CHARS_MAX: usize = 300;

/// One request as the executor is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timed {
    /// The method.
    pub method: Method,
    /// The operation, such as `create-user`.
    pub operation: &'static str,
    /// From the moment sent to the last byte.
    pub service: Duration,
    /// The status, where there was an answer.
    pub status: Option<u16>,
    /// Whether the answer was one that was expected.
    pub ok: bool,
}

/// What came of a request, as the model has to know it.
#[derive(Debug)]
pub(crate) enum Came {
    /// As it was to.
    Done(Sent),
    /// It was refused: nothing was changed.
    Refused,
    /// There is no telling whether it was done.
    Open,
    /// It was not sent: the load is over.
    Unsent,
}

/// One item under way: when it was due and what it has done so far.
#[derive(Debug)]
pub(crate) struct Errand {
    /// When it was due, and all its requests with it: one that waited for the answer to the one before waited for the target.
    /// None where each is due as soon as it can be sent.
    pub(crate) due_us: Option<u64>,
    /// How late it was begun; none when that was told, or where nothing was due.
    pub(crate) late_us: Option<u64>,
    /// Whether it brings something, which is missing if the target does not take it.
    pub(crate) brings: bool,
    pub(crate) timed: Vec<Timed>,
}

impl Errand {
    /// An item that was due at a moment, or is due now, and is begun now.
    pub(crate) fn begun(due_us: Option<u64>, now_us: u64) -> Self {
        let late_us = due_us.map(|due_us| now_us.saturating_sub(due_us));
        Self { due_us, late_us, brings: false, timed: Vec::new() }
    }
}

/// A thread's client and tally.
pub(crate) struct Desk {
    pub(crate) client: Client,
    pub(crate) floor: Arc<Floor>,
    pub(crate) tally: Arc<Mutex<Tally>>,
}

/// A request and what is known about it beforehand.
pub(crate) struct Ask {
    pub(crate) operation: &'static str,
    pub(crate) request: Request,
    /// What its answer has to be.
    pub(crate) wants: Wants,
    /// The size of what it works on.
    pub(crate) size: Option<u64>,
}

impl Desk {
    /// Sends a request, patiently: a target that asks for time gets it, and every try is measured. What it asked for does not
    /// count as its own time.
    pub(crate) async fn ask(&self, errand: &mut Errand, ask: Ask) -> Came {
        let mut waits = 0;
        let mut again_us = None;
        let asked_us = self.floor.clock.now_us();
        loop {
            if self.floor.is_over() || !self.floor.wait_for_turn().await || !self.floor.take() {
                return Came::Unsent;
            }
            let intended_us = errand.due_us.or(again_us).unwrap_or_else(|| self.floor.clock.now_us());
            self.floor.in_flight.fetch_add(1, Ordering::Relaxed);
            let sent = self.client.attempt(&ask.request, intended_us).await;
            self.floor.in_flight.fetch_sub(1, Ordering::Relaxed);
            if let Some(late_us) = errand.late_us.take() {
                self.note_lag(
                    late_us.saturating_add(sent.times.sent_us.saturating_sub(asked_us)),
                    intended_us,
                );
            }
            let wait = self.client.patience(&ask.request, &sent, waits);
            let first = outcome(&sent, ask.wants);
            let outcome = self.settle(first, wait.is_some());
            self.note(errand, &ask, &sent, outcome);
            if wait.is_none() && outcome != LoadOutcome::Ok {
                self.give_up(&ask, &sent, errand.brings, first);
            }
            if let Some(wait) = wait {
                waits += 1;
                let wait_us = u64::try_from(wait.as_micros()).unwrap_or(u64::MAX);
                let moment_us = self.floor.clock.now_us().saturating_add(wait_us);
                again_us = Some(moment_us);
                errand.due_us = errand.due_us.map(|due_us| due_us.saturating_add(wait_us));
                if self.floor.until(moment_us).await {
                    continue;
                }
            }
            return came(sent, outcome);
        }
    }

    /// Counts what is not asked again. Nothing is brought by a read, and one that failed is an error like others; one that was put
    /// off for ever is told.
    fn give_up(&self, ask: &Ask, sent: &Sent, brings: bool, outcome: LoadOutcome) {
        let (kind, example) = self.described(ask, sent);
        if (brings && ask.operation != operation::READ_USER) || outcome == LoadOutcome::Limited {
            self.floor.given_up.count(kind, example);
        } else if self.floor.counts(sent.times.intended_us) {
            self.floor.unread.count(kind, example);
        }
    }

    /// What a try comes to. A target that is asked again may take its time; where nobody asks again, its "not now" is a no.
    fn settle(&self, outcome: LoadOutcome, again: bool) -> LoadOutcome {
        match outcome {
            LoadOutcome::Limited if again => {
                self.floor.put_off.fetch_add(1, Ordering::Relaxed);
                outcome
            }
            LoadOutcome::Limited => LoadOutcome::Failed,
            LoadOutcome::Ok | LoadOutcome::Failed | LoadOutcome::Broken => outcome,
        }
    }

    fn note(&self, errand: &mut Errand, ask: &Ask, sent: &Sent, outcome: LoadOutcome) {
        let times = sent.times;
        let ended_us = times.last_byte_us.unwrap_or_else(|| self.floor.clock.now_us());
        let service_us = ended_us.saturating_sub(times.sent_us);
        let status = sent.outcome.as_ref().ok().map(|answer| answer.status);
        let ok = outcome == LoadOutcome::Ok;
        errand.timed.push(Timed {
            method: ask.request.method().clone(),
            operation: ask.operation,
            service: Duration::from_micros(service_us),
            status,
            ok,
        });
        if matches!(outcome, LoadOutcome::Failed | LoadOutcome::Broken) {
            self.floor.errors.fetch_add(1, Ordering::Relaxed);
        }
        let began_us = self.floor.began_us.load(Ordering::Relaxed);
        if times.intended_us < began_us {
            return;
        }
        let sample = Sample {
            key: (ask.operation, outcome),
            second: u32::try_from(ended_us.saturating_sub(began_us) / 1_000_000).unwrap_or(u32::MAX),
            warm_up: self.floor.is_warming_up(times.intended_us),
            response_us: ended_us.saturating_sub(times.intended_us),
            service_us,
            status,
            size: ask.size,
        };
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.record(&sample);
        if !ok {
            let (kind, example) = self.described(ask, sent);
            tally.error(kind, example);
        }
    }

    /// What went wrong, without secrets and no longer than anybody reads.
    fn described(&self, ask: &Ask, sent: &Sent) -> (Kind, String) {
        let (kind, example) = described(ask, sent);
        (kind, self.client.scrub(&example).chars().take(EXAMPLE_CHARS_MAX).collect())
    }

    /// Something was created.
    pub(crate) fn count_created(&self) {
        self.floor.created.fetch_add(1, Ordering::Relaxed);
    }

    /// The first request of an item went out so late, by no fault of the target's: because its turn came late, or because of
    /// our own ceiling. That a job was still busy with its last item is another matter.
    fn note_lag(&self, lag_us: u64, due_us: u64) {
        if self.floor.counts(due_us) {
            self.tally.lock().unwrap_or_else(PoisonError::into_inner).late(lag_us);
        }
    }
}

fn outcome(sent: &Sent, wants: Wants) -> LoadOutcome {
    match &sent.outcome {
        Err(_) => LoadOutcome::Broken,
        Ok(answer) if wants.status(answer.status) && wants.unusable(sent).is_some() => LoadOutcome::Broken,
        Ok(answer) if wants.status(answer.status) => LoadOutcome::Ok,
        Ok(answer) if answer.status == 429 => LoadOutcome::Limited,
        Ok(_) => LoadOutcome::Failed,
    }
}

fn came(sent: Sent, outcome: LoadOutcome) -> Came {
    match (outcome, &sent.outcome) {
        (LoadOutcome::Ok, _) => Came::Done(sent),
        (_, Err(error)) if error.is_unsent() => Came::Refused,
        // What a client did wrong was not done; a server in trouble may have been in the midst of it.
        (_, Ok(answer)) if (400..500).contains(&answer.status) => Came::Refused,
        (LoadOutcome::Limited | LoadOutcome::Failed | LoadOutcome::Broken, _) => Came::Open,
    }
}

/// What went wrong, as it is counted and as it is told.
fn described(ask: &Ask, sent: &Sent) -> (Kind, String) {
    let operation = ask.operation;
    match &sent.outcome {
        Err(error) => {
            let kind = Kind { operation, status: None, scim_type: None, transport: Some(transport(error)) };
            (kind, error.to_string())
        }
        Ok(answer) if ask.wants.status(answer.status) => {
            let status = Some(answer.status);
            let kind = Kind { operation, status, scim_type: None, transport: Some("unusable") };
            (kind, ask.wants.unusable(sent).unwrap_or_default())
        }
        Ok(answer) => {
            let text = |name| sent.json.as_ref().and_then(|json| json.get(name)).and_then(Value::as_str);
            let scim_type = text("scimType").map(|word| word.chars().take(40).collect());
            let example = text("detail").map_or_else(|| format!("status {}", answer.status), str::to_owned);
            (Kind { operation, status: Some(answer.status), scim_type, transport: None }, example)
        }
    }
}

fn transport(error: &TransportError) -> &'static str {
    match error {
        TransportError::Timeout { .. } => "timeout",
        TransportError::Connect { reason } if reason.contains("certificate") || reason.contains("tls") => {
            "tls"
        }
        TransportError::Connect { .. } => "connect",
        TransportError::Closed { .. } | TransportError::Stale { .. } => "reset",
        TransportError::NotHttp { .. } => "malformed",
        TransportError::TooLarge { .. } | TransportError::TooManyValues { .. } => "too-large",
        TransportError::Cancelled => "cancelled",
        _ => "unsendable",
    }
}
