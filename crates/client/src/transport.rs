//! How a request travels.

use std::pin::Pin;

use bytes::Bytes;

use crate::answer::Answer;
use crate::clock::Clock;
use crate::error::TransportError;

/// How many bytes of a response's body are read at most. Every thread of a run may hold that much at a time.
pub const RESPONSE_BYTES_MAX: usize = 8 * 1024 * 1024;

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
    /// Fails with [`TransportError::TooLarge`] once the body passes [`RESPONSE_BYTES_MAX`].
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a>;
}

/// Makes transports, one for each thread: connection pools are bound to a runtime.
pub trait Connect: Send + Sync {
    /// A new transport. It does not speak to the target yet.
    ///
    /// # Errors
    ///
    /// If the transport cannot be set up ([`TransportError::Setup`]).
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError>;
}

/// The error for a body that is longer than what is read.
pub(crate) const fn too_large() -> TransportError {
    TransportError::TooLarge { limit: RESPONSE_BYTES_MAX as u64 }
}
