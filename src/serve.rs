//! `scimproof serve`: starts the bundled reference server.

use reference_server::hostile::{self, Health, Visits};
use reference_server::{ReferenceServer, StartError};
use reports::curl::word;

use crate::args::ServeOptions;
use crate::failure::{Exit, Failure};
use crate::interrupt::Signals;
use crate::{console, credential, profile};

/// The variable that the shown command lines use where the token was made up.
const TOKEN_VARIABLE: &str = reports::curl::SERVED_TOKEN_VARIABLE;

pub(crate) fn run(options: &ServeOptions) -> Result<Exit, Failure> {
    let secret = |option, variable: &Option<String>| {
        variable.as_deref().map(|variable| credential::from_environment(option, variable)).transpose()
    };
    let given = secret("--token-env", &options.token_env)?;
    let admin = secret("--admin-token-env", &options.admin_token_env)?;
    let mut builder =
        ReferenceServer::builder().plays(profile::load(&options.profile)?).listen(options.listen.as_str());
    if let Some(token) = &given {
        builder = builder.token(token.clone());
    }
    if let Some(credential) = admin {
        builder = builder.admin(credential);
    }
    if let Some(url) = &options.public_url {
        builder = builder.public_url(url);
    }
    for fault in &options.fault {
        builder = builder.fault(fault.as_str());
    }
    for variant in &options.variant {
        builder = builder.variant(variant.as_str());
    }
    if let Some(kind) = &options.hostile {
        builder = builder.hostile(kind.as_str());
    }
    let server = builder.start().map_err(|error| failure(&error))?;
    // Somebody may stop the server as soon as it has said that it is there.
    let mut signals = Signals::new()?;
    console::out(&greeting(options, &server, given.is_some()));
    let health = server.health();
    if health.is_some() || options.until_stdin_closes {
        let ends = options.until_stdin_closes;
        std::thread::spawn(move || heed_stdin(health.as_ref(), ends));
    }
    signals.wait();
    if let Some(Visits { requests, credentials }) = server.visits_elsewhere() {
        console::out(&format!(
            "{requests} requests went to the other server, {credentials} of them with a credential\n"
        ));
    }
    console::info("draining");
    server.shutdown();
    Ok(Exit::Pass)
}

/// Each line makes a hostile server good, or hostile again. At the end nobody is left who would want an answer, so that there is
/// nothing to drain.
fn heed_stdin(health: Option<&Health>, ends: bool) {
    // A line that cannot be read is none.
    for _ in std::io::stdin().lines().map_while(Result::ok) {
        if let Some(health) = health {
            health.set_well(!health.is_well());
            console::out(if health.is_well() { "it is good now\n" } else { "it is hostile again\n" });
        }
    }
    if ends {
        #[expect(clippy::disallowed_methods, reason = "a verb of the command line, on a thread of its own")]
        std::process::exit(0);
    }
}

fn greeting(options: &ServeOptions, server: &ReferenceServer, token_was_given: bool) -> String {
    let url = server.base_url();
    let mut text = format!("serving profile {} at {url}\n", options.profile);
    for fault in &options.fault {
        text.push_str(&format!("with the deliberate defect {fault} (scimproof explain {fault})\n"));
    }
    for variant in &options.variant {
        text.push_str(&format!(
            "as the correct server of another kind {variant} (scimproof explain {variant})\n"
        ));
    }
    if let Some(kind) = options.hostile.as_deref().and_then(hostile::find) {
        text.push_str(&format!(
            "as a hostile server: {} (scimproof explain {})\nEnter makes it good, so that what was left behind can be swept; Enter \
             again makes it hostile\n",
            kind.title, kind.name
        ));
    }
    if let Some(authority) = server.authority() {
        text.push_str(&format!(
            "its certificate is signed by this authority; save it to a file and name that: --ca FILE:\n\n{authority}"
        ));
    }
    let variable = options.token_env.as_deref().unwrap_or(TOKEN_VARIABLE);
    if !token_was_given {
        // Made up for this process alone and shown this once, so that somebody can use the server at all.
        text.push_str(&format!("\n  export {TOKEN_VARIABLE}={}\n", server.token().expose()));
    }
    text.push_str(&format!("\n  curl -H \"Authorization: Bearer ${variable}\" {url}/Users\n"));
    let profile = match options.profile.as_str() {
        "rfc" => String::new(),
        other => format!(" --profile {}", word(other)),
    };
    text.push_str(&format!("  scimproof check {url} --token-env {variable}{profile}\n"));
    if let (Some(url), Some(variable)) = (server.admin_url(), &options.admin_token_env) {
        text.push_str(&administration(url, variable, server.is_switched_on()));
    }
    text.push_str("\nCtrl-C stops it.\n");
    text
}

fn administration(url: &str, variable: &str, is_switched_on: bool) -> String {
    let credential = format!("-H \"Authorization: Bearer ${variable}\"");
    let mut text =
        format!("\nfor administrators of the application:\n\n  curl {credential} {url}/settings\n");
    if !is_switched_on {
        text.push_str(&format!(
            "\nProvisioning is switched off. This switches it on, which makes the token valid:\n\n  \
             curl -X PUT {credential} -H \"Content-Type: application/json\" -d '{{\"provisioning\":true}}' {url}/settings\n"
        ));
    }
    text
}

fn failure(error: &StartError) -> Failure {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    match error {
        StartError::Listen { cause: trouble, .. } => {
            let message = format!("{error}{cause}; choose another address with --listen");
            // The command line is right; only somebody else was there first.
            match trouble.kind() {
                std::io::ErrorKind::AddrInUse => Failure::mishap(message),
                _ => Failure::usage(message),
            }
        }
        StartError::Exposed { .. } => {
            Failure::usage(format!("{error}; listen on 127.0.0.1 or leave --admin-token-env out"))
        }
        StartError::Profile(_)
        | StartError::Rules(_)
        | StartError::Fault { .. }
        | StartError::Unseen { .. }
        | StartError::NoOrigin { .. }
        | StartError::Variant { .. }
        | StartError::Hostile { .. }
        | StartError::SharedCredential => Failure::usage(error),
        _ => Failure::mishap(format!("{error}{cause}")),
    }
}
