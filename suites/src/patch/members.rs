//! RFC 7644 §3.5.2 on groups: members come and go one by one.

use harness::expect::{status_among, success};
use harness::{
    Capability, Check, Given, Outcome, Probe, Procedure, capability, minimal_group, minimal_user, sound,
};
use record::ReqId;
use serde_json::{Value, json};

use super::patch;
use super::twins::removes;
use crate::members;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    ADD.check("groups.add-a-member", "add of a member keeps those that are there"),
    ADD_SEVERAL.check("groups.add-several-members", "several members can be added at once"),
    ADD_AGAIN
        .check("groups.add-a-member-again", "adding somebody who is a member succeeds and changes nothing"),
    REMOVE.check("groups.remove-a-member", "remove of a member by its value keeps the others"),
    REMOVE_STRANGER
        .check("groups.remove-a-stranger", "removing somebody who is no member succeeds and changes nothing"),
    REMOVE_ALL.check("groups.remove-all-members", "remove of members without filter empties the group"),
    REPLACE.check("groups.replace-all-members", "replace of members leaves exactly those sent"),
    RENAME.check("groups.rename-keeps-members", "renaming a group keeps its members"),
];
const _: () = sound(CHECKS);

const NEEDS: &[Capability] =
    &[capability::CREATE_USER, capability::CREATE_GROUP, capability::READ_GROUP, capability::MODIFY_GROUP];

/// Operations on a group that has `ada` and `grace` as members, with `alan` and `mary` standing by.
struct Membership {
    operations: fn(&[Given]) -> Value,
    then: &'static [usize],
    under: &'static [ReqId],
}

fn values(people: &[Given], which: &[usize]) -> Value {
    some(people, which).map(|person| json!({ "value": person.id })).collect()
}

fn some<'a>(people: &'a [Given], which: &'a [usize]) -> impl Iterator<Item = &'a Given> {
    which.iter().filter_map(|index| people.get(*index))
}

fn of(people: &[Given], which: usize) -> String {
    people.get(which).map(|person| format!("members[value eq \"{}\"]", person.id)).unwrap_or_default()
}

/// A name that still says whose the group is, should the run be killed.
fn renamed(people: &[Given]) -> String {
    people.first().map(|person| format!("{} renamed", person.name)).unwrap_or_default()
}

const ADD: &Membership = &Membership {
    operations: |people| json!([{ "op": "add", "path": "members", "value": values(people, &[2]) }]),
    then: &[0, 1, 2],
    under: &[rfc7644::ADD_MULTIVALUED_APPENDS],
};
const ADD_SEVERAL: &Membership = &Membership {
    operations: |people| json!([{ "op": "add", "path": "members", "value": values(people, &[2, 3]) }]),
    then: &[0, 1, 2, 3],
    under: &[rfc7644::ADD_MULTIVALUED_APPENDS],
};
const ADD_AGAIN: &Membership = &Membership {
    operations: |people| json!([{ "op": "add", "path": "members", "value": values(people, &[1]) }]),
    then: &[0, 1],
    under: &[rfc7644::REPEATED_ADD_SUCCEEDS],
};
const REMOVE: &Membership = &Membership {
    operations: |people| json!([{ "op": "remove", "path": of(people, 0) }]),
    then: &[1],
    under: &[rfc7644::FILTERED_REMOVE_ONLY_MATCHES],
};
const REMOVE_STRANGER: &Membership = &Membership {
    operations: |people| json!([{ "op": "remove", "path": of(people, 3) }]),
    then: &[0, 1],
    under: &[rfc7644::REMOVE_NONMEMBER_SUCCEEDS],
};
const REMOVE_ALL: &Membership = &Membership {
    operations: |_| json!([{ "op": "remove", "path": "members" }]),
    then: &[],
    under: &[rfc7644::REMOVE_MULTIVALUED_REMOVES_ALL],
};
/// One goes, one stays and two come.
const REPLACE: &Membership = &Membership {
    operations: |people| json!([{ "op": "replace", "path": "members", "value": values(people, &[1, 2, 3]) }]),
    then: &[1, 2, 3],
    under: &[rfc7644::REPLACE_MULTIVALUED_REPLACES_ALL],
};
const RENAME: &Membership = &Membership {
    operations: |people| json!([{ "op": "replace", "value": { "displayName": renamed(people) } }]),
    then: &[0, 1],
    under: &[rfc7644::PATHLESS_REPLACE_LISTS_ATTRIBUTES],
};

impl Membership {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(NEEDS)
    }
}

impl Procedure for Membership {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let lent = probe.lent(|_| vec![minimal_user(); 4])?;
        let people = lent.resources.as_slice();
        let pair = || minimal_group().with("members", values(people, &[0, 1]));
        let group = probe.given(pair())?;
        // Who loses members on create says nothing of what a change keeps.
        members::read(probe, &group)?.require(members::exactly(some(people, &[0, 1])))?;
        let operations = (self.operations)(people);
        let reply = patch(probe, group.path(), &operations)?;
        if !reply.succeeded() {
            // Who does not even let one member come, or none go, says nothing of this change.
            let removes = operations.as_array().is_some_and(|operations| removes(operations));
            let plainest = [Some(ADD), removes.then_some(REMOVE)].into_iter().flatten();
            for twin in
                plainest.map(|plainest| (plainest.operations)(people)).filter(|twin| *twin != operations)
            {
                patch(probe, probe.given(pair())?.path(), &twin)?.require(success())?;
            }
        }
        if reply.status() == 400 && self.under == [rfc7644::REMOVE_NONMEMBER_SUCCEEDS] {
            // The standard's table of errors can be read the other way.
            reply.note("removing somebody who is no member answers 400");
        } else {
            reply.expect(status_among(&[200, 204]))?;
            reply.note(&format!("a PATCH of members answers {}", reply.status()));
        }
        members::read(probe, &group)?.expect(members::exactly(some(people, self.then)))
    }
}
