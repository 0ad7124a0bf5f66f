//! RFC 7644 §3.4.2: listing and paging.

pub(crate) mod groups;
pub(crate) mod hits;
pub(crate) mod paging;
pub(crate) mod people;
pub(crate) mod query;
pub(crate) mod sort;
pub(crate) mod window;

use std::rc::Rc;

use client::Request;
use harness::expect::success;
use harness::{Lent, Outcome, Probe, Reply, Stop, capability, minimal_user};
use serde_json::Value;

pub(super) const LISTS: &[harness::Capability] = &[capability::CREATE_USER, capability::LIST_USERS];

pub(super) fn users(probe: &Probe) -> Request {
    Request::get(probe.service().endpoint("User"))
}

/// Makes sure that a list with nothing special about it is answered: a refusal of another one means nothing else.
pub(super) fn plain(probe: &Probe) -> Outcome {
    probe.send(users(probe).query("count", "1"))?.require(success())
}

/// Whether a target refuses a list because there is too much to show.
pub(super) fn is_too_many(reply: &Reply) -> bool {
    reply.status() == 400 && reply.at("/scimType").and_then(Value::as_str) == Some("tooMany")
}

pub(super) fn three(probe: &Probe) -> Result<Rc<Lent>, Stop> {
    probe.lent(|_| vec![minimal_user(); 3])
}

pub(super) fn items(reply: &Reply) -> &[Value] {
    reply.at("/Resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
