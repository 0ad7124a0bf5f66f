//! The goose executor: each [goose](https://book.goose.rs) user is the provisioning job of one customer, and waits for answers
//! as a job does.
//!
//! Requests are made by the threads of [`load`], as for every executor: goose stops its clock when it has the head of an
//! answer, and a group of 10,000 members has hardly begun to arrive then. What was measured to the last byte is handed to goose
//! as a custom request under the name of its operation. Goose does not wait for arrivals that are due, so that this is a closed
//! model; its results are labelled as such.
//!
//! ```no_run
//! use load::{Cancel, Options};
//!
//! load_goose::claim_interrupts();
//! let description = load::find("initial-bulk-sync")?;
//! let target = client::Target::new("http://127.0.0.1:8080/scim/v2")?;
//! let options = Options::new(7, "scimproof-a1b2c3");
//! let run = load::run(&description, &target, &load_goose::Goose, &options, &Cancel::default(), &())?;
//! assert_eq!(run.executor, "goose");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attack;
mod silence;

use load::{Executor, LoadError, Work};
use record::LoadModel;

pub use silence::claim_interrupts;

/// Drives a load by goose. Of several loads in one process, one is driven at a time: goose's stop signal belongs to the
/// process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Goose;

impl Goose {
    /// Its name, as users select it.
    pub const NAME: &'static str = "goose";
}

impl Executor for Goose {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn model(&self) -> LoadModel {
        LoadModel::Closed
    }

    fn threads(&self) -> usize {
        1
    }

    fn drive(&self, work: &Work) -> Result<(), LoadError> {
        attack::run(work)
            .map_err(|reason| LoadError::Executor { executor: Self::NAME, reason: reason.to_string() })
    }
}
