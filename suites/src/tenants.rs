//! RFC 7644 §6.1: what the token of another tenant opens, where somebody gave one.

use client::Request;
use harness::expect::{differs, holds, success};
use harness::{
    Capability, Check, Given, Outcome, Probe, Procedure, Reply, Stop, capability, minimal_user, sound,
};
use protocol::urn;
use record::{At, ReqId};
use serde_json::{Value, json};

use crate::credentials::{not_served, showing};
use crate::kept::{self, Plain};
use crate::neighbours::{is, other, reaches_no_stranger, read_by, untouched};
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("credentials.other-tenant-is-not-shown-a-user", &other_tenant_is_not_shown_a_user)
        .title("a user is not shown to a token of another tenant")
        .verifies(CONTROLLED)
        .needs(TENANTS),
    Check::active("credentials.other-tenant-changes-no-user", &other_tenant_changes_no_user)
        .title("a token of another tenant does not delete a user")
        .verifies(CONTROLLED)
        .needs(DELETES),
    EDITS_BY_PUT
        .check(
            "credentials.other-tenant-replaces-no-user",
            "a PUT with a token of another tenant leaves a user as it was",
        )
        .needs(&[
            capability::SECOND_TENANT,
            capability::CREATE_USER,
            capability::READ_USER,
            capability::REPLACE_USER,
            capability::LIST_USERS,
        ]),
    EDITS_BY_PATCH
        .check(
            "credentials.other-tenant-patches-no-user",
            "a PATCH with a token of another tenant leaves a user as it was",
        )
        .needs(&[
            capability::SECOND_TENANT,
            capability::CREATE_USER,
            capability::READ_USER,
            capability::MODIFY_USER,
            capability::LIST_USERS,
        ]),
    Check::active("credentials.other-tenant-creates-its-own", &other_tenant_creates_its_own)
        .title("a create with a token of another tenant leaves a user of the same name as it was")
        .verifies(&[rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY])
        .needs(DELETES),
];
const _: () = sound(CHECKS);

/// To be shown what is another tenant's is to be let in without any right; how that is refused matters less.
const CONTROLLED: &[ReqId] =
    &[rfc7644::CROSS_TENANT_ACCESS_CONTROLLED, rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY];

const TENANTS: &[Capability] = &[
    capability::SECOND_TENANT,
    capability::CREATE_USER,
    capability::READ_USER,
    capability::LIST_USERS,
    capability::FILTER_USER,
];

/// What a check needs that deletes somebody in either tenant.
const DELETES: &[Capability] = &[
    capability::SECOND_TENANT,
    capability::CREATE_USER,
    capability::READ_USER,
    capability::DELETE_USER,
    capability::LIST_USERS,
];

fn other_tenant_is_not_shown_a_user(probe: &mut Probe) -> Outcome {
    let token = other(probe)?;
    let person = probe.given(minimal_user())?;
    probe.get(person.path())?.require(success())?;
    kept_apart(&read_by(probe, token.as_ref(), &person)?)?;
    let name = person.sent.get("userName").and_then(Value::as_str).unwrap_or_default();
    let search =
        Request::get(probe.service().endpoint("User")).query("filter", &format!("userName eq \"{name}\""));
    let mine = probe.send(search.clone())?;
    mine.require(success())?;
    let found = probe.send(showing(token.as_ref(), search)?)?;
    // A search that is refused shows nobody.
    if !found.succeeded() {
        return Ok(());
    }
    let items = found.at("/Resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let shown = if items.iter().any(|item| is(item, &person)) { Err(name.to_owned()) } else { Ok(()) };
    let shows_nobody = holds(
        "a list without the user of another tenant",
        At::Pointer { pointer: "/Resources".to_owned() },
        shown,
    );
    found.expect(shows_nobody.under(rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY))
}

fn other_tenant_changes_no_user(probe: &mut Probe) -> Outcome {
    let token = other(probe)?;
    let (person, colleague) = (probe.given(minimal_user())?, probe.given(minimal_user())?);
    // What is shut to the tenant itself says nothing of others.
    probe.delete(colleague.path())?.require(success())?;
    reaches_no_stranger(probe, token.as_ref(), &person)?;
    let delete = showing(token.as_ref(), Request::delete(person.path()))?;
    kept_apart(&probe.send(delete)?)?;
    probe.get(person.path())?.expect(success().under(rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY))
}

/// What is another tenant's is refused, or not there.
fn kept_apart(reply: &Reply) -> Outcome {
    not_served(reply, rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY)?;
    let status = reply.status();
    let refused = if (400..500).contains(&status) { Ok(()) } else { Err(status.to_string()) };
    let refusal = holds("a refusal that blames the client (4xx)", At::Status, refused);
    reply.expect(refusal.under(rfc7644::CROSS_TENANT_ACCESS_CONTROLLED))
}

/// A request that gives somebody another text.
struct Edits(fn(&Given, Plain, &str) -> Request);

const EDITS_BY_PUT: &Edits =
    &Edits(|person, plain, text| Request::put(person.path()).json(&plain.within(&person.sent, text)));
const EDITS_BY_PATCH: &Edits = &Edits(|person, plain, text| {
    let operation = json!({ "op": "replace", "path": plain.path, "value": text });
    let body = json!({ "schemas": [urn::PATCH_OP], "Operations": [operation] });
    Request::patch(person.path()).json(&body)
});

impl Edits {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(CONTROLLED)
    }
}

impl Procedure for Edits {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let token = other(probe)?;
        let (person, plain) = kept::with_text(probe, minimal_user())?;
        // What the tenant itself may not do says nothing of others.
        probe.send((self.0)(&person, plain, "Before"))?.require(success())?;
        let before = kept::shown(probe, person.path())?;
        reaches_no_stranger(probe, token.as_ref(), &person)?;
        let reply = probe.send(showing(token.as_ref(), (self.0)(&person, plain, "After"))?)?;
        untouched(probe, &person, &before)?;
        kept_apart(&reply)
    }
}

/// Names and addresses may be free in every tenant, or once for all of them. Neither way is somebody changed by a create
/// elsewhere.
fn other_tenant_creates_its_own(probe: &mut Probe) -> Outcome {
    let token = other(probe)?;
    let address = kept::address(probe, "ada");
    let template = minimal_user().with("emails", json!([{ "value": address, "type": "work" }]));
    let (person, plain) = kept::with_text(probe, template.as_offered(&probe.service().published))?;
    let before = kept::shown(probe, person.path())?;
    let endpoint = probe.service().endpoint("User");
    let create = Request::post(&endpoint).json(&plain.within(&person.sent, "After"));
    let reply = probe.send(showing(token.as_ref(), create)?)?;
    let judged = untouched(probe, &person, &before);
    // Only what is shown to be the one that was created counts as that, and goes at once.
    let id = reply.at("/id").and_then(Value::as_str).filter(|_| reply.succeeded());
    if let Some(id) = id {
        let path = client::resource_path(&endpoint, id);
        let shown = probe.send(showing(token.as_ref(), Request::get(&path))?)?;
        let created = shown.at("").filter(|body| shown.succeeded() && is(body, &person));
        let is_another = |body: &Value| body.pointer(&plain.pointer()).is_some_and(|text| text == "After");
        // The same id may be two users, one in each tenant: then what they were given tells them apart.
        if id == person.id && !(judged.is_ok() && created.is_some_and(is_another)) {
            judged?;
            let another = differs("/id", person.id.clone());
            return reply.expect(another.under(rfc7644::CLIENT_MAPPED_TO_ACCESS_POLICY));
        }
        let told = created.map(drop).ok_or_else(|| shown.status().to_string());
        shown.require(holds("the user that was created, by its name", At::Body, told))?;
        probe.send(showing(token.as_ref(), Request::delete(&path))?)?.require(success())?;
    }
    judged?;
    match reply.status() {
        200..300 => reply.note("a userName that one tenant has is free in another"),
        409 => reply.note("a userName that one tenant has is taken in another"),
        _ => return Err(Stop::NotSupported("creates with the token of the second tenant".to_owned())),
    }
    Ok(())
}
