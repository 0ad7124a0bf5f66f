use profiles::{Deviation, Profile};
use record::{CheckResult, Unseen, Verdict, VerdictKind};

/// Excuses a check whose every finding is about a requirement that the profile breaks on purpose.
pub(crate) fn waive(profile: &Profile, mut result: CheckResult) -> CheckResult {
    let declared = |requirement: &str| {
        profile.deviations.iter().find(|deviation| {
            deviation.requirement == requirement
                && deviation.checks.as_ref().is_none_or(|checks| checks.contains(&result.id))
        })
    };
    let found = result.verdict.findings();
    let excuses: Option<Vec<&Deviation>> =
        found.iter().map(|finding| declared(&finding.requirement.id)).collect();
    if let Some(excuses) = excuses.filter(|excuses| !excuses.is_empty()) {
        let rules = each_once(excuses.iter().map(|excuse| excuse.rule.as_str()));
        result.verdict = Verdict::Waived {
            findings: found.to_vec(),
            by: format!(
                "profile {}, {} {}",
                profile.name,
                if rules.len() == 1 { "rule" } else { "rules" },
                rules.join(", ")
            ),
            reason: each_once(excuses.iter().map(|excuse| excuse.behaviour.as_str())).join(" "),
        };
    }
    result
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
