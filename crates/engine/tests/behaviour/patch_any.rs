//! Operations of any kind: whatever comes, it is applied whole or refused.

use proptest::prelude::*;
use protocol::urn::ENTERPRISE_USER;
use serde_json::{Value, json};

use crate::patching::{ada, canonical, patch, rfc};

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        Just(json!("x")),
        Just(json!("True")),
        Just(json!([])),
        Just(json!({})),
        Just(json!({ "value": "x", "type": "work" })),
        Just(json!([{ "value": "x", "primary": true }, { "type": "home" }])),
        Just(json!({ "title": "t", "name.givenName": "g", ENTERPRISE_USER: { "department": "d" } })),
    ]
}

fn operation() -> impl Strategy<Value = Value> {
    let path = proptest::sample::select(vec![
        "title",
        "active",
        "name",
        "name.givenName",
        "emails",
        "emails.value",
        r#"emails[type eq "work"]"#,
        r#"emails[type eq "other"].value"#,
        "emails[value pr].primary",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
        r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager[value eq "m1"].value"#,
        "schemas",
        "userName",
        "id",
        "x",
    ]);
    let verb = proptest::sample::select(vec!["add", "remove", "replace"]);
    (verb, proptest::option::of(path), proptest::option::of(value())).prop_map(|(verb, path, value)| {
        let mut operation = json!({ "op": verb });
        if let Some(path) = path {
            operation["path"] = path.into();
        }
        if let Some(value) = value {
            operation["value"] = value;
        }
        operation
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_comes_out_is_canonical_and_repeating_it_is_known(
        operations in proptest::collection::vec(operation(), 1..5),
    ) {
        let rules = rfc();
        match patch(&rules, "/Users", &ada(), &Value::Array(operations)) {
            Ok(patched) => {
                let body = &patched.draft.body;
                prop_assert_eq!(&canonical(&rules, "/Users", body), body);
                prop_assert_eq!(patched.changed, *body != canonical(&rules, "/Users", &ada()));
            }
            Err(reject) => prop_assert!(reject.status == 400 && reject.scim_type.is_some()),
        }
    }

    #[test]
    fn to_add_twice_is_to_add_once(operation in operation()) {
        // A filter on the very value that is changed does not find it again.
        let by_value = operation["path"].as_str().is_some_and(|path| path.contains("value eq"));
        prop_assume!(operation["op"] == "add" && !by_value);
        let rules = rfc();
        if let Ok(once) = patch(&rules, "/Users", &ada(), &json!([operation])) {
            let twice = patch(&rules, "/Users", &once.draft.body, &json!([operation])).unwrap();
            prop_assert_eq!(twice.draft.body, once.draft.body);
            prop_assert!(!twice.changed);
        }
    }
}
