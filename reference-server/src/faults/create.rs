use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use engine::{Extension, NameMatching};
use http::Method;
use http::header::{HeaderValue, LOCATION};
use protocol::{endpoint, urn};
use serde_json::{Value, json};

use crate::ask::Ask;
use crate::faults::edit::{
    creating, cut, dangling, each_resource, is, json, ok, reword, send, sent, set, shown, status, unless,
};
use crate::faults::seams::{Answering, Bend};
use crate::faults::stores::{edited, restored};
use crate::faults::{Fault, Gate, Next};

/// Attributes that hold one text each.
const TEXTS: &[&str] =
    &["displayName", "nickName", "title", "userType", "locale", "timezone", "preferredLanguage"];

/// Stands for an empty userName where it is stored.
const NAMELESS: &str = "\u{200b}";

pub(super) const FAULTS: &[Fault] = &[
    Fault::reply("create-answers-200", "a create answers 200", &["RFC7644-3.3-R7"], |ask, reply| {
        if creating(ask) && is(reply, 201) {
            status(reply, 200);
        }
    }),
    Fault::reply(
        "create-lacks-location",
        "a create answers without Location",
        &["RFC7644-3.3-R9"],
        |ask, reply| {
            if creating(ask) {
                reply.headers_mut().remove(LOCATION);
            }
        },
    ),
    Fault::reply(
        "bug-m01-create-location-dangles",
        "a create names an address in Location where nothing is",
        &["RFC7644-3.3-R9", "RFC7644-3.3-R10"],
        |ask, reply| {
            let location = reply.headers().get(LOCATION).and_then(|value| value.to_str().ok()).map(dangling);
            if let Some(Ok(location)) = location.map(HeaderValue::try_from).filter(|_| creating(ask)) {
                reply.headers_mut().insert(LOCATION, location);
            }
        },
    ),
    Fault::reply(
        "create-lacks-meta-location",
        "a create answers without meta.location",
        &["RFC7644-3.3-R10"],
        |ask, reply| {
            if creating(ask) {
                json(reply, |user| cut(user, "/meta/location"));
            }
        },
    ),
    Fault::request(
        "create-loses-the-manager",
        "a create is acknowledged without the manager that it was sent",
        &["RFC7644-3.3-R1"],
        |ask| {
            if creating(ask) {
                send(ask, |user| cut(user, &format!("/{}/manager", urn::ENTERPRISE_USER)));
            }
        },
    )
    .collateral(&[
        ("replace.stores-the-extension", "somebody is to have a manager"),
        ("patch.replace-manager", "somebody is to have a manager"),
        ("patch.replace-manager-value", "somebody is to have a manager"),
        ("patch.remove-manager", "somebody is to have a manager"),
    ]),
    Fault::store(
        "store-loses-nickname",
        "nickName is acknowledged and not kept",
        &["RFC7644-3.1-R6"],
        |inner| {
            edited(inner, |_, _, changes| {
                for put in &mut changes.puts {
                    restored(put, |user| cut(user, "/nickName"));
                }
            })
        },
    )
    .collateral(&[
        ("sort.ignores-case", "it sorts by nickName"),
        ("filter.and-can-be-a-value", "it asks by nickName"),
        ("filter.or-can-be-a-value", "it asks by nickName"),
        ("filter.not-can-be-a-value", "it asks by nickName"),
    ]),
    Fault::request(
        "titles-are-lost",
        "a create drops the title that it publishes",
        &["RFC7644-3.3-R1"],
        |ask| {
            if creating(ask) {
                send(ask, |user| cut(user, "/title"));
            }
        },
    )
    .collateral(&[
        ("filter.operators-can-be-in-a-value", "it asks by titles"),
        ("readings.null-in-patches", "it is about titles"),
        ("readings.null-in-filters", "it asks by titles"),
        ("readings.pr-on-empty-text", "it asks by titles"),
        ("sort.missing-values-come-last", "it sorts by title"),
        ("sort.missing-values-come-first", "it sorts by title"),
    ]),
    Fault::store(
        "store-ignores-unique-keys",
        "two users can have the same userName",
        &["RFC7644-3.3-R11", "RFC7643-4.1.1-R2"],
        |inner| edited(inner, |_, _, changes| changes.claims.clear()),
    )
    .collateral(&[
        ("readings.unset-booleans-in-filters", "it looks up by userName"),
        ("readings.pr-on-empty-text", "it looks up by userName"),
        ("readings.equal-times", "it looks up by userName"),
        ("readings.order-of-references", "it looks up by userName"),
        ("readings.filters-on-one-resource", "it looks up by userName"),
        ("list.shows-users-whole", "users are found by the keys that were not kept"),
        ("projection.list-honours-attributes", "users are found by the keys that were not kept"),
        ("projection.search-honours-attributes", "users are found by the keys that were not kept"),
        ("projection.list-honours-exclusion", "users are found by the keys that were not kept"),
        ("projection.search-honours-exclusion", "users are found by the keys that were not kept"),
        ("races.one-name-goes-to-one", "creates at the same time claim one userName"),
        ("filter.no-match-is-an-empty-list", "users are found by the keys that were not kept"),
        ("filter.eq-finds-the-one", "users are found by the keys that were not kept"),
        ("filter.username-ignores-case", "users are found by the keys that were not kept"),
        ("filter.names-ignore-case", "users are found by the keys that were not kept"),
        ("filter.operators-ignore-case", "users are found by the keys that were not kept"),
        ("filter.urn-prefix-is-understood", "users are found by the keys that were not kept"),
        ("filter.urn-ignores-case", "users are found by the keys that were not kept"),
        ("framing.broken-off-bodies-count-for-nothing", "users are found by the keys that were not kept"),
        ("filter.schemas-can-be-asked-for", "users are found by the keys that were not kept"),
        ("list.never-ignores-a-filter", "users are found by the keys that were not kept"),
        ("discovery.filter-flag-is-honest", "users are found by the keys that were not kept"),
        ("patch.respects-uniqueness", "a PATCH claims a userName like a create does"),
    ]),
    Fault::reply(
        "bug-r01-duplicate-says-invalid-value",
        "a create with a taken userName is refused as an unfit value",
        &["RFC7644-3.3-R12"],
        |ask, reply| {
            if creating(ask) && is(reply, 409) {
                json(reply, |error| set(error, "/scimType", "invalidValue"));
            }
        },
    ),
    Fault::rules(
        "bug-k04-username-is-case-exact",
        "userName is compared letter by letter",
        &["RFC7643-4.1.1-R4", "B-10"],
        |rules| {
            if let Some(user_name) = rules.attribute_mut(urn::USER, "userName") {
                user_name.case_exact = true;
            }
        },
    ),
    Fault::reply(
        "create-echoes-client-id",
        "a create answers with the id that the client sent",
        &["RFC7643-3.1-R8"],
        |ask, reply| {
            if let Some(id) = sent(ask).get("id").filter(|_| creating(ask) && ok(reply)) {
                json(reply, |user| set(user, "/id", id.clone()));
            }
        },
    ),
    Fault::reply(
        "create-echoes-client-meta",
        "a create answers with the meta that the client sent",
        &["RFC7643-3.1-R20"],
        |ask, reply| {
            if let Some(Value::Object(meta)) = sent(ask).get("meta").filter(|_| creating(ask) && ok(reply)) {
                json(reply, |user| {
                    meta.iter().for_each(|(name, value)| set(user, &format!("/meta/{name}"), value.clone()));
                });
            }
        },
    ),
    Fault::reply(
        "create-keeps-client-created",
        "a create answers with the time of creation that the client sent",
        &["RFC7644-3.3-R2"],
        |ask, reply| {
            let forged = sent(ask).pointer("/meta/created").cloned();
            if let Some(created) = forged.filter(|_| creating(ask) && ok(reply)) {
                json(reply, |user| set(user, "/meta/created", created));
            }
        },
    ),
    Fault::new(
        "create-keeps-client-last-modified",
        "a resource was last changed when the create that made it says so",
        &["RFC7643-3.1-R2"],
        Bend::Gate(|| Arc::new(Backdated::default())),
    ),
    Fault::around(
        "empty-username-is-taken",
        "a user can have an empty userName",
        &["RFC7643-4.1.1-R1"],
        |mut ask, next| {
            Box::pin(async move {
                send(&mut ask, |user| {
                    if user.get("userName") == Some(&json!("")) {
                        set(user, "/userName", NAMELESS);
                    }
                });
                let mut reply = next.call(ask.clone()).await;
                each_resource(&ask, &mut reply, |user| {
                    reword(user, "/userName", |name| name.replace(NAMELESS, ""));
                });
                reply
            })
        },
    ),
    Fault::request(
        "extension-before-base-is-lost",
        "an extension is kept only where the base schema is named before it",
        &["RFC7643-3-R7"],
        |ask| {
            if creating(ask) {
                send(ask, |user| {
                    let first = user.pointer("/schemas/0").and_then(Value::as_str);
                    if let Some(first) = first.filter(|first| *first != urn::USER).map(str::to_owned) {
                        cut(user, &format!("/{first}"));
                    }
                });
            }
        },
    ),
    Fault::rules(
        "users-take-the-schema-of-groups",
        "a user can have the schema of groups as an extension",
        &["RFC7643-3-R5"],
        |rules| {
            for user in rules.resource_types.iter_mut().filter(|kind| kind.schema == urn::USER) {
                user.schema_extensions.push(Extension { schema: urn::GROUP.to_owned(), required: false });
            }
        },
    ),
    Fault::request(
        "bug-t02-inactive-becomes-active",
        "a user that is created inactive is active",
        &["RFC7643-4.1.1-R17"],
        |ask| {
            if creating(ask) {
                send(ask, |user| {
                    if user.get("active") == Some(&json!(false)) {
                        set(user, "/active", true);
                    }
                });
            }
        },
    )
    .collateral(&[
        ("readings.unset-booleans-in-filters", "it asks for who is not active"),
        ("filter.eq-on-a-boolean", "it asks for who is not active"),
        ("filter.ne-on-a-boolean", "it asks for who is not active"),
    ]),
    Fault::rules(
        "username-is-optional",
        "a user needs no userName",
        &["RFC7643-4.1.1-R3", "RFC7644-3.5.1-R13", "B-10", "P-03"],
        |rules| {
            if let Some(user_name) = rules.attribute_mut(urn::USER, "userName") {
                user_name.required = false;
            }
        },
    )
    .collateral(&[
        ("patch.is-atomic", "its failing operation removes the userName"),
        ("patch.required-cannot-be-removed", "it removes the userName"),
    ]),
    Fault::reply(
        "missing-value-says-syntax",
        "a create with an unfit or missing value is refused as malformed",
        &["RFC7644-3.12-R27"],
        |ask, reply| {
            if creating(ask) && is(reply, 400) {
                json(reply, |error| {
                    if error.get("scimType") == Some(&json!("invalidValue")) {
                        set(error, "/scimType", "invalidSyntax");
                    }
                });
            }
        },
    ),
    Fault::rules(
        "bug-k01-attribute-names-are-case-exact",
        "attributes are known only by their exact spelling",
        &["RFC7643-2.1-R2"],
        |rules| rules.readings.names = NameMatching::Exact,
    ),
    Fault::rules(
        "extension-names-are-case-exact",
        "the attributes of extensions are known only by their exact spelling",
        &["RFC7643-2.1-R2"],
        |rules| {
            rules.schemas.iter_mut().for_each(|each| each.exact_names |= each.id == urn::ENTERPRISE_USER);
        },
    ),
    Fault::around("bug-t05-null-is-refused", "null is refused", &["RFC7643-2.5-R2"], |ask, next| {
        let null =
            creating(&ask) && sent(&ask).as_object().is_some_and(|body| body.values().any(Value::is_null));
        unless(null, "invalidValue", ask, &next)
    }),
    Fault::request(
        "bug-t09-null-becomes-empty-text",
        "null is stored as empty text",
        &["RFC7643-2.5-R1", "RFC7643-2.5-R2"],
        |ask| {
            if matches!(ask.method, Method::POST | Method::PUT) {
                send(ask, |body| {
                    for name in TEXTS {
                        if body.get(name) == Some(&Value::Null) {
                            set(body, &format!("/{name}"), "");
                        }
                    }
                });
            }
        },
    ),
    Fault::rules(
        "display-name-is-untyped",
        "displayName takes any JSON value",
        &["RFC7643-2.3-R2"],
        |rules| {
            if let Some(display_name) = rules.attribute_mut(urn::USER, "displayName") {
                display_name.type_checked = false;
            }
        },
    ),
    Fault::around(
        "empty-schemas-are-kept",
        "a create with an empty list of schemas is accepted, and shows none",
        &["RFC7643-3-R4"],
        |mut ask, next| {
            Box::pin(async move {
                if !creating(&ask) || sent(&ask).get("schemas") != Some(&json!([])) {
                    return next.call(ask).await;
                }
                let base = if ask.path == endpoint::USERS { urn::USER } else { urn::GROUP };
                send(&mut ask, |body| set(body, "/schemas", vec![base]));
                let mut reply = next.call(ask).await;
                json(&mut reply, |user| set(user, "/schemas", json!([])));
                reply
            })
        },
    ),
    Fault::reply(
        "external-id-invented",
        "a resource that was given no externalId shows one",
        &["RFC7643-3.1-R14"],
        |ask, reply| {
            if ask.parameter("attributes").is_none() {
                each_resource(ask, reply, |resource| {
                    let id = resource.get("id").cloned();
                    if let Some(id) = id.filter(|_| resource.get("externalId").is_none()) {
                        set(resource, "/externalId", id);
                    }
                });
            }
        },
    ),
];

/// The times of change that creates brought along, by the id that came of them.
#[derive(Default)]
struct Backdated(Arc<Mutex<BTreeMap<String, Value>>>);

impl Gate for Backdated {
    fn pass(&self, ask: Ask, next: Next) -> Answering {
        let times = Arc::clone(&self.0);
        Box::pin(async move {
            let mut reply = next.call(ask.clone()).await;
            let mut times = times.lock().unwrap_or_else(PoisonError::into_inner);
            if creating(&ask)
                && ok(&reply)
                && let Some(time) = sent(&ask).pointer("/meta/lastModified")
                && let Some(Value::String(id)) = shown(&reply).get("id")
            {
                times.insert(id.clone(), time.clone());
            }
            each_resource(&ask, &mut reply, |resource| {
                let time = resource.get("id").and_then(Value::as_str).and_then(|id| times.get(id));
                if let Some(time) = time {
                    set(resource, "/meta/lastModified", time.clone());
                }
            });
            reply
        })
    }
}
