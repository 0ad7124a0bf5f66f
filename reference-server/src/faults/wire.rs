use http::header::{CONTENT_TYPE, ETAG, HeaderValue, IF_MATCH, IF_NONE_MATCH, LOCATION};
use protocol::media;
use serde_json::Value;

use crate::ask::Reply;
use crate::faults::Fault;
use crate::faults::edit::{
    creating, cut, each_resource, empty, failed, is, json, listing, ok, reading, reword, sent, set, status,
};

/// The tag of every version, where versions have stopped.
const ONE_TAG: &str = "W/\"1\"";
/// The reserved word, before an id.
const RESERVED: &str = "bulkId";

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply(
        "bug-h02-answers-plain-json",
        "answers are announced as application/json",
        &["RFC7644-3.1-R1"],
        |_, reply| {
            if ok(reply) {
                announce_json(reply);
            }
        },
    ),
    Fault::reply(
        "errors-are-plain-json",
        "errors are announced as application/json",
        &["RFC7644-3.1-R1"],
        |_, reply| {
            if failed(reply) {
                announce_json(reply);
            }
        },
    ),
    Fault::reply(
        "bug-r09-password-is-returned",
        "a create shows the password",
        &["RFC7643-4.1.1-R18", "RFC7643-7-R24", "G-02"],
        |ask, reply| {
            if let Some(password) = sent(ask).get("password").filter(|_| creating(ask) && ok(reply)) {
                json(reply, |user| set(user, "/password", password.clone()));
            }
        },
    ),
    Fault::reply(
        "etag-differs-from-version",
        "meta.version is not the ETag",
        &["RFC7643-3.1-R26"],
        |ask, reply| {
            if !listing(ask) {
                each_resource(ask, reply, |resource| {
                    reword(resource, "/meta/version", |_| "W/\"0\"".to_owned());
                });
            }
        },
    ),
    Fault::reply(
        "version-is-not-in-meta",
        "the version stands in the ETag header alone",
        &["RFC7644-3.14-R3"],
        |ask, reply| {
            each_resource(ask, reply, |resource| cut(resource, "/meta/version"));
        },
    ),
    Fault::around(
        "bug-x03-etag-never-changes",
        "a changed resource keeps its ETag",
        &["RFC7644-3.14-R6"],
        |mut ask, next| {
            Box::pin(async move {
                ask.headers.remove(IF_MATCH);
                let known = ask.headers.remove(IF_NONE_MATCH).is_some_and(|tag| tag == ONE_TAG);
                let mut reply = next.call(ask.clone()).await;
                if let Some(tag) = reply.headers_mut().get_mut(ETAG) {
                    *tag = HeaderValue::from_static(ONE_TAG);
                }
                each_resource(&ask, &mut reply, |resource| {
                    reword(resource, "/meta/version", |_| ONE_TAG.to_owned());
                });
                if known && reading(&ask) && is(&reply, 200) {
                    status(&mut reply, 304);
                    empty(&mut reply);
                }
                reply
            })
        },
    )
    .collateral(&[
        ("groups.stale-write-is-412", "groups have versions too"),
        ("groups.stale-patch-is-412", "groups have versions too"),
        ("groups.stale-delete-is-412", "groups have versions too"),
        ("versions.stale-write-is-412", "the version before is the current one"),
        ("versions.stale-patch-is-412", "the version before is the current one"),
        ("versions.stale-delete-is-412", "the version before is the current one"),
    ]),
    Fault::request(
        "if-none-match-ignored",
        "a conditional read is answered in full although nothing has changed",
        &["RFC7644-3.14-R5"],
        |ask| {
            ask.headers.remove(IF_NONE_MATCH);
        },
    ),
    Fault::around(
        "id-contains-bulkid",
        "ids contain the word that is reserved for bulk requests",
        &["RFC7643-3.1-R9"],
        |mut ask, next| {
            Box::pin(async move {
                ask.path = ask.path.replace(RESERVED, "");
                ask.query = ask.query.replace(RESERVED, "");
                if let Ok(body) = str::from_utf8(&ask.body) {
                    ask.body = body.replace(RESERVED, "").into();
                }
                let mut reply = next.call(ask.clone()).await;
                if let Some(location) = reply.headers().get(LOCATION).and_then(|value| value.to_str().ok())
                    && let Ok(location) = HeaderValue::try_from(reserved(location))
                {
                    reply.headers_mut().insert(LOCATION, location);
                }
                each_resource(&ask, &mut reply, |resource| {
                    reword(resource, "/id", reserved);
                    reword(resource, "/meta/location", reserved);
                    reword(resource, &format!("/{}/manager/value", protocol::urn::ENTERPRISE_USER), reserved);
                    for links in ["members", "groups"] {
                        for link in
                            resource.get_mut(links).and_then(Value::as_array_mut).into_iter().flatten()
                        {
                            reword(link, "/value", reserved);
                            reword(link, "/$ref", reserved);
                        }
                    }
                });
                reply
            })
        },
    ),
    Fault::reply(
        "bug-m02-locations-are-not-encoded",
        "the addresses of lists are shown with a blank in them",
        &["RFC7644-1.2-R1"],
        |ask, reply| {
            if listing(ask) {
                each_resource(ask, reply, |user| {
                    reword(user, "/meta/location", |at| at.replacen("//", "// ", 1));
                });
            }
        },
    )
    .collateral(&[
        ("list.shows-users-whole", "it compares a list with the read"),
        ("groups.are-shown-whole", "it compares a list with the read"),
    ]),
    Fault::reply(
        "locations-have-a-query",
        "a read gives the address with a query at its end",
        &["RFC7644-1.3-R1"],
        |ask, reply| {
            if reading(ask) {
                each_resource(ask, reply, |user| {
                    reword(user, "/meta/location", |at| format!("{at}?format=scim"));
                });
            }
        },
    )
    .collateral(&[
        ("list.shows-users-whole", "it compares a list with the read"),
        ("groups.are-shown-whole", "it compares a list with the read"),
        ("create.shows-what-is-stored", "it compares the answer with a read"),
        ("replace.shows-what-is-stored", "it compares the answer with a read"),
        ("patch.answers-with-what-is-stored", "it compares the answer with a read"),
    ]),
];

fn announce_json(reply: &mut Reply) {
    if reply.headers().contains_key(CONTENT_TYPE) {
        reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media::JSON));
    }
}

/// Puts the reserved word before an id, alone or at the end of an address.
fn reserved(text: &str) -> String {
    match text.rsplit_once('/') {
        Some((start, id)) => format!("{start}/{RESERVED}{id}"),
        None => format!("{RESERVED}{text}"),
    }
}
