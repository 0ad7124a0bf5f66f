//! The run file: published schema, round trip, and what is said about files that cannot be read.

use record::Run;
use reports::{Error, json};

const PUBLISHED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/run.schema.json");

#[test]
fn the_run_file_is_indented_and_ends_in_a_line_break() {
    insta::assert_snapshot!(json::render(&Run::fixture()).unwrap());
}

#[test]
fn a_run_file_reads_back_as_the_same_run() {
    for run in [Run::fixture(), Run::fixture_proof()] {
        assert_eq!(json::parse(&json::render(&run).unwrap()).unwrap(), run);
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "whoever changes the format asks for the new schema by environment"
)]
fn the_published_schema_is_the_current_one() {
    let current = json::schema();
    if std::env::var_os("SCIMPROOF_BLESS").is_some() {
        std::fs::write(PUBLISHED, &current).unwrap();
    }
    let published = std::fs::read_to_string(PUBLISHED).unwrap_or_default();
    assert!(
        published == current,
        "docs/run.schema.json is out of date; look at what changed, raise the version if old files no longer fit, \
         and write it anew with: SCIMPROOF_BLESS=1 cargo test -p reports --test json"
    );
}

#[test]
fn the_run_file_keeps_to_the_published_schema() {
    let schema = serde_json::from_str(&json::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut run: serde_json::Value =
        serde_json::from_str(&json::render(&Run::fixture_proof()).unwrap()).unwrap();
    let errors: Vec<_> = validator.iter_errors(&run).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());

    *run.pointer_mut("/checks/results/0/verdict/kind").unwrap() = "perfect".into();
    assert!(!validator.is_valid(&run), "the schema accepts a verdict that does not exist");
}

#[test]
fn files_that_cannot_be_read_are_told_apart() {
    let newer = r#"{"version":2,"checks":{"version":1},"more":true}"#;
    let newer_part = r#"{"version":1,"checks":{"version":9}}"#;
    let said = ["", "[]", "{\"version\":1", newer, newer_part, "{\n  \"version\": 1,\n  \"tool\": 3\n}"]
        .map(|text| json::parse(text).unwrap_err().to_string());
    insta::assert_snapshot!(said.join("\n"));
    assert!(matches!(json::parse(newer), Err(Error::Version { found: 2, .. })));
    for part in ["sync", "load"] {
        let file = format!("{{\"version\":1,\"{part}\":{{\"version\":2}}}}");
        assert!(matches!(json::parse(&file), Err(Error::Version { found: 2, known: 1, .. })), "{part}");
    }
}
