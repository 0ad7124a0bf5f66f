//! Values in another form than the standard gives them, and objects of which the order of members is taken to say
//! something.

use protocol::{AttrPath, Filter, Literal, Operator, endpoint};
use serde_json::{Value, json};

use crate::ask::{Ask, Reply};
use crate::faults::Fault;
use crate::faults::edit::{
    at, below, creating, each, json as edit_json, listing, ok, patching, replacing, reword, send, sent, set,
    unless,
};
use crate::faults::misread::reread;

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply(
        "certificates-are-shown-in-pem",
        "a certificate is shown with the lines that files have around it",
        &["RFC7643-4.1.2-R26", "RFC7643-2.3.6-R1"],
        |ask, reply| {
            certificates(ask, reply, |text| {
                format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
            });
        },
    ),
    Fault::reply(
        "certificates-lose-their-case",
        "a certificate is shown in lower case, as if it were a name",
        &["RFC7643-2.3.6-R1"],
        |ask, reply| certificates(ask, reply, str::to_lowercase),
    ),
    Fault::reply(
        "group-refs-have-a-blank",
        "the address of a group that somebody is in has a blank in it",
        &["RFC7643-2.3.7-R2"],
        |ask, reply| {
            each(ask, reply, endpoint::USERS, |user| {
                let groups = user.get_mut("groups").and_then(Value::as_array_mut);
                for group in groups.into_iter().flatten() {
                    reword(group, "/$ref", |at| at.replace("/Groups/", "/Groups /"));
                }
            });
        },
    ),
    Fault::reply(
        "profile-pages-have-a-blank",
        "the address of a page about a user has a blank in it where users are listed",
        &["RFC7643-2.3.7-R2"],
        |ask, reply| {
            if listing(ask) {
                each(ask, reply, endpoint::USERS, |user| {
                    reword(user, "/profileUrl", |at| format!("{at} (profile)"));
                });
            }
        },
    ),
    Fault::reply(
        "create-answers-with-names-of-countries",
        "a create that is sent the code of a country answers with the name",
        &["RFC7643-4.1.2-R17"],
        |ask, reply| {
            if creating(ask) && ok(reply) {
                edit_json(reply, |user| {
                    let addresses = user.get_mut("addresses").and_then(Value::as_array_mut);
                    for address in addresses.into_iter().flatten() {
                        reword(address, "/country", |_| "United Kingdom".to_owned());
                    }
                });
            }
        },
    ),
    Fault::reply(
        "lists-have-the-name-of-the-first-version",
        "a list names the schema that lists had before SCIM 2.0",
        &["RFC7644-3.1-R3", "RFC7644-3.4.2-R4"],
        |ask, reply| {
            if listing(ask) && ok(reply) {
                edit_json(reply, |list| set(list, "/schemas", json!(["urn:scim:schemas:core:1.0"])));
            }
        },
    ),
    Fault::request(
        "create-loses-members-behind-schemas",
        "a create whose first member is schemas loses the attributes behind it",
        &["RFC7643-2.3.8-R1"],
        |ask| {
            if creating(ask) && at(ask, endpoint::USERS) {
                lose_behind_schemas(ask);
            }
        },
    )
    .of_state(),
    Fault::request(
        "replace-loses-members-behind-schemas",
        "a replace whose first member is schemas loses the attributes behind it",
        &["RFC7643-2.3.8-R1"],
        |ask| {
            if replacing(ask) && below(ask, endpoint::USERS) {
                lose_behind_schemas(ask);
            }
        },
    )
    .of_state(),
    Fault::around(
        "operations-before-schemas-are-refused",
        "a PATCH whose Operations stand before its schemas is refused",
        &["RFC7643-2.3.8-R1"],
        |ask, next| {
            let first = sent(&ask).as_object().and_then(|body| body.keys().next().cloned());
            let refused = patching(&ask) && first.is_some_and(|first| first == "Operations");
            unless(refused, "invalidSyntax", ask, &next)
        },
    ),
    Fault::request(
        "missing-primary-is-true",
        "a filter takes a value for primary that does not say whether it is",
        &["RFC7643-2.4-R4"],
        |ask| reread(ask, &primary_or_unsaid),
    ),
];

fn certificates(ask: &Ask, reply: &mut Reply, edit: impl Fn(&str) -> String) {
    each(ask, reply, endpoint::USERS, |user| {
        let certificates = user.get_mut("x509Certificates").and_then(Value::as_array_mut);
        certificates.into_iter().flatten().for_each(|one| reword(one, "/value", &edit));
    });
}

/// Takes out what stands behind schemas that come first, all but the name that everybody needs.
fn lose_behind_schemas(ask: &mut Ask) {
    send(ask, |body| {
        let body =
            body.as_object_mut().filter(|body| body.keys().next().is_some_and(|name| name == "schemas"));
        if let Some(body) = body {
            body.retain(|name, _| matches!(name.as_str(), "schemas" | "userName"));
        }
    });
}

fn primary_or_unsaid(filter: Filter) -> Filter {
    match filter {
        Filter::Compare { path, operator: Operator::Eq, value: Literal::Boolean(true) }
            if path.name == "primary" =>
        {
            let unsaid = Filter::Not(Box::new(Filter::Present(AttrPath::new("primary"))));
            let said = Filter::Compare { path, operator: Operator::Eq, value: Literal::Boolean(true) };
            Filter::Or(vec![said, unsaid])
        }
        filter => filter,
    }
}
