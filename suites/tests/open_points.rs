//! The open points of the text: for each, how the bundled server reads it, and which variants read it otherwise.
//!
//! `requirements/readings.tsv` is written by hand; `docs/readings.md` is made of it, by `SCIMPROOF_BLESS=1`.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use record::VerdictKind;
use reference_server::{Builder, ReferenceServer, variants};

const TABLE: &str = include_str!("../requirements/readings.tsv");

struct Row {
    number: u8,
    source: &'static str,
    point: &'static str,
    here: &'static str,
    variants: Vec<&'static str>,
    reason: &'static str,
    /// The checks that tell how a server reads the point.
    checks: Vec<&'static str>,
}

fn rows() -> Vec<Row> {
    let read = |line: &'static str| {
        let [number, source, point, here, variants, reason, checks] =
            line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let names = |cell: &'static str| cell.split(',').filter(|name| !name.is_empty()).collect();
        let (variants, checks) = (names(variants), names(checks));
        Row { number: number.parse().unwrap(), source, point, here, variants, reason, checks }
    };
    TABLE.lines().skip(1).map(read).collect()
}

#[test]
fn every_point_is_read_otherwise_by_a_variant_or_says_why_not() {
    let numbers: Vec<u8> = rows().iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=63).collect::<Vec<u8>>());
    for row in rows() {
        assert_ne!(row.variants.is_empty(), row.reason.is_empty(), "{}: either of them", row.number);
        for name in row.variants {
            assert!(variants::find(name).is_some(), "{}: there is no variant {name}", row.number);
        }
    }
}

#[test]
fn every_check_of_an_open_point_is_beside_its_point() {
    let beside = rows().into_iter().flat_map(|row| row.checks);
    let beside: BTreeSet<&str> = beside.filter(|id| id.starts_with("readings.")).collect();
    let checks = suites::all().iter().map(|check| check.id).filter(|id| id.starts_with("readings."));
    // The list of the points has none for filters on what nobody may read, nor for what clients write in place of an object.
    let others = BTreeSet::from(["readings.filters-on-the-password", "readings.text-for-managers"]);
    assert_eq!(beside.union(&others).copied().collect::<BTreeSet<_>>(), checks.collect());
}

/// What a check says of a server: its verdict, and its notes.
fn told(check: &str, builder: Builder) -> (VerdictKind, Vec<String>) {
    let checks = [*suites::find(check).unwrap()];
    let run = common::run(&checks, builder, profiles::find("rfc").unwrap(), Duration::ZERO);
    let result = run.results.into_iter().next().unwrap();
    (result.verdict.kind(), result.notes)
}

#[test]
fn every_other_reading_is_told_by_a_check() {
    for row in rows() {
        assert!(row.variants.is_empty() || !row.checks.is_empty(), "{}: nobody tells", row.number);
        for name in &row.variants {
            let tells = |check: &&str| {
                let other = told(check, ReferenceServer::builder().variant(*name));
                told(check, ReferenceServer::builder()) != other
            };
            assert!(row.checks.iter().any(tells), "{}: {name} is told by nobody", row.number);
        }
    }
}

#[test]
fn what_the_oracle_reads_in_several_ways_is_among_them() {
    let known: BTreeSet<u8> = rows().iter().map(|row| row.number).chain([0]).collect();
    let points = suites::oracle::Point::ALL.iter();
    let strangers: Vec<_> = points.filter(|point| !known.contains(&point.ambiguity())).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
}

#[test]
fn the_page_of_readings_is_current() {
    let mut lines = vec![
        "# Open points of the text".to_owned(),
        String::new(),
        "RFC 7643 and RFC 7644 leave points open that every server has to decide. No check holds a server to one of two".to_owned(),
        "lawful readings, unless a profile demands it. For each point this page says how the bundled server reads it, and".to_owned(),
        "which of its variants read it otherwise: `scimproof serve --variant NAME` plays one, `scimproof explain NAME` says".to_owned(),
        "what it does. Where there is no variant, it says why. The checks in the last column tell how a server under test reads".to_owned(),
        "the point, by a note or by their verdict. A profile file can choose readings too, by the names in `docs/profile.schema.json`.".to_owned(),
        String::new(),
        "| | Point | Source | The bundled server | Otherwise | Told by |".to_owned(),
        "|--:|---|---|---|---|---|".to_owned(),
    ];
    for Row { number, source, point, here, variants, reason, checks } in rows() {
        let quoted = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
        let otherwise = if variants.is_empty() { reason.to_owned() } else { quoted(&variants).join(", ") };
        let told = quoted(&checks).join(", ");
        lines.push(
            format!("| {number} | {point} | {source} | {here} | {otherwise} | {told} |")
                .replace("|  |", "| |"),
        );
    }
    common::compare("../docs/readings.md", &lines);
}
