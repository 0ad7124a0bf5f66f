//! What PATCH refuses, and with which keyword, RFC 7644 §3.5.2 and §3.12 table 9.

use engine::{Mutability, NullValue, RemoveUnset, RemoveValue, UnknownTarget, UnmatchedRemove, VerbMatching};
use protocol::ScimType;
use protocol::urn::{ENTERPRISE_USER, PATCH_OP, USER};
use serde_json::{Value, json};

use crate::patching::{ID, ada, expect, expect_refused, patch, rfc};

#[test]
fn the_body_has_to_be_a_patch_op_message() {
    let add = json!({ "op": "add", "path": "title", "value": "t" });
    let bodies = [
        (json!({ "Operations": [add] }), ScimType::InvalidSyntax),
        (json!({ "schemas": [USER], "Operations": [add] }), ScimType::InvalidSyntax),
        (json!({ "schemas": [PATCH_OP] }), ScimType::InvalidSyntax),
        (json!({ "schemas": [PATCH_OP], "Operations": [] }), ScimType::InvalidSyntax),
        (json!({ "schemas": [PATCH_OP], "Operations": add }), ScimType::InvalidSyntax),
        (json!({ "schemas": [PATCH_OP], "Operations": ["add"] }), ScimType::InvalidSyntax),
        (json!({ "schemas": [PATCH_OP], "Operations": [add], "operations": [add] }), ScimType::InvalidSyntax),
        (
            json!({ "schemas": [PATCH_OP], "Operations": [{ "path": "title", "value": 1 }] }),
            ScimType::InvalidSyntax,
        ),
        (
            json!({ "schemas": [PATCH_OP], "Operations": [{ "op": "move", "path": "a" }] }),
            ScimType::InvalidSyntax,
        ),
        (
            json!({ "schemas": [PATCH_OP], "Operations": [{ "op": "add", "path": 1, "value": 1 }] }),
            ScimType::InvalidPath,
        ),
        (
            json!({ "schemas": [PATCH_OP], "Operations": [{ "op": "add", "path": "a b", "value": 1 }] }),
            ScimType::InvalidPath,
        ),
        (
            json!({ "schemas": [PATCH_OP], "Operations": [{ "op": "add", "path": "title" }] }),
            ScimType::InvalidValue,
        ),
        (json!({ "schemas": [PATCH_OP], "Operations": [{ "op": "remove" }] }), ScimType::NoTarget),
    ];
    for (body, keyword) in bodies {
        let reject = rfc().edits(body.as_object().unwrap().clone()).expect_err(&body.to_string());
        assert_eq!((reject.status, reject.scim_type), (400, Some(keyword)), "{body}");
    }
    let most = rfc().limits.patch_operations;
    let long = json!({ "SCHEMAS": [PATCH_OP], "operations": vec![add; most + 1] });
    assert_eq!(rfc().edits(long.as_object().unwrap().clone()).unwrap_err().status, 413);
}

#[test]
fn a_name_stands_once_in_a_value_however_its_letters_are_written() {
    let extension = json!({ ENTERPRISE_USER: { "department": "a", "Department": "b" } });
    for value in [
        json!({ "title": "a", "TITLE": "b" }),
        json!({ "name": { "givenName": "a", "GivenName": "b" } }),
        json!({ "name.givenName": "a", "NAME.givenName": "b" }),
        json!({ ENTERPRISE_USER: { "department": "a" }, ENTERPRISE_USER.to_uppercase(): { "division": "b" } }),
        extension,
    ] {
        for verb in ["add", "replace"] {
            expect_refused(&rfc(), &json!({ "op": verb, "value": value }), ScimType::InvalidSyntax);
        }
    }
    // One that there is not stands in the way of none that there is.
    let value = json!({ "nosuch": 1, "NOSUCH": 2, "title": "a", "TITLE": "b" });
    expect_refused(&rfc(), &json!({ "op": "add", "value": value }), ScimType::InvalidSyntax);
    let mut lenient = rfc();
    lenient.readings.patch.unknown = UnknownTarget::Ignored;
    expect_refused(&lenient, &json!({ "op": "add", "value": value }), ScimType::InvalidSyntax);
    let value = json!({ "nosuch": 1, "NOSUCH": 2, "title": "a" });
    expect(&lenient, &json!({ "op": "add", "value": value }), &[("/title", json!("a"))]);
}

#[test]
fn a_path_has_no_blank_outside_of_brackets() {
    for path in [" title", "title ", "emails [type eq \"work\"]", "emails[type eq \"work\"] .value", " "] {
        expect_refused(
            &rfc(),
            &json!({ "op": "replace", "path": path, "value": "x" }),
            ScimType::InvalidPath,
        );
    }
}

#[test]
fn read_only_attributes_are_the_servers() {
    for path in ["id", "meta", "meta.version", "groups", r#"groups[value eq "g"]"#] {
        for verb in ["add", "replace", "remove"] {
            expect_refused(&rfc(), &json!({ "op": verb, "path": path, "value": "x" }), ScimType::Mutability);
        }
    }
    let display = format!("{ENTERPRISE_USER}:manager.displayName");
    expect_refused(&rfc(), &json!({ "op": "add", "path": display, "value": "x" }), ScimType::Mutability);
    expect_refused(&rfc(), &json!({ "op": "replace", "value": { "id": "other" } }), ScimType::Mutability);
    // Okta sends the id that it means; whole read-only parts of a value are ignored as in a PUT.
    expect(
        &rfc(),
        &json!({ "op": "replace", "value": { "id": ID, "groups": [], "title": "t" } }),
        &[("/title", json!("t"))],
    );
    let manager = json!({ "value": "m2", "displayName": "x" });
    let path = format!("{ENTERPRISE_USER}:manager");
    expect(
        &rfc(),
        &json!({ "op": "add", "path": path, "value": manager }),
        &[(&format!("/{ENTERPRISE_USER}/manager/value"), json!("m2"))],
    );
}

#[test]
fn required_attributes_cannot_go() {
    // Ambiguity 13.
    expect_refused(&rfc(), &json!({ "op": "remove", "path": "userName" }), ScimType::Mutability);
    expect_refused(
        &rfc(),
        &json!({ "op": "replace", "path": "userName", "value": null }),
        ScimType::Mutability,
    );
    expect_refused(&rfc(), &json!({ "op": "remove", "path": "schemas" }), ScimType::Mutability);
    expect_refused(
        &rfc(),
        &json!({ "op": "replace", "path": "userName", "value": "" }),
        ScimType::InvalidValue,
    );
}

#[test]
fn immutable_attributes_are_set_once() {
    // Ambiguity 10.
    let mut rules = rfc();
    for name in ["title", "nickName"] {
        rules.attribute_mut(USER, name).unwrap().mutability = Mutability::Immutable;
    }
    expect(&rules, &json!({ "op": "add", "path": "nickName", "value": "n" }), &[("/nickName", json!("n"))]);
    expect(&rules, &json!({ "op": "replace", "path": "title", "value": "Countess" }), &[]);
    for operation in [
        json!({ "op": "add", "path": "title", "value": "t" }),
        json!({ "op": "replace", "value": { "title": "t" } }),
        json!({ "op": "remove", "path": "title" }),
    ] {
        expect_refused(&rules, &operation, ScimType::Mutability);
    }
    let detour = json!([{ "op": "add", "path": "nickName", "value": "a" }, { "op": "add", "path": "nickName", "value": "b" }]);
    assert_eq!(patch(&rules, "/Users", &ada(), &detour).unwrap_err().scim_type, Some(ScimType::Mutability));
}

#[test]
fn unknown_attributes_are_refused_or_ignored() {
    // Ambiguity 9.
    let operations = [
        json!({ "op": "add", "path": "nosuch", "value": "x" }),
        json!({ "op": "remove", "path": "name.nosuch" }),
        json!({ "op": "replace", "path": r#"emails[type eq "work"].nosuch"#, "value": "x" }),
        json!({ "op": "add", "path": "urn:no:such:2.0:User:department", "value": "x" }),
        json!({ "op": "add", "value": { "nosuch": "x" } }),
        json!({ "op": "add", "value": { ENTERPRISE_USER: { "nosuch": "x" } } }),
        json!({ "op": "add", "value": { "no such name": "x" } }),
    ];
    let mut ignoring = rfc();
    ignoring.readings.patch.unknown = UnknownTarget::Ignored;
    for operation in &operations {
        expect_refused(&rfc(), operation, ScimType::InvalidPath);
        expect(&ignoring, operation, &[]);
    }
    expect_refused(&rfc(), &json!({ "op": "remove", "path": "userName[value pr]" }), ScimType::InvalidPath);
    expect_refused(&rfc(), &json!({ "op": "remove", "path": "emails[nosuch pr]" }), ScimType::InvalidFilter);
    expect_refused(
        &rfc(),
        &json!({ "op": "add", "path": "emails.value", "value": "x" }),
        ScimType::InvalidPath,
    );
}

#[test]
fn values_are_held_to_their_types() {
    for (path, value) in [
        ("active", json!("False")),
        ("title", json!(5)),
        ("name", json!("Ada")),
        ("name.givenName", json!({})),
        ("emails", json!(["a@x"])),
        ("emails", json!([{ "value": "a", "primary": true }, { "value": "b", "primary": true }])),
        (r#"emails[type pr].primary"#, json!(true)),
        (r#"emails[type pr].primary"#, json!("x")),
        ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", json!("m2")),
        (ENTERPRISE_USER, json!("x")),
        ("schemas", json!(["urn:no:such"])),
    ] {
        expect_refused(
            &rfc(),
            &json!({ "op": "replace", "path": path, "value": value }),
            ScimType::InvalidValue,
        );
    }
    expect_refused(&rfc(), &json!({ "op": "add", "value": "x" }), ScimType::InvalidValue);
}

#[test]
fn a_filter_that_finds_nothing() {
    // Ambiguities 1 to 3; RFC 7644 §3.5.2.3 on replace.
    let path = r#"emails[type eq "other"].value"#;
    expect_refused(&rfc(), &json!({ "op": "replace", "path": path, "value": "x" }), ScimType::NoTarget);
    let mut strict = rfc();
    strict.readings.patch.unmatched_add = engine::Unmatched::NoTarget;
    strict.readings.patch.unmatched_remove = UnmatchedRemove::NoTarget;
    expect_refused(&strict, &json!({ "op": "add", "path": path, "value": "x" }), ScimType::NoTarget);
    expect_refused(&strict, &json!({ "op": "remove", "path": path }), ScimType::NoTarget);
    expect(&rfc(), &json!({ "op": "remove", "path": path }), &[]);
    // What cannot be made of equalities cannot be made.
    for filter in [
        r#"type sw "x""#,
        r#"type eq "x" or type eq "y""#,
        r#"not (type pr)"#,
        r#"type eq "x" and type eq "y""#,
    ] {
        let operation = json!({ "op": "add", "path": format!("emails[{filter}].value"), "value": "x" });
        expect_refused(&rfc(), &operation, ScimType::NoTarget);
    }
}

#[test]
fn one_failing_operation_sinks_them_all_and_is_counted() {
    let operations = json!([
        { "op": "replace", "path": "title", "value": "t" },
        { "op": "replace", "path": "nosuch", "value": "t" },
        { "op": "replace", "path": "nickName", "value": "t" },
    ]);
    let reject = patch(&rfc(), "/Users", &ada(), &operations).unwrap_err();
    assert!(reject.detail.starts_with("operation 2: "), "{reject}");
}

#[test]
fn names_of_operations_and_listed_removals_are_readings() {
    let mut strict = rfc();
    strict.readings.patch.verbs = VerbMatching::Exact;
    strict.readings.patch.remove_value = RemoveValue::Refused;
    let upper = json!({ "op": "REPLACE", "path": "title", "value": "t" });
    expect(&rfc(), &upper, &[("/title", json!("t"))]);
    expect_refused(&strict, &upper, ScimType::InvalidSyntax);
    let listed = json!({ "op": "remove", "path": "emails", "value": [{ "value": "ada@home.example" }] });
    expect(&rfc(), &listed, &[("/emails", json!([ada()["emails"][0]]))]);
    expect_refused(&strict, &listed, ScimType::InvalidValue);
    let nothing = json!({ "op": "remove", "path": "emails", "value": [] });
    expect(&rfc(), &nothing, &[]);
    expect(&rfc(), &json!({ "op": "remove", "path": "emails", "value": null }), &[("/emails", Value::Null)]);
}

#[test]
fn only_what_is_listed_can_be_patched() {
    let mut rules = rfc();
    let user = rules.resource_types.iter_mut().find(|known| known.name == "User").unwrap();
    user.patchable = Some(vec!["name.givenName".to_owned(), r#"emails[type eq "work"]"#.to_owned()]);
    let allowed = [
        (json!({ "op": "replace", "path": "name.givenName", "value": "G" }), "/name/givenName"),
        (json!({ "op": "replace", "value": { "name.givenName": "G" } }), "/name/givenName"),
        (json!({ "op": "add", "path": "name", "value": { "givenName": "G" } }), "/name/givenName"),
        (
            json!({ "op": "replace", "path": r#"EMAILS[type EQ "work"].value"#, "value": "G" }),
            "/emails/0/value",
        ),
    ];
    for (operation, pointer) in allowed {
        expect(&rules, &operation, &[(pointer, json!("G"))]);
    }
    for operation in [
        json!({ "op": "replace", "path": "name.familyName", "value": "B" }),
        json!({ "op": "replace", "path": "name", "value": { "givenName": "G", "familyName": "B" } }),
        json!({ "op": "remove", "path": "name" }),
        json!({ "op": "replace", "path": r#"emails[type eq "home"].value"#, "value": "b@home.example" }),
        json!({ "op": "add", "path": "emails", "value": [{ "value": "b@work.example", "type": "work" }] }),
        json!({ "op": "replace", "path": "userName", "value": "b" }),
        json!({ "op": "replace", "path": "active", "value": false }),
        json!({ "op": "add", "path": "nosuch", "value": "x" }),
        json!({ "op": "replace", "path": "name.nosuch", "value": "x" }),
        json!({ "op": "replace", "path": r#"emails[type eq "work"].nosuch"#, "value": "x" }),
        json!({ "op": "add", "value": { "name.givenName": "G", "urn:example:none:attribute": "x" } }),
    ] {
        expect_refused(&rules, &operation, ScimType::Mutability);
    }
    let malformed = json!({ "op": "replace", "path": "name..givenName", "value": "x" });
    expect_refused(&rules, &malformed, ScimType::InvalidPath);
}

#[test]
fn a_whole_extension_is_read_as_an_attribute_is() {
    let mut rules = rfc();
    rules.readings.patch.null = NullValue::Refused;
    rules.readings.patch.remove_unset = RemoveUnset::NoTarget;
    for operation in [
        json!({ "op": "replace", "path": ENTERPRISE_USER, "value": null }),
        json!({ "op": "add", "path": ENTERPRISE_USER, "value": null }),
        json!({ "op": "replace", "value": { ENTERPRISE_USER: null } }),
    ] {
        expect_refused(&rules, &operation, ScimType::InvalidValue);
    }
    let remove = json!({ "op": "remove", "path": ENTERPRISE_USER });
    let reject = patch(&rules, "/Users", &ada(), &json!([remove, remove])).unwrap_err();
    assert_eq!((reject.status, reject.scim_type), (400, Some(ScimType::NoTarget)));
    assert!(patch(&rules, "/Users", &ada(), &json!([remove])).is_ok());
    assert!(patch(&rfc(), "/Users", &ada(), &json!([remove, remove])).is_ok());
}
