//! What BlogIn keeps of groups.

use harness::expect::{equals, lists_exactly, status, success};
use harness::{Capability, Check, Outcome, Probe, capability, minimal_group, minimal_user, sound};
use serde_json::json;

use crate::applications::blogin::sends_external_id;
use crate::applications::{modify, search, shown};
use crate::list::paging::cover;
use crate::members::{expect_members, values, with_members};
use crate::requirements::blogin as rules;

pub(super) const CHECKS: &[Check] = &[
    Check::active("blogin.groups-are-found-by-name", &groups_are_found_by_name)
        .title("a filter on displayName finds the one group of this name")
        .verifies(&[rules::G_03])
        .needs(&[capability::CREATE_GROUP, capability::FILTER_USER]),
    Check::active("blogin.groups-can-be-renamed", &groups_can_be_renamed)
        .title("a PATCH of displayName renames a group")
        .verifies(&[rules::G_03])
        .needs(&[capability::CREATE_GROUP, capability::MODIFY_GROUP]),
    Check::active("blogin.members-come-and-go", &members_come_and_go)
        .title("members are added to a group and removed from it one by one")
        .verifies(&[rules::G_03])
        .needs(GROUPS),
    Check::active("blogin.deleted-users-leave-their-groups", &deleted_users_leave_their_groups)
        .title("a deleted user is in none of the groups any more, and everybody else is")
        .verifies(&[rules::G_04])
        .needs(&[capability::CREATE_USER, capability::DELETE_USER, capability::CREATE_GROUP]),
    Check::active("blogin.deleted-groups-are-gone", &deleted_groups_are_gone)
        .title("a deleted group is found neither by id nor by name, and its members stay")
        .verifies(&[rules::G_03])
        .needs(&[
            capability::CREATE_USER,
            capability::CREATE_GROUP,
            capability::DELETE_GROUP,
            capability::FILTER_USER,
        ]),
    Check::active("blogin.groups-have-no-external-id", &groups_have_no_external_id)
        .title("a group that was sent with an externalId shows none")
        .verifies(&[rules::G_07])
        .needs(&[capability::CREATE_GROUP]),
    Check::active("blogin.groups-can-be-paged-through", &groups_can_be_paged_through)
        .title("pages joined by startIndex hold every group, and none twice")
        .verifies(&[rules::G_06])
        .needs(&[capability::CREATE_GROUP])
        .alone(),
];
const _: () = sound(CHECKS);

const GROUPS: &[Capability] = &[capability::CREATE_USER, capability::CREATE_GROUP, capability::MODIFY_GROUP];

fn groups_are_found_by_name(probe: &mut Probe) -> Outcome {
    let groups = probe.given_all(vec![minimal_group(); 2])?;
    let endpoint = probe.service().endpoint("Group");
    for group in groups {
        let filter = format!("displayName eq \"{}\"", group.name);
        let found = search(probe, &endpoint, &filter)?;
        found.expect(status(200))?;
        found.expect(lists_exactly(&[group.id]))?;
    }
    Ok(())
}

fn groups_can_be_renamed(probe: &mut Probe) -> Outcome {
    let group = probe.given(minimal_group())?;
    let name = format!("{}-renamed", group.name);
    let operations = json!([{ "op": "replace", "path": "displayName", "value": name }]);
    modify(probe, group.path(), operations)?.expect(success())?;
    shown(probe, group.path())?.expect(equals("/displayName", name))
}

fn members_come_and_go(probe: &mut Probe) -> Outcome {
    let (group, first) = with_members(probe, 1)?;
    let second = [probe.given(minimal_user())?];
    let add = json!([{ "op": "add", "path": "members", "value": values(&second) }]);
    modify(probe, group.path(), add)?.expect(success())?;
    expect_members(probe, &group, &[first.clone(), second.to_vec()].concat())?;
    for (gone, left) in [(&first[..], &second[..]), (&second[..], &[])] {
        let paths = gone.iter().map(|user| format!("members[value eq \"{}\"]", user.id));
        let remove = paths.map(|path| json!({ "op": "remove", "path": path })).collect();
        modify(probe, group.path(), remove)?.expect(success())?;
        expect_members(probe, &group, left)?;
    }
    Ok(())
}

fn deleted_groups_are_gone(probe: &mut Probe) -> Outcome {
    let (group, users) = with_members(probe, 1)?;
    let endpoint = probe.service().endpoint("Group");
    let filter = format!("displayName eq \"{}\"", group.name);
    shown(probe, group.path())?;
    search(probe, &endpoint, &filter)?.require(lists_exactly(std::slice::from_ref(&group.id)))?;
    probe.delete(group.path())?.expect(success())?;
    probe.get(group.path())?.expect(status(404))?;
    search(probe, &endpoint, &filter)?.expect(lists_exactly(&[]))?;
    users.iter().try_for_each(|user| probe.get(user.path())?.expect(status(200)))
}

fn deleted_users_leave_their_groups(probe: &mut Probe) -> Outcome {
    let (group, users) = with_members(probe, 3)?;
    let other = probe.given(minimal_group().with("members", values(&users)))?;
    let (gone, left) = users.split_at(1);
    for user in gone {
        probe.delete(user.path())?.require(success())?;
    }
    expect_members(probe, &group, left)?;
    expect_members(probe, &other, left)
}

fn groups_have_no_external_id(probe: &mut Probe) -> Outcome {
    sends_external_id(probe, "Group", minimal_group)
}

fn groups_can_be_paged_through(probe: &mut Probe) -> Outcome {
    let created = probe.given_all(vec![minimal_group(); 3])?;
    let ids: Vec<String> = created.into_iter().map(|group| group.id).collect();
    cover(probe, &probe.service().endpoint("Group"), &ids).map(drop)
}
