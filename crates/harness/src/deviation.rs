use profiles::{Deviation, Profile, Waiver};
use record::{CheckResult, Finding, Unseen, Verdict, VerdictKind};

use crate::waiving::Waiving;

/// Why a finding is excused.
enum Excuse<'a> {
    /// The profile breaks the requirement on purpose.
    Declared(&'a Deviation),
    /// Somebody knows of it.
    Known(&'a Waiver),
}

/// Excuses a check whose every finding is about a requirement that the profile breaks on purpose, or is known.
pub(crate) fn waive(profile: &Profile, waiving: &Waiving, mut result: CheckResult) -> CheckResult {
    let declared = |requirement: &str| {
        profile.deviations.iter().find(|deviation| {
            deviation.requirement == requirement
                && deviation.checks.as_ref().is_none_or(|checks| checks.contains(&result.id))
        })
    };
    let excuse = |finding: &Finding| match declared(&finding.requirement.id) {
        Some(deviation) => Some(Excuse::Declared(deviation)),
        None => waiving.excuse(&result.id, finding).map(Excuse::Known),
    };
    let found = result.verdict.findings();
    let excuses: Option<Vec<Excuse<'_>>> = found.iter().map(excuse).collect();
    if let Some(excuses) = excuses.filter(|excuses| !excuses.is_empty()) {
        result.verdict = Verdict::Waived {
            findings: found.to_vec(),
            by: by(profile, waiving, &excuses),
            reason: each_once(excuses.iter().map(|excuse| match excuse {
                Excuse::Declared(deviation) => deviation.behaviour.as_str(),
                Excuse::Known(waiver) => waiver.reason.as_str(),
            }))
            .join(" "),
        };
    }
    result
}

/// Who excuses it: the rules of the profile, then whoever knows of it.
fn by(profile: &Profile, waiving: &Waiving, excuses: &[Excuse<'_>]) -> String {
    let rules = each_once(excuses.iter().filter_map(|excuse| match excuse {
        Excuse::Declared(deviation) => Some(deviation.rule.as_str()),
        Excuse::Known(_) => None,
    }));
    let word = if rules.len() == 1 { "rule" } else { "rules" };
    let declared =
        (!rules.is_empty()).then(|| format!("profile {}, {word} {}", profile.name, rules.join(", ")));
    let known: Vec<String> = excuses
        .iter()
        .filter_map(|excuse| match excuse {
            Excuse::Declared(_) => None,
            Excuse::Known(waiver) => Some(waiving.by(waiver)),
        })
        .collect();
    let known = each_once(known.iter().map(String::as_str)).into_iter().map(str::to_owned);
    declared.into_iter().chain(known).collect::<Vec<_>>().join("; ")
}

/// The deviations that a profile declares and that no check met, although every check that would meet them was judged.
pub(crate) fn unseen(profile: &Profile, results: &[CheckResult]) -> Vec<Unseen> {
    let concerns = |deviation: &Deviation, result: &CheckResult| match &deviation.checks {
        Some(checks) => checks.contains(&result.id),
        None => result.requirements.iter().any(|cited| cited.id == deviation.requirement),
    };
    let is_unseen = |deviation: &&Deviation| {
        let concerned: Vec<&CheckResult> =
            results.iter().filter(|result| concerns(deviation, result)).collect();
        let complete = deviation.checks.as_ref().is_none_or(|checks| checks.len() == concerned.len());
        let shows = |result: &&CheckResult| {
            result.verdict.findings().iter().any(|finding| finding.requirement.id == deviation.requirement)
        };
        let judged = |result: &&CheckResult| {
            let kind = result.verdict.kind();
            !matches!(kind, VerdictKind::NotSupported | VerdictKind::Blocked | VerdictKind::Error)
        };
        complete && !concerned.is_empty() && concerned.iter().all(judged) && !concerned.iter().any(shows)
    };
    let told = |deviation: &Deviation| Unseen {
        requirement: deviation.requirement.clone(),
        rule: deviation.rule.clone(),
        behaviour: deviation.behaviour.clone(),
    };
    profile.deviations.iter().filter(is_unseen).map(told).collect()
}

/// The texts in their order, without repetitions.
fn each_once<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut once = Vec::new();
    for text in texts {
        if !once.contains(&text) {
            once.push(text);
        }
    }
    once
}
