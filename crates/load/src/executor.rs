//! Who decides when each item is begun.

use std::collections::BTreeMap;
use std::future::ready;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use client::Clock;
use futures_util::StreamExt as _;
use futures_util::stream::{self, Stream};
use record::LoadModel;
use tokio::sync::oneshot;

use crate::crew::{Crew, Order};
use crate::description::Pace;
use crate::desk::Timed;
use crate::error::LoadError;
use crate::floor::Floor;
use crate::items::Plan;

/// How long nobody looks whether a load was stopped.
const LOOK: Duration = Duration::from_millis(50);

/// Drives a load: decides which item is begun when. Everything else is the same for all.
pub trait Executor: Send + Sync {
    /// Its name, as users select it.
    fn name(&self) -> &'static str;

    /// Whether requests wait for earlier answers.
    fn model(&self) -> LoadModel;

    /// How many threads it keeps busy beside those that send.
    fn threads(&self) -> usize {
        0
    }

    /// Has every item done, or returns when the [`Work`] is over. It is called on a thread of its own.
    ///
    /// # Errors
    /// If the executor itself cannot go on. What a target does is no reason.
    fn drive(&self, work: &Work) -> Result<(), LoadError>;
}

/// What an executor has to get done: steps, one after the other, each with items for every job.
#[derive(Clone)]
pub struct Work {
    inner: Arc<Inner>,
}

struct Inner {
    plan: Arc<Plan>,
    floor: Arc<Floor>,
    crew: Arc<Crew>,
    steps: Range<usize>,
    together: u32,
    pace: Pace,
    done: AtomicU64,
    /// By step.
    dropped: Mutex<BTreeMap<usize, u64>>,
    /// In the warm-up, which counts for nothing.
    dropped_warm_up: AtomicU64,
    under_way: Mutex<u64>,
    fewer: Condvar,
}

/// An item under way; it is done when this is dropped.
pub(crate) struct UnderWay {
    work: Work,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let inner = &self.work.inner;
        inner.done.fetch_add(1, Ordering::Relaxed);
        let mut under_way = self.work.lock();
        *under_way = under_way.saturating_sub(1);
        drop(under_way);
        inner.fewer.notify_all();
    }
}

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) job: u32,
    pub(crate) step: usize,
    pub(crate) number: u64,
}

impl Work {
    pub(crate) fn new(
        plan: &Arc<Plan>,
        floor: &Arc<Floor>,
        crew: &Arc<Crew>,
        steps: Range<usize>,
        (together, pace): (u32, &Pace),
    ) -> Self {
        let inner = Inner {
            plan: Arc::clone(plan),
            floor: Arc::clone(floor),
            crew: Arc::clone(crew),
            steps,
            together,
            pace: pace.clone(),
            done: AtomicU64::new(0),
            dropped: Mutex::default(),
            dropped_warm_up: AtomicU64::new(0),
            under_way: Mutex::default(),
            fewer: Condvar::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// How many jobs there are.
    #[must_use]
    pub fn jobs(&self) -> u32 {
        u32::try_from(self.inner.plan.jobs.len()).unwrap_or(u32::MAX)
    }

    /// Whether nothing new is to be begun: somebody stopped the load, its time is over, or a cap was reached.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.inner.floor.is_over()
    }

    /// Plays a job from its first to its last item, so many at a time as the description says. Each element is an item that is
    /// done, with its requests in the order sent. A step begins when the one before is done.
    pub fn play(&self, job: u32) -> impl Stream<Item = Vec<Timed>> + Send + use<> {
        let work = self.clone();
        let together = usize::try_from(self.inner.together).unwrap_or(1).max(1);
        let steps = stream::iter(self.inner.steps.clone());
        steps.flat_map(move |step| {
            let (work, watching) = (work.clone(), work.clone());
            let items = work.inner.plan.items(step);
            let numbers = stream::iter(0..items).take_while(move |_| ready(!watching.is_over()));
            numbers.map(move |number| work.finish(Item { job, step, number })).buffer_unordered(together)
        })
    }

    /// Has an item done and waits for it.
    fn finish(&self, item: Item) -> impl Future<Output = Vec<Timed>> + Send + use<> {
        let done = self.begin(item, None);
        async move { done.await.unwrap_or_default() }
    }

    /// Has an item done that was due at a moment, and does not wait for it.
    pub(crate) fn arrive(&self, item: Item, due_us: u64) {
        drop(self.begin(item, Some(due_us)));
    }

    fn begin(&self, item: Item, due_us: Option<u64>) -> oneshot::Receiver<Vec<Timed>> {
        let (done, is_done) = oneshot::channel();
        *self.lock() += 1;
        let under_way = UnderWay { work: self.clone() };
        let Item { job, step, number: item } = item;
        self.inner.crew.hand_over(Order { job, step, item, due_us, done, under_way });
        is_done
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, u64> {
        self.inner.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn pace(&self) -> &Pace {
        &self.inner.pace
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.inner.floor.clock.as_ref()
    }

    pub(crate) fn steps(&self) -> Range<usize> {
        self.inner.steps.clone()
    }

    /// How many items a step has, for all jobs together.
    pub(crate) fn items(&self, step: usize) -> u64 {
        self.inner.plan.items(step).saturating_mul(u64::from(self.jobs()))
    }

    /// How many items are done, and how many there are.
    pub(crate) fn so_far(&self) -> (u64, u64) {
        (self.inner.done.load(Ordering::Relaxed), self.steps().map(|step| self.items(step)).sum())
    }

    /// How many arrivals of each step found no place, after the warm-up.
    pub(crate) fn dropped(&self) -> BTreeMap<usize, u64> {
        self.inner.dropped.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many arrivals of the warm-up found none.
    pub(crate) fn dropped_warm_up(&self) -> u64 {
        self.inner.dropped_warm_up.load(Ordering::Relaxed)
    }

    /// An arrival that was due at a moment finds no place.
    pub(crate) fn drop_one(&self, step: usize, due_us: u64) {
        if self.inner.floor.is_warming_up(due_us) {
            self.inner.dropped_warm_up.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let mut dropped = self.inner.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        *dropped.entry(step).or_default() += 1;
    }

    /// Whether another item may be under way.
    pub(crate) fn has_room(&self) -> bool {
        *self.lock() < u64::from(self.inner.pace.in_flight)
    }

    /// Waits until a moment of the clock; false if the work is over before.
    pub(crate) fn until(&self, moment_us: u64) -> bool {
        loop {
            if self.is_over() {
                return false;
            }
            let left = Duration::from_micros(moment_us.saturating_sub(self.clock().now_us()));
            if left.is_zero() {
                return true;
            }
            std::thread::park_timeout(left.min(LOOK));
        }
    }

    /// Waits until nothing is under way.
    pub(crate) fn until_idle(&self) {
        let mut under_way = self.lock();
        while *under_way > 0 {
            under_way = self.inner.fewer.wait(under_way).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// The plain closed executor: each job goes on when it has its answers.
#[derive(Clone, Copy, Debug, Default)]
pub struct Closed;

impl Executor for Closed {
    fn name(&self) -> &'static str {
        "closed"
    }

    fn model(&self) -> LoadModel {
        LoadModel::Closed
    }

    fn drive(&self, work: &Work) -> Result<(), LoadError> {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.map_err(|cause| LoadError::Start { what: "a runtime", cause })?;
        let jobs = (0..work.jobs()).map(|job| work.play(job).for_each(|_| ready(())));
        runtime.block_on(futures_util::future::join_all(jobs));
        Ok(())
    }
}
