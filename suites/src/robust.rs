//! Values and requests at the edge of what clients send: a server may refuse them, and what it takes it has to keep.

use client::Request;
use harness::expect::{Miss, equals, holds, pointer_that, status_among, success};
use harness::{
    Capability, Check, Given, Outcome, Probe, Procedure, Reply, Stop, Template, capability, minimal_user,
    sound,
};
use record::At;
use serde_json::{Value, json};

use crate::kept::{self, Plain};
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    LONG.check("robustness.long-values-survive", "a text of 300 characters is kept to the last, or refused"),
    MARKUP
        .check("robustness.markup-survives", "quotes, backslashes and markup in a text are kept as they are"),
    Check::active("robustness.many-values-survive", &many_values_survive)
        .title("each of 30 e-mail addresses is kept, or all are refused")
        .verifies(&[rfc7644::CREATE_HONOURS_MUTABILITY])
        .needs(&[capability::CREATE_USER, capability::READ_USER]),
    Check::active("races.replaces-are-whole", &replaces_are_whole)
        .title("of PUTs on one user at the same time one is stored, and no mixture of several")
        .verifies(&[rfc7644::PUT_REPLACES_WRITABLE_VALUES])
        .needs(REPLACES),
    Check::active("races.one-version-admits-one", &one_version_admits_one)
        .title("of PUTs with the same If-Match at the same time no more than one is taken")
        .verifies(&[rfc7644::FAILED_PRECONDITION_IS_412])
        .needs(&[
            capability::CREATE_USER,
            capability::READ_USER,
            capability::REPLACE_USER,
            capability::VERSION_USER,
        ]),
];
const _: () = sound(CHECKS);

const REPLACES: &[Capability] = &[capability::CREATE_USER, capability::READ_USER, capability::REPLACE_USER];
/// How many requests are under way at the same time.
const AT_ONCE: usize = 4;

/// A text that is kept whole, if it is taken.
struct Odd(fn() -> String);

const LONG: &Odd = &Odd(|| "0123456789".repeat(30));
const MARKUP: &Odd = &Odd(|| r#"<b>"Ada" & 'Grace'</b> \ %41 &amp; {{7*7}} -- ;"#.to_owned());

impl Odd {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self)
            .title(title)
            .verifies(&[rfc7644::CREATE_HONOURS_MUTABILITY])
            .needs(&[capability::CREATE_USER, capability::READ_USER])
    }
}

/// What a read shows of somebody created in an odd way; nothing where that was refused, as it may be.
fn created(probe: &Probe, odd: &Template) -> Result<Option<Reply>, Stop> {
    let endpoint = probe.service().endpoint("User");
    let reply = probe.post(&endpoint, &probe.fill(odd))?;
    if !reply.succeeded() {
        reply.expect(status_among(&[400, 403, 413, 422]))?;
        reply.note(&format!("the value is refused with {}", reply.status()));
        return Ok(None);
    }
    let stored = probe.get(&probe.service().place_of("User", &reply)?)?;
    stored.require(success())?;
    Ok(Some(stored))
}

impl Procedure for Odd {
    fn run(&self, probe: &mut Probe) -> Outcome {
        // The same attribute with a text like any other is taken.
        let (_, plain) = kept::with_text(probe, minimal_user())?;
        let text = (self.0)();
        match created(probe, &plain.of(minimal_user(), &text))? {
            Some(stored) => stored.expect(equals(&plain.pointer(), text)),
            None => Ok(()),
        }
    }
}

fn many_values_survive(probe: &mut Probe) -> Outcome {
    kept::writable(probe, &["emails.value", "emails.type"])?;
    let tag = crate::rich::tag(probe);
    let email = |number: usize| json!({ "value": format!("{number}-{tag}@{{domain}}"), "type": "other" });
    probe.given(minimal_user().with("emails", json!([email(0)])))?.keeps(&["emails"])?;
    let many = minimal_user().with("emails", (1..=30).map(email).collect::<Value>());
    let Some(stored) = created(probe, &many)? else { return Ok(()) };
    stored.expect(pointer_that("/emails", "all 30 addresses", |emails| {
        emails.as_array().is_some_and(|emails| emails.len() >= 30)
    }))
}

/// Whether an address is written with the name: who has one may have no text beside the name.
fn writes_address(probe: &Probe, user: &Given) -> bool {
    user.sent.get("emails").is_some() && kept::writable(probe, &["emails.value", "emails.type"]).is_ok()
}

/// The address that goes with a text.
fn address(probe: &Probe, user: &Given, text: &str) -> String {
    probe.service().address(&format!("{}-{}", user.name, text.replace(' ', "-"))).to_lowercase()
}

/// PUTs of several texts at the same time, each of which gives all the same; and who comes out of it.
fn put_together(probe: &Probe, user: &Given, plain: Plain, tag: Option<&str>) -> Result<Vec<Reply>, Stop> {
    let addressed = writes_address(probe, user);
    let put = |number: usize| {
        let text = format!("Writer {number}");
        let name = json!({ "givenName": text, "familyName": text });
        let mut body = plain.within(&kept::edited(&user.sent, json!({ "name": name })), text.clone());
        if addressed {
            let emails = json!([{ "value": address(probe, user, &text), "type": "work" }]);
            body = kept::edited(&body, json!({ "emails": emails }));
        }
        let put = Request::put(user.path()).json(&body);
        match tag {
            Some(tag) => put.header("if-match", tag),
            None => put,
        }
    };
    probe.together((0..AT_ONCE).map(put).collect())
}

fn replaces_are_whole(probe: &mut Probe) -> Outcome {
    kept::writable(probe, &["name.givenName", "name.familyName"])?;
    let name = json!({ "givenName": "Before", "familyName": "Before" });
    let (user, plain) = kept::with_text(probe, minimal_user().with("name", name))?;
    let addressed = writes_address(probe, &user);
    let told: &[&str] = if addressed { &["name", "emails"] } else { &["name"] };
    let user = user.keeps(told)?;
    probe.put(user.path(), &user.sent)?.require(success())?;
    let replies = put_together(probe, &user, plain, None)?;
    if !replies.iter().any(Reply::succeeded) {
        return replies.first().map_or(Ok(()), |reply| reply.require(success()));
    }
    let stored = probe.get(user.path())?;
    stored.require(success())?;
    let text = |pointer: &str| stored.at(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let own = plain.pointer();
    let places = [own.as_str(), "/name/givenName", "/name/familyName"];
    let seen = places.map(text);
    let shown = text("/emails/0/value");
    let same = seen.windows(2).all(|two| two.first() == two.last());
    let goes = !addressed || seen.iter().any(|text| shown.eq_ignore_ascii_case(&address(probe, &user, text)));
    let places = places.into_iter().chain(addressed.then_some("/emails/0/value")).map(str::to_owned);
    let told = format!("{} {shown}", seen.join(", "));
    let outcome = if same && goes { Ok(()) } else { Err(Miss::places(places, told.trim_end())) };
    stored.expect(holds("the texts of one writer", At::Body, outcome))
}

fn one_version_admits_one(probe: &mut Probe) -> Outcome {
    kept::writable(probe, &["name.givenName", "name.familyName"])?;
    let (user, plain) = kept::with_text(probe, minimal_user())?;
    let current = |probe: &Probe| -> Result<String, Stop> {
        let shown = probe.get(user.path())?;
        shown.require(success())?;
        Ok(shown.header("etag").unwrap_or_default().to_owned())
    };
    let first = current(probe)?;
    let alone = probe.send(Request::put(user.path()).json(&user.sent).header("if-match", &first))?;
    if alone.status() == 412 {
        return Err(Stop::NotSupported("an If-Match that the current tag meets".to_owned()));
    }
    alone.require(success())?;
    let replies = put_together(probe, &user, plain, Some(&current(probe)?))?;
    let taken = replies.iter().filter(|reply| reply.succeeded()).count();
    let outcome = if taken <= 1 { Ok(()) } else { Err(format!("{taken} of {AT_ONCE}")) };
    match replies.iter().rev().find(|reply| reply.succeeded()).or(replies.first()) {
        Some(reply) => reply.expect(holds("at most one of them taken", At::Status, outcome)),
        None => Ok(()),
    }
}
