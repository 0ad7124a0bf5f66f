//! Runs of checks against the reference server in this process, on a clock of their own, and what they are compared
//! with.

#![allow(dead_code, reason = "each test program uses a part of this")]

pub(crate) mod between;

use std::num::NonZeroUsize;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use client::{Connect, InProcess, Others, Socket, SystemClock, Target};
use harness::{Check, RunOptions, Runner};
use profiles::Profile;
use record::{Checks, Secret};
use reference_server::{Builder, OtherToken, ReferenceServer, Service};

/// Every check against every fault is what these tests take their time for, and a quarter of that went into the allocator
/// of the C library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// 2026-01-01T00:00:00Z.
const BEGAN_MS: u64 = 1_767_225_600_000;

/// One clock for both sides. It moves on when somebody waits, for the server by a millisecond whenever it looks, so that
/// no two changes share a time, and for the client by a little.
#[derive(Clone, Default)]
struct Virtual(Arc<AtomicU64>);

impl Virtual {
    fn move_on(&self, by: Duration) -> u64 {
        let by_us = u64::try_from(by.as_micros()).unwrap_or(u64::MAX);
        self.0.fetch_add(by_us, Ordering::Relaxed)
    }

    fn wait(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.move_on(wait);
        Box::pin(std::future::ready(()))
    }
}

impl client::Clock for Virtual {
    fn now_us(&self) -> u64 {
        self.move_on(Duration::from_micros(10))
    }

    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.wait(wait)
    }
}

impl reference_server::Clock for Virtual {
    fn unix_ms(&self) -> i64 {
        let since_ms = self.move_on(Duration::from_millis(1)) / 1000;
        i64::try_from(BEGAN_MS + since_ms).unwrap_or(i64::MAX)
    }

    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.wait(wait)
    }
}

/// The same clock, as a server shows it that counts seconds.
struct WholeSeconds(Virtual);

impl reference_server::Clock for WholeSeconds {
    fn unix_ms(&self) -> i64 {
        self.0.unix_ms() / 1000 * 1000
    }

    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.0.wait(wait)
    }
}

/// A server that waits for nobody.
pub(crate) fn on_a_clock_of_its_own(builder: Builder) -> Builder {
    builder.clock(Arc::new(Virtual::default()))
}

/// Runs checks under a profile, which the server plays and the run holds it to.
#[expect(clippy::expect_used, reason = "a test may panic")]
pub(crate) fn run_as(profile: &str, checks: &[Check], fault: Option<&str>) -> Checks {
    run_with(profile, profiles::find(profile).expect("a profile"), checks, fault)
}

/// The same where the run knows less of the server, or something else, than the server plays.
pub(crate) fn run_with(played: &str, known: Profile, checks: &[Check], fault: Option<&str>) -> Checks {
    let builder = ReferenceServer::builder().profile(played);
    let builder = match fault {
        Some(name) => builder.fault(name),
        None => builder,
    };
    run(checks, builder, known, Duration::ZERO)
}

/// Runs checks against the server that this builds, with the sample values of a profile. The target's reads are said to
/// lag behind its writes by as much. What needs a connection is left out: the server is in process.
pub(crate) fn run(checks: &[Check], builder: Builder, profile: Profile, lag: Duration) -> Checks {
    run_behind(checks, builder, profile, lag, |service| Arc::new(InProcess::new(service)))
}

/// The same with something between the client and the server.
pub(crate) fn run_behind(
    checks: &[Check],
    builder: Builder,
    profile: Profile,
    lag: Duration,
    between: impl FnOnce(Service) -> Arc<dyn Connect>,
) -> Checks {
    let clock = Arc::new(Virtual::default());
    let served = builder.clock(Arc::<Virtual>::clone(&clock));
    run_by(clock, checks, served, profile, lag, between)
}

/// Runs checks against a server whose clock shows whole seconds.
pub(crate) fn run_in_whole_seconds(checks: &[Check], builder: Builder, profile: Profile) -> Checks {
    let clock = Virtual::default();
    let served = builder.clock(Arc::new(WholeSeconds(clock.clone())));
    run_by(Arc::new(clock), checks, served, profile, Duration::ZERO, |service| {
        Arc::new(InProcess::new(service))
    })
}

#[expect(clippy::expect_used, reason = "a test may panic")]
fn run_by(
    clock: Arc<Virtual>,
    checks: &[Check],
    builder: Builder,
    profile: Profile,
    lag: Duration,
    between: impl FnOnce(Service) -> Arc<dyn Connect>,
) -> Checks {
    let service = knowing_others(builder).seed(1).service().expect("a server");
    let base = format!("http://localhost{}", service.base_path());
    let target = Target::new(&base).expect("a base URL").bearer(service.token().clone()).lagging(lag);
    let target = target.with_others(others());
    let mut options = RunOptions::new("matrix00", 1, profile);
    options.jobs = NonZeroUsize::MIN;
    let runner = Runner::new(target, between(service), clock, options);
    let checks: Vec<Check> = checks.iter().filter(|check| !check.framed).copied().collect();
    runner.run(&checks, &mut |_: &record::Event<'_>| {}).expect("a run")
}

/// Runs the checks that need a connection, over one.
pub(crate) fn run_framed(checks: &[Check], builder: Builder, profile: Profile) -> Checks {
    let checks: Vec<Check> = checks.iter().filter(|check| check.framed).copied().collect();
    run_over_sockets(&checks, builder, profile)
}

/// Runs checks over connections, as users do.
#[expect(clippy::expect_used, reason = "a test may panic")]
pub(crate) fn run_over_sockets(checks: &[Check], builder: Builder, profile: Profile) -> Checks {
    let server = knowing_others(builder).seed(1).start().expect("a server");
    let target = Target::new(server.base_url()).expect("a base URL").bearer(server.token().clone());
    let target = target.with_others(others());
    let mut options = RunOptions::new("matrix00", 1, profile);
    options.jobs = NonZeroUsize::MIN;
    let runner = Runner::new(target, Arc::new(Socket::default()), Arc::new(SystemClock::new()), options);
    let run = runner.run(checks, &mut |_: &record::Event<'_>| {}).expect("a run");
    server.shutdown();
    run
}

/// Tokens that open less than that of a run.
pub(crate) fn others() -> Others {
    let token = |name: &str| Some(Secret::new(format!("of-the-suites-{name}-token-7c41")));
    Others { expired: token("expired"), read_only: token("reading"), second_tenant: token("other") }
}

/// The same server, which knows them.
pub(crate) fn knowing_others(builder: Builder) -> Builder {
    let Others { expired, read_only, second_tenant } = others();
    let kinds = [
        (OtherToken::Expired, expired),
        (OtherToken::ReadOnly, read_only),
        (OtherToken::SecondTenant, second_tenant),
    ];
    kinds.into_iter().fold(builder, |builder, (kind, token)| match token {
        Some(token) => builder.other_token(kind, token),
        None => builder,
    })
}

/// Holds a committed table to what was found, or writes it where that is asked for.
#[expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test is blessed by its environment")]
pub(crate) fn compare(file: &str, lines: &[String]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let found = format!("{}\n", lines.join("\n"));
    if std::env::var_os("SCIMPROOF_BLESS").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let stale: Vec<&str> = committed.lines().filter(|line| !found.contains(*line)).collect();
    let fresh: Vec<&str> = found.lines().filter(|line| !committed.contains(*line)).collect();
    assert!(
        committed == found,
        "{file} is not current; run this test with SCIMPROOF_BLESS=1 and review\n- {}\n+ {}",
        stale.join("\n- "),
        fresh.join("\n+ ")
    );
}
