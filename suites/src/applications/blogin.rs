//! What BlogIn keeps of users.

use harness::expect::{equals, error_body, no_member_named, pointer_that, success, unset};
use harness::{
    Check, Expectation, Outcome, Probe, Procedure, Stop, Template, capability, minimal_user, sound,
};
use serde_json::{Value, json};

use crate::applications::shown;
use crate::list::paging::cover;
use crate::requirements::blogin as rules;

pub(super) const CHECKS: &[Check] = &[
    ACTIVE.check("blogin.keeps-active", "active is kept as a Boolean"),
    TITLE.check("blogin.keeps-the-title", "the title is kept"),
    NAMES.check("blogin.keeps-the-names", "given, family and formatted name are kept"),
    EMAIL.check("blogin.keeps-the-work-email", "the work e-mail is kept"),
    PHONE.check("blogin.keeps-the-work-phone", "the work phone number is kept"),
    Check::active("blogin.takes-a-password", &takes_a_password)
        .title("a create with a password succeeds")
        .verifies(&[rules::G_02])
        .needs(&[capability::CREATE_USER]),
    Check::active("blogin.hides-the-password", &hides_the_password)
        .title("a password is shown neither by the create nor by a read")
        .verifies(&[rules::G_02])
        .needs(&[capability::CREATE_USER]),
    Check::active("blogin.users-have-no-external-id", &users_have_no_external_id)
        .title("a user who was sent with an externalId shows none")
        .verifies(&[rules::G_07])
        .needs(&[capability::CREATE_USER]),
    Check::active("blogin.users-can-be-paged-through", &users_can_be_paged_through)
        .title("pages joined by startIndex hold every user, and none twice")
        .verifies(&[rules::G_06])
        .needs(&[capability::CREATE_USER, capability::LIST_USERS])
        .alone(),
];
const _: () = sound(CHECKS);

const PHONE_NUMBER: &str = "+1-201-555-0123";

/// Somebody with all that users have here.
pub(super) fn person(probe: &Probe) -> Result<Value, Stop> {
    probe.given(minimal_user())?;
    let mut body = probe.fill(&minimal_user());
    let name = body.get("userName").and_then(Value::as_str).unwrap_or_default().to_owned();
    let all = json!({
        "active": true,
        "title": format!("Engineer {name}"),
        "name": { "givenName": "Ada", "familyName": "Holm", "formatted": "Ada Holm" },
        "emails": [{ "value": probe.service().address(&name), "type": "work" }],
        "phoneNumbers": [{ "value": PHONE_NUMBER, "type": "work" }],
    });
    if let (Some(body), Value::Object(all)) = (body.as_object_mut(), all) {
        body.extend(all);
    }
    Ok(body)
}

/// Something that a create sends and a read shows.
struct Kept {
    sent: fn(&mut Value),
    then: fn(&Value) -> Vec<Expectation>,
}

static ACTIVE: Kept = Kept {
    sent: |user| *user.pointer_mut("/active").unwrap_or(&mut Value::Null) = Value::Bool(false),
    then: |_| vec![equals("/active", false)],
};
static TITLE: Kept = Kept { sent: |_| {}, then: |sent| vec![as_sent(sent, "/title")] };
static NAMES: Kept = Kept {
    sent: |_| {},
    then: |sent| {
        ["/name/givenName", "/name/familyName", "/name/formatted"]
            .map(|pointer| as_sent(sent, pointer))
            .into()
    },
};
static EMAIL: Kept = Kept {
    sent: |_| {},
    then: |sent| {
        let wanted = sent.pointer("/emails/0/value").and_then(Value::as_str).unwrap_or_default().to_owned();
        vec![of_work("/emails", wanted, str::to_owned)]
    },
};
static PHONE: Kept = Kept {
    sent: |_| {},
    // A server may write the number in the form of RFC 3966; its digits are the same.
    then: |_| vec![of_work("/phoneNumbers", digits(PHONE_NUMBER), digits)],
};

fn as_sent(sent: &Value, pointer: &str) -> Expectation {
    equals(pointer, sent.pointer(pointer).cloned().unwrap_or_default())
}

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

fn of_work(pointer: &str, wanted: String, form: fn(&str) -> String) -> Expectation {
    pointer_that(pointer, format!("{wanted} of the type work"), move |values| {
        let mut values = values.as_array().into_iter().flatten();
        values.any(|value| {
            let found = value.get("value").and_then(Value::as_str).map(form);
            value.get("type") == Some(&json!("work")) && found.as_deref() == Some(&wanted)
        })
    })
}

impl Kept {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(&[rules::G_02]).needs(&[capability::CREATE_USER])
    }
}

impl Procedure for Kept {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let mut sent = person(probe)?;
        (self.sent)(&mut sent);
        let endpoint = probe.service().endpoint("User");
        let created = probe.post(&endpoint, &sent)?;
        created.expect(success())?;
        let read = shown(probe, &probe.service().place_of("User", &created)?)?;
        (self.then)(&sent).into_iter().try_for_each(|expectation| read.expect(expectation))
    }
}

fn takes_a_password(probe: &mut Probe) -> Outcome {
    probe.given(minimal_user())?;
    let body = probe.fill(&minimal_user().with("password", probe.password()));
    let endpoint = probe.service().endpoint("User");
    let created = probe.post(&endpoint, &body)?;
    created.expect(success())?;
    let read = shown(probe, &probe.service().place_of("User", &created)?)?;
    read.expect(equals("/userName", body.get("userName").cloned().unwrap_or_default()))
}

fn hides_the_password(probe: &mut Probe) -> Outcome {
    probe.given(minimal_user())?;
    let body = probe.fill(&minimal_user().with("password", probe.password()));
    let endpoint = probe.service().endpoint("User");
    let created = probe.post(&endpoint, &body)?;
    if created.status() == 400 {
        return Err(Stop::NotSupported("a password on create".to_owned()));
    }
    created.require(success())?;
    created.expect(no_member_named("password"))?;
    shown(probe, &probe.service().place_of("User", &created)?)?.expect(no_member_named("password"))
}

fn users_have_no_external_id(probe: &mut Probe) -> Outcome {
    sends_external_id(probe, "User", minimal_user)
}

/// An externalId is ignored; whoever refuses it does not have it either.
pub(super) fn sends_external_id(probe: &Probe, resource: &str, minimal: fn() -> Template) -> Outcome {
    probe.given(minimal())?;
    let endpoint = probe.service().endpoint(resource);
    let created = probe.post(&endpoint, &probe.fill(&minimal().with("externalId", "4711")))?;
    if created.status() == 400 {
        created.expect(error_body())?;
        created.note("a resource with an externalId is refused");
        return Ok(());
    }
    created.require(success())?;
    created.expect(unset("/externalId"))?;
    shown(probe, &probe.service().place_of(resource, &created)?)?.expect(unset("/externalId"))
}

fn users_can_be_paged_through(probe: &mut Probe) -> Outcome {
    let created = probe.given_all(vec![minimal_user(); 3])?;
    let ids: Vec<String> = created.into_iter().map(|user| user.id).collect();
    cover(probe, &probe.service().endpoint("User"), &ids).map(drop)
}
