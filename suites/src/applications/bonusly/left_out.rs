//! What the application has no place for, and what a request leaves out.

use harness::expect::{equals, status_among, success, unset};
use harness::{Capability, Check, Given, Outcome, Probe, Reply, Stop, capability, minimal_user, sound};
use protocol::urn;
use serde_json::{Value, json};

use super::{CREATES, EXTENSION, MODIFIES, create, path, pointer, stored};
use crate::applications::{modify, replace, shown};
use crate::kept;
use crate::requirements::bonusly as rules;

pub(super) const CHECKS: &[Check] = &[
    Check::active("bonusly.create-ignores-what-has-no-place", &create_ignores_what_has_no_place)
        .title("a create takes attributes that have no place, and does not echo them")
        .verifies(&[rules::B_30])
        .needs(CREATES),
    Check::active("bonusly.patch-ignores-what-has-no-place", &patch_ignores_what_has_no_place)
        .title("a PATCH takes attributes that have no place, and does the rest")
        .verifies(&[rules::B_30])
        .needs(MODIFIES),
    Check::active("bonusly.other-emails-are-ignored", &other_emails_are_ignored)
        .title("e-mails and addresses of another type than work are ignored")
        .verifies(&[rules::B_30])
        .needs(CREATES),
    Check::active("bonusly.patch-keeps-the-rest", &patch_keeps_the_rest)
        .title("a PATCH leaves alone what it does not carry")
        .verifies(&[rules::B_31])
        .needs(MODIFIES),
    Check::active("bonusly.put-keeps-what-it-leaves-out", &put_keeps_what_it_leaves_out)
        .title("a PUT leaves alone what it does not carry")
        .verifies(&[rules::B_31])
        .needs(REPLACES),
    Check::active("bonusly.null-and-empty-clear", &null_and_empty_clear)
        .title("null and the empty array in a PUT clear what they stand for")
        .verifies(&[rules::B_31])
        .needs(REPLACES),
    Check::active("bonusly.patched-null-and-empty-clear", &patched_null_and_empty_clear)
        .title("null and the empty array in a PATCH clear what they stand for")
        .verifies(&[rules::B_31])
        .needs(MODIFIES),
];
const _: () = sound(CHECKS);

const REPLACES: &[Capability] = &[capability::CREATE_USER, capability::REPLACE_USER];

/// Pointers to what the application has no place for.
const PLACELESS: [&str; 8] = [
    "/displayName",
    "/nickName",
    "/preferredLanguage",
    "/name/formatted",
    "/phoneNumbers",
    "/roles",
    "/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    "/urn:ietf:params:scim:schemas:extension:bonusly:2.0:User/shoeSize",
];

pub(super) fn expect_none_of_it(reply: &Reply) -> Outcome {
    PLACELESS.iter().try_for_each(|pointer| reply.expect(unset(pointer)))
}

fn create_ignores_what_has_no_place(probe: &mut Probe) -> Outcome {
    let template = minimal_user()
        .with("title", "Analyst")
        .with("displayName", "Ada Lovelace")
        .with("nickName", "Ada")
        .with("preferredLanguage", "en-GB")
        .with("name", json!({ "givenName": "Ada", "formatted": "Ada Lovelace" }))
        .with("phoneNumbers", json!([{ "type": "work", "value": "+4755500000" }]))
        .with("roles", json!([{ "value": "analyst" }]))
        .with(urn::ENTERPRISE_USER, json!({ "department": "Research" }))
        .with(EXTENSION, json!({ "shoeSize": "38", "department": "Engines" }));
    let created = create(probe, template)?;
    created.expect(status_among(&[200, 201]))?;
    expect_none_of_it(&created)?;
    let read = shown(probe, &probe.service().place_of("User", &created)?)?;
    expect_none_of_it(&read)?;
    read.expect(equals("/title", "Analyst"))?;
    read.expect(equals("/name/givenName", "Ada"))?;
    read.expect(equals(&pointer("department"), "Engines"))
}

fn patch_ignores_what_has_no_place(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let operations = json!([
        { "op": "add", "path": "displayName", "value": "Ada Lovelace" },
        { "op": "add", "path": "name.formatted", "value": "Ada Lovelace" },
        { "op": "add", "path": r#"phoneNumbers[type eq "work"].value"#, "value": "+4755500000" },
        { "op": "add", "path": format!("{}:department", urn::ENTERPRISE_USER), "value": "Research" },
        { "op": "add", "path": path("shoeSize"), "value": "38" },
        { "op": "add", "path": "title", "value": "Analyst" },
    ]);
    modify(probe, user.path(), operations)?.expect(success())?;
    let read = shown(probe, user.path())?;
    expect_none_of_it(&read)?;
    read.expect(equals("/title", "Analyst"))
}

fn other_emails_are_ignored(probe: &mut Probe) -> Outcome {
    let emails = json!([{ "type": "home", "value": "ada@home.example" }]);
    let addresses = json!([{ "type": "home", "country": "NO" }]);
    let read = stored(probe, minimal_user().with("emails", emails).with("addresses", addresses))?;
    read.expect(unset("/emails"))?;
    read.expect(unset("/addresses"))
}

fn somebody(probe: &Probe) -> Result<Given, Stop> {
    let template = minimal_user()
        .with("title", "Analyst")
        .with("name", json!({ "givenName": "Ada", "familyName": "Lovelace" }))
        .with("addresses", json!([{ "type": "work", "country": "NO" }]))
        .with(EXTENSION, json!({ "department": "Research", "location": "Bergen" }));
    probe.given(template.within_rules())
}

fn patch_keeps_the_rest(probe: &mut Probe) -> Outcome {
    let user = somebody(probe)?;
    let operation = json!([{ "op": "replace", "path": path("department"), "value": "Engines" }]);
    modify(probe, user.path(), operation)?.expect(success())?;
    let read = shown(probe, user.path())?;
    read.expect(equals(&pointer("department"), "Engines"))?;
    expect_the_rest(&read)
}

fn put_keeps_what_it_leaves_out(probe: &mut Probe) -> Outcome {
    let user = somebody(probe)?;
    let body = kept::edited(&only_named(&user), json!({ EXTENSION: { "department": "Engines" } }));
    replace(probe, &user, &body)?.expect(success())?;
    let read = shown(probe, user.path())?;
    read.expect(equals(&pointer("department"), "Engines"))?;
    expect_the_rest(&read)
}

fn expect_the_rest(read: &Reply) -> Outcome {
    read.expect(equals("/title", "Analyst"))?;
    read.expect(equals("/name/givenName", "Ada"))?;
    read.expect(equals("/addresses/0/country", "NO"))?;
    read.expect(equals(&pointer("location"), "Bergen"))
}

fn null_and_empty_clear(probe: &mut Probe) -> Outcome {
    let user = somebody(probe)?;
    let nothing = json!({ "title": null, "addresses": [], EXTENSION: { "department": null } });
    let body = kept::edited(&only_named(&user), nothing);
    replace(probe, &user, &body)?.expect(success())?;
    expect_cleared(&shown(probe, user.path())?)
}

fn patched_null_and_empty_clear(probe: &mut Probe) -> Outcome {
    let user = somebody(probe)?;
    let operations = json!([
        { "op": "replace", "path": "title", "value": null },
        { "op": "replace", "path": "addresses", "value": [] },
        { "op": "replace", "path": path("department"), "value": null },
    ]);
    modify(probe, user.path(), operations)?.expect(success())?;
    expect_cleared(&shown(probe, user.path())?)
}

fn expect_cleared(read: &Reply) -> Outcome {
    read.expect(unset("/title"))?;
    read.expect(unset("/addresses"))?;
    read.expect(unset(&pointer("department")))
}

/// The least that a PUT of somebody has to say.
fn only_named(user: &Given) -> Value {
    let name = user.sent.get("userName").cloned().unwrap_or_default();
    json!({ "schemas": [urn::USER, EXTENSION], "userName": name })
}
