//! One cycle, from the connection test to the watermark.

use std::collections::{BTreeMap, BTreeSet};

use record::{CycleKind, LogStatus, Tally};

use super::Cycled;
use super::clock::rfc3339;
use super::failure::Failure;
use super::ladder::{self, Escrow, Quarantine};
use super::members::Membership;
use super::references::Pointing;
use super::removal::Leaving;
use super::row::{self, End, Log, Row};
use super::source::{Changed, Object, OutOfScope, Source, Standing};
use super::state::{Link, State};
use super::wire::Wire;
use crate::entra::{ObjectKind, Settings, Writer};
use crate::wanted::Wanted;

/// The reason code of a job whose endpoint or credentials do not work (D).
const UNUSABLE: &str = "EncounteredQuarantineException";

/// The end of a cycle before its time: the endpoint or the credentials do not work. The log has the row already.
#[derive(Debug)]
pub(super) struct Broken(pub(super) Failure);

pub(super) struct Cycle<'a> {
    pub(super) settings: &'a Settings,
    pub(super) source: &'a dyn Source,
    pub(super) state: &'a mut State,
    pub(super) wire: Wire<'a>,
    pub(super) log: &'a mut dyn Log,
    pub(super) number: u32,
    /// When it began, in milliseconds since 1970.
    began: i64,
    pub(super) kind: CycleKind,
    /// What waited for this cycle.
    pub(super) awaited: BTreeSet<Object>,
    /// What the cycle learned and does in a later pass.
    pub(super) pointing: Vec<Pointing>,
    pub(super) memberships: Vec<Membership>,
    /// What was looked at although nothing about it changed.
    retried: BTreeSet<Object>,
    /// What failed in this cycle.
    stuck: BTreeSet<Object>,
    counts: Counts,
}

#[derive(Default)]
struct Counts {
    evaluated: u32,
    done: BTreeMap<&'static str, u32>,
    skipped: u32,
    failed: u32,
    failed_references: u32,
}

impl<'a> Cycle<'a> {
    /// Begins a cycle: everything is read if nothing was read to its end yet.
    pub(super) fn begin(
        settings: &'a Settings,
        source: &'a dyn Source,
        state: &'a mut State,
        wire: Wire<'a>,
        log: &'a mut dyn Log,
    ) -> Self {
        state.cycles = state.cycles.saturating_add(1);
        let kind = if state.watermark.is_none() { CycleKind::Initial } else { CycleKind::Incremental };
        Self {
            settings,
            source,
            number: state.cycles,
            began: wire.clock.now_ms(),
            awaited: std::mem::take(&mut state.later),
            state,
            wire,
            log,
            kind,
            pointing: Vec::new(),
            memberships: Vec::new(),
            retried: BTreeSet::new(),
            stuck: BTreeSet::new(),
            counts: Counts::default(),
        }
    }

    /// Goes through the whole cycle, and says what it came to.
    pub(super) async fn run(mut self) -> Cycled {
        // Read before anything is done, so that what changes meanwhile is seen by the next cycle.
        let watermark = self.source.watermark();
        let outcome = match self.probe().await {
            Ok(()) => self.pass().await,
            Err(broken) => Err(broken),
        };
        let now = self.now();
        match outcome {
            Ok(staged) => {
                self.state.watermark = Some(watermark);
                self.state.quarantine =
                    self.reason(staged).map(|(reason, error)| self.quarantined(reason, error));
            }
            Err(Broken(failure)) => {
                // The watermark stays, so the next attempt sees the same changes again. What was looked at without any
                // change may have been left half done.
                self.state.later.append(&mut self.awaited);
                self.state.later.append(&mut self.retried);
                self.state.quarantine = Some(self.quarantined(UNUSABLE, failure.reason));
            }
        }
        self.switch_off_if_over(now);
        let record = self.record(now);
        Cycled { record, waited: self.wire.waited, put_off: self.wire.put_off }
    }

    /// Switches the job off where it was in quarantine for too long, and says so in the log as well as in the job's status.
    fn switch_off_if_over(&mut self, now: i64) {
        let Some(quarantine) = self.state.quarantine.as_ref().filter(|quarantine| quarantine.is_over(now))
        else {
            return;
        };
        let reason = quarantine.reason.clone();
        self.state.switched_off = true;
        let number = self.next_row();
        self.log.row(row::switched_off(number, self.number, now, reason));
    }

    /// All the passes after the connection test. The number of deletions that wait for an administrator comes back.
    async fn pass(&mut self) -> Result<usize, Broken> {
        let changes = match self.kind {
            CycleKind::Initial => None,
            CycleKind::Incremental => Some(self.changes()),
        };
        let leaving = Leaving::of(self, changes.as_deref());
        self.look_at(ObjectKind::User, changes.as_deref()).await?;
        // A user who leaves the scope with a group is disabled before the group is asked for and loses him (W).
        let leaving = self.disable_all(leaving).await?;
        self.look_at(ObjectKind::Group, changes.as_deref()).await?;
        self.point().await?;
        self.fill_groups().await?;
        self.let_go(leaving).await
    }

    /// What an incremental cycle looks at: what changed, and what is tried again after that. Users come first.
    fn changes(&mut self) -> Vec<Changed> {
        let mut changes = self.source.changes(self.state.watermark.unwrap_or_default());
        let known: BTreeSet<Object> = changes.iter().map(|change| change.object.clone()).collect();
        self.retried = self.due();
        let due = self.retried.iter().filter(|object| !known.contains(object)).cloned();
        changes.extend(due.map(|object| Changed { object, members: Vec::new() }));
        // The feed may come in any order.
        changes.sort_by_key(|change| change.object.kind);
        changes
    }

    /// Evaluates all objects of a kind that changed; every one of them where it is not said what did.
    async fn look_at(&mut self, kind: ObjectKind, changes: Option<&[Changed]>) -> Result<(), Broken> {
        match changes {
            None => {
                for id in self.source.objects(kind) {
                    self.evaluate(&Object { kind, id }, &[]).await?;
                }
            }
            Some(changes) => {
                for Changed { object, members } in changes.iter().filter(|change| change.object.kind == kind)
                {
                    self.evaluate(object, members).await?;
                }
            }
        }
        Ok(())
    }

    /// What is looked at although nothing about it changed.
    fn due(&self) -> BTreeSet<Object> {
        let now = self.now();
        let escrows = self.state.escrows.iter().filter(|(_, escrow)| escrow.next_ms <= now);
        let escrows = escrows.map(|(object, _)| object);
        escrows.chain(&self.awaited).chain(&self.state.staged).cloned().collect()
    }

    /// Decides by an object's standing what becomes of it.
    async fn evaluate(
        &mut self,
        object: &Object,
        members: &[super::source::MemberChange],
    ) -> Result<(), Broken> {
        self.counts.evaluated = self.counts.evaluated.saturating_add(1);
        let enabled = self.state.links.get(object).map(|link| link.enabled);
        let standing = self.source.standing(object);
        if enabled.is_none() || standing == Standing::InScope {
            self.state.staged.remove(object);
        }
        match (standing, enabled) {
            (Standing::InScope, _) | (Standing::Disabled, Some(false)) => self.upsert(object, members).await,
            (Standing::Disabled, None) => {
                self.state.escrows.remove(object);
                self.skip(
                    object,
                    "EntrySynchronizationSkipped",
                    "its account is not enabled, and it was never exported",
                );
                Ok(())
            }
            (Standing::OutOfScope(why), None) => {
                self.state.escrows.remove(object);
                // An initial cycle reads the whole directory; most of it is of no concern, and the log does not tell.
                if self.kind == CycleKind::Incremental || why != OutOfScope::Unassigned {
                    self.skip(object, "NotEffectivelyEntitled", why.reason());
                }
                Ok(())
            }
            (Standing::SoftDeleted | Standing::Gone, None) => {
                self.state.escrows.remove(object);
                Ok(())
            }
            (
                Standing::Disabled | Standing::OutOfScope(_) | Standing::SoftDeleted | Standing::Gone,
                Some(_),
            ) => {
                // These are let go.
                Ok(())
            }
        }
    }

    fn skip(&mut self, object: &Object, code: &'static str, reason: &str) {
        let wanted = self.source.wanted(object);
        let row = self.open(object, wanted.as_ref());
        self.close(row, End::Skipped { code, reason: reason.to_owned() });
    }

    /// Why the job is in quarantine at the end of a cycle that was gone through, where it is.
    fn reason(&self, staged: usize) -> Option<(&'static str, String)> {
        if staged > 0 {
            return Some((
                "TooManyDeletes",
                format!(
                    "{staged} objects were about to be disabled or deleted, more than the threshold allows"
                ),
            ));
        }
        let succeeded: u64 = self.counts.done.values().copied().map(u64::from).sum();
        let (failed, references) = (u64::from(self.counts.failed), u64::from(self.counts.failed_references));
        let reason = ladder::threshold(failed, references, succeeded)?;
        Some((reason, format!("{failed} objects and {references} references failed, {succeeded} succeeded")))
    }

    fn quarantined(&self, reason: &str, error: String) -> Quarantine {
        let now = self.now();
        match &self.state.quarantine {
            Some(known) => known.again(now, reason, error),
            None => Quarantine::began(now, reason, error),
        }
    }

    fn record(&self, now: i64) -> record::Cycle {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let done = self.counts.done.iter();
        let waited = self.wire.waited.saturating_add(self.wire.put_off.wait);
        record::Cycle {
            number: self.number,
            kind: self.kind,
            ended: rfc3339(now),
            requests: self.wire.requests,
            waited_s: u32::try_from(waited.as_secs()).unwrap_or(u32::MAX),
            evaluated: self.counts.evaluated,
            done: done.map(|(what, count)| Tally { what: (*what).to_owned(), count: *count }).collect(),
            skipped: self.counts.skipped,
            failed: self.counts.failed.saturating_add(self.counts.failed_references),
            escrowed: count(self.state.escrows.len()),
            quarantine: self.state.quarantine.as_ref().map(|quarantine| quarantine.reason.clone()),
            // The job knows when it is over.
            next: None,
        }
    }

    pub(super) fn now(&self) -> i64 {
        self.wire.clock.now_ms()
    }

    pub(super) fn writer(&self) -> Writer<'a> {
        Writer::new(self.settings)
    }

    /// Opens a log row about an object.
    pub(super) fn open(&mut self, object: &Object, wanted: Option<&Wanted>) -> Row {
        let number = self.next_row();
        let link = self.state.links.get(object);
        let name = wanted.map(|wanted| &wanted.name).or_else(|| link.map(|link| &link.name));
        let name = name.unwrap_or(&object.id).clone();
        let mut row = Row::new(number, self.number, object, name);
        row.target = link.map(|link: &Link| link.target.clone());
        row.step(if link.is_some() { "EntryImport" } else { "EntryImportAdd" }, "read from the directory");
        row
    }

    fn next_row(&mut self) -> u32 {
        self.state.rows = self.state.rows.saturating_add(1);
        self.state.rows
    }

    pub(super) fn close(&mut self, row: Row, end: End) {
        let action = row.action;
        let row = row.end(self.wire.clock.now_ms(), end);
        match row.status {
            LogStatus::Success | LogStatus::Warning => {
                let done = self.counts.done.entry(action.name()).or_default();
                *done = done.saturating_add(1);
            }
            LogStatus::Skipped => self.counts.skipped = self.counts.skipped.saturating_add(1),
            LogStatus::Failure => {}
        }
        self.log.row(row);
    }

    /// Closes a row about an object that was exported, and forgets that it ever failed.
    pub(super) fn close_done(&mut self, object: &Object, row: Row, end: End) {
        if self.state.escrows.get(object).is_some_and(|escrow| !escrow.reference) {
            self.state.escrows.remove(object);
        }
        self.close(row, end);
    }

    /// Notes that nothing about an object's references is left to be done, unless one failed in this cycle.
    pub(super) fn referred(&mut self, object: &Object) {
        let waits = self.state.escrows.get(object).is_some_and(|escrow| escrow.reference);
        if waits && !self.stuck.contains(object) {
            self.state.escrows.remove(object);
        }
    }

    /// Closes a row about something that failed. The object is tried again later, unless the whole job is broken.
    pub(super) fn close_failed(
        &mut self,
        object: &Object,
        row: Row,
        failure: Failure,
        reference: bool,
    ) -> Result<(), Broken> {
        let count = if reference { &mut self.counts.failed_references } else { &mut self.counts.failed };
        *count = count.saturating_add(1);
        if failure.is_fatal {
            let again = String::new();
            self.close(row, End::Failed { failure: failure.clone(), again });
            return Err(Broken(failure));
        }
        let again = self.escrow(object, &failure, reference);
        self.close(row, End::Failed { failure, again });
        Ok(())
    }

    /// Puts an object where failed ones wait, and says when it is tried again.
    fn escrow(&mut self, object: &Object, failure: &Failure, reference: bool) -> String {
        let now = self.now();
        self.stuck.insert(object.clone());
        let next = match self.state.escrows.get(object) {
            None => Some(Escrow::first(now, reference, failure.code)),
            Some(known) => known.again(now, reference, failure.code),
        };
        match next {
            Some(escrow) => {
                let times = escrow.failures.saturating_sub(1);
                // No cycle runs before the next one is due, whatever the ladder says.
                let again = format!(
                    ". This operation was retried {times} times. It will be retried again after this date: {}",
                    rfc3339(escrow.next_ms.max(self.settings.due_ms(self.began)))
                );
                self.state.escrows.insert(object.clone(), escrow);
                again
            }
            None => {
                self.state.escrows.remove(object);
                ". It failed for four weeks and is not retried".to_owned()
            }
        }
    }

    /// The connection test at the beginning.
    async fn probe(&mut self) -> Result<(), Broken> {
        let mut row = Row::of_test(self.number);
        match super::probe::test(&mut self.wire, self.source, self.state, &mut row).await {
            Ok(_) => Ok(()),
            Err(failure) => {
                // The provider tells this in the job's status; here it stands in the log as well.
                row.number = self.next_row();
                self.counts.failed = self.counts.failed.saturating_add(1);
                self.close(row, End::Failed { failure: failure.clone(), again: String::new() });
                Err(Broken(failure))
            }
        }
    }
}
