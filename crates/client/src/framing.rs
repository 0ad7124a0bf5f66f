//! Requests that are cut up on the wire as no library would.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};

use crate::answer::Answer;
use crate::clock::Clock;
use crate::error::{TransportError, causes};
use crate::transport::{AnswerLimit, Delivered, too_large};

/// How a request is cut up on its way. Only a connection has this: a service in process gets whole requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Framing {
    /// One body with its length.
    #[default]
    Whole,
    /// Chunks (RFC 9112 §7.1), cut before the bytes at these places of the body, in ascending order.
    Chunks(Vec<usize>),
    /// A body that announces its whole length and ends after so many bytes, for good: nothing more is sent on that
    /// connection, and the answer is waited for.
    BrokenOff(usize),
}

/// Anything that bytes can be sent over.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin {}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream for S {}

/// Writes a request as its framing says and reads the answer.
pub(crate) async fn exchange(
    mut stream: Box<dyn Stream>,
    request: &http::Request<Bytes>,
    framing: &Framing,
    clock: &dyn Clock,
) -> Result<Delivered, TransportError> {
    let sent = send(&mut stream, request, framing).await;
    // A server may answer and hang up before it has heard everything.
    match (read(stream, request, clock).await, sent) {
        (Err(_), Err(error)) => Err(TransportError::Closed { reason: causes(&error) }),
        (read, _) => read,
    }
}

async fn send(stream: &mut dyn Stream, request: &http::Request<Bytes>, framing: &Framing) -> io::Result<()> {
    for piece in pieces(request, framing) {
        // Each piece is on its way before the next one, so that the server may see it alone.
        stream.write_all(&piece).await?;
        stream.flush().await?;
    }
    match framing {
        Framing::BrokenOff(_) => stream.shutdown().await,
        Framing::Whole | Framing::Chunks(_) => Ok(()),
    }
}

/// The bytes of a request, in the pieces in which they are sent.
fn pieces(request: &http::Request<Bytes>, framing: &Framing) -> Vec<Bytes> {
    let body = request.body();
    match framing {
        Framing::Whole => vec![head(request, &format!("content-length: {}", body.len())), body.clone()],
        Framing::BrokenOff(after) => {
            let sent = body.slice(..body.len().min(*after));
            vec![head(request, &format!("content-length: {}", body.len())), sent]
        }
        Framing::Chunks(places) => {
            let mut pieces = vec![head(request, "transfer-encoding: chunked")];
            let mut begin = 0;
            for end in places.iter().copied().chain([body.len()]) {
                let end = end.clamp(begin, body.len());
                if begin < end {
                    let data = body.slice(begin..end);
                    pieces.push([format!("{:x}\r\n", data.len()).as_bytes(), &data, b"\r\n"].concat().into());
                }
                begin = end;
            }
            pieces.push(Bytes::from_static(b"0\r\n\r\n"));
            pieces
        }
    }
}

fn head(request: &http::Request<Bytes>, length: &str) -> Bytes {
    let target = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let mut head =
        format!("{} {target} HTTP/1.1\r\n{length}\r\nconnection: close\r\n", request.method()).into_bytes();
    for (name, value) in request.headers() {
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head.into()
}

/// Lets the library read the answer: what it would send in order to get one is thrown away.
async fn read(
    stream: Box<dyn Stream>,
    request: &http::Request<Bytes>,
    clock: &dyn Clock,
) -> Result<Delivered, TransportError> {
    let limit = AnswerLimit::of(request);
    let silent = TokioIo::new(Silent { stream, asked: false, waiting: None });
    let (mut sender, connection) = http1::handshake(silent).await.map_err(|error| broken(&error))?;
    let mut stand_in = http::Request::new(Empty::<Bytes>::new());
    *stand_in.method_mut() = request.method().clone();
    let reading = async {
        let response = sender.send_request(stand_in).await.map_err(|error| broken(&error))?;
        let first_byte_us = clock.now_us();
        let (parts, mut incoming) = response.into_parts();
        let mut body = Vec::new();
        while let Some(frame) = incoming.frame().await {
            let frame = frame.map_err(|error| broken(&error))?;
            body.extend_from_slice(frame.data_ref().map(Bytes::as_ref).unwrap_or_default());
            if body.len() > limit.bytes() {
                return Err(too_large(limit));
            }
        }
        let answer = Answer::of(parts.status, &parts.headers, body.into());
        Ok(Delivered { answer, first_byte_us, last_byte_us: clock.now_us() })
    };
    tokio::pin!(reading);
    tokio::pin!(connection);
    tokio::select! {
        biased;
        read = &mut reading => read,
        // It may end before the last of what it read has been taken.
        _ = &mut connection => reading.await,
    }
}

fn broken(error: &hyper::Error) -> TransportError {
    let reason = causes(error);
    if error.is_parse() { TransportError::NotHttp { reason } } else { TransportError::Closed { reason } }
}

/// A stream on which nothing more is sent. What it says is heard once somebody believes that a request went out: the
/// library takes an answer that comes before for a mistake.
struct Silent {
    stream: Box<dyn Stream>,
    asked: bool,
    waiting: Option<Waker>,
}

impl AsyncRead for Silent {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.asked {
            self.waiting = Some(cx.waker().clone());
            return Poll::Pending;
        }
        Pin::new(&mut *self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Silent {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.asked = true;
        if let Some(waiting) = self.waiting.take() {
            waiting.wake();
        }
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
