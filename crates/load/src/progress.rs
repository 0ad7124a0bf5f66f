use std::time::Duration;

/// A part of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// What has to be there first is created; nothing is measured.
    Prepare,
    /// The load itself.
    Measure,
    /// The target's state is read back.
    Audit,
    /// What was created is removed.
    CleanUp,
}

/// How far a load has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it is at.
    pub phase: Phase,
    /// How many of the phase's items are done: objects brought through, read back, or removed.
    pub done: u64,
    /// How many the phase has.
    pub total: u64,
    /// How many requests were sent since the phase began.
    pub requests: u64,
    /// How many of them failed or got no usable answer.
    pub errors: u64,
    /// How long the phase has lasted.
    pub elapsed: Duration,
}

/// Is told how far a load has come, some times a second, on the thread that called [`run`](crate::run).
pub trait Watch {
    /// The load has come so far.
    fn progress(&self, progress: Progress);
}

/// Does not care.
impl Watch for () {
    fn progress(&self, _progress: Progress) {}
}
