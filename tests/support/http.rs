use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use super::PATIENCE;

/// An HTTP/1.1 request or response, read whole.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// The request line or the status line.
    pub(crate) start: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    pub(crate) fn response(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            start: format!("HTTP/1.1 {status} Status"),
            headers: vec![("content-type".to_owned(), media_type.to_owned())],
            body: body.into(),
        }
    }

    /// A request's method.
    pub(crate) fn method(&self) -> &str {
        self.word(0)
    }

    /// A request's path with its query.
    pub(crate) fn path(&self) -> &str {
        self.word(1)
    }

    /// A response's status code; 0 where it is none.
    pub(crate) fn status(&self) -> u16 {
        self.word(1).parse().unwrap_or(0)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let known = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map(|(_, value)| value.as_str())
    }

    pub(crate) fn add(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    /// The body as JSON; null where it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Reads a request; none if the connection ended before one began.
    pub(crate) fn read_request(from: &mut impl BufRead) -> io::Result<Option<Self>> {
        let Some(mut message) = Self::read_head(from)? else { return Ok(None) };
        if message.is_chunked() {
            message.read_chunks(from)?;
        } else {
            message.read_announced(from)?;
        }
        Ok(Some(message))
    }

    /// Reads a response with a body that is announced, chunked, or as long as the connection.
    pub(crate) fn read_response(from: &mut impl BufRead) -> io::Result<Self> {
        let mut message = Self::read_head(from)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        if message.is_chunked() {
            message.read_chunks(from)?;
        } else if message.header("content-length").is_some() {
            message.read_announced(from)?;
        } else if !matches!(message.status(), 100..200 | 204 | 304) {
            from.read_to_end(&mut message.body)?;
        }
        Ok(message)
    }

    /// The message as it goes over the wire; its length is announced anew.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut head = format!("{}\r\n", self.start);
        for (name, value) in &self.headers {
            if !name.eq_ignore_ascii_case("content-length") && !name.eq_ignore_ascii_case("transfer-encoding")
            {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        let announced = self.header("content-length").is_some() || !self.body.is_empty();
        if announced || !matches!(self.status(), 0 | 204 | 304) {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        head.push_str("\r\n");
        [head.as_bytes(), &self.body].concat()
    }

    /// Sends a GET on a connection of its own.
    pub(crate) fn get(url: &str, token: &str) -> io::Result<Self> {
        Self::send("GET", url, token, b"")
    }

    /// Sends a request on a connection of its own and reads the answer.
    pub(crate) fn send(method: &str, url: &str, token: &str, body: &[u8]) -> io::Result<Self> {
        let rest = url.strip_prefix("http://").ok_or(io::ErrorKind::InvalidInput)?;
        let (host, path) = rest.split_once('/').ok_or(io::ErrorKind::InvalidInput)?;
        let mut headers = vec![
            ("host".to_owned(), host.to_owned()),
            ("authorization".to_owned(), format!("Bearer {token}")),
            ("connection".to_owned(), "close".to_owned()),
        ];
        if !body.is_empty() {
            headers.push(("content-type".to_owned(), "application/scim+json".to_owned()));
        }
        let request = Self { start: format!("{method} /{path} HTTP/1.1"), headers, body: body.to_vec() };
        let mut stream = TcpStream::connect(host)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(&request.bytes())?;
        Self::read_response(&mut BufReader::new(stream))
    }

    fn is_chunked(&self) -> bool {
        self.header("transfer-encoding").is_some_and(|coding| coding.contains("chunked"))
    }

    fn word(&self, index: usize) -> &str {
        self.start.split(' ').nth(index).unwrap_or_default()
    }

    fn read_head(from: &mut impl BufRead) -> io::Result<Option<Self>> {
        let start = line(from)?;
        if start.is_empty() {
            return Ok(None);
        }
        let mut headers = Vec::new();
        loop {
            let line = line(from)?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        Ok(Some(Self { start, headers, body: Vec::new() }))
    }

    fn read_announced(&mut self, from: &mut impl BufRead) -> io::Result<()> {
        let announced = self.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        self.body = vec![0; announced];
        from.read_exact(&mut self.body)
    }

    fn read_chunks(&mut self, from: &mut impl BufRead) -> io::Result<()> {
        loop {
            let size = usize::from_str_radix(line(from)?.trim(), 16).map_err(io::Error::other)?;
            from.take(size as u64).read_to_end(&mut self.body)?;
            line(from)?;
            if size == 0 {
                return Ok(());
            }
        }
    }
}

/// A line without its end; empty at the end of the connection.
fn line(from: &mut impl BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    from.read_until(b'\n', &mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned())
}
