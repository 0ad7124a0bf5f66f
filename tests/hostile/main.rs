//! The program on servers that hang, flood, break off or lie, and on addresses that are none: every verb ends in time and memory.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod doctor;
mod provisioning;
mod servers;
#[path = "../support/mod.rs"]
mod support;
mod targets;

use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::{Mutex, PoisonError};

/// Whose turn it is: what each may take at most is for a machine that plays one lot of servers at a time.
static TURN: Mutex<()> = Mutex::new(());

/// Plays each of these, so many at a time, and says by their names which did not go as they have to.
fn play<T: Send + UnwindSafe>(
    at_a_time: usize,
    all: impl Iterator<Item = (&'static str, T)> + Send,
    plays: impl Fn(T) + Sync + RefUnwindSafe,
) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let all = Mutex::new(all);
    let failed = Mutex::new(Vec::new());
    let next = || all.lock().expect("nobody panics here").next();
    std::thread::scope(|scope| {
        for _ in 0..at_a_time {
            scope.spawn(|| {
                while let Some((name, one)) = next() {
                    if std::panic::catch_unwind(|| plays(one)).is_err() {
                        failed.lock().expect("nobody panics here").push(name);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().expect("nobody panicked here");
    assert!(failed.is_empty(), "{failed:?} end otherwise, as told above");
}
