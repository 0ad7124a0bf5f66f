//! The catalogue as the trials of this test binary: against `SCIMPROOF_URL` (with the bearer token in
//! `SCIMPROOF_TOKEN`), or against the bundled server where that is not set.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test binary has no other way to be told its target"
)]

use std::process::ExitCode;

use client::Target;
use harness::libtest::{self, Subject};
use record::Secret;
use reference_server::ReferenceServer;

fn main() -> ExitCode {
    libtest::main(suites::all(), subject())
}

fn subject() -> Subject {
    let said = |variable| std::env::var(variable).ok().filter(|text| !text.is_empty());
    let Some(url) = said("SCIMPROOF_URL") else {
        let service = ReferenceServer::builder().service().expect("the bundled server");
        let target = Target::new(&format!("http://localhost{}", service.base_path())).expect("a base URL");
        let target = target.bearer(service.token().clone());
        return Subject::service(target, service);
    };
    let target = Target::new(&url).expect("SCIMPROOF_URL is a base URL");
    Subject::url(match said("SCIMPROOF_TOKEN") {
        Some(token) => target.bearer(Secret::new(token)),
        None => target,
    })
}
