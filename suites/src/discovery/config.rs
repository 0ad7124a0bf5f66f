//! `/ServiceProviderConfig`: RFC 7644 §4, RFC 7643 §5.

use client::Request;
use harness::expect::{array_of_objects, boolean, integer, object, pointer_that, schemas_name, status, text};
use harness::{Check, Outcome, Probe, Procedure, capability, sound};
use protocol::endpoint::SERVICE_PROVIDER_CONFIG;
use protocol::{standard, urn};
use record::ReqId;

use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("discovery.config-is-one-object", &is_one_object)
        .title("the service provider configuration is a single object that names its schema")
        .verifies(&[rfc7644::SPCONFIG_IS_SINGLE_OBJECT])
        .reads_only(),
    PATCH.check("discovery.config-describes-patch", "the configuration says whether PATCH is supported"),
    BULK.check("discovery.config-describes-bulk", "the configuration says whether bulk is supported"),
    FILTER
        .check("discovery.config-describes-filter", "the configuration says whether filtering is supported"),
    CHANGE_PASSWORD.check(
        "discovery.config-describes-change-password",
        "the configuration says whether passwords can be changed",
    ),
    SORT.check("discovery.config-describes-sort", "the configuration says whether sorting is supported"),
    ETAG.check("discovery.config-describes-etag", "the configuration says whether versions are supported"),
    Check::active("discovery.config-limits-are-integers", &limits_are_integers)
        .title("the limits of bulk and filter are integers")
        .verifies(&[
            rfc7643::BULK_MAXOPERATIONS_IS_INTEGER,
            rfc7643::BULK_MAXPAYLOADSIZE_IS_INTEGER,
            rfc7643::FILTER_MAXRESULTS_IS_INTEGER,
        ])
        .reads_only(),
    Check::active("discovery.config-describes-authentication", &describes_authentication)
        .title("each authentication scheme has a type, a name and a description")
        .verifies(&[
            rfc7643::SPCONFIG_HAS_AUTHENTICATIONSCHEMES,
            rfc7643::AUTH_SCHEME_HAS_TYPE,
            rfc7643::AUTH_SCHEME_HAS_NAME,
            rfc7643::AUTH_SCHEME_HAS_DESCRIPTION,
        ])
        .reads_only(),
    Check::active("discovery.config-is-readable-anonymously", &is_readable_anonymously)
        .title("the authentication schemes can be read before authenticating")
        .verifies(&[rfc7643::AUTH_SCHEMES_READABLE_ANONYMOUSLY])
        .needs(&[capability::AUTHENTICATION])
        .reads_only(),
];
const _: () = sound(CHECKS);

/// A feature that the configuration describes: an object with a Boolean `supported`.
struct Feature {
    object: &'static str,
    supported: &'static str,
    described: ReqId,
    is_boolean: ReqId,
    both: &'static [ReqId],
}

macro_rules! feature {
    ($name:ident, $member:literal, $described:ident, $is_boolean:ident) => {
        const $name: &Feature = &Feature {
            object: concat!("/", $member),
            supported: concat!("/", $member, "/supported"),
            described: rfc7643::$described,
            is_boolean: rfc7643::$is_boolean,
            both: &[rfc7643::$described, rfc7643::$is_boolean],
        };
    };
}

feature!(PATCH, "patch", SPCONFIG_HAS_PATCH, PATCH_SUPPORTED_IS_BOOLEAN);
feature!(BULK, "bulk", SPCONFIG_HAS_BULK, BULK_SUPPORTED_IS_BOOLEAN);
feature!(FILTER, "filter", SPCONFIG_HAS_FILTER, FILTER_SUPPORTED_IS_BOOLEAN);
feature!(CHANGE_PASSWORD, "changePassword", SPCONFIG_HAS_CHANGEPASSWORD, CHANGEPASSWORD_SUPPORTED_IS_BOOLEAN);
feature!(SORT, "sort", SPCONFIG_HAS_SORT, SORT_SUPPORTED_IS_BOOLEAN);
feature!(ETAG, "etag", SPCONFIG_HAS_ETAG, ETAG_SUPPORTED_IS_BOOLEAN);

impl Feature {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.both).reads_only()
    }
}

impl Procedure for Feature {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let reply = probe.document(SERVICE_PROVIDER_CONFIG)?;
        reply.require(status(200))?;
        reply.expect(
            pointer_that(self.object, "an object", serde_json::Value::is_object).under(self.described),
        )?;
        reply.expect(boolean(self.supported).under(self.is_boolean))
    }
}

/// Whether it is among what RFC 7643 §5 says that there is, or what any resource has.
fn is_known(member: &str) -> bool {
    let mut known = standard::COMMON.iter().chain(standard::SERVICE_PROVIDER_CONFIG);
    known.any(|(name, _)| name.eq_ignore_ascii_case(member))
}

fn is_one_object(probe: &mut Probe) -> Outcome {
    let reply = probe.document(SERVICE_PROVIDER_CONFIG)?;
    reply.expect(status(200))?;
    reply.expect(object())?;
    let members = reply.json()?.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    let own: Vec<&str> = members.filter(|name| !is_known(name)).collect();
    if !own.is_empty() {
        reply.note(&format!("the configuration says more than the standard knows: {}", own.join(", ")));
    }
    reply.expect(schemas_name(urn::SERVICE_PROVIDER_CONFIG))
}

fn limits_are_integers(probe: &mut Probe) -> Outcome {
    let reply = probe.document(SERVICE_PROVIDER_CONFIG)?;
    reply.require(status(200))?;
    reply.expect(integer("/bulk/maxOperations"))?;
    reply.expect(integer("/bulk/maxPayloadSize").under(rfc7643::BULK_MAXPAYLOADSIZE_IS_INTEGER))?;
    reply.expect(integer("/filter/maxResults").under(rfc7643::FILTER_MAXRESULTS_IS_INTEGER))
}

fn describes_authentication(probe: &mut Probe) -> Outcome {
    let reply = probe.document(SERVICE_PROVIDER_CONFIG)?;
    reply.require(status(200))?;
    reply.expect(array_of_objects("/authenticationSchemes"))?;
    let count = reply.at("/authenticationSchemes").and_then(|schemes| schemes.as_array()).map_or(0, Vec::len);
    for index in 0..count {
        let member = |name: &str| text(&format!("/authenticationSchemes/{index}/{name}"));
        reply.expect(member("type").under(rfc7643::AUTH_SCHEME_HAS_TYPE))?;
        reply.expect(member("name").under(rfc7643::AUTH_SCHEME_HAS_NAME))?;
        reply.expect(member("description").under(rfc7643::AUTH_SCHEME_HAS_DESCRIPTION))?;
    }
    Ok(())
}

fn is_readable_anonymously(probe: &mut Probe) -> Outcome {
    let reply = probe.send(Request::get(SERVICE_PROVIDER_CONFIG).anonymous())?;
    reply.expect(status(200))?;
    if reply.succeeded() { reply.expect(array_of_objects("/authenticationSchemes")) } else { Ok(()) }
}
