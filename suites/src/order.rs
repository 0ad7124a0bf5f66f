//! RFC 7643 §2.3.8: the members of an object stand in whatever order.

use client::Request;
use harness::expect::{equals, success};
use harness::{Capability, Check, Given, Outcome, Probe, Stop, capability, minimal_user, sound};
use protocol::urn;
use serde_json::{Value, json};

use crate::create::read_back;
use crate::kept::{self, Plain, shown};
use crate::requirements::rfc7643;

pub(crate) const CHECKS: &[Check] =
    &[Check::active("robustness.members-in-any-order", &members_in_any_order)
        .title("a create, a PUT and a PATCH mean the same in whatever order their members stand")
        .verifies(&[rfc7643::OBJECT_MEMBER_ORDER_IRRELEVANT])
        .needs(&[capability::CREATE_USER, capability::READ_USER])];
const _: () = sound(CHECKS);

/// A way to change a text, whose request has a body.
struct Way {
    needs: Capability,
    request: fn(&Given, &Value) -> Request,
    body: fn(&Given, Plain, &str) -> Value,
    text: &'static str,
}

const WAYS: &[Way] = &[
    Way {
        needs: capability::REPLACE_USER,
        request: |user, body| Request::put(user.path()).json(body),
        body: |user, plain, text| plain.within(&user.sent, text),
        text: "Put",
    },
    Way {
        needs: capability::MODIFY_USER,
        request: |user, body| Request::patch(user.path()).json(body),
        body: |_, plain, text| {
            let operation = json!({ "op": "replace", "path": plain.path, "value": text });
            json!({ "schemas": [urn::PATCH_OP], "Operations": [operation] })
        },
        text: "Patched",
    },
];

/// The same value with the members of every object in it the other way round.
fn turned(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().rev();
            members.map(|(name, value)| (name.clone(), turned(value))).collect()
        }
        Value::Array(items) => items.iter().map(turned).collect(),
        plain => plain.clone(),
    }
}

fn members_in_any_order(probe: &mut Probe) -> Outcome {
    let (user, plain) = kept::with_text(probe, minimal_user())?;
    let body = probe.fill(&plain.of(minimal_user(), "Before"));
    let reply = probe.post(&probe.service().endpoint("User"), &turned(&body))?;
    reply.expect(success())?;
    if reply.succeeded() {
        read_back(probe, &reply)?.expect(equals(&plain.pointer(), "Before"))?;
    }
    let capabilities = &probe.service().capabilities;
    WAYS.iter()
        .filter(|way| capabilities.contains(&way.needs))
        .try_for_each(|way| way.run(probe, &user, plain))
}

impl Way {
    fn run(&self, probe: &Probe, user: &Given, plain: Plain) -> Outcome {
        let body = (self.body)(user, plain, self.text);
        let reply = probe.send((self.request)(user, &turned(&body)))?;
        let stored = shown(probe, user.path())?;
        let wanted = || equals(&plain.pointer(), self.text);
        if !reply.succeeded() || stored.at(&plain.pointer()) != Some(&json!(self.text)) {
            // Who does not take the same in the usual order either has nothing against this one.
            probe.send((self.request)(user, &body))?.require(success())?;
            let usual = shown(probe, user.path())?;
            if usual.at(&plain.pointer()) != Some(&json!(self.text)) {
                return Err(Stop::NotSupported("a text that is kept when it is written anew".to_owned()));
            }
        }
        reply.expect(success())?;
        stored.expect(wanted())
    }
}
