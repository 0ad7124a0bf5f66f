//! What PATCH does, RFC 7644 §3.5.2, by operation and form of path.

use engine::FilteredReplace;
use protocol::urn::{ENTERPRISE_USER, USER};
use serde_json::{Value, json};

use crate::patching::{ada, after, expect, patch, rfc};

const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";

fn in_enterprise(rest: &str) -> String {
    format!("/{ENTERPRISE_USER}/{rest}")
}

#[test]
fn add_and_replace_set_single_values() {
    // RFC 7644 §3.5.2.1 and §3.5.2.3; a replace of what is not there acts as an add.
    for verb in ["add", "replace"] {
        let set = |path: &str, value: Value| json!({ "op": verb, "path": path, "value": value });
        expect(&rfc(), &set("title", json!("t")), &[("/title", json!("t"))]);
        expect(&rfc(), &set("NICKname", json!("n")), &[("/nickName", json!("n"))]);
        expect(&rfc(), &set("name.givenName", json!("A")), &[("/name/givenName", json!("A"))]);
        expect(&rfc(), &set("name.middleName", json!("A")), &[("/name/middleName", json!("A"))]);
        expect(
            &rfc(),
            &set("urn:ietf:params:scim:schemas:core:2.0:User:title", json!("t")),
            &[("/title", json!("t"))],
        );
        expect(&rfc(), &set(DEPARTMENT, json!("d")), &[(&in_enterprise("department"), json!("d"))]);
        expect(
            &rfc(),
            &set(&format!("{MANAGER}.value"), json!("m2")),
            &[(&in_enterprise("manager/value"), json!("m2"))],
        );
    }
}

#[test]
fn a_complex_value_keeps_the_sub_attributes_that_are_not_named() {
    // RFC 7644 §3.5.2.3.
    for verb in ["add", "replace"] {
        let operation = json!({ "op": verb, "path": "name", "value": { "GIVENNAME": "A", "x": 1 } });
        expect(&rfc(), &operation, &[("/name/givenName", json!("A"))]);
        let operation = json!({ "op": verb, "path": "name", "value": { "givenName": null } });
        expect(&rfc(), &operation, &[("/name/givenName", Value::Null)]);
    }
}

#[test]
fn add_appends_and_replace_replaces_all() {
    let other = json!({ "value": "o@x", "type": "other" });
    let emails = ada()["emails"].clone();
    let mut appended = emails.clone();
    appended.as_array_mut().unwrap().push(other.clone());
    for value in [json!([other]), other.clone()] {
        expect(
            &rfc(),
            &json!({ "op": "add", "path": "emails", "value": value }),
            &[("/emails", appended.clone())],
        );
        expect(
            &rfc(),
            &json!({ "op": "replace", "path": "emails", "value": value }),
            &[("/emails", json!([other]))],
        );
    }
    expect(
        &rfc(),
        &json!({ "op": "add", "path": "phoneNumbers", "value": [{ "value": "1" }] }),
        &[("/phoneNumbers", json!([{ "value": "1" }]))],
    );
    let more = json!({ "value": "ada@home.example", "type": "home", "display": "Home" });
    expect(&rfc(), &json!({ "op": "add", "path": "emails", "value": [more] }), &[("/emails/1", more)]);
}

#[test]
fn remove_takes_away_what_is_named_and_no_more() {
    // RFC 7644 §3.5.2.2.
    let remove = |path: &str| json!({ "op": "remove", "path": path });
    expect(&rfc(), &remove("title"), &[("/title", Value::Null)]);
    expect(&rfc(), &remove("nickName"), &[]);
    expect(&rfc(), &remove("name"), &[("/name", Value::Null)]);
    expect(&rfc(), &remove("name.givenName"), &[("/name/givenName", Value::Null)]);
    expect(&rfc(), &remove("emails"), &[("/emails", Value::Null)]);
    expect(
        &rfc(),
        &remove("emails.type"),
        &[
            ("/emails/0", json!({ "value": "ada@work.example", "primary": true })),
            ("/emails/1", json!({ "value": "ada@home.example" })),
        ],
    );
    expect(&rfc(), &remove(r#"emails[type eq "home"]"#), &[("/emails", json!([ada()["emails"][0]]))]);
    expect(
        &rfc(),
        &remove(r#"emails[type eq "home"].type"#),
        &[("/emails/1", json!({ "value": "ada@home.example" }))],
    );
    expect(&rfc(), &remove("emails[value pr]"), &[("/emails", Value::Null)]);
    expect(&rfc(), &remove(DEPARTMENT), &[(&in_enterprise("department"), Value::Null)]);
    expect(&rfc(), &remove(&format!("{MANAGER}.value")), &[(&in_enterprise("manager"), Value::Null)]);
}

#[test]
fn a_complex_value_left_without_parts_is_gone() {
    let operations = json!([
        { "op": "remove", "path": "name.givenName" },
        { "op": "remove", "path": "name.familyName" },
        { "op": "remove", "path": "emails.value" },
        { "op": "remove", "path": "emails.type" },
        { "op": "remove", "path": "emails.primary" },
    ]);
    let body = patch(&rfc(), "/Users", &ada(), &operations).unwrap().draft.body;
    assert!(!body.contains_key("name") && !body.contains_key("emails"), "{body:?}");
}

#[test]
fn a_filter_reaches_every_value_that_it_matches() {
    // RFC 7644 §3.5.2.3.
    let verb = |verb: &str, path: &str, value: Value| json!({ "op": verb, "path": path, "value": value });
    let display = verb("replace", r#"emails[value ew ".example"].display"#, json!("d"));
    expect(&rfc(), &display, &[("/emails/0/display", json!("d")), ("/emails/1/display", json!("d"))]);
    let whole = verb("replace", r#"emails[type eq "work"]"#, json!({ "value": "w" }));
    let kept = json!({ "value": "w", "type": "work", "primary": true });
    expect(&rfc(), &whole, &[("/emails/0", kept)]);
    let mut anew = rfc();
    anew.readings.patch.filtered_replace = FilteredReplace::Replaced;
    expect(&anew, &whole, &[("/emails/0", json!({ "value": "w" }))]);
    let merged = verb("add", r#"emails[type eq "work"]"#, json!({ "value": "w" }));
    expect(&rfc(), &merged, &[("/emails/0/value", json!("w"))]);
    let gone = verb("replace", r#"emails[type eq "work"]"#, Value::Null);
    expect(&rfc(), &gone, &[("/emails", json!([ada()["emails"][1]]))]);
}

#[test]
fn one_value_is_primary_at_most() {
    // RFC 7644 §3.5.2.
    let off = [("/emails/0/primary", json!(false)), ("/emails/1/primary", json!(true))];
    expect(
        &rfc(),
        &json!({ "op": "replace", "path": r#"emails[type eq "home"].primary"#, "value": true }),
        &off,
    );
    let added = json!({ "value": "n", "primary": true });
    let body = after(&rfc(), &json!({ "op": "add", "path": "emails", "value": [added] })).unwrap();
    assert_eq!(body["emails"][0]["primary"], json!(false));
    assert_eq!(body["emails"][2], added);
}

#[test]
fn null_and_empty_arrays_are_absent_values() {
    // Ambiguity 14. To add nothing changes nothing.
    expect(&rfc(), &json!({ "op": "replace", "path": "title", "value": null }), &[("/title", Value::Null)]);
    for value in [json!([]), Value::Null] {
        expect(
            &rfc(),
            &json!({ "op": "replace", "path": "emails", "value": value }),
            &[("/emails", Value::Null)],
        );
        expect(&rfc(), &json!({ "op": "add", "path": "emails", "value": value }), &[]);
    }
}

#[test]
fn without_a_path_the_value_names_what_changes() {
    // RFC 7644 §3.5.2.1 and §3.5.2.3; ambiguity 8.
    let changed = [
        ("/title", json!("t")),
        ("/name/givenName", json!("A")),
        ("/name/middleName", json!("M")),
        (&in_enterprise("department"), json!("d")),
        (&in_enterprise("costCenter"), json!("c")),
    ];
    let nested = json!({
        "title": "t",
        "name": { "givenName": "A", "middleName": "M" },
        ENTERPRISE_USER: { "department": "d", "costCenter": "c" },
    });
    let flat = json!({
        "title": "t",
        "name.givenName": "A",
        "name.middleName": "M",
        DEPARTMENT: "d",
        format!("{ENTERPRISE_USER}:costCenter"): "c",
    });
    for verb in ["add", "replace"] {
        for value in [&nested, &flat] {
            expect(&rfc(), &json!({ "op": verb, "value": value }), &changed);
        }
    }
}

#[test]
fn an_extension_can_be_named_as_a_whole() {
    let value = json!({ "schemas": [ENTERPRISE_USER], "department": "d", "costCenter": "c" });
    let changed = [(&*in_enterprise("department"), json!("d")), (&*in_enterprise("costCenter"), json!("c"))];
    for verb in ["add", "replace"] {
        expect(&rfc(), &json!({ "op": verb, "path": ENTERPRISE_USER, "value": value }), &changed);
    }
    let gone = json!({ "op": "replace", "path": ENTERPRISE_USER, "value": null });
    assert!(!after(&rfc(), &gone).unwrap().contains_key(ENTERPRISE_USER));
}

#[test]
fn schemas_follow_the_extensions() {
    // RFC 7644 §3.5.2.
    let dropped = after(&rfc(), &json!({ "op": "remove", "path": ENTERPRISE_USER })).unwrap();
    assert_eq!((&dropped["schemas"], dropped.contains_key(ENTERPRISE_USER)), (&json!([USER]), false));
    let gained =
        patch(&rfc(), "/Users", &dropped, &json!([{ "op": "add", "path": DEPARTMENT, "value": "d" }]))
            .unwrap();
    assert_eq!(gained.draft.body["schemas"], json!([USER, ENTERPRISE_USER]));
    let values = json!([{ "op": "remove", "path": DEPARTMENT }, { "op": "remove", "path": MANAGER }]);
    assert_eq!(patch(&rfc(), "/Users", &ada(), &values).unwrap().draft.body["schemas"], json!([USER]));
}

#[test]
fn each_operation_works_on_what_the_one_before_left() {
    let operations = json!([
        { "op": "add", "path": "nickName", "value": "a" },
        { "op": "replace", "path": "nickName", "value": "b" },
        { "op": "add", "path": r#"addresses[type eq "work"].locality"#, "value": "Oslo" },
        { "op": "add", "path": r#"addresses[type eq "work"].region"#, "value": "03" },
        { "op": "remove", "path": "title" },
        { "op": "add", "path": "title", "value": "t" },
    ]);
    let body = patch(&rfc(), "/Users", &ada(), &operations).unwrap().draft.body;
    assert_eq!((&body["nickName"], &body["title"]), (&json!("b"), &json!("t")));
    assert_eq!(body["addresses"], json!([{ "locality": "Oslo", "region": "03", "type": "work" }]));
}

#[test]
fn what_changes_nothing_is_known_as_such() {
    // RFC 7644 §3.5.2.1.
    let no_ops = [
        json!({ "op": "add", "path": "title", "value": "Countess" }),
        json!({ "op": "add", "path": "emails", "value": [ada()["emails"][1]] }),
        json!({ "op": "replace", "value": { "active": true } }),
        json!({ "op": "remove", "path": "nickName" }),
        json!({ "op": "remove", "path": r#"emails[type eq "x"]"# }),
        json!({ "op": "replace", "path": "emails", "value": ada()["emails"] }),
    ];
    for operation in no_ops {
        assert!(!patch(&rfc(), "/Users", &ada(), &json!([operation])).unwrap().changed, "{operation}");
    }
    let password = json!([{ "op": "replace", "path": "password", "value": "hunter2" }]);
    let patched = patch(&rfc(), "/Users", &ada(), &password).unwrap();
    assert!(patched.changed && patched.draft.secret_given && !patched.draft.body.contains_key("password"));
    let removed = patch(&rfc(), "/Users", &ada(), &json!([{ "op": "remove", "path": "password" }])).unwrap();
    assert!(removed.changed && removed.secret_removed);
}
