//! The catalogue as the trials of a test binary. This binary is its own subject: called with [`ROLE`] set it is the
//! test binary of somebody's server, otherwise it calls itself so and reads what comes out.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test binary may panic and ask its environment"
)]

use std::convert::Infallible;
use std::process::{Command, ExitCode};

use bytes::Bytes;
use client::Target;
use harness::expect::{present, status};
use harness::libtest::{self, Subject};
use harness::{Check, Expectation, History, Outcome, Probe, capability};
use http_body_util::Full;
use libtest_mimic::{Arguments, Failed, Trial};
use record::{Level, ReqId, Requirement};

const ROLE: &str = "HARNESS_LIBTEST_ROLE";

const fn requirement(id: &'static str, level: Level) -> Requirement {
    Requirement {
        id,
        slug: "a-requirement",
        document: "RFC7644",
        section: "3.6",
        level,
        binds: "server",
        testable: "yes",
        capability: "core",
        paraphrase: "The server does so",
        how_to_test: "",
    }
}

const MUST: ReqId = ReqId::new(&requirement("RFC7644-3.6-R1", Level::Must));
const SHOULD: ReqId = ReqId::new(&requirement("RFC7644-3.6-R2", Level::Should));

const CHECKS: &[Check] = &[
    Check::active("a.passes", &passes).title("it passes").verifies(&[MUST]),
    Check::active("a.warns", &fails).title("it warns").verifies(&[SHOULD]),
    Check::active("a.fails", &fails).title("it fails").verifies(&[MUST]),
    Check::active("a.blocked", &blocked).title("it is blocked").verifies(&[MUST]),
    Check::active("a.panics", &panics).title("it panics").verifies(&[MUST]),
    Check::active("a.not-offered", &passes)
        .title("it is not offered")
        .verifies(&[MUST])
        .needs(&[capability::VERSION_USER]),
    Check::passive("w.idle", &idle).title("it sees nothing").verifies(&[MUST]),
];

fn passes(probe: &mut Probe) -> Outcome {
    probe.get("/Users")?.expect(status(200))
}

fn fails(probe: &mut Probe) -> Outcome {
    probe.get("/Users")?.expect(status(418))
}

fn blocked(probe: &mut Probe) -> Outcome {
    probe.get("/Users")?.require(present("/nothing"))
}

fn panics(_: &mut Probe) -> Outcome {
    std::panic::resume_unwind(Box::new("no luck"))
}

fn idle(_: &client::Seen<'_>, _: &History) -> Vec<Expectation> {
    Vec::new()
}

fn main() -> ExitCode {
    match std::env::var(ROLE).as_deref() {
        Ok("service") => libtest::main(CHECKS, Subject::service(target(), tower::service_fn(service))),
        Ok("router") => libtest::main(CHECKS, Subject::router(target(), tower::service_fn(router))),
        Ok("web page") => libtest::main(CHECKS, Subject::service(target(), tower::service_fn(web_page))),
        _ => {
            let trials = vec![
                Trial::test("verdicts_become_trials", || verdicts_become_trials("service")),
                Trial::test("a_router_is_a_subject_too", || verdicts_become_trials("router")),
                Trial::test("one_trial_can_be_chosen", one_trial_can_be_chosen),
                Trial::test("listing_asks_nothing", listing_asks_nothing),
                Trial::test("an_unusable_target_fails_each_trial", an_unusable_target_fails_each_trial),
            ];
            libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
        }
    }
}

fn target() -> Target {
    Target::new("http://scim.example").expect("a target")
}

fn answer(path: &str) -> Bytes {
    Bytes::from_static(match path {
        "/ResourceTypes" => br#"{"Resources": [{"name": "User", "endpoint": "/Users"}]}"#,
        _ => br#"{"totalResults": 0}"#,
    })
}

async fn service(request: http::Request<Bytes>) -> Result<http::Response<Bytes>, Infallible> {
    Ok(http::Response::new(answer(request.uri().path())))
}

async fn router(request: http::Request<Full<Bytes>>) -> Result<http::Response<Full<Bytes>>, Infallible> {
    Ok(http::Response::new(Full::new(answer(request.uri().path()))))
}

async fn web_page(_: http::Request<Bytes>) -> Result<http::Response<Bytes>, Infallible> {
    Ok(http::Response::new(Bytes::from_static(b"<!doctype html>")))
}

/// What this binary says in a role, and whether it calls that a success.
fn said(role: &str, arguments: &[&str]) -> (String, bool) {
    let this = std::env::current_exe().expect("this program");
    let output = Command::new(this).args(arguments).env(ROLE, role).output().expect("this program");
    (String::from_utf8(output.stdout).expect("text"), output.status.success())
}

fn shows(text: &str, line: &str) -> Result<(), Failed> {
    // The columns are as wide as the widest trial.
    let squeezed: Vec<String> =
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    if squeezed.iter().any(|found| found.starts_with(line)) {
        Ok(())
    } else {
        Err(format!("{line:?} is not in\n{text}").into())
    }
}

fn holds(what: &str, is_so: bool) -> Result<(), Failed> {
    if is_so { Ok(()) } else { Err(what.into()) }
}

fn verdicts_become_trials(role: &str) -> Result<(), Failed> {
    let (text, success) = said(role, &[]);
    shows(&text, "test [MUST] a.passes ... ok")?;
    shows(&text, "test [SHOULD] a.warns ... ok")?;
    shows(&text, "test [MUST] a.fails ... FAILED")?;
    shows(&text, "MUST RFC 7644 §3.6: The server does so")?;
    shows(&text, "at status: expected 418, got 200")?;
    shows(&text, "test [MUST] a.blocked ... FAILED")?;
    shows(&text, "blocked: GET /Users: expected a value")?;
    shows(&text, "test [MUST] a.panics ... FAILED")?;
    shows(&text, "our own mishap: the check panicked: no luck")?;
    shows(&text, "test [MUST] a.not-offered ... ignored (the target does not offer User.version)")?;
    shows(&text, "test [MUST] w.idle ... ignored (no exchange of this run shows anything")?;
    holds("a failed trial makes the binary fail", !success)
}

fn one_trial_can_be_chosen() -> Result<(), Failed> {
    let (text, success) = said("service", &["--exact", "a.passes"]);
    shows(&text, "test result: ok. 1 passed")?;
    holds("nothing else counts", success)
}

fn listing_asks_nothing() -> Result<(), Failed> {
    let (text, success) = said("web page", &["--list"]);
    for check in CHECKS {
        let level = check.requirements.first().map_or("", |requirement| requirement.level.as_str());
        shows(&text, &format!("[{level}] {}: test", check.id))?;
    }
    holds("a list is no failure", success)
}

fn an_unusable_target_fails_each_trial() -> Result<(), Failed> {
    let (text, success) = said("web page", &["a.passes"]);
    shows(&text, "test [MUST] a.passes ... FAILED")?;
    shows(&text, "http://scim.example/Users?count=1 answers 200 with no media type, which is no SCIM")?;
    holds("no run is no success", !success)
}
