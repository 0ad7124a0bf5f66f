//! What the provisioning service of Microsoft Entra trips over.

use std::future::ready;

use engine::{AnswerToPatch, BareValue, StringBooleans, Unmatched, VerbMatching};
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use serde_json::{Value, json};

use crate::faults::Fault;
use crate::faults::edit::{
    creating, each, empty_list, error, json, listing, look, patching, restate, reword, send, sent, set,
};
use crate::faults::patch::operations;
use protocol::endpoint;

/// Where users show their manager.
const MANAGER: &str = "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User/manager";

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
        "e-mail-is-not-matched",
        "a filter on users can name userName, externalId and displayName alone",
        &["E-01"],
        |rules| {
            let mut users = rules.resource_types.iter_mut().filter(|found| found.endpoint == endpoint::USERS);
            if let Some(users) = users.next() {
                users.filterable =
                    Some(["userName", "externalId", "displayName"].map(str::to_owned).to_vec());
            }
        },
    ),
    Fault::reply(
        "external-ids-are-not-found",
        "a filter on externalId finds nobody",
        &["E-01"],
        |ask, reply| {
            let filter = ask.parameter("filter").filter(|_| listing(ask));
            if filter.is_some_and(|filter| filter.starts_with("externalId")) {
                *reply = empty_list();
            }
        },
    ),
    Fault::request(
        "phones-are-reformatted",
        "of a phone number, the digits alone are kept",
        &["E-03"],
        |ask| {
            send(ask, |user| {
                for phone in user.get_mut("phoneNumbers").and_then(Value::as_array_mut).into_iter().flatten()
                {
                    reword(phone, "/value", |number| number.chars().filter(char::is_ascii_digit).collect());
                }
            });
        },
    ),
    Fault::reply(
        "languages-are-in-lower-case",
        "a preferred language is shown in lower case",
        &["E-03"],
        |ask, reply| {
            each(ask, reply, endpoint::USERS, |user| {
                reword(user, "/preferredLanguage", str::to_lowercase);
            });
        },
    ),
    Fault::rules(
        "bug-p09-unmatched-value-path-is-refused",
        "a replace on a value path that finds nothing is refused",
        &["E-04"],
        |rules| rules.readings.patch.unmatched_replace = Unmatched::NoTarget,
    )
    .collateral(&[
        ("entra-ready.address-by-value-path", "the path of an address finds nothing at first either"),
        ("entra-ready.phone-by-value-path", "the path of a phone number finds nothing at first either"),
        ("entra-ready.role-by-value-path", "the path of a role finds nothing at first either"),
    ]),
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
        "bug-t04-text-is-no-manager",
        "plain text in the place of a manager is refused",
        &["E-09"],
        |rules| rules.readings.patch.bare_value = BareValue::Refused,
    ),
    Fault::reply(
        "manager-is-shown-as-text",
        "a manager is shown as plain text, as the client sends it",
        &["E-09"],
        |ask, reply| {
            each(ask, reply, endpoint::USERS, |user| {
                if let Some(manager) = user.pointer_mut(MANAGER) {
                    *manager = manager.get("value").cloned().unwrap_or_default();
                }
            });
        },
    ),
    Fault::around(
        "empty-text-changes-nothing",
        "an operation whose value is empty text is answered with success and not carried out",
        &["E-09"],
        |mut ask, next| {
            let is_empty = |operation: &Value| operation.get("value") == Some(&json!(""));
            let asks = operations(&mut sent(&ask)).is_some_and(|operations| operations.iter().any(is_empty));
            if patching(&ask) && asks {
                ask = look(&ask);
            }
            next.call(ask)
        },
    ),
    Fault::request(
        "bug-p05-dotted-keys-are-overlooked",
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
    Fault::around(
        "accept-is-demanded",
        "a request that does not say what it accepts is answered with 406",
        &["E-12"],
        |ask, next| {
            if ask.headers.contains_key(ACCEPT) { next.call(ask) } else { Box::pin(ready(error(406))) }
        },
    ),
    Fault::around(
        "user-agent-is-demanded",
        "a request that does not say who sends it is answered with 403",
        &["E-12"],
        |ask, next| {
            if ask.headers.contains_key(USER_AGENT) { next.call(ask) } else { Box::pin(ready(error(403))) }
        },
    ),
    Fault::request("bug-f09-plus-is-a-plus", "in a query, a plus stands for itself", &["E-12"], |ask| {
        ask.query = ask.query.replace('+', "%2B");
    }),
];
