//! Servers that take e-mail addresses of their own domain alone: `doctor` finds out, and every verb makes up addresses of that domain.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use support::{
    Hook, Message, Proxy, Report, Seen, Served, Step, TOKEN, TOKEN_VARIABLE, files, run, scimproof,
};

/// What the server calls its own.
const OWN: &str = "@acme.test";

/// A server that wants addresses of its domain, and userNames that are such addresses where they have to be.
fn of_a_domain(served: &Served, names_are_addresses: bool, said: &'static str) -> Proxy {
    let before = move |seen: &Seen| match refused(&seen.request, names_are_addresses) {
        true => {
            let body = serde_json::json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
                "status": "400", "scimType": "invalidValue", "detail": said,
            });
            Step::Answer(Message::response(400, "application/scim+json", body.to_string()))
        }
        false => Step::Forward,
    };
    Proxy::start_with(served, Hook { before: Box::new(before), ..Hook::default() })
}

/// Whether a write holds an address of another domain.
fn refused(request: &Message, names_are_addresses: bool) -> bool {
    let writes = ["POST", "PUT", "PATCH"].contains(&request.method()) && request.path().contains("/Users");
    if !writes || request.path().contains(".search") {
        return false;
    }
    let body = request.json();
    let mut addresses = Vec::new();
    gather(&body, &mut addresses);
    let foreign = addresses.iter().any(|address| !address.to_lowercase().ends_with(OWN));
    let name = body["userName"].as_str().filter(|_| request.method() != "PATCH");
    let is_plain = name.is_some_and(|name| !name.is_empty() && !name.contains('@'));
    foreign || names_are_addresses && is_plain
}

fn gather(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.contains('@') && !text.contains(['[', ' ']) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
        Value::Object(parts) => {
            let plain = parts.iter().filter(|(name, _)| *name != "$ref" && *name != "path");
            plain.for_each(|(_, part)| gather(part, found));
        }
        _ => {}
    }
}

fn command(dir: &Path, words: &[&str]) -> Command {
    let mut command = scimproof();
    command.args(words).env(TOKEN_VARIABLE, TOKEN).current_dir(dir);
    command
}

const AREAS: &str = "create,replace,patch,filter,list,readings,robustness,sort,search,projection";

/// The checks that were through, and how those ended that could not be.
fn checked(dir: &Path) -> (BTreeSet<String>, BTreeSet<String>) {
    run(&mut command(dir, &["check", "--target", "target.toml", "--only", AREAS]));
    let report = Report::read(&dir.join("scimproof-report"));
    assert!(report.ended("fail").is_empty(), "{:?}", report.ended("fail"));
    let short = report.ended("blocked").into_iter().chain(report.ended("not-supported"));
    (report.ended("pass").into_iter().collect(), short.collect())
}

/// Checks of the same server behind no such rule.
fn unruled(served: &Served) -> (BTreeSet<String>, BTreeSet<String>) {
    let dir = tempfile::tempdir().expect("a directory");
    let file = format!("url = \"{}\"\n[auth.bearer]\ntoken = {{ env = \"{TOKEN_VARIABLE}\" }}\n", served.url);
    std::fs::write(dir.path().join("target.toml"), file).expect("a file");
    checked(dir.path())
}

#[test]
fn a_domain_that_a_refusal_names_is_found_and_every_check_is_through() {
    let served = Served::start(&[]);
    let free = unruled(&served);
    let front = of_a_domain(&served, false, "e-mail addresses have to be of the domain acme.test");
    let dir = tempfile::tempdir().expect("a directory");
    let looked = ["doctor", &front.url, "--token-env", TOKEN_VARIABLE, "--write", "target.toml"];
    run(&mut command(dir.path(), &looked)).exits(0).says(&[
        "addresses-of-a-domain",
        "an address of example.com is refused",
        "--domain acme.test",
        "domain = \"acme.test\"",
    ]);
    let file = std::fs::read_to_string(dir.path().join("target.toml")).expect("the file");
    assert!(file.contains("\ndomain = \"acme.test\""), "{file}");
    assert_eq!(checked(dir.path()), free);
    served.assert_empty_of_users();
}

#[test]
fn where_names_are_addresses_too_those_of_the_user_stay_free() {
    let served = Served::start(&[]);
    let free = unruled(&served);
    let front = of_a_domain(&served, true, "the userName has to be an e-mail address of this customer");
    let dir = tempfile::tempdir().expect("a directory");
    let looked = ["doctor", &front.url, "--token-env", TOKEN_VARIABLE, "--write", "target.toml"];
    run(&mut command(dir.path(), &looked)).exits(3).says(&["--domain DOMAIN"]);
    std::fs::remove_file(dir.path().join("target.toml")).expect("the file");
    run(command(dir.path(), &looked).args(["--domain", "acme.test"])).exits(0);
    let file = std::fs::read_to_string(dir.path().join("target.toml")).expect("the file");
    assert!(file.contains("\ndomain = \"acme.test\""), "{file}");
    assert!(file.contains("userName = \"{name}@{domain}\"") && !file.contains("{userName}@"), "{file}");
    let (passed, short) = checked(dir.path());
    let lacking: Vec<&String> = free.0.difference(&passed).collect();
    assert!(lacking.is_empty(), "{lacking:?}, {short:?}");
    served.assert_empty_of_users();
}

#[test]
fn a_client_that_is_played_and_a_load_keep_to_the_domain() {
    let served = Served::start(&["--profile", "entra-ready"]);
    let front = of_a_domain(&served, true, "addresses have to be of this customer");
    let dir = tempfile::tempdir().expect("a directory");
    let file = "domain = \"other.test\"\n[samples.User]\nuserName = \"{name}@{domain}\"\n";
    let file =
        format!("url = \"{}\"\n{file}[auth.bearer]\ntoken = {{ env = \"{TOKEN_VARIABLE}\" }}\n", front.url);
    std::fs::write(dir.path().join("target.toml"), file).expect("a file");
    let target = ["--target", "target.toml", "--domain", "acme.test"];
    for scenario in ["rename", "groups-and-managers", "create-with-manager", "steady-state"] {
        run(command(dir.path(), &["sync", scenario]).args(target)).exits(0);
    }
    let load = command(dir.path(), &["load", "short-proof", "--executor", "closed"]).args(target).output();
    let load = load.expect("a load");
    let told = String::from_utf8_lossy(&load.stdout);
    assert!(told.contains("(0 of ") && !told.contains("left out"), "{told}");
    let run = &Report::read(&dir.path().join("scimproof-report")).run;
    assert!(run["command"].as_str().expect("a command").contains("--domain acme.test"), "{}", run["command"]);
    let left = files(&dir.path().join("scimproof-report"));
    assert!(!left.iter().any(|name| name.starts_with("journal-")), "{left:?}");
    served.assert_empty_of_users();
}
