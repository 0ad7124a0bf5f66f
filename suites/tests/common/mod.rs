//! Runs of the whole catalogue against the reference server in this process.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use client::{InProcess, SystemClock, Target};
use harness::{Check, RunOptions, Runner};
use profiles::Profile;
use record::Checks;
use reference_server::{Builder, Clock};

/// A clock that moves on by a millisecond whenever somebody looks, so that no two changes share a time.
#[derive(Default)]
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn unix_ms(&self) -> i64 {
        // 2026-01-01T00:00:00Z
        1_767_225_600_000 + self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// Runs checks against the server that this builds, with the sample values of a profile.
#[expect(clippy::expect_used, reason = "a test may panic")]
pub(crate) fn run(checks: &[Check], builder: Builder, profile: Profile) -> Checks {
    let service = builder.seed(1).clock(Arc::new(Ticking::default())).service().expect("a server");
    let base = format!("http://localhost{}", service.base_path());
    let target = Target::new(&base).expect("a base URL").bearer(service.token().clone());
    let mut options = RunOptions::new("matrix00", 1, profile);
    options.jobs = NonZeroUsize::MIN;
    let runner =
        Runner::new(target, Arc::new(InProcess::new(service)), Arc::new(SystemClock::default()), options);
    runner.run(checks, &mut |_: &record::Event<'_>| {}).expect("a run")
}
