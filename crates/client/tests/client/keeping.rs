//! Servers that close the connections that are kept, and say nothing.

use std::collections::HashSet;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use crate::support::{End, Server, block_on, client, closing_after};
use client::{Connect as _, Method, Request, Socket, Target, TransportError};

/// Sends requests of these methods one after the other, each after what is awaited. Nobody looks at the
/// connections meanwhile.
fn send_all(target: Target, methods: &[Method], awaited: impl Fn()) -> (Vec<u16>, Socket, usize) {
    let socket = Socket::default();
    let (client, recorder) = client(target, &socket);
    let statuses = block_on(async {
        let mut statuses = Vec::new();
        for method in methods {
            let sent = client.send(Request::new(method.clone(), "/Users/1"), None).await;
            statuses.push(sent.outcome.map_or(0, |answer| answer.status));
            awaited();
        }
        statuses
    });
    (statuses, socket, recorder.exchanges().len())
}

/// Waits until a server tells so of a connection.
fn until(ends: &Receiver<End>, end: End) {
    while ends.recv_timeout(Duration::from_secs(20)).expect("a connection that ends") != end {}
}

const MIXED: [Method; 8] = [
    Method::GET,
    Method::GET,
    Method::GET,
    Method::POST,
    Method::PATCH,
    Method::POST,
    Method::PATCH,
    Method::DELETE,
];

#[test]
fn a_server_that_closes_after_each_answer_keeps_no_request_from_its_answer() {
    for _ in 0..20 {
        let (target, _) = closing_after(None);
        let (statuses, socket, _) = send_all(target, &MIXED, || {});
        assert_eq!(statuses, [204; 8]);
        assert!(socket.remark().is_some_and(|said| said.contains("without saying so")));
    }
}

#[test]
fn a_server_that_closes_idle_connections_keeps_no_request_from_its_answer() {
    const PATIENCE: Option<Duration> = Some(Duration::from_millis(5));
    // The request may meet the connection before or after its end.
    let (target, ends) = closing_after(PATIENCE);
    let (statuses, _, _) = send_all(target, &[Method::GET; 12], || until(&ends, End::Near));
    assert_eq!(statuses, [204; 12]);
    // The end of the connection is there, and nobody has looked.
    let (target, ends) = closing_after(PATIENCE);
    let (statuses, _, _) = send_all(target, &MIXED, || until(&ends, End::There));
    assert_eq!(statuses, [204; 8]);
}

#[test]
fn a_server_that_keeps_its_connections_is_believed() {
    let (target, _) = closing_after(Some(Duration::from_secs(30)));
    let (statuses, socket, sent) = send_all(target, &MIXED, || {});
    assert_eq!((statuses, sent, socket.remark()), (vec![204; 8], 8, None));
}

/// It takes the second request on each connection, and answers none but the first.
fn deaf(answer: &'static str) -> Target {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}/scim/v2", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || {
                let mut piece = [0; 4096];
                let _ = stream.read(&mut piece);
                let _ = stream.write_all(answer.as_bytes());
                let _ = stream.read(&mut piece);
            });
        }
    });
    Target::new(&base).expect("a target")
}

/// HTTP/1.0 keeps connections too, where both sides say so.
const KEEPING: [&str; 2] =
    ["HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.0 204 No Content\r\nConnection: keep-alive\r\n\r\n"];

/// Both tries are on record, and nothing is kept afterwards.
#[test]
fn what_may_be_repeated_is_sent_once_more_on_a_connection_of_its_own() {
    for answer in KEEPING {
        let socket = Socket::default();
        let (client, recorder) = client(deaf(answer), &socket);
        block_on(async {
            for _ in 0..3 {
                let sent = client.send(Request::delete("/Users/1"), Some("a.check")).await;
                assert_eq!(sent.outcome.map(|answer| answer.status), Ok(204));
            }
        });
        let exchanges = recorder.exchanges();
        let errors: Vec<bool> = exchanges.iter().map(|exchange| exchange.error.is_some()).collect();
        assert_eq!(errors, [false, true, false, false]);
        let error = exchanges[1].error.as_ref();
        assert!(error.is_some_and(|error| error.contains("kept from an earlier request")));
    }
}

#[test]
fn what_may_not_be_repeated_is_sent_once_and_no_later_one_is_at_risk() {
    let socket = Socket::default();
    let outcomes = block_on(async {
        let target = deaf(KEEPING[0]);
        let (first, _) = client(target.clone(), &socket);
        let (second, _) = client(target, &socket);
        let mut outcomes = Vec::new();
        for client in [&first, &second, &first, &first, &second, &second] {
            let sent = client.send(Request::post("/Users"), None).await;
            outcomes.push(sent.outcome.map(|answer| answer.status));
        }
        outcomes
    });
    assert!(outcomes[2].as_ref().is_err_and(|error| matches!(**error, TransportError::Stale { .. })));
    let answered = |outcome: &Result<u16, _>| *outcome == Ok(204);
    assert_eq!(outcomes.iter().filter(|outcome| answered(outcome)).count(), 5, "{outcomes:?}");
}

/// What fails on a new connection is no matter of keeping.
#[test]
fn a_server_that_never_answers_is_asked_once() {
    let server = Server::start(|_| {});
    let (client, recorder) = client(server.target(), &Socket::default());
    let sent = block_on(client.send(Request::get("/Users"), None));
    assert!(matches!(*sent.outcome.expect_err("no answer"), TransportError::Closed { .. }));
    assert_eq!(recorder.exchanges().len(), 1);
}

/// Ports are given out anew. A new connection with the port of one that has ended is no kept one, whether the target said that it
/// ends it or the client gave it up.
#[test]
fn the_port_of_a_connection_that_ended_proves_nothing() {
    for answer in ["204 No Content\r\nConnection: Close", "500 Internal Server Error\r\nContent-Length: 0"] {
        let mut ports = HashSet::new();
        let server = Server::start(move |stream| {
            let peer = stream.peer_addr().expect("an address");
            if ports.insert(peer.port()) {
                let _ = write!(stream, "HTTP/1.1 {answer}\r\n\r\n");
            }
        });
        let socket = Socket::default();
        let (client, recorder) = client(server.target(), &socket);
        let error = block_on(async {
            for _ in 0..=u16::MAX {
                if let Err(error) = client.send(Request::get("/Users"), None).await.outcome {
                    return error;
                }
            }
            panic!("there are no more ports than that")
        });
        assert!(matches!(*error, TransportError::Closed { .. }), "{error}");
        assert_eq!(recorder.exchanges().iter().filter(|exchange| exchange.error.is_some()).count(), 1);
        assert_eq!(socket.remark(), None);
    }
}
