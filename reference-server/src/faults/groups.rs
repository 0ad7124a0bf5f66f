use protocol::{endpoint, urn};
use serde_json::Value;

use crate::faults::Fault;
use crate::faults::edit::{dangling, each, reword, set};
use crate::faults::stores::edited;

pub(super) const FAULTS: &[Fault] = &[
    Fault::store(
        "store-drops-an-edge",
        "of three or more members added at once, one is acknowledged and not kept",
        &["RFC7644-3.3-R1"],
        |inner| {
            edited(inner, |_, _, changes| {
                if changes.edge_adds.len() > 2 {
                    changes.edge_adds.pop();
                }
            })
        },
    ),
    Fault::store(
        "store-keeps-old-edges",
        "members that a replace leaves out stay members",
        &["RFC7644-3.5.1-R4"],
        |inner| edited(inner, |_, _, changes| changes.edge_removes.clear()),
    )
    .collateral(&[
        ("groups.remove-a-member", "a PATCH takes members away like a replace does"),
        ("groups.remove-all-members", "a PATCH takes members away like a replace does"),
        ("groups.replace-all-members", "a PATCH takes members away like a replace does"),
    ]),
    Fault::reply(
        "groups-are-named-by-name",
        "a user names its groups by what they are called",
        &["RFC7643-4.1.2-R20"],
        |ask, reply| {
            each(ask, reply, endpoint::USERS, |user| {
                for group in user.get_mut("groups").and_then(Value::as_array_mut).into_iter().flatten() {
                    let name = group.get("display").cloned().unwrap_or_default();
                    set(group, "/value", name);
                }
            });
        },
    ),
    Fault::rules("group-name-is-optional", "a group needs no displayName", &["RFC7643-4.2-R1"], |rules| {
        if let Some(display_name) = rules.attribute_mut(urn::GROUP, "displayName") {
            display_name.required = false;
        }
    }),
    Fault::reply(
        "member-ref-dangles",
        "the address of a member leads nowhere",
        &["RFC7643-2.3.7-R5"],
        |ask, reply| {
            each(ask, reply, endpoint::GROUPS, |group| {
                for member in group.get_mut("members").and_then(Value::as_array_mut).into_iter().flatten() {
                    reword(member, "/$ref", dangling);
                }
            });
        },
    ),
    Fault::reply(
        "member-refs-are-mixed-up",
        "of two members each has the address of the other",
        &["RFC7643-4.2-R5"],
        |ask, reply| {
            each(ask, reply, endpoint::GROUPS, |group| {
                let Some([first, second, ..]) =
                    group.get_mut("members").and_then(Value::as_array_mut).map(Vec::as_mut_slice)
                else {
                    return;
                };
                if let (Some(one), Some(other)) = (first.get_mut("$ref"), second.get_mut("$ref")) {
                    std::mem::swap(one, other);
                }
            });
        },
    ),
];
