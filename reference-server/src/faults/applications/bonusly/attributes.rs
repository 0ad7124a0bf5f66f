//! What the application makes of values, and of what it has no place for.

use engine::{FilteredReplace, PutOmitted, Returned, Rules, UnknownSchemas, UnknownTarget};
use protocol::{endpoint, urn};
use serde_json::{Value, json};

use super::{EXTENSION, aims_at};
use crate::ask::Ask;
use crate::faults::Fault;
use crate::faults::applications::each_operation;
use crate::faults::edit::{creating, each, is, json, patching, reword, send, sent, set, unless};
use crate::faults::patch::operations;

pub(in crate::faults::applications) const FAULTS: &[Fault] = &[
    Fault::rules("any-work-email-goes", "the work e-mail need not be the userName", &["B-14"], |rules| {
        without(rules, "same-as");
    }),
    Fault::around(
        "work-email-respects-case",
        "a work e-mail that differs from the userName in letter case is refused",
        &["B-14"],
        |ask, next| {
            let body = sent(&ask);
            let email = body.pointer("/emails/0/value");
            let differs = creating(&ask) && email.is_some() && email != body.get("userName");
            unless(differs, "invalidValue", ask, &next)
        },
    ),
    Fault::around(
        "renames-are-judged-by-step",
        "a PATCH is refused where its first operation alone would be",
        &["B-14"],
        |ask, next| {
            Box::pin(async move {
                let mut first = ask.clone();
                let mut steps = 0;
                if patching(&ask) {
                    send(&mut first, |body| {
                        operations(body).into_iter().for_each(|operations| {
                            steps = operations.len();
                            operations.truncate(1);
                        });
                    });
                }
                if steps > 1 {
                    let reply = next.call(first).await;
                    if is(&reply, 400) {
                        return reply;
                    }
                }
                next.call(ask).await
            })
        },
    ),
    Fault::around(
        "work-email-cannot-be-taken-away",
        "a PATCH that removes the work e-mail is refused",
        &["B-14"],
        |ask, next| {
            let removes = |operation: &Value| {
                operation.get("op") == Some(&json!("remove")) && aims_at(operation, "emails")
            };
            unless(some_operation(&ask, removes), "invalidValue", ask, &next)
        },
    ),
    Fault::rules("countries-stay-names", "a country is kept as it was sent", &["B-15"], |rules| {
        without(rules, "country-code");
    })
    .collateral(&[
        ("bonusly.put-country-becomes-a-code", "a replace is held to the same"),
        ("bonusly.found-country-is-a-code", "a search shows the same"),
    ]),
    Fault::rules("addresses-have-towns", "the locality of an address is kept", &["B-15"], |rules| {
        if let Some(addresses) = rules.attribute_mut(urn::USER, "addresses")
            && let Some(country) = addresses.sub_attribute("country").cloned()
        {
            addresses.sub_attributes.push(engine::Attribute { name: "locality".to_owned(), ..country });
        }
    }),
    Fault::rules("locale-keeps-its-region", "locale is kept as it was sent", &["B-17"], |rules| {
        without(rules, "language");
    })
    .collateral(&[
        ("bonusly.put-locale-loses-its-region", "a replace is held to the same"),
        ("bonusly.found-locale-has-no-region", "a search shows the same"),
    ]),
    Fault::rules(
        "extension-names-in-any-case",
        "the names of the extension are known in any letter case",
        &["B-19"],
        |rules| rules.schemas.iter_mut().for_each(|schema| schema.exact_names = false),
    ),
    Fault::reply(
        "employee-number-in-lower-case",
        "employeeNumber comes back as employeenumber",
        &["B-19"],
        |ask, reply| {
            each(ask, reply, endpoint::USERS, |user| {
                if let Some(Value::Object(extension)) = user.get_mut(EXTENSION)
                    && let Some(number) = extension.remove("employeeNumber")
                {
                    extension.insert("employeenumber".to_owned(), number);
                }
            });
        },
    ),
    Fault::around(
        "managers-are-e-mails",
        "a manager who is named by anything but an e-mail is refused",
        &["B-24"],
        |ask, next| {
            let is_no_email = |value: Option<&Value>| {
                value.and_then(Value::as_str).is_some_and(|text| !text.is_empty() && !text.contains('@'))
            };
            let manager = format!("{EXTENSION}:managerEmail");
            let names =
                |operation: &Value| aims_at(operation, &manager) && is_no_email(operation.get("value"));
            let refused = some_operation(&ask, names)
                || is_no_email(sent(&ask).get(EXTENSION).and_then(|extension| extension.get("managerEmail")));
            unless(refused, "invalidValue", ask, &next)
        },
    ),
    Fault::rules(
        "manager-is-any-text",
        "managerEmail keeps any text, empty and one's own too",
        &["B-25", "B-32"],
        |rules| without(rules, "manager"),
    ),
    Fault::reply(
        "managers-in-lower-case",
        "managerEmail comes back in lower case",
        &["B-32"],
        |ask, reply| {
            each(ask, reply, endpoint::USERS, |user| {
                reword(user, &format!("/{EXTENSION}/managerEmail"), str::to_lowercase);
            });
        },
    ),
    Fault::rules("hired-on-is-any-text", "hiredOn keeps any text", &["B-27"], |rules| without(rules, "date"))
        .collateral(&[
            ("bonusly.put-hired-on-becomes-a-date", "a replace is held to the same"),
            ("bonusly.found-hired-on-is-a-date", "a search shows the same"),
        ]),
    Fault::rules("birthday-is-shown", "dateOfBirth is shown and searched", &["B-28"], |rules| {
        if let Some(birthday) = rules.attribute_mut(EXTENSION, "dateOfBirth") {
            birthday.returned = Returned::Default;
            birthday.mutability = engine::Mutability::ReadWrite;
        }
    }),
    Fault::rules("birthday-is-any-text", "dateOfBirth takes any text", &["B-28"], |rules| {
        without(rules, "day-of-year");
    }),
    Fault::reply(
        "birthdays-are-quoted",
        "what is refused as a date of birth is quoted in the error",
        &["B-28"],
        |ask, reply| {
            if let Some(told) = birthday(ask).filter(|_| is(reply, 400)) {
                json(reply, |error| set(error, "/detail", format!("{told} is no date")));
            }
        },
    ),
    Fault::rules("any-user-mode-goes", "userMode keeps any text and is not filled in", &["B-29"], |rules| {
        without(rules, "canonical-only");
    }),
    Fault::reply("ghosts-are-normal", "the userMode ghost comes back as normal", &["B-29"], |ask, reply| {
        each(ask, reply, endpoint::USERS, |user| {
            let mode = format!("/{EXTENSION}/userMode");
            if user.pointer(&mode) == Some(&json!("ghost")) {
                set(user, &mode, "normal");
            }
        });
    }),
    Fault::rules("other-schemas-are-refused", "an unknown extension is refused", &["B-30"], |rules| {
        rules.readings.unknown_schemas = UnknownSchemas::Refused;
    }),
    Fault::rules(
        "other-paths-are-refused",
        "a PATCH of an unknown attribute is refused",
        &["B-30"],
        |rules| {
            rules.readings.patch.unknown = UnknownTarget::Refused;
        },
    ),
    Fault::rules("display-name-is-echoed", "displayName is kept and shown", &["B-30"], |rules| {
        let title = rules.attribute_mut(urn::USER, "title").cloned();
        let user = rules.schemas.iter_mut().find(|schema| schema.id == urn::USER);
        if let (Some(title), Some(user)) = (title, user) {
            user.attributes.push(engine::Attribute { name: "displayName".to_owned(), ..title });
        }
    }),
    Fault::rules("other-types-are-kept", "e-mails and addresses of any type are kept", &["B-30"], |rules| {
        without(rules, "one-type");
    }),
    Fault::rules(
        "patched-emails-are-lost",
        "a PATCH of the work e-mail leaves of it what it names, and without a type it is none at work",
        &["B-31"],
        |rules| rules.readings.patch.filtered_replace = FilteredReplace::Replaced,
    ),
    Fault::request("patch-loses-the-title", "a PATCH of the extension clears the title", &["B-31"], |ask| {
        if some_operation(ask, |operation| aims_at(operation, &format!("{EXTENSION}:department"))) {
            send(ask, |body| {
                operations(body).into_iter().for_each(|operations| {
                    operations.insert(0, json!({ "op": "remove", "path": "title" }));
                });
            });
        }
    }),
    Fault::request(
        "patched-null-says-nothing",
        "null and [] in a PATCH change nothing",
        &["B-31", "B-32"],
        |ask| {
            each_operation(ask, |operation| {
                let value = operation.get("value");
                if value.is_some_and(|value| value.is_null() || *value == json!([])) {
                    // An attribute that is not there is passed over.
                    *operation = json!({ "op": "remove", "path": "nothing" });
                }
            });
        },
    ),
    Fault::rules("put-clears-what-it-leaves-out", "a PUT clears what it leaves out", &["B-31"], |rules| {
        rules.readings.put_omitted = PutOmitted::Cleared;
    }),
];

pub(super) fn without(rules: &mut Rules, name: &str) {
    rules.behaviours.retain(|behaviour| behaviour.name() != name);
}

/// The date of birth in the body of a create.
fn birthday(ask: &Ask) -> Option<String> {
    sent(ask).pointer(&format!("/{EXTENSION}/dateOfBirth"))?.as_str().map(str::to_owned)
}

fn some_operation(ask: &Ask, wanted: impl Fn(&Value) -> bool) -> bool {
    let mut body = sent(ask);
    patching(ask) && operations(&mut body).is_some_and(|operations| operations.iter().any(wanted))
}
