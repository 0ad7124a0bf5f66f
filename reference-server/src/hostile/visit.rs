//! What a kind can do with whoever comes.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LOCATION, HOST, LOCATION};
use percent_encoding::{AsciiSet, CONTROLS as ASCII_CONTROLS, utf8_percent_encode};
use serde_json::Value;
use socket2::SockRef;

use super::elsewhere::Visitors;
use super::front::Shared;
use crate::ask::Reply;

/// A connection, with or without TLS on it.
pub(super) trait Line: Read + Write {
    /// What lies below.
    fn tcp(&self) -> &TcpStream;
}

impl Line for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

/// What becomes of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The next request is read.
    GoOn,
    /// It ends in the usual way.
    HangUp,
    /// It ends with a reset: the client hears at once that nothing more comes, and loses what it has not read.
    Reset,
}

/// A client's request, or its connection where none was read yet.
pub(super) struct Visit<'a> {
    pub(super) line: &'a mut dyn Line,
    pub(super) request: http::Request<Bytes>,
    pub(super) front: &'a Arc<Shared>,
}

/// A head that promises a body of SCIM, up to the lines that tell how long it is.
pub(super) const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/scim+json\r\n";

/// What would end a header or be no part of an address.
const CONTROLS: &AsciiSet = &ASCII_CONTROLS.add(b' ');

impl Visit<'_> {
    /// Sends bytes.
    pub(super) fn say(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.line.write_all(bytes.as_ref())?;
        self.line.flush()
    }

    /// Sends bytes and ends the connection.
    pub(super) fn say_and_hang_up(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<Then> {
        self.say(bytes)?;
        Ok(Then::HangUp)
    }

    /// Sends bytes and says nothing more until the client has gone away.
    pub(super) fn say_and_hang(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<Then> {
        self.say(bytes)?;
        io::copy(&mut self.line, &mut io::sink())?;
        Ok(Then::HangUp)
    }

    /// Sends this over and over, until the client has gone away.
    pub(super) fn say_for_ever(&mut self, piece: &[u8]) -> io::Result<Then> {
        loop {
            self.line.write_all(piece)?;
        }
    }

    /// Waits so long for the client to go away; whether it did.
    pub(super) fn is_left_within(&mut self, wait: Duration) -> io::Result<bool> {
        self.line.tcp().set_read_timeout(Some(wait))?;
        match self.line.read(&mut [0]) {
            Ok(read) => Ok(read == 0),
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Has the request carried out by the good server behind, and gives its answer.
    pub(super) fn carry_out(&mut self) -> io::Result<Reply> {
        self.front.carry_out(&self.request)
    }

    /// The host and port that the client says it talks to.
    pub(super) fn host(&self) -> String {
        let host = self.request.headers().get(HOST).and_then(|host| host.to_str().ok());
        host.unwrap_or("localhost").to_owned()
    }

    /// The host and port of a server that the client has not been told of.
    pub(super) fn elsewhere(&self) -> io::Result<String> {
        self.front.elsewhere().map(Visitors::address)
    }

    /// Sends whoever asked to another place.
    pub(super) fn redirect(&mut self, status: &str, host: &str) -> io::Result<Then> {
        let path = self.request.uri().to_string();
        self.say(format!("HTTP/1.1 {status}\r\nlocation: http://{host}{path}\r\ncontent-length: 0\r\n\r\n"))?;
        Ok(Then::GoOn)
    }

    /// The answer of the good server, about a resource that it is said to have another id and place.
    pub(super) fn answer_as(&mut self, id: Option<&str>, host: Option<&str>) -> io::Result<Then> {
        let mut reply = self.carry_out()?;
        let body = serde_json::from_slice::<Value>(reply.body()).ok().filter(|_| reply.status().is_success());
        if let Some(mut body) = body {
            let known = body.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            let id = id.unwrap_or(&known).to_owned();
            let host = host.map_or_else(|| self.host(), str::to_owned);
            let path = self.request.uri().path().trim_end_matches('/');
            let path = path.strip_suffix(&format!("/{known}")).unwrap_or(path);
            let place = format!("http://{host}{path}/{}", utf8_percent_encode(&id, CONTROLS));
            for header in [LOCATION, CONTENT_LOCATION] {
                if let (true, Ok(value)) = (reply.headers().contains_key(&header), place.parse()) {
                    reply.headers_mut().insert(header, value);
                }
            }
            if let Some(meta) = body.get_mut("meta").and_then(Value::as_object_mut) {
                meta.insert("location".to_owned(), place.into());
            }
            if let Some(members) = body.as_object_mut() {
                members.insert("id".to_owned(), id.into());
            }
            *reply.body_mut() = body.to_string().into();
        }
        self.say(spelled_out(&reply))?;
        Ok(Then::GoOn)
    }

    /// The answer of the good server, its body changed; sent as it was where that is no JSON.
    pub(super) fn answer_changed(&mut self, change: impl FnOnce(&mut Value)) -> io::Result<Then> {
        self.answer_respelled(change, |body| body)
    }

    /// The same, and its text changed as well, to what no JSON value can hold.
    pub(super) fn answer_respelled(
        &mut self,
        change: impl FnOnce(&mut Value),
        respell: impl FnOnce(String) -> String,
    ) -> io::Result<Then> {
        let mut reply = self.carry_out()?;
        if let Ok(mut body) = serde_json::from_slice::<Value>(reply.body())
            && reply.status().is_success()
        {
            change(&mut body);
            *reply.body_mut() = respell(body.to_string()).into();
        }
        self.say(spelled_out(&reply))?;
        Ok(Then::GoOn)
    }
}

/// A whole answer as it goes over the wire.
pub(super) fn spelled_out(reply: &Reply) -> Vec<u8> {
    let status = reply.status();
    let mut bytes = format!("HTTP/1.1 {} {}\r\n", status.as_str(), status.canonical_reason().unwrap_or("-"));
    for (name, value) in reply.headers() {
        bytes.push_str(&format!("{name}: {}\r\n", String::from_utf8_lossy(value.as_bytes())));
    }
    if !matches!(status.as_u16(), 204 | 304) && !reply.headers().contains_key(http::header::CONTENT_LENGTH) {
        bytes.push_str(&format!("content-length: {}\r\n", reply.body().len()));
    }
    bytes.push_str("\r\n");
    [bytes.as_bytes(), reply.body()].concat()
}

/// An answer of these bytes, whole and with its length.
pub(super) fn whole(media_type: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-type: {media_type}\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// The same as SCIM.
pub(super) fn scim(body: impl AsRef<[u8]>) -> Vec<u8> {
    whole("application/scim+json", body)
}

/// Ends a connection with a reset.
pub(super) fn reset(stream: &TcpStream) -> io::Result<()> {
    SockRef::from(stream).set_linger(Some(Duration::ZERO))
}
