//! A connection on which no refusal is bare. A head that is too large or too odd to be read never gets as far as the service: the
//! HTTP layer refuses it by a status and nothing else. Here such an answer gets the body that a SCIM client expects.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::ask::Reply;
use crate::scim20;

/// What a refusal of the HTTP layer begins with, and the status that it tells.
const BARE: &[(&[u8], u16)] = &[(b"HTTP/1.1 400 ", 400), (b"HTTP/1.1 414 ", 414), (b"HTTP/1.1 431 ", 431)];
/// All that stands in one of them. An answer of the service with an empty body lets the connection live on, or says more.
const HEADERS: &[&str] = &["connection: close", "content-length: 0", "date: "];

/// A connection that fills bare refusals.
pub(crate) struct Refusing {
    stream: TcpStream,
    /// What is left to be sent in the place of the bare refusal under way.
    instead: Bytes,
}

impl Refusing {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self { stream, instead: Bytes::new() }
    }

    /// Sends what stands in the place of `length` bytes, and only then tells that they are sent.
    fn send_instead(&mut self, context: &mut Context<'_>, length: usize) -> Poll<io::Result<usize>> {
        while !self.instead.is_empty() {
            let sent = ready!(Pin::new(&mut self.stream).poll_write(context, &self.instead))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.instead.advance(sent);
        }
        Poll::Ready(Ok(length))
    }
}

/// The whole of an answer that begins like a bare refusal, with a body.
fn filled(start: &[u8]) -> Option<Bytes> {
    let (_, status) = BARE.iter().find(|(refusal, _)| start.starts_with(refusal))?;
    let date = date_of_bare(start)?;
    Some(written(&scim20::unread_head(*status), date))
}

/// The line with the date (RFC 9110 §6.6.1) of a head that has those headers and no other.
fn date_of_bare(head: &[u8]) -> Option<&str> {
    let head = std::str::from_utf8(head).ok()?.strip_suffix("\r\n\r\n")?;
    let lines: Vec<&str> = head.split("\r\n").skip(1).collect();
    let stands = |header: &&str| lines.iter().any(|line| line.starts_with(header));
    let is_bare = lines.len() == HEADERS.len() && HEADERS.iter().all(stands);
    lines.into_iter().find(|line| is_bare && line.starts_with("date: "))
}

/// An answer as it stands on the wire, after which the connection ends.
fn written(reply: &Reply, date: &str) -> Bytes {
    let mut text = format!("HTTP/1.1 {}\r\n{date}\r\n", reply.status()).into_bytes();
    for (name, value) in reply.headers() {
        text.extend_from_slice(name.as_str().as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value.as_bytes());
        text.extend_from_slice(b"\r\n");
    }
    text.extend_from_slice(format!("content-length: {}\r\n\r\n", reply.body().len()).as_bytes());
    text.extend_from_slice(reply.body());
    text.into()
}

impl AsyncRead for Refusing {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Refusing {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.instead.is_empty() {
            match filled(bytes) {
                Some(instead) => self.instead = instead,
                None => return Pin::new(&mut self.stream).poll_write(context, bytes),
            }
        }
        self.send_instead(context, bytes.len())
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.instead.is_empty() {
            match pieces.first().and_then(|head| filled(head)) {
                Some(instead) => self.instead = instead,
                None => return Pin::new(&mut self.stream).poll_write_vectored(context, pieces),
            }
        }
        self.send_instead(context, pieces.iter().map(|piece| piece.len()).sum())
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
