//! The admin API: who gets in, what is refused and how, and what of a user it shows.

use bytes::Bytes;
use http::Request;
use proptest::prelude::*;
use record::Secret;
use reference_server::{ReferenceServer, StartError};
use serde_json::{Value, json};

use crate::office::{ADMIN, EXTENSION, Office, employee};
use crate::support::{Client, Seen, TOKEN, but};

const ADDRESSES: &[(&str, &str)] = &[
    ("GET", "/tokens"),
    ("POST", "/tokens"),
    ("DELETE", "/tokens/1"),
    ("GET", "/users/00000000-0000-4000-8000-000000000000"),
    ("GET", "/managers"),
    ("GET", "/outbox"),
    ("GET", "/settings"),
    ("PUT", "/settings"),
    ("GET", "/nowhere"),
    ("GET", ""),
];

/// A refusal in JSON, RFC 9457, that says something.
fn problem(seen: &Seen) -> u16 {
    assert_eq!(seen.header("content-type"), Some("application/problem+json"), "{}", seen.body);
    assert_eq!(seen.body["status"], seen.status);
    assert!(seen.body["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{}", seen.body);
    seen.status
}

#[test]
fn a_scim_token_opens_nothing_of_the_admin_api() {
    let office = Office::of("bonusly");
    for (method, path) in ADDRESSES {
        let seen = office.send(method, &format!("/admin/api{path}"), TOKEN, Some(&json!({ "name": "x" })));
        assert_eq!(problem(&seen), 403, "{method} {path}");
    }
    assert_eq!(office.sees("/tokens")["tokens"].as_array().unwrap().len(), 1);
}

#[test]
fn whoever_is_not_known_gets_a_challenge_everywhere() {
    let office = Office::of("bonusly");
    for (method, path) in ADDRESSES {
        for credential in ["nobody", "", &ADMIN[1..]] {
            let seen = office.send(method, &format!("/admin/api{path}"), credential, Some(&json!({})));
            assert_eq!(problem(&seen), 401, "{method} {path}");
            assert_eq!(seen.header("www-authenticate"), Some("Bearer realm=\"admin\""));
        }
    }
    let users = format!("{}/Users", office.service.base_path());
    assert_eq!(office.send("GET", &users, ADMIN, None).status, 401);
}

#[test]
fn where_no_administrator_is_named_there_is_no_admin_api() {
    let seen = Client::new().send(
        Request::builder()
            .uri("/admin/api/settings")
            .header("authorization", format!("Bearer {ADMIN}"))
            .body(Bytes::new())
            .unwrap(),
    );
    assert_eq!(seen.error(), (404, ""));
}

#[test]
fn addresses_and_methods_that_there_are_not_are_refused_in_kind() {
    let office = Office::of("bonusly");
    for path in ["", "/", "/nowhere", "/tokens/", "/tokens/1/x", "/users", "/users/x/y", "/settings/x"] {
        let seen = office.admin("GET", path, None);
        assert!(matches!(problem(&seen), 404 | 405), "{path}: {}", seen.status);
    }
    for id in ["1", "ada", "00000000-0000-4000-8000-000000000000", "%ff", "🦀"] {
        assert_eq!(problem(&office.admin("GET", &format!("/users/{}", encoded(id)), None)), 404);
        assert!(matches!(office.admin("DELETE", &format!("/tokens/{}9", encoded(id)), None).status, 404));
    }
    for (path, allowed) in [
        ("/tokens", "GET, HEAD, POST"),
        ("/tokens/1", "DELETE"),
        ("/users/x", "GET, HEAD"),
        ("/managers", "GET, HEAD"),
        ("/outbox", "GET, HEAD"),
        ("/settings", "GET, HEAD, PUT"),
    ] {
        let seen = office.admin("PATCH", path, Some(&json!({})));
        assert_eq!((problem(&seen), seen.header("allow")), (405, Some(allowed)));
    }
    let head = office.admin("HEAD", "/settings", None);
    assert_eq!((head.status, head.response.body().len()), (200, 0));
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn raw(office: &Office, method: &str, path: &str, media_type: &str, body: &[u8]) -> Seen {
    let request = Request::builder()
        .method(method)
        .uri(format!("/admin/api{path}"))
        .header("authorization", format!("Bearer {ADMIN}"))
        .header("content-type", media_type);
    office.client.send(request.body(Bytes::copy_from_slice(body)).unwrap())
}

#[test]
fn bodies_that_do_not_fit_are_refused_and_change_nothing() {
    let office = Office::of("bonusly");
    let before = (office.sees("/tokens"), office.sees("/settings"));
    let long = "x".repeat(201);
    for body in [
        String::new(),
        "{".to_owned(),
        "[]".to_owned(),
        r#"{"name":"a","name":"b"}"#.to_owned(),
        json!({}).to_string(),
        json!({ "name": "" }).to_string(),
        json!({ "name": "a\nb" }).to_string(),
        json!({ "name": long }).to_string(),
        json!({ "name": 7 }).to_string(),
        json!({ "name": "a", "surprise": 1 }).to_string(),
        json!({ "name": "a", "owner": "mara" }).to_string(),
        json!({ "name": "a", "owner": { "administrator": "yes" } }).to_string(),
        json!({ "name": "a", "owner": { "surprise": 1 } }).to_string(),
    ] {
        let seen = raw(&office, "POST", "/tokens", "application/json", body.as_bytes());
        assert_eq!(problem(&seen), 400, "{body}");
    }
    for body in [
        json!({ "provisioning": "off" }),
        json!({ "provisioning": null }),
        json!({ "provisioning": false, "x": 1 }),
    ] {
        assert_eq!(problem(&office.admin("PUT", "/settings", Some(&body))), 400, "{body}");
    }
    let form = raw(&office, "POST", "/tokens", "application/x-www-form-urlencoded", b"name=a");
    assert_eq!(problem(&form), 415);
    let large = json!({ "name": "a", "owner": { "name": "x".repeat(20_000) } }).to_string();
    assert_eq!(problem(&raw(&office, "POST", "/tokens", "application/json", large.as_bytes())), 413);
    assert_eq!((office.sees("/tokens"), office.sees("/settings")), before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn nothing_that_is_sent_breaks_it(
        method in prop::sample::select(vec!["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]),
        first in prop::sample::select(vec!["tokens", "users", "managers", "outbox", "settings", "x"]),
        rest in prop::option::of("[ -~]{0,12}"),
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..64),
            "\\{\"(name|owner|provisioning|welcome_mails)\":(true|null|1e9|\"x\"|\\{\\}|\\[\\])\\}".prop_map(String::into_bytes),
        ],
    ) {
        let office = Office::of("bonusly");
        let rest = rest.map_or_else(String::new, |rest| format!("/{}", encoded(&rest)));
        let seen = raw(&office, method, &format!("/{first}{rest}"), "application/json", &body);
        prop_assert!(seen.status < 500, "{}", seen.status);
        prop_assert!(seen.response.body().is_empty() || seen.body.is_object());
    }
}

#[test]
fn the_application_keeps_attributes_under_names_of_its_own() {
    let office = Office::of("bonusly");
    let id = office.hires(&but(
        employee("ada"),
        json!({
            "title": "Engineer", "userType": "Full-time",
            EXTENSION: {
                "employeeNumber": "17", "costCenter": "CC-4", "businessUnit": "Analysis",
                "department": "Engines", "location": "London", "dateOfBirth": "1815-12-10",
            },
        }),
    ));
    let expected = json!({
        "id": id, "user_name": "ada@example.com", "deleted": false,
        "columns": { "cost_center": "CC-4" },
        "properties": {
            "job_title": "Engineer", "employment_type": "Full-time", "employee_number": "17",
            "business_unit": "Analysis", "department": "Engines", "location": "London",
        },
        "manager": null,
    });
    assert_eq!(office.sees(&format!("/users/{id}")), expected);
    let cleared = json!([
        { "op": "remove", "path": "title" },
        { "op": "replace", "path": format!("{EXTENSION}:costCenter"), "value": "CC-5" },
    ]);
    assert_eq!(office.patches(&id, &cleared).status, 200);
    let after = office.sees(&format!("/users/{id}"));
    assert_eq!(after["properties"].get("job_title"), None);
    assert_eq!(after["columns"], json!({ "cost_center": "CC-5" }));
}

#[test]
fn somebody_who_was_deleted_is_kept_inside() {
    let office = Office::of("bonusly");
    let id = office.hires(&but(employee("ada"), json!({ "title": "Engineer" })));
    let path = format!("/users/{id}");
    office.fires(&id);
    assert_eq!(office.scim("GET", &format!("/Users/{id}"), None).status, 404);
    let gone = office.sees(&path);
    assert_eq!((&gone["deleted"], &gone["properties"]["job_title"]), (&json!(true), &json!("Engineer")));
    office.hires(&employee("ada"));
    assert_eq!(office.sees(&path)["deleted"], false);

    let forgetful = Office::of("rfc");
    let id = forgetful.hires(&crate::support::user("ada"));
    forgetful.fires(&id);
    assert_eq!(forgetful.admin("GET", &format!("/users/{id}"), None).status, 404);
}

/// A birthday is kept in a form that nobody may send: whoever guesses it learns nothing, and whoever changes something else
/// does not notice.
#[test]
fn the_form_of_a_birthday_that_is_kept_is_refused() {
    let office = Office::of("bonusly");
    let born = |date: &str| but(employee("ada"), json!({ EXTENSION: { "dateOfBirth": date } }));
    assert_eq!(office.scim("POST", "/Users", Some(&born("--12-10"))).error(), (400, "invalidValue"));
    let id = office.hires(&born("1815-12-10"));
    let path = format!("/Users/{id}");
    for (guess, other_case) in [("--12-10", false), ("--12-11", false), ("--12-10", true)] {
        let mut body = born(guess);
        if other_case {
            let extension = body.as_object_mut().unwrap().remove(EXTENSION);
            body[EXTENSION.to_uppercase()] = extension.unwrap();
        }
        assert_eq!(office.scim("PUT", &path, Some(&body)).error(), (400, "invalidValue"));
        let aimed = json!([{ "op": "replace", "path": format!("{EXTENSION}:dateOfBirth"), "value": guess }]);
        assert_eq!(office.patches(&id, &aimed).error(), (400, "invalidValue"));
        let whole = json!([{ "op": "add", "value": { EXTENSION: { "dateOfBirth": guess } } }]);
        assert_eq!(office.patches(&id, &whole).error(), (400, "invalidValue"));
    }
    let title = json!([{ "op": "replace", "path": "title", "value": "Countess" }]);
    assert_eq!(office.patches(&id, &title).status, 200);
    assert_eq!(office.scim("PUT", &path, Some(&employee("ada"))).status, 200);
}

#[test]
fn a_group_is_no_user() {
    let office = Office::of("rfc");
    let group = office.scim("POST", "/Groups", Some(&crate::support::group("all", &[]))).id();
    assert_eq!(office.admin("GET", &format!("/users/{group}"), None).status, 404);
}

#[test]
fn a_server_that_others_can_reach_has_no_admin_api() {
    let secret = || Secret::new(ADMIN.to_owned());
    let exposed = ReferenceServer::builder().listen("0.0.0.0:0").admin(secret()).start().unwrap_err();
    assert!(matches!(exposed, StartError::Exposed { .. }), "{exposed}");
    assert!(exposed.to_string().contains("this machine alone"), "{exposed}");
    let server = ReferenceServer::builder().admin(secret()).start().unwrap();
    assert!(server.admin_url().is_some_and(|url| url.ends_with("/admin/api")));
    assert_eq!(ReferenceServer::builder().start().unwrap().admin_url(), None);
}

#[test]
fn a_scim_token_cannot_be_the_administrators_credential() {
    let secret = || Secret::new(ADMIN.to_owned());
    let shared = ReferenceServer::builder().token(secret()).admin(secret()).service().unwrap_err();
    assert!(matches!(shared, StartError::SharedCredential), "{shared}");
}

#[test]
fn no_credential_is_in_debug_output() {
    let builder = || {
        ReferenceServer::builder().token(Secret::new(TOKEN.to_owned())).admin(Secret::new(ADMIN.to_owned()))
    };
    let shown =
        format!("{:?} {:?} {:?}", builder(), builder().service().unwrap(), builder().start().unwrap());
    assert!(!shown.contains(ADMIN) && !shown.contains(TOKEN), "{shown}");
    let seen: Value = Office::of("bonusly").sees("/settings");
    assert!(!seen.to_string().contains(ADMIN));
}
