use profiles::{Day, Waiver, Waivers};
use record::{CheckResult, Finding, VerdictKind, WaiverState, WaiverUse};

/// Failures that somebody knows of, as a run is given them: with the file that says so, and the day on which the run is made.
/// By itself it excuses nothing.
#[derive(Clone, Debug, Default)]
pub struct Waiving {
    file: String,
    known: Vec<Waiver>,
    today: Option<Day>,
}

impl Waiving {
    /// The waivers of a file on a day.
    #[must_use]
    pub fn new(file: impl Into<String>, waivers: Waivers, today: Day) -> Self {
        Self { file: file.into(), known: waivers.waiver, today: Some(today) }
    }

    /// The waiver that excuses a finding today.
    pub(crate) fn excuse(&self, check: &str, finding: &Finding) -> Option<&Waiver> {
        self.known
            .iter()
            .filter(|waiver| !self.is_expired(waiver))
            .find(|waiver| is_about(waiver, check, finding))
    }

    /// Who says so, and until when.
    pub(crate) fn by(&self, waiver: &Waiver) -> String {
        let who = waiver.by.as_ref().map(|who| format!(" ({who})")).unwrap_or_default();
        format!("{}{who}, until {}", self.file, waiver.expires)
    }

    /// What came of each waiver, once everything is judged.
    pub(crate) fn uses(&self, results: &[CheckResult]) -> Vec<WaiverUse> {
        let told = |waiver: &Waiver| WaiverUse {
            what: waiver.what(),
            reason: waiver.reason.clone(),
            by: self.by(waiver),
            state: self.state(waiver, results),
        };
        self.known.iter().map(told).collect()
    }

    fn state(&self, waiver: &Waiver, results: &[CheckResult]) -> WaiverState {
        let shows = |result: &CheckResult| {
            result.verdict.findings().iter().any(|finding| is_about(waiver, &result.id, finding))
        };
        let concerns = |result: &&CheckResult| match &waiver.check {
            Some(check) => result.id == *check,
            None => result.requirements.iter().any(|cited| waiver.requirement.as_ref() == Some(&cited.id)),
        };
        let is_judged = |result: &CheckResult| {
            let kind = result.verdict.kind();
            !matches!(kind, VerdictKind::NotSupported | VerdictKind::Blocked | VerdictKind::Error)
        };
        if self.is_expired(waiver) {
            WaiverState::Expired
        } else if results.iter().any(shows) {
            WaiverState::Used
        } else if results.iter().filter(concerns).any(is_judged) {
            WaiverState::Unused
        } else {
            WaiverState::Unjudged
        }
    }

    fn is_expired(&self, waiver: &Waiver) -> bool {
        self.today.as_ref().is_none_or(|today| *today > waiver.expires)
    }
}

/// A waiver that names a place excuses what stands there, and nothing that offends elsewhere too.
fn is_about(waiver: &Waiver, check: &str, finding: &Finding) -> bool {
    finding.places().all(|at| {
        let (exact, general) = (at.to_string(), at.without_positions());
        waiver.is_about(check, &finding.requirement.id, [&exact, &general])
    })
}
