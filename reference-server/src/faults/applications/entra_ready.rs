//! What the provisioning service of Microsoft Entra trips over.

use engine::{AnswerToPatch, BareValue, StringBooleans, Unmatched, VerbMatching};
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::faults::edit::{creating, each, json, listing, restate, send, set};
use crate::faults::patch::operations;
use protocol::endpoint;

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply(
        "inactive-users-are-hidden",
        "a list leaves out users who are switched off",
        &["E-02"],
        |ask, reply| {
            if listing(ask) {
                json(reply, |list| {
                    if let Some(resources) = list.get_mut("Resources").and_then(Value::as_array_mut) {
                        resources.retain(|resource| resource.get("active") != Some(&json!(false)));
                        let left = resources.len();
                        set(list, "/totalResults", left);
                        set(list, "/itemsPerPage", left);
                    }
                });
            }
        },
    ),
    Fault::reply(
        "names-are-unaccented",
        "letters beyond ASCII come back as question marks",
        &["E-03"],
        |ask, reply| {
            each(ask, reply, endpoint::USERS, |user| {
                if let Some(name) = user.get("displayName").and_then(Value::as_str) {
                    let plain: String =
                        name.chars().map(|letter| if letter.is_ascii() { letter } else { '?' }).collect();
                    set(user, "/displayName", plain);
                }
            });
        },
    ),
    Fault::rules(
        "bug-p09-unmatched-value-path-is-refused",
        "a replace on a value path that finds nothing is refused",
        &["E-04"],
        |rules| rules.readings.patch.unmatched_replace = Unmatched::NoTarget,
    ),
    Fault::rules(
        "bug-p01-verbs-are-lower-case-only",
        "an operation is known by its lower-case name only",
        &["E-09"],
        |rules| rules.readings.patch.verbs = VerbMatching::Exact,
    )
    .collateral(&[
        ("entra-ready.active-as-text", "it writes the operation as the client does"),
        ("entra-ready.several-members-at-once", "it writes the operation as the client does"),
        ("entra-ready.only-listed-members-go", "it writes the operation as the client does"),
        ("entra-ready.members-can-be-added-again", "it writes the operation as the client does"),
        ("entra-ready.group-patch-is-brief", "it writes the operation as the client does"),
    ]),
    Fault::rules("text-is-no-boolean", "text in the place of a Boolean is refused", &["E-09"], |rules| {
        rules.readings.string_booleans = StringBooleans::Refused;
    }),
    Fault::rules(
        "text-is-no-manager",
        "plain text in the place of a manager is refused",
        &["E-09"],
        |rules| rules.readings.patch.bare_value = BareValue::Refused,
    ),
    Fault::request(
        "dotted-keys-are-overlooked",
        "in a PATCH without a path, keys with a dot are overlooked",
        &["E-09"],
        |ask| {
            send(ask, |body| {
                for operation in operations(body).into_iter().flatten() {
                    if let Some(value) = operation.get_mut("value").and_then(Value::as_object_mut) {
                        value.retain(|name, _| name.starts_with("urn:") || !name.contains('.'));
                    }
                }
            });
        },
    ),
    Fault::rules(
        "group-patch-lists-members",
        "a PATCH of a group answers with all its members",
        &["E-10"],
        |rules| rules.readings.patch.answer = AnswerToPatch::Resource,
    ),
    Fault::reply(
        "bug-h01-charset-is-refused",
        "a media type with a charset is refused",
        &["E-12"],
        |ask, reply| {
            let announced = ask.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            if creating(ask) && announced.is_some_and(|media_type| media_type.contains("charset")) {
                restate(reply, 415);
            }
        },
    ),
    Fault::request("plus-is-a-plus", "in a query, a plus stands for itself", &["E-12"], |ask| {
        ask.query = ask.query.replace('+', "%2B");
    }),
];
