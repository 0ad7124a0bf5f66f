//! What Bonusly expects of provisioning over SCIM 2.0.

mod accounts;
mod birthday;
mod emails;
mod endpoint;
mod extension;
mod found;
mod left_out;
mod life;
mod managers;
mod replaced;
mod settled;
mod values;

use harness::expect::{pointer_that, scim_type, status, status_among, success};
use harness::{
    Capability, Check, Expectation, Outcome, Probe, Reply, Stop, Template, capability, minimal_user,
};
use profiles::Behaviour;
use protocol::ScimType;
use serde_json::{Value, json};

use crate::applications::{capitalised_address, modify, search, shown};

/// The checks, by theme.
pub(super) const CHECKS: &[&[Check]] = &[
    endpoint::CHECKS,
    accounts::CHECKS,
    values::CHECKS,
    emails::CHECKS,
    extension::CHECKS,
    birthday::CHECKS,
    managers::CHECKS,
    left_out::CHECKS,
    replaced::CHECKS,
    found::CHECKS,
    life::CHECKS,
];

/// The URI of the application's extension of users.
const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:bonusly:2.0:User";

/// What a check needs that creates.
const CREATES: &[Capability] = &[capability::CREATE_USER];
/// What a check needs that creates and modifies.
const MODIFIES: &[Capability] = &[capability::CREATE_USER, capability::MODIFY_USER];
/// What a check needs that creates and searches.
const FINDS: &[Capability] = &[capability::CREATE_USER, capability::FILTER_USER];

/// A pointer to an attribute of the extension.
fn pointer(attribute: &str) -> String {
    format!("/{EXTENSION}/{attribute}")
}

/// The path of an attribute of the extension.
fn path(attribute: &str) -> String {
    format!("{EXTENSION}:{attribute}")
}

/// A userName that nobody has, in the form of an e-mail address with letters of both cases.
fn address(probe: &Probe) -> String {
    let body = probe.fill(&minimal_user());
    capitalised_address(probe, body.get("userName").and_then(Value::as_str).unwrap_or_default())
}

/// The userName, which may be kept in a letter case of its own.
fn named(name: &str) -> Expectation {
    let wanted = name.to_lowercase();
    pointer_that("/userName", format!("{name} in any letter case"), move |shown| {
        shown.as_str().is_some_and(|shown| shown.to_lowercase() == wanted)
    })
}

/// Somebody whose work e-mail is what the userName is.
fn with_work_email(address: &str) -> Template {
    let email = json!([{ "type": "work", "value": address }]);
    minimal_user().with("userName", address).with("emails", email).within_rules()
}

/// A create that is no precondition; one that nobody objects to has gone before it.
fn create(probe: &Probe, template: Template) -> Result<Reply, Stop> {
    probe.given(minimal_user())?;
    probe.post(&probe.service().endpoint("User"), &probe.fill(&template.within_rules()))
}

/// Holds where a create succeeds; gives what an independent read shows of the resource.
fn stored(probe: &Probe, template: Template) -> Result<Reply, Stop> {
    let created = create(probe, template)?;
    created.expect(status_among(&[200, 201]))?;
    shown(probe, &probe.service().place_of("User", &created)?)
}

/// A PATCH of one attribute. Where it is refused, another one of the extension has to be taken.
fn replace(probe: &Probe, path: &str, attribute: &str, value: impl Into<Value>) -> Result<Reply, Stop> {
    let send = |path: &str, attribute: &str, value: Value| {
        modify(probe, path, json!([{ "op": "replace", "path": attribute, "value": value }]))
    };
    let reply = send(path, attribute, value.into())?;
    if !reply.succeeded() && attribute.starts_with(EXTENSION) {
        // Who refuses whatever is in the extension has not looked at this value.
        let twin = probe.given(minimal_user())?;
        send(twin.path(), &self::path("department"), json!("Research"))?.require(success())?;
    }
    Ok(reply)
}

fn refused(reply: &Reply) -> Outcome {
    reply.expect(status(400))?;
    reply.expect(scim_type(ScimType::InvalidValue))
}

fn find(probe: &Probe, filter: &str) -> Result<Reply, Stop> {
    search(probe, &probe.service().endpoint("User"), filter)
}

/// The languages that the application speaks: those that the profile lists, in lower case.
fn languages(probe: &Probe) -> Vec<String> {
    let profile = probe.service().profile.clone();
    let behaviours = profile.iter().flat_map(|profile| &profile.behaviours);
    let mut lists = behaviours.filter_map(|behaviour| match behaviour {
        Behaviour::Language { at, known } if at == "locale" => Some(known.clone()),
        _ => None,
    });
    lists.next().unwrap_or_default()
}

/// Language tags that the application knows, each with what it keeps of it: without and with a script.
fn locales(probe: &Probe) -> Result<Vec<(String, String)>, Stop> {
    let known = languages(probe);
    let one = |wanted: &str| known.iter().find(|known| *known == wanted).or(known.first());
    let none = || Stop::NotSupported("a language that is known".to_owned());
    let (plain, written) = (one("en").ok_or_else(none)?, one("zh").ok_or_else(none)?);
    Ok(vec![
        (format!("{plain}-US"), plain.clone()),
        (format!("{plain}_US"), plain.clone()),
        (format!("{written}-Hant-TW"), format!("{written}-Hant")),
    ])
}
