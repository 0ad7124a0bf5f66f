//! How the tests of PATCH apply one.

use engine::{Current, Patched, Reject, Rules};
use protocol::ScimType;
use protocol::urn::{ENTERPRISE_USER, PATCH_OP, USER};
use serde_json::{Map, Value, json};

pub(crate) const ID: &str = "2819c223-7f76-453a-919d-413861904646";

pub(crate) fn rfc() -> Rules {
    Rules::rfc().unwrap()
}

/// A user with values of every form.
pub(crate) fn ada() -> Map<String, Value> {
    let body = json!({
        "schemas": [USER, ENTERPRISE_USER],
        "externalId": "7",
        "userName": "ada",
        "name": { "familyName": "Lovelace", "givenName": "Ada" },
        "title": "Countess",
        "active": true,
        "emails": [
            { "value": "ada@work.example", "type": "work", "primary": true },
            { "value": "ada@home.example", "type": "home" },
        ],
        ENTERPRISE_USER: { "department": "R&D", "manager": { "value": "m1" } },
    });
    body.as_object().unwrap().clone()
}

/// A resource in its canonical form.
pub(crate) fn canonical(rules: &Rules, endpoint: &str, body: &Map<String, Value>) -> Map<String, Value> {
    rules.accept(rules.resource_type_at(endpoint).unwrap(), body.clone(), None).unwrap().body
}

/// Applies operations to a resource whose members are users with the ids `a` and `b` and a group `g`.
pub(crate) fn patch(
    rules: &Rules,
    endpoint: &str,
    body: &Map<String, Value>,
    operations: &Value,
) -> Result<Patched, Reject> {
    let message = json!({ "schemas": [PATCH_OP], "Operations": operations });
    let edits = rules.edits(message.as_object().unwrap().clone())?;
    let body = canonical(rules, endpoint, body);
    let members = || {
        [("a", "User"), ("b", "User"), ("g", "Group")]
            .map(|(id, kind)| json!({ "value": id, "type": kind }).as_object().unwrap().clone())
            .to_vec()
    };
    let current = Current { id: ID, body: &body, members: &members };
    rules.patch(rules.resource_type_at(endpoint).unwrap(), &current, &edits)
}

/// What becomes of the user when one operation is applied.
pub(crate) fn after(rules: &Rules, operation: &Value) -> Result<Map<String, Value>, Reject> {
    patch(rules, "/Users", &ada(), &json!([operation])).map(|patched| patched.draft.body)
}

/// Expects one operation on the user to change what stands at some JSON pointers, and nothing else.
#[track_caller]
pub(crate) fn expect(rules: &Rules, operation: &Value, changes: &[(&str, Value)]) {
    let mut expected = Value::Object(ada());
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = expected.pointer_mut(parent).unwrap();
        match (parent, value) {
            (Value::Object(object), Value::Null) => drop(object.remove(name)),
            (Value::Object(object), value) => drop(object.insert(name.to_owned(), value.clone())),
            (Value::Array(items), value) => items[name.parse::<usize>().unwrap()] = value.clone(),
            (other, _) => panic!("{other}"),
        }
    }
    let expected = canonical(rules, "/Users", expected.as_object().unwrap());
    assert_eq!(after(rules, operation).map(Value::Object), Ok(Value::Object(expected)), "{operation}");
}

/// Expects one operation on the user to be refused with a keyword.
#[track_caller]
pub(crate) fn expect_refused(rules: &Rules, operation: &Value, keyword: ScimType) {
    let reject = after(rules, operation).expect_err(&operation.to_string());
    assert_eq!((reject.status, reject.scim_type), (400, Some(keyword)), "{operation}: {reject}");
}
