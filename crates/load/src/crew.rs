//! The threads that send. A client belongs to its thread, so whoever wants something sent hands it over.

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;

use client::{Client, Connect, Recorder, Target};
use tokio::sync::{mpsc, oneshot};

use crate::desk::{Desk, Errand, Timed};
use crate::error::LoadError;
use crate::executor::UnderWay;
use crate::floor::Floor;
use crate::items::Plan;
use crate::queue;
use crate::tally::Tally;

/// An item, and who wants to know when it is done.
pub(crate) struct Order {
    pub(crate) job: u32,
    pub(crate) step: usize,
    pub(crate) item: u64,
    /// When it was due; none where it is due when it is begun.
    pub(crate) due_us: Option<u64>,
    pub(crate) done: oneshot::Sender<Vec<Timed>>,
    /// Dropped when nothing of it is under way any more, whoever still waits.
    pub(crate) under_way: UnderWay,
}

/// What each thread needs to make its client.
pub(crate) struct Equipment {
    pub(crate) target: Target,
    pub(crate) connect: Arc<dyn Connect>,
    pub(crate) recorder: Recorder,
    pub(crate) floor: Arc<Floor>,
    pub(crate) plan: Arc<Plan>,
}

/// The threads, while they are there.
pub(crate) struct Crew {
    desks: RwLock<Vec<mpsc::UnboundedSender<Order>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    pub(crate) tallies: Vec<Arc<Mutex<Tally>>>,
    /// Where the system tells of each of them.
    pub(crate) places: Vec<Option<PathBuf>>,
}

impl Crew {
    /// Starts so many threads, each with a client of its own.
    pub(crate) fn start(threads: usize, equipment: &Arc<Equipment>) -> Result<Self, LoadError> {
        let (mut desks, mut running, mut tallies) = (Vec::new(), Vec::new(), Vec::new());
        let mut places = Vec::new();
        for number in 0..threads.max(1) {
            let (desk, orders) = mpsc::unbounded_channel();
            let (ready, is_ready) = std::sync::mpsc::channel();
            let tally = Arc::new(Mutex::new(Tally::default()));
            let (ours, its) = (Arc::clone(equipment), Arc::clone(&tally));
            let thread = std::thread::Builder::new()
                .name(format!("load-{number}"))
                .spawn(move || match equip(&ours, its) {
                    Ok((runtime, desk)) => {
                        let _ = ready.send(Ok(queue::this_thread()));
                        work(&runtime, Rc::new(desk), orders, &ours.plan);
                    }
                    Err(error) => drop(ready.send(Err(error))),
                })
                .map_err(|cause| LoadError::Start { what: "a thread that sends", cause })?;
            // A thread that ends without a word cannot send either.
            let gone = || std::io::Error::other("the thread ended");
            let place = is_ready.recv();
            let place =
                place.map_err(|_| LoadError::Start { what: "a thread that sends", cause: gone() })??;
            places.push(place);
            desks.push(desk);
            running.push(thread);
            tallies.push(tally);
        }
        Ok(Self { desks: RwLock::new(desks), threads: Mutex::new(running), tallies, places })
    }

    /// Hands an item over. A job always gets the same thread.
    pub(crate) fn hand_over(&self, order: Order) {
        let desks = self.desks.read().unwrap_or_else(PoisonError::into_inner);
        let place = usize::try_from(order.job).unwrap_or_default() % desks.len().max(1);
        if let Some(desk) = desks.get(place) {
            // It fails when the thread is gone, and then whoever waits is told by the dropped sender.
            let _ = desk.send(order);
        }
    }

    /// Waits until everything that was handed over is done, and ends the threads.
    pub(crate) fn dismiss(&self) {
        self.desks.write().unwrap_or_else(PoisonError::into_inner).clear();
        for thread in std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner)) {
            let _ = thread.join();
        }
    }
}

fn equip(
    equipment: &Equipment,
    tally: Arc<Mutex<Tally>>,
) -> Result<(tokio::runtime::Runtime, Desk), LoadError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|cause| LoadError::Start { what: "a runtime", cause })?;
    let guard = runtime.enter();
    let Equipment { target, connect, recorder, floor, .. } = equipment;
    let client = Client::new(target.clone(), connect.as_ref(), recorder.clone(), Arc::clone(&floor.clock))?;
    drop(guard);
    Ok((runtime, Desk { client, floor: Arc::clone(floor), tally }))
}

fn work(
    runtime: &tokio::runtime::Runtime,
    desk: Rc<Desk>,
    mut orders: mpsc::UnboundedReceiver<Order>,
    plan: &Arc<Plan>,
) {
    let local = tokio::task::LocalSet::new();
    local.spawn_local({
        let plan = Arc::clone(plan);
        async move {
            while let Some(order) = orders.recv().await {
                let (desk, plan) = (Rc::clone(&desk), Arc::clone(&plan));
                tokio::task::spawn_local(async move {
                    let mut errand = Errand::begun(order.due_us, desk.floor.clock.now_us());
                    plan.play(&desk, &mut errand, (order.job, order.step, order.item)).await;
                    let _ = order.done.send(errand.timed);
                    drop(order.under_way);
                });
            }
        }
    });
    // A set is done when all its tasks are.
    runtime.block_on(local);
}
