//! How long those who send wait for a processor.
//!
//! A generator that is kept from the processors by others looks idle by its own account, and the target looks slow. The system
//! knows better: it counts how long each thread was ready to run and did not.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// What a thread has had of the processors since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turns {
    /// How long it ran.
    pub ran: Duration,
    /// How long it was ready to run and waited for a processor.
    pub waited: Duration,
    /// How often it got one.
    pub turns: u64,
}

/// Reads what a thread has had of the processors; none where that cannot be told.
pub type Queue = Arc<dyn Fn(&Path) -> Option<Turns> + Send + Sync>;

/// As Linux tells it.
pub(crate) fn queue() -> Queue {
    Arc::new(|thread| read(&std::fs::read_to_string(thread.join("schedstat")).ok()?))
}

/// Where the system tells of the thread that calls; none where it does not.
pub(crate) fn this_thread() -> Option<PathBuf> {
    Some(Path::new("/proc").join(std::fs::read_link("/proc/thread-self").ok()?))
}

/// Three numbers: nanoseconds run, nanoseconds waited, turns.
fn read(text: &str) -> Option<Turns> {
    let mut numbers = text.split_ascii_whitespace().map(str::parse::<u64>);
    let mut next = || numbers.next()?.ok();
    let (ran, waited) = (Duration::from_nanos(next()?), Duration::from_nanos(next()?));
    Some(Turns { ran, waited, turns: next()? })
}

/// What some threads have had together; none where one of them cannot be told of.
pub(crate) fn together(queue: &Queue, threads: &[Option<PathBuf>]) -> Option<Turns> {
    threads.iter().try_fold(Turns::default(), |sum, thread| {
        let turns = queue(thread.as_deref()?)?;
        Some(Turns {
            ran: sum.ran.saturating_add(turns.ran),
            waited: sum.waited.saturating_add(turns.waited),
            turns: sum.turns.saturating_add(turns.turns),
        })
    })
}

impl Turns {
    /// What came since an earlier moment.
    pub(crate) const fn since(self, earlier: Self) -> Self {
        Self {
            ran: self.ran.saturating_sub(earlier.ran),
            waited: self.waited.saturating_sub(earlier.waited),
            turns: self.turns.saturating_sub(earlier.turns),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_tells_is_read() {
        let turns = Turns { ran: Duration::from_nanos(70), waited: Duration::from_nanos(8_000), turns: 9 };
        assert_eq!(read("70 8000 9\n"), Some(turns));
        assert_eq!(read("70 8000"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn who_cannot_be_told_of_makes_the_sum_unknown() {
        let one = Turns { ran: Duration::from_secs(1), waited: Duration::from_secs(2), turns: 3 };
        let queue: Queue = Arc::new(move |path| path.ends_with("1").then_some(one));
        let path = |name: &str| Some(PathBuf::from(name));
        assert_eq!(together(&queue, &[path("/1"), path("/x/1")]).map(|sum| sum.turns), Some(6));
        assert_eq!(together(&queue, &[path("/1"), path("/2")]), None);
        assert_eq!(together(&queue, &[path("/1"), None]), None);
    }
}
