//! The open points of the text: for each, how the bundled server reads it, and which variants read it otherwise.
//!
//! `requirements/readings.tsv` is written by hand; `docs/readings.md` is made of it, by `SCIMPROOF_BLESS=1`.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use std::collections::BTreeSet;

use reference_server::variants;

const TABLE: &str = include_str!("../requirements/readings.tsv");

struct Row {
    number: u8,
    source: &'static str,
    point: &'static str,
    here: &'static str,
    variants: Vec<&'static str>,
    reason: &'static str,
    /// The check that tells how a server reads the point.
    check: &'static str,
}

fn rows() -> Vec<Row> {
    let read = |line: &'static str| {
        let [number, source, point, here, variants, reason, check] =
            line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let variants = variants.split(',').filter(|name| !name.is_empty()).collect();
        Row { number: number.parse().unwrap(), source, point, here, variants, reason, check }
    };
    TABLE.lines().skip(1).map(read).collect()
}

#[test]
fn every_point_is_read_otherwise_by_a_variant_or_says_why_not() {
    let numbers: Vec<u8> = rows().iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=62).collect::<Vec<u8>>());
    for row in rows() {
        assert_ne!(row.variants.is_empty(), row.reason.is_empty(), "{}: either of them", row.number);
        for name in row.variants {
            assert!(variants::find(name).is_some(), "{}: there is no variant {name}", row.number);
        }
    }
}

#[test]
fn every_check_of_an_open_point_is_beside_its_point() {
    let beside: BTreeSet<&str> =
        rows().iter().map(|row| row.check).filter(|check| !check.is_empty()).collect();
    let checks = suites::all().iter().map(|check| check.id).filter(|id| id.starts_with("readings."));
    // The list of the points has none for filters on what nobody may read.
    let others = BTreeSet::from(["readings.filters-on-the-password"]);
    assert_eq!(beside.union(&others).copied().collect::<BTreeSet<_>>(), checks.collect());
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
        "what it does. Where there is no variant, it says why. The check in the last column notes how a server under test reads".to_owned(),
        "the point. A profile file can choose readings too, by the names in `docs/profile.schema.json`.".to_owned(),
        String::new(),
        "| | Point | Source | The bundled server | Otherwise | Told by |".to_owned(),
        "|--:|---|---|---|---|---|".to_owned(),
    ];
    for Row { number, source, point, here, variants, reason, check } in rows() {
        let names: Vec<String> = variants.iter().map(|name| format!("`{name}`")).collect();
        let otherwise = if names.is_empty() { reason.to_owned() } else { names.join(", ") };
        let told = if check.is_empty() { String::new() } else { format!("`{check}`") };
        lines.push(
            format!("| {number} | {point} | {source} | {here} | {otherwise} | {told} |")
                .replace("|  |", "| |"),
        );
    }
    common::compare("../docs/readings.md", &lines);
}
