use profiles::Profile;
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
    let excuses: Option<Vec<_>> = found.iter().map(|finding| declared(&finding.requirement.id)).collect();
    if let Some(first) = excuses.as_ref().and_then(|excuses| excuses.first()) {
        result.verdict = Verdict::Waived {
            findings: found.to_vec(),
            by: format!("profile {}, rule {}", profile.name, first.rule),
            reason: first.behaviour.clone(),
        };
    }
    result
}
