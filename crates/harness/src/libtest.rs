//! The catalogue as the trials of a test binary.
//!
//! ```no_run
//! // tests/conformance.rs, with `harness = false` in Cargo.toml
//! # let checks: &'static [harness::Check] = &[];
//! let target = client::Target::new("http://127.0.0.1:8080/scim/v2").expect("a base URL");
//! harness::libtest::main(checks, harness::libtest::Subject::url(target))
//! # ;
//! ```

use std::convert::Infallible;
use std::fmt::Display;
use std::hash::{BuildHasher as _, RandomState};
use std::panic::resume_unwind;
use std::pin::pin;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use bytes::{Bytes, BytesMut};
use client::{AnswerLimit, Connect, InProcess, Socket, SystemClock};
use http_body_util::{BodyExt, Full};
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use record::{CheckKind, Checks, Verdict};
use tower::ServiceExt as _;

pub use client::Target;
pub use record::Secret;

use crate::check::Check;
use crate::runner::{RunOptions, Runner};

/// What the trials run against.
pub struct Subject {
    target: Target,
    connect: Arc<dyn Connect>,
}

impl Subject {
    /// A server at a URL.
    #[must_use]
    pub fn url(target: Target) -> Self {
        Self { target, connect: Arc::new(Socket::default()) }
    }

    /// A tower service in this process; the target gives base URL and credential.
    #[must_use]
    pub fn service<S>(target: Target, service: S) -> Self
    where
        S: tower::Service<http::Request<Bytes>, Response = http::Response<Bytes>, Error = Infallible>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send,
    {
        Self { target, connect: Arc::new(InProcess::new(service)) }
    }

    /// A router of a web framework in this process, such as that of axum: any tower service that streams its bodies.
    #[must_use]
    pub fn router<S, B>(target: Target, router: S) -> Self
    where
        S: tower::Service<http::Request<Full<Bytes>>, Response = http::Response<B>, Error = Infallible>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send,
        B: BodyExt<Data = Bytes, Error: Display> + Send + 'static,
    {
        let buffering = tower::service_fn(move |request: http::Request<Bytes>| {
            let answering = router.clone().oneshot(request.map(Full::new));
            async move { Ok(buffered(answering.await?).await) }
        });
        Self::service(target, buffering)
    }
}

/// Reads a body to its end, or to where it is too long for anybody.
async fn buffered<B>(response: http::Response<B>) -> http::Response<Bytes>
where
    B: BodyExt<Data = Bytes, Error: Display>,
{
    let (parts, body) = response.into_parts();
    let mut body = pin!(body);
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => read.extend_from_slice(&frame.into_data().unwrap_or_default()),
            // A body that breaks off is a connection that closes, and that is what a service that panics stands for.
            Err(error) => resume_unwind(Box::new(format!("the body broke off: {error}"))),
        }
        if read.len() > AnswerLimit::default().bytes() {
            break;
        }
    }
    http::Response::from_parts(parts, read.freeze())
}

/// Runs the checks as trials of this test binary: listing and filtering work as with any other test.
///
/// The checks run once, together, when the first trial asks for its result, so that passive checks see the
/// whole run. *not-supported* becomes an ignored trial; *warn* passes; everything else that is no pass fails.
pub fn main(checks: &'static [Check], subject: Subject) -> ExitCode {
    let arguments = Arguments::from_args();
    let run = Arc::new(Once { checks, subject, result: OnceLock::new() });
    let trials = checks.iter().map(|check| {
        let run = Arc::clone(&run);
        let level = check.requirements.first().map_or("", |requirement| requirement.level.as_str());
        Trial::ignorable_test(check.id, move || run.judge(check)).with_kind(level)
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

struct Once {
    checks: &'static [Check],
    subject: Subject,
    result: OnceLock<Result<Checks, String>>,
}

impl Once {
    fn judge(&self, check: &Check) -> Result<Completion, Failed> {
        let run =
            self.result.get_or_init(|| self.run()).as_ref().map_err(|error| Failed::from(error.as_str()))?;
        let result = run.results.iter().find(|result| result.id == check.id);
        let result = result.ok_or_else(|| Failed::from("the check did not run"))?;
        match &result.verdict {
            Verdict::Pass | Verdict::Warn { .. } => Ok(Completion::Completed),
            Verdict::Waived { by, reason, .. } => {
                Ok(Completion::ignored_with(format!("waived by {by}: {reason}")))
            }
            verdict @ Verdict::NotSupported { .. } => {
                Ok(Completion::ignored_with(verdict.inapplicable().unwrap_or_default()))
            }
            Verdict::Blocked { cause } if check.kind() == CheckKind::Passive => {
                Ok(Completion::ignored_with(&cause.message))
            }
            Verdict::Blocked { cause } => Err(format!("blocked: {}", cause.message).into()),
            Verdict::Error { mishap } => Err(format!("our own mishap: {mishap}").into()),
            Verdict::Fail { findings } => {
                let lines = findings.iter().map(|finding| {
                    let requirement = &finding.requirement;
                    format!(
                        "{} {}: {}\n  at {}: expected {}, got {}",
                        requirement.level,
                        requirement.section,
                        requirement.paraphrase,
                        finding.at,
                        finding.expected,
                        finding.actual
                    )
                });
                let advice = result.advice.iter().map(|advice| format!("Advice: {advice}"));
                Err(lines.chain(advice).collect::<Vec<_>>().join("\n").into())
            }
        }
    }

    fn run(&self) -> Result<Checks, String> {
        let profile = profiles::find("rfc").map_err(|error| error.to_string())?;
        // The hasher's random keys are the only entropy that the standard library hands out.
        let seed = RandomState::new().hash_one(self.subject.target.base());
        let options = RunOptions::new(format!("{:08x}", seed & 0xffff_ffff), seed, profile);
        let connect = Arc::clone(&self.subject.connect);
        let runner =
            Runner::new(self.subject.target.clone(), connect, Arc::new(SystemClock::default()), options);
        runner.run(self.checks, &mut |_: &record::Event<'_>| {}).map_err(|error| error.to_string())
    }
}
