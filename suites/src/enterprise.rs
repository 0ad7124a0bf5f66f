//! RFC 7643 §4.3: the Enterprise extension is written, and above all the manager in it, as every other attribute is.

use harness::expect::{equals, status_among, success, unset};
use harness::{
    Capability, Check, Given, Outcome, Probe, Procedure, Reply, Stop, Template, capability, minimal_user,
    sound,
};
use protocol::urn;
use record::ReqId;
use serde_json::{Value, json};

use crate::kept;
use crate::patch::twins::rest_is_taken;
use crate::patch::{enterprise, patch};
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("create.stores-the-extension", &stores_the_extension)
        .title("a create stores the Enterprise extension, manager included")
        .verifies(&[rfc7644::CREATE_HONOURS_MUTABILITY])
        .needs(&[capability::CREATE_USER, capability::READ_USER, capability::ENTERPRISE_USER]),
    PUT.check(
        "replace.stores-the-extension",
        "PUT replaces what the Enterprise extension holds, manager included",
    )
    .needs(REPLACES),
    ADD.check("patch.add-manager", "add gives somebody a manager").needs(MODIFIES),
    REPLACE.check("patch.replace-manager", "replace gives somebody another manager").needs(MODIFIES),
    REPLACE_VALUE
        .check("patch.replace-manager-value", "replace of the value gives somebody another manager")
        .needs(MODIFIES),
    REMOVE.check("patch.remove-manager", "remove leaves somebody without a manager").needs(MODIFIES),
    ADD_VALUE.check("patch.add-manager-value", "add of the value gives somebody a manager").needs(MODIFIES),
    REMOVE_VALUE
        .check("patch.remove-manager-value", "remove of the value leaves somebody without a manager")
        .needs(MODIFIES),
];
const _: () = sound(CHECKS);

const REPLACES: &[Capability] =
    &[capability::CREATE_USER, capability::READ_USER, capability::REPLACE_USER, capability::ENTERPRISE_USER];
const MODIFIES: &[Capability] =
    &[capability::CREATE_USER, capability::READ_USER, capability::MODIFY_USER, capability::ENTERPRISE_USER];

const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";
const MANAGER_VALUE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value";
const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

fn managed(department: &str, manager: &Given) -> Value {
    json!({ "department": department, "manager": { "value": manager.id } })
}

fn stores_the_extension(probe: &mut Probe) -> Outcome {
    kept::writable(probe, &[DEPARTMENT, MANAGER, MANAGER_VALUE])?;
    let manager = probe.given(minimal_user())?;
    let body = probe.fill(&minimal_user().with(urn::ENTERPRISE_USER, managed("Engines", &manager)));
    let reply = probe.post(&probe.service().endpoint("User"), &body)?;
    reply.require(success())?;
    let stored = probe.get(&probe.service().place_of("User", &reply)?)?;
    stored.require(success())?;
    stored.expect(equals(&enterprise("department"), "Engines"))?;
    stored.expect(equals(&enterprise("manager/value"), manager.id))
}

/// A change of somebody's manager.
struct Move {
    /// Whether there is a manager before.
    from: bool,
    write: fn(&Probe, &Given, &Given) -> Result<Reply, Stop>,
    /// Whether there is one afterwards.
    to: bool,
    /// A write of the same kind that changes nothing.
    twin: fn(&Probe, &Given) -> Outcome,
    under: &'static [ReqId],
}

const PUT: &Move = &Move {
    from: true,
    write: |probe, person, next| {
        let moved = json!({ urn::ENTERPRISE_USER: managed("Engines", next) });
        probe.put(person.path(), &kept::edited(&person.sent, moved))
    },
    to: true,
    twin: |probe, _| {
        let plain = probe.given(minimal_user())?;
        probe.put(plain.path(), &plain.sent)?.require(success())
    },
    under: &[rfc7644::PUT_REPLACES_WRITABLE_VALUES],
};
const ADD: &Move = &Move {
    from: false,
    write: |probe, person, next| {
        operate(probe, person, json!({ "op": "add", "path": MANAGER, "value": { "value": next.id } }))
    },
    to: true,
    twin: |probe, person| modifies(probe, person, json!({ "op": "add", "path": MANAGER })),
    under: &[rfc7644::ADD_COMPLEX_GIVES_SUBATTRIBUTES],
};
const REPLACE: &Move = &Move {
    from: true,
    write: |probe, person, next| {
        operate(probe, person, json!({ "op": "replace", "path": MANAGER, "value": { "value": next.id } }))
    },
    to: true,
    twin: |probe, person| modifies(probe, person, json!({ "op": "replace", "path": MANAGER })),
    under: &[rfc7644::REPLACE_COMPLEX_GIVES_SUBATTRIBUTES],
};
const REPLACE_VALUE: &Move = &Move {
    from: true,
    write: |probe, person, next| {
        operate(probe, person, json!({ "op": "replace", "path": MANAGER_VALUE, "value": next.id }))
    },
    to: true,
    twin: |probe, person| modifies(probe, person, json!({ "op": "replace", "path": MANAGER_VALUE })),
    under: &[rfc7644::REPLACE_SINGLE_VALUED_SETS],
};
const REMOVE: &Move = &Move {
    from: true,
    write: |probe, person, _| operate(probe, person, json!({ "op": "remove", "path": MANAGER })),
    to: false,
    twin: |probe, person| modifies(probe, person, json!({ "op": "remove", "path": MANAGER })),
    under: &[rfc7644::REMOVE_SINGLE_VALUED_UNASSIGNS],
};

const ADD_VALUE: &Move = &Move {
    from: false,
    write: |probe, person, next| {
        operate(probe, person, json!({ "op": "add", "path": MANAGER_VALUE, "value": next.id }))
    },
    to: true,
    twin: |probe, person| modifies(probe, person, json!({ "op": "add", "path": MANAGER_VALUE })),
    under: &[rfc7644::ADD_CREATES_MISSING_LOCATION],
};
const REMOVE_VALUE: &Move = &Move {
    from: true,
    write: |probe, person, _| operate(probe, person, json!({ "op": "remove", "path": MANAGER_VALUE })),
    to: false,
    twin: |probe, person| modifies(probe, person, json!({ "op": "remove", "path": MANAGER_VALUE })),
    under: &[rfc7644::REMOVE_SINGLE_VALUED_UNASSIGNS],
};

fn operate(probe: &Probe, person: &Given, operation: Value) -> Result<Reply, Stop> {
    patch(probe, person.path(), &json!([operation]))
}

/// Makes sure that the target takes the plainest operation of the form of this one.
fn modifies(probe: &Probe, person: &Given, like: Value) -> Outcome {
    rest_is_taken(probe, person, &json!([like])).map(drop)
}

impl Move {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under)
    }

    /// Somebody of a department, with a manager or without.
    fn person(&self, manager: &Given) -> Template {
        let extension =
            if self.from { managed("Engines", manager) } else { json!({ "department": "Engines" }) };
        minimal_user().with(urn::ENTERPRISE_USER, extension)
    }
}

impl Procedure for Move {
    fn run(&self, probe: &mut Probe) -> Outcome {
        kept::writable(probe, &[DEPARTMENT, MANAGER, MANAGER_VALUE])?;
        if !self.to {
            kept::removable(probe, &[MANAGER])?;
        }
        let (first, next) = (probe.given(minimal_user())?, probe.given(minimal_user())?);
        let person = probe.given(self.person(&first))?;
        kept::kept(probe, &person, &[DEPARTMENT, MANAGER_VALUE])?;
        let reply = (self.write)(probe, &person, &next)?;
        if !reply.succeeded() {
            (self.twin)(probe, &person)?;
        }
        reply.expect(status_among(&[200, 204]))?;
        let stored = probe.get(person.path())?;
        stored.require(success())?;
        stored.expect(equals(&enterprise("department"), "Engines"))?;
        let value = enterprise("manager/value");
        stored.expect(if self.to { equals(&value, next.id) } else { unset(&value) })
    }
}
