//! Checks that watch every exchange, whatever caused it.

use std::collections::BTreeSet;

use crate::support::{MAY, MUST, MUST_TOO, SHOULD, STATED, Stage, answer, cause, check, mishap};
use client::Seen;
use harness::expect::{equals, holds, present, status};
use harness::{Check, Expectation, Grading, History, capability, minimal_user};
use record::{At, Breach, CauseKind, CheckKind, ReqId, Verdict, VerdictKind};
use serde_json::json;

fn watch<F>(id: &'static str, cites: &'static [ReqId], body: F) -> Check
where
    F: Fn(&Seen<'_>, &History) -> Vec<Expectation> + Sync + 'static,
{
    Check::passive(id, Box::leak(Box::new(body))).title("a claim").verifies(cites)
}

/// Creates a user, which is removed at the end.
fn creates(id: &'static str) -> Check {
    check(id, &[MUST], |probe| probe.given(minimal_user()).map(drop))
}

#[test]
fn every_exchange_is_judged_discovery_and_clean_up_included() {
    let watching = watch("w.all", &[MUST], |_, _| vec![harness::expect::success()]);
    let run = Stage::new().run(&[watching, creates("a.check")]);
    let all: Vec<u32> = run.exchanges.iter().map(|exchange| exchange.number).collect();
    let methods: BTreeSet<&str> =
        run.exchanges.iter().map(|exchange| exchange.request.method.as_str()).collect();
    assert_eq!(methods, ["DELETE", "GET", "POST"].into());
    let result = &run.results[0];
    assert_eq!(
        (result.id.as_str(), result.kind, &result.verdict),
        ("w.all", CheckKind::Passive, &Verdict::Pass)
    );
    assert_eq!(result.exchanges, all);
}

#[test]
fn only_what_says_something_is_judged() {
    let watching = watch("w.deletes", &[MUST], |seen, _| {
        if seen.request.method() == client::Method::DELETE { vec![status(204)] } else { Vec::new() }
    });
    let run = Stage::new().run(&[watching, creates("a.check")]);
    let deletes = run.exchanges.iter().filter(|exchange| exchange.request.method == "DELETE");
    assert_eq!(run.results[0].exchanges, deletes.map(|exchange| exchange.number).collect::<Vec<_>>());
    assert_eq!(run.results[0].verdict, Verdict::Pass);
}

#[test]
fn nothing_to_judge_is_no_pass() {
    let run = Stage::new().run(&[watch("w.none", &[MUST], |_, _| Vec::new()), creates("a.check")]);
    assert_eq!(cause(&run.results[0].verdict).kind, CauseKind::Precondition);
}

#[test]
fn an_exchange_without_an_answer_shows_nothing() {
    let stage =
        Stage::scripted(|call, _| call.is("POST", "/Users").then_some(crate::support::Answer::Closed));
    let watching = watch("w.posts", &[MUST], |seen, _| {
        if seen.request.method() == client::Method::POST { vec![status(201)] } else { Vec::new() }
    });
    assert_eq!(stage.run(&[watching, creates("a.check")]).results[0].verdict.kind(), VerdictKind::Blocked);
}

#[test]
fn one_held_expectation_for_each_requirement_is_evidence_enough() {
    let watching = watch("w.all", &[MUST, MUST_TOO], |_, _| {
        vec![harness::expect::success(), harness::expect::success().under(MUST_TOO)]
    });
    let run = Stage::new().run(&[watching, creates("a.one"), creates("a.two")]);
    let held: Vec<&str> = run
        .exchanges
        .iter()
        .flat_map(|exchange| &exchange.held)
        .filter(|held| held.check == "w.all")
        .map(|held| held.requirement.as_str())
        .collect();
    assert_eq!(held, [MUST.id, MUST_TOO.id]);
}

#[test]
fn few_findings_are_kept_and_the_worst_among_them() {
    let watching = watch("w.all", &[MUST, SHOULD], |seen, _| {
        let should = status(418).under(SHOULD);
        if seen.request.method() == client::Method::DELETE { vec![should, status(418)] } else { vec![should] }
    });
    let mut checks = vec![watching];
    checks.extend(["a.one", "a.two", "a.three"].map(creates));
    let run = Stage::new().run(&checks);
    let Verdict::Fail { findings } = &run.results[0].verdict else { panic!("{:?}", run.results[0]) };
    let breaches: Vec<Breach> = findings.iter().map(|finding| finding.breach).collect();
    assert_eq!(breaches, [Breach::Fail, Breach::Fail, Breach::Fail, Breach::Warn, Breach::Warn]);
    assert_eq!(run.results[0].exchanges.len(), run.exchanges.len());
}

#[test]
fn a_watched_should_warns() {
    let run = Stage::new().run(&[watch("w.all", &[SHOULD], |_, _| vec![status(418)])]);
    assert_eq!(run.results[0].verdict.kind(), VerdictKind::Warn);
}

#[test]
fn what_counts_for_nothing_is_noted_once() {
    let mut stage = Stage::new();
    stage.options.grading = Grading { strict: false, must_only: true };
    let run = stage.run(&[watch("w.all", &[STATED], |_, _| vec![present("/nothing")]), creates("a.check")]);
    assert_eq!(run.results[0].verdict, Verdict::Pass);
    assert_eq!(run.results[0].notes.len(), 2, "{:?}", run.results[0].notes);
}

#[test]
fn few_notes_are_kept() {
    let watching = watch("w.all", &[MAY], |seen, _| {
        vec![holds("always the same", At::Body, Err(format!("number {}", seen.number)))]
    });
    let mut checks = vec![watching];
    checks.extend(["a.one", "a.two", "a.three"].map(creates));
    assert_eq!(Stage::new().run(&checks).results[0].notes.len(), 5);
}

#[test]
fn what_the_target_does_not_offer_is_not_missed() {
    let watching = watch("w.all", &[MUST], |_, _| Vec::new()).needs(&[capability::VERSION_USER]);
    let run = Stage::new().run(&[watching]);
    assert_eq!(
        run.results[0].verdict,
        Verdict::NotSupported { capability: "User.version".to_owned(), offered: false }
    );
}

#[test]
fn what_the_target_shows_without_offering_it_is_judged() {
    let watching = watch("w.all", &[MUST], |_, _| vec![status(418)]).needs(&[capability::VERSION_USER]);
    let run = Stage::new().run(&[watching]);
    assert!(matches!(run.results[0].verdict, Verdict::Fail { .. }), "{:?}", run.results[0]);
}

/// It looks on while others work; they must not suffer for it, nor leave anything behind.
#[test]
fn a_watcher_that_panics_is_our_mishap_and_nobody_elses() {
    let panics = watch("w.panics", &[MUST], |seen, _| {
        if seen.request.method() == client::Method::GET {
            return Vec::new();
        }
        std::panic::resume_unwind(Box::new("no luck"))
    });
    let judges = watch("w.judges", &[MUST], |_, _| {
        vec![Expectation::new("luck", At::Body, |_| std::panic::resume_unwind(Box::new("none")))]
    });
    let stage = Stage::new();
    let run =
        stage.run(&[panics, judges, creates("a.check"), watch("w.none", &[MUST], |_, _| vec![present("")])]);
    assert_eq!(mishap(&run.results[0].verdict), "the check panicked: no luck");
    assert_eq!(mishap(&run.results[1].verdict), "the check panicked: none");
    assert_eq!(run.results[2].verdict, Verdict::Pass);
    assert_eq!((run.created, run.removed), (1, 1));
    assert_eq!(stage.directory.paths(), [""; 0]);
}

#[test]
fn an_uncited_requirement_is_our_mishap_here_too() {
    let run = Stage::new().run(&[watch("w.all", &[MUST], |_, _| vec![status(200).under(MUST_TOO)])]);
    assert!(mishap(&run.results[0].verdict).contains("without citing it"));
}

#[test]
fn history_knows_the_id_that_an_address_had_first() {
    let stage = Stage::scripted(|call, directory| {
        let again = call.query == "again=1";
        (call.method == "GET" && again && directory.get(&call.path).is_some())
            .then(|| answer(200, &json!({ "id": "another" })))
    });
    let stable = watch("w.stable", &[MUST], |seen, past| {
        let address = seen.url.split('?').next().unwrap_or_default();
        let id = past.id_at(address).filter(|_| seen.json.is_some());
        id.map(|id| vec![equals("/id", id)]).unwrap_or_default()
    });
    let reads = check("a.reads", &[MUST], |probe| {
        let user = probe.given(minimal_user())?;
        probe.get(user.path())?.require(status(200))?;
        probe.get(&format!("{}?again=1", user.path()))?.require(status(200))?;
        probe.get(user.path())?.require(status(200))
    });
    let run = stage.run(&[stable, reads]);
    let Verdict::Fail { findings } = &run.results[0].verdict else { panic!("{:?}", run.results[0]) };
    assert_eq!((findings.len(), findings[0].actual.as_str()), (1, "\"another\""));
    assert_eq!(run.results[0].exchanges.len(), 3);
}
