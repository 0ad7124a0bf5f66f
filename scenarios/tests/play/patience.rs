//! Targets that want to be left alone, or show late what was written: lawful ones, which nobody may accuse.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use client::{Answer, Method};
use record::{LogStatus, Stopped};
use scenarios::entra::ClientKind;
use scenarios::file;

use crate::common::{Theatre, misses};

/// One clock for the target and those who ask it: it moves on when somebody waits, and a little whenever somebody looks.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<AtomicU64>);

/// 2026-01-01T00:00:00Z.
const BEGAN_MS: i64 = 1_767_225_600_000;

impl Shared {
    fn move_on(&self, by: Duration) -> u64 {
        self.0.fetch_add(by.as_micros() as u64, Ordering::Relaxed)
    }

    fn now(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }

    fn wait(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.move_on(wait);
        Box::pin(std::future::ready(()))
    }
}

impl client::Clock for Shared {
    fn now_us(&self) -> u64 {
        self.move_on(Duration::from_micros(10))
    }

    fn unix_s(&self) -> Option<u64> {
        Some(BEGAN_MS as u64 / 1000 + self.now().as_secs())
    }

    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.wait(wait)
    }
}

impl reference_server::Clock for Shared {
    fn unix_ms(&self) -> i64 {
        BEGAN_MS + (self.move_on(Duration::from_millis(1)) / 1000) as i64
    }

    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.wait(wait)
    }
}

/// The scenarios that any server is asked for.
fn usual() -> Vec<file::Scenario> {
    let all = file::names().into_iter().map(|name| file::find(name).expect("a scenario"));
    all.filter(|scenario| scenario.app.profile == "entra-ready").collect()
}

/// One after the other on one server: what a scenario removed must not be met by the next one.
#[test]
fn servers_that_limit_or_lag_are_held_to_no_more_than_others() {
    for client in [ClientKind::EntraDefault, ClientKind::EntraFlag] {
        let plain = Theatre::timed(None, Duration::ZERO, &Shared::default());
        for variant in ["requests-are-limited", "requests-are-limited-by-date", "reads-lag-behind-writes"] {
            let lag = Duration::from_secs(2 * u64::from(variant.starts_with("reads")));
            let theatre = Theatre::timed(Some(variant), lag, &Shared::default());
            for scenario in usual() {
                let (played, plain) = (theatre.play_by(client, &scenario), plain.play_by(client, &scenario));
                let about = format!("{variant}, {}, {}", scenario.name, client.name());
                assert_eq!(misses(&played), misses(&plain), "{about}");
                assert_eq!(played.scenario.stopped, plain.scenario.stopped, "{about}");
                assert_eq!(played.leftovers, [], "{about}");
                assert_eq!(played.removed, played.created, "{about}");
            }
        }
    }
}

/// Answers so, with this header, from the second POST on until so much time has passed; gives how often that was.
fn limiting(
    status: u16,
    retry_after: &str,
    wait: Duration,
    clock: &Shared,
) -> (impl Fn(&http::Request<Bytes>) -> Option<Answer> + Send + Sync + 'static, Arc<AtomicU32>) {
    let (posts, until, refused) = (AtomicU32::new(0), AtomicU64::new(0), Arc::new(AtomicU32::new(0)));
    let (clock, counted) = (clock.clone(), Arc::clone(&refused));
    let headers = vec![("retry-after".to_owned(), retry_after.to_owned())];
    let answer = move |request: &http::Request<Bytes>| {
        let now_us = clock.now().as_micros() as u64;
        let begins = *request.method() == Method::POST && posts.fetch_add(1, Ordering::Relaxed) == 1;
        if begins {
            until.store(now_us + wait.as_micros() as u64, Ordering::Relaxed);
        }
        (begins || now_us < until.load(Ordering::Relaxed)).then(|| {
            counted.fetch_add(1, Ordering::Relaxed);
            Answer { status, headers: headers.clone(), body: Bytes::new() }
        })
    };
    (answer, refused)
}

#[test]
fn a_target_that_asks_for_patience_is_left_alone_so_long() {
    let scenario = file::find("steady-state").unwrap();
    let until = "Thu, 01 Jan 2026 00:00:05 GMT";
    for (retry_after, waited_s) in [("4", 4), (until, 5)] {
        let clock = Shared::default();
        let (answer, refused) = limiting(429, retry_after, Duration::from_secs(4), &clock);
        let played = Theatre::timed(None, Duration::ZERO, &clock).answering(answer).play(&scenario);
        assert_eq!(misses(&played), Vec::<String>::new(), "{retry_after}");
        assert_eq!(refused.load(Ordering::Relaxed), 1, "{retry_after}");
        let steps = played.scenario.log.iter().flat_map(|row| &row.steps);
        let told: Vec<&str> =
            steps.map(|step| step.detail.as_str()).filter(|it| it.contains("429")).collect();
        let [told] = told[..] else { panic!("{told:#?}") };
        assert!(told.ends_with(&format!("waited {waited_s} s, in real time")), "{told}");
        assert_eq!(played.scenario.steps[0].cycle.as_ref().unwrap().waited_s, waited_s);
    }
}

/// Of a 503 the client that is played makes a failure of the object, and goes on: but not before the target wants it to.
#[test]
fn a_target_that_is_unavailable_is_left_alone_so_long() {
    let clock = Shared::default();
    let (answer, refused) = limiting(503, "7", Duration::from_secs(7), &clock);
    let scenario = file::find("steady-state").unwrap();
    let played = Theatre::timed(None, Duration::ZERO, &clock).answering(answer).play(&scenario);
    assert_eq!(refused.load(Ordering::Relaxed), 1);
    let created = played.scenario.log.iter().filter(|row| row.action == "create");
    let failed = created.filter(|row| row.status == LogStatus::Failure).count();
    assert_eq!((failed, played.scenario.stopped), (1, None));
}

#[test]
fn a_target_that_asks_for_too_much_is_left_alone_for_good() {
    let scenario = file::find("steady-state").unwrap();
    let day = Duration::from_secs(86_400);
    for (retry_after, most, reason) in [
        ("86400", 1, "the target answered 429 and asks for 86400 s of patience"),
        ("3", 10, "the target put off 10 requests one after the other, the last with 429"),
    ] {
        let clock = Shared::default();
        let (answer, refused) = limiting(429, retry_after, day, &clock);
        let played = Theatre::timed(None, Duration::ZERO, &clock).answering(answer).play(&scenario);
        let Stopped { mishap, reason: told } = played.scenario.stopped.clone().expect("an end");
        assert!(told.starts_with(reason) && !mishap, "{told}");
        assert_eq!(misses(&played), Vec::<String>::new(), "nothing can be said of the target");
        // The others are the tries to remove the one user that there is.
        let removals = played.created * 4;
        assert!((most..=most + removals).contains(&refused.load(Ordering::Relaxed)), "{refused:?}");
    }
}
