use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use record::Secret;
use reference_server::ReferenceServer;
use serde_json::{Value, json};

use crate::support::{Client, ENTERPRISE, Hand, TOKEN, USER, but, group, user};

#[test]
fn a_replace_leaves_what_was_sent_and_nothing_else() {
    let client = Client::new();
    let emails = json!([{ "value": "a@example.com" }, { "value": "b@example.com" }]);
    let old = client.post("/Users", &but(user("ada"), json!({ "title": "Countess", "emails": emails })));
    let path = format!("/Users/{}", old.id());
    let new = client.put(&path, &but(user("ada"), json!({ "emails": [emails[1]], "id": "x", "meta": {} })));
    assert_eq!(new.status, 200, "{}", new.body);
    assert_eq!(new.body["emails"], json!([emails[1]]));
    assert!(new.body.get("title").is_none());
    assert_eq!((new.id(), &new.body["meta"]["created"]), (old.id(), &old.body["meta"]["created"]));
    assert_ne!(new.header("etag"), old.header("etag"));
    assert_ne!(new.body["meta"]["lastModified"], old.body["meta"]["lastModified"]);
    assert_eq!(client.get(&path).body, new.body);
}

#[test]
fn a_replace_can_take_a_free_name_and_no_other() {
    let client = Client::new();
    let path = format!("/Users/{}", client.user("ada").id());
    client.user("bob");
    assert_eq!(client.put(&path, &user("BOB")).error(), (409, "uniqueness"));
    assert_eq!(client.put(&path, &user("ADA")).body["userName"], "ADA");
    assert_eq!(client.put(&path, &user("eve")).status, 200);
    assert_eq!(client.post("/Users", &user("ada")).status, 201);
}

#[test]
fn a_version_that_has_passed_is_refused() {
    let client = Client::new();
    let seen = client.user("ada");
    let (path, old) = (format!("/Users/{}", seen.id()), seen.header("etag").unwrap());
    let body = user("ada").to_string();
    let put = |tag: &str| client.with("PUT", &path, &[("if-match", tag)], body.as_bytes());
    let newer = put(old);
    assert_eq!(newer.status, 200);
    assert_eq!(put(old).error(), (412, ""));
    assert_eq!(client.with("DELETE", &path, &[("if-match", old)], b"").error(), (412, ""));
    assert_eq!(put("*").status, 200);
    let newest = client.get(&path);
    assert_eq!(
        client.with("DELETE", &path, &[("if-match", newest.header("etag").unwrap())], b"").status,
        204
    );
}

#[test]
fn a_write_that_hopes_for_nothing_there_is_refused() {
    let client = Client::new();
    let ada = client.user("ada");
    let path = format!("/Users/{}", ada.id());
    let tag = ada.header("etag").unwrap();
    let rename = json!({
        "schemas": [protocol::urn::PATCH_OP],
        "Operations": [{ "op": "add", "path": "title", "value": "t" }],
    });
    let bodies = [("PUT", user("bob").to_string()), ("PATCH", rename.to_string()), ("DELETE", String::new())];
    for (method, body) in &bodies {
        for tags in ["*", tag, &format!("W/\"77\", {tag}")] {
            let seen = client.with(method, &path, &[("if-none-match", tags)], body.as_bytes());
            assert_eq!(seen.error(), (412, ""), "{method} {tags}");
            let both = [("if-match", tag), ("if-none-match", tags)];
            assert_eq!(client.with(method, &path, &both, body.as_bytes()).status, 412, "{method} {tags}");
        }
        assert_eq!(client.get(&path).body, ada.body);
        let nobody = client.with(method, "/Users/none", &[("if-none-match", "*")], body.as_bytes());
        assert_eq!(nobody.error(), (404, ""), "{method}");
    }
    for (method, body) in &bodies {
        let seen = client.with(method, &path, &[("if-none-match", "W/\"77\"")], body.as_bytes());
        assert!((200..300).contains(&seen.status), "{method}: {}", seen.body);
    }
}

#[test]
fn what_is_deleted_is_gone_and_its_name_is_free() {
    let client = Client::new();
    let old = client.user("ada");
    let path = format!("/Users/{}", old.id());
    let deleted = client.delete(&path);
    assert_eq!(
        (deleted.status, deleted.response.body().len(), deleted.header("content-type")),
        (204, 0, None)
    );
    assert_eq!(client.get(&path).error(), (404, ""));
    assert_eq!(client.put(&path, &user("ada")).error(), (404, ""));
    assert_eq!(client.delete(&path).error(), (404, ""));
    assert_eq!(client.get("/Users").body["totalResults"], 0);
    let new = client.user("ada");
    assert!(new.id() != old.id() && new.header("etag") != old.header("etag"));
}

#[test]
fn whoever_reports_to_somebody_who_is_deleted_reports_to_nobody() {
    let client = Client::new();
    let (eva, max) = (client.user("eva").id(), client.user("max").id());
    let reporting = |name: &str, more: Value| {
        let sent = but(user(name), json!({ ENTERPRISE: but(more, json!({ "manager": { "value": eva } })) }));
        client.post("/Users", &sent)
    };
    let ada = reporting("ada", json!({ "department": "D" }));
    let bob = reporting("bob", json!({}));
    let other = json!({ ENTERPRISE: { "manager": { "value": max } } });
    let cid = client.post("/Users", &but(user("cid"), other)).body;
    // Whoever has left before is let be, and so is whoever leads himself.
    let dan = reporting("dan", json!({})).id();
    let moved = json!({ ENTERPRISE: { "manager": { "value": max } } });
    let dan = client.put(&format!("/Users/{dan}"), &but(user("dan"), moved)).body;
    let own = json!({ ENTERPRISE: { "manager": { "value": eva } } });
    assert_eq!(client.put(&format!("/Users/{eva}"), &but(user("eva"), own)).status, 200);
    assert_eq!(client.delete(&format!("/Users/{eva}")).status, 204);

    let shown = |body: &Value| client.get(&format!("/Users/{}", body["id"].as_str().unwrap())).body;
    let left = shown(&ada.body);
    assert_eq!(left[ENTERPRISE], json!({ "department": "D" }));
    assert_ne!(left["meta"]["version"], ada.body["meta"]["version"]);
    assert!(left["meta"]["lastModified"].as_str() > ada.body["meta"]["lastModified"].as_str());
    let left = shown(&bob.body);
    assert_eq!((&left["schemas"], left.get(ENTERPRISE)), (&json!([USER]), None));
    for untouched in [&cid, &dan] {
        assert_eq!(shown(untouched), *untouched);
    }
    let filter = |id: &str| format!("/Users?filter={ENTERPRISE}:manager.value%20eq%20%22{id}%22");
    assert_eq!(client.get(&filter(&eva)).body["totalResults"], 0);
    assert_eq!(client.get(&filter(&max)).body["totalResults"], 2);
    assert_eq!(client.delete(&format!("/Users/{}", ada.id())).status, 204);
}

#[test]
fn time_never_runs_backwards() {
    let hand = Arc::new(Hand(AtomicI64::new(10_000)));
    let builder = ReferenceServer::builder().token(Secret::new(TOKEN.to_owned())).clock(hand.clone());
    let client = Client::of(builder.service().unwrap());
    let path = format!("/Users/{}", client.user("ada").id());
    hand.0.store(5_000, Ordering::Relaxed);
    let replaced = client.put(&path, &user("ada")).body;
    assert_eq!(replaced["meta"]["lastModified"], "1970-01-01T00:00:10.001Z");
    assert_eq!(client.user("bob").body["meta"]["created"], "1970-01-01T00:00:10.000Z");
}

#[test]
fn a_replace_leaves_members_alone_where_they_are_not_listed_or_nothing_is_said_of_them() {
    let playing = |more: &str| {
        let text = format!("name = \"x\"\ntitle = \"X\"\nbase_path = \"/scim/v2\"\n[types.User]\n{more}\n");
        let profile = profiles::parse(&text, "x.toml").unwrap();
        let token = Secret::new(TOKEN.to_owned());
        Client::of(ReferenceServer::builder().plays(profile).token(token).service().unwrap())
    };
    let unlisted = "[types.Group]\nreplaces = [\"displayName\"]";
    let listed = "[types.Group]\nreplaces = [\"members\"]";
    let kept = "[types.Group]\n[readings]\n\"put-omitted\" = \"kept\"";
    // What the profile says, whether the replace names another member, what the group is called then, and who is in it.
    for (more, named, called, member) in [
        ("[types.Group]", true, "new", "bob"),
        ("[types.Group]", false, "new", ""),
        (unlisted, true, "new", "ada"),
        (unlisted, false, "new", "ada"),
        (listed, true, "old", "bob"),
        (listed, false, "old", ""),
        (kept, true, "new", "bob"),
        (kept, false, "new", "ada"),
    ] {
        let client = playing(more);
        let (ada, bob) = (client.user("ada").id(), client.user("bob").id());
        let path = format!("/Groups/{}", client.post("/Groups", &group("old", &[&ada])).id());
        let mut body = group("new", &[&bob]);
        if !named {
            body.as_object_mut().unwrap().remove("members");
        }
        let answer = client.put(&path, &body);
        assert_eq!(answer.status, 200, "{more}: {}", answer.body);
        let found = client.get(&path).body;
        let id = match member {
            "ada" => ada,
            "bob" => bob,
            _ => String::new(),
        };
        for shown in [&answer.body, &found] {
            assert_eq!(shown["displayName"], called, "{more}");
            assert_eq!(shown["members"][0]["value"].as_str().unwrap_or_default(), id, "{more}, {named}");
        }
        assert!(found["members"].get(1).is_none());
    }
}
