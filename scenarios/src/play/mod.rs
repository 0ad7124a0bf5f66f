//! Plays a scenario: an identity provider with its directory against a target, step by step, and judges what comes of it.
//!
//! Time is the client's own, so that forty minutes pass in a moment; a target that asks for patience itself gets it in real time
//! all the same. What disturbs the way to the target stands between
//! the client and the target, so that a scenario plays against any server. Everything that it created is removed.

mod cycle;
mod disturb;
mod judge;
mod listening;
mod model;
mod patience;
mod read;
mod remove;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use client::{Cancel, Client, Connect, Recorder, Request, Silence, Target, TransportError, resource_path};
use record::{Leftover, LogRow, Step as Record, Stopped};

pub use read::EXPECTATION;

use crate::entra::{
    CONNECTION_TEST, ClientKind, Clock as _, Cycled, Job, Object, Reset, Status, VirtualClock,
};
use crate::file::{Action, Restart, Scenario, ScenarioError, Stage, Step};
use crate::mapping::{Mapped, Mapping};
use disturb::{Barrier, Through};
use judge::Scene;
use listening::Listening;
use patience::{Patience, StageClock};
use read::Reader;

/// When scenarios begin, on the client's clock: Monday, 23 November 2026, 08:00 UTC, in milliseconds since 1970.
pub const BEGIN_MS: i64 = 1_795_420_800_000;

/// Where a scenario is played.
#[derive(Clone)]
pub struct Venue {
    /// The target. Where its reads lag behind its writes ([`Target::lagging`]), nobody reads before they have caught up.
    pub target: Target,
    /// The way to it.
    pub connect: Arc<dyn Connect>,
    /// Where every exchange is kept.
    pub recorder: Recorder,
    /// The clock of the exchanges, and of a target that asks for patience or lags; the client's own time runs apart from it.
    pub clock: Arc<dyn client::Clock>,
    /// How long the target has not answered.
    pub silence: Silence,
}

/// How a scenario is played.
#[derive(Clone, Debug)]
pub struct Options {
    /// A label of letters and digits that no other run against this target has.
    pub run: String,
    /// The client, where it is not as the file says.
    pub client: Option<ClientKind>,
    /// The domain that everybody's addresses are of, where the target takes those of one alone.
    pub domain: Option<String>,
    /// How long a request of the client may take, where its own limit is not to hold.
    pub timeout: Option<Duration>,
}

/// A scenario that was played, and what is left of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// What happened.
    pub scenario: record::Scenario,
    /// How many resources it created.
    pub created: u32,
    /// How many of them were removed again, or found gone.
    pub removed: u32,
    /// What could not be removed.
    pub leftovers: Vec<Leftover>,
}

/// Why a scenario was not played at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlayError {
    /// It cannot be set up.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// There is no way to the target.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

/// Plays a scenario to its end, or until it is cancelled or the target stops answering, and removes what it created. Once it
/// is cancelled the client sends nothing more; an answer that is about to come is waited for.
///
/// # Errors
/// When it cannot begin. What goes wrong afterwards stands in the record.
pub async fn play(
    scenario: &Scenario,
    venue: &Venue,
    options: &Options,
    cancel: &Cancel,
) -> Result<Played, PlayError> {
    let mut player = Player::new(scenario, venue, options, cancel)?;
    let mut steps = Vec::new();
    let mut stopped = None;
    for step in &player.stage.scenario.steps.clone() {
        stopped = player.ended();
        if stopped.is_some() {
            break;
        }
        let (record, reason) = player.step(step).await;
        steps.push(record);
        if let Some(reason) = reason {
            stopped = Some(reason);
            break;
        }
    }
    player.clock.patience.caught_up().await;
    let removal = remove::all(&player.own, player.barrier.created()).await;
    player.clock.patience.caught_up().await;
    let scenario = record::Scenario {
        name: scenario.name.clone(),
        title: scenario.title.clone(),
        client: player.job.settings().client.name().to_owned(),
        mapping: scenario.mapping.name.clone(),
        profile: Some(scenario.app.profile.clone()),
        server: None,
        seed: scenario.population.as_ref().map_or(0, |population| population.seed),
        steps,
        log: player.log,
        stopped,
    };
    Ok(Played { scenario, created: removal.created, removed: removal.removed, leftovers: removal.leftovers })
}

struct Player {
    stage: Stage,
    /// The mapping as it comes, and as the administrator has made it.
    original: Mapping,
    mapping: Mapping,
    renamed: BTreeMap<String, String>,
    groups: bool,
    job: Job,
    clock: StageClock,
    barrier: Barrier,
    silence: Silence,
    /// The job's way to the target, through the barrier.
    client: Client,
    /// Our own.
    own: Client,
    recorder: Recorder,
    log: Vec<LogRow>,
}

impl Player {
    fn new(
        scenario: &Scenario,
        venue: &Venue,
        options: &Options,
        cancel: &Cancel,
    ) -> Result<Self, PlayError> {
        let stage = scenario.staged_in(&options.run, options.domain.as_deref())?;
        let app = stage.scenario.app.clone();
        let original = stage.scenario.mapping.as_ref().clone();
        let mut settings = app.settings.clone();
        settings.client = options.client.unwrap_or(settings.client);
        let barrier = Barrier::new(cancel.clone());
        let silence = venue.silence.clone();
        let clock = Arc::clone(&venue.clock);
        let patience = Patience::new(clock, cancel.clone(), venue.target.lag());
        let heard: Arc<dyn Connect> = Arc::new(Listening {
            silence: silence.clone(),
            patience: patience.clone(),
            inner: Arc::clone(&venue.connect),
        });
        let through =
            Through { barrier: barrier.clone(), patience: patience.clone(), inner: Arc::clone(&heard) };
        let timeout = options.timeout.unwrap_or(Duration::from_secs(settings.timeout_s));
        let connected = |target: Target, connect: &dyn Connect| {
            Client::new(target, connect, venue.recorder.clone(), Arc::clone(&venue.clock))
        };
        Ok(Self {
            groups: app.groups.unwrap_or(original.groups_enabled),
            mapping: original.clone().retargeted(&app.retarget),
            renamed: app.retarget,
            original,
            stage,
            job: Job::new(settings),
            clock: StageClock { played: VirtualClock::at(BEGIN_MS), patience },
            barrier,
            silence,
            client: connected(venue.target.clone().timeout(timeout), &through)?,
            own: connected(venue.target.clone(), heard.as_ref())?,
            recorder: venue.recorder.clone(),
            log: Vec::new(),
        })
    }

    /// Plays a step; what comes with the record says why there is no next one.
    async fn step(&mut self, step: &Step) -> (Record, Option<Stopped>) {
        if step.cycle {
            self.wait_until_due();
        }
        let mut told = Vec::new();
        let first = self.recorder.last_number();
        // Time that passes first has passed when the step begins.
        let passing =
            step.actions.iter().take_while(|action| matches!(action, Action::Advance { .. })).count();
        let mut stopped = self.act_all(step.actions.iter().take(passing), &mut told).await.err();
        let (at, rows) = (rfc3339(self.clock.now_ms()), self.log.len());
        if stopped.is_none() {
            stopped = self.act_all(step.actions.iter().skip(passing), &mut told).await.err();
        }
        // What is to be judged is what the cycle does, whatever was before.
        let before = self.recorder.last_number();
        let cycled = if step.cycle && stopped.is_none() { self.cycle(&mut told).await } else { None };
        let mut sent = self.recorder.exchanges_since(before);
        // What the target's own limit put off was sent again, which is no more than one request of the client's.
        let put_off = cycled.as_ref().map(|cycled| cycled.put_off.exchanges.as_slice()).unwrap_or_default();
        sent.retain(|exchange| {
            exchange.check.as_deref() != Some(CONNECTION_TEST) && !put_off.contains(&exchange.number)
        });
        let mut expectations = Vec::new();
        stopped = stopped.or_else(|| self.ended());
        if stopped.is_none() {
            self.clock.patience.settled().await;
            let scene = Scene {
                stage: &self.stage,
                mapped: self.mapped(),
                job: &self.job,
                rows: self.log.get(rows..).unwrap_or_default(),
                cycled: cycled.as_ref(),
                sent: &sent,
                base: self.own.target().base().trim_end_matches('/'),
            };
            for expect in step.expect.iter().take_while(|_| self.ended().is_none()) {
                expectations.push(scene.judge(expect, Reader::new(&self.own)).await);
            }
            stopped = self.ended();
        }
        let exchanges = self.recorder.exchanges_since(first);
        let record = Record {
            title: step.title.clone(),
            because: step.because.as_ref().map(|because| because.trim().to_owned()),
            at,
            done: told,
            cycle: cycled.map(|cycled| cycled.record),
            exchanges: exchanges.iter().map(|exchange| exchange.number).collect(),
            expectations,
        };
        (record, stopped)
    }

    /// Why nothing more is to be done, where that is so.
    fn ended(&self) -> Option<Stopped> {
        if self.barrier.is_cancelled() {
            return Some(cancelled());
        }
        let reason = self.silence.lasts().then(Silence::told).or_else(|| self.clock.patience.gave_up());
        reason.map(|reason| Stopped { mishap: false, reason })
    }

    /// Lets time pass until the next cycle is due: what a step does is done just before its cycle.
    fn wait_until_due(&mut self) {
        let due = self.job.next_ms().unwrap_or(0);
        let wait = u64::try_from(due.saturating_sub(self.clock.now_ms())).unwrap_or(0);
        self.pass(Duration::from_millis(wait));
    }

    /// Runs the next cycle. A job that was switched off runs none, and that is told.
    async fn cycle(&mut self, told: &mut Vec<String>) -> Option<Cycled> {
        if self.job.status() == Status::SwitchedOff {
            told.push("no cycle runs: the job was switched off after four weeks in quarantine".to_owned());
            return None;
        }
        self.clock.patience.settled().await;
        let source =
            Mapped { directory: self.stage.directory(), mapping: &self.mapping, groups: self.groups };
        Some(self.job.cycle(&source, &self.client, &self.clock, &mut self.log).await)
    }

    /// Does one thing after the other, and tells of each.
    async fn act_all<'s>(
        &mut self,
        actions: impl IntoIterator<Item = &'s Action>,
        told: &mut Vec<String>,
    ) -> Result<(), Stopped> {
        for action in actions {
            told.push(self.stage.told(action));
            self.act(action).await?;
        }
        Ok(())
    }

    async fn act(&mut self, action: &Action) -> Result<(), Stopped> {
        let now_ms = self.clock.now_ms();
        let done = self.stage.apply(action, now_ms);
        done.map_err(|error| Stopped { mishap: true, reason: error.to_string() })?;
        match action {
            Action::Advance { days, hours, minutes } => {
                let hours = u64::from(*days).saturating_mul(24).saturating_add(u64::from(*hours));
                let minutes = hours.saturating_mul(60).saturating_add(u64::from(*minutes));
                self.pass(Duration::from_secs(minutes.saturating_mul(60)));
            }
            Action::Break(disturbance) => self.barrier.disturb(disturbance.clone()),
            Action::Mend => self.barrier.mend(),
            Action::RevokeToken => self.barrier.revoke(true),
            Action::NewToken => {
                self.barrier.revoke(false);
                let source =
                    Mapped { directory: self.stage.directory(), mapping: &self.mapping, groups: self.groups };
                self.clock.patience.settled().await;
                let connection = self.job.test_connection(&source, &self.client, &self.clock).await;
                if !connection.authorized {
                    let reason = format!("the new token cannot be saved: {}", connection.message);
                    return Err(Stopped { mishap: false, reason });
                }
            }
            Action::Lose(key) => self.lose(key).await?,
            Action::Retarget { target, to } => {
                self.renamed.insert(target.clone(), to.clone());
                self.mapping = self.original.clone().retargeted(&self.renamed);
                self.job.restart(&[]);
            }
            Action::MapGroups(groups) => {
                self.groups = *groups;
                self.job.restart(&[]);
            }
            Action::Restart(Restart::Portal) => self.job.restart(&[]),
            Action::Restart(Restart::Full) => self.job.restart(&[Reset::Full]),
            // These were about the directory.
            Action::Add(_)
            | Action::Set { .. }
            | Action::Manager { .. }
            | Action::Assign(_)
            | Action::AssignDefaultAccess(_)
            | Action::Unassign(_)
            | Action::Join { .. }
            | Action::Leave { .. }
            | Action::Enable(_)
            | Action::Disable(_)
            | Action::SoftDelete(_)
            | Action::Restore(_)
            | Action::HardDelete(_)
            | Action::DeleteGroup(_) => {}
        }
        Ok(())
    }

    /// Deletes somebody's resource in the target, as an administrator of the target would.
    async fn lose(&self, key: &str) -> Result<(), Stopped> {
        let id = self.stage.object_id(key).unwrap_or_default();
        let objects = [Object::user(id), Object::group(id)];
        let linked = objects.iter().find_map(|object| Some((object, self.job.state().links.get(object)?)));
        let Some((object, link)) = linked else {
            let reason = format!("{key} cannot be deleted in the target: it was never provisioned");
            return Err(Stopped { mishap: false, reason });
        };
        let path = resource_path(object.kind.endpoint(), &link.target);
        self.clock.patience.settled().await;
        let sent = self.own.send(Request::delete(path), None).await;
        match sent.outcome.as_ref().map(|answer| answer.status) {
            Ok(200..300) => Ok(()),
            Ok(status) => Err(Stopped {
                mishap: false,
                reason: format!("the DELETE of {key} was answered with {status}"),
            }),
            Err(error) => Err(Stopped { mishap: false, reason: error.to_string() }),
        }
    }

    fn pass(&mut self, time: Duration) {
        self.clock.played.advance(time);
        self.stage.pass_time(self.clock.now_ms());
    }

    fn mapped(&self) -> Mapped<'_> {
        Mapped { directory: self.stage.directory(), mapping: &self.mapping, groups: self.groups }
    }
}

fn cancelled() -> Stopped {
    Stopped { mishap: false, reason: "the run was stopped".to_owned() }
}

/// A moment as RFC 3339 in UTC.
fn rfc3339(unix_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(unix_ms).unwrap_or(jiff::Timestamp::MAX).to_string()
}
