use serde_json::json;

use crate::support::{Client, ENTERPRISE, USER, but, user};

#[test]
fn a_create_answers_with_the_resource_and_its_address() {
    let client = Client::new();
    let seen = client.user("ada");
    let location = format!("http://scim.example.com/scim/v2/Users/{}", seen.id());
    assert_eq!(seen.header("location"), Some(location.as_str()));
    assert_eq!(seen.body["meta"]["location"], location);
    assert_eq!(seen.header("etag"), seen.body["meta"]["version"].as_str());
    assert_eq!(seen.body["meta"]["created"], "2026-01-02T03:04:05.006Z");
    assert_eq!(seen.body["meta"]["created"], seen.body["meta"]["lastModified"]);
    assert_eq!(client.get(&format!("/Users/{}", seen.id())).body, seen.body);
}

#[test]
fn what_the_client_may_not_choose_is_ignored() {
    let client = Client::new();
    let forged = json!({
        "id": "mine",
        "meta": { "resourceType": "Robot", "location": "http://evil.example" },
        "groups": [{ "value": "admins" }],
        "shoeSize": 43,
    });
    let seen = client.post("/Users", &but(user("ada"), forged));
    assert_eq!(seen.status, 201);
    assert_ne!(seen.id(), "mine");
    assert_eq!(seen.body["meta"]["resourceType"], "User");
    assert!(seen.body.get("groups").is_none() && seen.body.get("shoeSize").is_none());
}

#[test]
fn names_match_in_any_letter_case_and_come_back_in_their_own() {
    let client = Client::new();
    let body = json!({
        "SCHEMAS": [USER.to_uppercase()],
        "username": "ada",
        "NAME": { "GIVENNAME": "Ada" },
        ENTERPRISE.to_lowercase(): { "DEPARTMENT": "Engines" },
    });
    let seen = client.post("/Users", &body);
    assert_eq!(seen.status, 201, "{}", seen.body);
    assert_eq!(seen.body["userName"], "ada");
    assert_eq!(seen.body["name"], json!({ "givenName": "Ada" }));
    assert_eq!(seen.body[ENTERPRISE], json!({ "department": "Engines" }));
    assert_eq!(seen.body["schemas"], json!([USER, ENTERPRISE]));
}

#[test]
fn an_extension_without_data_is_not_named() {
    let client = Client::new();
    let body =
        but(user("ada"), json!({ "schemas": [USER, ENTERPRISE, USER], ENTERPRISE: { "manager": null } }));
    assert_eq!(client.post("/Users", &body).body["schemas"], json!([USER]));
}

#[test]
fn null_and_empty_arrays_are_absent() {
    let client = Client::new();
    let seen = client.post("/Users", &but(user("ada"), json!({ "title": null, "emails": [], "name": {} })));
    let shown = seen.body.as_object().unwrap();
    assert!(["title", "emails", "name"].iter().all(|name| !shown.contains_key(*name)), "{}", seen.body);
}

#[test]
fn a_taken_name_is_refused_in_any_letter_case_and_for_each_tenant_alone() {
    let client = Client::new();
    client.user("Ada");
    assert_eq!(client.post("/Users", &user("ADA")).error(), (409, "uniqueness"));
    assert_eq!(client.post("/Users", &user("ÄDA")).status, 201);
    assert_eq!(client.post("/Users", &user("äda")).error(), (409, "uniqueness"));
    let other = [("authorization", concat!("bearer ", "token-of-the-second-tenant"))];
    assert_eq!(client.with("POST", "/Users", &other, user("ada").to_string().as_bytes()).status, 201);
    assert_eq!(client.with("GET", "/Users", &other, b"").body["totalResults"], 1);
}

#[test]
fn bodies_that_do_not_fit_are_refused_with_the_attribute_named() {
    let client = Client::new();
    let cases = [
        (json!({ "schemas": null }), "invalidSyntax", "schemas"),
        (json!({ "schemas": [] }), "invalidSyntax", "schemas"),
        (json!({ "schemas": [ENTERPRISE] }), "invalidSyntax", "schemas"),
        (json!({ "schemas": [USER, "urn:example:robot"] }), "invalidValue", "schemas"),
        (json!({ "userName": null }), "invalidValue", "userName"),
        (json!({ "userName": " " }), "invalidValue", "userName"),
        (json!({ "userName": 5 }), "invalidValue", "userName"),
        (json!({ "USERNAME": "twice" }), "invalidSyntax", "userName"),
        (json!({ "active": "true" }), "invalidValue", "active"),
        (json!({ "name": "Ada" }), "invalidValue", "name"),
        (json!({ "name": { "givenName": ["Ada"] } }), "invalidValue", "name.givenName"),
        (json!({ "emails": { "value": "a@example.com" } }), "invalidValue", "emails"),
        (json!({ "emails": ["a@example.com"] }), "invalidValue", "emails"),
        (
            json!({ "emails": [{ "value": "a", "primary": true }, { "value": "b", "primary": true }] }),
            "invalidValue",
            "emails",
        ),
        (
            json!({ "x509Certificates": [{ "value": "not base64!" }] }),
            "invalidValue",
            "x509Certificates.value",
        ),
        (json!({ "profileUrl": "not a uri with blanks" }), "invalidValue", "profileUrl"),
        (json!({ "profileUrl": "http://[bad" }), "invalidValue", "profileUrl"),
        (json!({ "photos": [{ "value": "no uri at all" }] }), "invalidValue", "photos.value"),
        (json!({ "photos": [{ "value": "https://example.com/100%" }] }), "invalidValue", "photos.value"),
        (
            json!({ ENTERPRISE: { "manager": { "value": "x", "$ref": "../Users/a b" } } }),
            "invalidValue",
            "manager.$ref",
        ),
        (json!({ ENTERPRISE: [] }), "invalidValue", ENTERPRISE),
        (json!({ ENTERPRISE: { "manager": "ada" } }), "invalidValue", "manager"),
    ];
    for (change, scim_type, attribute) in cases {
        let seen = client.post("/Users", &but(user("ada"), change.clone()));
        assert_eq!(seen.error(), (400, scim_type), "{change}");
        assert!(seen.body["detail"].as_str().unwrap().contains(attribute), "{change}: {}", seen.body);
    }
    assert_eq!(client.get("/Users").body["totalResults"], 0);
}

#[test]
fn references_are_absolute_or_relative() {
    let client = Client::new();
    let addresses = [
        "https://example.com/ada?size=1#top",
        "urn:example:ada",
        "../Users/1",
        "/ada.png",
        "http://[::1]:8080/a%20b",
    ];
    for (number, address) in addresses.into_iter().enumerate() {
        let sent = but(user(&format!("ada-{number}")), json!({ "profileUrl": address }));
        let seen = client.post("/Users", &sent);
        assert_eq!((seen.status, &seen.body["profileUrl"]), (201, &json!(address)));
    }
}

#[test]
fn a_password_is_shown_nowhere() {
    let client = Client::new();
    let seen = client.post("/Users", &but(user("ada"), json!({ "password": "hunter2-hunter2" })));
    let path = format!("/Users/{}", seen.id());
    let everywhere = [
        seen.body,
        client.get(&path).body,
        client.get(&format!("{path}?attributes=password")).body,
        client.get("/Users?attributes=password,userName").body,
        client.post("/Users", &but(user("ada"), json!({ "password": "hunter2-hunter2" }))).body,
        client.post("/Users", &but(user("bob"), json!({ "password": ["hunter2-hunter2"] }))).body,
    ];
    for body in everywhere {
        let text = body.to_string();
        assert!(!text.contains("hunter2") && !text.contains("\"password\""), "{text}");
    }
}

#[test]
fn a_pair_of_type_and_value_is_kept_once() {
    let client = Client::new();
    let emails = json!([
        { "value": "a@example.com", "type": "work" },
        { "value": "a@example.com", "type": "work", "primary": true },
        { "value": "a@example.com", "type": "home" },
    ]);
    let seen = client.post("/Users", &but(user("ada"), json!({ "emails": emails })));
    let kept = json!([emails[1], emails[2]]);
    assert_eq!(seen.body["emails"], kept);
}

#[test]
fn a_refused_projection_stores_nothing() {
    let client = Client::new();
    let seen = client.post("/Users?attributes=userName&excludedAttributes=name", &user("ada"));
    assert_eq!(seen.error(), (400, "invalidValue"));
    assert_eq!(client.get("/Users").body["totalResults"], 0);
}
