//! Justice for those who claim a profile: a correct server of another kind is failed for what its kind breaks of the
//! profile's rules, and for nothing else.

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use record::VerdictKind;
use reference_server::{ReferenceServer, variants};

/// What the standard allows and a rule of a profile does not: variant and rule.
const FORBIDDEN: &[(&str, &str)] = &[
    ("brackets-are-refused", "E-01"),
    ("display-name-is-the-servers", "B-30"),
    ("display-name-is-the-servers", "E-03"),
    ("display-name-is-the-servers", "E-09"),
    ("errors-are-terse", "B-05"),
    ("errors-are-terse", "B-14"),
    ("names-in-values-are-no-paths", "E-09"),
    ("no-scim-types", "B-10"),
    ("no-scim-types", "B-11"),
    ("no-scim-types", "B-14"),
    ("no-scim-types", "B-15"),
    ("no-scim-types", "B-25"),
    ("no-scim-types", "B-27"),
    ("no-scim-types", "B-28"),
    ("no-scim-types", "P-04"),
    ("nothing-follows-brackets", "E-01"),
    ("null-is-no-value-to-set", "B-31"),
    ("null-is-no-value-to-set", "B-32"),
    ("passwords-are-not-taken", "G-02"),
    ("patch-answers-200", "E-10"),
    ("patch-is-lenient", "P-04"),
    ("patch-is-strict", "E-04"),
    ("patch-is-strict", "E-05"),
    ("patch-is-strict", "E-09"),
    ("patch-is-strict", "E-10"),
    ("patch-is-strict", "E-11"),
    ("taken-names-are-400-on-change", "B-10"),
    ("unknown-attributes-are-refused", "B-30"),
    ("unknown-filter-names-match-nothing", "G-05"),
];

/// Variants of the schema itself: what an application has and needs, and how it writes the names of its own attributes, is the
/// profile's to say, so these are not that application.
const ANOTHER_APPLICATION: &[&str] = &[
    "schema-is-small",
    "more-is-required",
    "more-is-wanted-than-told",
    "extension-is-required",
    "user-names-are-for-ever",
    "attribute-names-in-another-case",
];

#[test]
fn a_correct_server_of_another_kind_is_failed_only_for_what_a_rule_forbids() {
    let mut problems = Vec::new();
    let mut broken = BTreeSet::new();
    for profile in profiles::names() {
        let checks = suites::of_profile(profile);
        let played =
            |variant: &&variants::Variant| !checks.is_empty() && !ANOTHER_APPLICATION.contains(&variant.name);
        for variant in variants::all().iter().filter(played) {
            let builder = ReferenceServer::builder().profile(profile).variant(variant.name);
            let lag = Duration::from_millis(variant.lag_ms);
            let run = common::run(&checks, builder, profiles::find(profile).unwrap(), lag);
            for result in run.results {
                match result.verdict.kind() {
                    VerdictKind::Pass | VerdictKind::NotSupported | VerdictKind::Waived => {}
                    VerdictKind::Fail | VerdictKind::Warn => broken.extend(
                        result
                            .verdict
                            .findings()
                            .iter()
                            .map(|finding| (variant.name, finding.requirement.id.clone())),
                    ),
                    VerdictKind::Blocked | VerdictKind::Error => {
                        problems.push(format!("{}: {}: {:?}", variant.name, result.id, result.verdict));
                    }
                }
            }
        }
    }
    let forbidden: BTreeSet<(&str, String)> =
        FORBIDDEN.iter().map(|(variant, rule)| (*variant, (*rule).to_owned())).collect();
    problems.extend(
        broken.difference(&forbidden).map(|(variant, rule)| format!("{variant} is failed by {rule}")),
    );
    problems.extend(forbidden.difference(&broken).map(|(variant, rule)| format!("{variant} keeps {rule}")));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
