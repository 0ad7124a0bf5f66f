use std::time::Duration;

use record::{CauseKind, CheckKind, CheckResult, Checks, Exchange, RequirementRef, Verdict};
use serde::Serialize;

use super::exchange::{Evidence, FindingView, Link, View};
use crate::{digest, text};

/// How many findings of one check are shown; the run file holds the others.
const FINDINGS_SHOWN_MAX: usize = 12;
/// How many links to exchanges of other checks are shown.
const LINKS_SHOWN_MAX: usize = 12;
/// How much of a finding, a mishap or an obstacle is shown.
const TOLD_CHARS_MAX: usize = 600;

/// A requirement in our own words.
#[derive(Serialize)]
pub(super) struct RequirementView {
    id: String,
    level: &'static str,
    section: String,
    link: Option<String>,
    paraphrase: String,
}

impl RequirementView {
    pub(super) fn of(requirement: &RequirementRef) -> Self {
        Self {
            id: text::line(&requirement.id),
            level: requirement.level.as_str(),
            section: text::line(&requirement.section),
            // A run file is input too: an address of any other kind could be a script.
            link: requirement.link.starts_with("https://").then(|| text::line(&requirement.link)),
            paraphrase: text::line(&requirement.paraphrase),
        }
    }
}

/// A check in full.
#[derive(Serialize)]
pub(super) struct CheckView {
    id: String,
    title: String,
    /// The verdict as a class name.
    verdict: &'static str,
    label: &'static str,
    /// The level of the requirement that it is about.
    level: &'static str,
    area: String,
    open: bool,
    passive: bool,
    requirements: Vec<RequirementView>,
    source: String,
    notes: Vec<String>,
    findings: Vec<FindingView>,
    findings_more: usize,
    /// What whoever makes the server would change.
    advice: Option<String>,
    /// Whether it is `new` or `known`, where the run is held to an earlier one.
    novelty: Option<&'static str>,
    /// What else became of it since then.
    changed: Option<String>,
    /// The waiver that let it pass until its day.
    lapsed: Option<String>,
    /// For a check without judgement: what stood in the way.
    obstacle: Option<Obstacle>,
    /// The exchanges that the check caused.
    exchanges: Vec<View>,
    /// Exchanges that others caused and that this check used.
    links: Vec<Link>,
    judged: usize,
    held: usize,
    took: String,
}

/// Why a check came to no judgement.
#[derive(Serialize)]
pub(super) struct Obstacle {
    lead: &'static str,
    text: String,
    exchange: Option<Link>,
}

impl Obstacle {
    pub(super) fn of(evidence: &Evidence<'_>, verdict: &Verdict) -> Option<Self> {
        let told = |text: &str| text::fit(text, TOLD_CHARS_MAX);
        match verdict {
            Verdict::Blocked { cause } => Some(Self {
                lead: match cause.kind {
                    CauseKind::Precondition => "A step before the claim did not work",
                    CauseKind::Timeout => "No answer in time",
                    CauseKind::Transport => "No answer that could be read",
                    CauseKind::Cancelled => "The run was stopped",
                },
                text: told(&cause.message),
                exchange: Link::of(evidence, cause.exchange),
            }),
            Verdict::Error { mishap } => Some(Self {
                lead: "A mishap of our own; it says nothing about the target",
                text: told(mishap),
                exchange: None,
            }),
            Verdict::NotSupported { capability, offered } => {
                if let Some(told) = verdict.not_given() {
                    let lead = "Not the target's doing";
                    return Some(Self { lead, text: told.to_owned(), exchange: None });
                }
                let lead = if *offered {
                    "Applies only where this is not offered"
                } else {
                    "The target does not offer"
                };
                Some(Self { lead, text: told(capability), exchange: None })
            }
            Verdict::Waived { by, reason, .. } => {
                Some(Self { lead: "Meant so", text: told(&format!("{reason} ({by})")), exchange: None })
            }
            Verdict::Pass | Verdict::Warn { .. } | Verdict::Fail { .. } => None,
        }
    }
}

/// The exchanges of others that an active check used, as far as its place on the page links to them.
pub(super) fn used<'a>(checks: &'a Checks, result: &'a CheckResult) -> impl Iterator<Item = &'a Exchange> {
    let exchanges = result.exchanges.iter().filter(|_| result.kind == CheckKind::Active);
    let exchanges = exchanges.filter_map(|number| checks.exchange(*number));
    exchanges.filter(|exchange| exchange.check.as_deref() != Some(&result.id)).take(LINKS_SHOWN_MAX)
}

impl CheckView {
    pub(super) fn of(evidence: &Evidence<'_>, checks: &Checks, result: &CheckResult, held: usize) -> Self {
        let kind = result.verdict.kind();
        let passive = result.kind == CheckKind::Passive;
        let findings = digest::findings(result);
        let findings_more = findings.len().saturating_sub(FINDINGS_SHOWN_MAX);
        let own = |check: &Option<String>| check.as_deref() == Some(result.id.as_str());
        let links = used(checks, result).map(|exchange| Link::to(evidence, exchange)).collect();
        Self {
            id: text::line(&result.id),
            title: text::line(&result.title),
            verdict: if digest::is_not_begun(result) { digest::NOT_BEGUN } else { kind.as_str() },
            label: digest::label(result),
            level: digest::level(result),
            area: text::line(result.area()),
            open: !digest::is_not_begun(result)
                && matches!(
                    result.verdict,
                    Verdict::Fail { .. } | Verdict::Error { .. } | Verdict::Blocked { .. }
                ),
            passive,
            requirements: result.requirements.iter().map(RequirementView::of).collect(),
            source: text::line(&result.source),
            notes: result.notes.iter().map(|note| text::line(note)).collect(),
            findings: findings
                .into_iter()
                .take(FINDINGS_SHOWN_MAX)
                .map(|finding| FindingView::of(evidence, finding, TOLD_CHARS_MAX))
                .collect(),
            findings_more,
            advice: digest::advice(checks, result),
            novelty: digest::novelty(checks, result),
            changed: digest::changed(checks, result),
            lapsed: digest::lapsed(checks, result),
            obstacle: Obstacle::of(evidence, &result.verdict),
            exchanges: checks
                .exchanges
                .iter()
                .filter(|exchange| own(&exchange.check))
                .map(|exchange| View::of(evidence, exchange))
                .collect(),
            links,
            judged: result.exchanges.len(),
            held,
            took: text::duration(Duration::from_micros(result.duration_us)),
        }
    }
}
