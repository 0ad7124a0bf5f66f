use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use record::{CheckKind, CheckResult, Finding, Redactor, RequirementRef, Verdict};

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
}

/// Takes checks off the queue until it is empty.
pub(crate) fn work(shared: &Arc<Shared>, queue: &Queue, tell: &Sender<Message>) {
    let session = Session::new(shared).map(Rc::new);
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let Some((place, check)) = next else { return };
        // The receiver lives as long as the run; should it be gone, there is nobody left to tell.
        let _ = tell.send(Message::Started(check.id));
        let message = match &session {
            Ok(session) => {
                let result = run(session, check);
                Message::Finished(place, Box::new(result), session.clean_up())
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
}

fn run(session: &Rc<Session>, check: Check) -> CheckResult {
    let shared = &session.shared;
    let Action::Active(procedure) = check.action else {
        let verdict = Verdict::Error { mishap: "a passive check was queued".to_owned() };
        return result(check, verdict, Log::default(), 0);
    };
    if let Some(capability) = capability::missing(check.needs, &shared.service.capabilities) {
        let verdict = Verdict::NotSupported { capability: capability.to_string(), offered: false };
        return result(check, verdict, Log::default(), 0);
    }
    if check.framed && !shared.connect.has_connections() {
        let capability = "a connection to cut requests up on".to_owned();
        return result(check, Verdict::NotSupported { capability, offered: false }, Log::default(), 0);
    }
    let began = shared.clock.now_us();
    let trace = Rc::new(Trace::new(check, shared.grading, shared.recorder.clone()));
    let mut probe = Probe::new(Rc::clone(session), Rc::clone(&trace));
    let outcome = attempt(procedure, &mut probe);
    let mut log = trace.take_log();
    let duration = shared.clock.now_us().saturating_sub(began);
    let verdict = verdict(outcome, &mut log, shared.recorder.redactor());
    result(check, verdict, log, duration)
}

/// Runs the body; a panic in it is our mishap, never the target's fault.
fn attempt(procedure: &'static dyn Procedure, probe: &mut Probe) -> Outcome {
    unpanicked(|| procedure.run(probe)).unwrap_or_else(|mishap| Err(Stop::Error(mishap)))
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
        verdict,
        notes: log.notes,
        exchanges: log.exchanges,
        duration_us,
    }
}
