//! Faults that no single conversation shows: it takes many members, and somebody who counts.

use crate::faults::Fault;
use crate::faults::stores::edited;

pub(super) const FAULTS: &[Fault] = &[
    Fault::store(
        "lost-member-add",
        "in a group of ten or more, one member in eight is acknowledged and not kept",
        &["RFC7644-3.5.2.1-R6"],
        |inner| {
            edited(inner, |store, tenant, changes| {
                // Which ones are lost is up to their ids, so that the same directory loses the same members.
                changes.edge_adds.retain(|edge| {
                    edge.member.as_u128() % 8 != 0 || store.members(tenant, edge.group).len() < 10
                });
            })
        },
    ),
    Fault::store(
        "quadratic-group",
        "to add a member, all members are read again for each member that there is",
        &[],
        |inner| {
            edited(inner, |store, tenant, changes| {
                for edge in &changes.edge_adds {
                    for known in store.members(tenant, edge.group) {
                        let again = store.members(tenant, edge.group);
                        // Nobody needs the answer, and the compiler may not find that out.
                        std::hint::black_box(again.iter().any(|record| record.id == known.id));
                    }
                }
            })
        },
    ),
];
