//! Every request that scimproof ever sends passes here.
//!
//! A [`Client`] speaks to one [`Target`] over a [`Transport`], which a [`Connect`] makes: [`Socket`] for servers
//! on the network, [`InProcess`] for a tower service in the same process. It stamps the four moments of each
//! exchange, keeps the limits (time, size, `Retry-After`), never follows a redirect, never lets a credential
//! travel to another origin, and hands everything to the [`Recorder`], which takes the secrets out before it
//! keeps anything.
//!
//! A client belongs to the thread and the runtime that made it; targets, recorders and connects are shared.
//!
//! ```
//! use std::{convert::Infallible, sync::Arc};
//!
//! use client::{Client, InProcess, Recorder, Request, SystemClock, Target};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let service = tower::service_fn(|request: http::Request<bytes::Bytes>| async move {
//!     Ok::<_, Infallible>(http::Response::new(bytes::Bytes::from(request.uri().path().to_owned())))
//! });
//! let recorder = Recorder::new(record::Redactor::default());
//! let target = Target::new("http://scim.example/v2")?;
//! let client = Client::new(target, &InProcess::new(service), recorder.clone(), Arc::new(SystemClock::new()))?;
//!
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! let sent = runtime.block_on(client.send(Request::get("/Users/1"), None));
//! assert_eq!(sent.outcome.map(|answer| answer.body).ok(), Some("/v2/Users/1".into()));
//! assert_eq!(recorder.exchanges().len(), 1);
//! # Ok(())
//! # }
//! ```

mod answer;
mod authorization;
mod bare;
mod cancel;
mod client;
mod clock;
mod compared;
mod error;
mod framing;
mod granted;
mod in_process;
mod kept;
mod oauth;
mod pace;
mod prepare;
mod recorder;
mod redaction;
mod request;
mod retry;
mod route;
mod silence;
mod socket;
mod spelling;
mod target;
mod transport;
mod turns;
mod versioned;
mod via;

pub use http::Method;

pub use answer::Answer;
pub use authorization::LetIn;
pub use cancel::Cancel;
pub use client::{Client, Out, Sent};
pub use clock::{Clock, SystemClock};
pub use error::{RouteError, TargetError, TransportError};
pub use framing::Framing;
pub use in_process::InProcess;
pub use oauth::{ClientProof, Grant};
pub use pace::Limits;
pub use recorder::{Observer, Recorder, Seen};
pub use request::{Credential, Request, resource_path};
pub use retry::WAIT_MAX;
pub use route::{Proxy, Route};
pub use silence::Silence;
pub use socket::Socket;
pub use spelling::respelled;
pub use target::{Others, Target};
pub use transport::{AnswerLimit, Connect, Delivered, Sending, Transport};
pub use versioned::{Shown, with_version_if_asked};
