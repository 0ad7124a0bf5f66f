//! What checks of groups have in common.

use client::Request;
use harness::expect::{pointer_that, success, unset};
use harness::{Expectation, Given, Outcome, Probe, Reply, Stop, minimal_group, minimal_user};
use serde_json::{Value, json};

/// Users as the members of a group are sent.
pub(crate) fn values(users: &[Given]) -> Value {
    users.iter().map(|user| json!({ "value": user.id })).collect()
}

/// Holds where an independent read, which asks for members by name, shows exactly these.
pub(crate) fn expect_members(probe: &Probe, group: &Given, users: &[Given]) -> Outcome {
    read(probe, group)?.expect(exactly(users))
}

/// The group as an independent read shows it; members are asked for by name, since they may come only then.
pub(crate) fn read(probe: &Probe, group: &Given) -> Result<Reply, Stop> {
    let reply = probe.send(Request::get(group.path()).query("attributes", "members"))?;
    reply.require(success())?;
    Ok(reply)
}

/// These users are its members, and nobody else.
pub(crate) fn exactly<'a>(users: impl IntoIterator<Item = &'a Given>) -> Expectation {
    let mut wanted: Vec<String> = users.into_iter().map(|user| user.id.clone()).collect();
    if wanted.is_empty() {
        return unset("/members");
    }
    wanted.sort();
    pointer_that("/members", format!("exactly the {} members meant", wanted.len()), move |members| {
        let members = members.as_array().into_iter().flatten();
        let mut seen: Vec<&str> = members.filter_map(|member| member.get("value")?.as_str()).collect();
        seen.sort_unstable();
        seen == wanted
    })
}

/// A group of this many users.
pub(crate) fn with_members(probe: &Probe, count: usize) -> Result<(Given, Vec<Given>), Stop> {
    let users = probe.given_all(vec![minimal_user(); count])?;
    let group = probe.given(minimal_group().with("members", values(&users)))?;
    Ok((group, users))
}
