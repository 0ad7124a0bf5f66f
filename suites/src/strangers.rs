//! RFC 7644 §3.12 on groups: what is asked of a group that is not there, or of something that is no group.

use harness::expect::{holds, status, success};
use harness::{
    Capability, Check, Given, Outcome, Probe, Procedure, Reply, Stop, capability, minimal_group,
    minimal_user, sound,
};
use record::{At, ReqId};
use serde_json::json;

use crate::patch::patch;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    READ.check("groups.unknown-id-is-404", "reading an unknown group answers 404").needs(NEEDS),
    PUT.check("groups.replace-of-unknown-is-404", "PUT to an unknown group answers 404 and creates nothing")
        .needs(&[capability::CREATE_GROUP, capability::READ_GROUP, capability::REPLACE_GROUP]),
    PATCH.check("groups.patch-of-unknown-is-404", "PATCH of an unknown group answers 404").needs(&[
        capability::CREATE_GROUP,
        capability::READ_GROUP,
        capability::MODIFY_GROUP,
    ]),
    DELETE
        .check("groups.delete-of-unknown-is-404", "deleting an unknown group answers 404")
        .needs(&[capability::CREATE_GROUP, capability::DELETE_GROUP]),
    Check::active("read.endpoints-show-their-type", &endpoints_show_their_type)
        .title("a user is not read where groups are, nor a group where users are")
        .verifies(&[rfc7644::UNKNOWN_RESOURCE_IS_404])
        .needs(BOTH),
    Check::active("delete.keeps-to-its-type", &keeps_to_its_type)
        .title("a user cannot be deleted where groups are, nor a group where users are")
        .verifies(&[rfc7644::UNKNOWN_RESOURCE_IS_404, rfc7644::RESPONSES_SHOW_SERVER_STATE])
        .needs(&[
            capability::CREATE_USER,
            capability::READ_USER,
            capability::DELETE_USER,
            capability::CREATE_GROUP,
            capability::READ_GROUP,
            capability::DELETE_GROUP,
        ]),
];
const _: () = sound(CHECKS);

const NEEDS: &[Capability] = &[capability::CREATE_GROUP, capability::READ_GROUP];
const BOTH: &[Capability] =
    &[capability::CREATE_USER, capability::READ_USER, capability::CREATE_GROUP, capability::READ_GROUP];
/// The form of an id, and nobody's.
const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";

/// Something that is done to one group.
struct Unknown {
    ask: fn(&Probe, &Given, &str) -> Result<Reply, Stop>,
    /// The requirement that a success breaks beyond the one about the status.
    under: &'static [ReqId],
}

const READ: &Unknown =
    &Unknown { ask: |probe, _, path| probe.get(path), under: &[rfc7644::UNKNOWN_RESOURCE_IS_404] };
const PUT: &Unknown = &Unknown {
    ask: |probe, group, path| probe.put(path, &group.sent),
    under: &[rfc7644::UNKNOWN_RESOURCE_IS_404, rfc7644::REPLACE_NEVER_CREATES],
};
const PATCH: &Unknown = &Unknown {
    ask: |probe, group, path| {
        patch(probe, path, &json!([{ "op": "replace", "path": "displayName", "value": group.name }]))
    },
    under: &[rfc7644::UNKNOWN_RESOURCE_IS_404],
};
const DELETE: &Unknown =
    &Unknown { ask: |probe, _, path| probe.delete(path), under: &[rfc7644::UNKNOWN_RESOURCE_IS_404] };

impl Unknown {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under)
    }
}

impl Procedure for Unknown {
    fn run(&self, probe: &mut Probe) -> Outcome {
        // The same is done to a group that is there first: who refuses that has not looked for the other one.
        let group = probe.given(minimal_group())?;
        (self.ask)(probe, &group, group.path())?.require(success())?;
        let path = format!("{}/{NOBODY}", probe.service().endpoint("Group"));
        let reply = (self.ask)(probe, &group, &path)?;
        if let [_, created] = self.under {
            let outcome = if reply.succeeded() { Err(reply.status().to_string()) } else { Ok(()) };
            reply.expect(holds("a refusal", At::Status, outcome).under(*created))?;
        }
        reply.expect(status(404))
    }
}

/// Both resources, and where each would stand if it were of the other type.
fn misplaced(probe: &Probe) -> Result<[(Given, String); 2], Stop> {
    let (user, group) = (probe.given(minimal_user())?, probe.given(minimal_group())?);
    for there in [&user, &group] {
        probe.get(there.path())?.require(success())?;
    }
    let among_groups = probe.service().path_of("Group", &user.id);
    let among_users = probe.service().path_of("User", &group.id);
    Ok([(user, among_groups), (group, among_users)])
}

fn endpoints_show_their_type(probe: &mut Probe) -> Outcome {
    for (_, elsewhere) in misplaced(probe)? {
        probe.get(&elsewhere)?.expect(status(404))?;
    }
    Ok(())
}

/// Harm beats letter: whoever tidies up groups must not lose a user.
fn keeps_to_its_type(probe: &mut Probe) -> Outcome {
    for base in [minimal_user(), minimal_group()] {
        let gone = probe.given(base)?;
        probe.delete(gone.path())?.require(success())?;
    }
    for (given, elsewhere) in misplaced(probe)? {
        let reply = probe.delete(&elsewhere)?;
        let stored = probe.get(given.path())?;
        stored.expect(success().under(rfc7644::RESPONSES_SHOW_SERVER_STATE))?;
        reply.expect(status(404))?;
    }
    Ok(())
}
