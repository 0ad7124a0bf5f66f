//! RFC 7643 §4.1.1: a user is switched off and on again. This is how clients take access away, so a switch that says it
//! has been thrown and has not is the worst that a server can do.

use harness::expect::{boolean, equals, status_among, success};
use harness::{Check, Given, Outcome, Probe, Procedure, Reply, Stop, capability, minimal_user, sound};
use record::ReqId;
use serde_json::{Value, json};

use crate::kept;
use crate::patch::twins::patched;
use crate::patch::{PATCHES, patch};
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    PUT.check("replace.switches-active", "PUT switches active off and on again").needs(&[
        capability::CREATE_USER,
        capability::READ_USER,
        capability::REPLACE_USER,
    ]),
    PATH.check("patch.switches-active", "replace switches active off and on again").needs(PATCHES),
    PATHLESS
        .check("patch.switches-active-without-path", "replace without path switches active off and on again")
        .needs(PATCHES),
];
const _: () = sound(CHECKS);

/// A way to write `active`.
struct Switch {
    write: fn(&Probe, &Given, bool) -> Result<Reply, Stop>,
    /// The same way with nothing to write: who refuses that says nothing of `active`.
    twin: fn(&Probe, &Given) -> Outcome,
    under: &'static [ReqId],
}

const PUT: &Switch = &Switch {
    write: |probe, user, active| {
        probe.put(user.path(), &kept::edited(&user.sent, json!({ "active": active })))
    },
    twin: |probe, user| probe.put(user.path(), &user.sent)?.require(success()),
    under: &[rfc7643::ACTIVE_BOOLEAN_SERVER_DEFINED, rfc7644::PUT_REPLACES_WRITABLE_VALUES],
};
const PATH: &Switch = &Switch {
    write: |probe, user, active| {
        patch(probe, user.path(), &json!([{ "op": "replace", "path": "active", "value": active }]))
    },
    twin: |probe, user| patched(probe, user).map(drop),
    under: &[rfc7643::ACTIVE_BOOLEAN_SERVER_DEFINED, rfc7644::REPLACE_SINGLE_VALUED_SETS],
};
const PATHLESS: &Switch = &Switch {
    write: |probe, user, active| {
        patch(probe, user.path(), &json!([{ "op": "replace", "value": { "active": active } }]))
    },
    twin: |probe, user| {
        let plain = kept::plain_text(probe)?;
        let value = plain.within(&json!({}), plain.usual);
        patch(probe, user.path(), &json!([{ "op": "replace", "value": value }]))?.require(success())
    },
    under: &[rfc7643::ACTIVE_BOOLEAN_SERVER_DEFINED, rfc7644::PATHLESS_REPLACE_LISTS_ATTRIBUTES],
};

impl Switch {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under)
    }
}

impl Procedure for Switch {
    fn run(&self, probe: &mut Probe) -> Outcome {
        kept::writable(probe, &["active"])?;
        let user = probe.given(minimal_user().with("active", true))?;
        let before = probe.get(user.path())?;
        before.require(success())?;
        if before.at("/active").is_none_or(Value::is_null) {
            kept::kept(probe, &user, &["active"])?;
        }
        before.expect(boolean("/active").under(rfc7643::ACTIVE_BOOLEAN_SERVER_DEFINED))?;
        for active in [false, true] {
            let reply = (self.write)(probe, &user, active)?;
            if !reply.succeeded() {
                // Somebody else, since this one may be no more.
                (self.twin)(probe, &probe.given(minimal_user().with("active", true))?)?;
            }
            for requirement in self.under {
                reply.expect(status_among(&[200, 204]).under(*requirement))?;
            }
            let stored = probe.get(user.path())?;
            stored.require(success())?;
            for requirement in self.under {
                stored.expect(equals("/active", active).under(*requirement))?;
            }
        }
        Ok(())
    }
}
