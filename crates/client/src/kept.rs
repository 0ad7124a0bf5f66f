//! Connections that are kept for the next request, and servers that end them without a word.
//!
//! A server may close a connection at any time (RFC 9112 §9.5). One that does so silently, after each answer or when nothing came for
//! a moment, leaves the next request without an answer, and nobody knows whether it was carried out.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpInfo;

use crate::clock::Clock;
use crate::error::TransportError;

/// For how long nothing was sent before it is worth looking whether the target has ended the connection meanwhile.
const IDLE_US: u64 = 1_000;
/// For how long a connection is kept at least.
const KEPT_MIN_US: u64 = 500_000;
/// How many requests in a row may go out on another connection than was kept for them; one may by chance.
const MISSED_MAX: u32 = 2;
/// How often others are let through to look: once to be told of it, once to act on it, and once more than that.
const TURNS: u32 = 3;

/// Whether the target was seen to end a connection without a word. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Distrust(Arc<AtomicBool>);

impl Distrust {
    fn learn(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(crate) fn keeps(&self) -> bool {
        !self.0.load(Ordering::Relaxed)
    }

    /// What to say of such a target.
    pub(crate) fn remark(&self) -> Option<String> {
        let said = "the target closes connections without saying so (RFC 9112 §9.6: `Connection: close`), or sends what belongs to \
                    no answer (§9.2); requests that may be repeated were sent once more, and every later one had a connection of \
                    its own";
        (!self.keeps()).then(|| said.to_owned())
    }
}

/// What ended a request before the head of its answer, and on which connection, by its local address.
pub(crate) struct Broken {
    pub(crate) error: TransportError,
    pub(crate) connection: Option<SocketAddr>,
}

impl From<TransportError> for Broken {
    fn from(error: TransportError) -> Self {
        Self { error, connection: None }
    }
}

/// The connection on which an error arose.
pub(crate) fn connection_of(error: &(dyn std::error::Error + 'static)) -> Option<SocketAddr> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(error) = cause.downcast_ref::<legacy::Error>() {
            let mut extensions = http::Extensions::new();
            error.connect_info()?.get_extras(&mut extensions);
            return Some(extensions.get::<HttpInfo>()?.local_addr());
        }
        next = cause.source();
    }
    None
}

/// The connections of one pool that have brought an answer and are kept, by their local addresses. The address of one that has
/// ended is given out anew, so the set ends with its pool.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proven(Rc<RefCell<HashSet<SocketAddr>>>);

impl Proven {
    fn note(&self, connection: SocketAddr, stays: bool) {
        if stays {
            self.0.borrow_mut().insert(connection);
        } else {
            self.0.borrow_mut().remove(&connection);
        }
    }

    fn take(&self, connection: SocketAddr) -> bool {
        self.0.borrow_mut().remove(&connection)
    }
}

/// What one transport knows of its connections.
pub(crate) struct Kept {
    distrust: Distrust,
    /// Whether this transport still keeps connections.
    keeps: Cell<bool>,
    used_us: Cell<u64>,
    under_way: Cell<usize>,
    /// Whether there were never two requests under way, so that there is one connection at most to choose from.
    alone: Cell<bool>,
    /// The connection that the next request should go out on, and its pool.
    next: Cell<Option<(Pooled, SocketAddr)>>,
    /// How many requests in a row did not find it.
    missed: Cell<u32>,
}

/// Which of a transport's pools a connection belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pooled {
    /// That of most requests.
    Usual,
    /// That of requests without an `Accept` header.
    Bare,
}

/// A request under way.
pub(crate) struct UnderWay<'a> {
    kept: &'a Kept,
    pool: Pooled,
    /// The connection that it should have gone out on.
    due_on: Option<SocketAddr>,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.kept.under_way.set(self.kept.under_way.get().saturating_sub(1));
    }
}

impl Kept {
    pub(crate) fn new(distrust: Distrust) -> Self {
        let keeps = Cell::new(distrust.keeps());
        Self {
            distrust,
            keeps,
            used_us: Cell::new(0),
            under_way: Cell::new(0),
            alone: Cell::new(true),
            next: Cell::new(None),
            missed: Cell::new(0),
        }
    }

    pub(crate) fn keeps(&self) -> bool {
        self.keeps.get()
    }

    /// Whether connections are to be kept no more, from now on.
    pub(crate) fn gives_up(&self) -> bool {
        let gives_up = self.keeps.get() && !self.distrust.keeps();
        if gives_up {
            self.keeps.set(false);
        }
        gives_up
    }

    /// A request is about to go out. Before it does, the connections learn what came while nobody looked: one that has ended is not
    /// taken for it then.
    pub(crate) async fn begin(&self, pool: Pooled, clock: &dyn Clock) -> UnderWay<'_> {
        let due_on =
            self.next.take().filter(|(kept_in, _)| *kept_in == pool).map(|(_, connection)| connection);
        let idle_us = clock.now_us().saturating_sub(self.used_us.get());
        self.under_way.set(self.under_way.get() + 1);
        self.alone.set(self.alone.get() && self.under_way.get() == 1);
        let under_way = UnderWay { kept: self, pool, due_on: due_on.filter(|_| idle_us < KEPT_MIN_US) };
        if self.keeps.get() && idle_us >= IDLE_US {
            for _ in 0..TURNS {
                tokio::task::yield_now().await;
            }
        }
        under_way
    }

    /// All connections were given up.
    pub(crate) fn begun_anew(&self) {
        self.next.set(None);
    }
}

impl UnderWay<'_> {
    /// What it means that the request ended so. On a connection that has brought an answer before, the target may have ended it
    /// before the request was there.
    pub(crate) fn broken(&self, Broken { error, connection }: Broken, proven: &Proven) -> TransportError {
        let kept = connection.is_some_and(|connection| proven.take(connection));
        match error {
            TransportError::Closed { reason } if kept => {
                self.kept.distrust.learn();
                TransportError::Stale { reason }
            }
            error => error,
        }
    }

    /// The head of an answer is there. Where it came on another connection than the one that was kept for it, that one was
    /// ended.
    pub(crate) fn answered(&self, response: &reqwest::Response, proven: &Proven) -> Option<SocketAddr> {
        let connection = response.extensions().get::<HttpInfo>().map(HttpInfo::local_addr)?;
        let keeps = self.kept.keeps.get();
        let stays = keeps && stays_open(response);
        proven.note(connection, stays);
        if let Some(due_on) = self.due_on.filter(|_| keeps && self.kept.alone.get()) {
            let missed = if due_on == connection { 0 } else { self.kept.missed.get() + 1 };
            self.kept.missed.set(missed);
            if missed >= MISSED_MAX {
                self.kept.distrust.learn();
            }
        }
        stays.then_some(connection)
    }

    /// The whole answer is there, and with it perhaps a connection for the next request.
    pub(crate) fn ended(&self, connection: Option<SocketAddr>, clock: &dyn Clock) {
        self.kept.used_us.set(clock.now_us());
        self.kept.next.set(connection.map(|connection| (self.pool, connection)));
    }
}

/// Whether the target does not say that it ends the connection after this answer (RFC 9112 §9.3).
fn stays_open(response: &reqwest::Response) -> bool {
    let said = response.headers().get_all(http::header::CONNECTION);
    let words = said.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let words: Vec<&str> = words.map(str::trim).collect();
    let says = |option: &str| words.iter().any(|word| word.eq_ignore_ascii_case(option));
    !says("close") && (response.version() == http::Version::HTTP_11 || says("keep-alive"))
}
