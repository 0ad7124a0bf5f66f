use std::cell::RefCell;

use client::Recorder;
use record::{At, Breach, Finding, Held, ReqId, RequirementRef};

use crate::check::Check;
use crate::expect::{Expectation, Miss, View};
use crate::grading::Grading;
use crate::stop::{Outcome, Stop};

/// How much of what a target said stands in a finding, a note or a cause; the exchange has the rest.
const SHOWN_CHARS_MAX: usize = 400;

/// How many places a finding points at: whoever mends these mends the others, and a hostile answer may have any number.
const PLACES_MAX: usize = 40;

/// A text as reports show it. It must have been scrubbed before: half a secret is not recognised.
pub(crate) fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        None => text.to_owned(),
        Some((end, _)) => text.get(..end).unwrap_or_default().chars().chain(['…']).collect(),
    }
}

/// What one check has seen and said so far.
pub(crate) struct Trace {
    check: Check,
    grading: Grading,
    recorder: Recorder,
    log: RefCell<Log>,
}

/// The yield of a finished check.
#[derive(Default)]
pub(crate) struct Log {
    pub(crate) exchanges: Vec<u32>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) notes: Vec<String>,
}

impl Trace {
    pub(crate) fn new(check: Check, grading: Grading, recorder: Recorder) -> Self {
        Self { check, grading, recorder, log: RefCell::default() }
    }

    pub(crate) fn check(&self) -> Check {
        self.check
    }

    pub(crate) fn sent(&self, number: u32) {
        self.log.borrow_mut().exchanges.push(number);
    }

    pub(crate) fn note(&self, text: &str) {
        let text = shown(&self.recorder.redactor().scrub(text));
        let mut log = self.log.borrow_mut();
        if !log.notes.contains(&text) {
            log.notes.push(text);
        }
    }

    pub(crate) fn take_log(&self) -> Log {
        self.log.take()
    }

    /// Judges one expectation and files the result. A warning is filed and the check goes on; a failure stops it.
    pub(crate) fn judge(&self, number: u32, view: &View<'_>, expectation: &Expectation) -> Outcome {
        self.judge_quietly(number, view, expectation, true)
    }

    /// The same; success is only noted on the exchange when it is to be evidence.
    pub(crate) fn judge_quietly(
        &self,
        number: u32,
        view: &View<'_>,
        expectation: &Expectation,
        evidence: bool,
    ) -> Outcome {
        let Some(requirement) =
            expectation.requirement().or_else(|| self.check.requirements.first().copied())
        else {
            return Err(Stop::Error(format!("{} cites no requirement", self.check.id)));
        };
        if !self.check.requirements.contains(&requirement) {
            return Err(Stop::Error(format!(
                "{} asserts {} without citing it",
                self.check.id, requirement.id
            )));
        }
        match expectation.judge(view) {
            Ok(()) => {
                if evidence {
                    self.hold(number, requirement, expectation);
                }
                Ok(())
            }
            Err(miss) => self.file(number, requirement, expectation, miss),
        }
    }

    fn hold(&self, number: u32, requirement: ReqId, expectation: &Expectation) {
        let held = Held {
            check: self.check.id.to_owned(),
            requirement: requirement.id.to_owned(),
            expectation: shown(&self.recorder.redactor().scrub(expectation.words())),
        };
        self.recorder.hold(number, held);
    }

    fn file(&self, number: u32, requirement: ReqId, expectation: &Expectation, miss: Miss) -> Outcome {
        let finding = self.finding(Some(number), requirement, expectation, miss);
        match finding.breach {
            Breach::Fail => Err(Stop::Fail(Box::new(finding))),
            Breach::Warn => {
                self.log.borrow_mut().findings.push(finding);
                Ok(())
            }
            Breach::Note => {
                self.note(&format!("{}: {}", requirement.paraphrase, finding.actual));
                Ok(())
            }
        }
    }

    fn finding(
        &self,
        exchange: Option<u32>,
        requirement: ReqId,
        expectation: &Expectation,
        miss: Miss,
    ) -> Finding {
        let redactor = self.recorder.redactor();
        let breach = self.grading.breach(requirement);
        let scrubbed = |at: At| match at {
            At::Pointer { pointer } => At::Pointer { pointer: shown(&redactor.scrub(&pointer)) },
            at => at,
        };
        let at = scrubbed(miss.at.unwrap_or_else(|| expectation.at().clone()));
        let mut also: Vec<At> = Vec::new();
        for other in miss.also.into_iter().take(PLACES_MAX - 1).map(scrubbed) {
            if other != at && !also.contains(&other) {
                also.push(other);
            }
        }
        Finding {
            requirement: RequirementRef::from(requirement),
            breach,
            exchange,
            at,
            also,
            expected: shown(&redactor.scrub(expectation.words())),
            actual: shown(&redactor.scrub(&miss.actual)),
        }
    }
}
