use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use client::{Framing, Method, Observer, Recorder, Seen};
use protocol::urn;
use record::{Breach, Cause, CauseKind, CheckKind, CheckResult, Finding, RequirementRef, Verdict};

use crate::capability::{self, Capability};
use crate::check::{Action, Check, Watch};
use crate::expect::View;
use crate::grading::Grading;
use crate::stop::{Stop, unpanicked};
use crate::trace::{Log, Trace, shown};

/// How many findings, and how many notes, of one passive check are kept; the rest would say the same.
const KEPT_MAX: usize = 5;

/// What earlier exchanges of the run showed.
#[derive(Debug, Default)]
pub struct History {
    ids: HashMap<String, String>,
    /// By id, the base schema of the resource that was first seen with it.
    types: HashMap<String, &'static str>,
}

impl History {
    /// The id that a URL's resource had when it was first seen.
    #[must_use]
    pub fn id_at(&self, url: &str) -> Option<&str> {
        self.ids.get(url).map(String::as_str)
    }

    /// The base schema, see [`base_schema`], of the resource that was first seen with this id, be it there still or not.
    #[must_use]
    pub fn type_of(&self, id: &str) -> Option<&'static str> {
        self.types.get(id).copied()
    }

    fn learn(&mut self, seen: &Seen<'_>) {
        let Some(body) = seen.json else { return };
        let Some(id) = body.get("id").and_then(|id| id.as_str()) else { return };
        let Some(answer) = seen.answer.filter(|answer| (200..300).contains(&answer.status)) else { return };
        let url = match (seen.request.method(), answer.header("location")) {
            (&Method::GET | &Method::PUT, _) => seen.url,
            (&Method::POST, Some(location)) => location,
            _ => return,
        };
        let url = url.split('?').next().unwrap_or(url);
        self.ids.entry(url.to_owned()).or_insert_with(|| id.to_owned());
        if let Some(base) = base_schema(body) {
            self.types.entry(id.to_owned()).or_insert(base);
        }
    }
}

/// Whether a resource says that it is a user or a group: the URI of its base schema. Nothing where it says neither, or
/// both.
///
/// ```
/// let user = serde_json::json!({ "schemas": [protocol::urn::USER, protocol::urn::ENTERPRISE_USER] });
/// assert_eq!(harness::base_schema(&user), Some(protocol::urn::USER));
/// assert_eq!(harness::base_schema(&serde_json::json!({ "schemas": [protocol::urn::ERROR] })), None);
/// ```
#[must_use]
pub fn base_schema(resource: &serde_json::Value) -> Option<&'static str> {
    let named = resource.get("schemas")?.as_array()?;
    let mut bases = [urn::USER, urn::GROUP].into_iter().filter(|base| named.iter().any(|uri| uri == base));
    bases.next().filter(|_| bases.next().is_none())
}

/// Judges every exchange of a run by every passive check.
pub(crate) struct PassiveJudge {
    grading: Grading,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    history: History,
    files: Vec<File>,
}

/// What one passive check has gathered.
struct File {
    check: Check,
    watch: &'static dyn Watch,
    judged: BTreeSet<u32>,
    held: BTreeSet<&'static str>,
    findings: Vec<Finding>,
    notes: Vec<String>,
    mishap: Option<String>,
}

/// The other end of a [`PassiveJudge`]: asked for results when the run is over.
pub(crate) struct PassiveResults(Arc<Mutex<State>>);

impl PassiveJudge {
    pub(crate) fn new(checks: &[Check], grading: Grading) -> (Self, PassiveResults) {
        let files = checks.iter().filter_map(|check| match check.action {
            Action::Active(_) => None,
            Action::Passive(watch) => Some(File {
                check: *check,
                watch,
                judged: BTreeSet::new(),
                held: BTreeSet::new(),
                findings: Vec::new(),
                notes: Vec::new(),
                mishap: None,
            }),
        });
        let state = Arc::new(Mutex::new(State { history: History::default(), files: files.collect() }));
        (Self { grading, state: Arc::clone(&state) }, PassiveResults(state))
    }
}

impl Observer for PassiveJudge {
    fn seen(&self, seen: &Seen<'_>, recorder: &Recorder) {
        let Some(answer) = seen.answer else { return };
        // What is said of a request that never came whole is said by whatever speaks HTTP for the target.
        if matches!(seen.request.framing(), Framing::BrokenOff(_)) {
            return;
        }
        let view = View { answer, json: seen.json };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { history, files } = &mut *state;
        for file in files {
            let judged = unpanicked(|| file.judge(seen, &view, history, self.grading, recorder));
            if let Err(mishap) = judged {
                // Here the exchange of some other check is under way, which must not suffer for it.
                file.mishap = Some(shown(&recorder.redactor().scrub(&mishap)));
            }
        }
        history.learn(seen);
    }
}

impl File {
    fn judge(
        &mut self,
        seen: &Seen<'_>,
        view: &View<'_>,
        past: &History,
        grading: Grading,
        recorder: &Recorder,
    ) {
        let expectations = self.watch.expectations(seen, past);
        if !expectations.is_empty() {
            self.judged.insert(seen.number);
        }
        // Nearly every expectation holds as it has held before, and leaves no trace.
        let mut trace = None;
        for expectation in &expectations {
            let requirement = expectation.requirement().or_else(|| self.check.requirements.first().copied());
            // One held expectation for each requirement is evidence enough.
            let fresh = requirement.is_none_or(|requirement| !self.held.contains(requirement.id));
            if !fresh && expectation.judge(view).is_ok() {
                continue;
            }
            let trace = trace.get_or_insert_with(|| Trace::new(self.check, grading, recorder.clone()));
            match trace.judge_quietly(seen.number, view, expectation, fresh) {
                Ok(()) => self.held.extend(requirement.map(|requirement| requirement.id)),
                Err(Stop::Fail(finding)) => self.findings.push(*finding),
                Err(Stop::Error(mishap)) => self.mishap = Some(mishap),
                Err(Stop::Blocked(_) | Stop::NotSupported(_) | Stop::Inapplicable(_)) => {}
            }
        }
        if let Some(trace) = trace {
            self.keep(trace.take_log());
        }
    }

    /// Files what was found and noted, the worst first.
    fn keep(&mut self, log: Log) {
        self.findings.extend(log.findings);
        self.findings.sort_by_key(|finding| std::cmp::Reverse(finding.breach));
        self.findings.truncate(KEPT_MAX);
        let fresh = log.notes.into_iter().filter(|note| !self.notes.contains(note));
        self.notes.extend(fresh.collect::<Vec<_>>());
        self.notes.truncate(KEPT_MAX);
    }

    /// What the target does not offer is not missed; what it shows all the same is judged.
    fn verdict(&self, offered: &BTreeSet<Capability>) -> Verdict {
        if let Some(mishap) = &self.mishap {
            return Verdict::Error { mishap: mishap.clone() };
        }
        match self.findings.first().map(|worst| worst.breach) {
            Some(Breach::Fail) => Verdict::Fail { findings: self.findings.clone() },
            Some(Breach::Warn | Breach::Note) => Verdict::Warn { findings: self.findings.clone() },
            None if self.judged.is_empty() => match capability::missing(self.check.needs, offered) {
                Some(capability) => {
                    Verdict::NotSupported { capability: capability.to_string(), offered: false }
                }
                None => Verdict::Blocked {
                    cause: Cause {
                        kind: CauseKind::Precondition,
                        message: "no exchange of this run shows anything to judge".to_owned(),
                        exchange: None,
                    },
                },
            },
            None => Verdict::Pass,
        }
    }
}

impl PassiveResults {
    /// One result for each passive check.
    pub(crate) fn collect(&self, offered: &BTreeSet<Capability>) -> Vec<CheckResult> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let results = state.files.iter().map(|file| {
            let verdict = file.verdict(offered);
            CheckResult {
                id: file.check.id.to_owned(),
                title: file.check.title.to_owned(),
                kind: CheckKind::Passive,
                source: file.check.source.to_owned(),
                requirements: file.check.requirements.iter().copied().map(RequirementRef::from).collect(),
                advice: file.check.advice_on(&verdict),
                verdict,
                notes: file.notes.clone(),
                exchanges: file.judged.iter().copied().collect(),
                duration_us: 0,
            }
        });
        results.collect()
    }
}
