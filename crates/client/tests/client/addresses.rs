//! Which base URLs are targets, and where a request's path may lead.

use std::convert::Infallible;

use crate::support::{block_on, client};
use bytes::Bytes;
use client::{Connect, InProcess, Request, Target, TargetError, TransportError};
use record::Secret;

/// A service that says which host and path it was asked for.
fn echo() -> impl Connect {
    InProcess::new(tower::service_fn(|request: http::Request<Bytes>| async move {
        let host = request.headers().get("host").and_then(|host| host.to_str().ok()).unwrap_or("?");
        let uri = request.uri();
        Ok::<_, Infallible>(http::Response::new(Bytes::from(format!("{host} {uri}"))))
    }))
}

/// Where a path below `http://scim.example/v2` leads, or why nowhere.
fn ask(path: &str) -> Result<String, TransportError> {
    let target = Target::new("http://scim.example/v2").expect("a target");
    let (client, _) = client(target.bearer(Secret::new("t0ken".to_owned())), &echo());
    let sent = block_on(client.send(Request::get(path), None));
    match sent.outcome {
        Ok(answer) => Ok(String::from_utf8_lossy(&answer.body).into_owned()),
        Err(error) => Err((*error).clone()),
    }
}

#[test]
fn a_base_is_an_absolute_url_and_nothing_more() {
    let base = |text| Target::new(text).map(|target| target.base().to_owned());
    assert_eq!(base("https://Scim.Example:443/scim/v2/"), Ok("https://scim.example/scim/v2".to_owned()));
    assert_eq!(base("http://127.0.0.1:8080"), Ok("http://127.0.0.1:8080".to_owned()));
    assert_eq!(base("localhost:8080/scim"), Err(TargetError::Scheme));
    assert_eq!(base("file:///etc/passwd"), Err(TargetError::Scheme));
    assert_eq!(base("https://a.example/?x"), Err(TargetError::Query));
    assert_eq!(base("https://a.example/#x"), Err(TargetError::Fragment));
    assert!(matches!(base("scim"), Err(TargetError::NotAUrl { .. })));
    assert!(matches!(base(""), Err(TargetError::NotAUrl { .. })));
}

#[test]
fn a_refused_base_is_not_repeated() {
    for text in
        ["https://ada:s3cr3t@a.example", "s3cr3t@a.example", "https://ada:s3cr3t@", "s3cr3t:x@a.example"]
    {
        let error = Target::new(text).expect_err("user information is refused");
        assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{error}");
    }
    assert_eq!(Target::new("https://ada@a.example").map(|_| ()), Err(TargetError::UserInfo));
}

#[test]
fn only_this_machine_is_loopback() {
    let loopback = |base| Target::new(base).expect("a target").is_loopback();
    for base in ["http://localhost:1", "http://127.9.8.7", "https://[::1]:8443/scim", "http://LOCALHOST"] {
        assert!(loopback(base), "{base}");
    }
    for base in
        ["http://localhost.example", "http://128.0.0.1", "http://[::2]", "http://10.0.0.1", "http://0.0.0.0"]
    {
        assert!(!loopback(base), "{base}");
    }
}

#[test]
fn a_path_is_below_the_base() {
    assert_eq!(ask("/Users/1?x=y"), Ok("scim.example /v2/Users/1?x=y".to_owned()));
    assert_eq!(ask("Users/1"), Ok("scim.example /v2/Users/1".to_owned()));
    assert_eq!(ask(""), Ok("scim.example /v2".to_owned()));
    assert_eq!(ask("?count=1"), Ok("scim.example /v2?count=1".to_owned()));
    assert_eq!(ask("/Users#top"), Ok("scim.example /v2/Users".to_owned()));
    assert_eq!(ask("http://scim.example:80/other"), Ok("scim.example /other".to_owned()));
}

#[test]
fn no_path_leads_to_another_host() {
    for path in [
        "@evil.example/x",
        ".evil.example/x",
        ":81/x",
        "//evil.example/x",
        "/\\evil.example/x",
        "/@evil.example",
    ] {
        let seen = ask(path).expect("an answer");
        assert!(seen.starts_with("scim.example /v2/"), "{path}: {seen}");
    }
    for url in [
        "https://scim.example/v2",
        "http://scim.example:81/v2",
        "HTTP://evil.example/",
        "ftp://scim.example/",
        "file:///x",
    ] {
        let error = ask(url).expect_err("another origin");
        assert!(matches!(error, TransportError::ForeignOrigin { .. }), "{url}: {error:?}");
    }
    let error = ask("http://ada:pw@scim.example/v2").expect_err("user information");
    assert!(matches!(error, TransportError::Unsendable { .. }), "{error:?}");
}

#[test]
fn what_http_cannot_carry_is_our_mistake() {
    let (client, recorder) = client(Target::new("http://scim.example").expect("a target"), &echo());
    for request in [
        Request::get("/Users").header("no name", "x"),
        Request::get("/Users").header("x-a", "s3cr3t\r\nx-b: c"),
        Request::get("/Users").bearer(Secret::new("s3cr3t\n".to_owned())),
        Request::get("http://"),
    ] {
        let sent = block_on(client.send(request, None));
        let error = sent.outcome.expect_err("nothing to send");
        assert!(matches!(*error, TransportError::Unsendable { .. }), "{error:?}");
        assert!(!error.to_string().contains("s3cr3t"));
    }
    assert!(recorder.exchanges().iter().all(|exchange| exchange.error.is_some()));
}

#[test]
fn query_values_are_encoded() {
    let request = Request::get("/Users").query("filter", r#"userName eq "a&b=é+""#).query("count", "1");
    assert_eq!(request.path(), "/Users?filter=userName%20eq%20%22a%26b%3D%C3%A9%2B%22&count=1");
}
