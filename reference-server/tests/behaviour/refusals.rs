use bytes::Bytes;
use http::Request;
use reference_server::{ReferenceServer, StartError};

use crate::support::{Client, USER, user};

#[test]
fn credentials_that_are_not_valid_are_challenged() {
    let client = Client::new();
    for credentials in
        ["", "Bearer", "Bearer ", "Bearer nobody", "Basic dG9rZW4=", "token-of-the-first-tenant"]
    {
        let seen = client.with("GET", "/Users", &[("authorization", credentials)], b"");
        assert_eq!(seen.error(), (401, ""), "{credentials}");
        assert_eq!(seen.header("www-authenticate"), Some("Bearer realm=\"scim\""));
    }
}

#[test]
fn what_is_not_served_says_so() {
    let client = Client::new();
    let id = client.user("ada").id();
    let cases = [
        ("GET", "/Nope", 404),
        ("GET", "/Users/1/2", 404),
        ("GET", "/Users/", 404),
        ("GET", "/users", 404),
        ("GET", "", 501),
        ("GET", "/Me", 501),
        ("POST", "/Me", 501),
        ("POST", "/Bulk", 501),
        ("POST", "/Nope/.search", 404),
        ("GET", "/.search", 405),
        ("GET", "/Users/.search", 405),
        ("PATCH", "/Users", 405),
        ("PUT", "/Users", 405),
        ("DELETE", "/Groups", 405),
        ("POST", &format!("/Users/{id}"), 405),
        ("TRACE", &format!("/Users/{id}"), 405),
    ];
    for (method, path, status) in cases {
        let seen = client.with(method, path, &[], b"");
        assert_eq!(seen.error(), (status, ""), "{method} {path}");
        assert_eq!(seen.header("allow").is_some(), status == 405, "{method} {path}");
    }
}

#[test]
fn a_path_outside_the_base_is_unknown() {
    let client = Client::new();
    for path in ["/", "/Users", "/scim/v2x/Users", "/scim/v1/Users"] {
        let request = Request::builder().uri(path).body(Bytes::new()).unwrap();
        assert_eq!(client.send(request).error(), (404, ""), "{path}");
    }
}

#[test]
fn bodies_that_are_no_object_are_malformed() {
    let client = Client::new();
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    let deep = format!(r#"{{"schemas":["{USER}"],"userName":"x","name":{deep}}}"#);
    let cases: &[&[u8]] = &[
        b"",
        b"{",
        b"[]",
        b"null",
        b"\"text\"",
        b"{} {}",
        b"{\"userName\":\"\xff\"}",
        b"{\"a\":1,\"a\":2}",
        b"{\"name\":{\"a\":1,\"a\":2}}",
        b"{\"a\":1e999}",
        deep.as_bytes(),
    ];
    for body in cases {
        let seen = client.with("POST", "/Users", &[], body);
        assert_eq!(seen.error(), (400, "invalidSyntax"), "{:?}", String::from_utf8_lossy(body).get(..40));
    }
}

#[test]
fn malformed_json_is_placed_and_not_repeated() {
    let client = Client::new();
    let seen = client.with("POST", "/Users", &[], b"{\"password\": hunter2");
    assert_eq!(seen.body["detail"], "the body is not well-formed JSON, at line 1 column 14");
    let seen = client.with("POST", "/Users", &[], b"{\"hunter2\": 1,\n\"hunter2\": 2}");
    let detail = seen.body["detail"].as_str().unwrap();
    assert!(
        detail.starts_with("a name occurs twice in one object") && !detail.contains("hunter2"),
        "{detail}"
    );
}

#[test]
fn media_types_are_json_or_refused() {
    let client = Client::new();
    let body = |number: usize| user(&format!("user-{number}")).to_string();
    let served = [
        "application/scim+json",
        "application/json",
        "Application/SCIM+JSON; charset=utf-8",
        "application/json;x=y",
    ];
    for (number, media_type) in served.into_iter().enumerate() {
        let seen = client.with("POST", "/Users", &[("content-type", media_type)], body(number).as_bytes());
        assert_eq!(seen.status, 201, "{media_type}");
    }
    for media_type in ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""] {
        let seen = client.with("POST", "/Users", &[("content-type", media_type)], body(9).as_bytes());
        assert_eq!(seen.error(), (415, ""), "{media_type}");
    }
    let request = Request::builder()
        .method("POST")
        .uri("/scim/v2/Users")
        .header("authorization", format!("Bearer {}", crate::support::TOKEN))
        .body(Bytes::from(body(9)))
        .unwrap();
    assert_eq!(client.send(request).status, 201);
}

#[test]
fn a_body_over_the_limit_is_too_large() {
    let client = Client::new();
    let body = format!("{{{}}}", " ".repeat(1024 * 1024));
    assert_eq!(client.with("POST", "/Users", &[], body.as_bytes()).error(), (413, ""));
}

#[test]
fn a_mistyped_fault_or_profile_is_explained() {
    let error = ReferenceServer::builder().fault("delete-answer-200").service().unwrap_err();
    assert!(matches!(error, StartError::Fault { .. }));
    let message = error.to_string();
    assert!(
        message.contains("did you mean delete-answers-200") && message.contains("scimproof faults"),
        "{message}"
    );
    let error =
        ReferenceServer::builder().profile("entra-ready").fault("text-is-no-bolean").service().unwrap_err();
    assert!(error.to_string().contains("did you mean text-is-no-boolean"), "{error}");
    let message = ReferenceServer::builder().profile("rcf").service().unwrap_err().to_string();
    assert!(message.starts_with("there is no profile \"rcf\"; known profiles: "), "{message}");
}
