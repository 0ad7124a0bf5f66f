use std::io;
use std::net::SocketAddr;
use std::thread::JoinHandle;

use record::Secret;
use tokio::sync::oneshot;

use crate::admin;
use crate::builder::Builder;
use crate::hostile::{Front, Health, Kind, Visits};
use crate::http_server::{self, Timeouts};
use crate::service::Service;
use crate::start_error::StartError;

/// A server on a socket, with a thread and a runtime of its own. It runs until it is shut down or dropped.
#[derive(Debug)]
pub struct ReferenceServer {
    base_url: String,
    admin_url: Option<String>,
    switched_on: bool,
    token: Secret,
    running: Option<Running>,
}

#[derive(Debug)]
enum Running {
    Good { stop: oneshot::Sender<()>, thread: JoinHandle<()> },
    Hostile(Front),
}

impl ReferenceServer {
    /// A server that plays the standard, on a free port of this machine, unless told otherwise.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where it is served, such as `http://127.0.0.1:49152/scim/v2`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Where the admin API is served, such as `http://127.0.0.1:49152/admin/api`, where it is.
    #[must_use]
    pub fn admin_url(&self) -> Option<&str> {
        self.admin_url.as_deref()
    }

    /// Whether provisioning was switched on when it started; [`Builder::admin`] says when it was not.
    #[must_use]
    pub fn is_switched_on(&self) -> bool {
        self.switched_on
    }

    /// The bearer token that opens it; the first, where it was given several.
    #[must_use]
    pub fn token(&self) -> &Secret {
        &self.token
    }

    /// What makes a hostile server as good as any other; none for one that is.
    #[must_use]
    pub fn health(&self) -> Option<Health> {
        match &self.running {
            Some(Running::Hostile(front)) => Some(front.health()),
            Some(Running::Good { .. }) | None => None,
        }
    }

    /// The authority that signed a hostile server's certificate, as PEM; none where it has no certificate.
    #[must_use]
    pub fn authority(&self) -> Option<&str> {
        match &self.running {
            Some(Running::Hostile(front)) => front.authority(),
            Some(Running::Good { .. }) | None => None,
        }
    }

    /// Who went where a hostile server sent them; none if it sent nobody anywhere.
    #[must_use]
    pub fn visits_elsewhere(&self) -> Option<Visits> {
        match &self.running {
            Some(Running::Hostile(front)) => front.visits_elsewhere(),
            Some(Running::Good { .. }) | None => None,
        }
    }

    /// Takes no more connections, lets requests under way finish within the drain deadline, and returns.
    pub fn shutdown(mut self) {
        self.stop();
    }

    pub(crate) fn start(builder: &Builder) -> Result<Self, StartError> {
        let (listener, address) = bound(&builder.listen)
            .map_err(|cause| StartError::Listen { address: builder.listen.clone(), cause })?;
        if builder.admin.is_some() && !address.ip().is_loopback() {
            return Err(StartError::Exposed { address: builder.listen.clone() });
        }
        let service = builder.build(&address.to_string())?;
        let admin_url = builder.admin.as_ref().map(|_| format!("http://{address}{}", admin::BASE));
        let kind = builder.kind()?;
        let scheme = kind.map_or("http", Kind::scheme);
        let base_url = format!("{scheme}://{address}{}", service.base_path());
        let token = service.token().clone();
        let switched_on = service.is_switched_on();
        let running = match kind {
            Some(kind) => Running::Hostile(
                Front::start(kind, service, listener).map_err(|cause| StartError::Thread { cause })?,
            ),
            None => Running::good(builder, service, listener)?,
        };
        Ok(Self { base_url, admin_url, switched_on, token, running: Some(running) })
    }

    fn stop(&mut self) {
        if let Some(Running::Good { stop, thread }) = self.running.take() {
            // A thread that is gone already has nothing left to stop.
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}

impl Running {
    fn good(
        builder: &Builder,
        service: Service,
        listener: std::net::TcpListener,
    ) -> Result<Self, StartError> {
        let timeouts = Timeouts { header_read: builder.header_read, drain: builder.drain };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|cause| StartError::Thread { cause })?;
        let listener = {
            // Sockets are registered with the runtime that is entered.
            let _entered = runtime.enter();
            listener.set_nonblocking(true).and_then(|()| tokio::net::TcpListener::from_std(listener))
        }
        .map_err(|cause| StartError::Listen { address: builder.listen.clone(), cause })?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("reference-server".to_owned())
            .spawn(move || runtime.block_on(http_server::run(listener, service, timeouts, stopped)))
            .map_err(|cause| StartError::Thread { cause })?;
        Ok(Self::Good { stop, thread })
    }
}

impl Drop for ReferenceServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn bound(address: &str) -> io::Result<(std::net::TcpListener, SocketAddr)> {
    let listener = std::net::TcpListener::bind(address)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
