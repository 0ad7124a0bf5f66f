//! What scenarios and loads come to that are held to what an earlier run has not.

use record::{Conclusion, Expectation, ExpectationOutcome, LoadRun, Run, Scenario, Stopped};

/// The fixture's scenarios, of which one misses two of its expectations and one ended early; nothing is left behind.
fn played() -> Run {
    let mut run = Run::fixture_sync();
    run.sync.as_mut().expect("scenarios").leftovers.clear();
    run
}

/// The fixture's loads: one ends in a wrong state and one misses an objective; nothing else is wrong with them.
fn loaded() -> Run {
    let mut run = Run::fixture_load();
    for one in loads(&mut run) {
        one.leftovers.clear();
        one.health.spoiled.clear();
        one.objectives.retain(|objective| objective.unjudged.is_none());
    }
    run
}

fn scenarios(run: &mut Run) -> &mut Vec<Scenario> {
    &mut run.sync.as_mut().expect("scenarios").scenarios
}

fn loads(run: &mut Run) -> &mut Vec<LoadRun> {
    &mut run.load.as_mut().expect("loads").runs
}

fn expectations(scenario: &mut Scenario) -> impl Iterator<Item = &mut Expectation> {
    scenario.steps.iter_mut().flat_map(|step| &mut step.expectations)
}

fn is_missed(one: &Expectation) -> bool {
    matches!(one.outcome, ExpectationOutcome::Missed { .. })
}

fn missed() -> ExpectationOutcome {
    ExpectationOutcome::Missed { expected: "this".to_owned(), actual: "that".to_owned() }
}

fn unjudged() -> ExpectationOutcome {
    ExpectationOutcome::Unjudged { reason: "the read was refused".to_owned() }
}

/// A run after something has changed, held to what it was.
fn against(then: Run, change: impl FnOnce(&mut Run)) -> Run {
    let mut now = then.clone();
    change(&mut now);
    now.hold_to(&then);
    now
}

/// New, known, mended, lost; of the part that the run has.
fn counts(run: &Run) -> [usize; 4] {
    let sync = run.sync.as_ref().and_then(|part| part.baseline.as_ref());
    let load = run.load.as_ref().and_then(|part| part.baseline.as_ref());
    let told = sync.or(load).expect("a baseline");
    [told.new.len(), told.known.len(), told.mended.len(), told.lost.len()]
}

fn came(run: &Run) -> ([usize; 4], Conclusion) {
    (counts(run), run.conclusion().expect("a part"))
}

/// Two expectations missed, one unjudged, and one scenario that ended early.
const KNOWN: usize = 4;

#[test]
fn what_was_missed_in_both_is_known() {
    assert_eq!(played().conclusion(), Some(Conclusion::Failed));
    let now = against(played(), |now| {
        // Another claim and other values are the same expectation: both may name ids that the target gave.
        for scenario in scenarios(now) {
            for one in expectations(scenario).filter(|one| is_missed(one)) {
                "manager of Ada is 4711".clone_into(&mut one.claim);
                one.outcome = missed();
            }
        }
    });
    assert_eq!(came(&now), ([0, KNOWN, 0, 0], Conclusion::Known));
    assert_eq!(now.found(), None, "nothing that is new, however soon it ended");
}

#[test]
fn an_expectation_that_held_and_is_missed_or_unjudged_now_is_new() {
    for (outcome, conclusion) in [(missed(), Conclusion::Failed), (unjudged(), Conclusion::Blocked)] {
        let now = against(played(), |now| {
            let mut held = scenarios(now).iter_mut().flat_map(expectations);
            let held = held.find(|one| one.outcome == ExpectationOutcome::Held);
            held.expect("one that holds").outcome = outcome;
        });
        assert_eq!(came(&now), ([1, KNOWN, 0, 0], conclusion));
    }
}

#[test]
fn what_cannot_even_be_judged_any_more_is_known_and_what_is_missed_at_last_is_new() {
    let worse = |from: fn(&Expectation) -> bool, to: fn() -> ExpectationOutcome| {
        let now = against(played(), |now| {
            let mut all = scenarios(now).iter_mut().flat_map(expectations);
            all.find(|one| from(one)).expect("one of these").outcome = to();
        });
        came(&now)
    };
    assert_eq!(worse(is_missed, unjudged), ([0, KNOWN, 0, 0], Conclusion::Known));
    let is_unjudged = |one: &Expectation| matches!(one.outcome, ExpectationOutcome::Unjudged { .. });
    assert_eq!(worse(is_unjudged, missed), ([1, KNOWN - 1, 0, 0], Conclusion::Failed));
}

#[test]
fn what_holds_now_is_mended() {
    let now = against(played(), |now| {
        for scenario in scenarios(now) {
            scenario.stopped = None;
            expectations(scenario).for_each(|one| one.outcome = ExpectationOutcome::Held);
        }
    });
    assert_eq!(came(&now), ([0, 0, KNOWN, 0], Conclusion::Pass));
}

/// That the scenario ends early is known; that it ends earlier still is not.
#[test]
fn what_a_scenario_does_not_come_to_any_more_is_lost() {
    let now = against(played(), |now| {
        let cut = scenarios(now).iter_mut().find(|scenario| scenario.stopped.is_some());
        cut.expect("one that ended early").steps.clear();
    });
    assert_eq!(came(&now), ([0, KNOWN, 0, 1], Conclusion::Regression));
}

/// Our own mishaps, an end before the end, and what is left behind.
#[test]
fn a_baseline_excuses_what_is_missed_alone() {
    let left = against(Run::fixture_sync(), |_| {});
    assert_eq!(left.conclusion(), Some(Conclusion::LeftBehind));
    let mishap = against(played(), |now| {
        for scenario in scenarios(now) {
            scenario.stopped = Some(Stopped { mishap: true, reason: "no runtime".to_owned() });
        }
    });
    assert_eq!(mishap.conclusion(), Some(Conclusion::Mishap));
    let interrupted = against(played(), |now| now.sync.as_mut().expect("scenarios").interrupted = true);
    assert_eq!(interrupted.conclusion(), Some(Conclusion::Interrupted));
}

#[test]
fn a_scenario_that_another_client_plays_is_another_one() {
    let mut earlier = played();
    for scenario in scenarios(&mut earlier) {
        scenario.client.push_str("-of-another-kind");
    }
    let mut now = played();
    now.hold_to(&earlier);
    assert_eq!(came(&now), ([KNOWN, 0, 0, 0], Conclusion::Failed));
    let told = now.sync.and_then(|sync| sync.baseline).expect("a baseline");
    assert_eq!(told.uncompared, 2);
}

#[test]
fn an_objective_that_is_missed_in_both_is_known_and_one_that_was_met_is_new() {
    assert_eq!(loaded().conclusion(), Some(Conclusion::Failed));
    // The wrong state, which the audit tells, and one objective.
    let same = against(loaded(), |now| {
        for one in loads(now) {
            one.seed += 1;
            let missed = one.objectives.iter_mut().filter(|objective| objective.is_missed());
            missed.for_each(|objective| objective.measured = Some("another".to_owned()));
        }
    });
    assert_eq!(came(&same), ([0, 2, 0, 0], Conclusion::Known));
    let slower = against(loaded(), |now| {
        let objective = loads(now).iter_mut().flat_map(|one| &mut one.objectives).find(|one| one.met);
        objective.expect("one that is met").met = false;
    });
    assert_eq!(came(&slower), ([1, 2, 0, 0], Conclusion::ObjectiveMissed));
}

#[test]
fn a_load_that_leaves_something_wrong_anew_or_ends_early_anew_answers_for_it() {
    let healthy = || {
        let mut run = loaded();
        for one in loads(&mut run) {
            if let Some(audit) = &mut one.audit {
                (audit.differing, audit.unfinished) = (0, None);
                audit.differences.clear();
            }
        }
        run
    };
    let wrong = against(healthy(), |now| *now = loaded());
    assert_eq!(came(&wrong), ([1, 1, 0, 0], Conclusion::Failed));
    let early = against(healthy(), |now| {
        loads(now).first_mut().expect("a load").stopped = Some("nobody answers".to_owned());
    });
    assert_eq!(came(&early), ([1, 1, 0, 0], Conclusion::Blocked));
    let mended = against(loaded(), |now| *now = healthy());
    assert_eq!(came(&mended), ([0, 1, 1, 0], Conclusion::Known));
}

/// A generator that cannot keep up, and what nobody could judge, are no failures of the target that could be known.
#[test]
fn a_load_is_spoiled_or_unjudged_as_without_a_baseline() {
    let spoiled = against(loaded(), |now| {
        loads(now).first_mut().expect("a load").health.spoiled.push("too slow".to_owned());
    });
    assert_eq!(spoiled.conclusion(), Some(Conclusion::Unhealthy));
    let unjudged = against(loaded(), |now| {
        let mut objectives = loads(now).iter_mut().flat_map(|one| &mut one.objectives);
        let missed = objectives.find(|objective| objective.is_missed()).expect("one that is missed");
        missed.unjudged = Some("nothing was measured".to_owned());
    });
    assert_eq!(unjudged.conclusion(), Some(Conclusion::Inconclusive));
}

/// Nobody knows whether what is missed is new: it counts, and it is told why.
#[test]
fn a_part_that_the_earlier_run_does_not_have_counts_as_it_does_without_it() {
    let checked = Run::fixture();
    for (mut run, conclusion) in [(played(), Conclusion::Failed), (loaded(), Conclusion::Failed)] {
        run.hold_to(&checked);
        assert_eq!(came(&run), ([0, 0, 0, 0], conclusion));
        let sync = run.sync.iter().filter_map(|part| part.baseline.as_ref());
        let load = run.load.iter().filter_map(|part| part.baseline.as_ref());
        assert!(sync.chain(load).all(|told| told.absent && told.run == checked.id));
    }
    let mut checks = Run::fixture();
    checks.hold_to(&played());
    assert_eq!(checks.conclusion(), Run::fixture().conclusion());
    assert!(checks.checks.and_then(|part| part.baseline).is_some_and(|told| told.absent));
}
