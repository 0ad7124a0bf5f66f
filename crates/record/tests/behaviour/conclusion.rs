//! What verdicts add up to.

use record::{CheckResult, Checks, Conclusion, Counts, Run, Verdict, VerdictKind};

/// The conformance part of the fixture with results of just these kinds.
fn part(kinds: &[VerdictKind]) -> Checks {
    let mut part = Run::fixture().checks.expect("checks");
    let all = part.results.clone();
    let of = |kind: &VerdictKind| all.iter().find(|result| result.verdict.kind() == *kind).cloned();
    part.results = kinds.iter().map(|kind| of(kind).expect("the fixture has every kind")).collect();
    part.leftovers.clear();
    part
}

/// Every set of kinds of verdicts.
fn combinations() -> impl Iterator<Item = Vec<VerdictKind>> {
    (0..1_usize << VerdictKind::ALL.len()).map(|bits| {
        let kinds = VerdictKind::ALL.into_iter().enumerate();
        kinds.filter(|(index, _)| bits & (1 << index) != 0).map(|(_, kind)| kind).collect()
    })
}

/// The rules of `docs/verdicts.md`, once more and in another shape.
fn expected(kinds: &[VerdictKind], strict: bool, interrupted: bool) -> Conclusion {
    use VerdictKind::{Blocked, Error, Fail, NotSupported, Pass, Warn};
    let has = |kind| kinds.contains(&kind);
    match () {
        () if interrupted => Conclusion::Interrupted,
        () if has(Error) => Conclusion::Mishap,
        () if has(Fail) => Conclusion::Failed,
        () if has(Blocked) => Conclusion::Blocked,
        () if !has(Pass) && !has(Warn) => Conclusion::Inconclusive,
        () if strict && has(NotSupported) => Conclusion::Inconclusive,
        () => Conclusion::Pass,
    }
}

#[test]
fn every_combination_comes_to_what_the_rules_say() {
    let mut combined = 0;
    for kinds in combinations() {
        for (strict, interrupted) in [(false, false), (true, false), (false, true), (true, true)] {
            let mut part = part(&kinds);
            (part.strict, part.interrupted) = (strict, interrupted);
            assert_eq!(
                part.conclusion(),
                expected(&kinds, strict, interrupted),
                "{kinds:?}, strict {strict}, interrupted {interrupted}"
            );
            combined += 1;
        }
    }
    assert_eq!(combined, 512);
}

#[test]
fn only_what_was_judged_and_holds_passes() {
    for kinds in combinations().filter(|kinds| part(kinds).conclusion() == Conclusion::Pass) {
        assert!(!kinds.contains(&VerdictKind::Blocked) && !kinds.contains(&VerdictKind::Fail), "{kinds:?}");
        assert!(!kinds.contains(&VerdictKind::Error), "{kinds:?}");
        assert!(kinds.contains(&VerdictKind::Pass) || kinds.contains(&VerdictKind::Warn), "{kinds:?}");
    }
}

#[test]
fn one_bad_verdict_outweighs_many_good_ones() {
    let mut kinds = vec![VerdictKind::Pass; 1_000];
    assert_eq!(part(&kinds).conclusion(), Conclusion::Pass);
    kinds.push(VerdictKind::Blocked);
    assert_eq!(part(&kinds).conclusion(), Conclusion::Blocked);
    kinds.push(VerdictKind::Fail);
    assert_eq!(part(&kinds).conclusion(), Conclusion::Failed);
}

/// Whoever made it has to know, whatever else holds; what is broken weighs more.
#[test]
fn what_is_left_behind_lets_nothing_pass() {
    let left = Run::fixture().checks.expect("checks").leftovers;
    assert!(!left.is_empty());
    for kinds in combinations() {
        let mut part = part(&kinds);
        let clean = part.conclusion();
        part.leftovers.clone_from(&left);
        assert_eq!(part.conclusion(), clean.max(Conclusion::LeftBehind), "{kinds:?}");
    }
    let mut sync = Run::fixture_sync().sync.expect("a sync part");
    sync.scenarios
        .retain(|scenario| scenario.missed() + scenario.unjudged() == 0 && scenario.stopped.is_none());
    assert!(!sync.leftovers.is_empty());
    assert_eq!(sync.conclusion(), Conclusion::LeftBehind);
    let mut load = Run::fixture_load().load.expect("a load part").runs.remove(1);
    assert_eq!(load.conclusion(), Conclusion::Unhealthy);
    load.leftovers = left;
    assert_eq!(load.conclusion(), Conclusion::LeftBehind);
    load.health.spoiled.clear();
    assert_eq!(load.conclusion(), Conclusion::LeftBehind);
}

#[test]
fn nothing_at_all_is_inconclusive() {
    assert_eq!(part(&[]).conclusion(), Conclusion::Inconclusive);
}

#[test]
fn counts_are_of_each_kind_and_add_up() {
    use VerdictKind::{Blocked, Error, Fail, NotSupported, Pass, Waived, Warn};
    let part = part(&[Pass, Pass, Pass, Warn, Warn, Fail, Waived, NotSupported, Blocked, Error, Error]);
    let counts = part.counts();
    let by_kind = [Pass, Warn, Fail, Waived, NotSupported, Blocked, Error].map(|kind| counts.get(kind));
    assert_eq!(by_kind, [3, 2, 1, 1, 1, 1, 2]);
    assert_eq!(
        (counts.pass, counts.warn, counts.fail, counts.not_supported, counts.blocked, counts.error),
        (3, 2, 1, 1, 1, 2)
    );
    assert_eq!((counts.total(), counts.judged(), counts.waived), (11, 7, 1));
    assert_eq!(Counts::of(&part.results), counts);
    assert_eq!(Counts::of([] as [&CheckResult; 0]), Counts::default());
}

#[test]
fn a_kind_is_known_by_one_word_everywhere() {
    for kind in VerdictKind::ALL {
        assert_eq!(serde_json::to_value(kind).expect("a word"), kind.as_str());
        let found = part(&[kind]);
        let written = serde_json::to_value(&found.results[0].verdict).expect("a verdict");
        assert_eq!(written["kind"], kind.as_str());
        assert_eq!(found.results[0].verdict.kind(), kind);
    }
}

#[test]
fn findings_are_those_of_what_is_broken() {
    for kind in VerdictKind::ALL {
        let found = part(&[kind]);
        let has_findings = matches!(kind, VerdictKind::Warn | VerdictKind::Fail | VerdictKind::Waived);
        assert_eq!(!found.results[0].verdict.findings().is_empty(), has_findings, "{kind:?}");
    }
    assert_eq!(Verdict::Pass.findings(), []);
}
