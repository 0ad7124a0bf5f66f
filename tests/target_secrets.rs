//! Secrets that a target file sends for stay inside as the token does, also where everybody repeats them who hears them.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

#[path = "support/forward.rs"]
mod forward;
mod support;

use forward::Forward;
use serde_json::json;
use support::{CANARY, Confidences, Hook, Message, Proxy, Seen, Served, Step, repeat, run, scimproof, token};

/// A proxy in front of a server that repeats everything, and the endpoint that gives it its tokens.
fn gossips_with_tokens(served: &Served, confidences: &Confidences) -> Proxy {
    let (listening, giving) = (confidences.clone(), confidences.clone());
    let before = move |seen: &Seen| {
        if seen.request.path() != "/oauth/token" {
            return Step::Forward;
        }
        let token = json!({
            "access_token": format!("{CANARY}-access-0123"), "refresh_token": format!("{CANARY}-refresh"),
            "token_type": "Bearer", "expires_in": 3600, "said": giving.gossip(),
        });
        let mut answer = Message::response(200, "application/json", token.to_string());
        answer.add("x-debug", &giving.gossip());
        Step::Answer(answer)
    };
    let rewrite = |request: &mut Message| {
        for (name, value) in &mut request.headers {
            if name.eq_ignore_ascii_case("authorization") && value.contains(CANARY) {
                *value = format!("Bearer {}", token());
            }
        }
    };
    let after = move |seen: &Seen, answer| Some(repeat(&listening, seen, answer));
    let (before, rewrite, after) = (Box::new(before), Box::new(rewrite), Box::new(after));
    Proxy::start_with(served, Hook { before, rewrite, after, ..Hook::default() })
}

/// The secret of a client, the token that it is given, the password of a proxy, and a header.
#[test]
fn what_a_target_file_sends_for_is_kept_as_well() {
    let served = Served::start_with_token(&token(), &[]);
    let confidences = Confidences::default();
    let proxy = gossips_with_tokens(&served, &confidences);
    let origin = proxy.url.trim_end_matches("/scim/v2").to_owned();
    let address = origin.trim_start_matches("http://").to_owned();
    let porter = Forward::start(&address, None);
    let (client, password, key) =
        (format!("{CANARY}/+& of a client"), format!("{CANARY} of a proxy"), format!("{CANARY} of a gate"));
    confidences.list().extend([
        client.clone(),
        password.clone(),
        key.clone(),
        format!("{CANARY}-access-0123"),
        format!("{CANARY}-refresh"),
    ]);
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("target.toml");
    let text = format!(
        "url = \"{}\"\n[auth.oauth2]\ntoken_url = \"{origin}/oauth/token\"\nclient_id = \"us\"\n\
         client_secret = {{ env = \"E2E_CLIENT\" }}\nsecret_in = \"body\"\n[headers]\nX-Key = {{ env = \"E2E_KEY\" }}\n\
         [proxy]\nurl = \"{}\"\nuser = \"us\"\npassword = {{ env = \"E2E_PROXY\" }}\n",
        proxy.url, porter.url
    );
    std::fs::write(&file, text).expect("a file");
    let out = dir.path().join("out");
    let mut command = scimproof();
    command.args(["check", "--verbose", "--only", "authentication,create,errors", "--target"]).arg(&file);
    command.arg("--out").arg(&out).env("E2E_CLIENT", client).env("E2E_KEY", key).env("E2E_PROXY", password);
    let ended = run(&mut command).exits(1);
    confidences.are_kept_after(&ended, &out);
    assert!(!porter.starts().is_empty(), "all went through the proxy");
    let text = std::fs::read_to_string(out.join("run.json")).expect("run.json");
    assert!(text.contains("/oauth/token") && text.contains("x-key"), "and all of it is on record");
}

#[test]
fn the_password_of_a_user_is_kept_as_well() {
    let served = Served::start_with_token(&token(), &[]);
    let confidences = Confidences::default();
    let listening = confidences.clone();
    let rewrite = |request: &mut Message| {
        for (name, value) in &mut request.headers {
            if name.eq_ignore_ascii_case("authorization") && value.starts_with("Basic ") {
                *value = format!("Bearer {}", token());
            }
        }
    };
    let after = move |seen: &Seen, answer| Some(repeat(&listening, seen, answer));
    let hook = Hook { rewrite: Box::new(rewrite), after: Box::new(after), ..Hook::default() };
    let proxy = Proxy::start_with(&served, hook);
    // Both the password and what Basic authentication makes of it.
    confidences.list().extend([format!("{CANARY}/+&<"), "dXM6Y0FuQXJZN2YzZTliMmQvKyY8".to_owned()]);
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("target.toml");
    let text = format!(
        "url = \"{}\"\n[auth.basic]\nuser = \"us\"\npassword = {{ env = \"E2E_PASSWORD\" }}\n",
        proxy.url
    );
    std::fs::write(&file, text).expect("a file");
    let out = dir.path().join("out");
    let mut command = scimproof();
    command.args(["check", "--only", "authentication,create", "--target"]).arg(&file);
    command.arg("--out").arg(&out).env("E2E_PASSWORD", format!("{CANARY}/+&<"));
    let ended = run(&mut command).exits(1);
    confidences.are_kept_after(&ended, &out);
}
