//! RFC 7644 §3.5.2: the rules that hold for every operation.

use harness::expect::{equals, error_body, pointer_that, same_as, status_among, success, unset};
use harness::{Check, Given, Outcome, Probe, Reply, sound};
use serde_json::{Value, json};

use super::twins::rest_is_taken;
use super::{Change, EMPLOYEE_NUMBER, PATCHES, PATCHES_ENTERPRISE, addresses, enterprise, given, patch};
use crate::kept::{self, shown};
use crate::parts::Parts;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    ORDER.check(
        "patch.operations-run-in-order",
        "operations run in their order, each on the result of the one before",
    ),
    PRIMARY.check("patch.primary-moves", "a new primary value takes the place of the old one"),
    Check::active("patch.names-need-no-urn", &names_need_no_urn)
        .title("a name without URI is the resource's own, also behind an operation on an extension")
        .verifies(&[rfc7644::PATCH_NAMES_USE_STORED_SCHEMAS])
        .needs(PATCHES_ENTERPRISE),
    Check::active("patch.repeated-add-changes-nothing", &repeated_add_changes_nothing)
        .title("adding a value that is there succeeds, adds nothing and does not count as a change")
        .verifies(&[
            rfc7644::REPEATED_ADD_SUCCEEDS,
            rfc7644::REPEATED_ADD_CHANGES_NOTHING,
            rfc7644::NOOP_ADD_KEEPS_LASTMODIFIED,
        ])
        .needs(PATCHES),
    Check::active("patch.is-atomic", &is_atomic)
        .title("when one operation fails, none has happened")
        .verifies(&[
            rfc7644::PATCH_IS_ATOMIC,
            rfc7644::FAILED_PATCH_RETURNS_FAILURE_STATUS,
            rfc7644::FAILED_PATCH_HAS_JSON_ERROR,
            rfc7644::FAILED_PATCH_RESTORES_ORIGINAL,
        ])
        .needs(PATCHES),
];
const _: () = sound(CHECKS);

pub(super) const ORDER: &Change = &Change::new(
    |parts| {
        json!([
            { "op": "replace", "path": parts.path("displayName"), "value": "First" },
            { "op": "add", "path": parts.path("title"), "value": "Analyst" },
            { "op": "replace", "path": parts.path("displayName"), "value": "Second" },
            { "op": "remove", "path": parts.path("title") },
        ])
    },
    |parts| vec![equals(&parts.pointer("displayName"), "Second"), unset(&parts.pointer("title"))],
    &["displayName", "title"],
    &[rfc7644::PATCH_OPERATIONS_RUN_IN_ORDER],
)
.unsetting(&["title"]);
const PRIMARY: &Change = &Change::new(
    |parts| json!([{ "op": "add", "path": "emails", "value": [{ "value": parts.mail("other"), "type": "other", "primary": true }] }]),
    |parts| {
        let new = parts.mail("other");
        vec![
            addresses(parts, &["home", "other", "work"]),
            pointer_that("/emails", "the new address as the only primary one", move |emails| {
                let primary = emails
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(|email| email.get("primary") == Some(&json!(true)));
                let values: Vec<Option<&Value>> = primary.map(|email| email.get("value")).collect();
                values == [Some(&json!(new))]
            }),
        ]
    },
    &["emails.value", "emails.type", "emails.primary"],
    &[rfc7644::PATCH_PRIMARY_CLEARS_OTHERS],
);

fn names_need_no_urn(probe: &mut Probe) -> Outcome {
    let about = &["title", EMPLOYEE_NUMBER];
    let parts = Parts::of(probe, about);
    let (person, _) = given(probe, &parts, about)?;
    let numbered = |number: &str| json!({ "op": "add", "path": EMPLOYEE_NUMBER, "value": number });
    // Where the URI is not understood nothing follows from what stands behind it.
    patch(probe, person.path(), &json!([numbered("42")]))?.require(success())?;
    let before = probe.get(person.path())?;
    before.require(equals(&enterprise("employeeNumber"), "42"))?;
    let titled = json!({ "op": "add", "path": parts.path("title"), "value": "Analyst" });
    let operations = json!([numbered("43"), titled]);
    let reply = patch(probe, person.path(), &operations)?;
    if !reply.succeeded() {
        rest_is_taken(probe, &person, &operations)?;
    }
    reply.expect(status_among(&[200, 204]))?;
    let stored = probe.get(person.path())?;
    stored.require(success())?;
    stored.expect(equals(&parts.pointer("title"), "Analyst"))?;
    stored.expect(equals(&enterprise("employeeNumber"), "43"))
}

fn repeated_add_changes_nothing(probe: &mut Probe) -> Outcome {
    let about = &["displayName", "emails.value", "emails.type"];
    let parts = Parts::of(probe, about);
    let (person, before) = given(probe, &parts, about)?;
    let home = before.at("/emails").and_then(Value::as_array).into_iter().flatten();
    let home =
        home.filter(|email| email.get("type") == Some(&json!("home"))).cloned().collect::<Vec<Value>>();
    let operations = json!([{ "op": "add", "path": "emails", "value": home }]);
    let reply = patch(probe, person.path(), &operations)?;
    if !reply.succeeded() {
        rest_is_taken(probe, &person, &operations)?;
    }
    reply.expect(status_among(&[200, 204]))?;
    let after = probe.get(person.path())?;
    after.require(success())?;
    after.expect(addresses(&parts, &["home", "work"]).under(rfc7644::REPEATED_ADD_CHANGES_NOTHING))?;
    let Some(time) = before.at("/meta/lastModified") else {
        after.note("meta.lastModified is not given");
        return Ok(());
    };
    idle_replace(probe, &person, &parts, &after)?;
    // A time that a real change moves in the same breath would have been moved by the one that was none.
    let rename = json!([{ "op": "replace", "path": parts.path("displayName"), "value": "After" }]);
    patch(probe, person.path(), &rename)?.require(success())?;
    let changed = probe.get(person.path())?;
    changed.require(success())?;
    let unmoved = after.at("/meta/lastModified") == Some(time);
    if unmoved && changed.at("/meta/lastModified") == Some(time) {
        after.note("meta.lastModified is too coarse to tell whether a change was counted");
        return Ok(());
    }
    after.expect(equals("/meta/lastModified", time.clone()).under(rfc7644::NOOP_ADD_KEEPS_LASTMODIFIED))
}

/// Notes whether a replace counts that changes nothing: the standard says so of add alone.
fn idle_replace(probe: &Probe, person: &Given, parts: &Parts, before: &Reply) -> Outcome {
    let value = before.at(&parts.pointer("displayName"));
    let same = json!([{ "op": "replace", "path": parts.path("displayName"), "value": value }]);
    if patch(probe, person.path(), &same)?.succeeded() {
        let after = shown(probe, person.path())?;
        let stays = after.at("/meta/lastModified") == before.at("/meta/lastModified");
        let told = if stays { "leaves meta.lastModified as it is" } else { "moves meta.lastModified" };
        after.note(&format!("a replace that changes nothing {told}"));
    }
    Ok(())
}

fn is_atomic(probe: &mut Probe) -> Outcome {
    // Where values of e-mails are not free, the others still tell halves from a whole.
    let emails: &[&str] = &["emails.value", "emails.type"];
    let emails = if kept::writable(probe, emails).is_ok() { emails } else { &[] };
    let about = [&["displayName"], emails].concat();
    let parts = Parts::of(probe, &about);
    let (person, _) = given(probe, &parts, &about)?;
    let mut operations =
        vec![json!({ "op": "replace", "path": parts.path("displayName"), "value": "After" })];
    if !emails.is_empty() {
        operations.push(json!({ "op": "remove", "path": r#"emails[type eq "home"]"# }));
    }
    operations.push(json!({ "op": "remove", "path": "userName" }));
    let operations = Value::from(operations);
    // Who would refuse any of this for another reason has not got halfway.
    let before = rest_is_taken(probe, &person, &operations)?;
    let reply = patch(probe, person.path(), &operations)?;
    reply.expect(status_among(&[400, 403, 409]).under(rfc7644::FAILED_PATCH_RETURNS_FAILURE_STATUS))?;
    reply.expect(error_body().under(rfc7644::FAILED_PATCH_HAS_JSON_ERROR))?;
    let stored = probe.get(person.path())?;
    stored.require(success())?;
    stored.expect(equals(&parts.pointer("displayName"), "Before"))?;
    if !emails.is_empty() {
        stored.expect(addresses(&parts, &["home", "work"]))?;
    }
    let original = same_as(before.json()?, "before the PATCH");
    stored.expect(original.under(rfc7644::FAILED_PATCH_RESTORES_ORIGINAL))
}
