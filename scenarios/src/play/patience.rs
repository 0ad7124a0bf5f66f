//! The target's own time. The client's runs apart from it: of what a scenario lets pass the target notices nothing, and what the
//! target asks for it gets in earnest.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use client::{Answer, Cancel, WAIT_MAX};

use crate::entra::{Clock, Timed, VirtualClock};

/// How many requests a target may put off one after the other.
const PUT_OFF_MAX: u32 = 10;

/// What the target wants to be left alone for, and what it may not show yet.
#[derive(Clone)]
pub(super) struct Patience {
    clock: Arc<dyn client::Clock>,
    cancel: Cancel,
    /// How far its reads may lag behind its writes.
    lag: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// Whether the last answer was the target's own, and not the scenario's.
    is_own: bool,
    /// The moment until which it wants no request, and the one from which its reads show all that was written.
    alone_until_us: u64,
    current_from_us: u64,
    put_off_in_a_row: u32,
    gave_up: Option<String>,
}

impl Patience {
    pub(super) fn new(clock: Arc<dyn client::Clock>, cancel: Cancel, lag: Duration) -> Self {
        Self { clock, cancel, lag, state: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note that something may have been written just now, be it answered or not.
    pub(super) fn note_write(&self) {
        let shown_us = self.clock.now_us().saturating_add(micros(self.lag));
        self.state().current_from_us = shown_us;
    }

    /// Takes note of what the target itself answered.
    pub(super) fn note(&self, answer: &Answer) {
        let now_us = self.clock.now_us();
        let mut state = self.state();
        state.is_own = true;
        let asks = matches!(answer.status, 429 | 503);
        let Some(wait) = answer.retry_after(self.clock.unix_s()).filter(|_| asks) else {
            state.put_off_in_a_row = 0;
            return;
        };
        state.put_off_in_a_row = state.put_off_in_a_row.saturating_add(1);
        let (status, limit) = (answer.status, WAIT_MAX.as_secs());
        if wait > WAIT_MAX {
            state.gave_up.get_or_insert(format!(
                "the target answered {status} and asks for {} s of patience with Retry-After; nobody waits for more than \
                 {limit} s here",
                wait.as_secs()
            ));
        } else if state.put_off_in_a_row >= PUT_OFF_MAX {
            state.gave_up.get_or_insert(format!(
                "the target put off {PUT_OFF_MAX} requests one after the other, the last with {status}, although each time \
                 it was left alone as long as its Retry-After asked for"
            ));
        } else {
            state.alone_until_us = now_us.saturating_add(micros(wait));
        }
    }

    /// Takes note that the scenario answered in the place of the target.
    pub(super) fn note_played(&self) {
        self.state().is_own = false;
    }

    /// Why the target is waited for no longer.
    pub(super) fn gave_up(&self) -> Option<String> {
        self.state().gave_up.clone()
    }

    fn timed(&self) -> Option<Timed> {
        self.state().is_own.then(|| Timed::There { unix_s: self.clock.unix_s() })
    }

    /// Waits until the target wants requests again.
    async fn ready(&self) {
        let until_us = self.state().alone_until_us;
        self.until(until_us).await;
    }

    /// Waits until the target wants requests again, and its reads show all that was written.
    pub(super) async fn settled(&self) {
        let until_us = {
            let state = self.state();
            state.alone_until_us.max(state.current_from_us)
        };
        self.until(until_us).await;
    }

    /// Waits until reads show all that was written, also in a run that was stopped: before what was created is removed, and
    /// after it, for whoever comes next.
    pub(super) async fn caught_up(&self) {
        let shown_us = self.state().current_from_us;
        let left_us = shown_us.saturating_sub(self.clock.now_us());
        if left_us > 0 {
            self.clock.sleep(Duration::from_micros(left_us)).await;
        }
    }

    async fn until(&self, moment_us: u64) {
        let left_us = moment_us.saturating_sub(self.clock.now_us());
        if left_us == 0 {
            return;
        }
        tokio::select! {
            () = self.clock.sleep(Duration::from_micros(left_us)) => {}
            () = self.cancel.cancelled() => {}
        }
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// The client's time on a stage, which knows of the target's.
pub(super) struct StageClock {
    pub(super) played: VirtualClock,
    pub(super) patience: Patience,
}

impl Clock for StageClock {
    fn now_ms(&self) -> i64 {
        self.played.now_ms()
    }

    fn sleep<'a>(&'a self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        self.played.sleep(wait)
    }

    fn timed(&self) -> Timed {
        self.patience.timed().unwrap_or_else(|| self.played.timed())
    }

    fn ready<'a>(&'a self) -> Pin<Box<dyn Future<Output = ()> + 'a>> {
        Box::pin(self.patience.ready())
    }
}
