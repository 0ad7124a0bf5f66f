//! The rules where a user is found: what a search shows of somebody is what a read shows.

use harness::expect::{equals, lists_exactly, success};
use harness::{Check, Outcome, Probe, Procedure, capability, minimal_user, sound};
use record::ReqId;
use serde_json::{Value, json};

use super::settled::{self, Settled};
use super::{FINDS, address, find, replace};
use crate::requirements::bonusly as rules;

pub(super) const CHECKS: &[Check] = &[
    NAMES.check("bonusly.found-users-show-their-names", "a search shows the names", &[rules::B_13]),
    COUNTRY.check("bonusly.found-country-is-a-code", "a search shows the country as a code", &[rules::B_15]),
    LOCALE.check(
        "bonusly.found-locale-has-no-region",
        "a search shows locale without a region",
        &[rules::B_17],
    ),
    HIRED_ON.check("bonusly.found-hired-on-is-a-date", "a search shows hiredOn as a date", &[rules::B_27]),
    USER_MODE.check("bonusly.found-users-show-their-mode", "a search shows the userMode", &[rules::B_29]),
    Check::active(
        "bonusly.inactive-users-are-found-by-external-id",
        &inactive_users_are_found_by_external_id,
    )
    .title("a user who is switched off is found by externalId, with active false")
    .verifies(&[rules::B_40])
    .needs(&[capability::CREATE_USER, capability::FILTER_USER, capability::MODIFY_USER]),
];
const _: () = sound(CHECKS);

/// What a search shows of something that a create sent.
struct Found(Settled);

static NAMES: Found = Found(settled::names);
static COUNTRY: Found = Found(settled::country);
static LOCALE: Found = Found(settled::locale);
static HIRED_ON: Found = Found(settled::hired_on);
static USER_MODE: Found = Found(settled::user_mode);

impl Found {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str, rule: &'static [ReqId]) -> Check {
        Check::active(id, self).title(title).verifies(rule).needs(FINDS)
    }
}

impl Procedure for Found {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let (sent, wanted) = (self.0)(probe)?;
        let template = sent.into_iter().fold(minimal_user(), |user, (name, value)| user.with(name, value));
        let user = probe.given(template.within_rules())?;
        let name = user.sent.get("userName").and_then(Value::as_str).unwrap_or_default();
        let found = find(probe, &format!("userName eq \"{name}\""))?;
        found.require(lists_exactly(std::slice::from_ref(&user.id)))?;
        wanted
            .into_iter()
            .try_for_each(|(pointer, value)| found.expect(equals(&format!("/Resources/0{pointer}"), value)))
    }
}

fn inactive_users_are_found_by_external_id(probe: &mut Probe) -> Outcome {
    let link = format!("Object-{}", address(probe));
    let user = probe.given(minimal_user().with("externalId", link.clone()).with("active", true))?;
    let filter = format!("externalId eq {}", json!(link));
    find(probe, &filter)?.require(lists_exactly(std::slice::from_ref(&user.id)))?;
    replace(probe, user.path(), "active", false)?.require(success())?;
    let found = find(probe, &filter)?;
    found.expect(lists_exactly(std::slice::from_ref(&user.id)))?;
    found.expect(equals("/Resources/0/active", false))
}
