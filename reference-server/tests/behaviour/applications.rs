//! What the applications of the profiles make of single requests.

use record::Secret;
use reference_server::ReferenceServer;
use serde_json::{Value, json};

use crate::support::{Client, Seen, TOKEN, USER};

const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

fn playing(profile: &str) -> Client {
    let builder = ReferenceServer::builder().profile(profile).token(Secret::new(TOKEN.to_owned())).seed(1);
    Client::of(builder.service().unwrap())
}

/// Somebody with these e-mails, and where he is.
fn with_emails(client: &Client, emails: &Value) -> String {
    let name = json!({ "givenName": "Mara", "familyName": "Lindqvist" });
    let body = json!({ "schemas": [USER], "userName": "p@x.com", "name": name, "emails": emails });
    let made = client.post("/Users", &body);
    assert_eq!(made.status, 201, "{}", made.body);
    format!("/Users/{}", made.id())
}

fn patch(client: &Client, path: &str, operations: &Value) -> Seen {
    let body = json!({ "schemas": [PATCH_OP], "Operations": operations });
    client.with("PATCH", path, &[], body.to_string().as_bytes())
}

/// RFC 7644 §3.5.2.3: of a complex value, the sub-attributes that are named are set. What the filter asked for stays, so
/// that the same filter finds the value again.
#[test]
fn an_email_that_is_replaced_by_its_address_keeps_the_rest() {
    for profile in ["promapp", "entra-ready"] {
        let client = playing(profile);
        let path = with_emails(&client, &json!([{ "value": "p@x.com", "type": "work", "primary": true }]));
        for (at, value, address) in [
            (r#"emails[type eq "work"]"#, json!({ "value": "k@x.com" }), "k@x.com"),
            (r#"emails[type eq "work"].value"#, json!("l@x.com"), "l@x.com"),
            (r#"emails[type eq "work"]"#, json!({ "value": "m@x.com", "type": "work" }), "m@x.com"),
        ] {
            let changed = patch(&client, &path, &json!([{ "op": "replace", "path": at, "value": value }]));
            assert!(changed.status < 300, "{profile} {at}: {}", changed.body);
            let left = json!([{ "value": address, "type": "work", "primary": true }]);
            assert_eq!(client.get(&path).body["emails"], left, "{profile} {at}");
        }
    }
    let client = playing("bonusly");
    let path = with_emails(&client, &json!([{ "value": "p@x.com", "type": "work" }]));
    let renamed = json!([
        { "op": "replace", "path": "userName", "value": "k@x.com" },
        { "op": "replace", "path": r#"emails[type eq "work"]"#, "value": { "value": "k@x.com" } },
    ]);
    assert_eq!(patch(&client, &path, &renamed).status, 200);
    assert_eq!(client.get(&path).body["emails"], json!([{ "value": "k@x.com", "type": "work" }]));
    let parted = json!([{ "op": "replace", "path": r#"emails[type eq "work"]"#, "value": { "value": "other@x.com" } }]);
    assert_eq!(patch(&client, &path, &parted).error(), (400, "invalidValue"));
}

/// Names, operators and types have no letter case, so the way in which a path is written decides nothing.
#[test]
fn what_may_be_patched_is_known_by_its_meaning() {
    let client = playing("promapp");
    let emails =
        json!([{ "value": "p@x.com", "type": "work" }, { "value": "p@home.example", "type": "home" }]);
    let path = with_emails(&client, &emails);
    for (number, at) in [
        r#"emails[type eq "work"].value"#,
        r#"emails[Type eq "work"].value"#,
        r#"emails[type eq "Work"].value"#,
        r#"EMAILS[TYPE EQ "WORK"].VALUE"#,
        r#"urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "work"].value"#,
    ]
    .into_iter()
    .enumerate()
    {
        let address = format!("{number}@x.com");
        let changed = patch(&client, &path, &json!([{ "op": "replace", "path": at, "value": address }]));
        assert_eq!(changed.status, 200, "{at}: {}", changed.body);
        assert_eq!(client.get(&path).body["emails"][0], json!({ "value": address, "type": "work" }), "{at}");
    }
    let before = client.get(&path).body;
    for operation in [
        json!({ "op": "replace", "path": r#"emails[type eq "Home"].value"#, "value": "q@x.com" }),
        json!({ "op": "replace", "path": r#"emails[type ne "work"].value"#, "value": "q@x.com" }),
        json!({ "op": "replace", "path": r#"emails[Type eq "Work"].type"#, "value": "home" }),
        json!({ "op": "replace", "path": r#"emails[type eq "work"]"#, "value": { "value": "q@x.com", "type": "home" } }),
        // The values of a remove make its target no smaller.
        json!({ "op": "remove", "path": r#"emails[type eq "work"]"#, "value": { "value": "4@x.com" } }),
    ] {
        let refused = patch(&client, &path, &json!([operation]));
        assert_eq!(refused.error(), (400, "mutability"), "{operation}");
        assert_eq!(client.get(&path).body, before, "{operation}");
    }
}

/// A blank in front of a name makes another name of it, which the application has no place for: in a PATCH as in a POST.
#[test]
fn a_name_with_a_blank_is_ignored_with_the_rest_of_the_patch_taken() {
    const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:bonusly:2.0:User";
    let client = playing("bonusly");
    let path = with_emails(&client, &json!([{ "value": "p@x.com", "type": "work" }]));
    for at in [" managerEmail", "managerEmail "] {
        let operations = json!([
            { "op": "add", "path": format!("{EXTENSION}:{at}"), "value": "boss@x.com" },
            { "op": "add", "path": format!(" {at}"), "value": "boss@x.com" },
            { "op": "add", "value": { format!("{EXTENSION}:{at}"): "boss@x.com" } },
            { "op": "add", "path": "title", "value": at },
        ]);
        let changed = patch(&client, &path, &operations);
        assert_eq!(changed.status, 200, "{at:?}: {}", changed.body);
        let body = client.get(&path).body;
        assert_eq!(body["title"], at, "{at:?}");
        assert!(body[EXTENSION].get("managerEmail").is_none(), "{body}");
    }
    // What is no path at all is refused as ever.
    for at in ["manager Email", " ", "emails[ ", r#" emails[type eq "work"].value"#] {
        let refused = patch(&client, &path, &json!([{ "op": "add", "path": at, "value": "x" }]));
        assert_eq!(refused.status, 400, "{at:?}: {}", refused.body);
    }
    // Where unknown names are refused, so are these.
    let strict = playing("rfc");
    let user = format!("/Users/{}", strict.user("ada").id());
    let refused = patch(&strict, &user, &json!([{ "op": "add", "path": " title", "value": "x" }]));
    assert_eq!(refused.error(), (400, "invalidPath"));
}

/// Of an address the country alone is kept, so that without it nothing is left.
#[test]
fn an_address_without_its_country_is_none() {
    let client = playing("bonusly");
    let path = with_emails(&client, &json!([]));
    let country = r#"addresses[type eq "work"].country"#;
    let set = json!({ "op": "add", "path": country, "value": "Norway" });
    for clear in [
        json!({ "op": "replace", "path": country, "value": null }),
        json!({ "op": "remove", "path": country }),
        json!({ "op": "replace", "path": r#"addresses[type eq "work"]"#, "value": { "country": null } }),
        json!({ "op": "replace", "path": "addresses", "value": [{ "type": "work" }] }),
    ] {
        assert_eq!(patch(&client, &path, &json!([set])).status, 200);
        assert_eq!(client.get(&path).body["addresses"], json!([{ "type": "work", "country": "NO" }]));
        let cleared = patch(&client, &path, &json!([clear]));
        assert_eq!(cleared.status, 200, "{clear}: {}", cleared.body);
        assert!(client.get(&path).body.get("addresses").is_none(), "{clear}: {}", client.get(&path).body);
    }
}
