//! Failures that somebody knows of: what excuses them, until when, and what is said of it.

use crate::support::{MUST, SHOULD, Stage, check};
use harness::expect::{present, status};
use harness::{Check, Waiving};
use profiles::{Day, Waivable, Waivers};
use record::{Checks, Verdict, VerdictKind, WaiverState};

/// One check that breaks a requirement at two places, and one that holds.
fn checks() -> [Check; 2] {
    [
        check("a.fails", &[SHOULD, MUST], |probe| {
            let reply = probe.get("/Users")?;
            reply.expect(present("/nothing"))?;
            reply.expect(status(418).under(MUST))
        }),
        check("a.holds", &[MUST], |probe| probe.get("/Users")?.expect(status(200))),
    ]
}

/// The run on the last day of June 2026 with these waivers.
fn run(waivers: &str) -> Checks {
    let known =
        Waivable { checks: &["a.fails", "a.holds", "a.missing"], requirements: &[MUST.id, SHOULD.id] };
    let waivers = Waivers::parse(waivers, "waivers.toml", known).expect("waivers");
    let mut stage = Stage::new();
    stage.options.waiving = Waiving::new("waivers.toml", waivers, Day::new(2026, 6, 30).expect("a day"));
    stage.run(&checks())
}

fn states(run: &Checks) -> Vec<WaiverState> {
    run.waivers.iter().map(|waiver| waiver.state).collect()
}

fn waiver(what: &str, expires: &str) -> String {
    format!("[[waiver]]\n{what}\nreason = \"known as T-1\"\nby = \"Ada\"\nexpires = {expires}\n")
}

#[test]
fn a_known_check_is_waived_and_says_by_whom_why_and_until_when() {
    let run = run(&waiver("check = \"a.fails\"", "2026-06-30"));
    let Verdict::Waived { findings, by, reason } = &run.results[0].verdict else {
        panic!("{:?}", run.results[0])
    };
    assert_eq!((findings.len(), reason.as_str()), (2, "known as T-1"));
    assert_eq!(by, "waivers.toml (Ada), until 2026-06-30");
    assert_eq!(states(&run), [WaiverState::Used]);
    assert_eq!(run.conclusion(), record::Conclusion::Pass);
}

#[test]
fn a_waiver_that_is_past_its_day_waives_nothing_and_is_told() {
    let run = run(&waiver("check = \"a.fails\"", "2026-06-29"));
    assert_eq!(run.results[0].verdict.kind(), VerdictKind::Fail);
    assert_eq!(states(&run), [WaiverState::Expired]);
    assert_eq!(run.conclusion(), record::Conclusion::Failed);
}

/// What nobody knows of is not waived along with what somebody does.
#[test]
fn every_finding_of_a_check_has_to_be_known() {
    let place = |requirement: &str, place: &str| {
        waiver(&format!("requirement = \"{requirement}\"\nwhere = \"{place}\""), "2026-12-31")
    };
    let one = run(&place(MUST.id, "status"));
    assert_eq!((one.results[0].verdict.kind(), states(&one)), (VerdictKind::Fail, vec![WaiverState::Used]));
    let both = run(&(place(MUST.id, "status") + &place(SHOULD.id, "/nothing")));
    assert_eq!(both.results[0].verdict.kind(), VerdictKind::Waived);
    assert_eq!(states(&both), [WaiverState::Used; 2]);
    let elsewhere = run(&(place(MUST.id, "body") + &place(SHOULD.id, "/nothing")));
    assert_eq!(elsewhere.results[0].verdict.kind(), VerdictKind::Fail);
    assert_eq!(states(&elsewhere), [WaiverState::Unused, WaiverState::Used]);
}

#[test]
fn waivers_without_anything_to_excuse_are_told() {
    let text = waiver("check = \"a.holds\"", "2026-12-31") + &waiver("check = \"a.missing\"", "2026-12-31");
    assert_eq!(states(&run(&text)), [WaiverState::Unused, WaiverState::Unjudged]);
}
