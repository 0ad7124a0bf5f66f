//! What the field teaches: the defects that servers were seen with, and the verdicts that tools were seen to get wrong.
//!
//! `requirements/bugs.tsv` names the fault that plays each defect, by the id of the defect; `requirements/verdicts.tsv` names
//! the correct servers that each wrong verdict would fail. Both are written by hand.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;

use reference_server::{faults, variants};

const BUGS: &str = include_str!("../requirements/bugs.tsv");
const VERDICTS: &str = include_str!("../requirements/verdicts.tsv");

/// The defects by area and how many there are of it.
const AREAS: &[(&str, usize)] = &[
    ("p", 18),
    ("t", 10),
    ("k", 6),
    ("f", 12),
    ("l", 11),
    ("g", 15),
    ("r", 13),
    ("e", 3),
    ("h", 3),
    ("d", 6),
    ("m", 7),
    ("x", 3),
    ("b", 1),
];
/// How many of them do the most harm. Each of these is played.
const FIRST: usize = 60;

/// A defect of servers in the field.
struct Bug {
    id: &'static str,
    first: bool,
    played: &'static str,
    by: Vec<&'static str>,
    symptom: &'static str,
    reason: &'static str,
}

fn bugs() -> Vec<Bug> {
    let read = |line: &'static str| {
        let [id, first, played, by, symptom, reason] =
            line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        Bug { id, first: first == "yes", played, by: names(by), symptom, reason }
    };
    BUGS.lines().skip(1).map(read).collect()
}

fn names(cell: &'static str) -> Vec<&'static str> {
    cell.split(',').filter(|name| !name.is_empty()).collect()
}

#[test]
fn every_defect_is_listed_once_in_its_order() {
    let ids = AREAS.iter().flat_map(|(area, count)| (1..=*count).map(move |n| format!("bug-{area}{n:02}")));
    assert_eq!(bugs().iter().map(|bug| bug.id).collect::<Vec<_>>(), ids.collect::<Vec<_>>());
    assert!(bugs().iter().all(|bug| bug.symptom.contains(' ')));
}

#[test]
fn every_defect_is_played_under_its_id_or_says_why_not() {
    for bug in bugs() {
        let exists = |name: &&str| match bug.played {
            "fault" => faults::find(name).is_some() && name.starts_with(&format!("{}-", bug.id)),
            "variant" => variants::find(name).is_some(),
            other => panic!("{}: {other} {name}", bug.id),
        };
        assert!(bug.by.iter().all(exists), "{}: {:?}", bug.id, bug.by);
        assert_eq!(bug.played == "none", bug.by.is_empty(), "{}: who plays it", bug.id);
        assert!(bug.played == "fault" || bug.reason.contains(' '), "{}: why no fault plays it", bug.id);
    }
}

#[test]
fn those_that_do_the_most_harm_are_played() {
    let first: Vec<Bug> = bugs().into_iter().filter(|bug| bug.first).collect();
    let unplayed = first.iter().filter(|bug| bug.played == "none").map(|bug| bug.id);
    assert_eq!(unplayed.collect::<BTreeSet<_>>(), BTreeSet::new());
    assert_eq!(first.len(), FIRST);
}

#[test]
fn every_fault_with_the_id_of_a_defect_is_listed_there() {
    let listed: BTreeSet<&str> = bugs().into_iter().flat_map(|bug| bug.by).collect();
    let stray = |fault: &&faults::Fault| fault.name.starts_with("bug-") && !listed.contains(fault.name);
    let strays: BTreeSet<&str> = faults::every().filter(stray).map(|fault| fault.name).collect();
    assert!(strays.is_empty(), "{strays:?}");
}

#[test]
fn every_wrong_verdict_is_tried_on_a_correct_server_or_says_why_not() {
    let rows: Vec<_> = VERDICTS.lines().skip(1).collect();
    assert!(rows.len() >= 17, "{}", rows.len());
    for row in rows {
        let [wrong, right, played, reason]: [&str; 4] =
            row.split('\t').collect::<Vec<_>>().try_into().unwrap();
        assert!(wrong.contains(' ') && right.contains(' '), "{row}");
        let played = names(played);
        assert_ne!(played.is_empty(), reason.is_empty(), "{wrong}: either of them");
        for name in played {
            assert!(variants::find(name).is_some(), "{wrong}: there is no variant {name}");
        }
    }
}
