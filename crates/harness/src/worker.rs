use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use record::{Breach, CheckKind, CheckResult, Finding, RequirementRef, Verdict};

use crate::capability;
use crate::check::{Action, Check, Procedure};
use crate::probe::Probe;
use crate::session::{CleanUp, Session, Shared};
use crate::stop::{Outcome, Stop};
use crate::trace::{Log, Trace};

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
        let verdict = Verdict::NotSupported { capability: capability.to_string() };
        return result(check, verdict, Log::default(), 0);
    }
    let began = shared.clock.now_us();
    let trace = Rc::new(Trace::new(check, shared.grading, shared.recorder.clone()));
    let mut probe = Probe::new(Rc::clone(session), Rc::clone(&trace));
    let outcome = attempt(procedure, &mut probe);
    let log = trace.take_log();
    let duration = shared.clock.now_us().saturating_sub(began);
    let verdict = verdict(outcome, &log.findings, |text| shared.recorder.redactor().scrub(text));
    result(check, verdict, log, duration)
}

/// Runs the body; a panic in it is our mishap, never the target's fault.
fn attempt(procedure: &'static dyn Procedure, probe: &mut Probe) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| procedure.run(probe))).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
        Err(Stop::Error(format!("the check panicked: {text}")))
    })
}

fn verdict(outcome: Outcome, filed: &[Finding], scrub: impl Fn(&str) -> String) -> Verdict {
    let findings = |last: Option<Finding>| last.into_iter().chain(filed.iter().cloned()).collect::<Vec<_>>();
    match outcome {
        Err(Stop::Fail(finding)) => Verdict::Fail { findings: findings(Some(*finding)) },
        Err(Stop::Error(mishap)) => Verdict::Error { mishap: scrub(&mishap) },
        // What was found before the obstacle stands.
        Ok(()) | Err(Stop::Blocked(_) | Stop::NotSupported(_)) if !filed.is_empty() => {
            let worst = filed.iter().map(|finding| finding.breach).max();
            match worst {
                Some(Breach::Fail) => Verdict::Fail { findings: findings(None) },
                Some(Breach::Warn | Breach::Note) | None => Verdict::Warn { findings: findings(None) },
            }
        }
        Ok(()) => Verdict::Pass,
        Err(Stop::Blocked(mut cause)) => {
            cause.message = scrub(&cause.message);
            Verdict::Blocked { cause }
        }
        Err(Stop::NotSupported(capability)) => Verdict::NotSupported { capability: scrub(&capability) },
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
