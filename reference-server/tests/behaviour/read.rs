use serde_json::{Value, json};

use crate::support::{Client, ENTERPRISE, but, group, user};

fn names(body: &Value) -> Vec<&str> {
    body.as_object().unwrap().keys().map(String::as_str).collect()
}

fn rich(client: &Client) -> String {
    let more = json!({
        "externalId": "7",
        "name": { "givenName": "Ada", "familyName": "Lovelace" },
        "nickName": "ada",
        "emails": [{ "value": "ada@example.com", "type": "work" }],
        ENTERPRISE: { "department": "Engines", "manager": { "value": "1", "$ref": "../Users/1" } },
    });
    format!("/Users/{}", client.post("/Users", &but(user("ada"), more)).id())
}

#[test]
fn attributes_name_what_is_shown() {
    let client = Client::new();
    let path = rich(&client);
    let cases = [
        ("userName", json!({ "userName": "ada" })),
        ("USERNAME,%20nickname", json!({ "userName": "ada", "nickName": "ada" })),
        ("name.givenName", json!({ "name": { "givenName": "Ada" } })),
        ("emails.value", json!({ "emails": [{ "value": "ada@example.com" }] })),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User:name.familyName",
            json!({ "name": { "familyName": "Lovelace" } }),
        ),
        (&format!("{ENTERPRISE}:department"), json!({ ENTERPRISE: { "department": "Engines" } })),
        (&format!("{ENTERPRISE}:manager.value"), json!({ ENTERPRISE: { "manager": { "value": "1" } } })),
        ("nothing,urn:example:2.0:x", json!({})),
    ];
    for (wanted, shown) in cases {
        let mut body = client.get(&format!("{path}?attributes={wanted}")).body;
        let object = body.as_object_mut().unwrap();
        assert!(object.remove("id").is_some() && object.remove("schemas").is_some(), "{wanted}");
        assert_eq!(body, shown, "{wanted}");
    }
    let whole = client.get(&format!("{path}?attributes={ENTERPRISE}")).body;
    assert_eq!(names(&whole[ENTERPRISE]), ["department", "manager"]);
}

#[test]
fn excluded_attributes_are_left_out_unless_they_are_always_shown() {
    let client = Client::new();
    let path = rich(&client);
    let body = client
        .get(&format!("{path}?excludedAttributes=id,schemas,USERNAME,name.givenName,{ENTERPRISE},meta"))
        .body;
    assert_eq!(names(&body), ["schemas", "id", "externalId", "name", "nickName", "emails"]);
    assert_eq!(body["name"], json!({ "familyName": "Lovelace" }));
}

#[test]
fn a_known_version_is_not_sent_again() {
    let client = Client::new();
    let seen = client.user("ada");
    let (path, tag) = (format!("/Users/{}", seen.id()), seen.header("etag").unwrap());
    let known = client.with("GET", &path, &[("if-none-match", tag)], b"");
    assert_eq!((known.status, known.header("etag"), known.response.body().len()), (304, Some(tag), 0));
    assert_eq!(client.with("GET", &path, &[("if-none-match", "W/\"999\", *")], b"").status, 304);
    assert_eq!(client.with("GET", &path, &[("if-none-match", "W/\"999\"")], b"").status, 200);
    // Who wants one version alone gets that one or none, whatever he has already.
    for (wanted, status) in [(tag, 200), ("*", 200), ("W/\"999\"", 412), ("", 412)] {
        for method in ["GET", "HEAD"] {
            let seen = client.with(method, &path, &[("if-match", wanted)], b"");
            assert_eq!(seen.status, status, "{method} {wanted}");
        }
    }
    let both = [("if-match", "W/\"999\""), ("if-none-match", tag)];
    assert_eq!(client.with("GET", &path, &both, b"").error(), (412, ""));
}

#[test]
fn a_version_tells_of_groups_and_a_condition_of_a_write_does_not_mind_them() {
    let client = Client::new();
    let ada = client.user("ada");
    let path = format!("/Users/{}", ada.id());
    let first = ada.header("etag").unwrap().to_owned();
    let unchanged = |tag: &str| match client.with("GET", &path, &[("if-none-match", tag)], b"").status {
        304 => true,
        status => {
            assert_eq!(status, 200);
            false
        }
    };
    let shown = || {
        let seen = client.get(&path);
        let tag = seen.header("etag").unwrap().to_owned();
        let listed = client.get("/Users?filter=userName%20sw%20%22ada%22&attributes=meta.version").body;
        for version in [&seen.body["meta"]["version"], &listed["Resources"][0]["meta"]["version"]] {
            assert_eq!(*version, tag);
        }
        assert!(unchanged(&tag));
        tag
    };
    let team = format!("/Groups/{}", client.post("/Groups", &group("team", &[&ada.id()])).id());
    assert!(!unchanged(&first));
    let joined = shown();
    // A colleague who joins changes nothing of what is shown here; another name of the group does.
    let bob = client.user("bob").id();
    let operations = json!([{ "op": "add", "path": "members", "value": [{ "value": bob }] }]);
    assert_eq!(client.patch(&team, &operations).status, 204);
    assert_eq!(shown(), joined);
    let operations = json!([{ "op": "replace", "path": "displayName", "value": "crew" }]);
    assert_eq!(client.patch(&team, &operations).status, 200);
    let renamed = shown();
    assert!(!unchanged(&joined));
    // Two groups of which one is left again are the one that stays.
    let other = format!("/Groups/{}", client.post("/Groups", &group("other", &[&ada.id()])).id());
    assert!(!unchanged(&renamed));
    assert_eq!(client.delete(&other).status, 204);
    assert_eq!(shown(), renamed);

    let put = |tag: &str, name: &str| {
        client.with("PUT", &path, &[("if-match", tag)], user(name).to_string().as_bytes())
    };
    let replaced = put(&first, "ada-2");
    assert_eq!(replaced.status, 200);
    let newest = replaced.header("etag").unwrap();
    assert_eq!(shown(), newest);
    for stale in [first.as_str(), &joined, &renamed] {
        assert_eq!(put(stale, "ada-3").error(), (412, ""), "{stale}");
    }
    assert_eq!(put(newest, "ada-3").status, 200);
    assert_eq!(client.delete(&team).status, 204);
    assert!(!shown().contains('-'));
}

#[test]
fn head_answers_as_get_does_without_the_body() {
    let client = Client::new();
    let path = format!("/Users/{}", client.user("ada").id());
    let (get, head) = (client.get(&path), client.with("HEAD", &path, &[], b""));
    assert_eq!((head.status, head.response.body().len()), (200, 0));
    assert_eq!(head.header("content-length"), Some(get.response.body().len().to_string().as_str()));
    assert_eq!(head.header("etag"), get.header("etag"));
}

#[test]
fn ids_are_compared_letter_by_letter_and_per_type() {
    let client = Client::new();
    let id = client.user("ada").id();
    for path in ["/Users/none", &format!("/Users/{}", id.to_uppercase()), &format!("/Groups/{id}")] {
        assert_eq!(client.get(path).error(), (404, ""), "{path}");
    }
}

#[test]
fn addresses_follow_the_host_that_the_client_names() {
    let client = Client::new();
    let path = format!("/Users/{}", client.user("ada").id());
    let location =
        |host: &str| client.with("GET", &path, &[("host", host)], b"").body["meta"]["location"].clone();
    assert_eq!(location("[::1]:8080"), format!("http://[::1]:8080/scim/v2{path}"));
    assert_eq!(location("evil\\host/"), format!("http://localhost/scim/v2{path}"));
    assert_eq!(location("user@evil.example"), format!("http://localhost/scim/v2{path}"));
}

/// Where somebody said how the server is reached, no client has a say in it.
#[test]
fn a_public_address_stands_before_every_host_that_a_client_names() {
    let token = record::Secret::new(crate::support::TOKEN.to_owned());
    let builder = || reference_server::ReferenceServer::builder().token(token.clone());
    let client = Client::of(builder().public_url("https://scim.example/").service().unwrap());
    let created = client.user("ada");
    let path = format!("/Users/{}", created.id());
    assert_eq!(created.header("location"), Some(format!("https://scim.example/scim/v2{path}").as_str()));
    for path in [path.as_str(), "/Users", "/Schemas", "/ResourceTypes", "/ServiceProviderConfig"] {
        let body = client.with("GET", path, &[("host", "evil.example")], b"").body.to_string();
        assert!(body.contains("https://scim.example/scim/v2") && !body.contains("evil"), "{path}: {body}");
    }
    for odd in [
        "scim.example",
        "ftp://scim.example",
        "https://a@scim.example",
        "https://scim.example/v2",
        "https://a/a",
        "https://a#a",
        "https://a?a",
        "",
    ] {
        let refused = builder().public_url(odd).service().unwrap_err().to_string();
        assert!(
            refused.ends_with("write scheme, host and port, as in https://scim.example"),
            "{odd}: {refused}"
        );
    }
}
