//! What `doctor --json` prints: its published form.

use record::diagnosis_schema;

#[test]
#[expect(clippy::disallowed_methods, reason = "the one way to renew what is committed")]
fn the_schema_is_published() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/diagnosis.schema.json");
    let schema = format!("{:#}\n", diagnosis_schema());
    if std::env::var_os("SCIMPROOF_BLESS").is_some() {
        std::fs::write(file, &schema).expect("a file");
    }
    assert_eq!(std::fs::read_to_string(file).unwrap_or_default(), schema, "bless it with SCIMPROOF_BLESS=1");
}
