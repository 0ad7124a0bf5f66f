use std::io;
use std::net::SocketAddr;
use std::thread::JoinHandle;

use record::Secret;
use tokio::sync::oneshot;

use crate::admin;
use crate::builder::{Builder, StartError};
use crate::http_server::{self, Timeouts};

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
struct Running {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
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
        let base_url = format!("http://{address}{}", service.base_path());
        let token = service.token().clone();
        let switched_on = service.is_switched_on();
        let timeouts = Timeouts { header_read: builder.header_read, drain: builder.drain };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|cause| StartError::Thread { cause })?;
        let listener = {
            // Sockets are registered with the runtime that is entered.
            let _entered = runtime.enter();
            tokio::net::TcpListener::from_std(listener)
        }
        .map_err(|cause| StartError::Listen { address: builder.listen.clone(), cause })?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("reference-server".to_owned())
            .spawn(move || runtime.block_on(http_server::run(listener, service, timeouts, stopped)))
            .map_err(|cause| StartError::Thread { cause })?;
        Ok(Self { base_url, admin_url, switched_on, token, running: Some(Running { stop, thread }) })
    }

    fn stop(&mut self) {
        if let Some(Running { stop, thread }) = self.running.take() {
            // A thread that is gone already has nothing left to stop.
            let _ = stop.send(());
            let _ = thread.join();
        }
    }
}

impl Drop for ReferenceServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn bound(address: &str) -> io::Result<(std::net::TcpListener, SocketAddr)> {
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
