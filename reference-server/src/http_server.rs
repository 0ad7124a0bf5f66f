//! The accept loop: HTTP/1.1 with a limit on everything that a client could draw out.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};

use crate::faults::Piece;
use crate::refusing::Refusing;
use crate::scim20;
use crate::service::Service;

/// Connections open at the same time.
const CONNECTIONS_MAX: usize = 1_024;
/// How much of a request's head is read, in bytes: more than an address may be long, so that one that is longer is known by it.
const HEAD_BYTES_MAX: usize = 128 * 1024;
/// How much of a body that is too large is read, so that its sender is there to hear the answer.
const DISCARDED_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How long a client may take to send a body.
const BODY_READ: Duration = Duration::from_secs(30);
/// How long to wait after an accept that failed, as it does where no more files can be opened.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    pub(crate) header_read: Duration,
    pub(crate) drain: Duration,
}

/// Serves until told to stop, then drains.
pub(crate) async fn run(
    listener: TcpListener,
    service: Service,
    timeouts: Timeouts,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut connections = auto::Builder::new(TokioExecutor::new()).http1_only();
    connections
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(timeouts.header_read)
        .max_buf_size(HEAD_BYTES_MAX);
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            _ = &mut stopped => break,
        };
        let Some((stream, permit)) = accepted else { continue };
        let service = service.clone();
        let answering = service_fn(move |request| answer(service.clone(), request));
        let connection =
            connections.serve_connection(TokioIo::new(Refusing::new(stream)), answering).into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks concerns its client alone.
            let _ = connection.await;
            drop(permit);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(timeouts.drain, graceful.shutdown()).await;
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let permit = Arc::clone(room).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => {
            // Small answers should not wait for a full packet; where that cannot be had, they wait.
            let _ = stream.set_nodelay(true);
            Some((stream, permit))
        }
        Err(_) => {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

async fn answer(
    service: Service,
    request: http::Request<Incoming>,
) -> Result<http::Response<Full<Bytes>>, Infallible> {
    let (parts, incoming) = request.into_parts();
    let collected = tokio::time::timeout(BODY_READ, collect(incoming, &service)).await;
    let body = match collected {
        Ok(Some(body)) => body,
        Ok(None) => return Ok(scim20::body_broken_off().map(Full::new)),
        Err(_) => return Ok(scim20::body_too_slow().map(Full::new)),
    };
    let reply = Arc::clone(&service.app).answer(http::Request::from_parts(parts, body)).await;
    Ok(reply.map(Full::new))
}

/// Reads a body up to one byte more than is allowed, which is what the service knows a body too large by. The
/// rest is read and thrown away. Nothing comes of a body that breaks off.
async fn collect(mut incoming: Incoming, service: &Service) -> Option<Bytes> {
    let bytes_max = service.body_bytes_max();
    let mut body = BytesMut::new();
    let mut read = 0;
    loop {
        let next = next_piece(&mut incoming).await;
        let data = match service.app.pieces.iter().fold(next, |piece, change| change(piece)) {
            Piece::Data(data) => data,
            Piece::End => break,
            Piece::BrokenOff => return None,
        };
        read += data.len();
        let wanted = (bytes_max + 1).saturating_sub(body.len()).min(data.len());
        body.extend_from_slice(data.get(..wanted).unwrap_or_default());
        if read > DISCARDED_BYTES_MAX {
            break;
        }
    }
    Some(body.freeze())
}

async fn next_piece(incoming: &mut Incoming) -> Piece {
    loop {
        match incoming.frame().await {
            None => return Piece::End,
            Some(Err(_)) => return Piece::BrokenOff,
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    return Piece::Data(data);
                }
            }
        }
    }
}
