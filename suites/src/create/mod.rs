//! RFC 7644 §3.3: creating resources.

mod answers;
mod input;
mod others;
pub(crate) mod schemas;

use harness::expect::status_among;
use harness::{Check, Expectation, Probe, Reply, Stop, Template, minimal_user};
use serde_json::Value;

use crate::kept::shown;

/// Every check of a create.
pub(crate) fn checks() -> Vec<Check> {
    [answers::CHECKS, input::CHECKS, others::CHECKS, schemas::CHECKS].concat()
}

/// The answer to a create that is no precondition but the very thing judged; what the target demands beyond the
/// minimum has been learned by a create before.
pub(super) fn create(probe: &Probe, template: Template) -> Result<(Value, Reply), Stop> {
    probe.given(minimal_user())?;
    let body = probe.fill(&template);
    let reply = probe.post(&probe.service().endpoint("User"), &body)?;
    Ok((body, reply))
}

/// A body that is as good as one which the target has just accepted: what is wrong with it is what a check puts in or
/// takes out.
pub(super) fn with_a_twin(probe: &Probe, template: Template) -> Result<Value, Stop> {
    probe.given(template.clone())?;
    Ok(probe.fill(&template))
}

/// A refusal, by whatever status of those that say that the body is at fault. Which one it has to be is the business of
/// checks that are about the status.
pub(super) fn refused() -> Expectation {
    status_among(&[400, 403, 422])
}

/// What a fresh, independent read shows.
pub(super) fn read_back(probe: &Probe, created: &Reply) -> Result<Reply, Stop> {
    shown(probe, &probe.service().place_of("User", created)?)
}

/// A body whose externalId says whose it is, should it be taken without its userName; another one like it is taken.
pub(super) fn labelled(probe: &Probe) -> Result<Value, Stop> {
    let template = minimal_user().with("externalId", "Labelled-1").as_offered(&probe.service().published);
    let mut body = with_a_twin(probe, template)?;
    if let (Some(name), Some(label)) = (body.get("userName").cloned(), body.get_mut("externalId")) {
        *label = name;
    }
    Ok(body)
}
