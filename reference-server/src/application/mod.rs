//! What the application behind the endpoints keeps for itself: nothing here is part of a resource.

mod departed;

pub(crate) use departed::Departed;

/// An application's own memory.
#[derive(Debug, Default)]
pub(crate) struct Application {
    /// Whom it knew.
    pub(crate) departed: Departed,
}
