//! Whether the generator kept up with its own plan.

use std::time::Duration;

use hdrhistogram::Histogram;
use record::{Health, ProcessorWait};

use crate::company::Company;
use crate::queue::Turns;

/// Lag up to this does no harm at any rate.
const LAG_US: u64 = 2_000;
/// Waiting for a processor up to this long, each time that one is wanted, does no harm: a target on the same machine causes it.
const WAIT_US: u64 = 180;
/// Nor does waiting for up to so much of the time that there is something to do.
const WAIT_PERCENT_MAX: f64 = 70.0;
/// Others may have so much of the machine's processors, and more where some of it is left over.
const OTHERS_PERCENT_MAX: f64 = 25.0;
/// With less than this left over, whoever wants a processor waits for one.
const IDLE_PERCENT_MIN: f64 = 10.0;
/// Beyond this share of its processors the generator waits for itself.
const CPU_PERCENT_MAX: f64 = 80.0;

/// What the generator knows about itself.
pub(crate) struct Vitals<'a> {
    /// How late items were begun; none in a closed model.
    pub(crate) lag: Option<&'a Histogram<u64>>,
    /// What those who send had of the processors; none where that cannot be told.
    pub(crate) turns: Option<Turns>,
    /// What the processors did for others; none where that cannot be told.
    pub(crate) company: Option<Company>,
    /// Whether something is demanded of the target's speed. Where nothing is, what was measured of it decides nothing.
    pub(crate) timed: bool,
    /// The median latency, from the moment due.
    pub(crate) p50_us: u64,
    /// The setting that its rate hangs on.
    pub(crate) rate: &'static str,
    pub(crate) dropped: u64,
    /// The same of the warm-up, which counts for nothing.
    pub(crate) dropped_warm_up: u64,
    /// The time that it spent on processors, while so much time passed on so many.
    pub(crate) cpu: Option<(Duration, Duration, usize)>,
}

pub(crate) fn judge(vitals: &Vitals<'_>) -> Health {
    // A dropped arrival is held against the target's speed, whatever else is.
    let timed = vitals.timed || vitals.dropped > 0;
    let mut spoiled = Vec::new();
    let lag_p99_us = vitals.lag.map(|lag| lag.value_at_quantile(0.99));
    let most_us = LAG_US.max(vitals.p50_us / 10);
    if let Some(lag_us) = lag_p99_us.filter(|lag_us| *lag_us > most_us) {
        spoiled.push(format!(
            "requests went out late: 1 % by more than {:.1} ms, of which {:.1} ms would do no harm; the machine is busy, \
             or the rate (pace.rate) is too high for it or for its own ceiling (caps.rate)",
            lag_us as f64 / 1_000.0,
            most_us as f64 / 1_000.0
        ));
    }
    let cpu_percent = vitals.cpu.and_then(|(spent, passed, processors)| {
        let available = passed.as_secs_f64() * processors.max(1) as f64;
        (available > 0.0).then(|| spent.as_secs_f64() * 100.0 / available)
    });
    if let Some(percent) = cpu_percent.filter(|percent| *percent > CPU_PERCENT_MAX) {
        spoiled.push(format!(
            "the generator used {percent:.0} % of the processors that it may use, more than {CPU_PERCENT_MAX:.0} %; lower the rate \
             ({})",
            vitals.rate
        ));
    }
    let is_busy = cpu_percent.is_some_and(|percent| percent > CPU_PERCENT_MAX);
    let processor_wait = vitals.turns.and_then(waits);
    let shares = vitals.company.and_then(Company::percent);
    let crowded = [processor_wait.and_then(waited), shares.and_then(shared)];
    let crowded: Vec<String> = crowded.into_iter().flatten().collect();
    // Who has to wait for others sends late, whoever else would.
    let by_others = timed && !crowded.is_empty() && !is_busy;
    let disturbed = if timed {
        spoiled.extend(crowded);
        Vec::new()
    } else {
        crowded
    };
    // By itself it is the target that is too slow for its arrivals.
    if vitals.dropped > 0 && !spoiled.is_empty() {
        spoiled.push(format!(
            "{} arrivals were dropped because too many were under way; allow more (pace.in_flight), or lower the rate ({})",
            vitals.dropped, vitals.rate
        ));
    }
    let others_percent = shares.map(|(others, _)| others);
    let Vitals { dropped, dropped_warm_up, .. } = *vitals;
    Health {
        lag_p99_us,
        processor_wait,
        others_percent,
        dropped,
        dropped_warm_up,
        cpu_percent,
        spoiled,
        by_others,
        disturbed,
    }
}

/// Why those who send were kept from the processors, where they waited for one too long.
fn waited(waits: ProcessorWait) -> Option<String> {
    let too_long = waits.percent > WAIT_PERCENT_MAX && waits.turn_us > WAIT_US;
    too_long.then(|| {
        format!(
            "whoever had something to send waited for a processor first: {:.1} ms each time, {:.0} % of the time; something \
             else keeps this machine busy: stop it, or send from another machine",
            waits.turn_us as f64 / 1_000.0,
            waits.percent
        )
    })
}

/// Who else had the processors, where nothing of them was left over.
fn shared((others, idle): (f64, f64)) -> Option<String> {
    let too_much = others > OTHERS_PERCENT_MAX && idle < IDLE_PERCENT_MIN;
    too_much.then(|| {
        format!(
            "something else had {others:.0} % of this machine's processors, and {idle:.0} % was left over: stop it, or send \
             from another machine"
        )
    })
}

/// How long those who send waited for a processor; none where they never wanted one.
fn waits(turns: Turns) -> Option<ProcessorWait> {
    let waited_us = u64::try_from(turns.waited.as_micros()).unwrap_or(u64::MAX);
    let wanted = turns.waited.saturating_add(turns.ran).as_secs_f64();
    let percent = (wanted > 0.0).then(|| turns.waited.as_secs_f64() * 100.0 / wanted)?;
    Some(ProcessorWait { percent, turn_us: waited_us.checked_div(turns.turns)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lagging(p99_us: u64) -> Histogram<u64> {
        let mut lag = crate::tally::histogram();
        (0..95).for_each(|_| crate::tally::count(&mut lag, 50));
        (0..5).for_each(|_| crate::tally::count(&mut lag, p99_us));
        lag
    }

    #[test]
    fn a_generator_that_keeps_up_is_healthy() {
        let lag = lagging(1_900);
        let second = Duration::from_secs(1);
        let vitals = Vitals {
            lag: Some(&lag),
            turns: None,
            company: None,
            timed: true,
            p50_us: 300,
            rate: "pace.rate",
            dropped: 0,
            dropped_warm_up: 0,
            cpu: Some((second, second, 2)),
        };
        let health = judge(&vitals);
        assert_eq!(health.spoiled, [""; 0]);
        assert_eq!(health.cpu_percent, Some(50.0));
    }

    #[test]
    fn lag_counts_beside_latency() {
        let lag = lagging(5_000);
        let vitals = Vitals {
            lag: Some(&lag),
            turns: None,
            company: None,
            timed: true,
            p50_us: 300,
            rate: "pace.rate",
            dropped: 0,
            dropped_warm_up: 0,
            cpu: None,
        };
        assert_eq!(judge(&vitals).spoiled.len(), 1);
        assert_eq!(judge(&Vitals { p50_us: 60_000, ..vitals }).spoiled.len(), 0);
    }

    #[test]
    fn drops_and_a_busy_processor_spoil() {
        let cpu = Some((Duration::from_millis(900), Duration::from_secs(1), 1));
        let vitals = Vitals {
            lag: None,
            turns: None,
            company: None,
            timed: false,
            p50_us: 0,
            rate: "pace.rate",
            dropped: 3,
            dropped_warm_up: 0,
            cpu,
        };
        let health = judge(&vitals);
        assert_eq!(health.spoiled.len(), 2);
        assert!(health.spoiled[0].contains("90 %"), "{:?}", health.spoiled);
        let busy =
            Turns { ran: Duration::from_millis(610), waited: Duration::from_millis(4_590), turns: 6_359 };
        assert_eq!(judge(&Vitals { turns: Some(busy), cpu: None, ..vitals }).spoiled.len(), 2);
        // By themselves they are the target's.
        let health = judge(&Vitals {
            lag: None,
            turns: None,
            company: None,
            timed: true,
            p50_us: 0,
            rate: "pace.rate",
            dropped: 3,
            dropped_warm_up: 0,
            cpu: None,
        });
        assert_eq!((health.spoiled.as_slice(), health.dropped), (&[][..], 3));
    }

    #[test]
    fn others_on_the_machine_spoil() {
        let of = |timed, ran_ms, waited_ms, turns| {
            let (ran, waited) = (Duration::from_millis(ran_ms), Duration::from_millis(waited_ms));
            let turns = Some(Turns { ran, waited, turns });
            judge(&Vitals {
                lag: None,
                turns,
                company: None,
                timed,
                p50_us: 0,
                rate: "pace.rate",
                dropped: 0,
                dropped_warm_up: 0,
                cpu: None,
            })
        };
        let judged = |ran_ms, waited_ms, turns| of(true, ran_ms, waited_ms, turns);
        // Four busy loops on two processors, as they were measured.
        let health = judged(610, 4_590, 6_359);
        assert!(health.spoiled[0].contains("something else keeps this machine busy"), "{:?}", health.spoiled);
        assert_eq!(health.processor_wait.map(|waits| waits.turn_us), Some(721));
        assert_eq!(judged(1_080, 3_160, 15_250).spoiled.len(), 1);
        // Where nobody asks how fast it was, it decides nothing, and is called by its name.
        let quiet = of(false, 610, 4_590, 6_359);
        assert_eq!((quiet.spoiled, quiet.disturbed), (Vec::new(), health.spoiled));
        // A target on the same machine, and compilers at a lower priority.
        assert_eq!(judged(1_190, 2_620, 19_387).spoiled, [""; 0]);
        // Hardly anything to do, and seldom a turn.
        assert_eq!(judged(10, 50, 1_000).spoiled, [""; 0]);
        assert_eq!(judged(0, 0, 0).processor_wait, None);
    }

    #[test]
    fn company_spoils_where_nothing_is_left_over() {
        let of = |timed, others, idle| {
            let [others, idle, all] = [others, idle, 1_000].map(Duration::from_millis);
            let company = Some(Company { others, idle, all });
            judge(&Vitals {
                lag: None,
                turns: None,
                company,
                timed,
                p50_us: 0,
                rate: "pace.rate",
                dropped: 0,
                dropped_warm_up: 0,
                cpu: None,
            })
        };
        let health = of(true, 520, 0);
        assert!(health.spoiled[0].contains("something else had 52 %"), "{:?}", health.spoiled);
        assert_eq!((of(false, 520, 0).disturbed, health.disturbed), (health.spoiled, Vec::new()));
        for (timed, others, idle) in [(false, 520, 0), (true, 520, 200), (true, 200, 0)] {
            let health = of(timed, others, idle);
            assert_eq!(health.spoiled, [""; 0]);
            assert_eq!(health.others_percent, Some(others as f64 / 10.0));
        }
    }
}
