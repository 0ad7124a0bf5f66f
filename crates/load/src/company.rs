//! Who else uses this machine's processors.
//!
//! In a closed load nothing is ever late: a generator that is kept from the processors asks less, and the target looks slow.
//! Threads that wait for a processor may do so because of the target beside them. Where it is known which process the target
//! is, the system tells how much of the machine went to neither.

use std::sync::Arc;
use std::time::Duration;

/// What all processors of a machine together have done since some moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Company {
    /// Worked for somebody who is neither the generator nor the target.
    pub others: Duration,
    /// Worked for nobody.
    pub idle: Duration,
    /// All of their time.
    pub all: Duration,
}

/// Reads what the processors have done; none where that cannot be told.
pub type Processors = Arc<dyn Fn() -> Option<Company> + Send + Sync>;

impl Company {
    /// What came since an earlier moment.
    pub(crate) const fn since(self, earlier: Self) -> Self {
        Self {
            others: self.others.saturating_sub(earlier.others),
            idle: self.idle.saturating_sub(earlier.idle),
            all: self.all.saturating_sub(earlier.all),
        }
    }

    /// The shares of others and of nobody, in percent; none where no time passed.
    pub(crate) fn percent(self) -> Option<(f64, f64)> {
        let all = self.all.as_secs_f64();
        let share = |part: Duration| part.as_secs_f64() * 100.0 / all;
        (all > 0.0).then(|| (share(self.others), share(self.idle)))
    }
}

/// Reads what this machine's processors have done, where the target is a process of it: as Linux tells it, and nothing
/// elsewhere.
#[must_use]
pub fn beside(target: u32) -> Processors {
    Arc::new(move || read(target))
}

#[cfg(target_os = "linux")]
fn read(target: u32) -> Option<Company> {
    use procfs::CurrentSI as _;
    use procfs::process::Process;

    let total = procfs::KernelStats::current().ok()?.total;
    let target = Process::new(i32::try_from(target).ok()?).ok()?.stat().ok()?;
    let ours = Process::myself().ok()?.stat().ok()?;
    let known = [&ours, &target].into_iter().map(|stat| stat.utime.saturating_add(stat.stime)).sum();
    // Time of guests is in that of users already.
    let sum = |parts: &[Option<u64>]| parts.iter().flatten().sum::<u64>();
    let worked = [total.user, total.nice, total.system].map(Some);
    let busy = sum(&worked).saturating_add(sum(&[total.irq, total.softirq, total.steal]));
    let idle = sum(&[Some(total.idle), total.iowait]);
    let tick = |ticks: u64| Duration::from_secs_f64(ticks as f64 / procfs::ticks_per_second() as f64);
    Some(Company {
        others: tick(busy.saturating_sub(known)),
        idle: tick(idle),
        all: tick(busy.saturating_add(idle)),
    })
}

#[cfg(not(target_os = "linux"))]
fn read(_target: u32) -> Option<Company> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_what_came_since() {
        let at = |others, idle, all| {
            let [others, idle, all] = [others, idle, all].map(Duration::from_millis);
            Company { others, idle, all }
        };
        assert_eq!(at(900, 1_000, 5_000).since(at(400, 500, 3_000)).percent(), Some((25.0, 25.0)));
        assert_eq!(at(900, 1_000, 5_000).since(at(900, 1_000, 5_000)).percent(), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_that_is_none_cannot_be_told_of() {
        assert_eq!(beside(u32::MAX)(), None);
        let company = beside(std::process::id())().unwrap();
        assert!(company.all >= company.others + company.idle, "{company:?}");
    }
}
