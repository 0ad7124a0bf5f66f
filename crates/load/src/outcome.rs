//! What a load comes to: health, objectives, and everything that was measured.

use std::sync::atomic::Ordering;
use std::time::Duration;

use record::{Audit, HeldBack, LoadModel, LoadRun};
use scenarios::population;

use crate::clean_up::CleanedUp;
use crate::collect::{Collected, latency};
use crate::company::Company;
use crate::delivery;
use crate::description::Description;
use crate::dropped::Dropped;
use crate::health::{self, Vitals};
use crate::objective::Objective;
use crate::queue::Turns;
use crate::run::Playing;
use crate::verdict::Judge;

/// Waiting less than this for the ceiling is how bursts are smoothed, and changes no figure.
const HELD_BACK_PERCENT: f64 = 5.0;

/// What was measured for less than this is told as 0.0 s, and the generator is not judged by it.
const LEAST: Duration = Duration::from_millis(50);

/// What came of the measured part.
pub(crate) struct Measured {
    pub(crate) collected: Collected,
    pub(crate) lasted: Duration,
    /// Whether it came to the end of its plan.
    pub(crate) complete: bool,
    pub(crate) cpu: Option<Duration>,
    pub(crate) dropped: Dropped,
    pub(crate) turns: Option<Turns>,
    pub(crate) company: Option<Company>,
}

impl Playing<'_> {
    /// The result of a load that was measured, audited and cleaned up after.
    pub(crate) fn result(
        &self,
        measured: Measured,
        audit: Option<Audit>,
        cleaned: CleanedUp,
        (demanded, left_out): (&[Objective], &[&'static str]),
    ) -> LoadRun {
        let Description { name, title, jobs, together, pace, .. } = self.description;
        let Measured { mut collected, lasted, complete, cpu, dropped, turns, company } = measured;
        let model = self.executor.model();
        let open = model == LoadModel::Open;
        let concurrency = if open { pace.in_flight } else { jobs.saturating_mul(*together) };
        let growth = collected.growth();
        let processors = self.options.threads + self.executor.threads();
        // Of what hardly began there is nothing to spoil, and its shares of the processors are no figures.
        let long = lasted >= LEAST;
        let health = health::judge(&Vitals {
            lag: collected.lag.as_ref().filter(|_| long),
            turns: turns.filter(|_| long),
            company: company.filter(|_| long),
            rate: if open { "pace.rate" } else { "caps.rate" },
            timed: demanded.iter().any(Objective::is_timed),
            p50_us: latency(&collected.response(&[])).p50_us,
            dropped: dropped.arrivals,
            dropped_warm_up: dropped.warm_up,
            cpu: cpu.filter(|_| long).map(|cpu| (cpu, lasted, processors)),
        });
        let held_back = if open { None } else { self.held_back(lasted, concurrency) };
        // What came out in the warm-up is not counted, so its time is not either.
        let seconds = lasted.saturating_sub(Duration::from_secs(u64::from(pace.warm_up_s))).as_secs_f64();
        let void = self.cancelled();
        let stopped = self.floor.stopped();
        let judge = Judge {
            collected: &collected,
            dropped: &dropped,
            growth: &growth,
            seconds,
            held_back,
            left_out,
            void,
            spoiled: health.spoiler().map(|spoiler| format!("the load was spoiled by {spoiler}")),
            early: stopped.is_some(),
        };
        // Arrivals that were dropped are told of by themselves.
        let complete = complete && dropped.arrivals == 0;
        let (planned, delivered) = delivery::sizes(&self.plan);
        let delivery = delivery::delivery(&self.floor.given_up, complete, (planned, delivered));
        let mut objectives: Vec<_> = demanded.iter().map(|objective| judge.judge(objective)).collect();
        objectives.extend(dropped.missed(judge.void.clone().or_else(|| judge.spoiled.clone())));
        objectives.extend(delivery::unread(&self.floor.unread, demanded, judge.void.clone()));
        objectives.extend(delivery.as_ref().map(|delivery| {
            let spoiled = judge.spoiled.clone().filter(|_| delivery.given_up == 0);
            delivery::missed(delivery, judge.void.clone().or(spoiled))
        }));
        LoadRun {
            name: name.clone(),
            title: title.clone(),
            executor: self.executor.name().to_owned(),
            model,
            seed: self.options.seed,
            population: population::VERSION.to_owned(),
            size: planned,
            concurrency,
            rate: open.then_some(pace.rate),
            duration_ms: u64::try_from(lasted.as_millis()).unwrap_or(u64::MAX),
            held_back,
            left_out: Vec::new(),
            operations: collected.operations(),
            intervals: collected.intervals(pace.warm_up_s),
            errors: collected.errors(),
            growth,
            health,
            audit,
            delivery,
            objectives,
            stopped,
            created: self.floor.created.load(Ordering::Relaxed) + cleaned.found,
            removed: cleaned.removed,
            leftovers: cleaned.leftovers,
        }
    }

    /// Whether those who send spent their time waiting for their own ceiling.
    fn held_back(&self, lasted: Duration, concurrency: u32) -> Option<HeldBack> {
        let available = lasted.as_secs_f64() * f64::from(concurrency);
        let percent = self.floor.waited().as_secs_f64() * 100.0 / available;
        // It is no number where there was no time.
        (percent > HELD_BACK_PERCENT)
            .then(|| HeldBack { rate: self.description.caps.rate, percent: percent.min(100.0) })
    }

    /// Why what was measured says nothing about the target, where that is so.
    fn cancelled(&self) -> Option<String> {
        let reason = || self.cancel.reason().unwrap_or("somebody stopped the load").to_owned();
        self.cancel.is_cancelled().then(reason)
    }
}
