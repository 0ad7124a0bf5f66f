//! Arrivals at a rate, whatever becomes of earlier ones.

use record::LoadModel;

use crate::description::Pace;
use crate::error::LoadError;
use crate::executor::{Executor, Item, Work};

/// The open executor: items come when they are due, and latency counts from then. Jobs take turns.
///
/// The moments are kept by a thread of its own, which does nothing else: timers of the runtime that sends tick in whole
/// milliseconds, and wait while it is busy.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arrival;

impl Executor for Arrival {
    fn name(&self) -> &'static str {
        "arrival"
    }

    fn model(&self) -> LoadModel {
        LoadModel::Open
    }

    fn drive(&self, work: &Work) -> Result<(), LoadError> {
        let jobs = u64::from(work.jobs());
        let mut ramp_s = work.pace().ramp_s;
        for step in work.steps() {
            let began_us = work.clock().now_us();
            for arrival in 0..work.items(step) {
                let due_us = began_us.saturating_add(due_us(work.pace(), ramp_s, jobs, arrival));
                if !work.until(due_us) {
                    break;
                }
                let job = u32::try_from(arrival % jobs).unwrap_or_default();
                let item = Item { job, step, number: arrival / jobs };
                match work.has_room() {
                    true => work.arrive(item, due_us),
                    false => work.drop_one(step, due_us),
                }
            }
            // What a step works on was made by the one before.
            work.until_idle();
            ramp_s = 0.0;
        }
        Ok(())
    }
}

/// When an arrival is due, in microseconds from the first.
fn due_us(pace: &Pace, ramp_s: f64, jobs: u64, arrival: u64) -> u64 {
    let place = if pace.herd { arrival - arrival % jobs.max(1) } else { arrival };
    let place = place as f64;
    // While the rate rises evenly, half as many arrive as would at the full rate.
    let ramped = pace.rate * ramp_s / 2.0;
    let due_s = match place < ramped {
        true => (2.0 * ramp_s * place / pace.rate).sqrt(),
        false => ramp_s + (place - ramped) / pace.rate,
    };
    (due_s * 1_000_000.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_are_evenly_spread() {
        let pace = Pace { rate: 100.0, ..Pace::default() };
        let due: Vec<u64> = (0..4).map(|arrival| due_us(&pace, 0.0, 3, arrival)).collect();
        assert_eq!(due, [0, 10_000, 20_000, 30_000]);
    }

    #[test]
    fn a_herd_comes_at_once() {
        let pace = Pace { rate: 100.0, herd: true, ..Pace::default() };
        let due: Vec<u64> = (0..7).map(|arrival| due_us(&pace, 0.0, 3, arrival)).collect();
        assert_eq!(due, [0, 0, 0, 30_000, 30_000, 30_000, 60_000]);
    }

    #[test]
    fn a_ramp_comes_up_to_the_rate() {
        let pace = Pace { rate: 100.0, ..Pace::default() };
        let due: Vec<u64> = (0..400).map(|arrival| due_us(&pace, 2.0, 1, arrival)).collect();
        assert!(due.is_sorted());
        // A hundred in the ramp of two seconds, then a hundred a second.
        assert_eq!(due.iter().filter(|due| **due < 2_000_000).count(), 100);
        assert_eq!(due[300] - due[299], 10_000);
        assert!(due[1] - due[0] > 190_000);
    }
}
