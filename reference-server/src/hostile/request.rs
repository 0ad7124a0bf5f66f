//! Requests as they come off a connection.

use std::io::{self, BufRead, Read};

use bytes::Bytes;

/// How long the head of a request may be, in bytes.
const HEAD_BYTES_MAX: u64 = 64 * 1024;
/// How long its body may be.
const BODY_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// What a client sent.
pub(super) enum Asked {
    /// A whole request.
    Whole(Box<http::Request<Bytes>>),
    /// A request whose body ended before it was complete.
    BrokenOff,
}

/// Reads one request; none where the connection ended before one began.
pub(super) fn read(from: &mut impl BufRead) -> io::Result<Option<Asked>> {
    let mut head = from.take(HEAD_BYTES_MAX);
    let Some(start) = line(&mut head)? else { return Ok(None) };
    let mut words = start.split(' ');
    let mut request = http::Request::builder()
        .method(words.next().unwrap_or_default())
        .uri(words.next().unwrap_or_default());
    let mut framing = Framing::Length(0);
    while let Some(line) = line(&mut head)?.filter(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').ok_or(io::ErrorKind::InvalidData)?;
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            framing = Framing::Length(value.parse().map_err(io::Error::other)?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            framing = Framing::Chunks;
        }
        request = request.header(name, value);
    }
    let body = match framing {
        Framing::Length(length) => announced(from, length)?,
        Framing::Chunks => chunks(from)?,
    };
    let Some(body) = body else { return Ok(Some(Asked::BrokenOff)) };
    let request = request.body(Bytes::from(body)).map_err(io::Error::other)?;
    Ok(Some(Asked::Whole(Box::new(request))))
}

enum Framing {
    Length(u64),
    Chunks,
}

/// A line without its end; none at the end of the connection.
fn line(from: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    from.read_until(b'\n', &mut bytes)?;
    let is_whole = bytes.ends_with(b"\n");
    let text = String::from_utf8(bytes).map_err(io::Error::other)?;
    Ok(is_whole.then(|| text.trim_end_matches(['\r', '\n']).to_owned()))
}

/// A body of an announced length; none where it breaks off.
fn announced(from: &mut impl Read, length: u64) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    let read = from.take(length.min(BODY_BYTES_MAX)).read_to_end(&mut body)?;
    Ok((read as u64 == length).then_some(body))
}

fn chunks(from: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let Some(size) = line(from)? else { return Ok(None) };
        let size = u64::from_str_radix(size.trim(), 16).map_err(io::Error::other)?;
        let Some(chunk) = announced(from, size)? else { return Ok(None) };
        body.extend(chunk);
        if line(from)?.is_none() || body.len() as u64 > BODY_BYTES_MAX {
            return Ok(None);
        }
        if size == 0 {
            return Ok(Some(body));
        }
    }
}
