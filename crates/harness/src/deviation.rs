use profiles::{Deviation, Profile};
use record::{CheckResult, Verdict};

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
