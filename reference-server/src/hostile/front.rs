//! The listener of a hostile server: it reads what is asked, strikes when its kind does, and lets a good server answer the rest.

use std::io::{self, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use rustls::{ServerConnection, StreamOwned};
use tower::Service as _;

use super::elsewhere::{Visitors, Visits};
use super::request::{self, Asked};
use super::tls::{Certificate, Sealed};
use super::visit::{Line, Then, Visit, reset, spelled_out};
use super::{Kind, Phase, Strikes};
use crate::ask::Reply;
use crate::scim20;
use crate::service::Service;

/// Connections open at the same time; those beyond are ended at once.
const CONNECTIONS_MAX: usize = 1_024;
/// How long a connection may stand still before it ends, whoever waits for whom.
const STILL_MAX: Duration = Duration::from_secs(600);

/// A hostile server on its socket. It ends when it is dropped, and with it all that is to come.
pub(crate) struct Front {
    address: SocketAddr,
    shared: Arc<Shared>,
}

/// Whether a hostile server is as good as any other for now. Clones speak of the same server.
#[derive(Clone, Debug, Default)]
pub struct Health(Arc<AtomicBool>);

impl Health {
    /// Makes it good, or hostile again.
    pub fn set_well(&self, is_well: bool) {
        self.0.store(is_well, Ordering::SeqCst);
    }

    /// Whether it is good.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// What all connections know.
pub(super) struct Shared {
    kind: &'static Kind,
    service: Service,
    sealed: Option<Sealed>,
    health: Health,
    has_ended: AtomicBool,
    open: AtomicUsize,
    /// How many requests were answered well.
    answered: AtomicUsize,
    /// The last answer that was kept back.
    pub(super) kept_back: Mutex<Option<Vec<u8>>>,
    /// The other server, once somebody was told of it.
    elsewhere: OnceLock<Visitors>,
}

impl Front {
    /// Serves on threads of its own: a hostile server is written as a conversation, and some of them hang.
    pub(crate) fn start(kind: &'static Kind, service: Service, listener: TcpListener) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let sealed = kind.certificate.map(Certificate::make).transpose().map_err(io::Error::other)?;
        let shared = Arc::new(Shared {
            kind,
            service,
            sealed,
            health: Health::default(),
            has_ended: AtomicBool::new(false),
            open: AtomicUsize::new(0),
            answered: AtomicUsize::new(0),
            kept_back: Mutex::default(),
            elsewhere: OnceLock::new(),
        });
        let accepting = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("hostile-server".to_owned())
            .spawn(move || accept(&accepting, &listener))?;
        Ok(Self { address, shared })
    }

    /// Whether it is hostile for now.
    pub(crate) fn health(&self) -> Health {
        self.shared.health.clone()
    }

    /// The certificate of the authority that signed its own, as PEM.
    pub(crate) fn authority(&self) -> Option<&str> {
        self.shared.sealed.as_ref().map(|sealed| sealed.authority.as_str())
    }

    /// Who went where it sent them.
    pub(crate) fn visits_elsewhere(&self) -> Option<Visits> {
        self.shared.elsewhere.get().map(Visitors::visits)
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.shared.has_ended.store(true, Ordering::SeqCst);
        // Whoever waits for a connection gets one and sees that it is over. Where none can be had, it ends with the process.
        drop(TcpStream::connect(self.address));
    }
}

impl std::fmt::Debug for Front {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Front").field("address", &self.address).finish_non_exhaustive()
    }
}

fn accept(shared: &Arc<Shared>, listener: &TcpListener) {
    for stream in listener.incoming() {
        if shared.has_ended.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        if shared.open.fetch_add(1, Ordering::SeqCst) >= CONNECTIONS_MAX {
            shared.open.fetch_sub(1, Ordering::SeqCst);
            continue;
        }
        let shared = Arc::clone(shared);
        let thread = std::thread::Builder::new().name("hostile-connection".to_owned());
        // Without a thread the connection ends at once.
        drop(thread.spawn(move || {
            // A connection that breaks concerns its client alone.
            let _ = shared.serve(stream);
            shared.open.fetch_sub(1, Ordering::SeqCst);
        }));
    }
}

/// A connection that is read in lines and written as it is.
struct Buffered<L>(BufReader<L>);

impl<L: Line> Read for Buffered<L> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<L: Line> Write for Buffered<L> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.get_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.get_mut().flush()
    }
}

impl<L: Line> Line for Buffered<L> {
    fn tcp(&self) -> &TcpStream {
        self.0.get_ref().tcp()
    }
}

impl Shared {
    fn serve(self: &Arc<Self>, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(STILL_MAX))?;
        stream.set_write_timeout(Some(STILL_MAX))?;
        match &self.sealed {
            Some(sealed) => {
                let tls = ServerConnection::new(Arc::clone(&sealed.config)).map_err(io::Error::other)?;
                self.converse(Buffered(BufReader::new(StreamOwned::new(tls, stream))))
            }
            None => self.converse(Buffered(BufReader::new(stream))),
        }
    }

    fn converse(self: &Arc<Self>, mut line: Buffered<impl Line>) -> io::Result<()> {
        if self.kind.strikes == Strikes::OnConnecting && !self.health.is_well() {
            let then = self.strike(&mut line, http::Request::default())?;
            if then != Then::GoOn {
                return end(&line, then);
            }
        }
        while let Some(asked) = request::read(&mut line.0)? {
            let then = match asked {
                Asked::Whole(request) if self.strikes_at(&request) => self.strike(&mut line, *request)?,
                Asked::Whole(request) => {
                    let reply = self.carry_out(&request)?;
                    self.answered.fetch_add(1, Ordering::SeqCst);
                    line.write_all(&spelled_out(&reply))?;
                    Then::GoOn
                }
                Asked::BrokenOff => {
                    line.write_all(&spelled_out(&scim20::body_broken_off()))?;
                    Then::HangUp
                }
            };
            if then != Then::GoOn {
                return end(&line, then);
            }
        }
        Ok(())
    }

    fn strike(self: &Arc<Self>, line: &mut dyn Line, request: http::Request<Bytes>) -> io::Result<Then> {
        (self.kind.act)(&mut Visit { line, request, front: self })
    }

    fn strikes_at(&self, request: &http::Request<Bytes>) -> bool {
        if self.health.is_well() {
            return false;
        }
        match self.kind.strikes {
            Strikes::OnConnecting => false,
            Strikes::Always => true,
            Strikes::After(good) => self.answered.load(Ordering::SeqCst) >= good,
            Strikes::On(phase) => self.phase_of(request) == Some(phase),
        }
    }

    pub(super) fn phase_of(&self, request: &http::Request<Bytes>) -> Option<Phase> {
        let below = request.uri().path().strip_prefix(self.service.base_path())?;
        let below = below.strip_prefix("/Users").or_else(|| below.strip_prefix("/Groups"))?;
        match (request.method(), below) {
            (&Method::GET, "" | "/") => Some(Phase::List),
            (&Method::POST, "" | "/") => Some(Phase::Create),
            (&Method::GET, _) => Some(Phase::Read),
            (&Method::DELETE, _) => Some(Phase::Delete),
            _ => None,
        }
    }

    /// The other server to which clients are sent; it listens from the first time on that it is needed.
    pub(super) fn elsewhere(&self) -> io::Result<&Visitors> {
        if let Some(visitors) = self.elsewhere.get() {
            return Ok(visitors);
        }
        let visitors = Visitors::receive()?;
        Ok(self.elsewhere.get_or_init(|| visitors))
    }

    /// Has a request carried out by the good server behind.
    pub(super) fn carry_out(&self, request: &http::Request<Bytes>) -> io::Result<Reply> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let Ok(reply) = runtime.block_on(self.service.clone().call(request.clone()));
        Ok(reply)
    }
}

fn end(line: &impl Line, then: Then) -> io::Result<()> {
    if then == Then::Reset { reset(line.tcp()) } else { Ok(()) }
}
