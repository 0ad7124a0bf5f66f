//! How a request travels.

use std::num::NonZeroUsize;
use std::pin::Pin;

use bytes::Bytes;

use crate::answer::Answer;
use crate::clock::Clock;
use crate::error::TransportError;

/// How many bytes the bodies of responses may take together that a run waits for at a time.
const TOGETHER_BYTES: usize = 128 * MIB;
/// How many JSON values they may hold together. Each takes some hundred bytes once it is read, however short it was
/// written, so the length alone bounds no memory.
const TOGETHER_VALUES: usize = 4_000_000;
/// However many share, this is left for each: lists of ordinary length must be readable.
const LEAST_BYTES: usize = 2 * MIB;
const LEAST_VALUES: usize = 50_000;
const MIB: usize = 1024 * 1024;

/// How much of one response is read: an equal share of what a run may hold, so that its memory is bounded however many
/// requests it makes at a time.
///
/// ```
/// use client::AnswerLimit;
///
/// let one = std::num::NonZeroUsize::MIN;
/// assert_eq!(AnswerLimit::shared_by(one).bytes(), 8 * AnswerLimit::default().bytes());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerLimit {
    shared_by: NonZeroUsize,
}

impl AnswerLimit {
    /// The share of each of so many requests at a time.
    #[must_use]
    pub const fn shared_by(requests: NonZeroUsize) -> Self {
        Self { shared_by: requests }
    }

    /// How many bytes of the body.
    #[must_use]
    pub const fn bytes(self) -> usize {
        let share = TOGETHER_BYTES / self.shared_by.get();
        if share > LEAST_BYTES { share } else { LEAST_BYTES }
    }

    /// How many JSON values.
    #[must_use]
    pub const fn values(self) -> usize {
        let share = TOGETHER_VALUES / self.shared_by.get();
        if share > LEAST_VALUES { share } else { LEAST_VALUES }
    }

    /// How many requests share.
    #[must_use]
    pub const fn requests(self) -> usize {
        self.shared_by.get()
    }

    /// The limit that a request carries among its extensions.
    pub(crate) fn of<B>(request: &http::Request<B>) -> Self {
        request.extensions().get().copied().unwrap_or_default()
    }
}

impl Default for AnswerLimit {
    /// The share of each of eight.
    fn default() -> Self {
        const EIGHT: NonZeroUsize = NonZeroUsize::MIN.saturating_add(7);
        Self { shared_by: EIGHT }
    }
}

/// An answer and when it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// What came.
    pub answer: Answer,
    /// When its head was there, in microseconds of the clock.
    pub first_byte_us: u64,
    /// When its last byte was there, in microseconds of the clock.
    pub last_byte_us: u64,
}

/// An answer on its way. It need not be `Send`: a transport lives on the thread that made it.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Delivered, TransportError>> + 'a>>;

/// Carries requests to the target. It follows no redirect, asks nobody else, and repeats nothing.
pub trait Transport {
    /// Sends a request to the absolute URL that it names and reads the whole answer. The caller keeps the time: it
    /// drops the future when the limit is reached.
    ///
    /// Fails with [`TransportError::TooLarge`] once the body passes the [`AnswerLimit`] that the request carries among its
    /// extensions.
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a>;

    /// The transport that this one adds something to: what is not for the target goes there.
    fn inner(&self) -> Option<&dyn Transport> {
        None
    }
}

/// Makes transports, one for each thread: connection pools are bound to a runtime.
pub trait Connect: Send + Sync {
    /// A new transport. It does not speak to the target yet.
    ///
    /// # Errors
    ///
    /// If the transport cannot be set up ([`TransportError::Setup`]).
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError>;

    /// Whether there are connections, on which a request can be cut up ([`Request::framed`](crate::Request::framed)).
    fn has_connections(&self) -> bool {
        false
    }

    /// What is worth knowing of the target's connections, once the transports have been used.
    fn remark(&self) -> Option<String> {
        None
    }
}

/// The error for a body that is longer than what is read.
pub(crate) const fn too_large(limit: AnswerLimit) -> TransportError {
    TransportError::TooLarge { limit }
}
