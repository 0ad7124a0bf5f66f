//! When what failed is tried again: objects in escrow, and jobs in quarantine.

use serde::{Deserialize, Serialize};

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// After this long an escrow is given up, and a job in quarantine switched off (D).
pub(crate) const GIVEN_UP_MS: i64 = 28 * DAY_MS;

/// An object whose export failed, and when it is tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escrow {
    /// Whether only its references failed; the object itself was exported.
    pub reference: bool,
    /// When it failed first, in milliseconds since 1970.
    pub first_ms: i64,
    /// How often it failed.
    pub failures: u32,
    /// From when on a cycle tries it again, in milliseconds since 1970.
    pub next_ms: i64,
    /// The code of the last failure.
    pub code: String,
}

/// Why a job is in quarantine, and when it is tried again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    /// The reason's code, such as `EncounteredQuarantineException`.
    pub reason: String,
    /// What happened, in words.
    pub error: String,
    /// When it began, in milliseconds since 1970.
    pub began_ms: i64,
    /// When the next attempt is due, in milliseconds since 1970.
    pub next_ms: i64,
    /// How many attempts in a row have failed.
    pub attempts: u32,
}

impl Escrow {
    /// The first failure of an object: the next cycle tries it again (I).
    pub(crate) fn first(now_ms: i64, reference: bool, code: &str) -> Self {
        Self { reference, first_ms: now_ms, failures: 1, next_ms: now_ms, code: code.to_owned() }
    }

    /// Another failure; nothing once it is given up.
    pub(crate) fn again(&self, now_ms: i64, reference: bool, code: &str) -> Option<Self> {
        let failures = self.failures.saturating_add(1);
        let next_ms = rung(self.first_ms, now_ms, failures.saturating_sub(1));
        let lives = now_ms.saturating_sub(self.first_ms) < GIVEN_UP_MS;
        lives.then(|| Self { reference, first_ms: self.first_ms, failures, next_ms, code: code.to_owned() })
    }
}

impl Quarantine {
    pub(crate) fn began(now_ms: i64, reason: &str, error: String) -> Self {
        Self {
            reason: reason.to_owned(),
            error,
            began_ms: now_ms,
            next_ms: rung(now_ms, now_ms, 1),
            attempts: 1,
        }
    }

    pub(crate) fn again(&self, now_ms: i64, reason: &str, error: String) -> Self {
        let attempts = self.attempts.saturating_add(1);
        let next_ms = rung(self.began_ms, now_ms, attempts);
        Self { reason: reason.to_owned(), error, began_ms: self.began_ms, next_ms, attempts }
    }

    /// Whether it has lasted so long that the job is switched off.
    pub(crate) const fn is_over(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.began_ms) >= GIVEN_UP_MS
    }
}

/// The documented ladder: 6, 12 and 24 hours after the first failure, then every 24 hours (D). A rung that has passed
/// already is skipped.
fn rung(first_ms: i64, now_ms: i64, attempt: u32) -> i64 {
    let after = match attempt {
        0 | 1 => 6 * HOUR_MS,
        2 => 12 * HOUR_MS,
        n => DAY_MS.saturating_mul(i64::from(n) - 2),
    };
    let mut next = first_ms.saturating_add(after);
    if next <= now_ms {
        let missed = now_ms.saturating_sub(first_ms) / DAY_MS;
        next = first_ms.saturating_add(DAY_MS.saturating_mul(missed.saturating_add(1)));
    }
    next
}

/// Why a cycle's failures put the job into quarantine, where they do (D). Failures of references count only together with
/// the others.
pub(crate) fn threshold(failed: u64, failed_references: u64, succeeded: u64) -> Option<&'static str> {
    let events = failed.saturating_add(succeeded);
    let over_40_percent = failed.saturating_mul(100) > events.saturating_mul(40);
    if failed > 40_000 {
        Some("EncounteredBaseEscrowThreshold")
    } else if failed.saturating_add(failed_references) > 60_000 {
        Some("EncounteredTotalEscrowThreshold")
    } else if failed >= 5_000 && over_40_percent {
        Some("EncounteredEscrowProportionThreshold")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escrow_climbs_the_ladder_and_is_given_up() {
        let hours = |escrow: &Escrow| escrow.next_ms / HOUR_MS;
        let mut escrow = Escrow::first(0, false, "Conflict");
        assert_eq!(hours(&escrow), 0, "the next cycle tries again");
        let mut seen = Vec::new();
        let mut now = 40 * 60 * 1000;
        while let Some(next) = escrow.again(now, false, "Conflict") {
            seen.push(hours(&next));
            now = next.next_ms;
            escrow = next;
        }
        assert_eq!(seen.get(..5), Some([6, 12, 24, 48, 72].as_slice()));
        assert_eq!(escrow.next_ms, GIVEN_UP_MS);
        assert_eq!(escrow.failures, 31);
    }

    #[test]
    fn a_rung_that_was_missed_is_skipped() {
        let late =
            Escrow::first(0, false, "Timeout").again(50 * HOUR_MS, false, "Timeout").expect("an escrow");
        assert_eq!(late.next_ms, 72 * HOUR_MS);
    }

    #[test]
    fn a_quarantine_is_tried_after_6_12_and_24_hours_and_then_daily() {
        let mut quarantine = Quarantine::began(0, "x", String::new());
        let mut seen = vec![quarantine.next_ms / HOUR_MS];
        for _ in 0..4 {
            quarantine = quarantine.again(quarantine.next_ms, "x", String::new());
            seen.push(quarantine.next_ms / HOUR_MS);
        }
        assert_eq!(seen, [6, 12, 24, 48, 72]);
        assert!(!quarantine.is_over(GIVEN_UP_MS - 1) && quarantine.is_over(GIVEN_UP_MS));
    }

    #[test]
    fn the_documented_examples_of_thresholds_hold() {
        assert_eq!(threshold(4_000, 0, 0), None);
        assert_eq!(threshold(45_000, 0, 1_000_000), Some("EncounteredBaseEscrowThreshold"));
        assert_eq!(threshold(30_000, 0, 5_000), Some("EncounteredEscrowProportionThreshold"));
        assert_eq!(threshold(20_000, 0, 100_000), None);
        assert_eq!(threshold(40_000, 21_000, 1_000_000), Some("EncounteredTotalEscrowThreshold"));
        // Failures of references alone count for the total only.
        assert_eq!(threshold(0, 50_000, 0), None);
    }
}
