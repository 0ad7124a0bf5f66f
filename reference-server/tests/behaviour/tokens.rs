//! What opens the SCIM endpoints, and what no longer does.

use serde_json::{Value, json};

use crate::office::{Office, employee};
use crate::support::{OTHER_TOKEN, Seen, TOKEN};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

fn make(office: &Office, name: &str, owner: &Value) -> Seen {
    office.admin("POST", "/tokens", Some(&json!({ "name": name, "owner": owner })))
}

fn made(office: &Office, name: &str) -> (String, String) {
    let seen = make(office, name, &json!({}));
    assert_eq!(seen.status, 201, "{}", seen.body);
    (seen.id(), text(&seen.body))
}

fn text(token: &Value) -> String {
    token["token"].as_str().unwrap().to_owned()
}

/// What a list of users answers to a token: status and detail.
fn opened(office: &Office, token: &str) -> (u16, String) {
    let seen = office.send("GET", &format!("{}/Users", office.service.base_path()), token, None);
    if seen.status == 401 {
        assert_eq!(seen.header("www-authenticate"), Some("Bearer realm=\"scim\""));
    }
    let detail = seen.body["detail"].as_str().unwrap_or_default().to_owned();
    (seen.status, detail)
}

#[test]
fn tokens_are_named_shown_once_and_revocable() {
    let office = Office::of("bonusly");
    let (first, first_text) = made(&office, "for the pilot");
    let (_, second_text) = made(&office, "for everybody");
    assert_ne!(first_text, second_text);
    assert_eq!((opened(&office, &first_text).0, opened(&office, &second_text).0), (200, 200));

    let list = office.sees("/tokens");
    let names: Vec<&str> =
        list["tokens"].as_array().unwrap().iter().map(|token| token["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["given at the start", "for the pilot", "for everybody"]);
    for secret in [&first_text, &second_text, TOKEN, OTHER_TOKEN] {
        assert!(!list.to_string().contains(secret), "{list}");
    }

    for _ in 0..2 {
        assert_eq!(office.admin("DELETE", &format!("/tokens/{first}"), None).status, 204);
    }
    let (status, detail) = opened(&office, &first_text);
    assert!(status == 401 && detail.contains("was revoked"), "{status} {detail}");
    assert_eq!(opened(&office, &second_text).0, 200);
    assert_eq!(office.sees("/tokens")["tokens"][1]["state"], "revoked");
}

#[test]
fn a_rotation_loses_nothing() {
    let office = Office::of("bonusly");
    let (old, old_text) = made(&office, "old");
    let users = format!("{}/Users", office.service.base_path());
    let ada = office.send("POST", &users, &old_text, Some(&employee("ada"))).id();
    assert_eq!(office.admin("DELETE", &format!("/tokens/{old}"), None).status, 204);
    // A cycle in the gap.
    assert_eq!(office.send("POST", &users, &old_text, Some(&employee("bob"))).status, 401);
    let (_, new_text) = made(&office, "new");
    assert_eq!(office.send("GET", &format!("{users}/{ada}"), &new_text, None).status, 200);
    assert_eq!(office.send("POST", &users, &new_text, Some(&employee("bob"))).status, 201);
    assert_eq!(office.send("GET", &users, &new_text, None).body["totalResults"], 2);
}

#[test]
fn a_token_whose_owner_is_no_administrator_opens_nothing() {
    let office = Office::of("bonusly");
    let seen = make(&office, "borrowed", &json!({ "name": "mara", "administrator": false }));
    assert_eq!((seen.status, &seen.body["state"]), (201, &json!("owner-is-no-administrator")));
    let (status, detail) = opened(&office, &text(&seen.body));
    assert!(status == 401 && detail.contains("owner of the token is no administrator"), "{status} {detail}");
    let seen = make(&office, "proper", &json!({ "name": "mara", "administrator": true }));
    assert_eq!(opened(&office, &text(&seen.body)).0, 200);
}

#[test]
fn a_token_that_may_read_changes_nothing() {
    let office = Office::of("bonusly");
    let made = office.admin("POST", "/tokens", Some(&json!({ "name": "for a report", "read_only": true })));
    assert_eq!((made.status, &made.body["read_only"]), (201, &json!(true)));
    let token = text(&made.body);
    let id = office.hires(&crate::support::user("ada"));
    let (users, ada) = (format!("{}/Users", office.service.base_path()), format!("/Users/{id}"));
    let of = |path: &str| format!("{}{path}", office.service.base_path());
    let before = office.scim("GET", &ada, None).body;
    let body = employee("bob");
    for (method, path) in
        [("POST", users.clone()), ("PUT", of(&ada)), ("PATCH", of(&ada)), ("DELETE", of(&ada))]
    {
        let seen = office.send(method, &path, &token, Some(&body));
        assert_eq!(seen.error(), (403, ""), "{method} {path}");
    }
    assert_eq!(office.scim("GET", &ada, None).body, before);
    let search = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"] });
    for (method, path, body) in [
        ("GET", users.clone(), None),
        ("GET", of(&ada), None),
        ("GET", of("/Schemas"), None),
        ("POST", of("/Users/.search"), Some(&search)),
    ] {
        assert_eq!(office.send(method, &path, &token, body).status, 200, "{method} {path}");
    }
    assert_eq!(office.scim("GET", "/Users", None).body["totalResults"], 1);
}

#[test]
fn a_token_ends_when_it_was_said_to() {
    let office = Office::of("bonusly");
    let make = |expires: &Value| {
        office.admin("POST", "/tokens", Some(&json!({ "name": "for an hour", "expires": expires })))
    };
    for odd in [json!("soon"), json!(7), json!("2001-01-01T00:00:00Z")] {
        let refused = make(&odd);
        assert_eq!(refused.status, 400, "{odd}");
        assert!(refused.body["detail"].as_str().unwrap().starts_with("expires is "), "{}", refused.body);
    }
    let expires = json!("2026-01-02T04:04:05.006Z");
    let seen = make(&expires);
    assert_eq!((seen.status, &seen.body["expires"]), (201, &expires));
    let token = text(&seen.body);
    let hour_ms = 60 * 60 * 1_000;
    office.later(hour_ms - 1);
    assert_eq!(opened(&office, &token).0, 200);
    office.later(hour_ms);
    let (status, detail) = opened(&office, &token);
    assert!(status == 401 && detail.contains("has expired"), "{status} {detail}");
}

#[test]
fn each_owner_has_one_token_that_lives_a_year() {
    let office = Office::of("promapp");
    let mara = json!({ "name": "mara" });
    let seen = make(&office, "directory", &mara);
    assert_eq!((seen.status, &seen.body["scope"]), (201, &json!("Scim")));
    assert_eq!(seen.body["expires"], "2027-01-02T03:04:05.006Z");
    let token = text(&seen.body);
    assert!(!office.sees("/tokens").to_string().contains(&token));
    let second = make(&office, "directory", &mara);
    assert_eq!(second.status, 409);
    assert!(second.body["detail"].as_str().unwrap().contains("has a valid token already"));
    assert_eq!(make(&office, "directory", &json!({ "name": "noor" })).status, 201);

    office.later(365 * DAY_MS - 1);
    assert_eq!(opened(&office, &token).0, 200);
    office.later(365 * DAY_MS);
    let (status, detail) = opened(&office, &token);
    assert!(status == 401 && detail.contains("has expired"), "{status} {detail}");
    let next = make(&office, "directory", &mara);
    assert_eq!(next.status, 201);
    assert_eq!(opened(&office, &text(&next.body)).0, 200);
    assert_eq!(office.admin("DELETE", &format!("/tokens/{}", next.id()), None).status, 204);
    assert_eq!(opened(&office, &text(&next.body)).0, 401);
    assert_eq!(make(&office, "directory", &mara).status, 201);
}

#[test]
fn the_first_switch_makes_the_token_and_later_ones_do_not() {
    let office = Office::built("blogin", |builder| builder);
    let foreseen = office.service.token().expose().to_owned();
    let settings = office.sees("/settings");
    assert_eq!(settings, json!({ "provisioning": false, "url": "http://localhost/scim" }));
    assert_eq!(office.sees("/tokens"), json!({ "tokens": [] }));
    assert_eq!(opened(&office, &foreseen).0, 401);
    assert_eq!(make(&office, "by hand", &json!({})).status, 409);

    assert_eq!(office.settings(&json!({ "provisioning": true }))["provisioning"], true);
    let tokens = office.sees("/tokens");
    assert_eq!(text(&tokens["tokens"][0]), foreseen);
    assert_eq!(office.settings(&json!({ "provisioning": true }))["provisioning"], true);
    // The same token, and still readable.
    assert_eq!(office.sees("/tokens"), tokens);

    let user = json!({ "schemas": [crate::support::USER], "userName": "ada" });
    let created = office.send("POST", "/scim/Users", &foreseen, Some(&user));
    assert_eq!(created.status, 201, "{}", created.body);
    office.settings(&json!({ "provisioning": false }));
    let ada = format!("/scim/Users/{}", created.id());
    for (method, path) in [
        ("GET", "/scim/Users"),
        ("POST", "/scim/Users"),
        ("GET", &ada),
        ("PATCH", &ada),
        ("PUT", &ada),
        ("DELETE", &ada),
        ("GET", "/scim/Groups"),
        ("GET", "/scim/ServiceProviderConfig"),
        ("GET", "/scim/Schemas"),
        ("GET", "/scim/ResourceTypes"),
        ("POST", "/scim/Users/.search"),
    ] {
        let seen = office.send(method, path, &foreseen, Some(&user));
        assert_eq!(seen.error(), (403, ""), "{method} {path}");
    }
    office.settings(&json!({ "provisioning": true }));
    assert_eq!(office.sees("/tokens"), tokens);
    assert_eq!(office.send("GET", &ada, &foreseen, None).body, created.body);
}

#[test]
fn a_plan_without_provisioning_is_403_and_keeps_the_users() {
    let office = Office::of("bonusly");
    let id = office.hires(&crate::support::user("ada"));
    let ada = format!("/Users/{id}");
    let before = office.scim("GET", &ada, None).body;
    office.settings(&json!({ "provisioning": false }));
    for (method, path) in [("GET", "/Users"), ("GET", &ada), ("DELETE", &ada), ("GET", "/Schemas")] {
        assert_eq!(office.scim(method, path, None).error(), (403, ""), "{method} {path}");
    }
    office.settings(&json!({ "provisioning": true }));
    assert_eq!(office.scim("GET", &ada, None).body, before);
}

#[test]
fn a_switch_makes_another_token_where_none_is_valid() {
    let office = Office::built("blogin", |builder| builder);
    office.settings(&json!({ "provisioning": true }));
    let first = office.sees("/tokens")["tokens"][0].clone();
    let id = first["id"].as_str().unwrap();
    assert_eq!(office.admin("DELETE", &format!("/tokens/{id}"), None).status, 204);
    office.settings(&json!({ "provisioning": true }));
    let second = office.sees("/tokens")["tokens"][1].clone();
    assert_ne!(text(&first), text(&second));
    assert_eq!((opened(&office, &text(&first)).0, opened(&office, &text(&second)).0), (401, 200));
}

#[test]
fn one_tenants_administrators_have_no_power_over_another() {
    let office = Office::of("bonusly");
    let users = format!("{}/Users", office.service.base_path());
    let stranger = office.send("POST", &users, OTHER_TOKEN, Some(&employee("ada"))).id();
    assert_eq!(office.admin("GET", &format!("/users/{stranger}"), None).status, 404);
    assert_eq!(office.sees("/outbox")["mails"], json!([]));
    assert_eq!(office.sees("/tokens")["tokens"].as_array().unwrap().len(), 1);
    // The other tenant's token is the second.
    assert_eq!(office.admin("DELETE", "/tokens/2", None).status, 404);
    office.settings(&json!({ "provisioning": false }));
    assert_eq!((opened(&office, TOKEN).0, opened(&office, OTHER_TOKEN).0), (403, 200));
}
