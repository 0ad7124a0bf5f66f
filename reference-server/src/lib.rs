//! A SCIM 2.0 server that plays a profile, for tests: in process, or on a socket of its own.
//!
//! Three layers: a face decodes requests and encodes answers, the engine computes, the store commits. On
//! request it is started with *faults*: named, deliberate defects that show whether a check can bite, or as a
//! *variant*: a correct server of another kind, that shows whether a check bites without cause. As a *hostile* one it breaks what
//! lies below SCIM, to see what becomes of whoever asks.
//!
//! ```
//! use reference_server::ReferenceServer;
//!
//! let server = ReferenceServer::builder().profile("rfc").listen("127.0.0.1:0").start().unwrap();
//! assert!(server.base_url().starts_with("http://127.0.0.1:"));
//! server.shutdown();
//! ```

mod admin;
mod app;
mod application;
mod ask;
mod builder;
mod clock;
mod command;
mod directory;
pub mod faults;
pub mod hostile;
mod http_server;
mod ids;
mod profile;
mod refusing;
mod scim20;
mod server;
mod service;
mod start_error;
mod store;
mod suggest;
mod tokens;
pub mod variants;

pub use builder::Builder;
pub use clock::{Clock, SystemClock};
pub use profile::{CompileError, rules};
pub use server::ReferenceServer;
pub use service::{Answered, Service, Upstream};
pub use start_error::StartError;
pub use tokens::OtherToken;
