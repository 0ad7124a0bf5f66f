//! The application behind the endpoints, as whoever starts `scimproof serve` sees it.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::process::Command;

use serde_json::Value;
use support::{Message, PATIENCE, Running, TOKEN, TOKEN_VARIABLE, run, scimproof};

const ADMIN: &str = "e2e-admin-91b7aa";
const ADMIN_VARIABLE: &str = "SCIMPROOF_E2E_ADMIN";

/// `scimproof serve` on a free port, for administrators too.
fn serve(profile: &str, options: &[&str]) -> Command {
    let mut command = scimproof();
    command.args(["serve", "--profile", profile]);
    let listen: &[&str] = if options.contains(&"--listen") { &[] } else { &["--listen", "127.0.0.1:0"] };
    command.args(listen).args(["--admin-token-env", ADMIN_VARIABLE]).args(options);
    command.env(ADMIN_VARIABLE, ADMIN).env(TOKEN_VARIABLE, TOKEN);
    command
}

/// The commands of the README's section about the application, for a server at another address.
fn commands_of_the_readme(address: &str) -> String {
    let section = include_str!("../README.md").split("\n## The application behind the endpoints\n").nth(1);
    let block = section.expect("the section").split("```sh\n").find(|block| block.starts_with("curl "));
    let block = block.expect("a block of commands").split("```").next().expect("its text");
    block.replace("127.0.0.1:8080", address).replace("curl ", "curl --silent --show-error ")
}

fn address(running: &Running) -> String {
    let line = running.next_line();
    let rest = line.split("http://").nth(1).expect("a URL");
    rest.split('/').next().expect("an address").to_owned()
}

#[test]
fn the_readmes_commands_show_what_administrators_see() {
    let running = Running::start(&mut serve("bonusly", &["--token-env", TOKEN_VARIABLE]));
    let commands = commands_of_the_readme(&address(&running));
    let mut shell = Command::new("sh");
    let ended = run(shell.args(["-ec", &commands]).env("TOKEN", TOKEN).env("ADMIN", ADMIN)).exits(0);
    let answers: Vec<Value> = serde_json::Deserializer::from_str(&ended.stdout)
        .into_iter()
        .collect::<Result<_, _>>()
        .expect("answers in JSON");
    let [ada, managers, outbox, token] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!(managers["waiting"][0]["user"], ada["id"]);
    assert_eq!(managers["waiting"][0]["named"], "eva@example.com");
    assert_eq!(outbox["mails"][0]["to"], "ada@example.com");
    assert_eq!(token["name"], "for the pilot");
    assert!(token["token"].as_str().is_some_and(|text| text.len() >= 32), "{token}");
}

#[test]
fn the_greeting_tells_the_address_and_no_credential() {
    let running = Running::start(&mut serve("bonusly", &["--token-env", TOKEN_VARIABLE]));
    let url = format!("http://{}/admin/api/settings", address(&running));
    assert_eq!(Message::get(&url, ADMIN).expect("an answer").json()["provisioning"], true);
    running.signal("INT");
    let ended = running.wait(PATIENCE).exits(0).says(&[&format!("Bearer ${ADMIN_VARIABLE}\" {url}")]);
    for secret in [ADMIN, TOKEN] {
        assert!(!ended.stdout.contains(secret) && !ended.stderr.contains(secret), "{ended:?}");
    }
}

#[test]
fn the_greeting_says_how_to_switch_provisioning_on() {
    let running = Running::start(&mut serve("blogin", &[]));
    // Whoever gets the first line gets the rest as well.
    address(&running);
    running.signal("INT");
    running.wait(PATIENCE).exits(0).says(&["Provisioning is switched off", r#"{"provisioning":true}"#]);
}

#[test]
fn what_cannot_be_served_is_refused_with_a_way_out() {
    let exposed = run(&mut serve("rfc", &["--listen", "0.0.0.0:0"])).exits(2);
    exposed.complains(&["the admin API is for this machine alone", "leave --admin-token-env out"]);
    let shared = run(&mut serve("rfc", &["--token-env", ADMIN_VARIABLE])).exits(2);
    shared.complains(&["the credential of the admin API is a SCIM token too"]);
    let mut unset = serve("rfc", &[]);
    run(unset.env_remove(ADMIN_VARIABLE))
        .exits(2)
        .complains(&["--admin-token-env SCIMPROOF_E2E_ADMIN: there is no"]);
}
