//! RFC 7644 §3.6: deleting a resource.

use client::Request;
use harness::expect::{empty_body, holds, lists_none_of, status, success};
use harness::{
    Check, Given, Outcome, Probe, Procedure, Reply, Stop, Template, capability, minimal_group, minimal_user,
    sound,
};
use record::At;
use serde_json::Value;

use crate::requirements::rfc7644;
use crate::walk::Sought;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("delete.answers-204", &answers_204)
        .title("a successful DELETE answers 204 and sends no body")
        .verifies(&[rfc7644::DELETE_ANSWERS_204])
        .needs(DELETES),
    Check::active("delete.then-404", &Then404(USER))
        .title("a deleted resource answers 404 to every request")
        .verifies(&[rfc7644::DELETED_RESOURCE_ANSWERS_404])
        .needs(&[
            capability::CREATE_USER,
            capability::READ_USER,
            capability::REPLACE_USER,
            capability::DELETE_USER,
        ]),
    Check::active("delete.leaves-the-list", &LeavesTheList { subject: USER, key: "userName" })
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
    Check::active("groups.deleted-are-404", &Then404(GROUP))
        .title("a deleted group answers 404 to every request")
        .verifies(&[rfc7644::DELETED_RESOURCE_ANSWERS_404])
        .needs(&[
            capability::CREATE_GROUP,
            capability::READ_GROUP,
            capability::REPLACE_GROUP,
            capability::DELETE_GROUP,
        ]),
    Check::active("groups.deleted-leave-the-list", &LeavesTheList { subject: GROUP, key: "displayName" })
        .title("a deleted group is not listed any more")
        .verifies(&[rfc7644::DELETED_LEFT_OUT_OF_QUERIES])
        .needs(&[capability::CREATE_GROUP, capability::DELETE_GROUP]),
];
const _: () = sound(CHECKS);

const DELETES: &[harness::Capability] = &[capability::CREATE_USER, capability::DELETE_USER];
const LISTS: &[harness::Capability] =
    &[capability::CREATE_USER, capability::DELETE_USER, capability::LIST_USERS];

/// What is deleted.
type Subject = fn() -> Template;
const USER: Subject = minimal_user;
const GROUP: Subject = minimal_group;

/// A user or a group that has been deleted, as a precondition.
fn deleted(probe: &Probe, subject: Subject) -> Result<Given, Stop> {
    delete(probe, probe.given(subject())?)
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

/// Nothing can be done with it any more.
struct Then404(Subject);

impl Procedure for Then404 {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let given = probe.given((self.0)())?;
        // Before that neither read nor PUT answers so.
        probe.get(given.path())?.require(success())?;
        probe.put(given.path(), &given.sent)?.require(success())?;
        let gone = delete(probe, given)?;
        probe.eventually(&Request::get(gone.path()), status(404))?;
        probe.put(gone.path(), &gone.sent)?.expect(status(404))?;
        probe.delete(gone.path())?.expect(status(404))
    }
}

/// No page of the whole list shows it: it may have stood on any.
struct LeavesTheList {
    subject: Subject,
    /// The attribute that holds its name.
    key: &'static str,
}

impl Procedure for LeavesTheList {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let gone = deleted(probe, self.subject)?;
        let endpoint = gone.path().rsplit_once('/').map_or(gone.path(), |(endpoint, _)| endpoint);
        let list = &Request::get(endpoint).query("count", "100");
        let name = gone.body.get(self.key).and_then(Value::as_str).unwrap_or(&gone.name);
        let none_of = |page: &Reply| page.expect(lists_none_of(std::slice::from_ref(&gone.id)));
        let sought = Sought { list, key: self.key, name };
        sought.look_through(probe, |page| none_of(page).map(|()| false)).map(drop)
    }
}

fn frees_the_username(probe: &mut Probe) -> Outcome {
    let user = deleted(probe, USER)?;
    let reply = probe.post(&probe.service().endpoint("User"), &user.sent)?;
    let conflict = if reply.status() == 409 { Err("409".to_owned()) } else { Ok(()) };
    reply.expect(holds("anything but 409", At::Status, conflict))?;
    reply.expect(success().under(rfc7644::DELETED_NOT_IN_CONFLICT_CHECKS))
}

fn unknown_id_is_404(probe: &mut Probe) -> Outcome {
    let endpoint = probe.service().endpoint("User");
    // Who is there can be deleted.
    deleted(probe, USER)?;
    probe.delete(&format!("{endpoint}/00000000-0000-4000-8000-00000000dead"))?.expect(status(404))
}
