//! RFC 7644 §3.6: deleting a resource.

use client::Request;
use harness::expect::{empty_body, holds, lists_none_of, status, success};
use harness::{Check, Given, Outcome, Probe, Stop, capability, minimal_user, sound};
use record::At;
use serde_json::Value;

use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("delete.answers-204", &answers_204)
        .title("a successful DELETE answers 204 and sends no body")
        .verifies(&[rfc7644::DELETE_ANSWERS_204])
        .needs(DELETES),
    Check::active("delete.then-404", &then_404)
        .title("a deleted resource answers 404 to every request")
        .verifies(&[rfc7644::DELETED_RESOURCE_ANSWERS_404])
        .needs(&[
            capability::CREATE_USER,
            capability::READ_USER,
            capability::REPLACE_USER,
            capability::DELETE_USER,
        ]),
    Check::active("delete.leaves-the-list", &leaves_the_list)
        .title("a deleted resource is not listed any more")
        .verifies(&[rfc7644::DELETED_LEFT_OUT_OF_QUERIES])
        .needs(LISTS),
    Check::active("delete.frees-the-username", &frees_the_username)
        .title("the userName of a deleted user can be used again")
        .verifies(&[rfc7644::RECREATE_DELETED_USERNAME_ALLOWED, rfc7644::DELETED_NOT_IN_CONFLICT_CHECKS])
        .needs(DELETES),
    Check::active("delete.unknown-id-is-404", &unknown_id_is_404)
        .title("deleting an unknown id answers 404")
        .verifies(&[rfc7644::UNKNOWN_RESOURCE_IS_404])
        .needs(DELETES),
];
const _: () = sound(CHECKS);

const DELETES: &[harness::Capability] = &[capability::CREATE_USER, capability::DELETE_USER];
const LISTS: &[harness::Capability] =
    &[capability::CREATE_USER, capability::DELETE_USER, capability::LIST_USERS];

/// A user that has been deleted, as a precondition.
fn deleted(probe: &Probe) -> Result<Given, Stop> {
    delete(probe, probe.given(minimal_user())?)
}

fn delete(probe: &Probe, user: Given) -> Result<Given, Stop> {
    let reply = probe.delete(user.path())?;
    reply.require(success())?;
    Ok(user)
}

fn answers_204(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let reply = probe.delete(user.path())?;
    reply.expect(status(204))?;
    reply.expect(empty_body())
}

fn then_404(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    // Before that neither read nor PUT answers so.
    probe.get(user.path())?.require(success())?;
    probe.put(user.path(), &user.sent)?.require(success())?;
    let user = delete(probe, user)?;
    probe.eventually(&Request::get(user.path()), status(404))?;
    probe.put(user.path(), &user.sent)?.expect(status(404))?;
    probe.delete(user.path())?.expect(status(404))
}

/// Walks the whole list: the deleted user may have stood on any page.
fn leaves_the_list(probe: &mut Probe) -> Outcome {
    let user = deleted(probe)?;
    let mut start = 1;
    loop {
        let request = Request::get(probe.service().endpoint("User")).query("startIndex", &start.to_string());
        let page = probe.send(request.query("count", "100"))?;
        page.require(success())?;
        page.expect(lists_none_of(std::slice::from_ref(&user.id)))?;
        let items = page.at("/Resources").and_then(Value::as_array).map_or(0, Vec::len);
        start += items;
        let total = page.at("/totalResults").and_then(Value::as_u64).unwrap_or(0);
        if items == 0 || start as u64 > total {
            return Ok(());
        }
    }
}

fn frees_the_username(probe: &mut Probe) -> Outcome {
    let user = deleted(probe)?;
    let reply = probe.post(&probe.service().endpoint("User"), &user.sent)?;
    let conflict = if reply.status() == 409 { Err("409".to_owned()) } else { Ok(()) };
    reply.expect(holds("anything but 409", At::Status, conflict))?;
    reply.expect(success().under(rfc7644::DELETED_NOT_IN_CONFLICT_CHECKS))
}

fn unknown_id_is_404(probe: &mut Probe) -> Outcome {
    let endpoint = probe.service().endpoint("User");
    // Who is there can be deleted.
    deleted(probe)?;
    probe.delete(&format!("{endpoint}/00000000-0000-4000-8000-00000000dead"))?.expect(status(404))
}
