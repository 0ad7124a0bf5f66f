//! Who stands in the place of a user by the token of another tenant. An id need not be unique across tenants (RFC 7644 §6.2):
//! where ids are counted in each, somebody of that tenant may have the same one, and he is none of the run's business.

use client::Request;
use harness::expect::{holds, same_as, success};
use harness::{Given, Outcome, Probe, Reply, Stop};
use record::{At, Secret};
use serde_json::Value;

use crate::credentials::{list, showing};
use crate::requirements::rfc7644;

/// The token of the other tenant, once it has opened what is that tenant's own.
pub(crate) fn other(probe: &Probe) -> Result<Option<Secret>, Stop> {
    let token = probe.service().others.second_tenant.clone();
    probe.send(showing(token.as_ref(), list(probe))?)?.require(success())?;
    Ok(token)
}

/// Whether a resource is somebody of the run, by the name that the run gave: an id tells nothing across tenants.
pub(crate) fn is(resource: &Value, person: &Given) -> bool {
    let shown = resource.get("userName").and_then(Value::as_str).unwrap_or_default();
    shown.to_lowercase().contains(&person.name.to_lowercase())
}

/// What a token of another tenant reads in the place of a user. The check makes no sense where that is somebody else.
pub(crate) fn read_by(probe: &Probe, token: Option<&Secret>, person: &Given) -> Result<Reply, Stop> {
    let read = probe.send(showing(token, Request::get(person.path()))?)?;
    let somebody_else = read.succeeded() && !read.at("").is_some_and(|shown| is(shown, person));
    if somebody_else {
        return Err(Stop::NotSupported("ids that nobody of another tenant has".to_owned()));
    }
    Ok(read)
}

/// Makes sure, before a write with a token of another tenant, that it can reach nobody of that tenant.
pub(crate) fn reaches_no_stranger(probe: &Probe, token: Option<&Secret>, person: &Given) -> Outcome {
    let read = read_by(probe, token, person)?;
    let status = read.status();
    let is_known = read.succeeded() || ((400..500).contains(&status) && status != 429);
    let told = if is_known { Ok(()) } else { Err(status.to_string()) };
    read.require(holds("an answer that tells who is there", At::Status, told))
}

/// An independent read with the tenant's own token shows what it showed before.
pub(crate) fn untouched(probe: &Probe, person: &Given, before: &Reply) -> Outcome {
    let stored = probe.get(person.path())?;
    stored.expect(success().under(rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY))?;
    let same = same_as(before.json()?, "before another tenant's token was shown");
    stored.expect(same.under(rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY))
}
