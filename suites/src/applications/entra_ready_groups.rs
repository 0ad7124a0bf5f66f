//! What the provisioning service of Microsoft Entra needs of groups.

use client::Request;
use harness::expect::{absent, equals, lists_exactly, status, status_among, success};
use harness::{Capability, Check, Outcome, Probe, Reply, capability, minimal_group, minimal_user, sound};
use serde_json::json;

use crate::applications::{modify, search, shown};
use crate::members::{expect_members, values, with_members};
use crate::requirements::entra_ready as rules;

pub(super) const CHECKS: &[Check] = &[
    Check::active("entra-ready.several-members-at-once", &several_members_at_once)
        .title("one PATCH adds several members")
        .verifies(&[rules::E_05])
        .needs(GROUPS),
    Check::active("entra-ready.members-can-be-left-out", &members_can_be_left_out)
        .title("excludedAttributes=members leaves the members out, of one group and of a list")
        .verifies(&[rules::E_06])
        .needs(&[capability::CREATE_USER, capability::CREATE_GROUP, capability::FILTER_USER]),
    Check::active("entra-ready.only-listed-members-go", &only_listed_members_go)
        .title("a removal of members with a list of values removes only those")
        .verifies(&[rules::E_09])
        .needs(GROUPS),
    Check::active("entra-ready.group-patch-is-brief", &group_patch_is_brief)
        .title("a PATCH of a group answers 204, or 200 without its members")
        .verifies(&[rules::E_10])
        .needs(GROUPS),
    Check::active("entra-ready.group-rename-is-brief", &group_rename_is_brief)
        .title(
            "a PATCH that renames a group, with a path or without, answers 204, or 200 without its members",
        )
        .verifies(&[rules::E_10])
        .needs(GROUPS),
    Check::active("entra-ready.group-match-answers-200", &group_match_answers_200)
        .title("the query by which groups are matched answers 200, also when it finds none")
        .verifies(&[rules::E_01])
        .needs(&[capability::CREATE_GROUP, capability::FILTER_USER]),
    Check::active("entra-ready.members-can-be-added-again", &members_can_be_added_again)
        .title("adding a member who is one already succeeds and changes nothing")
        .verifies(&[rules::E_11])
        .needs(GROUPS),
];
const _: () = sound(CHECKS);

const GROUPS: &[Capability] = &[capability::CREATE_USER, capability::CREATE_GROUP, capability::MODIFY_GROUP];

fn several_members_at_once(probe: &mut Probe) -> Outcome {
    let users = probe.given_all(vec![minimal_user(); 3])?;
    let group = probe.given(minimal_group())?;
    let operation = json!([{ "op": "Add", "path": "members", "value": values(&users) }]);
    modify(probe, group.path(), operation)?.expect(success())?;
    expect_members(probe, &group, &users)
}

fn members_can_be_left_out(probe: &mut Probe) -> Outcome {
    let (group, users) = with_members(probe, 2)?;
    expect_members(probe, &group, &users)?;
    let without = |path: &str| Request::get(path).query("excludedAttributes", "members");
    let read = probe.send(without(group.path()))?;
    read.require(success())?;
    read.expect(equals("/displayName", group.name.as_str()))?;
    read.expect(absent("/members"))?;
    let endpoint = probe.service().endpoint("Group");
    let filter = format!("displayName eq \"{}\"", group.name);
    let list = probe.send(without(&endpoint).query("filter", &filter))?;
    list.require(success())?;
    list.expect(equals("/Resources/0/id", group.id.as_str()))?;
    list.expect(absent("/Resources/0/members"))
}

fn only_listed_members_go(probe: &mut Probe) -> Outcome {
    let (group, users) = with_members(probe, 3)?;
    let (gone, left) = users.split_at(1);
    let operation = json!([{ "op": "Remove", "path": "members", "value": values(gone) }]);
    modify(probe, group.path(), operation)?.expect(success())?;
    expect_members(probe, &group, left)
}

fn group_patch_is_brief(probe: &mut Probe) -> Outcome {
    let (group, users) = with_members(probe, 2)?;
    let member = probe.given(minimal_user())?;
    let added = std::slice::from_ref(&member);
    let operation = json!([{ "op": "Add", "path": "members", "value": values(added) }]);
    answers_briefly(&modify(probe, group.path(), operation)?)?;
    expect_members(probe, &group, &[&users[..], added].concat())
}

fn group_rename_is_brief(probe: &mut Probe) -> Outcome {
    let (group, users) = with_members(probe, 2)?;
    let name = |which: &str| format!("{}-{which}", group.name);
    let renames = [
        (name("b"), json!([{ "op": "replace", "path": "displayName", "value": name("b") }])),
        (name("c"), json!([{ "op": "replace", "value": { "displayName": name("c") } }])),
    ];
    for (name, operations) in renames {
        answers_briefly(&modify(probe, group.path(), operations)?)?;
        shown(probe, group.path())?.expect(equals("/displayName", name))?;
    }
    expect_members(probe, &group, &users)
}

fn group_match_answers_200(probe: &mut Probe) -> Outcome {
    let group = probe.given(minimal_group())?;
    let endpoint = probe.service().endpoint("Group");
    let nobody = format!("nobody-{}", group.name);
    for (name, wanted) in [(&group.name, std::slice::from_ref(&group.id)), (&nobody, &[])] {
        let found = search(probe, &endpoint, &format!("displayName eq \"{name}\""))?;
        found.expect(status(200))?;
        found.expect(lists_exactly(wanted))?;
    }
    Ok(())
}

fn answers_briefly(reply: &Reply) -> Outcome {
    reply.expect(status_among(&[200, 204]))?;
    if reply.status() == 200 { reply.expect(absent("/members")) } else { Ok(()) }
}

fn members_can_be_added_again(probe: &mut Probe) -> Outcome {
    let (group, users) = with_members(probe, 2)?;
    let operation = json!([{ "op": "Add", "path": "members", "value": values(&users) }]);
    modify(probe, group.path(), operation)?.expect(success())?;
    expect_members(probe, &group, &users)
}
