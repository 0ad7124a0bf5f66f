//! What a load needs beside its description.

use std::sync::Arc;
use std::time::Duration;

use client::{Clock, Connect, Socket, SystemClock};
use record::Redactor;

use crate::company::Processors;
use crate::form::Rules;
use crate::queue::{self, Queue};

/// Reads how long this process has spent on processors; none where that cannot be told.
pub type Cpu = fn() -> Option<Duration>;

/// What a load needs beside its description.
#[derive(Clone)]
pub struct Options {
    /// Decides the populations and with them everything that is sent.
    pub seed: u64,
    /// Stands in front of every name that the load gives, so that it can be told from everybody else's; at most 48 letters,
    /// digits, dots, hyphens and underscores.
    pub label: String,
    /// How many threads send; half of the processors unless said otherwise, since the target needs some too.
    pub threads: usize,
    /// How the target is reached.
    pub connect: Arc<dyn Connect>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Takes secrets out of what the target says.
    pub redactor: Redactor,
    /// How busy this process is; none where the target is in it too, so that it would say nothing of the generator.
    pub cpu: Option<Cpu>,
    /// How long a thread waits for the processors; none where what else the machine does is known and no matter.
    pub queue: Option<Queue>,
    /// What the processors do for others; none where it is not known which process the target is.
    pub processors: Option<Processors>,
    /// What the target's profile says of values.
    pub rules: Rules,
}

impl Options {
    /// The usual: sockets, the machine's clock, this process's own time on processors.
    #[must_use]
    pub fn new(seed: u64, label: impl Into<String>) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            seed,
            label: label.into(),
            threads: (processors / 2).max(1),
            connect: Arc::new(Socket::default()),
            clock: Arc::new(SystemClock::new()),
            queue: Some(queue::queue()),
            processors: None,
            redactor: Redactor::default(),
            cpu: Some(process_cpu),
            rules: Rules::default(),
        }
    }
}

fn process_cpu() -> Option<Duration> {
    cpu_time::ProcessTime::try_now().ok().map(|time| time.as_duration())
}
