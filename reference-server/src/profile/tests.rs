use engine::{Attribute, Readings, Rules, parse_object};
use profiles::{Behaviour, Otherwise, Profile, READINGS, TypeRules};
use protocol::{standard, urn};
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

#[test]
fn a_default_is_a_value_of_its_attribute() {
    for (at, value, fits) in [
        ("active", json!(false), true),
        ("active", json!("yes"), false),
        ("active", Value::Null, false),
        ("name.formatted", json!("nobody"), true),
        ("emails", json!("nobody"), false),
    ] {
        let mut profile = profiles::find("rfc").unwrap();
        profile.behaviours = vec![Behaviour::Default { at: at.to_owned(), value: value.clone() }];
        let message = compile(&profile).err().map(|error| error.to_string()).unwrap_or_default();
        let wanted = format!("profile rfc: {at} cannot hold its default");
        assert_eq!(message.starts_with(&wanted), !fits, "{at} {value}: {message}");
    }
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
        ("Republic of Ireland", "IE"),
        ("Ireland, Republic of", "IE"),
        ("Kosovo", "XK"),
        ("xk", "XK"),
        ("U.K.", "GB"),
        ("U.S. Virgin Islands", "VI"),
        ("St. Kitts & Nevis", "KN"),
        // Which of the two it is stands in the brackets.
        ("Congo", "CG"),
        ("Congo (DRC)", "CD"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Korea (the Democratic People's Republic of)", "KP"),
        ("Virgin Islands (British)", "VG"),
    ] {
        assert_eq!(country_code(text), Some(code), "{text}");
    }
    for line in include_str!("countries.tsv").lines().skip(1) {
        let (name, code) = line.split_once('\t').unwrap();
        assert_eq!((country_code(name), country_code(code)), (Some(code), Some(code)), "{line}");
    }
    assert_eq!(country_code("name"), None, "the head of the table is no country");
    assert_eq!(country_code("Atlantis"), None);
    for odd in ["DE\u{0}", "\u{7}DE", "Ger\u{1}many"] {
        assert_eq!(country_code(odd), None, "{odd:?}");
    }
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
    accepted_by(&profiles::find(profile).unwrap(), body)
}

fn accepted_by(profile: &Profile, body: Value) -> Result<Value, String> {
    let (rules, _) = compile(profile).unwrap();
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

#[test]
fn a_country_that_is_ignored_leaves_no_empty_address() {
    let mut profile = profiles::find("bonusly").unwrap();
    for behaviour in &mut profile.behaviours {
        if let Behaviour::CountryCode { otherwise, .. } = behaviour {
            *otherwise = Otherwise::Ignored;
        }
    }
    let with = |addresses: Value| json!({ "schemas": [USER], "userName": "mara", "addresses": addresses });
    let lost = accepted_by(&profile, with(json!([{ "type": "work", "country": "Atlantis" }]))).unwrap();
    assert_eq!(lost.get("addresses"), None);
    let both = json!([{ "type": "work", "country": "Atlantis" }, { "type": "work", "country": "Norway" }]);
    let kept = accepted_by(&profile, with(both)).unwrap();
    assert_eq!(kept["addresses"], json!([{ "type": "work", "country": "NO" }]));
}

#[test]
fn what_is_left_out_has_its_default() {
    let active = |body: Value| accepted("bonusly", body).unwrap()["active"].clone();
    assert_eq!(active(json!({ "schemas": [USER], "userName": "mara" })), json!(true));
    assert_eq!(active(json!({ "schemas": [USER], "userName": "mara", "active": null })), json!(true));
    assert_eq!(active(json!({ "schemas": [USER], "userName": "mara", "active": false })), json!(false));
}

#[test]
fn what_is_required_is_not_empty() {
    let refused = |names: Value, emails: Value| {
        let body = json!({ "schemas": [USER], "userName": "mara", "name": names, "emails": emails });
        accepted("promapp", body).err().unwrap_or_default()
    };
    let (names, emails) =
        (json!({ "givenName": "Mara", "familyName": "Holm" }), json!([{ "value": "m@example.com" }]));
    assert_eq!(refused(names.clone(), emails.clone()), "");
    let nameless = refused(json!({ "givenName": "Mara", "familyName": " " }), emails);
    assert!(nameless.contains("name.familyName is required"), "{nameless}");
    for emails in [json!([{ "type": "work" }]), json!([{ "value": "" }])] {
        let message = refused(names.clone(), emails);
        assert!(message.contains("emails.value is required"), "{message}");
    }
}

#[test]
fn a_replace_leaves_what_it_may_not_change() {
    let (rules, _) = compile(&profiles::find("promapp").unwrap()).unwrap();
    let user = rules.resource_type_at("/Users").unwrap();
    let object = |value: Value| value.as_object().cloned().unwrap();
    let current = object(json!({
        "schemas": [USER], "userName": "mara", "externalId": "o-1", "active": true, "timezone": "Europe/Oslo",
    }));
    let sent = object(json!({ "schemas": [USER], "USERNAME": "mia", "Active": false, "externalid": "o-2" }));
    let meant = rules.replacement(user, sent, &current).unwrap();
    assert_eq!(
        Value::Object(meant),
        json!({ "schemas": [USER], "USERNAME": "mia", "externalId": "o-1", "active": true })
    );
}
