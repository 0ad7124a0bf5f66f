//! Lists of members that come out as neither what was there nor what was asked for.

use protocol::endpoint;
use serde_json::{Value, json};

use crate::ask::Ask;
use crate::faults::Fault;
use crate::faults::edit::{below, failed, look, patching, replacing, send, sent, set, shown};
use crate::faults::members::ids;
use crate::faults::patch::{operations, path, verb};

pub(super) const FAULTS: &[Fault] = &[
    Fault::around(
        "bug-r07-replace-merges-members",
        "a replace of a group adds its members to those that are there",
        &["RFC7644-3.5.1-R4"],
        |mut ask, next| {
            Box::pin(async move {
                if replacing(&ask) && below(&ask, endpoint::GROUPS) {
                    let mut merged = ids(shown(&next.call(look(&ask)).await).get("members"));
                    if let Some(named) = sent(&ask).get("members") {
                        merged.extend(ids(Some(named)));
                        let merged: Vec<Value> = merged.iter().map(|id| json!({ "value": id })).collect();
                        send(&mut ask, |body| set(body, "/members", merged));
                    }
                }
                next.call(ask).await
            })
        },
    )
    .of_state(),
    Fault::around(
        "bug-g10-unknown-member-refuses-in-part",
        "members that are added beside one whom nobody knows are refused, and added all the same",
        &["RFC7644-3.5.2-R20"],
        |ask, next| {
            Box::pin(async move {
                let reply = next.call(ask.clone()).await;
                if !(failed(&reply) && patching(&ask) && below(&ask, endpoint::GROUPS)) {
                    return reply;
                }
                let added = added(&ask);
                for member in added.iter().filter(|_| added.len() > 1) {
                    let mut single = ask.clone();
                    send(&mut single, |body| {
                        set(
                            body,
                            "/Operations",
                            json!([{ "op": "add", "path": "members", "value": [member] }]),
                        );
                    });
                    next.call(single).await;
                }
                reply
            })
        },
    )
    .of_state(),
];

/// The members that the operations of a PATCH add.
fn added(ask: &Ask) -> Vec<Value> {
    let mut body = sent(ask);
    let listed = operations(&mut body).cloned().unwrap_or_default();
    let adds = listed.iter().filter(|one| verb(one, "add") && path(one) == Some("members"));
    adds.filter_map(|one| one.get("value")?.as_array().cloned()).flatten().collect()
}
