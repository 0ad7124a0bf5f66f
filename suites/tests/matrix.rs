//! Teeth: every fault of the reference server against every check.
//!
//! A check runs against a fault wherever the fault changes anything that the check sends or is answered; see `tape`. The
//! few that need a connection run over one.
//!
//! The committed `matrix.tsv` and `requirements/coverage.tsv` are compared with what this finds; after a change
//! that is meant, run it with `SCIMPROOF_BLESS=1` and review the difference.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod common;
#[path = "matrix/runs.rs"]
mod runs;
#[path = "matrix/tape.rs"]
mod tape;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex};

use record::{CheckKind, Checks, Verdict, VerdictKind};
use reference_server::faults::{self, Fault, Seam};
use suites::requirements::{ALL, RULES};

use crate::runs::{Faulty, outcome_of, run_faulty, run_whole, taped};

/// How many checks a fault may turn that are neither about what it breaks nor declared as its collateral.
const UNDECLARED_MAX: usize = 3;

/// The faults of which the form of an answer is the very defect, in few answers with the right status.
const UNFORMED: &[&str] = &["bug-d01-schemas-are-a-bare-array", "bug-e03-errors-are-pages"];

struct Matrix {
    healthy: Checks,
    faulty: BTreeMap<&'static str, Faulty>,
}

static MATRIX: LazyLock<Matrix> = LazyLock::new(|| {
    let (healthy, tape) = taped();
    Matrix { healthy, faulty: run_each(all_faults(), |fault| run_faulty(fault, &tape)) }
});

/// What comes of each fault by itself, on all processors.
fn run_each(
    faults: impl Iterator<Item = &'static Fault>,
    run: impl Fn(&'static Fault) -> Checks + Sync,
) -> BTreeMap<&'static str, Faulty> {
    let queue = Mutex::new(faults.collect::<Vec<_>>());
    let faulty = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(fault) = { queue.lock().unwrap().pop() } {
                    let run = Faulty::from(run(fault));
                    faulty.lock().unwrap().insert(fault.name, run);
                }
            });
        }
    });
    faulty.into_inner().unwrap()
}

/// Every fault that a server of the standard can have.
fn all_faults() -> impl Iterator<Item = &'static Fault> {
    faults::all().iter().chain(faults::of_connections())
}

struct Turned {
    check: String,
    verdict: VerdictKind,
    requirements: Vec<String>,
}

/// The checks that a fault turns away from pass.
fn turned(fault: &Fault) -> Vec<Turned> {
    let results = &MATRIX.faulty[fault.name].results;
    let turned = results.iter().filter(|result| result.verdict.kind() != VerdictKind::Pass);
    turned
        .map(|result| {
            let findings = result.verdict.findings().iter().map(|finding| finding.requirement.id.clone());
            let requirements = findings.collect::<BTreeSet<_>>().into_iter().collect();
            Turned { check: result.id.clone(), verdict: result.verdict.kind(), requirements }
        })
        .collect()
}

fn accuses(turned: &Turned) -> bool {
    matches!(turned.verdict, VerdictKind::Fail | VerdictKind::Warn)
}

fn complain(problems: &[String]) {
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_check_bites_on_a_fault() {
    let mut bitten = BTreeSet::new();
    for fault in all_faults() {
        let caught = turned(fault).into_iter().filter(accuses);
        let meant =
            caught.filter(|turned| turned.requirements.iter().any(|id| fault.breaks.contains(&id.as_str())));
        bitten.extend(meant.map(|turned| turned.check));
    }
    let toothless = suites::all().iter().filter(|check| !bitten.contains(check.id));
    complain(
        &toothless.map(|check| format!("no fault breaks what {} is about", check.id)).collect::<Vec<_>>(),
    );
}

#[test]
fn every_fault_is_caught_under_a_requirement_that_it_breaks() {
    let uncaught = all_faults().filter(|fault| {
        !turned(fault)
            .iter()
            .any(|turned| turned.requirements.iter().any(|id| fault.breaks.contains(&id.as_str())))
    });
    complain(
        &uncaught
            .map(|fault| format!("{} breaks {:?} and nobody notices", fault.name, fault.breaks))
            .collect::<Vec<_>>(),
    );
}

/// Whether a check says nothing because of a capability that the fault declares to hinder.
fn hindered(fault: &Fault, turned: &Turned) -> bool {
    let needs = suites::find(&turned.check).map_or(&[][..], |check| check.needs);
    let hinders = |(capability, _): &(&str, &str)| needs.iter().any(|need| need.to_string() == *capability);
    !accuses(turned) && fault.hinders.iter().any(hinders)
}

#[test]
fn a_fault_turns_few_checks_beyond_its_collateral() {
    let mut problems = Vec::new();
    for fault in all_faults() {
        let declared: BTreeSet<&str> = fault.collateral.iter().map(|(check, _)| *check).collect();
        let others: Vec<String> = turned(fault)
            .into_iter()
            .filter(|turned| !hindered(fault, turned))
            .map(|turned| turned.check)
            .filter(|check| !declared.contains(check.as_str()))
            .collect();
        if others.len() > UNDECLARED_MAX {
            problems.push(format!("{} turns {others:?}", fault.name));
        }
    }
    complain(&problems);
}

#[test]
fn declared_collateral_is_real() {
    let mut problems = Vec::new();
    for fault in all_faults() {
        let turned = turned(fault);
        for (check, reason) in fault.collateral {
            if !turned.iter().any(|turned| turned.check == *check) {
                problems.push(format!("{} declares {check} ({reason}), which does not turn", fault.name));
            }
        }
        for (capability, reason) in fault.hinders {
            let needing = |turned: &&Turned| {
                let check = suites::find(&turned.check);
                check.is_some_and(|check| check.needs.iter().any(|need| need.to_string() == *capability))
            };
            if !turned.iter().filter(needing).any(|turned| !accuses(turned)) {
                problems.push(format!("{} hinders {capability} ({reason}), and nobody minds", fault.name));
            }
        }
    }
    complain(&problems);
}

/// What a check is not about can silence it, but only by the very answer that it could not go on from.
#[test]
fn a_blocked_check_names_the_exchange_that_the_fault_broke() {
    let mut problems = Vec::new();
    for (fault, run) in &MATRIX.faulty {
        for result in &run.results {
            let Verdict::Blocked { cause } = &result.verdict else { continue };
            let place = result.exchanges.iter().position(|number| Some(*number) == cause.exchange);
            let differs = |place: usize| {
                let broken = outcome_of(&run.results, &run.exchanges, &result.id, place);
                let healthy = &MATRIX.healthy;
                broken.is_some()
                    && broken != outcome_of(&healthy.results, &healthy.exchanges, &result.id, place)
            };
            if !place.is_some_and(|place| (0..=place).any(differs)) {
                problems.push(format!("{fault}: {} is blocked by {cause:?}", result.id));
            }
        }
    }
    complain(&problems);
}

/// Every so many faults on the wire are run whole, to see that the others need not be.
const WHOLE_EVERY: usize = 40;

#[test]
fn a_check_that_a_fault_does_not_touch_comes_out_as_without_it() {
    LazyLock::force(&MATRIX);
    let some = all_faults().filter(|fault| fault.seam() == Seam::Wire).step_by(WHOLE_EVERY);
    let mut problems = Vec::new();
    for (fault, whole) in &run_each(some, run_whole) {
        let of_whole: BTreeSet<_> = not_passed(whole).collect();
        let of_touched: BTreeSet<_> = not_passed(&MATRIX.faulty[fault]).collect();
        let differing = of_whole.symmetric_difference(&of_touched);
        problems.extend(differing.map(|(check, verdict)| format!("{fault}: {check} {verdict}")));
    }
    complain(&problems);
}

fn not_passed(run: &Faulty) -> impl Iterator<Item = (&str, &str)> {
    let verdicts = run.results.iter().map(|result| (result.id.as_str(), result.verdict.kind()));
    verdicts.filter(|(_, kind)| *kind != VerdictKind::Pass).map(|(id, kind)| (id, kind.as_str()))
}

#[test]
fn faults_break_requirements_that_exist() {
    let unknown = faults::every().flat_map(|fault| fault.breaks.iter().map(move |id| (fault.name, id)));
    let unknown =
        unknown.filter(|(_, id)| !ALL.iter().chain(RULES).any(|requirement| requirement.id == **id));
    complain(
        &unknown
            .map(|(fault, id)| format!("{fault} breaks {id}, which is no requirement"))
            .collect::<Vec<_>>(),
    );
}

/// A server that answers rubbish proves no check: anything would notice.
#[test]
fn faulty_servers_still_answer_well_formed_scim() {
    let told = |(fault, run): (&&str, &Faulty)| {
        run.malformed.iter().map(|problem| format!("{fault}: {problem}")).collect::<Vec<_>>()
    };
    let formed = MATRIX.faulty.iter().filter(|(fault, _)| !UNFORMED.contains(fault));
    complain(&formed.flat_map(told).collect::<Vec<_>>());
    let unformed = UNFORMED.iter().filter(|fault| MATRIX.faulty[**fault].malformed.is_empty());
    assert_eq!(unformed.count(), 0, "each of them needs the exception");
}

#[test]
fn no_run_has_a_mishap_or_leaves_a_connection_hanging() {
    let mishaps =
        MATRIX.faulty.iter().flat_map(|(fault, run)| run.results.iter().map(move |result| (fault, result)));
    let mishaps = mishaps.filter(|(_, result)| result.verdict.kind() == VerdictKind::Error);
    complain(
        &mishaps
            .map(|(fault, result)| format!("{fault}: {}: {:?}", result.id, result.verdict))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn faults_enter_at_every_seam() {
    let deep = faults::all().iter().filter(|fault| fault.seam() != Seam::Wire).count();
    assert!(
        faults::all().len() >= 20 && deep >= 5,
        "{} faults, {deep} of them below the wire",
        faults::all().len()
    );
}

#[test]
fn every_cited_requirement_is_asserted_on_the_healthy_server() {
    let held = held();
    let mut problems = Vec::new();
    for check in suites::all() {
        for requirement in check.requirements {
            if !held.contains(&(check.id.to_owned(), requirement.id.to_owned())) {
                problems.push(format!(
                    "{} cites {} ({}) and never asserts it",
                    check.id, requirement.id, requirement.slug
                ));
            }
        }
    }
    complain(&problems);
}

#[test]
fn ids_are_unique_and_the_catalogue_is_wide() {
    let ids: BTreeSet<&str> = suites::all().iter().map(|check| check.id).collect();
    assert_eq!(ids.len(), suites::all().len());
    let passive = suites::all().iter().filter(|check| check.kind() == CheckKind::Passive).count();
    assert!(passive >= 6 && suites::all().len() - passive >= 30);
}

#[test]
fn the_committed_matrix_is_current() {
    let mut lines = vec!["fault\tcheck\tverdict\trequirements".to_owned()];
    for fault in all_faults() {
        for turned in turned(fault) {
            let requirements = turned.requirements.join(",");
            lines.push(format!(
                "{}\t{}\t{}\t{requirements}",
                fault.name,
                turned.check,
                turned.verdict.as_str()
            ));
        }
    }
    common::compare("matrix.tsv", &lines);
}

#[test]
fn the_committed_coverage_is_current() {
    let mut lines = vec!["id\tlevel\tstate\tdetail".to_owned()];
    let checked = checked();
    for requirement in ALL {
        let (state, detail) = match checked.get(requirement.id) {
            Some(checks) => ("checked", checks.iter().cloned().collect::<Vec<_>>().join(",")),
            None if !matches!(requirement.document, "RFC7643" | "RFC7644" | "RFC9865") => {
                ("out of scope", format!("{} is not covered yet", requirement.document))
            }
            None if requirement.testable == "no" => {
                ("untestable", suites::coverage::untestable(requirement.id).unwrap_or_default().to_owned())
            }
            None => ("open", String::new()),
        };
        lines.push(
            format!("{}\t{}\t{state}\t{detail}", requirement.id, requirement.level.as_str())
                .trim_end()
                .to_owned(),
        );
    }
    common::compare("requirements/coverage.tsv", &lines);
}

#[test]
fn every_untestable_requirement_says_why_and_no_other_does() {
    let covered = |document: &str| matches!(document, "RFC7643" | "RFC7644" | "RFC9865");
    let untestable =
        ALL.iter().filter(|requirement| requirement.testable == "no" && covered(requirement.document));
    let told: Vec<&str> = suites::coverage::all_untestable().map(|(id, _)| id).collect();
    assert_eq!(told, untestable.map(|requirement| requirement.id).collect::<Vec<_>>());
    assert!(suites::coverage::all_untestable().all(|(_, reason)| reason.contains(' ')));
}

/// Pairs of check and requirement whose expectation held on the healthy server.
fn held() -> BTreeSet<(String, String)> {
    let exchanges = MATRIX.healthy.exchanges.iter();
    exchanges
        .flat_map(|exchange| &exchange.held)
        .map(|held| (held.check.clone(), held.requirement.clone()))
        .collect()
}

/// The requirements under which a check's expectation held on the healthy server and failed under a fault that
/// breaks just that requirement, each with those checks.
fn checked() -> BTreeMap<String, BTreeSet<String>> {
    let held = held();
    let mut checked: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for fault in all_faults() {
        for turned in turned(fault).into_iter().filter(accuses) {
            for requirement in turned.requirements.iter().filter(|id| fault.breaks.contains(&id.as_str())) {
                if held.contains(&(turned.check.clone(), requirement.clone())) {
                    checked.entry(requirement.clone()).or_default().insert(turned.check.clone());
                }
            }
        }
    }
    checked
}
