//! What the matrices find in process is found over a connection too: a header or a status that only a socket carries, or that
//! a client adds of its own accord, would make a check blind for users and for nobody else.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::BTreeMap;
use std::sync::Mutex;

use harness::Check;
use record::{CheckKind, VerdictKind};
use reference_server::ReferenceServer;

/// What a matrix says of a fault: the profile that is played, and the checks that accuse the server under a requirement that
/// it breaks, those first that judge requests of their own.
struct Accused {
    profile: &'static str,
    fault: String,
    checks: Vec<&'static Check>,
}

/// The faults of a committed matrix. Those of connections are played over one there already.
fn accused(matrix: &str) -> Vec<Accused> {
    let mut faults: BTreeMap<(&str, &str), Vec<&'static Check>> = BTreeMap::new();
    for line in matrix.lines().skip(1) {
        let mut cells = line.split('\t');
        let [fault, check, verdict, requirements] = [(); 4].map(|()| cells.next().unwrap_or_default());
        let Some(check) = suites::find(check) else { panic!("no check {check}") };
        if matches!(verdict, "fail" | "warn") && !requirements.is_empty() && !check.framed {
            let area = check.area();
            let profile = profiles::names().iter().find(|name| **name == area).map_or("rfc", |name| *name);
            faults.entry((profile, fault)).or_default().push(check);
        }
    }
    let accused = |((profile, fault), mut checks): ((&str, &str), Vec<&'static Check>)| {
        checks.sort_by_key(|check| check.kind() == CheckKind::Passive);
        let profile = profiles::names().iter().find(|name| **name == profile).copied().unwrap();
        Accused { profile, fault: fault.to_owned(), checks }
    };
    faults.into_iter().map(accused).collect()
}

/// Whether the first of the checks accuses the server over a connection. Here the clocks are real: what is created within
/// one millisecond shows no order of time, so that a second and a third look may be needed where that is what is asked.
fn is_found_soon(accused: &Accused) -> bool {
    let looks = if accused.checks.first().is_some_and(|check| check.id == "sort.by-time") { 3 } else { 1 };
    (0..looks).any(|_| is_found(accused))
}

/// The same by one look. A check that only looks on needs something to see.
fn is_found(accused: &Accused) -> bool {
    let first = *accused.checks.first().unwrap();
    let passive = first.kind() == CheckKind::Passive;
    let checks: Vec<Check> = if passive { suites::held_to(accused.profile) } else { vec![*first] };
    let builder = ReferenceServer::builder().profile(accused.profile).fault(&accused.fault);
    let run = common::run_over_sockets(&checks, builder, profiles::find(accused.profile).unwrap());
    let verdict = run.results.iter().find(|result| result.id == first.id).map(|result| result.verdict.kind());
    matches!(verdict, Some(VerdictKind::Fail | VerdictKind::Warn))
}

#[test]
fn faults_are_found_over_connections() {
    let standard = accused(include_str!("../matrix.tsv"));
    let applications = accused(include_str!("../rules-matrix.tsv"));
    assert!(standard.len() > 200 && applications.len() > 50, "{} and {}", standard.len(), applications.len());
    let queue = Mutex::new(standard.into_iter().chain(applications).collect::<Vec<_>>());
    let blind = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(accused) = { queue.lock().unwrap().pop() } {
                    if !is_found_soon(&accused) {
                        blind.lock().unwrap().push(format!("{} of {}", accused.fault, accused.profile));
                    }
                }
            });
        }
    });
    let blind = blind.into_inner().unwrap();
    assert!(blind.is_empty(), "found in process and not over a connection: {}", blind.join(", "));
}
