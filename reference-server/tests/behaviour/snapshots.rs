//! Canonical answers in full. Ids and times are the same each time: the seed and the clock are given.

use serde_json::json;

use crate::support::{Client, ENTERPRISE, USER, but, group, user};

#[test]
fn service_provider_config() {
    insta::assert_json_snapshot!(Client::new().get("/ServiceProviderConfig").body);
}

#[test]
fn resource_types() {
    insta::assert_json_snapshot!(Client::new().get("/ResourceTypes").body);
}

#[test]
fn schemas() {
    insta::assert_json_snapshot!(Client::new().get("/Schemas").body);
}

#[test]
fn a_user_in_a_group_and_the_group() {
    let client = Client::new();
    let more = json!({
        "externalId": "7",
        "name": { "familyName": "Lovelace", "givenName": "Ada" },
        "active": true,
        "password": "never to be seen",
        "emails": [{ "value": "ada@example.com", "type": "work", "primary": true }],
        "schemas": [USER, ENTERPRISE],
        ENTERPRISE: { "department": "Engines" },
    });
    let ada = client.post("/Users", &but(user("ada"), more)).id();
    let engineers = client.post("/Groups", &group("engineers", &[&ada])).id();
    let user = client.get(&format!("/Users/{ada}")).body;
    let group = client.get(&format!("/Groups/{engineers}")).body;
    insta::assert_json_snapshot!(json!({ "user": user, "group": group }));
}

#[test]
fn a_list_of_one() {
    let client = Client::new();
    client.user("ada");
    insta::assert_json_snapshot!(client.get("/Users?attributes=userName&count=1").body);
}

#[test]
fn errors() {
    let client = Client::new();
    client.user("ada");
    let errors = [
        client.get("/Users/none").body,
        client.post("/Users", &user("ada")).body,
        client.post("/Users", &json!({ "schemas": [USER] })).body,
        client.with("GET", "/Users", &[("authorization", "")], b"").body,
        client.with("PATCH", "/Users/none", &[], b"{}").body,
        client.get("/Users?filter=userName%20like%20%22a%22").body,
        client.get("/Me").body,
    ];
    insta::assert_json_snapshot!(errors);
}

#[test]
fn a_search_and_a_patch() {
    let client = Client::new();
    let ada = client.post("/Users", &but(user("ada"), json!({ "title": "Countess" }))).id();
    client.post("/Groups", &group("engineers", &[&ada]));
    let operations = json!([
        { "op": "replace", "path": "name.givenName", "value": "Ada" },
        { "op": "add", "path": "emails[type eq \"work\"].value", "value": "ada@example.com" },
        { "op": "remove", "path": "title" },
    ]);
    let body = crate::patch::message(&operations).to_string();
    let patched = client.with("PATCH", &format!("/Users/{ada}"), &[], body.as_bytes()).body;
    let search = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": "userName pr or displayName pr",
        "attributes": ["userName", "displayName", "members.value"],
        "sortBy": "displayName",
    });
    let found = client.post("/.search", &search).body;
    insta::assert_json_snapshot!(json!({ "patched": patched, "found": found }));
}
