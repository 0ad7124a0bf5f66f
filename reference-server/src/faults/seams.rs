use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use engine::Rules;

use super::Seam;
use crate::app::App;
use crate::ask::{Ask, Reply};
use crate::clock::Clock;
use crate::store::Store;

/// An answer to come.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Reply> + Send>>;

/// What a fault does at its seam.
#[derive(Clone, Copy)]
pub(crate) enum Bend {
    Wire(Wire),
    Rules(fn(&mut Rules)),
    /// Changes what a body's pieces come to while it is read off the connection; nothing in process.
    Pieces(fn(Piece) -> Piece),
    Store(fn(Arc<dyn Store>) -> Arc<dyn Store>),
    /// As [`Wire::Around`], where something has to be remembered from request to request.
    Gate(fn() -> Arc<dyn Gate>),
    /// Makes two stores of one: where everything is written, and where reads are served from.
    Replicate(Replicate),
}

impl Bend {
    pub(crate) const fn seam(&self) -> Seam {
        match self {
            Self::Wire(_) | Self::Gate(_) => Seam::Wire,
            Self::Rules(_) => Seam::Rules,
            Self::Pieces(_) => Seam::Framing,
            Self::Store(_) | Self::Replicate(_) => Seam::Store,
        }
    }
}

/// What the next read of a request's body gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Some more of it.
    Data(Bytes),
    /// It is complete.
    End,
    /// The connection ended before it was.
    BrokenOff,
}

/// Makes two stores of one.
pub(crate) type Replicate = fn(Arc<dyn Store>, Arc<dyn Clock>) -> (Arc<dyn Store>, Arc<dyn Store>);

/// What stands on the way of every request and remembers something.
pub(crate) trait Gate: Send + Sync {
    /// Answers, or lets the server answer.
    fn pass(&self, ask: Ask, next: Next) -> Answering;
}

/// One station on the way to the server.
#[derive(Clone)]
pub(crate) enum Station {
    Wire(Wire),
    Gate(Arc<dyn Gate>),
}

/// What a fault does on the wire.
#[derive(Clone, Copy)]
pub(crate) enum Wire {
    /// Changes requests before the server sees them.
    Request(fn(&mut Ask)),
    /// Changes answers before the client sees them.
    Reply(fn(&Ask, &mut Reply)),
    /// Takes over, and may let the server work as often as it likes.
    Around(fn(Ask, Next) -> Answering),
}

/// The rest of the way to the server.
#[derive(Clone)]
pub(crate) struct Next {
    app: Arc<App>,
    passed: usize,
}

impl Next {
    /// The whole way.
    pub(crate) fn outermost(app: Arc<App>) -> Self {
        Self { app, passed: 0 }
    }

    /// The server's clock.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.app.clock)
    }

    /// Sends a request down the rest of the way.
    pub(crate) fn call(&self, mut ask: Ask) -> Answering {
        let Some(station) = self.app.stations.get(self.passed).cloned() else {
            return self.app.face(ask);
        };
        let next = Self { app: Arc::clone(&self.app), passed: self.passed + 1 };
        let wire = match station {
            Station::Gate(gate) => return gate.pass(ask, next),
            Station::Wire(wire) => wire,
        };
        match wire {
            Wire::Around(around) => around(ask, next),
            Wire::Request(edit) => {
                edit(&mut ask);
                next.call(ask)
            }
            Wire::Reply(edit) => Box::pin(async move {
                let mut reply = next.call(ask.clone()).await;
                edit(&ask, &mut reply);
                reply
            }),
        }
    }
}
