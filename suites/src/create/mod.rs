//! RFC 7644 §3.3: creating resources.

pub(crate) mod answers;
pub(crate) mod input;

use harness::expect::success;
use harness::{Probe, Reply, Stop, Template, minimal_user};
use serde_json::Value;

/// The answer to a create that is no precondition but the very thing judged; what the target demands beyond the
/// minimum has been learned by a create before.
pub(super) fn create(probe: &Probe, template: Template) -> Result<(Value, Reply), Stop> {
    probe.given(minimal_user())?;
    let body = probe.fill(&template);
    let reply = probe.post(&probe.service().endpoint("User"), &body)?;
    Ok((body, reply))
}

/// What a fresh, independent read shows.
pub(super) fn read_back(probe: &Probe, created: &Reply) -> Result<Reply, Stop> {
    let path = format!("{}/{}", probe.service().endpoint("User"), created.text("/id")?);
    let reply = probe.get(&path)?;
    reply.require(success())?;
    Ok(reply)
}
