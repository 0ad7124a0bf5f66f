//! Canaries: secrets that a server throws back in every form it can think of are nowhere on record.

use std::convert::Infallible;

use crate::support::{block_on, client};
use bytes::Bytes;
use client::{Connect, InProcess, Method, Request, Target};
use record::{Exchange, Secret};
use serde_json::{Value, json};

const TOKEN: &str = "t0k\"en/can\\ary é1&<x>";
const PLAIN_TOKEN: &str = "t0ken.canary-A/1+b==";
const OWN: &str = "0wn-canary'\"/";
const PASSWORD: &str = "p4ss\"c0de\\can/ary ü";

/// Answers with a fixed body and header, whatever is asked.
fn saying(headers: &[(&str, &str)], body: &str) -> impl Connect + use<> {
    let mut response = http::Response::new(Bytes::from(body.to_owned()));
    for (name, value) in headers {
        let name = http::HeaderName::try_from(*name);
        if let (Ok(name), Ok(value)) = (name, http::HeaderValue::from_bytes(value.as_bytes())) {
            response.headers_mut().append(name, value);
        }
    }
    InProcess::new(tower::service_fn(move |_: http::Request<Bytes>| {
        let response = response.clone();
        async { Ok::<_, Infallible>(response) }
    }))
}

fn recorded(target: Target, connect: &dyn Connect, request: Request) -> Exchange {
    let (client, recorder) = client(target, connect);
    let _ = block_on(client.send(request, None));
    let [exchange] = recorder.exchanges().try_into().expect("one exchange");
    exchange
}

fn target() -> Target {
    Target::new("http://scim.example").expect("a target")
}

fn response_text(exchange: &Exchange) -> &str {
    let body = exchange.response.as_ref().and_then(|response| response.body.as_ref());
    body.map_or("", |body| body.text.as_str())
}

fn request_text(exchange: &Exchange) -> &str {
    exchange.request.body.as_ref().map_or("", |body| body.text.as_str())
}

/// The forms in which a server may give a text back.
fn forms(secret: &str) -> Vec<String> {
    let json = json!(secret).to_string();
    let json = json[1..json.len() - 1].to_owned();
    let ascii: String =
        json.chars().map(|c| if c.is_ascii() { c.into() } else { format!("\\u{:04x}", c as u32) }).collect();
    let query = Request::get("").query("x", secret).path()[3..].to_owned();
    let html = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    vec![
        secret.to_owned(),
        json.replace('/', "\\/"),
        ascii,
        json,
        query.replace("%20", "+"),
        query,
        html.replace('\'', "&#39;"),
    ]
}

/// Nothing of a secret is left: each is cut at its odd characters, and no piece of it may show.
fn assert_clean(exchange: &Exchange, secrets: &[&str]) {
    let text = serde_json::to_string(exchange).expect("an exchange");
    for secret in secrets {
        for piece in secret.split(|c: char| !c.is_alphanumeric()).filter(|piece| piece.len() >= 4) {
            assert!(!text.contains(piece), "{piece:?} of {secret:?} is in {text}");
        }
    }
}

#[test]
fn echoed_secrets_are_nowhere_on_record() {
    let secrets = [PLAIN_TOKEN, OWN, PASSWORD, TOKEN];
    let request = || {
        Request::post("/Users")
            .query(
                "filter",
                &format!("password eq \"{PASSWORD}\" or x eq \"{OWN}\" or y eq \"{PLAIN_TOKEN}\""),
            )
            .bearer(Secret::new(OWN.to_owned()))
            .header("x-echo", &format!("{PASSWORD} {OWN}"))
            .header("cookie", &format!("session={PLAIN_TOKEN}"))
            .json(&json!({"userName": "ada", "password": PASSWORD, "note": format!("{OWN} {PASSWORD}")}))
    };
    for secret in secrets {
        for form in forms(secret) {
            let body = format!("<p>{form}</p>");
            let headers = [
                ("x-echo", form.as_str()),
                ("set-cookie", &form),
                ("authorization", &form),
                ("location", &form),
            ];
            for body in [body, json!({ "detail": form }).to_string(), format!("{{\"detail\":\"{form}\"}}")] {
                // The token of the other secrets' target is learned as well, so that each is known in its own way.
                let token = if secret == TOKEN { TOKEN } else { PLAIN_TOKEN };
                let target = target().bearer(Secret::new(token.to_owned()));
                assert_clean(&recorded(target, &saying(&headers, &body), request()), &[secret]);
            }
        }
    }
}

#[test]
fn credentials_keep_their_scheme_only() {
    let target = target().bearer(Secret::new(PLAIN_TOKEN.to_owned()));
    let headers = [("set-cookie", "sid=canary1; Path=/"), ("set-cookie", "b=canary2"), ("etag", "W/\"1\"")];
    let request = Request::get("/").header("Proxy-Authorization", "canary3").header("Cookie", "a=canary4");
    let exchange = recorded(target, &saying(&headers, ""), request);
    let seen: Vec<_> = exchange.request.headers.iter().map(|h| (h.name.as_str(), h.value.as_str())).collect();
    assert!(seen.contains(&("authorization", "Bearer <redacted>")), "{seen:?}");
    assert!(seen.contains(&("proxy-authorization", "<redacted>")), "{seen:?}");
    assert!(seen.contains(&("cookie", "<redacted>")), "{seen:?}");
    let response = exchange.response.expect("a response");
    let seen: Vec<_> = response.headers.iter().map(|h| (h.name.as_str(), h.value.as_str())).collect();
    assert_eq!(seen, [("set-cookie", "<redacted>"), ("set-cookie", "<redacted>"), ("etag", "W/\"1\"")]);
}

#[test]
fn passwords_are_replaced_at_any_depth_in_any_case() {
    let body = json!({
        "PassWord": "canary-1",
        "urn:ietf:params:scim:schemas:core:2.0:User:password": "canary-2",
        "Resources": [{"deep": {"password": ["canary-3", {"x": "canary-4"}]}}, {"password": 12_345_678}],
        "Operations": [
            {"op": "replace", "path": "password", "value": "canary-5"},
            {"op": "add", "Path": "urn:x:User:Password", "Value": {"a": "canary-6"}},
            {"op": "add", "path": "title", "value": "kept"}
        ],
        "changePassword": {"supported": true}
    });
    let exchange = recorded(target(), &saying(&[], &body.to_string()), Request::post("/Bulk").json(&body));
    for text in [response_text(&exchange), request_text(&exchange)] {
        assert!(!text.contains("canary") && !text.contains("12345678"), "{text}");
        let clean: Value = serde_json::from_str(text).expect("still JSON");
        assert_eq!(clean["PassWord"], "<redacted>");
        assert_eq!(clean["Operations"][2]["value"], "kept");
        assert_eq!(clean["changePassword"]["supported"], true);
    }
}

#[test]
fn passwords_hide_neither_behind_duplicates_nor_in_broken_json() {
    for body in [
        r#"{"a":{"password":"canary"},"a":1}"#,
        r#"{"password":"canary","password":null}"#,
        r#"{"p\u0061ssword":"canary"}"#,
        r#"{"userName":"ada","password" : "can\"ary", oops"#,
        r#"{"userName":"ada","PASSWORD":"canary"#,
        r#"{"password":canary}"#,
    ] {
        let exchange =
            recorded(target(), &saying(&[], body), Request::post("/Users").body("application/json", body));
        for text in [response_text(&exchange), request_text(&exchange)] {
            assert!(!text.contains("ary") && !text.is_empty(), "{body}: {text}");
        }
    }
    let broken = r#"{"userName":"ada","password" : "can\"ary", oops"#;
    let exchange = recorded(target(), &saying(&[], broken), Request::get("/"));
    assert_eq!(response_text(&exchange), r#"{"userName":"ada","password" : "<redacted>", oops"#);
}

#[test]
fn a_body_without_secrets_is_kept_byte_for_byte() {
    let body =
        "{ \"b\" : 1.0,\r\n\t\"a\":\"x\\u0041\\/\", \"a\":2, \"changePassword\" : {\"supported\":true} }\n";
    let exchange =
        recorded(target(), &saying(&[], body), Request::post("/Users").body("application/json", body));
    assert_eq!((response_text(&exchange), request_text(&exchange)), (body, body));
}

#[test]
fn ordinary_words_are_not_taken_for_secrets() {
    let request = Request::new(Method::POST, "/Users")
        .header("authorization", "Bearer invalid")
        .json(&json!({"password": "password"}));
    let body = r#"{"scimType":"invalidValue","detail":"the password is too short"}"#;
    let exchange = recorded(target(), &saying(&[], body), request);
    assert_eq!(response_text(&exchange), body);
    assert_eq!(request_text(&exchange), r#"{"password":"<redacted>"}"#);
}

#[test]
fn debug_output_holds_no_secret() {
    let target = target().bearer(Secret::new("canary-1".to_owned()));
    let request = Request::post("/Users?x=canary-2")
        .bearer(Secret::new("canary-2".to_owned()))
        .header("Authorization", "Bearer canary-3")
        .header("Cookie", "canary-4")
        .header("x-echo", "canary-2")
        .json(&json!({"password": "canary-5"}));
    let (client, recorder) = client(target.clone(), &saying(&[], ""));
    let text = format!("{target:?} {request:?} {client:?} {recorder:?}");
    assert!(!text.contains("canary"), "{text}");
}

#[test]
fn a_request_that_keeps_secrets_shows_neither_the_credential_nor_a_secret_header() {
    let heard = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let told = std::sync::Arc::clone(&heard);
    let service = tower::service_fn(move |request: http::Request<Bytes>| {
        told.lock().expect("nobody panicked").push(request.headers().clone());
        async { Ok::<_, Infallible>(http::Response::new(Bytes::new())) }
    });
    let token = Secret::new(PLAIN_TOKEN.to_owned());
    let target = target().bearer(token).header("x-tenant", "acme").expect("a header");
    let target = target.secret_header("x-gate", Secret::new("g4te-canary".to_owned())).expect("a header");
    let (client, _) = client(target, &InProcess::new(service));
    for request in [Request::get("/1").keeping_secrets(), Request::get("/1").anonymous()] {
        assert!(block_on(client.send(request, None)).outcome.is_ok());
    }
    let heard = heard.lock().expect("nobody panicked");
    let shows = |name: &str| heard.iter().map(|headers| headers.contains_key(name)).collect::<Vec<_>>();
    assert_eq!(shows("x-tenant"), [true, true]);
    assert_eq!(shows("authorization"), [false, false]);
    // A gateway in front of a server is to let those through who show that no credential.
    assert_eq!(shows("x-gate"), [false, true]);
}
