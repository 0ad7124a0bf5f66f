//! A resource with a value of every writable attribute that the target publishes, however it is written: whoever keeps
//! the attributes that everybody looks at may still lose one of the others.

use harness::expect::{holds, success};
use harness::{
    Check, Given, Outcome, Probe, Procedure, Reply, Stop, Template, capability, minimal_group, minimal_user,
    sound,
};
use protocol::urn;
use record::{At, ReqId};
use serde_json::{Value, json};

use crate::loss;
use crate::patch::{PATCHES, patch};
use crate::places;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    PUT.check("replace.stores-what-was-sent", "PUT stores every published attribute that it is given")
        .needs(&[capability::CREATE_USER, capability::READ_USER, capability::REPLACE_USER]),
    PATCH
        .check(
            "patch.stores-what-was-sent",
            "replace without path stores every published attribute that its value names",
        )
        .needs(PATCHES),
    PUT_GROUP
        .check("groups.replace-stores-what-was-sent", "PUT on a group stores its displayName and externalId")
        .needs(&[capability::CREATE_GROUP, capability::READ_GROUP, capability::REPLACE_GROUP]),
];
const _: () = sound(CHECKS);

/// Attributes and their values.
pub(crate) type Set = Vec<(&'static str, Value)>;

/// Which of two values an attribute has.
#[derive(Clone, Copy)]
pub(crate) enum Turn {
    First,
    Second,
}

impl Turn {
    fn of(self, first: &str, second: &str) -> String {
        match self {
            Self::First => first.to_owned(),
            Self::Second => second.to_owned(),
        }
    }
}

/// What nobody else's values hold.
pub(crate) fn tag(probe: &Probe) -> String {
    let body = probe.fill(&minimal_user());
    let name = body.get("userName").and_then(Value::as_str).unwrap_or_default();
    name.split('@').next().unwrap_or(name).to_owned()
}

/// Every attribute of a user that a client writes as it likes. What roles, entitlements and certificates there are is the
/// server's to say, and so is how somebody is displayed in a list of values.
pub(crate) fn user(probe: &Probe, tag: &str, turn: Turn) -> Set {
    let at = |first: &str, second: &str| turn.of(first, second);
    let one = |value: String, kind: String| json!([{ "value": value, "type": kind, "primary": true }]);
    // Some targets keep the addresses of work alone.
    let work = || "work".to_owned();
    let name = json!({
        "givenName": at("Ada", "Grace"),
        "familyName": at("Lovelace", "Hopper"),
        "middleName": at("Augusta", "Brewster"),
        "honorificPrefix": at("Lady", "Admiral"),
        "honorificSuffix": at("I", "II"),
    });
    let address = json!([{
        "streetAddress": at("1 Engine Row", "2 Loom Lane"),
        "locality": at("London", "Paris"),
        "region": at("Middlesex", "Seine"),
        "postalCode": at("W1J 0AA", "75001"),
        "country": at("GB", "FR"),
        "type": work(),
    }]);
    let mut set = vec![
        ("externalId", json!(format!("{tag}-{}", at("one", "two")))),
        ("displayName", json!(at("Ada Lovelace", "Grace Hopper"))),
        ("nickName", json!(at("Ada", "Grace"))),
        ("title", json!(at("Analyst", "Admiral"))),
        ("userType", json!(at("Employee", "Contractor"))),
        ("active", json!(true)),
        ("name", name),
        ("profileUrl", json!(format!("https://example.com/{}", at("ada", "grace")))),
        ("preferredLanguage", json!(at("en-GB", "fr-FR"))),
        ("locale", json!(at("en-GB", "fr-FR"))),
        ("timezone", json!(at("Europe/London", "Europe/Paris"))),
        ("emails", one(probe.service().address(&format!("{}-{tag}", at("one", "two"))), work())),
        ("phoneNumbers", one(at("+44-20-5555-0101", "+33-1-5555-0199"), work())),
        ("ims", one(at("ada.example", "grace.example"), at("xmpp", "skype"))),
        ("photos", one(format!("https://example.com/{}.png", at("ada", "grace")), at("photo", "thumbnail"))),
        ("addresses", address),
    ];
    if probe.service().capabilities.contains(&capability::ENTERPRISE_USER) {
        let work = json!({
            "employeeNumber": format!("{tag}-{}", at("1", "2")),
            "costCenter": at("7", "8"),
            "organization": at("Engines", "Looms"),
            "division": at("North", "South"),
            "department": at("Cogs", "Cards"),
        });
        set.push((urn::ENTERPRISE_USER, work));
    }
    loss::writable(&probe.service().published, set)
}

/// A template with the attributes of a set.
pub(crate) fn template(base: Template, set: Set) -> Template {
    set.into_iter().fold(base, |template, (name, value)| template.with(name, value))
}

fn group(_: &Probe, tag: &str, turn: Turn) -> Set {
    let mut set = vec![("externalId", json!(format!("{tag}-{}", turn.of("one", "two"))))];
    // Its first name is the one that every group is given.
    if matches!(turn, Turn::Second) {
        set.push(("displayName", json!(format!("{tag} renamed"))));
    }
    set
}

/// A way to write a whole resource anew.
struct Way {
    base: fn() -> Template,
    set: fn(&Probe, &str, Turn) -> Set,
    write: fn(&Probe, &Given, &Set) -> Result<Reply, Stop>,
    under: &'static [ReqId],
}

const PUT: &Way =
    &Way { base: minimal_user, set: user, write: put, under: &[rfc7644::PUT_REPLACES_WRITABLE_VALUES] };
const PATCH: &Way = &Way {
    base: minimal_user,
    set: user,
    write: |probe, given, set| {
        patch(probe, given.path(), &json!([{ "op": "replace", "value": loss::members(set) }]))
    },
    under: &[rfc7644::PATHLESS_REPLACE_LISTS_ATTRIBUTES],
};
const PUT_GROUP: &Way =
    &Way { base: minimal_group, set: group, write: put, under: &[rfc7644::PUT_REPLACES_WRITABLE_VALUES] };

fn put(probe: &Probe, given: &Given, set: &Set) -> Result<Reply, Stop> {
    let mut body = given.sent.clone();
    if let Some(body) = body.as_object_mut() {
        body.extend(loss::members(set));
        let uris = body.keys().filter(|name| name.starts_with("urn:")).map(|uri| json!(uri));
        let uris: Vec<Value> = uris.collect();
        if let Some(Value::Array(schemas)) = body.get_mut("schemas") {
            schemas.extend(uris.into_iter().filter(|uri| !schemas.contains(uri)).collect::<Vec<_>>());
        }
    }
    probe.put(given.path(), &body)
}

impl Way {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under)
    }
}

impl Procedure for Way {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let tag = tag(probe);
        let set = |turn| (self.set)(probe, &tag, turn);
        let whole = probe.given(template((self.base)(), set(Turn::First)));
        let given = match whole {
            Err(Stop::Blocked(_)) => probe.given(template((self.base)(), loss::plain(set(Turn::First))))?,
            other => other?,
        };
        // What a create drops is no fault of what is written next.
        let before = probe.get(given.path())?;
        before.require(success())?;
        let mut sent = loss::kept(set(Turn::Second), &given.sent, before.at(""));
        let mut reply = (self.write)(probe, &given, &sent)?;
        if !reply.succeeded() {
            reply.note(&format!("everything that is published is refused with {}", reply.status()));
            sent = loss::plain(sent);
            reply = (self.write)(probe, &given, &sent)?;
        }
        if !reply.succeeded() {
            return Err(Stop::NotSupported("a write of several attributes at once".to_owned()));
        }
        let stored = probe.get(given.path())?;
        stored.require(success())?;
        let lost = places::unless(loss::lost(&sent, stored.at("")));
        stored.expect(holds("every attribute as it was sent", At::Body, lost))
    }
}
