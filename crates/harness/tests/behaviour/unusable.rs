//! Addresses at which there is nothing to judge: no run at all, and a message that helps.

use crate::support::{Answer, BASE, Stage, answer, text};
use harness::{RunError, Unusable};
use record::Secret;
use serde_json::json;

fn refusal(stage: &Stage) -> String {
    let error = stage.try_run(&[]).expect_err("no run");
    assert!(matches!(error, RunError::Unusable(_)), "{error:?}");
    error.to_string()
}

#[test]
fn a_web_page_is_no_scim_server() {
    let stage = Stage::scripted(|_, _| Some(text(200, "text/html", "<!doctype html>")));
    let hint = "which is no SCIM; is this the base URL (the part before /Users)?";
    assert_eq!(refusal(&stage), format!("{BASE}/Users?count=1 answers 200 with text/html, {hint}"));
}

#[test]
fn an_address_without_users_is_no_base_url() {
    let stage = Stage::scripted(|_, _| Some(answer(404, &json!({}))));
    assert!(
        refusal(&stage).starts_with(&format!("{BASE}/Users?count=1 answers 404 with application/scim+json"))
    );
}

#[test]
fn a_refused_credential_is_named_as_such() {
    for status in [401, 403] {
        let mut stage = Stage::scripted(move |_, _| Some(answer(status, &json!({}))));
        let how = "with --token-env VAR or --token-file FILE";
        assert_eq!(
            refusal(&stage),
            format!("{BASE}/Users?count=1 needs a credential ({status}); give one {how}")
        );
        stage.target = stage.target.clone().bearer(Secret::new("t0ken-of-ada".to_owned()));
        assert_eq!(
            refusal(&stage),
            format!(
                "{BASE}/Users?count=1 refuses the credential ({status}); give a valid one {how}, or in `auth.bearer` of a target file"
            )
        );
        let secret = || Secret::new("s3cr3t".to_owned());
        stage.target = stage.target.clone().basic("us", secret());
        let told = refusal(&stage);
        assert!(told.ends_with("look at `user` and `password` in [auth.basic] of the target file"), "{told}");
    }
}

#[test]
fn what_calls_itself_json_and_is_none_is_told() {
    let deep = "[".repeat(100_000);
    for (body, wrong) in [
        ("", "an empty body"),
        ("{", "JSON that breaks off"),
        ("hello", "a body that is not JSON"),
        (&deep, "JSON that is nested too deeply to be read"),
    ] {
        let body = body.to_owned();
        let stage =
            Stage::scripted(move |_, _| Some(text(200, "application/scim+json; charset=utf-8", &body)));
        let message = refusal(&stage);
        let told =
            format!("answers 200 with application/scim+json; charset=utf-8 and {wrong}, which is no SCIM");
        assert!(message.contains(&told), "{message}");
    }
}

#[test]
fn a_target_that_limits_requests_is_no_stranger() {
    let stage = Stage::scripted(|_, _| Some(answer(429, &json!({}))));
    assert_eq!(refusal(&stage), format!("{BASE}/Users?count=1 is limiting requests (429); try again later"));
}

#[test]
fn a_redirect_is_named_without_secrets() {
    let mut stage = Stage::scripted(|_, _| {
        Some(text(302, "text/html", "").header("location", "https://sso.example/?of=t0ken-of-ada"))
    });
    stage.target = stage.target.clone().bearer(Secret::new("t0ken-of-ada".to_owned()));
    let message = refusal(&stage);
    assert!(
        message.contains("answers 302 and redirects to https://sso.example/?of=<redacted>;"),
        "{message}"
    );
    assert!(message.contains("redirects are not followed"), "{message}");
}

#[test]
fn a_redirect_to_another_host_is_no_advice_to_show_it_the_credential() {
    let to = |base: &'static str| {
        refusal(&Stage::scripted(move |call, _| {
            Some(text(307, "text/html", "").header("location", &format!("{base}{}", call.path)))
        }))
    };
    let elsewhere = to("https://another.example/scim");
    let told = "so give the base URL https://another.example/scim, if that host may have the credential";
    assert!(elsewhere.ends_with(told), "{elsewhere}");
    let moved = to("http://scim.example/scim/v3");
    assert!(moved.ends_with("so give the base URL http://scim.example/scim/v3"), "{moved}");
}

#[test]
fn a_coding_that_nobody_asked_for_is_told() {
    let packed = || text(200, "application/scim+json", "\u{1f}").header("content-encoding", "gzip");
    let message = refusal(&Stage::scripted(move |_, _| Some(packed())));
    assert!(
        message.contains("application/scim+json in the coding gzip, which was not asked for"),
        "{message}"
    );
}

#[test]
fn a_scim_error_404_asks_for_the_base_url() {
    let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404" });
    let stage = Stage::scripted(move |_, _| Some(answer(404, &body)));
    let told = "answers with a SCIM error 404: is the base URL the part before /Users?";
    assert_eq!(refusal(&stage), format!("{BASE}/Users?count=1 {told}"));
}

/// Discovery may be public. A credential that opens nothing else would turn every check into a riddle.
#[test]
fn a_credential_that_opens_only_discovery_is_refused_too() {
    let mut stage = Stage::scripted(|call, _| {
        let is_public = matches!(call.path.as_str(), "/ServiceProviderConfig" | "/ResourceTypes");
        (!is_public).then(|| answer(401, &json!({})))
    });
    stage.target = stage.target.clone().bearer(Secret::new("t0ken-of-ada".to_owned()));
    assert!(refusal(&stage).starts_with(&format!("{BASE}/Users?count=1 refuses the credential (401)")));
}

#[test]
fn a_target_that_does_not_answer_is_unreachable() {
    let error = Stage::scripted(|_, _| Some(Answer::Closed)).try_run(&[]).expect_err("no run");
    assert!(matches!(error, RunError::Unusable(Unusable::Unreachable { .. })), "{error:?}");
    let message = error.to_string();
    assert!(message.starts_with(&format!("{BASE}/ServiceProviderConfig ")), "{message}");
    assert!(message.contains("the connection was closed"), "{message}");
    let silent = refusal(&Stage::scripted(|_, _| Some(Answer::Never)));
    assert!(silent.contains("no complete answer within 50ms"), "{silent}");
}

#[test]
fn a_message_holds_no_secret() {
    const TOKEN: &str = "t0ken-of-ada";
    let mut stage = Stage::scripted(|_, _| Some(text(200, &format!("text/{TOKEN}"), TOKEN)));
    stage.target = stage.target.clone().bearer(Secret::new(TOKEN.to_owned()));
    let message = refusal(&stage);
    assert!(message.contains("<redacted>") && !message.contains(TOKEN), "{message}");
}

/// Discovery may be missing, where the resources themselves answer.
#[test]
fn a_target_that_describes_nothing_is_judged_by_its_standard_endpoints() {
    let stage = Stage::scripted(|call, _| {
        let describes = matches!(call.path.as_str(), "/ServiceProviderConfig" | "/ResourceTypes" | "/Groups");
        describes.then(|| answer(404, &json!({})))
    });
    let run = stage.run(&[]);
    let offered = ["User.create", "User.delete", "User.list", "User.read", "User.replace"];
    assert_eq!(run.capabilities, offered);
}
