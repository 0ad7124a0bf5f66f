//! One attack, as goose calls it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use goose::config::GooseConfiguration;
use goose::goose::{GooseUser, Scenario, Transaction, TransactionFunction, TransactionResult};
use goose::metrics::GooseMetrics;
use goose::{GooseAttack, GooseError};
use load::{Timed, Work};

use crate::silence;

/// Goose demands a host; it is never asked anything, since it makes no requests.
const NO_HOST: &str = "http://goose.invalid/";
/// How long a user that is done waits before it looks whether all are.
const LOOK: Duration = Duration::from_millis(50);

/// One at a time: the stop signal belongs to the process.
static ATTACK: Mutex<()> = Mutex::new(());

/// Why there was no attack.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AttackError {
    #[error("no runtime: {0}")]
    Runtime(#[from] std::io::Error),
    #[error("{0}")]
    Goose(#[from] Box<GooseError>),
    #[error("of {measured} requests of {operation} that were measured, goose filed {filed}")]
    Miscounted { operation: &'static str, measured: u64, filed: u64 },
}

/// Lets a goose user play each job, and returns when all are done.
pub(crate) fn run(work: &Work) -> Result<(), AttackError> {
    let _alone = ATTACK.lock().unwrap_or_else(PoisonError::into_inner);
    silence::hold_tongue();
    silence::claim_interrupts();
    let jobs = Arc::new(Jobs {
        work: work.clone(),
        begun: AtomicU32::new(0),
        done: AtomicU32::new(0),
        measured: Mutex::default(),
    });
    let ours = Arc::clone(&jobs);
    let play: TransactionFunction = Arc::new(move |user| {
        let jobs = Arc::clone(&jobs);
        Box::pin(async move { jobs.play_next(user).await })
    });
    let hand_in: TransactionFunction = Arc::new(|user| Box::pin(hand_in(user)));
    let mut configuration = GooseConfiguration::default();
    configuration.host = Some(NO_HOST.to_owned());
    configuration.users = usize::try_from(work.jobs()).ok();
    configuration.increase_rate = Some(work.jobs().to_string());
    // With this, without a number of iterations, and free to reset its metrics, goose prints nothing at all.
    configuration.no_print_metrics = true;
    configuration.no_error_summary = true;
    configuration.no_transaction_metrics = true;
    configuration.no_scenario_metrics = true;
    configuration.quiet = 3;
    configuration.no_telnet = true;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let attack = async {
        let scenario = Scenario::new("provisioning").set_wait_time(LOOK, LOOK)?;
        let scenario = scenario
            .register_transaction(Transaction::new(play).set_name("job"))
            .register_transaction(Transaction::new(hand_in).set_name("hand in").set_on_stop());
        GooseAttack::initialize_with_config(configuration)?.register_scenario(scenario).execute().await
    };
    let metrics = runtime.block_on(attack).map_err(Box::new)?;
    let measured = ours.measured.lock().unwrap_or_else(PoisonError::into_inner);
    agree(&measured, &filed(&metrics))
}

/// How many requests goose filed, by name.
fn filed(metrics: &GooseMetrics) -> BTreeMap<&str, u64> {
    let mut filed = BTreeMap::new();
    for request in metrics.requests.values() {
        let count = (request.success_count + request.fail_count) as u64;
        *filed.entry(request.path.as_str()).or_default() += count;
    }
    filed
}

/// Whether goose knows of every request that was measured: otherwise nothing of what it says would be about this load.
fn agree(measured: &BTreeMap<&'static str, u64>, filed: &BTreeMap<&str, u64>) -> Result<(), AttackError> {
    for (operation, measured) in measured {
        let filed = filed.get(operation).copied().unwrap_or_default();
        if filed != *measured {
            return Err(AttackError::Miscounted { operation, measured: *measured, filed });
        }
    }
    Ok(())
}

/// The jobs and how many were begun and done.
struct Jobs {
    work: Work,
    begun: AtomicU32,
    done: AtomicU32,
    /// How many requests were measured, by operation.
    measured: Mutex<BTreeMap<&'static str, u64>>,
}

impl Jobs {
    /// What a user does, again and again: first a job, then nothing until all are done.
    async fn play_next(&self, user: &mut GooseUser) -> TransactionResult {
        let next = |begun| (begun < self.work.jobs()).then_some(begun + 1);
        let Ok(job) = self.begun.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next) else {
            return Ok(());
        };
        let mut items = std::pin::pin!(self.work.play(job));
        while let Some(timed) = items.next().await {
            timed.iter().for_each(|request| self.count(request.operation));
            keep(user, timed);
        }
        if self.done.fetch_add(1, Ordering::Relaxed) + 1 == self.work.jobs() {
            // Goose knows no other way to end when everything is done that does not print.
            goose::trigger_killswitch("every job is done");
        }
        Ok(())
    }

    fn count(&self, operation: &'static str) {
        *self.measured.lock().unwrap_or_else(PoisonError::into_inner).entry(operation).or_default() += 1;
    }
}

/// What a user measured and did not file yet.
///
/// Goose forgets what was filed before the last user began. When that was, no user can know; that it was, all can when they
/// are stopped.
#[derive(Clone, Debug)]
struct Unfiled(Vec<Timed>);

fn keep(user: &mut GooseUser, timed: Vec<Timed>) {
    match user.get_session_data_mut::<Unfiled>() {
        Some(unfiled) => unfiled.0.extend(timed),
        None => user.set_session_data(Unfiled(timed)),
    }
}

/// What a user does when it is stopped: it files everything that it measured.
async fn hand_in(user: &mut GooseUser) -> TransactionResult {
    let unfiled = user.get_session_data_mut::<Unfiled>().map(|unfiled| std::mem::take(&mut unfiled.0));
    for request in unfiled.unwrap_or_default() {
        tell(user, &request).await?;
    }
    Ok(())
}

/// Files a request that was measured to its last byte.
async fn tell(user: &mut GooseUser, request: &Timed) -> TransactionResult {
    let error = if request.ok { None } else { Some("not as expected") };
    let Timed { method, operation, service, status, ok } = request;
    user.record_custom_request_duration(method.as_str(), operation, *service, *ok, *status, error).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goose_did_not_file_is_told() {
        let measured = BTreeMap::from([("create-user", 3), ("find-user", 4)]);
        assert!(
            agree(&measured, &BTreeMap::from([("create-user", 3), ("find-user", 4), ("job", 1)])).is_ok()
        );
        let told = agree(&measured, &BTreeMap::from([("create-user", 3)])).unwrap_err().to_string();
        assert_eq!(told, "of 4 requests of find-user that were measured, goose filed 0");
    }
}
