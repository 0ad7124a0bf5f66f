//! What checks of groups have in common.

use client::Request;
use harness::expect::{pointer_that, success, unset};
use harness::{Expectation, Given, Outcome, Probe, Stop, minimal_group, minimal_user};
use serde_json::{Value, json};

/// Users as the members of a group are sent.
pub(super) fn values(users: &[Given]) -> Value {
    users.iter().map(|user| json!({ "value": user.id })).collect()
}

/// Holds where an independent read, which asks for members by name, shows exactly these.
pub(super) fn expect_members(probe: &Probe, group: &Given, users: &[Given]) -> Outcome {
    let read = probe.send(Request::get(group.path()).query("attributes", "members"))?;
    read.require(success())?;
    read.expect(exactly(users))
}

fn exactly(users: &[Given]) -> Expectation {
    let mut wanted: Vec<String> = users.iter().map(|user| user.id.clone()).collect();
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
pub(super) fn with_members(probe: &Probe, count: usize) -> Result<(Given, Vec<Given>), Stop> {
    let users = probe.given_all(vec![minimal_user(); count])?;
    let group = probe.given(minimal_group().with("members", values(&users)))?;
    Ok((group, users))
}
