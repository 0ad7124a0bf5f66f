//! PATCH over the wire, RFC 7644 §3.5.2.

use serde_json::{Value, json};

use crate::support::{Client, ENTERPRISE, Seen, USER, but, group, user};

pub(crate) fn message(operations: &Value) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations })
}

fn patch(client: &Client, path: &str, operations: &Value) -> Seen {
    client.with("PATCH", path, &[], message(operations).to_string().as_bytes())
}

fn members(body: &Value) -> Vec<&str> {
    body["members"].as_array().into_iter().flatten().map(|member| member["value"].as_str().unwrap()).collect()
}

#[test]
fn a_patch_answers_with_what_a_read_shows() {
    let client = Client::new();
    let ada = client.user("ada");
    let path = format!("/Users/{}", ada.id());
    let seen = patch(
        &client,
        &path,
        &json!([
            { "op": "Add", "path": "emails[type eq \"work\"].value", "value": "a@x" },
            { "op": "replace", "value": { "id": ada.id(), "name.givenName": "Ada", "password": "hidden" } },
            { "op": "add", "path": format!("{ENTERPRISE}:department"), "value": "R&D" },
        ]),
    );
    assert_eq!(seen.status, 200, "{}", seen.body);
    assert_eq!(seen.body["schemas"], json!([USER, ENTERPRISE]));
    assert_eq!(seen.body["emails"], json!([{ "value": "a@x", "type": "work" }]));
    assert!(!seen.body.to_string().contains("hidden"));
    assert_ne!(seen.header("etag"), ada.header("etag"));
    let read = client.get(&path);
    assert_eq!((&read.body, read.header("etag")), (&seen.body, seen.header("etag")));
    let named = patch(
        &client,
        &format!("{path}?attributes=title"),
        &json!([{ "op": "add", "path": "title", "value": "t" }]),
    );
    assert_eq!((named.status, &named.body["title"], named.body.get("userName")), (200, &json!("t"), None));
}

#[test]
fn what_changes_nothing_keeps_version_and_time() {
    let client = Client::new();
    let ada = client.post("/Users", &but(user("ada"), json!({ "title": "t" })));
    let path = format!("/Users/{}", ada.id());
    let seen = patch(&client, &path, &json!([{ "op": "add", "path": "title", "value": "t" }]));
    assert_eq!((&seen.body, seen.header("etag")), (&ada.body, ada.header("etag")));
    let all = client.post("/Groups", &group("all", &[&ada.id()]));
    let path = format!("/Groups/{}", all.id());
    for operation in [
        json!({ "op": "add", "path": "members", "value": [{ "value": ada.id() }] }),
        json!({ "op": "replace", "path": "members", "value": [{ "value": ada.id() }] }),
        json!({ "op": "remove", "path": "members[value eq \"nobody\"]" }),
        json!({ "op": "remove", "path": "members", "value": [] }),
    ] {
        let seen = patch(&client, &path, &json!([operation]));
        assert_eq!(seen.header("etag"), all.header("etag"), "{operation}");
        assert_eq!(client.get(&path).body, all.body, "{operation}");
    }
}

#[test]
fn a_patch_that_fails_changes_nothing() {
    let client = Client::new();
    let (ada, bob) = (client.user("ada"), client.user("bob"));
    let path = format!("/Users/{}", ada.id());
    let add = json!({ "op": "add", "path": "title", "value": "t" });
    let cases = [
        (json!([add, { "op": "add", "path": "nosuch", "value": 1 }]), (400, "invalidPath")),
        (json!([add, { "op": "replace", "path": "id", "value": "x" }]), (400, "mutability")),
        (
            json!([add, { "op": "replace", "path": "emails[type eq \"x\"].value", "value": "x" }]),
            (400, "noTarget"),
        ),
        (json!([add, { "op": "replace", "path": "active", "value": "x" }]), (400, "invalidValue")),
        (json!([add, { "op": "add", "path": "profileUrl", "value": "http://[bad" }]), (400, "invalidValue")),
        (json!([add, { "op": "add", "value": { "profileUrl": "a b" } }]), (400, "invalidValue")),
        (
            json!([add, { "op": "add", "path": "photos", "value": [{ "value": "a b" }] }]),
            (400, "invalidValue"),
        ),
        (
            json!([add, { "op": "add", "path": "photos[type eq \"photo\"].value", "value": "a b" }]),
            (400, "invalidValue"),
        ),
        (
            json!([add, { "op": "add", "path": "photos[value eq \"a b\"].display", "value": "x" }]),
            (400, "noTarget"),
        ),
        (json!([add, { "op": "remove" }]), (400, "noTarget")),
        (json!([add, { "op": "replace", "path": "userName", "value": "BOB" }]), (409, "uniqueness")),
        (json!([]), (400, "invalidSyntax")),
    ];
    for (operations, error) in cases {
        assert_eq!(patch(&client, &path, &operations).error(), error, "{operations}");
        assert_eq!(client.get(&path).body, ada.body);
    }
    assert_eq!(patch(&client, "/Users/none", &json!([add])).error(), (404, ""));
    assert_eq!(patch(&client, &format!("/Groups/{}", bob.id()), &json!([add])).error(), (404, ""));
    let stale = client.with(
        "PATCH",
        &path,
        &[("if-match", "W/\"0\"")],
        message(&json!([add])).to_string().as_bytes(),
    );
    assert_eq!(stale.error(), (412, ""));
    assert_eq!(client.get(&path).body, ada.body);
}

#[test]
fn a_new_name_is_found_and_the_old_one_is_free() {
    let client = Client::new();
    let ada = client.user("ada").id();
    let operation =
        json!([{ "op": "replace", "value": { "userName": "eve", "externalId": "E", "displayName": "Eve" } }]);
    assert_eq!(patch(&client, &format!("/Users/{ada}"), &operation).status, 200);
    for filter in ["userName%20eq%20%22EVE%22", "externalId%20eq%20%22E%22", "displayName%20eq%20%22eve%22"] {
        assert_eq!(
            client.get(&format!("/Users?filter={filter}")).body["Resources"][0]["id"],
            ada,
            "{filter}"
        );
    }
    client.user("ada");
    assert_eq!(client.post("/Users", &user("EVE")).error(), (409, "uniqueness"));
}

#[test]
fn members_come_and_go_one_by_one() {
    let client = Client::new();
    let (ada, bob) = (client.user("ada").id(), client.user("bob").id());
    let all = client.post("/Groups", &group("all", &[&ada]));
    let path = format!("/Groups/{}", all.id());
    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": bob, "display": "Bob" }] }]);
    let seen = patch(&client, &path, &add);
    assert_eq!((seen.status, &seen.body), (204, &Value::Null));
    assert_ne!(seen.header("etag"), all.header("etag"));
    assert_eq!(client.get(&path).header("etag"), seen.header("etag"));
    assert_eq!(members(&client.get(&path).body).len(), 2);
    assert_eq!(client.get(&format!("/Users/{bob}")).body["groups"][0]["display"], "all");
    let remove = |operation: Value| {
        assert_eq!(patch(&client, &path, &json!([operation])).status, 204);
        client.get(&path).body
    };
    let listed = remove(json!({ "op": "Remove", "path": "members", "value": [{ "value": ada }] }));
    assert_eq!(members(&listed), [bob.as_str()]);
    let filtered = remove(json!({ "op": "remove", "path": format!("members[value eq \"{bob}\"]") }));
    assert!(members(&filtered).is_empty());
    let typed = json!([{ "op": "add", "path": "members", "value": [{ "value": ada }, { "value": bob }] }, { "op": "remove", "path": "members[type eq \"User\"]" }]);
    patch(&client, &path, &json!([typed[0]]));
    assert!(members(&remove(typed[1].clone())).is_empty());
    let unknown = patch(
        &client,
        &path,
        &json!([{ "op": "add", "path": "members", "value": [{ "value": bob }, { "value": "nobody" }] }]),
    );
    assert_eq!(unknown.error(), (400, "invalidValue"));
    assert!(members(&client.get(&path).body).is_empty());
}

#[test]
fn a_rename_keeps_the_members_and_if_match_guards_them() {
    let client = Client::new();
    let (ada, bob) = (client.user("ada").id(), client.user("bob").id());
    let path = format!("/Groups/{}", client.post("/Groups", &group("all", &[&ada])).id());
    let renamed = patch(&client, &path, &json!([{ "op": "replace", "value": { "displayName": "some" } }]));
    assert_eq!((renamed.status, members(&renamed.body)), (200, vec![ada.as_str()]));
    let add = message(&json!([{ "op": "add", "path": "members", "value": [{ "value": bob }] }])).to_string();
    let tag = renamed.header("etag").unwrap();
    assert_eq!(client.with("PATCH", &path, &[("if-match", tag)], add.as_bytes()).status, 204);
    assert_eq!(client.with("PATCH", &path, &[("if-match", tag)], add.as_bytes()).error(), (412, ""));
    let current = client.get(&path);
    let again = client.with("PATCH", &path, &[("if-match", current.header("etag").unwrap())], add.as_bytes());
    assert_eq!((again.status, again.header("etag")), (204, current.header("etag")));
    let asked = client.with("PATCH", &format!("{path}?attributes=members"), &[], add.as_bytes());
    assert_eq!((asked.status, members(&asked.body).len()), (200, 2));
}

#[test]
fn replaced_members_are_those_that_are_named() {
    let client = Client::new();
    let ids = ["a", "b", "c"].map(|name| client.user(name).id());
    let path = format!("/Groups/{}", client.post("/Groups", &group("all", &[&ids[0], &ids[1]])).id());
    let replace =
        json!([{ "op": "replace", "path": "members", "value": [{ "value": ids[1] }, { "value": ids[2] }] }]);
    assert_eq!(patch(&client, &path, &replace).status, 204);
    let body = client.get(&path).body;
    let mut shown = members(&body);
    let mut expected = [ids[1].as_str(), ids[2].as_str()];
    shown.sort_unstable();
    expected.sort_unstable();
    assert_eq!(shown, expected);
    patch(&client, &path, &json!([{ "op": "remove", "path": "members" }]));
    assert!(members(&client.get(&path).body).is_empty());
}

#[test]
fn members_added_at_the_same_time_are_all_there() {
    let service = crate::support::service_with(None);
    let client = Client::of(service.clone());
    let users: Vec<String> = (0..24).map(|number| client.user(&format!("user-{number}")).id()).collect();
    let path = format!("/Groups/{}", client.post("/Groups", &group("all", &[])).id());
    std::thread::scope(|scope| {
        for part in users.chunks(6) {
            let (service, path) = (service.clone(), &path);
            scope.spawn(move || {
                let client = Client::of(service);
                for (position, id) in part.iter().enumerate() {
                    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": id }] }]);
                    assert_eq!(patch(&client, path, &add).status, 204);
                    let rename =
                        json!([{ "op": "replace", "path": "displayName", "value": position.to_string() }]);
                    assert_eq!(patch(&client, path, &rename).status, 200);
                }
            });
        }
    });
    assert_eq!(members(&client.get(&path).body).len(), users.len());
}
