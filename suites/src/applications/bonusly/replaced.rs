//! The rules where a user is replaced: a PUT is held to them as a create and a PATCH are.

use harness::expect::{equals, same_as, success};
use harness::{Capability, Check, Given, Outcome, Probe, Procedure, capability, minimal_user, sound};
use protocol::urn;
use record::ReqId;
use serde_json::{Value, json};

use super::left_out::expect_none_of_it;
use super::settled::{self, Settled};
use super::{address, refused, with_work_email};
use crate::applications::{replace, shown};
use crate::kept;
use crate::requirements::bonusly as rules;

pub(super) const CHECKS: &[Check] = &[
    NAMES.check("bonusly.put-keeps-names", "a PUT sets given and family name", &[rules::B_13]),
    COUNTRY.check(
        "bonusly.put-country-becomes-a-code",
        "a country that a PUT sets becomes a code of two letters",
        &[rules::B_15],
    ),
    LOCALE.check(
        "bonusly.put-locale-loses-its-region",
        "a locale that a PUT sets loses its region",
        &[rules::B_17],
    ),
    HIRED_ON.check("bonusly.put-hired-on-becomes-a-date", "hiredOn in a PUT becomes a date", &[rules::B_27]),
    USER_MODE.check("bonusly.put-sets-the-user-mode", "a PUT sets the userMode", &[rules::B_29]),
    Check::active("bonusly.put-of-another-email-is-refused", &put_of_another_email_is_refused)
        .title("a PUT whose work e-mail is not the userName is refused and changes nothing")
        .verifies(&[rules::B_14])
        .needs(REPLACES),
    Check::active("bonusly.put-ignores-what-has-no-place", &put_ignores_what_has_no_place)
        .title("a PUT takes attributes that have no place, does the rest, and does not echo them")
        .verifies(&[rules::B_30])
        .needs(REPLACES),
];
const _: () = sound(CHECKS);

const REPLACES: &[Capability] = &[capability::CREATE_USER, capability::REPLACE_USER];

/// A PUT that sets something.
struct Put(Settled);

static NAMES: Put = Put(settled::names);
static COUNTRY: Put = Put(settled::country);
static LOCALE: Put = Put(settled::locale);
static HIRED_ON: Put = Put(settled::hired_on);
static USER_MODE: Put = Put(settled::user_mode);

impl Put {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str, rule: &'static [ReqId]) -> Check {
        Check::active(id, self).title(title).verifies(rule).needs(REPLACES)
    }
}

/// What was sent of somebody, with other values.
fn with(user: &Given, others: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let mut body = user.sent.clone();
    for (name, value) in others {
        if let Some(schemas) = body.get_mut("schemas").and_then(Value::as_array_mut)
            && name.starts_with("urn:")
            && !schemas.contains(&json!(name))
        {
            schemas.push(json!(name));
        }
        body = kept::edited(&body, json!({ name: value }));
    }
    body
}

impl Procedure for Put {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let (sent, wanted) = (self.0)(probe)?;
        let user = probe.given(minimal_user())?;
        replace(probe, &user, &with(&user, sent))?.expect(success())?;
        let read = shown(probe, user.path())?;
        wanted.into_iter().try_for_each(|(pointer, value)| read.expect(equals(&pointer, value)))
    }
}

fn put_of_another_email_is_refused(probe: &mut Probe) -> Outcome {
    let user = probe.given(with_work_email(&address(probe)))?;
    // The same with the work e-mail that it has is taken.
    probe.put(user.path(), &with(&user, [("title", json!("Analyst"))]))?.require(success())?;
    let before = shown(probe, user.path())?;
    let emails = json!([{ "type": "work", "value": address(probe) }]);
    refused(&probe.put(user.path(), &with(&user, [("emails", emails)]))?)?;
    shown(probe, user.path())?.expect(same_as(before.json()?, "before the refusal"))
}

fn put_ignores_what_has_no_place(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let others = [
        ("displayName", json!("Ada Lovelace")),
        ("preferredLanguage", json!("en-GB")),
        ("phoneNumbers", json!([{ "type": "work", "value": "+4755500000" }])),
        ("roles", json!([{ "value": "analyst" }])),
        (urn::ENTERPRISE_USER, json!({ "department": "Research" })),
        ("title", json!("Analyst")),
    ];
    let reply = replace(probe, &user, &with(&user, others))?;
    reply.expect(success())?;
    if reply.status() == 200 {
        expect_none_of_it(&reply)?;
    }
    let read = shown(probe, user.path())?;
    expect_none_of_it(&read)?;
    read.expect(equals("/title", "Analyst"))
}
