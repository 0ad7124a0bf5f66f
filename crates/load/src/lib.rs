//! Load on a SCIM server as identity providers put it on: provisioning jobs that bring users, groups and memberships, and
//! then what changes.
//!
//! A [`Description`] says what is there and what is done; an [`Executor`] decides when. [`Closed`] waits for answers before it
//! goes on. [`Arrival`] does not: items come when they are due, and latency counts from then, so that a target that stalls
//! cannot hide it. Afterwards the target's state is read back and compared with what it acknowledged, since the throughput of
//! wrong answers is none, and everything that was created is removed.
//!
//! ```no_run
//! let description = load::find("initial-bulk-sync")?;
//! let target = client::Target::new("http://127.0.0.1:8080/scim/v2")?;
//! let options = load::Options::new(7, "scimproof-a1b2c3");
//! let run = load::run(&description, &target, &load::Arrival, &options, &load::Cancel::default(), &())?;
//! assert!(run.health.spoiled.is_empty() && run.audit.is_some_and(|audit| audit.differing == 0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod arrival;
mod audit;
mod book;
mod clean_up;
mod collect;
mod company;
mod compare;
mod crew;
mod delivery;
mod description;
mod desk;
mod dropped;
mod error;
mod executor;
mod file;
mod fitting;
mod floor;
mod form;
mod growth;
mod health;
mod ids;
mod items;
mod objective;
mod offer;
mod operation;
mod options;
mod outcome;
mod place;
mod progress;
mod queue;
mod reader;
mod run;
mod seconds;
mod tally;
mod verdict;

pub use arrival::Arrival;
pub use client::Cancel;
pub use company::{Company, Processors, beside};
pub use description::{Action, Caps, Description, Pace, Step};
pub use desk::Timed;
pub use error::{DescriptionError, LoadError, ObjectiveError};
pub use executor::{Closed, Executor, Work};
pub use file::{find, json_schema, names, parse, parse_within};
pub use form::Rules;
pub use objective::{Objective, parse as parse_objective, parse_under as parse_objective_under};
pub use offer::Known;
pub use options::{Cpu, Options};
pub use progress::{Phase, Progress, Watch};
pub use queue::{Queue, Turns};
pub use run::run;
