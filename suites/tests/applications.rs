//! Teeth for the rules of applications: each profile played by the healthy server, and by one with each fault that
//! breaks one of its rules.
//!
//! The committed `rules-matrix.tsv` and `requirements/rules.tsv` are compared with what this finds; after a change that is meant, run it with
//! `SCIMPROOF_BLESS=1` and review the difference.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use profiles::Seen;
use record::{Checks, Verdict, VerdictKind};
use reference_server::faults::{self, Fault};
use suites::requirements::{ALL, RULES};

/// Rules that no profile has yet: of an application that is not played yet, or of the provisioning client alone.
const LATER: &str = include_str!("../requirements/rules-later.tsv");

/// What is judged on the standard's own profile and cannot be on another one, each with its reason.
const UNJUDGED: &str = include_str!("../requirements/unjudged.tsv");

/// How many checks a fault may turn that are neither about what it breaks nor declared as its collateral.
const UNDECLARED_MAX: usize = 3;

struct Played {
    healthy: Checks,
    faulty: BTreeMap<&'static str, Checks>,
}

/// What came of each profile that has checks of its own.
static PLAYED: LazyLock<BTreeMap<&'static str, Played>> = LazyLock::new(|| {
    let names = profiles::names().into_iter().filter(|name| !suites::of_profile(name).is_empty());
    let played = names.map(|name| {
        let faulty = breaking(name)
            .into_iter()
            .map(|fault| (fault.name, common::run_as(name, &suites::of_profile(name), Some(fault.name))));
        let healthy = common::run_as(name, &suites::held_to(name), None);
        (name, Played { healthy, faulty: faulty.collect() })
    });
    played.collect()
});

/// The faults that break a rule of a profile: its own, and those of the standard that break a rule by the way.
fn breaking(profile: &str) -> Vec<&'static Fault> {
    let rules: Vec<&str> = RULES.iter().filter(|rule| rule.document == profile).map(|rule| rule.id).collect();
    let breaks = |fault: &&Fault| fault.breaks.iter().any(|id| rules.contains(id));
    faults::of_profile(profile).chain(faults::all().iter().filter(breaks)).collect()
}

fn complain(problems: &[String]) {
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// What a check said of a faulty server, with the requirements that it cites for that.
fn accusations(run: &Checks) -> Vec<(String, BTreeSet<String>)> {
    let accusing = run
        .results
        .iter()
        .filter(|result| matches!(result.verdict.kind(), VerdictKind::Fail | VerdictKind::Warn));
    accusing
        .map(|result| {
            let findings = result.verdict.findings().iter();
            (result.id.clone(), findings.map(|finding| finding.requirement.id.clone()).collect())
        })
        .collect()
}

#[test]
fn the_bundled_server_keeps_the_rules_of_every_profile_that_it_plays() {
    let mut problems = Vec::new();
    for (profile, played) in PLAYED.iter() {
        for result in &played.healthy.results {
            let fine = matches!(
                result.verdict.kind(),
                VerdictKind::Pass | VerdictKind::Waived | VerdictKind::NotSupported
            );
            if !fine {
                problems.push(format!("{profile}: {}: {:#?}", result.id, result.verdict));
            }
        }
        if !played.healthy.leftovers.is_empty() {
            problems.push(format!("{profile}: left behind: {:?}", played.healthy.leftovers));
        }
    }
    complain(&problems);
}

#[test]
fn every_check_of_a_profile_is_judged() {
    let mut problems = Vec::new();
    for (profile, played) in PLAYED.iter() {
        for check in suites::of_profile(profile) {
            let result = played.healthy.results.iter().find(|result| result.id == check.id).unwrap();
            if result.verdict.kind() != VerdictKind::Pass {
                problems.push(format!("{}: {:?}", check.id, result.verdict));
            }
        }
    }
    complain(&problems);
}

/// The requirements that a run held its target to, with the checks that did.
fn judged(run: &Checks) -> BTreeMap<&str, BTreeSet<&str>> {
    let held = run.exchanges.iter().flat_map(|exchange| &exchange.held);
    let held = held.map(|held| (held.requirement.as_str(), held.check.as_str()));
    let found = run.results.iter().flat_map(|result| {
        result.verdict.findings().iter().map(|finding| (finding.requirement.id.as_str(), result.id.as_str()))
    });
    let mut judged: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (requirement, check) in held.chain(found) {
        judged.entry(requirement).or_default().insert(check);
    }
    judged
}

/// Where an application offers less than the standard describes, other attributes are to take the place of what is missing.
#[test]
fn what_is_judged_by_nothing_on_a_profile_is_listed_with_its_reason() {
    let full = common::run_as("rfc", suites::all(), None);
    let full = judged(&full);
    let mut problems = Vec::new();
    for (profile, played) in PLAYED.iter() {
        let here = judged(&played.healthy);
        let rows = UNJUDGED.lines().skip(1).map(|row| row.split('\t').collect::<Vec<_>>());
        let rows =
            rows.filter(|row| row.first() == Some(profile) && row.get(2).is_some_and(|why| !why.is_empty()));
        let mut listed: BTreeSet<&str> = rows.flat_map(|row| row[1].split(',').collect::<Vec<_>>()).collect();
        for (requirement, checks) in full.iter().filter(|(requirement, _)| !here.contains_key(*requirement)) {
            if !listed.remove(requirement) {
                let lacks =
                    played.healthy.results.iter().filter(|result| checks.contains(result.id.as_str()));
                let lacks: Vec<&Verdict> = lacks.map(|result| &result.verdict).collect();
                problems.push(format!("{profile}: nothing judges {requirement}: {lacks:?}"));
            }
        }
        problems
            .extend(listed.iter().map(|idle| format!("{profile}: {idle} is judged, or is no requirement")));
    }
    complain(&problems);
}

/// Servers whose only texts are names are caught like others.
#[test]
fn where_no_text_stands_at_the_top_names_take_its_place() {
    const CAUGHT: [(&str, &str); 7] = [
        ("replace-answers-204", "replace.answers-200"),
        ("last-modified-stands-still", "replace.moves-last-modified"),
        ("escaped-pairs-are-lost", "content.escapes-are-characters"),
        ("replaces-are-mixed", "races.replaces-are-whole"),
        ("bug-x02-conditions-race", "races.one-version-admits-one"),
        ("bug-r08-replace-refuses-read-only", "replace.ignores-read-only"),
        ("bug-k01-attribute-names-are-case-exact", "create.names-ignore-case"),
    ];
    let mut missed = Vec::new();
    for (fault, check) in CAUGHT {
        let only: Vec<_> = suites::all().iter().filter(|known| known.id == check).copied().collect();
        let run = common::run_as("promapp", &only, Some(fault));
        if accusations(&run).is_empty() {
            missed.extend(run.results.iter().map(|result| format!("{fault}: {check}: {:?}", result.verdict)));
        }
    }
    complain(&missed);
}

#[test]
fn every_check_of_a_profile_bites_on_a_fault() {
    let mut toothless = Vec::new();
    for (profile, played) in PLAYED.iter() {
        let mut bitten = BTreeSet::new();
        for fault in breaking(profile) {
            let caught = accusations(&played.faulty[fault.name]).into_iter();
            let meant =
                caught.filter(|(_, cited)| cited.iter().any(|id| fault.breaks.contains(&id.as_str())));
            bitten.extend(meant.map(|(check, _)| check));
        }
        let checks = suites::of_profile(profile).into_iter().map(|check| check.id);
        toothless.extend(
            checks.filter(|id| !bitten.contains(*id)).map(|id| format!("no fault breaks what {id} is about")),
        );
    }
    complain(&toothless);
}

#[test]
fn every_fault_of_a_profile_is_caught_and_turns_few_others() {
    let mut problems = Vec::new();
    for (profile, played) in PLAYED.iter() {
        for fault in faults::of_profile(profile) {
            let accused = accusations(&played.faulty[fault.name]);
            if !accused.iter().any(|(_, cited)| cited.iter().any(|id| fault.breaks.contains(&id.as_str()))) {
                problems.push(format!("{} breaks {:?} and nobody notices", fault.name, fault.breaks));
            }
            let declared: BTreeSet<&str> = fault.collateral.iter().map(|(check, _)| *check).collect();
            let names: BTreeSet<&str> = accused.iter().map(|(check, _)| check.as_str()).collect();
            if names.difference(&declared).count() > UNDECLARED_MAX {
                problems.push(format!("{} turns {:?}", fault.name, names.difference(&declared)));
            }
            for idle in declared.difference(&names) {
                problems.push(format!("{} declares {idle}, which does not turn", fault.name));
            }
        }
    }
    complain(&problems);
}

#[test]
fn every_cited_rule_is_asserted_on_the_healthy_server() {
    let mut problems = Vec::new();
    for (profile, played) in PLAYED.iter() {
        let held: BTreeSet<(&str, &str)> = played
            .healthy
            .exchanges
            .iter()
            .flat_map(|exchange| &exchange.held)
            .map(|held| (held.check.as_str(), held.requirement.as_str()))
            .collect();
        for check in suites::of_profile(profile) {
            let idle = check.requirements.iter().filter(|cited| !held.contains(&(check.id, cited.id)));
            problems
                .extend(idle.map(|cited| format!("{} cites {} and never asserts it", check.id, cited.id)));
        }
    }
    complain(&problems);
}

#[test]
fn deviations_are_from_requirements_that_exist_and_are_used() {
    let mut problems = Vec::new();
    for name in profiles::names() {
        let profile = profiles::find(name).unwrap();
        for deviation in &profile.deviations {
            if !ALL.iter().any(|requirement| requirement.id == deviation.requirement) {
                problems
                    .push(format!("{name} deviates from {}, which is no requirement", deviation.requirement));
            }
            let excused: Vec<&str> = PLAYED.get(name).map_or_else(Vec::new, |played| {
                let waived = played.healthy.results.iter().filter(|result| {
                    result.verdict.kind() == VerdictKind::Waived
                        && result
                            .verdict
                            .findings()
                            .iter()
                            .any(|finding| finding.requirement.id == deviation.requirement)
                });
                waived.map(|result| result.id.as_str()).collect()
            });
            let idle = deviation.checks.iter().flatten().filter(|check| !excused.contains(&check.as_str()));
            problems.extend(idle.map(|check| format!("{name} excuses {check}, which needs no excuse")));
        }
    }
    complain(&problems);
}

/// With a profile, what it declares is waived; without, but with its sample values, it is all that is held against the
/// server, and everything is judged.
#[test]
fn without_the_profile_the_server_is_accused_of_what_the_profile_declares() {
    let mut problems = Vec::new();
    for (profile, played) in PLAYED.iter() {
        let bare = profiles::find(profile).unwrap().samples_alone();
        let run = common::run_with(profile, bare, suites::all(), None);
        let unjudged = run
            .results
            .iter()
            .filter(|result| matches!(result.verdict.kind(), VerdictKind::Blocked | VerdictKind::Error));
        problems.extend(unjudged.map(|result| format!("{profile}: {}: {:?}", result.id, result.verdict)));
        let accused: BTreeSet<String> = accusations(&run).into_iter().map(|(check, _)| check).collect();
        let waived =
            played.healthy.results.iter().filter(|result| result.verdict.kind() == VerdictKind::Waived);
        let waived: BTreeSet<String> = waived.map(|result| result.id.clone()).collect();
        if accused != waived {
            problems.push(format!("{profile}: accused of {accused:?}, waived {waived:?}"));
        }
    }
    complain(&problems);
}

#[test]
fn the_committed_matrix_of_rules_is_current() {
    let mut lines = vec!["fault\tcheck\tverdict\trequirements".to_owned()];
    for (profile, played) in PLAYED.iter() {
        for fault in breaking(profile) {
            let turned = played.faulty[fault.name].results.iter();
            for result in turned.filter(|result| result.verdict.kind() != VerdictKind::Pass) {
                let findings =
                    result.verdict.findings().iter().map(|finding| finding.requirement.id.as_str());
                let cited = findings.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(",");
                let verdict = result.verdict.kind().as_str();
                lines.push(format!("{}\t{}\t{verdict}\t{cited}", fault.name, result.id));
            }
        }
    }
    common::compare("rules-matrix.tsv", &lines);
}

fn listed(checks: &BTreeSet<String>) -> String {
    checks.iter().cloned().collect::<Vec<_>>().join(",")
}

#[test]
fn the_committed_coverage_of_rules_is_current() {
    let mut checked: BTreeMap<(&str, String), BTreeSet<String>> = BTreeMap::new();
    for (profile, played) in PLAYED.iter() {
        for fault in breaking(profile) {
            for (check, cited) in accusations(&played.faulty[fault.name]) {
                for rule in cited.into_iter().filter(|id| fault.breaks.contains(&id.as_str())) {
                    checked.entry((profile, rule)).or_default().insert(check.clone());
                }
            }
        }
    }
    let mut lines = vec!["profile\trule\tseen\tstate\tdetail".to_owned()];
    lines.extend(LATER.lines().map(str::to_owned));
    for name in profiles::names() {
        for rule in profiles::find(name).unwrap().rules {
            let by = checked.get(&(name, rule.id.clone()));
            let (state, detail) = match (by, &rule.proven_by, rule.seen) {
                (Some(checks), Some(test), _) => ("checked", format!("{}; {test}", listed(checks))),
                (Some(checks), None, _) => ("checked", listed(checks)),
                (None, Some(test), _) => ("tested", test.clone()),
                (None, None, Seen::Client) => ("client", "binds the provisioning client".to_owned()),
                (None, None, Seen::Load | Seen::Scim | Seen::Admin | Seen::AdminAndScim) => {
                    ("later", String::new())
                }
            };
            let reason = rule.unproven.into_iter();
            let said = Some(detail).filter(|detail| !detail.is_empty()).into_iter();
            let detail = said.chain(reason).collect::<Vec<_>>().join("; ");
            assert!(!detail.is_empty(), "{name} {}: say why nothing proves it, as `unproven`", rule.id);
            let line = format!("{name}\t{}\t{}\t{state}\t{detail}", rule.id, rule.seen.as_str());
            lines.push(line.trim_end().to_owned());
        }
    }
    common::compare("requirements/rules.tsv", &lines);
}
