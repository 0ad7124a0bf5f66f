//! A job that was switched off after four weeks in quarantine: nothing is said of cycles that never ran.

use record::{ExpectationOutcome, LogStatus};

use crate::common::{Theatre, misses};

/// The token is revoked, and nobody makes another one. What would hold of any empty list is expected of the cycle after.
const STEPS: &str = r#"
[[steps]]
title = "The token is revoked"
do = [{ set = { of = "ada", attributes = { city = "Oslo" } } }, "revoke-token"]
cycle = true
expect = [{ quarantine = "EncounteredQuarantineException" }]
[[steps]]
title = "Nobody notices"
do = [{ advance = { days = 29 } }]
cycle = true
expect = [{ next = "" }]
[[steps]]
title = "The job is off"
do = [{ advance = { days = 1 } }]
cycle = true
expect = [
    { only-the-probe = true },
    { only-the-probe = false },
    { requests = { count = 0 } },
    { exactly = { entra-default = [] } },
    { log = { status = "failure", count = 0 } },
    { waited-s = 0 },
    { escrowed = 0 },
    { cycle = "incremental" },
    { quarantine = "EncounteredQuarantineException" },
    { next = "" },
]
[[steps]]
title = "The portal's button"
do = ["new-token", { restart = "portal" }]
cycle = true
expect = [{ only-the-probe = false }, { quarantine = "" }]
"#;

#[test]
fn what_no_cycle_did_is_not_judged() {
    let played = Theatre::of("entra-ready").play(&crate::about_ada(STEPS));
    let [revoked, unnoticed, off, restarted] = &played.scenario.steps[..] else { panic!("{played:#?}") };
    assert_eq!(misses(&played), [""; 0]);
    assert!(revoked.cycle.is_some() && unnoticed.cycle.is_some() && off.cycle.is_none());
    let no_cycle = ExpectationOutcome::Unjudged { reason: "no cycle ran".to_owned() };
    let (of_cycle, of_job) = off.expectations.split_at(8);
    for expectation in of_cycle {
        assert_eq!(expectation.outcome, no_cycle, "{}", expectation.claim);
    }
    assert!(of_job.iter().all(|it| it.outcome == ExpectationOutcome::Held), "{of_job:#?}");
    assert!(restarted.cycle.is_some(), "a restart switches the job on again");
}

#[test]
fn a_job_that_is_switched_off_says_so_and_its_clock_goes_on() {
    let played = Theatre::of("entra-ready").play(&crate::about_ada(STEPS));
    let [_, unnoticed, off, _] = &played.scenario.steps[..] else { panic!("{played:#?}") };
    assert_eq!(
        off.done,
        ["1 day passes", "no cycle runs: the job was switched off after four weeks in quarantine"]
    );
    let moment = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    let passed = moment(&off.at).duration_since(moment(&unnoticed.at));
    assert_eq!(passed.as_hours(), 24);
    let told: Vec<_> =
        played.scenario.log.iter().filter(|row| row.source.name == "provisioning job").collect();
    let [row] = told[..] else { panic!("{told:#?}") };
    assert_eq!((row.status, row.source.kind.as_str()), (LogStatus::Failure, "Job"));
    assert_eq!(row.cycle, unnoticed.cycle.as_ref().unwrap().number);
    assert_eq!(row.error_code.as_deref(), Some("EncounteredQuarantineException"));
    assert!(row.reason.as_ref().unwrap().contains("is switched off"), "{row:#?}");
    let numbers: Vec<u32> = played.scenario.log.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=u32::try_from(numbers.len()).unwrap()).collect::<Vec<_>>());
}
