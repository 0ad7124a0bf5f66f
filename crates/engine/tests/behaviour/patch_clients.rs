//! The readings that identity providers need, and what they really send.

use engine::{BareValue, ExtensionNames, ListOfOne, Rules, Separator, StringBooleans, Unmatched};
use protocol::ScimType;
use protocol::urn::{ENTERPRISE_USER, USER};
use serde_json::{Value, json};

use crate::patching::{ada, expect, expect_refused, patch, rfc};

fn friendly() -> Rules {
    let mut rules = rfc();
    rules.readings.string_booleans = StringBooleans::Accepted;
    rules.readings.patch.unmatched_replace = Unmatched::Created;
    rules.readings.patch.bare_value = BareValue::Accepted;
    rules.readings.patch.list_of_one = ListOfOne::Accepted;
    rules.readings.extension_names = ExtensionNames::Bare;
    rules.readings.separator = Separator::ColonOrDot;
    rules
}

#[test]
fn text_for_booleans_becomes_booleans() {
    // Ambiguity 7.
    for (text, value) in [("False", false), ("false", false), ("TRUE", true)] {
        let operation = json!({ "op": "Replace", "path": "active", "value": text });
        expect(&friendly(), &operation, &[("/active", json!(value))]);
        expect(
            &friendly(),
            &json!({ "op": "replace", "value": { "active": text } }),
            &[("/active", json!(value))],
        );
        expect_refused(&rfc(), &operation, ScimType::InvalidValue);
    }
    expect_refused(
        &friendly(),
        &json!({ "op": "Replace", "path": "active", "value": "no" }),
        ScimType::InvalidValue,
    );
    let role = json!({ "op": "Add", "path": r#"roles[primary eq "True"].value"#, "value": "Admin" });
    expect(&friendly(), &role, &[("/roles", json!([{ "primary": true, "value": "Admin" }]))]);
}

#[test]
fn a_manager_can_be_plain_text() {
    let path = format!("{ENTERPRISE_USER}:manager");
    let at = format!("/{ENTERPRISE_USER}/manager");
    for verb in ["Add", "replace"] {
        let set = |value: Value| json!({ "op": verb, "path": path, "value": value });
        expect(&friendly(), &set(json!("m2")), &[(&at, json!({ "value": "m2" }))]);
        expect(&friendly(), &set(json!([{ "value": "m2" }])), &[(&at, json!({ "value": "m2" }))]);
        expect(&friendly(), &set(json!("")), &[(&at, Value::Null)]);
        expect(&friendly(), &set(json!(["m2"])), &[(&at, json!({ "value": "m2" }))]);
        expect_refused(&friendly(), &set(json!(["m2", "m3"])), ScimType::InvalidValue);
        expect_refused(&rfc(), &set(json!("m2")), ScimType::InvalidValue);
        expect_refused(&rfc(), &set(json!([{ "value": "m2" }])), ScimType::InvalidValue);
    }
    expect(&friendly(), &json!({ "op": "Remove", "path": path, "value": "m1" }), &[(&at, Value::Null)]);
    expect(
        &friendly(),
        &json!({ "op": "replace", "value": { path.as_str(): "m2" } }),
        &[(&at, json!({ "value": "m2" }))],
    );
    let chosen = |id: &str| json!({ "op": "remove", "path": format!(r#"{path}[value eq "{id}"]"#) });
    expect(&friendly(), &chosen("m1"), &[(&at, Value::Null)]);
    expect(&friendly(), &chosen("other"), &[]);
}

#[test]
fn an_extension_is_found_by_the_bare_name_and_behind_a_dot() {
    let at = |name: &str| format!("/{ENTERPRISE_USER}/{name}");
    let [manager, department] = ["manager", "department"].map(at);
    let behind_a_dot = format!("{ENTERPRISE_USER}.department").to_uppercase();
    let expected: [(Value, &[(&str, Value)]); 6] = [
        (json!({ "op": "Remove", "path": "manager" }), &[(&manager, Value::Null)]),
        (json!({ "op": "remove", "path": r#"manager[value eq "m1"]"# }), &[(&manager, Value::Null)]),
        (json!({ "op": "remove", "path": r#"manager[value eq "m2"]"# }), &[]),
        (
            json!({ "op": "add", "path": "MANAGER.value", "value": "m2" }),
            &[(&manager, json!({ "value": "m2" }))],
        ),
        (json!({ "op": "replace", "path": behind_a_dot, "value": "Lab" }), &[(&department, json!("Lab"))]),
        // What the base schema has is meant by its name, and an extension has no attribute of that name.
        (
            json!({ "op": "replace", "value": { "title": "Dr", "nosuch.value": null } }),
            &[("/title", json!("Dr"))],
        ),
    ];
    let mut friendly = friendly();
    friendly.readings.patch.unknown = engine::UnknownTarget::Ignored;
    for (operation, changes) in &expected {
        expect(&friendly, operation, changes);
    }
    for (operation, _) in &expected {
        expect_refused(&rfc(), operation, ScimType::InvalidPath);
    }
    let dotted_base = json!({ "op": "replace", "path": format!("{USER}.title"), "value": "Dr" });
    expect(&friendly, &dotted_base, &[("/title", json!("Dr"))]);
    expect_refused(&rfc(), &dotted_base, ScimType::InvalidPath);
}

#[test]
fn a_value_that_is_not_there_is_made() {
    // Ambiguities 1 and 2.
    for verb in ["Add", "Replace"] {
        let sub = json!({ "op": verb, "path": r#"phoneNumbers[type eq "mobile"].value"#, "value": "1" });
        expect(&friendly(), &sub, &[("/phoneNumbers", json!([{ "value": "1", "type": "mobile" }]))]);
        let whole =
            json!({ "op": verb, "path": r#"phoneNumbers[type eq "mobile"]"#, "value": { "value": "1" } });
        expect(&friendly(), &whole, &[("/phoneNumbers", json!([{ "value": "1", "type": "mobile" }]))]);
        let nothing = json!({ "op": verb, "path": r#"phoneNumbers[type eq "mobile"].value"#, "value": null });
        expect(&friendly(), &nothing, &[]);
    }
    // There is room for one manager only.
    let path = format!(r#"{ENTERPRISE_USER}:manager[value eq "m2"].value"#);
    expect_refused(&friendly(), &json!({ "op": "add", "path": path, "value": "m2" }), ScimType::NoTarget);
}

#[test]
fn what_entra_sends_arrives() {
    let operations = json!([
        { "op": "Replace", "path": "displayName", "value": "Alice Berg" },
        { "op": "Replace", "path": r#"emails[type eq "work"].value"#, "value": "a@x" },
        { "op": "Replace", "path": "name.familyName", "value": "Berg" },
        { "op": "Add", "path": r#"addresses[type eq "work"].locality"#, "value": "Oslo" },
        { "op": "Add", "path": format!("{ENTERPRISE_USER}:department"), "value": "Retail" },
        { "op": "replace", "value": { "displayName": "B", "name.givenName": "K", format!("{ENTERPRISE_USER}:employeeNumber"): "9" } },
    ]);
    let body = patch(&friendly(), "/Users", &ada(), &operations).unwrap().draft.body;
    assert_eq!(body["emails"][0], json!({ "value": "a@x", "type": "work", "primary": true }));
    assert_eq!(body["emails"][1], ada()["emails"][1]);
    assert_eq!(body["name"], json!({ "familyName": "Berg", "givenName": "K" }));
    assert_eq!(body["addresses"], json!([{ "locality": "Oslo", "type": "work" }]));
    assert_eq!(body[ENTERPRISE_USER]["department"], "Retail");
    assert_eq!((&body["displayName"], &body[ENTERPRISE_USER]["employeeNumber"]), (&json!("B"), &json!("9")));
}
