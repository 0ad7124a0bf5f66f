//! How a check runs.
//!
//! A [`Check`] is a const row: an id, a claim, the requirements that it cites, and a plain function. The
//! [`Runner`] discovers what the target offers, runs the checks on threads of its own, judges passive checks on
//! every exchange, and removes what was created. A check talks to the target through its [`Probe`] and judges
//! raw answers with [`expect`]ations; it never prints, and it never decides how severe a finding is.
//!
//! ```
//! use harness::expect::{empty_body, status};
//! use harness::{Check, Outcome, Probe, capability, minimal_user};
//! use record::{Level, ReqId, Requirement};
//!
//! # const DELETE_ANSWERS_204: ReqId = ReqId::new(&Requirement {
//! #     id: "RFC7644-3.6-R6", slug: "delete-answers-204", document: "RFC7644", section: "3.6", level: Level::Must,
//! #     binds: "server", testable: "yes", capability: "core", paraphrase: "", how_to_test: "",
//! # });
//! pub const CHECKS: &[Check] = &[Check::active("delete.answers-204", &answers_204)
//!     .title("a successful DELETE answers 204 and sends no body")
//!     .verifies(&[DELETE_ANSWERS_204])
//!     .needs(&[capability::CREATE_USER, capability::DELETE_USER])];
//! const _: () = harness::sound(CHECKS);
//!
//! fn answers_204(probe: &mut Probe) -> Outcome {
//!     let user = probe.given(minimal_user())?;
//!     let reply = probe.delete(user.path())?;
//!     reply.expect(status(204))?;
//!     reply.expect(empty_body())
//! }
//! ```

pub mod capability;
pub mod doctor;
pub mod expect;
pub mod libtest;
pub mod sweep;

mod abroad;
mod budget;
mod check;
mod confirmed;
mod deviation;
mod discovery;
mod endpoints;
mod factory;
mod giving_up;
mod grading;
mod journal;
mod journaled;
mod lag;
mod last_look;
mod ledger;
mod lending;
mod names;
mod ours;
mod passive;
mod probe;
mod published;
mod reach;
mod removal;
mod reply;
mod required;
mod runner;
mod search;
mod session;
mod stop;
mod trace;
mod unusable;
mod waiving;
mod worker;

pub use capability::Capability;
pub use check::{Action, Check, Procedure, Watch, sound};
pub use client::Cancel;
pub use confirmed::Confirmed;
pub use discovery::{ResourceType, Service};
pub use expect::Expectation;
pub use factory::{Given, Template, minimal_group, minimal_user};
pub use grading::Grading;
pub use journal::{Journal, JournalError, PREFIX};
pub use journaled::Journaled;
pub use lending::Lent;
pub use names::published_names;
pub use passive::{History, base_schema};
pub use probe::Probe;
pub use published::Published;
pub use reach::reach;
pub use reply::Reply;
pub use runner::{RunError, RunOptions, Runner};
pub use stop::{Outcome, Stop};
pub use unusable::Unusable;
pub use waiving::Waiving;
