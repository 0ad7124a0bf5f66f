//! Places at which runs are killed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Hook, Message, PATIENCE, Seen, Step};

/// Where the places come from at which runs are killed: the same ones each time, and nobody chose them.
const SEED: u64 = 0x5eed_2011;

/// When a run is killed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Moment {
    /// The request has left, and the server never sees it.
    BeforeTheServer,
    /// The server has done what was asked, and nobody ever hears of it.
    BeforeTheReply,
}

/// Where a run is killed: at one of the requests with a method, or of all.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) method: Option<&'static str>,
    /// Which of them, from 1.
    number: usize,
    moment: Moment,
}

impl Place {
    fn counts(method: Option<&str>, request: &Message) -> bool {
        method.is_none_or(|method| request.method() == method)
    }
}

/// The kinds of places, and how many runs are killed at each. What a clean-up sends are the DELETEs, and a few that
/// checks send themselves.
const KINDS: &[(Option<&str>, Moment, usize)] = &[
    (None, Moment::BeforeTheServer, 4),
    (None, Moment::BeforeTheReply, 4),
    (Some("POST"), Moment::BeforeTheServer, 2),
    (Some("POST"), Moment::BeforeTheReply, 6),
    (Some("DELETE"), Moment::BeforeTheServer, 2),
    (Some("DELETE"), Moment::BeforeTheReply, 4),
];

/// Numbers that follow from a seed (SplitMix64).
struct Numbers(u64);

impl Numbers {
    /// One of 1 to `most`.
    fn up_to(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let number = usize::try_from((mixed ^ (mixed >> 31)) % most as u64).expect("it is small");
        number + 1
    }
}

/// Places all over a run that sends these requests when nobody kills it. The last tenth is sure to be among them.
pub(crate) fn places(requests: &[Message]) -> Vec<Place> {
    let mut numbers = Numbers(SEED);
    let mut places = Vec::new();
    for (method, moment, kills) in KINDS.iter().copied() {
        let all = requests.iter().filter(|request| Place::counts(method, request)).count();
        for kill in 0..kills {
            let tenth = all.div_ceil(10);
            // The first of each kind falls into the last tenth. What comes at the very end differs from run to run.
            let number = if kill == 0 {
                all - tenth / 2 - numbers.up_to(tenth / 2)
            } else {
                numbers.up_to(all - tenth / 2)
            };
            places.push(Place { method, number, moment });
        }
    }
    places
}

/// Stops the proxy at one request until the run that sent it is dead.
pub(crate) struct Trap {
    place: Place,
    seen: AtomicUsize,
    reached: Sender<String>,
    killed: Mutex<Receiver<()>>,
}

impl Trap {
    /// A trap at a place. It tells when it is reached, and opens when the run is dead.
    pub(crate) fn new(place: Place, reached: Sender<String>, killed: Receiver<()>) -> Self {
        Self { place, seen: AtomicUsize::new(0), reached, killed: Mutex::new(killed) }
    }

    /// Whether this is the request; none is counted twice, for each is asked about at one moment only.
    fn springs(&self, seen: &Seen) -> bool {
        Place::counts(self.place.method, &seen.request)
            && self.seen.fetch_add(1, Ordering::SeqCst) + 1 == self.place.number
    }

    fn spring(&self, seen: &Seen) {
        self.reached.send(seen.request.start.clone()).expect("the test listens");
        let killed = self.killed.lock().unwrap_or_else(PoisonError::into_inner);
        killed.recv_timeout(PATIENCE).expect("the run is killed");
    }

    pub(crate) fn hook(self) -> Hook {
        let trap = Arc::new(self);
        let other = Arc::clone(&trap);
        Hook {
            before: Box::new(move |seen| {
                if matches!(trap.place.moment, Moment::BeforeTheServer) && trap.springs(seen) {
                    trap.spring(seen);
                    return Step::Drop;
                }
                Step::Forward
            }),
            after: Box::new(move |seen, answer| {
                if matches!(other.place.moment, Moment::BeforeTheReply) && other.springs(seen) {
                    other.spring(seen);
                    return None;
                }
                Some(answer)
            }),
            ..Hook::default()
        }
    }
}
