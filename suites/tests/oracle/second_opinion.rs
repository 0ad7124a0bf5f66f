//! What another parser of filters makes of the same texts: the crate `scim_v2`, by others. Both print what they read in the
//! same canonical form, so that texts can be compared. Each kind of disagreement is known by name and explained in
//! `docs/oracle.md`.

use engine::{Leniency, Limits, parse_filter};
use proptest::prelude::*;
use protocol::Filter;
use suites::oracle::{GROUP, Type, USER};

use super::filters::{broken, filter, spelling};
use super::trial::runner;

/// What each makes of a text: what it prints, or nothing where it refuses.
#[derive(Debug, PartialEq)]
struct Readings {
    engine: Option<String>,
    other: Option<String>,
}

impl Readings {
    fn of(text: &str) -> Self {
        let engine = parse_filter(text, &Limits::default(), Leniency::default()).ok();
        let other = text.parse::<scim_v2::filter::Filter>().ok();
        Self {
            engine: engine.map(|filter| flat(filter).to_string()),
            other: other.map(|filter| filter.to_string()),
        }
    }
}

/// The filter with what is joined by one word on one level: in which order that is done changes nothing.
fn flat(filter: Filter) -> Filter {
    match filter {
        Filter::And(all) => Filter::And(
            all.into_iter()
                .flat_map(|one| match flat(one) {
                    Filter::And(inner) => inner,
                    other => vec![other],
                })
                .collect(),
        ),
        Filter::Or(any) => Filter::Or(
            any.into_iter()
                .flat_map(|one| match flat(one) {
                    Filter::Or(inner) => inner,
                    other => vec![other],
                })
                .collect(),
        ),
        Filter::Not(inner) => Filter::Not(Box::new(flat(*inner))),
        Filter::ValuePath { path, filter } => Filter::ValuePath { path, filter: Box::new(flat(*filter)) },
        leaf @ (Filter::Compare { .. } | Filter::Present(_)) => leaf,
    }
}

/// A name, a text that shows it, and whether a text is of that kind.
type Disagreement = (&'static str, &'static str, fn(&str) -> bool);

/// Where the two disagree, as `docs/oracle.md` explains.
const KNOWN: &[Disagreement] = &[
    ("not-without-space", r#"not(title pr)"#, |text| text.to_lowercase().contains("not(")),
    ("dollar-in-names", "members[$ref pr]", |text| text.to_lowercase().contains("$ref")),
    ("behind-brackets", r#"emails[type eq "work"].value eq "a""#, |text| text.contains("].")),
];

fn known(text: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(_, _, is)| is(text)).map(|(name, _, _)| *name)
}

fn agree(text: &str) -> Result<(), TestCaseError> {
    let readings = Readings::of(text);
    let told = readings.engine != readings.other;
    prop_assert!(!told || known(text).is_some(), "{text}\n  {readings:?}");
    Ok(())
}

fn agree_on(on: &'static Type, cases: u32, share: impl Fn(u32) -> u32) {
    runner(cases, share)
        .run(&(filter(on), spelling()), |(filter, spelling)| {
            let text = filter.wire(spelling);
            agree(&text)?;
            broken(&text).iter().try_for_each(|text| agree(text))
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn another_parser_reads_filters_on_users_alike() {
    agree_on(&USER, 1_000, |filters| filters);
}

#[test]
fn another_parser_reads_filters_on_groups_alike() {
    agree_on(&GROUP, 200, |filters| filters / 5);
}

#[test]
fn every_known_disagreement_is_one_and_is_explained() {
    let explained = include_str!("../../../docs/oracle.md");
    for (name, text, is) in KNOWN {
        let readings = Readings::of(text);
        assert!(is(text) && readings.engine != readings.other, "{name}: {text}: {readings:?}");
        assert!(explained.contains(&format!("`{name}`")), "docs/oracle.md does not explain {name}");
    }
}
