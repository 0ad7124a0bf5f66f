use std::collections::BTreeMap;
use std::time::Duration;

use minijinja::Value;
use record::{CheckResult, Checks, Leftover, Load, Run, VerdictKind};
use serde::Serialize;

use super::check::CheckView;
use super::exchange::{Evidence, FindingView, View};
use super::history::HistoryView;
use super::load::LoadView;
use super::script;
use super::sections::{self, Document};
use super::sync::SyncView;
use crate::digest::{self, Cause, Untested};
use crate::headline::{self, Headline, Part};
use crate::{markdown, text};

/// The one legend of the verdicts.
const LEGEND: &str = include_str!("../../../docs/verdicts.md");
/// What the other words of a report mean.
const WORDS: &str = include_str!("../../../docs/words.md");
const CSS: &str = concat!(include_str!("page.css"), include_str!("parts.css"));

/// In the order in which somebody chooses.
const LEVELS: [&str; 6] = ["MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "STATED", "MAY"];

/// How many problems the first screen tells; the others stand among the checks.
const REPAIRS_SHOWN_MAX: usize = 20;
/// How much of an expectation, or of what came instead, the first screen tells.
const TOLD_FIRST_CHARS_MAX: usize = 160;

/// Everything that the template is filled with.
#[derive(Serialize)]
pub(super) struct Page {
    css: Value,
    script: Value,
    /// The content security policy.
    policy: Value,
    legend: Value,
    words: Value,
    word: &'static str,
    rest: String,
    tone: &'static str,
    target: String,
    facts: Vec<Fact>,
    command: String,
    /// Whether the exchanges can be repeated only on a server that is started anew.
    bundled: bool,
    /// What each part comes to, where there are several.
    parts: Vec<PartView>,
    /// What became of the failures of an earlier run, part by part.
    histories: Vec<HistoryView>,
    leftovers: Vec<LeftoverView>,
    checks: Option<ChecksView>,
    sync: Option<SyncView>,
    load: Option<LoadView>,
}

#[derive(Serialize)]
struct PartView {
    name: &'static str,
    anchor: &'static str,
    tone: &'static str,
    word: &'static str,
    figure: String,
    told: String,
}

#[derive(Serialize)]
struct Fact {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
struct ChecksView {
    total: usize,
    tally: Vec<Tally>,
    repairs: Vec<Repair>,
    repairs_more: usize,
    untested: Vec<UntestedView>,
    waived: Vec<WaivedView>,
    /// Requirement, rule and behaviour of each.
    unseen: Vec<[String; 3]>,
    /// Waivers that waive nothing.
    idle: Vec<String>,
    readings: Vec<Reading>,
    capabilities: Vec<String>,
    areas: Vec<AreaView>,
    /// The levels of what the checks are about.
    levels: Vec<&'static str>,
    documents: Vec<Document>,
    /// Whether some exchanges are shown by their first line.
    abridged: bool,
    /// What belongs to no check: discovery and clean-up.
    others: Vec<View>,
}

/// How many checks ended in a verdict.
#[derive(Serialize)]
struct Tally {
    verdict: &'static str,
    count: usize,
}

/// A failure as the first screen tells it.
#[derive(Serialize)]
struct Repair {
    id: String,
    /// What the check claims.
    title: String,
    /// The verdict as a class name.
    tone: &'static str,
    label: &'static str,
    finding: FindingView,
    more: usize,
    /// What causes it, where that is more than the finding.
    told: Option<String>,
    /// What whoever makes the server would change.
    advice: Option<String>,
    /// The waiver that let it pass until its day.
    lapsed: Option<String>,
    /// Whether it is `new` or `known`.
    novelty: Option<&'static str>,
    /// The other checks with the same cause.
    others: Vec<String>,
}

#[derive(Serialize)]
struct UntestedView {
    word: &'static str,
    /// The verdict as a class name, where it is one.
    tone: &'static str,
    reason: String,
    /// Whether the checks have a place on the page that can be linked to.
    shown: bool,
    checks: Vec<String>,
}

/// What a profile excuses, for one reason.
#[derive(Serialize)]
struct WaivedView {
    by: String,
    reason: String,
    checks: Vec<String>,
}

#[derive(Serialize)]
struct Reading {
    /// What was asked: the title of the check.
    question: String,
    note: String,
    check: String,
}

impl Reading {
    fn of((result, note): (&CheckResult, String)) -> Self {
        Self { question: text::line(&result.title), note, check: text::line(&result.id) }
    }
}

#[derive(Serialize)]
struct LeftoverView {
    resource: String,
    reason: String,
}

#[derive(Serialize)]
struct AreaView {
    name: String,
    tally: Vec<Tally>,
    checks: Vec<CheckView>,
}

impl LeftoverView {
    fn of(left: &Leftover) -> Self {
        Self { resource: text::line(&left.resource), reason: text::line(&left.reason) }
    }
}

impl Page {
    pub(super) fn of(run: &Run) -> Self {
        let Headline { word, tone, rest } = Headline::of(run);
        Self {
            css: Value::from_safe_string(CSS.to_owned()),
            script: Value::from_safe_string(script::SCRIPT.to_owned()),
            policy: Value::from_safe_string(script::policy()),
            legend: Value::from_safe_string(markdown::to_html(LEGEND, 3)),
            words: Value::from_safe_string(markdown::to_html(WORDS, 3)),
            word,
            rest,
            tone: tone.as_str(),
            target: text::line(&run.target.url),
            facts: facts(run),
            command: text::line(&run.command),
            bundled: run.target.bundled,
            parts: parts(run),
            histories: digest::histories(run).map(HistoryView::of).collect(),
            leftovers: digest::leftovers(run).map(LeftoverView::of).collect(),
            checks: run.checks.as_ref().map(|checks| ChecksView::of(run, checks)),
            sync: run.sync.as_ref().map(|sync| SyncView::of(run, sync)),
            load: run.load.as_ref().map(LoadView::of),
        }
    }
}

/// Key figures of each part; a run of one part needs none but its sentence, save for a load.
fn parts(run: &Run) -> Vec<PartView> {
    let view = |name, anchor, part: Part, figure: String| {
        let (word, tone) = headline::word(part.conclusion, part.failed, false);
        let word = if word == "PROOF" { "good" } else { word };
        PartView { name, anchor, tone: tone.as_str(), word, figure, told: part.told }
    };
    let mut parts = Vec::new();
    if let Some(checks) = &run.checks {
        let counts = checks.counts();
        let figure = format!("{} of {} checks pass", counts.pass, counts.total());
        parts.push(view("Standard", "checks", Part::of_checks(checks, false), figure));
    }
    if let Some(sync) = &run.sync {
        let held: usize = sync.scenarios.iter().map(record::Scenario::held).sum();
        let all: usize = sync.scenarios.iter().map(|scenario| scenario.expectations().count()).sum();
        let figure = format!("{held} of {all} expectations held");
        parts.push(view("Sync", "sync", Part::of_sync(sync), figure));
    }
    if let Some(load) = &run.load {
        let figures: Vec<String> = load.runs.iter().map(digest::key_figures).collect();
        parts.push(view("Load", "load", Part::of_load(load), figures.join("; ")));
    }
    parts
}

fn facts(run: &Run) -> Vec<Fact> {
    let bundled = if run.target.bundled { ", the bundled reference server" } else { "" };
    let mut facts = vec![
        ("profile", format!("{}{bundled}", run.target.profile)),
        ("started", run.started.clone()),
        ("took", text::duration(Duration::from_millis(run.duration_ms))),
        ("tool", format!("{} {}", run.tool.name, run.tool.version)),
        ("seed", run.seed.to_string()),
        ("run", run.id.clone()),
    ];
    if let Some(checks) = &run.checks {
        facts.push(("exchanges", checks.exchanges.len().to_string()));
        facts.push(("resources", format!("{} created, {} removed", checks.created, checks.removed)));
        if checks.strict {
            facts.push(("strict", "a broken SHOULD is a failure".to_owned()));
        }
        facts.extend(checks.notes.iter().map(|note| ("note", text::one_line(note))));
    }
    if let Some(sync) = &run.sync {
        facts.push(("scenarios", sync.scenarios.len().to_string()));
        facts.extend(digest::asked_in(sync).map(|asked| ("asked", asked.replace('`', ""))));
        facts.push(("sync", format!("{} exchanges", sync.exchanges.len())));
    }
    if let Some(load) = &run.load {
        facts.push(("load", loads(load)));
    }
    facts.into_iter().map(|(name, value)| Fact { name, value: text::line(&value) }).collect()
}

/// The loads by name; one that several executors drove is named once, with them.
fn loads(load: &Load) -> String {
    let mut names: Vec<(&str, Vec<&str>)> = Vec::new();
    for run in &load.runs {
        match names.iter_mut().find(|(name, _)| *name == run.name) {
            Some((_, executors)) => executors.push(&run.executor),
            None => names.push((&run.name, vec![&run.executor])),
        }
    }
    let told = |(name, executors): (&str, Vec<&str>)| match executors.as_slice() {
        [_] => name.to_owned(),
        several => format!("{name} (by {})", several.join(", then ")),
    };
    names.into_iter().map(told).collect::<Vec<_>>().join(", ")
}

/// The verdicts that occur, in the order reports list them.
fn tally<'a>(results: impl IntoIterator<Item = &'a CheckResult>) -> Vec<Tally> {
    let (counts, not_begun) = digest::tally(results);
    let verdicts =
        VerdictKind::ALL.into_iter().map(|kind| Tally { verdict: kind.as_str(), count: counts.get(kind) });
    verdicts
        .chain([Tally { verdict: digest::NOT_BEGUN, count: not_begun }])
        .filter(|tally| tally.count > 0)
        .collect()
}

impl ChecksView {
    fn of(run: &Run, checks: &Checks) -> Self {
        let evidence = Evidence::of(run, checks);
        let mut held: BTreeMap<&str, usize> = BTreeMap::new();
        for expectation in checks.exchanges.iter().flat_map(|exchange| &exchange.held) {
            *held.entry(&expectation.check).or_default() += 1;
        }
        let mut repairs = repairs(&evidence, run, checks);
        let repairs_more = repairs.len().saturating_sub(REPAIRS_SHOWN_MAX);
        repairs.truncate(REPAIRS_SHOWN_MAX);
        let shown = |check: &str| checks.results.iter().any(|result| result.id == check);
        Self {
            total: checks.results.len(),
            tally: tally(&checks.results),
            abridged: evidence.is_abridged(),
            repairs,
            repairs_more,
            untested: digest::untested(checks).into_iter().map(UntestedView::of).collect(),
            waived: digest::waived(checks)
                .into_iter()
                .map(|group| WaivedView { by: group.by, reason: group.reason, checks: lines(&group.checks) })
                .collect(),
            unseen: checks
                .unseen
                .iter()
                .map(|one| [&one.requirement, &one.rule, &one.behaviour].map(|part| text::line(part)))
                .collect(),
            idle: digest::idle_waivers(checks).into_iter().map(digest::idle).collect(),
            readings: digest::readings(checks).into_iter().map(Reading::of).collect(),
            capabilities: checks.capabilities.iter().map(|capability| text::line(capability)).collect(),
            areas: digest::areas(checks)
                .into_iter()
                .map(|area| AreaView {
                    name: text::line(area.name),
                    tally: tally(area.results.iter().copied()),
                    checks: area
                        .results
                        .iter()
                        .map(|result| {
                            let held = held.get(result.id.as_str()).copied().unwrap_or_default();
                            CheckView::of(&evidence, checks, result, held)
                        })
                        .collect(),
                })
                .collect(),
            levels: LEVELS
                .into_iter()
                .filter(|level| checks.results.iter().any(|result| digest::level(result) == *level))
                .collect(),
            documents: sections::of(checks),
            others: checks
                .exchanges
                .iter()
                .filter(|exchange| !exchange.check.as_deref().is_some_and(shown))
                .map(|exchange| View::of(&evidence, exchange))
                .collect(),
        }
    }
}

/// What to repair first: the causes of failures; where there are none, of warnings. What kept checks from judging stands
/// under what was not tested.
fn repairs(evidence: &Evidence<'_>, run: &Run, checks: &Checks) -> Vec<Repair> {
    let causes = digest::causes(run, checks);
    let told = |cause: &Cause<'_>| {
        let result = cause.lead;
        Some(Repair {
            id: text::line(&result.id),
            title: text::line(&result.title),
            tone: result.verdict.kind().as_str(),
            label: digest::label(result),
            finding: FindingView::of(evidence, digest::lead(result)?, TOLD_FIRST_CHARS_MAX),
            more: result.verdict.findings().len() - 1,
            told: cause.told.as_deref().map(text::line),
            advice: digest::advice_on(checks, cause),
            lapsed: digest::lapsed(checks, result),
            novelty: digest::novelty_of(checks, cause),
            others: cause.others.iter().map(|result| text::line(&result.id)).collect(),
        })
    };
    let of = |kind: VerdictKind| {
        let causes = causes.iter().filter(|cause| cause.lead.verdict.kind() == kind);
        causes.filter_map(told).collect::<Vec<_>>()
    };
    let failures = of(VerdictKind::Fail);
    if failures.is_empty() { of(VerdictKind::Warn) } else { failures }
}

fn lines(checks: &[&str]) -> Vec<String> {
    checks.iter().map(|check| text::line(check)).collect()
}

impl UntestedView {
    fn of(group: Untested<'_>) -> Self {
        Self {
            word: group.word,
            tone: match group.word {
                digest::LEFT_OUT => "",
                digest::STOPPED => VerdictKind::Blocked.as_str(),
                verdict => verdict,
            },
            reason: group.reason,
            shown: group.word != digest::LEFT_OUT,
            checks: lines(&group.checks),
        }
    }
}
