//! What a server need not offer, and says so.

use std::sync::Arc;

use http::header::{AUTHORIZATION, ETAG, IF_MATCH, IF_NONE_MATCH};
use protocol::{endpoint, urn};

use super::{Variant, around, reply, request, rules};
use crate::ask::{Ask, Reply};
use crate::faults::edit::{
    at, creating, cut, each_resource, error, json, listing, ok, patching, refusal, sent, set, without,
};
use crate::faults::{Ajar, Bend};

const UNANNOUNCED: &str = "RFC 7643 §5 says what the flags are, not that nothing works beyond them";

pub(super) const VARIANTS: &[Variant] = &[
    Variant::new(
        "patch-is-not-offered",
        "PATCH is not offered and answers 501",
        "RFC 7644 §3.5.2: PATCH is optional",
        &[
            reply(|ask, reply| unclaim(ask, reply, "patch")),
            around(
                |ask, next| {
                    if patching(&ask) { Box::pin(std::future::ready(error(501))) } else { next.call(ask) }
                },
            ),
        ],
    )
    .lacks(&[("User.modify", "patch.supported is false"), ("Group.modify", "patch.supported is false")]),
    Variant::new(
        "filters-are-not-offered",
        "filters are not offered and answer 501",
        "RFC 7644 §3.4.2.2: filtering is optional",
        &[
            reply(|ask, reply| unclaim(ask, reply, "filter")),
            around(|ask, next| {
                let filtered = listing(&ask) && ask.parameter("filter").is_some()
                    || ask.path.ends_with(endpoint::SEARCH) && sent(&ask).get("filter").is_some();
                if filtered { Box::pin(std::future::ready(error(501))) } else { next.call(ask) }
            }),
        ],
    )
    .lacks(&[("User.filter", "filter.supported is false")]),
    Variant::new(
        "sorting-is-ignored",
        "sorting is not offered; its parameters are ignored",
        "RFC 7644 §3.4.2.3: sorting is optional; nothing says what asking for it all the same comes to",
        &[
            reply(|ask, reply| unclaim(ask, reply, "sort")),
            request(|ask| {
                without(ask, "sortBy");
                without(ask, "sortOrder");
            }),
        ],
    )
    .lacks(&[("User.sort", "sort.supported is false")]),
    Variant::new(
        "sorting-is-refused",
        "sorting is not offered and answers 400",
        "RFC 7644 §3.4.2.3: sorting is optional; nothing says what asking for it all the same comes to",
        &[
            reply(|ask, reply| unclaim(ask, reply, "sort")),
            around(|ask, next| {
                if listing(&ask) && ask.parameter("sortBy").is_some() {
                    Box::pin(std::future::ready(refusal("invalidValue")))
                } else {
                    next.call(ask)
                }
            }),
        ],
    )
    .lacks(&[("User.sort", "sort.supported is false")]),
    Variant::new(
        "versions-are-not-offered",
        "there are no ETags and no meta.version",
        "RFC 7644 §3.14: versions are optional",
        &[
            reply(|ask, reply| unclaim(ask, reply, "etag")),
            request(|ask| {
                ask.headers.remove(IF_MATCH);
                ask.headers.remove(IF_NONE_MATCH);
            }),
            reply(|ask, reply| {
                reply.headers_mut().remove(ETAG);
                each_resource(ask, reply, |resource| cut(resource, "/meta/version"));
            }),
        ],
    )
    .lacks(&[("User.version", "etag.supported is false")]),
    Variant::new(
        "patch-is-not-announced",
        "PATCH works, and the configuration does not say so",
        UNANNOUNCED,
        &[reply(|ask, reply| unclaim(ask, reply, "patch"))],
    )
    .lacks(&[("User.modify", "patch.supported is false"), ("Group.modify", "patch.supported is false")]),
    Variant::new(
        "filters-are-not-announced",
        "filters work, and the configuration does not say so",
        UNANNOUNCED,
        &[reply(|ask, reply| unclaim(ask, reply, "filter"))],
    )
    .lacks(&[("User.filter", "filter.supported is false")]),
    Variant::new(
        "sorting-is-not-announced",
        "sorting works, and the configuration does not say so",
        UNANNOUNCED,
        &[reply(|ask, reply| unclaim(ask, reply, "sort"))],
    )
    .lacks(&[("User.sort", "sort.supported is false")]),
    Variant::new(
        "versions-are-not-announced",
        "there are versions, and the configuration does not say so",
        UNANNOUNCED,
        &[reply(|ask, reply| unclaim(ask, reply, "etag"))],
    )
    .lacks(&[("User.version", "etag.supported is false")]),
    Variant::new(
        "groups-are-not-served",
        "there are users and no groups",
        "RFC 7643 §6: a server lists the resource types that it has",
        &[rules(|rules| {
            rules.resource_types.retain(|resource_type| resource_type.name != "Group");
            rules.schemas.retain(|schema| schema.id != urn::GROUP);
        })],
    )
    .lacks(&[("Group.create", "there is no such resource type")]),
    Variant::new(
        "enterprise-is-not-served",
        "users have no Enterprise extension",
        "RFC 7643 §3.3 and §4.3: extensions are optional",
        &[rules(|rules| {
            for resource_type in &mut rules.resource_types {
                resource_type.schema_extensions.retain(|extension| extension.schema != urn::ENTERPRISE_USER);
            }
            rules.schemas.retain(|schema| schema.id != urn::ENTERPRISE_USER);
        })],
    )
    .lacks(&[
        ("User.enterprise", "no resource type names the extension"),
        ("a text in an extension that can be written", "it has no other extension"),
    ]),
    Variant::new(
        "passwords-are-not-taken",
        "a create with a password is refused",
        "RFC 7643 §4.1.1: what passwords are fit is the server's policy",
        &[around(|ask, next| {
            if creating(&ask) && sent(&ask).get("password").is_some() {
                Box::pin(std::future::ready(refusal("invalidValue")))
            } else {
                next.call(ask)
            }
        })],
    )
    .lacks(&[("a password on create", "it is refused with invalidValue")]),
    Variant::new(
        "missing-me-is-404",
        "/Me answers 404 like any other unknown endpoint",
        "RFC 7644 §3.11: 501 is a SHOULD",
        &[around(|ask, next| {
            if at(&ask, endpoint::ME) { Box::pin(std::future::ready(error(404))) } else { next.call(ask) }
        })],
    )
    .warns(&[("errors.missing-me-is-501", "501 is a SHOULD, and this is 404")]),
    Variant::new(
        "people-register-themselves",
        "a create of a user is taken from whoever shows no credential, once anybody has shown one",
        "RFC 7644 §2.2: a service provider may accept anonymous requests, such as to register oneself",
        &[Bend::Gate(|| {
            Arc::new(Ajar::open(|ask| {
                creating(ask) && at(ask, endpoint::USERS) && !ask.headers.contains_key(AUTHORIZATION)
            }))
        })],
    )
    .warns(&[("authentication.refused-create-stores-nothing", "RFC 7644 §3.12 asks for a 401 there")]),
];

/// Says that a feature is not offered.
fn unclaim(ask: &Ask, reply: &mut Reply, feature: &str) {
    if at(ask, endpoint::SERVICE_PROVIDER_CONFIG) && ok(reply) {
        json(reply, |config| set(config, &format!("/{feature}/supported"), false));
    }
}
