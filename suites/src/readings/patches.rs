//! RFC 7644 §3.5.2: operations that can be read in several ways.

use harness::{Check, minimal_user, sound};
use serde_json::{Value, json};

use super::edit::Became::{Changed, Refused, Same};
use super::edit::{Edit, PLAIN};
use crate::kept;
use crate::patch::PATCHES_ENTERPRISE;
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    UNMATCHED_ADD.check("readings.unmatched-adds", "what is added to a value that is not there"),
    UNMATCHED_REMOVE
        .check("readings.unmatched-removes", "what does a remove do whose filter selects nothing"),
    UNSET_REMOVE.check("readings.removes-of-nothing", "what does a remove do of what has no value"),
    VALUED_REMOVE.check("readings.removes-with-values", "what does a remove do that has values"),
    OTHER_CASE.check("readings.operations-in-another-case", "is op read in any letter case"),
    BOOLEAN_TEXT
        .check("readings.text-for-booleans", "is the text False read as a Boolean")
        .verifies(&[rfc7643::BOOLEAN_ONLY_TRUE_OR_FALSE, rfc7644::REPLACE_SINGLE_VALUED_SETS]),
    MANAGER_TEXT
        .check("readings.text-for-managers", "is plain text read as a manager")
        .needs(PATCHES_ENTERPRISE),
    DOTTED.check("readings.names-with-dots", "how is a name with a dot read in a value without path"),
    UNKNOWN.check("readings.unknown-names-in-patches", "what does a PATCH of an unknown attribute do"),
    NULL.check("readings.null-in-patches", "what does a replace with null do"),
];
const _: () = sound(CHECKS);

const UNMATCHED_ADD: &Edit = &Edit {
    operations: |parts| json!([{ "op": "add", "path": r#"emails[type eq "other"].value"#, "value": parts.mail("other") }]),
    lawful: &[
        (
            "a value of what the filter says",
            Changed(|body, parts| {
                let emails = body.get("emails").and_then(Value::as_array);
                let made = |email: &Value| {
                    email.get("value") == Some(&json!(parts.mail("other")))
                        && email.get("type") == Some(&json!("other"))
                };
                addresses(body) == ["home", "other", "work"].map(|word| parts.mail(word))
                    && emails.is_some_and(|emails| emails.iter().any(made))
            }),
        ),
        ("nothing: there is no target", Refused(&["noTarget", "invalidPath", "invalidFilter"])),
    ],
    silence: Some(rfc7644::INVALIDPATH_MARKS_BAD_PATCH_PATH),
    twin: Some(
        |parts| json!([{ "op": "add", "path": r#"emails[type eq "home"].value"#, "value": parts.mail("home") }]),
    ),
    under: &[rfc7644::ADD_CREATES_MISSING_LOCATION, rfc7644::INVALIDPATH_MARKS_BAD_PATCH_PATH],
    ..OF_ADDRESSES
};
const UNMATCHED_REMOVE: &Edit = &Edit {
    operations: |_| json!([{ "op": "remove", "path": r#"emails[type eq "other"]"# }]),
    lawful: &[("nothing, with success", Same), ("nothing: there is no target", Refused(&["noTarget"]))],
    twin: Some(|_| json!([{ "op": "remove", "path": r#"emails[type eq "home"]"# }])),
    under: &[rfc7644::FILTERED_REMOVE_ONLY_MATCHES],
    ..OF_ADDRESSES
};
const VALUED_REMOVE: &Edit = &Edit {
    operations: |parts| {
        let home = json!({ "value": parts.mail("home"), "type": "home" });
        json!([{ "op": "remove", "path": "emails", "value": [home] }])
    },
    lawful: &[
        ("it removes those", Changed(|body, parts| addresses(body) == [parts.mail("work")])),
        ("it removes all, whatever its value", Changed(|body, _| addresses(body).is_empty())),
        ("nothing: it is refused", Refused(&["invalidSyntax", "invalidValue", "invalidPath", "noTarget"])),
    ],
    twin: Some(|_| json!([{ "op": "remove", "path": r#"emails[type eq "home"]"# }])),
    under: &[rfc7644::REMOVE_MULTIVALUED_REMOVES_ALL],
    ..OF_ADDRESSES
};
const OF_ADDRESSES: Edit = Edit {
    about: &["emails.value", "emails.type"],
    person: |parts| {
        let of = |kind: &str| json!({ "value": parts.mail(kind), "type": kind });
        minimal_user().with("emails", json!([of("work"), of("home")]))
    },
    ..PLAIN
};
const UNSET_REMOVE: &Edit = &Edit {
    operations: |parts| json!([{ "op": "remove", "path": parts.path("title") }]),
    about: &["title"],
    unsets: &["title"],
    lacks: &["title"],
    lawful: &[("nothing, with success", Same), ("nothing: there is no target", Refused(&["noTarget"]))],
    under: &[rfc7644::REMOVE_SINGLE_VALUED_UNASSIGNS],
    ..PLAIN
};
const OTHER_CASE: &Edit = &Edit {
    operations: |parts| json!([{ "op": "Replace", "path": parts.path("displayName"), "value": "After" }]),
    lawful: &[
        (
            "it is",
            Changed(|body, parts| body.pointer(&parts.pointer("displayName")) == Some(&json!("After"))),
        ),
        ("it is not, and refused", Refused(&["invalidSyntax", "invalidValue"])),
    ],
    under: &[rfc7644::REPLACE_SINGLE_VALUED_SETS],
    ..PLAIN
};
const BOOLEAN_TEXT: &Edit = &Edit {
    operations: |_| json!([{ "op": "replace", "path": "active", "value": "False" }]),
    about: &["active"],
    person: |_| minimal_user().with("active", true),
    lawful: &[
        ("it is", Changed(|body, _| body.get("active") == Some(&json!(false)))),
        ("it is not, and refused", Refused(&["invalidValue", "invalidSyntax"])),
    ],
    twin: Some(|_| json!([{ "op": "replace", "path": "active", "value": false }])),
    // Whoever acknowledges it and leaves somebody active has not set what stands there: who sent it takes him for shut out.
    silence: Some(rfc7644::REPLACE_SINGLE_VALUED_SETS),
    under: &[rfc7643::BOOLEAN_ONLY_TRUE_OR_FALSE],
    ..PLAIN
};
const MANAGER_TEXT: &Edit = &Edit {
    operations: |_| json!([{ "op": "replace", "path": MANAGER, "value": BOSS }]),
    about: &[MANAGER],
    unsets: &[MANAGER],
    person: |_| minimal_user(),
    lawful: &[
        (
            "it is the id of one",
            Changed(|body, _| kept::values(body, MANAGER_VALUE) == [json!(BOSS).to_string()]),
        ),
        (
            "it is none, and refused",
            Refused(&["invalidValue", "invalidSyntax", "invalidPath", "noTarget", "mutability"]),
        ),
    ],
    under: &[rfc7644::PATCH_RESPECTS_MUTABILITY_AND_SCHEMA],
    ..PLAIN
};
const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";
const MANAGER_VALUE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value";
/// An id that nobody has: who is taken for a manager by such a text may have to be there.
const BOSS: &str = "00000000-0000-4000-8000-00000000b055";
const DOTTED: &Edit = &Edit {
    operations: |_| json!([{ "op": "replace", "value": { "name.givenName": "Grace" } }]),
    about: &["name.givenName", "name.familyName"],
    person: |_| minimal_user().with("name", json!({ "givenName": "Ada", "familyName": "Lovelace" })),
    lawful: &[
        (
            "a path",
            Changed(|body, _| {
                let part = |name: &str| body.pointer(&format!("/name/{name}")).and_then(Value::as_str);
                part("givenName") == Some("Grace") && part("familyName") == Some("Lovelace")
            }),
        ),
        (
            "an unknown name, which is refused",
            Refused(&["invalidPath", "invalidSyntax", "invalidValue", "noTarget"]),
        ),
        ("an unknown name, which is ignored", Same),
    ],
    under: &[rfc7644::PATHLESS_REPLACE_LISTS_ATTRIBUTES],
    ..PLAIN
};
const UNKNOWN: &Edit = &Edit {
    operations: |_| json!([{ "op": "replace", "path": "noSuchAttribute", "value": "After" }]),
    lawful: &[(
        "nothing: it is refused",
        Refused(&["invalidPath", "noTarget", "invalidValue", "invalidSyntax"]),
    )],
    under: &[rfc7644::INVALIDPATH_MARKS_BAD_PATCH_PATH],
    ..PLAIN
};
const NULL: &Edit = &Edit {
    operations: |parts| json!([{ "op": "replace", "path": parts.path("title"), "value": null }]),
    about: &["title"],
    unsets: &["title"],
    person: |_| minimal_user().with("title", "Before"),
    lawful: &[
        (
            "it removes the value",
            Changed(|body, parts| body.pointer(&parts.pointer("title")).is_none_or(Value::is_null)),
        ),
        ("nothing: it is refused", Refused(&["invalidValue", "invalidSyntax"])),
    ],
    under: &[rfc7643::NULL_OR_EMPTY_ARRAY_CLEARS],
    ..PLAIN
};

/// The addresses that somebody has, in the order of their letters.
fn addresses(body: &Value) -> Vec<&str> {
    let emails = body.get("emails").and_then(Value::as_array).into_iter().flatten();
    let mut values: Vec<&str> = emails.filter_map(|email| email.get("value")?.as_str()).collect();
    values.sort_unstable();
    values
}
