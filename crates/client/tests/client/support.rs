//! A client with a counted clock, and servers that answer byte by byte as a test tells them.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use client::{Client, Clock, Connect, Recorder, Request, Sent, Socket, Target};
use record::Redactor;

/// Every look at it is one microsecond later.
#[derive(Default)]
pub(crate) struct Ticks(AtomicU64);

impl Clock for Ticks {
    fn now_us(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }

    fn unix_s(&self) -> Option<u64> {
        Some(784_111_777)
    }
}

pub(crate) fn client(target: Target, connect: &dyn Connect) -> (Client, Recorder) {
    let recorder = Recorder::new(Redactor::default());
    let client = Client::new(target, connect, recorder.clone(), Arc::new(Ticks::default()));
    (client.expect("a client"), recorder)
}

/// Sends one request over a socket on a runtime of its own.
pub(crate) fn send(target: Target, request: Request) -> (Sent, Recorder) {
    let (client, recorder) = client(target, &Socket::default());
    (block_on(client.send(request, Some("a.check"))), recorder)
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future)
}

/// A server that reads one request from each connection, lets `answer` write what it likes, and closes.
pub(crate) struct Server {
    pub(crate) base: String,
    /// Each request as it arrived.
    pub(crate) requests: Receiver<String>,
}

impl Server {
    pub(crate) fn start(mut answer: impl FnMut(&mut TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}/scim/v2", listener.local_addr().expect("an address"));
        let (sender, requests) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let Some(request) = read_request(&mut stream) else { continue };
                if sender.send(request).is_err() {
                    break;
                }
                answer(&mut stream);
            }
        });
        Self { base, requests }
    }

    /// A server that answers everything with these bytes.
    pub(crate) fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::start(move |stream| {
            let _ = stream.write_all(&bytes);
        })
    }

    pub(crate) fn target(&self) -> Target {
        let target = Target::new(&self.base).expect("a target");
        target.timeout(Duration::from_secs(20))
    }

    /// The one request that arrived.
    pub(crate) fn request(&self) -> String {
        self.requests.recv_timeout(Duration::from_secs(20)).expect("a request")
    }
}

/// Waits until the other side has gone.
pub(crate) fn until_closed(stream: &mut TcpStream) {
    let mut rest = [0; 64];
    while matches!(stream.read(&mut rest), Ok(1..)) {}
}

fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut seen = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&seen).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length = length.and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
            if body.len() >= length {
                return Some(text);
            }
        }
        match stream.read(&mut piece) {
            Ok(count @ 1..) => seen.extend(piece.iter().take(count)),
            _ => return None,
        }
    }
}

/// What a server tells of each of its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It is about to close it.
    Near,
    /// It has closed it.
    There,
}

/// A server that answers every request with 204, keeps the connection open for the next one for so long, and then closes it
/// without a word. It tells the test of it.
pub(crate) fn closing_after(patience: Option<Duration>) -> (Target, Receiver<End>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}/scim/v2", listener.local_addr().expect("an address"));
    let (sender, ends) = channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let sender = sender.clone();
            std::thread::spawn(move || {
                while read_request(&mut stream).is_some() {
                    let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
                    if patience.is_none() {
                        break;
                    }
                    let _ = stream.set_read_timeout(patience);
                }
                // Whoever does not wait for it does not listen.
                let _ = sender.send(End::Near);
                drop(stream);
                let _ = sender.send(End::There);
            });
        }
    });
    (Target::new(&base).expect("a target"), ends)
}
