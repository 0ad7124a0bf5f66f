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
