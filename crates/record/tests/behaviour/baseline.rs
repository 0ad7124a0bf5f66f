//! What a run comes to that is held to what an earlier one has not.

use record::{
    At, Baseline, Breach, CheckResult, Checks, Conclusion, Incomparable, Part, Run, TargetInfo, Verdict,
};

fn checks() -> Checks {
    let mut checks = Run::fixture().checks.expect("checks");
    checks.leftovers.clear();
    // A mishap would be all that is told.
    checks.results.retain(|result| !matches!(result.verdict, Verdict::Error { .. }));
    checks
}

/// The fixture's checks as an earlier run, and once more with something changed, compared with it.
fn against(then: Checks, change: impl FnOnce(&mut Checks)) -> Checks {
    let earlier = Run { checks: Some(then.clone()), ..Run::fixture() };
    let mut now = then;
    change(&mut now);
    now.baseline = Some(Baseline::of(&earlier, earlier.checks.as_ref().expect("checks"), &now));
    now
}

fn result<'a>(checks: &'a mut Checks, id: &str) -> &'a mut CheckResult {
    checks.results.iter_mut().find(|result| result.id == id).expect("a check")
}

fn counts(checks: &Checks) -> [usize; 4] {
    let told = checks.baseline.as_ref().expect("a baseline");
    [told.new.len(), told.known.len(), told.mended.len(), told.lost.len()]
}

/// Both findings of the fixture's `delete.answers-204` that are failures, another failed check, and one that is blocked.
const KNOWN: usize = 4;

#[test]
fn the_same_failures_again_are_known() {
    let now = against(checks(), |now| {
        // Other words, another exchange and another run are the same failure.
        for result in &mut now.results {
            if let Verdict::Fail { findings } = &mut result.verdict {
                findings
                    .iter_mut()
                    .for_each(|finding| (finding.exchange, finding.actual) = (None, "else".to_owned()));
            }
        }
    });
    assert_eq!((counts(&now), now.conclusion()), ([0, KNOWN, 0, 0], Conclusion::Known));
}

#[test]
fn a_failure_at_another_place_or_under_another_requirement_is_new() {
    let at_another_place = against(checks(), |now| {
        let Verdict::Fail { findings } = &mut result(now, "patch.replace-sets-the-value").verdict else {
            panic!("no failure")
        };
        findings[0].at = At::Pointer { pointer: "/name/givenName".to_owned() };
    });
    assert_eq!(
        (counts(&at_another_place), at_another_place.conclusion()),
        ([1, KNOWN - 1, 1, 0], Conclusion::Failed)
    );
    let another_requirement = against(checks(), |now| {
        let Verdict::Fail { findings } = &mut result(now, "patch.replace-sets-the-value").verdict else {
            panic!("no failure")
        };
        findings[0].requirement.id = "RFC7644-3.5.2-R24".to_owned();
    });
    assert_eq!(another_requirement.conclusion(), Conclusion::Failed);
}

/// The order of a list is chance.
#[test]
fn a_place_in_a_list_is_the_same_at_any_position() {
    let pointing = |pointer: &str| {
        let mut checks = checks();
        let Verdict::Fail { findings } = &mut result(&mut checks, "patch.replace-sets-the-value").verdict
        else {
            panic!("no failure")
        };
        findings[0].at = At::Pointer { pointer: pointer.to_owned() };
        checks
    };
    let now = against(pointing("/Resources/3/emails/0/value"), |now| {
        *now = pointing("/Resources/12/emails/1/value");
    });
    assert_eq!(now.conclusion(), Conclusion::Known);
    let marks = now.baseline.expect("a baseline").known;
    assert!(marks.iter().any(|mark| mark.place == "/Resources/*/emails/*/value"), "{marks:?}");
}

#[test]
fn what_holds_now_is_mended() {
    let now = against(checks(), |now| result(now, "delete.answers-204").verdict = Verdict::Pass);
    assert_eq!((counts(&now), now.conclusion()), ([0, KNOWN - 2, 2, 0], Conclusion::Known));
    let all = against(checks(), |now| {
        now.results.iter_mut().for_each(|result| result.verdict = Verdict::Pass);
    });
    assert_eq!((counts(&all), all.conclusion()), ([0, 0, KNOWN, 0], Conclusion::Pass));
}

#[test]
fn what_is_blocked_anew_is_new_and_what_failed_is_known() {
    let blocked = |checks: &Checks| {
        checks
            .results
            .iter()
            .find(|result| matches!(result.verdict, Verdict::Blocked { .. }))
            .expect("one")
            .verdict
            .clone()
    };
    let anew = against(checks(), |now| result(now, "create.sends-location").verdict = blocked(now));
    assert_eq!((counts(&anew), anew.conclusion()), ([1, KNOWN, 0, 0], Conclusion::Blocked));
    let failed = against(checks(), |now| result(now, "delete.answers-204").verdict = blocked(now));
    assert_eq!(failed.conclusion(), Conclusion::Known);
}

/// Nothing that must hold is newly broken, and yet it is worse than it was.
#[test]
fn what_held_and_only_warns_or_is_not_offered_any_more_is_lost() {
    let warns = against(checks(), |now| {
        let findings = result(now, "wire.media-type-is-scim-json").verdict.findings().to_vec();
        assert!(findings.iter().all(|finding| finding.breach == Breach::Warn));
        result(now, "create.sends-location").verdict = Verdict::Warn { findings };
    });
    assert_eq!((counts(&warns), warns.conclusion()), ([0, KNOWN, 0, 1], Conclusion::Regression));
    let withdrawn = against(checks(), |now| {
        let verdict = Verdict::NotSupported { capability: "User.create".to_owned(), offered: false };
        result(now, "create.sends-location").verdict = verdict;
    });
    assert_eq!((counts(&withdrawn)[3], withdrawn.conclusion()), (1, Conclusion::Regression));
}

#[test]
fn what_is_not_in_the_run_is_neither_mended_nor_lost() {
    let now = against(checks(), |now| now.results.retain(|result| result.id == "create.sends-location"));
    let told = now.baseline.clone().expect("a baseline");
    assert_eq!((counts(&now), told.uncompared as usize), ([0, 0, 0, 0], checks().results.len() - 1));
    assert_eq!(now.conclusion(), Conclusion::Pass);
}

/// Once its waiver has expired, a failure is new to whoever reads the report.
#[test]
fn what_was_waived_was_not_known() {
    let failing = checks();
    let mut waived = failing.clone();
    let found = result(&mut waived, "delete.answers-204");
    let findings = found.verdict.findings().to_vec();
    found.verdict = Verdict::Waived { findings, by: "waivers.toml".to_owned(), reason: "known".to_owned() };
    let now = against(waived, |now| *now = failing);
    assert_eq!((counts(&now), now.conclusion()), ([2, KNOWN - 2, 0, 0], Conclusion::Failed));
}

/// What a baseline cannot excuse: our own mishaps, an end before the end, and what is left behind.
#[test]
fn a_baseline_excuses_failures_alone() {
    let stopped = against(checks(), |now| now.interrupted = true);
    assert_eq!(stopped.conclusion(), Conclusion::Interrupted);
    let left = against(checks(), |now| now.leftovers = Run::fixture().checks.expect("checks").leftovers);
    assert_eq!(left.conclusion(), Conclusion::LeftBehind);
    let mishap = Run::fixture().checks.expect("checks");
    assert_eq!(against(mishap, |_| {}).conclusion(), Conclusion::Mishap);
}

#[test]
fn runs_of_other_targets_profiles_or_strictness_are_not_compared() {
    let earlier = Run::fixture();
    let here = earlier.target.clone();
    let comparable =
        |target: &TargetInfo, strict| Baseline::comparable(&earlier, target, &[Part::Checks { strict }]);
    assert_eq!(comparable(&here, false), Ok(()));
    let with_a_slash = TargetInfo { url: format!("{}/", here.url), credential: None, ..here.clone() };
    assert_eq!(comparable(&with_a_slash, false), Ok(()));
    assert_eq!(comparable(&here, true), Err(Incomparable::Strictness));
    let elsewhere = TargetInfo { url: "https://scim.example".to_owned(), ..here.clone() };
    assert!(matches!(comparable(&elsewhere, false), Err(Incomparable::Target { .. })));
    let bundled = TargetInfo { bundled: true, ..here.clone() };
    assert!(matches!(comparable(&bundled, false), Err(Incomparable::Target { .. })));
    let other = TargetInfo { profile: "bonusly".to_owned(), ..here.clone() };
    let why = comparable(&other, false).expect_err("another profile");
    assert_eq!(why.to_string(), "it is held to profile rfc, and this run to bonusly");
}

#[test]
fn runs_are_compared_where_they_have_a_part_in_common() {
    let checked = Run::fixture();
    let here = checked.target.clone();
    let comparable = |earlier: &Run, parts: &[Part]| {
        let earlier = Run { target: here.clone(), ..earlier.clone() };
        Baseline::comparable(&earlier, &here, parts)
    };
    let all = [Part::Checks { strict: false }, Part::Scenarios, Part::Loads];
    for earlier in [&checked, &Run::fixture_sync(), &Run::fixture_load()] {
        assert_eq!(comparable(earlier, &all), Ok(()));
    }
    let why = |parts: &[Part]| comparable(&checked, parts).expect_err("nothing in common").to_string();
    assert_eq!(why(&[Part::Scenarios]), "it holds no scenarios that were played");
    assert_eq!(why(&[Part::Loads]), "it holds no loads");
    let empty = Run { checks: None, ..Run::fixture() };
    let why = comparable(&empty, &all).expect_err("nothing at all").to_string();
    assert_eq!(why, "it holds no checks that were judged, and no scenarios that were played, and no loads");
}
