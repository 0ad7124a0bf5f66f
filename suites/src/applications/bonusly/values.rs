//! Values of core attributes that the application decides on: the work e-mail, the country, the language.

use harness::expect::{equals, pointer_that, same_as, scim_type, success, unset};
use harness::{Check, Expectation, Outcome, Probe, Stop, minimal_user, sound};
use protocol::ScimType;
use serde_json::{Value, json};

use super::{
    CREATES, MODIFIES, address, create, languages, locales, named, refused, replace, stored, with_work_email,
};
use crate::applications::{modify, shown};
use crate::requirements::bonusly as rules;

pub(super) const CHECKS: &[Check] = &[
    Check::active("bonusly.work-email-is-the-user-name", &work_email_is_the_user_name)
        .title("a create whose work e-mail is not the userName is refused, and told which two differ")
        .verifies(&[rules::B_14])
        .needs(CREATES),
    Check::active("bonusly.work-email-in-any-case", &work_email_in_any_case)
        .title("the work e-mail may differ from the userName in letter case")
        .verifies(&[rules::B_14])
        .needs(CREATES),
    Check::active("bonusly.rename-alone-is-refused", &rename_alone_is_refused)
        .title("a PATCH that parts userName and work e-mail is refused and changes nothing")
        .verifies(&[rules::B_14])
        .needs(MODIFIES),
    Check::active("bonusly.rename-of-both-is-taken", &rename_of_both_is_taken)
        .title("a PATCH that changes userName and work e-mail is judged by what it ends in")
        .verifies(&[rules::B_14])
        .needs(MODIFIES),
    Check::active("bonusly.work-email-may-be-missing", &work_email_may_be_missing)
        .title("the work e-mail can be taken away")
        .verifies(&[rules::B_14])
        .needs(MODIFIES),
    Check::active("bonusly.country-becomes-a-code", &country_becomes_a_code)
        .title("the country of the work address becomes a code of two letters")
        .verifies(&[rules::B_15])
        .needs(CREATES),
    Check::active("bonusly.patched-country-becomes-a-code", &patched_country_becomes_a_code)
        .title("a country that a PATCH sets becomes a code of two letters")
        .verifies(&[rules::B_15])
        .needs(MODIFIES),
    Check::active("bonusly.no-country-is-not-kept", &no_country_is_not_kept)
        .title("text that names no country is refused or ignored")
        .verifies(&[rules::B_15])
        .needs(CREATES),
    Check::active("bonusly.address-is-a-country", &address_is_a_country)
        .title("of an address, the country alone is kept")
        .verifies(&[rules::B_15])
        .needs(CREATES),
    Check::active("bonusly.locale-loses-its-region", &locale_loses_its_region)
        .title("locale keeps language and script, and loses the region")
        .verifies(&[rules::B_17])
        .needs(CREATES),
    Check::active("bonusly.unknown-language-is-ignored", &unknown_language_is_ignored)
        .title("a language that the application does not speak changes nothing")
        .verifies(&[rules::B_17])
        .needs(MODIFIES),
];
const _: () = sound(CHECKS);

pub(super) const WORK_EMAIL: &str = r#"emails[type eq "work"].value"#;
const COUNTRY: &str = r#"addresses[type eq "work"].country"#;

/// The work value of an attribute has this text in a part of it.
fn work(attribute: &str, part: &'static str, wanted: &str) -> Expectation {
    let words = format!("a work value whose {part} is {wanted:?}");
    let wanted = json!(wanted);
    pointer_that(&format!("/{attribute}"), words, move |values| {
        let mut values = values.as_array().into_iter().flatten();
        values.any(|value| value.get("type") == Some(&json!("work")) && value.get(part) == Some(&wanted))
    })
}

fn at_work(part: &str, value: &str) -> Value {
    json!([{ "type": "work", part: value }])
}

fn work_email_is_the_user_name(probe: &mut Probe) -> Outcome {
    let email = at_work("value", &address(probe));
    let reply = create(probe, minimal_user().with("userName", address(probe)).with("emails", email))?;
    refused(&reply)?;
    reply.expect(pointer_that("/detail", "a sentence that names emails and userName", |detail| {
        detail.as_str().is_some_and(|detail| detail.contains("email") && detail.contains("userName"))
    }))
}

fn work_email_in_any_case(probe: &mut Probe) -> Outcome {
    let name = address(probe);
    let email = name.to_uppercase();
    let template = minimal_user().with("userName", name).with("emails", at_work("value", &email));
    stored(probe, template)?.expect(work("emails", "value", &email))
}

fn renaming(paths: [&str; 2], name: &str) -> Value {
    paths.map(|path| json!({ "op": "replace", "path": path, "value": name })).to_vec().into()
}

fn rename_alone_is_refused(probe: &mut Probe) -> Outcome {
    let both = probe.given(with_work_email(&address(probe)))?;
    modify(probe, both.path(), renaming(["userName", WORK_EMAIL], &address(probe)))?.require(success())?;
    let user = probe.given(with_work_email(&address(probe)))?;
    let before = shown(probe, user.path())?;
    for (path, value) in [("userName", address(probe)), (WORK_EMAIL, address(probe))] {
        refused(&replace(probe, user.path(), path, value)?)?;
        shown(probe, user.path())?.expect(same_as(before.json()?, "before the refusal"))?;
    }
    Ok(())
}

fn rename_of_both_is_taken(probe: &mut Probe) -> Outcome {
    for order in [["userName", WORK_EMAIL], [WORK_EMAIL, "userName"]] {
        let user = probe.given(with_work_email(&address(probe)))?;
        let new = address(probe);
        modify(probe, user.path(), renaming(order, &new))?.expect(success())?;
        let read = shown(probe, user.path())?;
        read.expect(named(&new))?;
        read.expect(work("emails", "value", &new))?;
    }
    Ok(())
}

fn work_email_may_be_missing(probe: &mut Probe) -> Outcome {
    let user = probe.given(with_work_email(&address(probe)))?;
    let operation = json!([{ "op": "remove", "path": r#"emails[type eq "work"]"# }]);
    modify(probe, user.path(), operation)?.expect(success())?;
    shown(probe, user.path())?.expect(unset("/emails"))
}

fn country_becomes_a_code(probe: &mut Probe) -> Outcome {
    for country in ["United States", "USA", "us"] {
        let template = minimal_user().with("addresses", at_work("country", country));
        stored(probe, template)?.expect(work("addresses", "country", "US"))?;
    }
    Ok(())
}

fn patched_country_becomes_a_code(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    for (country, code) in [("Norway", "NO"), ("deu", "DE")] {
        replace(probe, user.path(), COUNTRY, country)?.expect(success())?;
        shown(probe, user.path())?.expect(work("addresses", "country", code))?;
    }
    Ok(())
}

fn no_country_is_not_kept(probe: &mut Probe) -> Outcome {
    let template = minimal_user().with("addresses", at_work("country", "Atlantis"));
    let reply = create(probe, template.clone())?;
    if reply.status() == 400 {
        reply.note("text that names no country is refused");
        return reply.expect(scim_type(ScimType::InvalidValue));
    }
    stored(probe, template)?.expect(unset("/addresses"))
}

fn address_is_a_country(probe: &mut Probe) -> Outcome {
    const OTHERS: [&str; 5] = ["streetAddress", "locality", "region", "postalCode", "formatted"];
    let mut address = json!({ "type": "work", "country": "NO" });
    for part in OTHERS {
        if let Some(address) = address.as_object_mut() {
            address.insert(part.to_owned(), json!("Bergen"));
        }
    }
    let read = stored(probe, minimal_user().with("addresses", json!([address])))?;
    read.expect(work("addresses", "country", "NO"))?;
    read.expect(pointer_that("/addresses", "no part but the country", |addresses| {
        let mut addresses = addresses.as_array().into_iter().flatten();
        addresses.all(|address| OTHERS.iter().all(|part| address.get(part).is_none()))
    }))
}

fn locale_loses_its_region(probe: &mut Probe) -> Outcome {
    for (locale, kept) in locales(probe)? {
        stored(probe, minimal_user().with("locale", locale))?.expect(equals("/locale", kept))?;
    }
    Ok(())
}

fn unknown_language_is_ignored(probe: &mut Probe) -> Outcome {
    // Hardly anybody speaks these at work.
    let known = languages(probe);
    let unknown = ["tlh", "vo", "eo", "la"].into_iter().find(|tag| !known.iter().any(|known| known == tag));
    let unknown = unknown.ok_or_else(|| Stop::NotSupported("a language that is not known".to_owned()))?;
    let (sent, kept) = locales(probe)?.swap_remove(0);
    stored(probe, minimal_user().with("locale", unknown))?.expect(unset("/locale"))?;
    let user = probe.given(minimal_user().with("locale", sent).within_rules())?;
    replace(probe, user.path(), "locale", unknown)?.expect(success())?;
    shown(probe, user.path())?.expect(equals("/locale", kept))
}
