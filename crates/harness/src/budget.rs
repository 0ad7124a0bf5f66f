use std::cell::Cell;
use std::sync::Arc;

use client::Clock;

use crate::stop::Stop;

/// How long one check may go on sending.
const SENDING_S_MAX: u64 = 120;
/// How many requests one check may send.
const REQUESTS_MAX: usize = 2_000;

/// What one check may spend. A target that always has one more page would otherwise keep it for ever.
pub(crate) struct Budget {
    clock: Arc<dyn Clock>,
    began_us: u64,
    sent: Cell<usize>,
}

impl Budget {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { began_us: clock.now_us(), clock, sent: Cell::new(0) }
    }

    /// Takes so many requests off the budget.
    pub(crate) fn spend(&self, requests: usize) -> Result<(), Stop> {
        let over =
            |limit: &str| Err(Stop::precondition(format!("the check's budget is spent: {limit}"), None));
        let sent = self.sent.get().saturating_add(requests);
        if sent > REQUESTS_MAX {
            return over(&format!("it sends no more than {REQUESTS_MAX} requests"));
        }
        if self.clock.now_us().saturating_sub(self.began_us) > SENDING_S_MAX * 1_000_000 {
            return over(&format!("it sends nothing more after {SENDING_S_MAX} s"));
        }
        self.sent.set(sent);
        Ok(())
    }
}
