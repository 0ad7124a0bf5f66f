//! Ctrl-C, SIGTERM, and the SIGHUP of a terminal that closes.

use std::io;
use std::sync::OnceLock;

use client::{Clock as _, SystemClock};
use tokio::runtime::Runtime;

use crate::console;
use crate::failure::{Exit, Failure};

type Heard = Box<dyn Fn(u32) + Send + Sync>;

/// How long after a signal was answered the next one is taken for another decision, in microseconds. One wish comes as several signals
/// where a supervisor tells a program and its whole group, or a terminal and a supervisor both do; nobody reads what the first one is answered
/// with, and makes up his mind, in less than this.
const HUMANE_US: u64 = 500_000;

/// What a signal does, once somebody has said it.
static HEARD: OnceLock<Heard> = OnceLock::new();

/// From here on a signal to stop ends the program with a line and its exit code, until [`hear`] says what else it does: to read
/// the files that were named, and to fetch secrets, may take a while.
pub(crate) fn watch_from_the_start() -> Result<(), Failure> {
    // Whoever drives a load must not take Ctrl-C for itself.
    #[cfg(feature = "goose")]
    load_goose::claim_interrupts();
    Signals::new()?.watch(|count| match HEARD.get() {
        Some(heard) => heard(count),
        None => leave("stopped before the run began: nothing was written to any server"),
    });
    Ok(())
}

/// Says what the signals to stop do from now on: `heard` is called with 1 at the first one, with 2 at the second, and so on.
pub(crate) fn hear(heard: impl Fn(u32) + Send + Sync + 'static) {
    // There is one run.
    let _ = HEARD.set(Box::new(heard));
}

/// Ends the program as one that was interrupted.
pub(crate) fn leave(told: &str) {
    console::live("");
    console::info(told);
    #[expect(
        clippy::disallowed_methods,
        reason = "somebody asked for an end, and was told what that leaves"
    )]
    std::process::exit(Exit::Interrupted.code().into());
}

/// The signals to stop. None is lost that comes after this was made, whether or not somebody waits for it yet.
pub(crate) struct Signals {
    runtime: Runtime,
    sources: Sources,
}

impl Signals {
    pub(crate) fn new() -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::mishap(format!("no runtime: {error}")))?;
        let guard = runtime.enter();
        let sources =
            Sources::new().map_err(|error| Failure::mishap(format!("cannot wait for Ctrl-C: {error}")))?;
        drop(guard);
        Ok(Self { runtime, sources })
    }

    /// Waits for the next one.
    pub(crate) fn wait(&mut self) {
        self.runtime.block_on(self.sources.next());
    }

    /// Calls `heard` with the number of each decision that they stand for, from 1. A terminal that closes may say so more than once, and
    /// after somebody stopped the run it says nothing new; nor does what comes right behind another signal.
    pub(crate) fn watch(mut self, heard: impl Fn(u32) + Send + 'static) {
        let clock = SystemClock::default();
        std::thread::spawn(move || {
            let mut decisions = Decisions::default();
            loop {
                let signal = self.runtime.block_on(self.sources.next());
                if let Some(count) = decisions.take(signal, clock.now_us()) {
                    heard(count);
                    decisions.answered(clock.now_us());
                }
            }
        });
    }
}

/// How often somebody has decided that it should stop.
#[derive(Debug, Default)]
struct Decisions {
    count: u32,
    answered_us: u64,
}

impl Decisions {
    /// The number of the decision that a signal stands for; none where it says nothing new.
    fn take(&mut self, signal: Signal, now_us: u64) -> Option<u32> {
        let is_another = signal == Signal::Stop && now_us.saturating_sub(self.answered_us) >= HUMANE_US;
        (self.count == 0 || is_another).then(|| {
            self.count += 1;
            self.count
        })
    }

    /// Whoever decided was told what it led to.
    fn answered(&mut self, now_us: u64) {
        self.answered_us = now_us;
    }
}

/// What a signal says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Signal {
    /// Somebody wants an end.
    Stop,
    /// The terminal is gone.
    HangUp,
}

#[cfg(unix)]
struct Sources {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    /// None where whoever started the program wants it to outlive its terminal, as `nohup` does.
    hang_up: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Sources {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let hang_up = if outlives_its_terminal() { None } else { Some(signal(SignalKind::hangup())?) };
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up,
        })
    }

    async fn next(&mut self) -> Signal {
        let hang_up = async {
            match &mut self.hang_up {
                Some(signal) => drop(signal.recv().await),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Stop,
            _ = self.terminate.recv() => Signal::Stop,
            () = hang_up => Signal::HangUp,
        }
    }
}

/// Whether SIGHUP is ignored, as far as the system tells (`SigIgn` in proc(5), a set of bits in which the first is SIGHUP).
#[cfg(unix)]
fn outlives_its_terminal() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).is_some_and(|set| set & 1 == 1)
}

#[cfg(windows)]
struct Sources(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Sources {
    fn new() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) -> Signal {
        self.0.recv().await;
        Signal::Stop
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: u64 = 1_000_000;

    #[test]
    fn what_comes_right_behind_a_signal_is_the_same_decision() {
        let mut decisions = Decisions::default();
        assert_eq!(decisions.take(Signal::Stop, 0), Some(1), "however early the first one comes");
        decisions.answered(7 * S);
        // However many there are: only the one that was answered counts.
        for after_us in [0, 50_000, 300_000, HUMANE_US - 1] {
            assert_eq!(decisions.take(Signal::Stop, 7 * S + after_us), None, "{after_us}");
        }
        assert_eq!(decisions.take(Signal::Stop, 7 * S + HUMANE_US), Some(2));
        decisions.answered(8 * S);
        assert_eq!(decisions.take(Signal::Stop, 8 * S + 1), None);
    }

    #[test]
    fn a_terminal_that_closes_decides_once() {
        let mut decisions = Decisions::default();
        assert_eq!(decisions.take(Signal::HangUp, 3 * S), Some(1));
        decisions.answered(3 * S);
        assert_eq!(decisions.take(Signal::HangUp, 9 * S), None);
        assert_eq!(decisions.take(Signal::Stop, 9 * S), Some(2));
    }
}
