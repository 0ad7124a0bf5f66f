use engine::{Attribute, Readings, Rules, parse_object};
use profiles::{READINGS, TypeRules, standard};
use protocol::urn;
use serde_json::{Value, json};

use super::values::{country_code, date, day_of_year, language};
use super::{compile, readings};

#[test]
fn every_reading_of_a_profile_is_one_of_the_engine() {
    for (point, known) in READINGS {
        for reading in *known {
            assert!(readings::take(&mut Readings::default(), point, reading), "{point} {reading}");
        }
    }
}

#[test]
fn the_first_reading_is_the_default() {
    let mut readings = Readings::default();
    for (point, known) in READINGS {
        readings::take(&mut readings, point, known[0]);
    }
    assert_eq!(readings, Readings::default());
}

#[test]
fn every_profile_can_be_played() {
    for name in profiles::names() {
        compile(&profiles::find(name).unwrap()).unwrap();
    }
}

/// A file that names one is refused when it is read; a profile can be made without a file.
#[test]
fn an_attribute_that_there_is_not_is_named() {
    let mut profile = profiles::find("rfc").unwrap();
    let rules = TypeRules { honours: Some(vec!["userNam".to_owned()]), ..TypeRules::default() };
    profile.types.insert("User".to_owned(), rules);
    let error = compile(&profile).unwrap_err();
    assert!(error.to_string().starts_with("profile rfc: userNam names no attribute of User"), "{error}");
    let rules =
        TypeRules { properties: [("Title".to_owned(), "job".to_owned())].into(), ..TypeRules::default() };
    profile.types.insert("User".to_owned(), rules);
    let error = compile(&profile).unwrap_err();
    assert!(error.to_string().starts_with("profile rfc: Title names no attribute of User"), "{error}");
}

/// What profiles can name is what there is, and all of it.
#[test]
fn profiles_know_the_attributes_of_the_standard() {
    fn names(attributes: &[Attribute]) -> Vec<(&str, Vec<&str>)> {
        attributes
            .iter()
            .map(|attribute| {
                let parts = attribute.sub_attributes.iter().map(|part| part.name.as_str());
                (attribute.name.as_str(), parts.collect())
            })
            .collect()
    }
    let rules = Rules::rfc().unwrap();
    let schema = |uri: &str| names(&rules.schema(uri).unwrap().attributes);
    for (there, known) in [
        (names(&rules.common), standard::COMMON),
        (schema(urn::USER), standard::USER),
        (schema(urn::GROUP), standard::GROUP),
        (schema(urn::ENTERPRISE_USER), standard::ENTERPRISE_USER),
    ] {
        let known: Vec<(&str, Vec<&str>)> =
            known.iter().map(|(name, parts)| (*name, parts.to_vec())).collect();
        assert_eq!(there, known);
    }
}

#[test]
fn countries_are_found_by_name_and_by_code() {
    for text in ["United States", "USA", "us", "united states of america", "United States of America"] {
        assert_eq!(country_code(text), Some("US"), "{text}");
    }
    for (text, code) in [
        ("Norway", "NO"),
        ("germany", "DE"),
        ("DEU", "DE"),
        ("United Kingdom", "GB"),
        ("Viet Nam", "VN"),
        ("Vietnam", "VN"),
        ("South Korea", "KR"),
        ("Czech Republic", "CZ"),
        ("Czechia", "CZ"),
        ("Russia", "RU"),
        ("Netherlands", "NL"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Bolivia", "BO"),
        ("Taiwan", "TW"),
    ] {
        assert_eq!(country_code(text), Some(code), "{text}");
    }
    for (text, code) in [
        ("Samoa", "WS"),
        ("American Samoa", "AS"),
        ("UK", "GB"),
        ("Côte d'Ivoire", "CI"),
        ("Réunion", "RE"),
        ("Curaçao", "CW"),
        ("Åland Islands", "AX"),
        ("Bosnia & Herzegovina", "BA"),
        ("Korea, Republic of", "KR"),
        ("Bolivia (Plurinational State of)", "BO"),
    ] {
        assert_eq!(country_code(text), Some(code), "{text}");
    }
    assert_eq!(country_code("Atlantis"), None);
    assert_eq!(country_code(""), None);
}

#[test]
fn languages_lose_their_region_and_keep_their_script() {
    let known = ["en".to_owned(), "zh".to_owned()];
    for (text, tag) in
        [("en-US", "en"), ("en_US", "en"), ("EN", "en"), ("zh-Hant-TW", "zh-Hant"), ("zh-hans", "zh-Hans")]
    {
        assert_eq!(language(text, &known).as_deref(), Some(tag), "{text}");
    }
    assert_eq!(language("tlh", &known), None);
}

#[test]
fn dates_and_instants_become_dates() {
    assert_eq!(date("2026-02-28").as_deref(), Some("2026-02-28"));
    assert_eq!(date("2026-02-28T23:59:59Z").as_deref(), Some("2026-02-28"));
    for text in [
        "2026-02-30",
        "28.02.2026",
        "2026-2-8",
        "2026-02-28T25:00:00Z",
        "2026-02-28T10:00:00+02:00",
        "20260228",
        "äöü-äö-äö",
    ] {
        assert_eq!(date(text), None, "{text}");
    }
}

#[test]
fn days_of_the_year_have_no_year() {
    for text in ["1988-02-29", "1988-02-29T23:59:59Z", "--02-29"] {
        assert_eq!(day_of_year(text).as_deref(), Some("--02-29"), "{text}");
    }
    for text in ["1987-02-29", "--02-30", "02-29", "--2-29", "29.02.1988", "---02-29", "1988", ""] {
        assert_eq!(day_of_year(text), None, "{text}");
    }
}

/// What is not kept cannot be found out either: neither the directory nor the application's memory has the year.
#[test]
fn a_birthday_is_kept_without_its_year() {
    let (rules, _) = compile(&profiles::find("bonusly").unwrap()).unwrap();
    let user = rules.resource_type_at("/Users").unwrap();
    let parsed = |body: Value| parse_object(body.to_string().as_bytes(), &rules.limits).unwrap();
    let born = |sent: &str| {
        let body =
            json!({ "schemas": [USER, EXTENSION], "userName": "mara", EXTENSION: { "dateOfBirth": sent } });
        rules.accept(user, parsed(body), None)
    };
    let kept = born("1988-02-29").unwrap().body;
    assert_eq!(kept[EXTENSION]["dateOfBirth"], "--02-29");
    assert!(!Value::Object(kept.clone()).to_string().contains("1988"));

    let refused = born("29.2.1988").unwrap_err().detail;
    assert!(refused.contains("is a date") && !refused.contains("1988"), "{refused}");
    assert!(born("--02-29").is_err(), "the form that is kept is not one to send");
}

fn accepted(profile: &str, body: Value) -> Result<Value, String> {
    let (rules, _) = compile(&profiles::find(profile).unwrap()).unwrap();
    let user = rules.resource_type_at("/Users").unwrap();
    let body = parse_object(body.to_string().as_bytes(), &rules.limits).unwrap();
    rules.accept(user, body, None).map(|draft| Value::Object(draft.body)).map_err(|reject| reject.detail)
}

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:bonusly:2.0:User";

#[test]
fn what_an_application_has_no_place_for_is_left_out() {
    let body = json!({
        "schemas": [USER, EXTENSION, "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        "userName": "mara@example.com", "displayName": "Mara", "active": "True", "locale": "de-CH",
        "emails": [{ "value": "Mara@example.com", "type": "work" }, { "value": "m@home.example", "type": "home" }],
        "addresses": [{ "type": "work", "country": "Norway", "locality": "Bergen" }],
        EXTENSION: { "department": "Lab", "cost_center": "7", "hiredOn": "2026-01-02T03:04:05Z" },
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "X" },
    });
    assert_eq!(
        accepted("bonusly", body).unwrap(),
        json!({
            "schemas": [USER, EXTENSION],
            "userName": "mara@example.com", "locale": "de", "active": true,
            "emails": [{ "value": "Mara@example.com", "type": "work" }],
            "addresses": [{ "country": "NO", "type": "work" }],
            EXTENSION: { "department": "Lab", "hiredOn": "2026-01-02", "userMode": "normal" },
        })
    );
}

#[test]
fn what_does_not_fit_the_application_is_refused() {
    let refused = |attribute: &str, value: Value| {
        let mut body = json!({ "schemas": [USER], "userName": "mara@example.com", "externalId": "o-1" });
        body[attribute] = value;
        accepted("bonusly", body).unwrap_err()
    };
    assert!(
        refused("emails", json!([{ "value": "m@x.example", "type": "work" }]))
            .contains("has to equal userName")
    );
    assert!(
        refused("addresses", json!([{ "country": "Atlantis", "type": "work" }])).contains("names no country")
    );
    assert!(refused("active", json!("yes")).contains("is a Boolean"));
    assert!(
        refused(EXTENSION, json!({ "userMode": "Ghost" })).contains("is none of normal, receiver, ghost")
    );
    assert!(refused(EXTENSION, json!({ "hiredOn": "soon" })).contains("is a date"));
    assert!(refused(EXTENSION, json!({ "managerEmail": "O-1" })).contains("names the user himself"));
}
