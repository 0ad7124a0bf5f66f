//! Membership under PATCH: who comes and who goes, and nobody else.

use engine::{Edges, Reject, Unmatched};
use protocol::ScimType;
use protocol::urn::GROUP;
use serde_json::{Map, Value, json};

use crate::patching::{patch, rfc};

fn group() -> Map<String, Value> {
    json!({ "schemas": [GROUP], "displayName": "All" }).as_object().unwrap().clone()
}

fn edges(operations: &Value) -> Result<Edges, Reject> {
    patch(&rfc(), "/Groups", &group(), operations).map(|patched| {
        assert!(!patched.changed, "{operations}");
        patched.edges
    })
}

fn of(cleared: bool, adds: &[&str], removes: &[&str]) -> Result<Edges, Reject> {
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    Ok(Edges { cleared, adds: ids(adds), removes: ids(removes) })
}

#[test]
fn members_come_and_go_by_name() {
    let one = |operation: Value| edges(&json!([operation]));
    let add = |value: Value| one(json!({ "op": "add", "path": "members", "value": value }));
    assert_eq!(add(json!([{ "value": "x", "display": "X", "$ref": null }])), of(false, &["x"], &[]));
    assert_eq!(add(json!({ "value": "x" })), of(false, &["x"], &[]));
    assert_eq!(add(json!([])), of(false, &[], &[]));
    assert_eq!(
        one(json!({ "op": "add", "value": { "members": [{ "value": "x" }] } })),
        of(false, &["x"], &[])
    );
    let replace = |value: Value| one(json!({ "op": "replace", "path": "members", "value": value }));
    assert_eq!(replace(json!([{ "value": "a" }, { "value": "x" }])), of(true, &["a", "x"], &[]));
    assert_eq!(replace(json!([])), of(true, &[], &[]));
    assert_eq!(replace(Value::Null), of(true, &[], &[]));
    let remove = |path: &str| one(json!({ "op": "remove", "path": path }));
    assert_eq!(remove("members"), of(true, &[], &[]));
    // RFC 7644 §3.5.2.2: to remove who is no member succeeds.
    assert_eq!(remove(r#"members[value eq "z"]"#), of(false, &[], &["z"]));
    assert_eq!(remove(r#"members[value eq "a" or value eq "z"]"#), of(false, &[], &["a", "z"]));
    assert_eq!(remove(r#"members[type eq "User"]"#), of(false, &[], &["a", "b"]));
    assert_eq!(remove(r#"members[type eq "Robot"]"#), of(false, &[], &[]));
}

#[test]
fn a_listed_removal_never_empties_the_group() {
    // Ambiguity 5.
    let remove = |value: Value| edges(&json!([{ "op": "Remove", "path": "members", "value": value }]));
    assert_eq!(remove(json!([{ "value": "a" }])), of(false, &[], &["a"]));
    assert_eq!(remove(json!({ "value": "a" })), of(false, &[], &["a"]));
    assert_eq!(remove(json!([])), of(false, &[], &[]));
}

#[test]
fn later_operations_see_what_earlier_ones_did() {
    let operations = json!([
        { "op": "add", "path": "members", "value": [{ "value": "x" }, { "value": "a" }] },
        { "op": "remove", "path": r#"members[value eq "x"]"# },
        { "op": "remove", "path": r#"members[type eq "User"]"# },
        { "op": "add", "path": "members", "value": [{ "value": "b" }] },
    ]);
    assert_eq!(edges(&operations), of(false, &["b"], &["a", "x"]));
    let operations = json!([
        { "op": "add", "path": "members", "value": [{ "value": "x" }] },
        { "op": "remove", "path": "members" },
        { "op": "add", "path": "members", "value": [{ "value": "y" }] },
        { "op": "remove", "path": r#"members[value pr]"# },
    ]);
    assert_eq!(edges(&operations), of(true, &[], &["y"]));
}

#[test]
fn what_a_member_consists_of_cannot_change() {
    // Ambiguity 10; RFC 7643 §4.2.
    for (path, value) in [
        (r#"members[value eq "a"].value"#, json!("x")),
        ("members.type", json!("User")),
        (r#"members[value eq "a"]"#, json!({ "value": "x" })),
    ] {
        let reject = edges(&json!([{ "op": "replace", "path": path, "value": value }])).unwrap_err();
        assert_eq!(reject.scim_type, Some(ScimType::Mutability), "{path}");
    }
    let same = json!([{ "op": "replace", "path": r#"members[value eq "a"]"#, "value": { "value": "a" } }]);
    assert_eq!(edges(&same), of(false, &[], &[]));
}

#[test]
fn a_filter_that_finds_no_member() {
    let with =
        |verb: &str| json!([{ "op": verb, "path": r#"members[value eq "x"]"#, "value": { "value": "x" } }]);
    assert_eq!(edges(&with("add")), of(false, &["x"], &[]));
    assert_eq!(edges(&with("replace")).unwrap_err().scim_type, Some(ScimType::NoTarget));
    let mut rules = rfc();
    rules.readings.patch.unmatched_replace = Unmatched::Created;
    assert_eq!(
        patch(&rules, "/Groups", &group(), &with("replace")).unwrap().edges,
        of(false, &["x"], &[]).unwrap()
    );
}

#[test]
fn members_without_an_id_are_refused() {
    for value in
        [json!([{}, { "value": "x" }]), json!([{ "display": "X" }]), json!(["x"]), json!([{ "value": 5 }])]
    {
        let outcome = edges(&json!([{ "op": "add", "path": "members", "value": value }]));
        match outcome {
            Ok(edges) => assert!(value[0] == json!({}) && edges.adds.len() == 1, "{value}"),
            Err(reject) => assert_eq!(reject.scim_type, Some(ScimType::InvalidValue), "{value}"),
        }
    }
}

#[test]
fn members_and_attributes_change_together() {
    let operations = json!([
        { "op": "replace", "value": { "displayName": "Some" } },
        { "op": "add", "path": "members", "value": [{ "value": "x" }] },
    ]);
    let patched = patch(&rfc(), "/Groups", &group(), &operations).unwrap();
    assert!(patched.changed && patched.draft.members.is_empty());
    assert_eq!((&patched.draft.body["displayName"], patched.edges.adds.len()), (&json!("Some"), 1));
}
