//! A provisioning job: its cycles, and what it remembers between them.

mod clock;
mod cycle;
mod discovery;
mod failure;
mod ladder;
mod members;
mod ndjson;
mod probe;
mod references;
mod removal;
mod row;
mod source;
mod state;
mod upsert;
mod wire;

pub use clock::{Clock, Timed, VirtualClock};
pub use discovery::Discovery;
pub use ladder::{Escrow, Quarantine};
pub use ndjson::Ndjson;
pub use probe::Connection;
pub use row::{CONNECTION_TEST, Log, label};
pub use source::{Changed, MemberChange, Object, OutOfScope, Source, Standing};
pub use state::{Link, Links, State};
pub(crate) use upsert::active;
pub use wire::PutOff;

use std::time::Duration;

use client::Client;
use serde::{Deserialize, Serialize};

use cycle::Cycle;
use row::Row;
use wire::Wire;

use super::Settings;

/// One application's provisioning job.
///
/// It keeps no task and no timer of its own: whoever plays it says when a cycle runs, and hands in the directory, the way
/// to the target, and the time.
#[derive(Clone, Debug)]
pub struct Job {
    settings: Settings,
    state: State,
}

/// What a job is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// No cycle has begun.
    NotRun,
    /// Cycles run at their ordinary pace.
    Active,
    /// Cycles run rarely, until one succeeds.
    Quarantine,
    /// It was switched off after four weeks in quarantine.
    SwitchedOff,
}

/// A cycle that ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycled {
    /// What is told of it; it waited for whatever asked for patience.
    pub record: record::Cycle,
    /// How much of that was by the job's own time: all of it, or what is played where the target's time runs apart.
    pub waited: Duration,
    /// The rest: what the target itself put off.
    pub put_off: PutOff,
}

/// What a restart forgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reset {
    /// The links: every object is matched anew.
    ConnectorDataStore,
    /// What failed and waits.
    Escrows,
    /// Up to where the feed was read: everything is read anew.
    Watermark,
    /// The quarantine.
    QuarantineState,
    /// All of these.
    Full,
    /// Nothing; what is staged for deletion is allowed.
    ForceDeletes,
}

impl Job {
    /// A job that has never run.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self::resume(settings, State::default())
    }

    /// A job that goes on from what it remembered.
    #[must_use]
    pub const fn resume(settings: Settings, state: State) -> Self {
        Self { settings, state }
    }

    /// How it behaves.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Makes it behave otherwise. A change of what is mapped or in scope takes a restart besides (D).
    pub fn set(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// What it remembers.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// What it is doing.
    #[must_use]
    pub const fn status(&self) -> Status {
        match (self.state.switched_off, &self.state.quarantine, self.state.cycles) {
            (true, ..) => Status::SwitchedOff,
            (false, Some(_), _) => Status::Quarantine,
            (false, None, 0) => Status::NotRun,
            (false, None, _) => Status::Active,
        }
    }

    /// When the next cycle is due, in milliseconds since 1970: forty minutes after the last one began, or when that ended if
    /// it took longer; in quarantine by the ladder. Nothing if it is switched off; zero if it never ran.
    #[must_use]
    pub fn next_ms(&self) -> Option<i64> {
        let ordinary = |(began, ended): (i64, i64)| self.settings.due_ms(began).max(ended);
        match (&self.state.quarantine, self.state.switched_off) {
            (_, true) => None,
            (Some(quarantine), false) => Some(quarantine.next_ms),
            (None, false) => Some(self.state.last.map_or(0, ordinary)),
        }
    }

    /// Tests the connection, as an administrator does before saving the credentials.
    pub async fn test_connection(
        &mut self,
        source: &dyn Source,
        client: &Client,
        clock: &dyn Clock,
    ) -> Connection {
        let mut wire = Wire::new(client, clock, &self.settings);
        let mut row = Row::of_test(0);
        let outcome = probe::test(&mut wire, source, &mut self.state, &mut row).await;
        probe::outcome(client, outcome, row.exchanges)
    }

    /// Reads which attributes the target offers, as the settings say; nothing is sent where they say none.
    pub async fn discover(&self, client: &Client, clock: &dyn Clock) -> Discovery {
        let mut wire = Wire::new(client, clock, &self.settings);
        discovery::discover(&mut wire).await
    }

    /// Runs one cycle now: the first reads everything, the others what changed. The log gets a row for each object that is
    /// looked at; the requests go out under [`label`]s.
    ///
    /// A job that is switched off sends nothing.
    pub async fn cycle(
        &mut self,
        source: &dyn Source,
        client: &Client,
        clock: &dyn Clock,
        log: &mut dyn Log,
    ) -> Cycled {
        let began = clock.now_ms();
        if self.state.switched_off {
            return Cycled { record: self.idle(began), waited: Duration::ZERO, put_off: PutOff::default() };
        }
        let wire = Wire::new(client, clock, &self.settings);
        let cycle = Cycle::begin(&self.settings, source, &mut self.state, wire, log);
        let mut cycled = cycle.run().await;
        self.state.last = Some((began, clock.now_ms()));
        cycled.record.next = self.next_ms().map(clock::rfc3339);
        cycled
    }

    /// The cycle of a job that is switched off.
    fn idle(&self, now_ms: i64) -> record::Cycle {
        let initial = self.state.watermark.is_none();
        record::Cycle {
            number: self.state.cycles,
            kind: if initial { record::CycleKind::Initial } else { record::CycleKind::Incremental },
            ended: clock::rfc3339(now_ms),
            requests: 0,
            waited_s: 0,
            evaluated: 0,
            done: Vec::new(),
            skipped: 0,
            failed: 0,
            escrowed: u32::try_from(self.state.escrows.len()).unwrap_or(u32::MAX),
            quarantine: self.state.quarantine.as_ref().map(|quarantine| quarantine.reason.clone()),
            next: None,
        }
    }

    /// Restarts the job. Without any criterion it does what the portal's button does: watermark, escrows and quarantine are
    /// forgotten and the links kept (D).
    pub fn restart(&mut self, resets: &[Reset]) {
        let usual = [Reset::QuarantineState, Reset::Watermark, Reset::Escrows];
        let resets = if resets.is_empty() { usual.as_slice() } else { resets };
        for reset in resets {
            let is_full = *reset == Reset::Full;
            if is_full || *reset == Reset::ConnectorDataStore {
                self.state.links.clear();
                self.state.later.clear();
                self.state.staged.clear();
            }
            if is_full || *reset == Reset::Escrows {
                self.state.escrows.clear();
            }
            if is_full || *reset == Reset::Watermark {
                self.state.watermark = None;
            }
            if is_full || *reset == Reset::QuarantineState {
                self.state.quarantine = None;
            }
            if *reset == Reset::ForceDeletes {
                self.state.deletions_allowed = true;
            }
        }
        self.state.switched_off = false;
    }
}
