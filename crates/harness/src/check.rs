use std::panic::Location;

use client::Seen;
use record::{CheckKind, ReqId, Verdict};

use crate::capability::Capability;
use crate::expect::Expectation;
use crate::passive::History;
use crate::probe::Probe;
use crate::stop::Outcome;

/// An executable claim about a target that cites at least one requirement.
#[derive(Clone, Copy)]
pub struct Check {
    /// Stable id, `area.fact`: a sentence about the server.
    pub id: &'static str,
    /// The claim in a sentence.
    pub title: &'static str,
    /// What whoever makes a server would change that fails it; empty where nobody wrote that down.
    pub advice: &'static str,
    /// The requirements cited; the first one stands under every expectation that names no other.
    pub requirements: &'static [ReqId],
    /// What the target must offer for the check to make sense.
    pub needs: &'static [Capability],
    /// What it does.
    pub action: Action,
    /// Whether it needs the target to itself.
    pub alone: bool,
    /// Whether it only reads, so that it may run where nothing may be written.
    pub reads_only: bool,
    /// Whether it is about how requests are cut up on a connection; in process there is none.
    pub framed: bool,
    /// The source file that declares it.
    pub source: &'static str,
}

/// What a check does.
#[derive(Clone, Copy)]
pub enum Action {
    /// It sends requests and judges the answers.
    Active(&'static dyn Procedure),
    /// It is judged on every exchange, whatever caused it.
    Passive(&'static dyn Watch),
}

/// The body of an active check: a plain `fn(&mut Probe) -> Outcome`, or a row of a family.
pub trait Procedure: Sync {
    /// Talks to the target and judges what comes back.
    ///
    /// # Errors
    ///
    /// A [`Stop`](crate::Stop) when the check is decided early, or cannot be decided.
    fn run(&self, probe: &mut Probe) -> Outcome;

    /// The function that it is made of: rows of one family have the same.
    fn family(&self) -> &'static str {
        std::any::type_name::<Self>()
    }
}

impl<F: Fn(&mut Probe) -> Outcome + Sync> Procedure for F {
    fn run(&self, probe: &mut Probe) -> Outcome {
        self(probe)
    }
}

/// The body of a passive check: the expectations that one exchange is to meet, given what was seen before. An
/// empty list means that the exchange says nothing about the claim.
pub trait Watch: Sync {
    /// What this exchange is to meet.
    fn expectations(&self, seen: &Seen<'_>, past: &History) -> Vec<Expectation>;
}

impl<F: Fn(&Seen<'_>, &History) -> Vec<Expectation> + Sync> Watch for F {
    fn expectations(&self, seen: &Seen<'_>, past: &History) -> Vec<Expectation> {
        self(seen, past)
    }
}

impl Check {
    /// Declares a check that sends requests of its own.
    #[must_use]
    #[track_caller]
    pub const fn active(id: &'static str, procedure: &'static dyn Procedure) -> Self {
        Self::new(id, Action::Active(procedure), Location::caller().file())
    }

    /// Declares a check that watches every exchange.
    #[must_use]
    #[track_caller]
    pub const fn passive(id: &'static str, watch: &'static dyn Watch) -> Self {
        Self::new(id, Action::Passive(watch), Location::caller().file()).reads_only()
    }

    const fn new(id: &'static str, action: Action, source: &'static str) -> Self {
        Self {
            id,
            title: "",
            advice: "",
            requirements: &[],
            needs: &[],
            action,
            alone: false,
            reads_only: false,
            framed: false,
            source,
        }
    }

    /// The claim in a sentence.
    #[must_use]
    pub const fn title(self, title: &'static str) -> Self {
        Self { title, ..self }
    }

    /// What whoever makes a server would change that fails it, in a sentence or two.
    #[must_use]
    pub const fn advice(self, advice: &'static str) -> Self {
        Self { advice, ..self }
    }

    /// The requirements that the check cites.
    #[must_use]
    pub const fn verifies(self, requirements: &'static [ReqId]) -> Self {
        Self { requirements, ..self }
    }

    /// What the target must offer. Without it an active check is not run; a passive one misses nothing, and judges what it
    /// sees all the same.
    #[must_use]
    pub const fn needs(self, needs: &'static [Capability]) -> Self {
        Self { needs, ..self }
    }

    /// Keeps other checks from running at the same time.
    #[must_use]
    pub const fn alone(self) -> Self {
        Self { alone: true, ..self }
    }

    /// States that the check needs a connection to cut its requests up on.
    #[must_use]
    pub const fn framed(self) -> Self {
        Self { framed: true, ..self }
    }

    /// States that the check never writes.
    #[must_use]
    pub const fn reads_only(self) -> Self {
        Self { reads_only: true, ..self }
    }

    /// The advice that goes with a verdict: there is something to change only where something was found.
    pub(crate) fn advice_on(&self, verdict: &Verdict) -> Option<String> {
        (!self.advice.is_empty() && !verdict.findings().is_empty()).then(|| self.advice.to_owned())
    }

    /// Whether it acts or watches.
    #[must_use]
    pub const fn kind(&self) -> CheckKind {
        match self.action {
            Action::Active(_) => CheckKind::Active,
            Action::Passive(_) => CheckKind::Passive,
        }
    }

    /// The part of the id before its first dot.
    #[must_use]
    pub fn area(&self) -> &'static str {
        self.id.split_once('.').map_or(self.id, |(area, _)| area)
    }
}

/// Refuses, at compile time, a check that claims nothing or cites nothing.
///
/// # Panics
///
/// In a `const` item, which makes the panic a compile error.
pub const fn sound(checks: &[Check]) {
    let mut rest = checks;
    while let [check, tail @ ..] = rest {
        assert!(!check.title.is_empty(), "a check needs a title");
        assert!(!check.requirements.is_empty(), "a check cites at least one requirement");
        rest = tail;
    }
}
