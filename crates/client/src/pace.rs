//! How much may be asked of a target: how fast, how many requests at a time, and how many in all.

use std::num::{NonZeroU64, NonZeroUsize};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use http::Method;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::cancel::Cancel;
use crate::clock::Clock;
use crate::error::TransportError;
use crate::request::Request;

/// How many requests it may take to remove what was created: to read it, to delete it, and to see that it is gone.
const TO_REMOVE_ONE: u64 = 3;
/// What else may be sent once somebody sees that there is an end: requests that were about to go out, and lists that are
/// searched for what was created without an answer.
const TO_WIND_UP: u64 = 7;

/// What may be asked of a target; nothing is limited unless it says so.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// How many requests a second.
    pub per_second: Option<f64>,
    /// How many requests at a time.
    pub at_a_time: Option<NonZeroUsize>,
    /// How many requests in all, those among them that remove what was created or ask for tokens.
    pub total: Option<NonZeroU64>,
}

/// The limits of one target and what is left of them. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pace {
    book: Option<Arc<Book>>,
    /// Whether its requests take no place of their own, since another one that is under way waits for them.
    is_within: bool,
}

#[derive(Debug)]
struct Book {
    limits: Limits,
    slots: Option<Semaphore>,
    count: Mutex<Count>,
    stops: OnceLock<Cancel>,
}

#[derive(Debug, Default)]
struct Count {
    /// When the next request may go out, in microseconds of the clock.
    next_us: u64,
    sent: u64,
    /// How many resources may stand that were created.
    standing: u64,
    spent: bool,
}

impl Pace {
    pub(crate) fn new(limits: Limits) -> Self {
        let slots = limits.at_a_time.map(|number| Semaphore::new(number.get()));
        let book = || Arc::new(Book { limits, slots, count: Mutex::default(), stops: OnceLock::new() });
        Self { book: (limits != Limits::default()).then(book), is_within: false }
    }

    /// The same for requests that another one waits for.
    pub(crate) fn within_another(self) -> Self {
        Self { is_within: true, ..self }
    }

    /// What is stopped when no more may be asked.
    pub(crate) fn stops(&self, cancel: &Cancel) {
        if let Some(book) = &self.book {
            // A target belongs to one run, and that has one token.
            let _ = book.stops.set(cancel.clone());
        }
    }

    /// Why nothing more is sent, once as much was asked as may be.
    pub(crate) fn spent(&self) -> Option<TransportError> {
        let book = self.book.as_ref().filter(|book| book.count().spent)?;
        Some(TransportError::Spent { limit: book.limits.total?.get() })
    }

    /// Waits until a request may go out.
    pub(crate) async fn admit(
        &self,
        request: &Request,
        clock: &dyn Clock,
    ) -> Result<Admitted<'_>, TransportError> {
        let Some(book) = &self.book else { return Ok(Admitted(None)) };
        let slot = match book.slots.as_ref().filter(|_| !self.is_within) {
            // It fails only once it is closed, and nobody closes it.
            Some(slots) => slots.acquire().await.ok(),
            None => None,
        };
        let effect = Effect::of(request);
        let wait = book.enter(effect, request.cleans_up(), clock.now_us())?;
        if !wait.is_zero() {
            clock.sleep(wait).await;
        }
        Ok(Admitted(Some(Under { book, effect, _slot: slot })))
    }

    /// Counts a request to the token endpoint: it waits for nobody, since it may go to another server, but whoever limits the
    /// requests of a run means this one too. It may stand for one that cleans up.
    pub(crate) fn admit_token(&self, cleans_up: bool) -> Result<(), TransportError> {
        match &self.book {
            Some(book) => book.charge(Effect::Neither, cleans_up).map(drop),
            None => Ok(()),
        }
    }
}

impl Book {
    fn count(&self) -> MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request, and says how long it has to wait.
    fn enter(&self, effect: Effect, cleans_up: bool, now_us: u64) -> Result<Duration, TransportError> {
        let mut count = self.charge(effect, cleans_up)?;
        let Some(rate) = self.limits.per_second else { return Ok(Duration::ZERO) };
        let due_us = count.next_us.max(now_us);
        let between = Duration::try_from_secs_f64(1.0 / rate).unwrap_or_default();
        count.next_us = due_us.saturating_add(u64::try_from(between.as_micros()).unwrap_or(u64::MAX));
        Ok(Duration::from_micros(due_us - now_us))
    }

    /// Counts a request, unless as many were sent as may be.
    fn charge(&self, effect: Effect, cleans_up: bool) -> Result<MutexGuard<'_, Count>, TransportError> {
        let mut count = self.count();
        if let Some(total) = self.limits.total.map(NonZeroU64::get) {
            let creates = effect == Effect::Creates;
            let kept_back = match count.standing.saturating_add(u64::from(creates)) {
                _ if (count.spent || cleans_up) && !creates => 0,
                0 => 0,
                standing => standing.saturating_mul(TO_REMOVE_ONE).saturating_add(TO_WIND_UP),
            };
            if count.sent.saturating_add(kept_back) >= total || (count.spent && creates) {
                count.spent = true;
                drop(count);
                if let Some(cancel) = self.stops.get() {
                    cancel.cancel_because(&format!("the limit of {total} requests is reached"));
                }
                return Err(TransportError::Spent { limit: total });
            }
        }
        count.sent = count.sent.saturating_add(1);
        count.standing = count.standing.saturating_add(u64::from(effect == Effect::Creates));
        Ok(count)
    }
}

/// What a request may do to the number of resources that stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Creates,
    Removes,
    Neither,
}

impl Effect {
    fn of(request: &Request) -> Self {
        match *request.method() {
            Method::POST if !request.path().ends_with("/.search") => Self::Creates,
            Method::DELETE => Self::Removes,
            _ => Self::Neither,
        }
    }
}

/// A request that may go out. Its place is free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Admitted<'a>(Option<Under<'a>>);

#[derive(Debug)]
struct Under<'a> {
    book: &'a Book,
    effect: Effect,
    _slot: Option<SemaphorePermit<'a>>,
}

impl Admitted<'_> {
    /// The request came to this; without a status nobody knows what it did.
    pub(crate) fn settled(self, status: Option<u16>) {
        let Some(Under { book, effect, .. }) = &self.0 else { return };
        // A DELETE that finds nothing removed nothing: what stands elsewhere still has to be paid for.
        let fewer = match (effect, status) {
            (Effect::Creates, Some(300..500)) | (Effect::Removes, Some(200..300)) => 1,
            _ => 0,
        };
        let mut count = book.count();
        count.standing = count.standing.saturating_sub(fewer);
    }
}
