//! What breaking a requirement amounts to, and how one is named in reports.

use record::{Breach, Level, ReqId, Requirement, RequirementRef};

const fn requirement(level: Level, capability: &'static str, document: &'static str) -> Requirement {
    Requirement {
        id: "RFC7644-3.6-R6",
        slug: "delete-answers-204",
        document,
        section: "3.6",
        level,
        binds: "server",
        testable: "yes",
        capability,
        paraphrase: "A successful DELETE answers 204",
        how_to_test: "",
    }
}

const DELETE: ReqId = ReqId::new(&requirement(Level::Must, "core", "RFC7644"));
const PRIVATE: ReqId = ReqId::new(&requirement(Level::Stated, "core", "B-01"));

#[test]
fn the_level_decides_and_prose_counts_fully_only_for_filters_and_patch() {
    for (level, capability, breach) in [
        (Level::Must, "core", Breach::Fail),
        (Level::MustNot, "core", Breach::Fail),
        (Level::Should, "filter", Breach::Warn),
        (Level::ShouldNot, "patch", Breach::Warn),
        (Level::May, "filter", Breach::Note),
        (Level::Stated, "core", Breach::Warn),
        (Level::Stated, "filter", Breach::Fail),
        (Level::Stated, "core+patch", Breach::Fail),
        (Level::Stated, "patch+group", Breach::Fail),
        (Level::Stated, "filtering+dispatch", Breach::Warn),
        (Level::Stated, "", Breach::Warn),
    ] {
        assert_eq!(requirement(level, capability, "RFC7644").breach(), breach, "{level} {capability:?}");
    }
    assert!(Breach::Note < Breach::Warn && Breach::Warn < Breach::Fail);
}

#[test]
fn levels_read_as_the_standard_writes_them() {
    let levels = [Level::Must, Level::MustNot, Level::Should, Level::ShouldNot, Level::May, Level::Stated];
    let words = levels.map(|level| level.to_string());
    assert_eq!(words, ["MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY", "STATED"]);
    assert_eq!(format!("[{:>8}]", Level::Must), "[    MUST]");
    assert_eq!(serde_json::to_value(Level::MustNot).expect("a word"), "must-not");
}

#[test]
fn a_report_can_name_it_without_the_catalogue() {
    let named = RequirementRef::from(DELETE);
    assert_eq!(named.section, "RFC 7644 §3.6");
    assert_eq!(named.link, "https://www.rfc-editor.org/rfc/rfc7644#section-3.6");
    assert_eq!((named.id.as_str(), named.level), (DELETE.id, Level::Must));
    let private = RequirementRef::from(PRIVATE);
    assert_eq!((private.section.as_str(), private.link.as_str()), ("B-01 rule 3.6", ""));
}

#[test]
fn a_requirement_is_its_id() {
    assert_eq!(DELETE, PRIVATE);
    assert_eq!(format!("{DELETE:?}"), "RFC7644-3.6-R6");
}
