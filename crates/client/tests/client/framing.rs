//! Requests cut up on the wire, as a server reads them.

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;

use bytes::Bytes;
use client::{Client, Framing, InProcess, Recorder, Request, SystemClock, Target, TransportError};
use record::Redactor;

use crate::support::{block_on, send};

const ANSWER: &[u8] = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";

/// A server for one connection. It answers once it has read the mark or the client sends nothing more, and gives back
/// all that it read.
fn listen(mark: &'static [u8]) -> (Target, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}/scim/v2", listener.local_addr().expect("an address"));
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut read = Vec::new();
        let mut buffer = [0; 512];
        while !read.ends_with(mark) {
            let length = stream.read(&mut buffer).expect("bytes");
            if length == 0 {
                break;
            }
            read.extend(buffer.iter().take(length));
        }
        stream.write_all(ANSWER).expect("an answer");
        read
    });
    (Target::new(&base).expect("a base URL"), serving)
}

fn body_of(read: &[u8]) -> String {
    let text = String::from_utf8(read.to_vec()).expect("text");
    text.split_once("\r\n\r\n").expect("a head").1.to_owned()
}

#[test]
fn chunks_are_cut_where_they_are_asked_for() {
    let (target, server) = listen(b"\r\n0\r\n\r\n");
    let request = Request::post("/Users").body("application/scim+json", "0123456789abcdef01");
    let (sent, recorder) = send(target, request.framed(Framing::Chunks(vec![1, 1, 17, 90])));
    let answer = sent.outcome.expect("an answer");
    assert_eq!((answer.status, answer.body.as_ref()), (201, b"{}".as_slice()));

    let read = server.join().expect("what was read");
    let head = String::from_utf8_lossy(&read).to_lowercase();
    assert!(head.starts_with("post /scim/v2/users http/1.1\r\n"), "{head}");
    assert!(
        head.contains("\r\ntransfer-encoding: chunked\r\n") && !head.contains("content-length"),
        "{head}"
    );
    assert!(head.contains("\r\nhost: 127.0.0.1:"), "{head}");
    assert_eq!(body_of(&read), "1\r\n0\r\n10\r\n123456789abcdef0\r\n1\r\n1\r\n0\r\n\r\n");
    let record = recorder.exchanges().remove(0);
    assert_eq!(record.request.body.expect("a body").text, "0123456789abcdef01");
}

#[test]
fn a_body_that_breaks_off_announces_all_and_sends_a_part() {
    let (target, server) = listen(b"never");
    let request = Request::post("/Users").body("application/scim+json", "0123456789");
    let (sent, _) = send(target, request.framed(Framing::BrokenOff(4)));
    assert_eq!(sent.outcome.expect("an answer").status, 201);

    let read = server.join().expect("what was read");
    assert!(String::from_utf8_lossy(&read).contains("\r\ncontent-length: 10\r\n"));
    assert_eq!(body_of(&read), "0123");
}

#[test]
fn in_process_there_is_nothing_to_cut_up() {
    let service =
        tower::service_fn(|_| async { Ok::<_, Infallible>(http::Response::new(Bytes::from_static(b"{}"))) });
    let target = Target::new("http://scim.example/v2").expect("a base URL");
    let clock = Arc::new(SystemClock::new());
    let client = Client::new(target, &InProcess::new(service), Recorder::new(Redactor::default()), clock)
        .expect("a client");
    let sent = block_on(client.send(Request::get("/Users").framed(Framing::Chunks(Vec::new())), None));
    assert_eq!(sent.outcome.map(drop), Err(Arc::new(TransportError::Unframed)));
}
