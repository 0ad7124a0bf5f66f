use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use record::{CauseKind, CheckKind, CheckResult, Finding, Redactor, RequirementRef, Verdict};

use crate::capability;
use crate::check::{Action, Check, Procedure};
use crate::probe::Probe;
use crate::session::{CleanUp, Session, Shared};
use crate::stop::{Outcome, Stop, unpanicked};
use crate::trace::{Log, Trace, shown};

/// The checks still to run, by their place in the plan.
pub(crate) type Queue = Mutex<VecDeque<(usize, Check)>>;

/// What a worker tells.
pub(crate) enum Message {
    Started(&'static str),
    Finished(usize, Box<CheckResult>, CleanUp),
    /// What was lent to checks is gone.
    Closed(CleanUp),
}

/// Takes checks off the queue until it is empty.
pub(crate) fn work(shared: &Arc<Shared>, queue: &Queue, tell: &Sender<Message>) {
    let session = Session::new(shared).map(Rc::new);
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let Some((place, check)) = next else { break };
        // The receiver lives as long as the run; should it be gone, there is nobody left to tell.
        let _ = tell.send(Message::Started(check.id));
        let message = match &session {
            Ok(session) => {
                let (result, mut cleaned) = run(session, check);
                cleaned.extend(session.clean_up());
                Message::Finished(place, Box::new(result), cleaned)
            }
            Err(mishap) => {
                let verdict = Verdict::Error { mishap: mishap.clone() };
                Message::Finished(
                    place,
                    Box::new(result(check, verdict, Log::default(), 0)),
                    CleanUp::default(),
                )
            }
        };
        let _ = tell.send(message);
    }
    if let Ok(session) = &session {
        let _ = tell.send(Message::Closed(session.close()));
    }
}

/// The check's result, and what was removed before its last attempt.
fn run(session: &Rc<Session>, check: Check) -> (CheckResult, CleanUp) {
    let shared = &session.shared;
    let without = |verdict| (result(check, verdict, Log::default(), 0), CleanUp::default());
    let Action::Active(procedure) = check.action else {
        return without(Verdict::Error { mishap: "a passive check was queued".to_owned() });
    };
    if let Some(capability) = capability::missing(check.needs, &shared.service.capabilities) {
        return without(Verdict::NotSupported { capability: capability.to_string(), offered: false });
    }
    if check.framed && !shared.connect.has_connections() {
        let capability = "a connection to cut requests up on".to_owned();
        return without(Verdict::NotSupported { capability, offered: false });
    }
    let began = shared.clock.now_us();
    let trace = || Rc::new(Trace::new(check, shared.grading, shared.recorder.clone()));
    let mut probe = Probe::new(Rc::clone(session), trace());
    let (mut outcome, mut log) = attempt(procedure, &mut probe);
    let mut cleaned = CleanUp::default();
    if is_unproven(&outcome, &log) && session.has_borrowed() && session.may_go_on().is_ok() {
        // Another check, or a server that mixes them up, may have changed what this one looked at.
        cleaned = session.start_over();
        (outcome, log) = attempt(procedure, &mut probe.alone(trace()));
    }
    let duration = shared.clock.now_us().saturating_sub(began);
    let verdict = verdict(outcome, &mut log, shared.recorder.redactor());
    (result(check, verdict, log, duration), cleaned)
}

/// Whether an attempt may have come to what it did because of the resources that it looked at.
fn is_unproven(outcome: &Outcome, log: &Log) -> bool {
    match outcome {
        Ok(()) => !log.findings.is_empty(),
        Err(Stop::Blocked(cause)) => cause.kind == CauseKind::Precondition,
        Err(Stop::Error(_)) => false,
        Err(Stop::Fail(_) | Stop::NotSupported(_) | Stop::Inapplicable(_)) => true,
    }
}

/// Runs the body; a panic in it is our mishap, never the target's fault.
fn attempt(procedure: &'static dyn Procedure, probe: &mut Probe) -> (Outcome, Log) {
    let outcome = unpanicked(|| procedure.run(probe)).unwrap_or_else(|mishap| Err(Stop::Error(mishap)));
    (outcome, probe.take_log())
}

/// What the outcome amounts to. Broken SHOULDs were filed on the way; the worst decides.
fn verdict(outcome: Outcome, log: &mut Log, redactor: &Redactor) -> Verdict {
    let tidy = |text: &str| shown(&redactor.scrub(text));
    let filed = std::mem::take(&mut log.findings);
    match outcome {
        Err(Stop::Fail(finding)) => {
            Verdict::Fail { findings: std::iter::once(*finding).chain(filed).collect() }
        }
        Err(Stop::Error(mishap)) => Verdict::Error { mishap: tidy(&mishap) },
        Err(Stop::Blocked(mut cause)) => {
            // A warning would hide that the rest was never judged.
            log.notes.extend(filed.into_iter().map(|finding| {
                let Finding { requirement, at, expected, actual, .. } = finding;
                format!("{}: expected {expected} at {at}, got {actual}", requirement.paraphrase)
            }));
            cause.message = tidy(&cause.message);
            Verdict::Blocked { cause }
        }
        Ok(()) | Err(Stop::NotSupported(_) | Stop::Inapplicable(_)) if !filed.is_empty() => {
            Verdict::Warn { findings: filed }
        }
        Ok(()) => Verdict::Pass,
        Err(Stop::NotSupported(capability)) => {
            Verdict::NotSupported { capability: tidy(&capability), offered: false }
        }
        Err(Stop::Inapplicable(capability)) => {
            Verdict::NotSupported { capability: tidy(&capability), offered: true }
        }
    }
}

fn result(check: Check, verdict: Verdict, log: Log, duration_us: u64) -> CheckResult {
    CheckResult {
        id: check.id.to_owned(),
        title: check.title.to_owned(),
        kind: CheckKind::Active,
        source: check.source.to_owned(),
        requirements: check.requirements.iter().copied().map(RequirementRef::from).collect(),
        advice: check.advice_on(&verdict),
        verdict,
        notes: log.notes,
        exchanges: log.exchanges,
        duration_us,
    }
}
