//! The socket against servers that misbehave: each ends in its own error, never in a panic or a full memory.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::support::{Server, block_on, client, send, until_closed};
use client::{AnswerLimit, Request, Sent, Socket, Target, TransportError};
use record::Exchange;

fn limit() -> TransportError {
    TransportError::TooLarge { limit: AnswerLimit::default() }
}

fn error(sent: Sent) -> Arc<TransportError> {
    sent.outcome.expect_err("no answer is usable")
}

/// What one request leaves on record.
fn only(exchanges: Vec<Exchange>) -> Exchange {
    let [exchange] = <[Exchange; 1]>::try_from(exchanges).expect("one exchange");
    exchange
}

#[test]
fn a_header_that_is_left_out_is_not_sent() {
    let server = Server::saying("HTTP/1.1 204 No Content\r\n\r\n");
    let (_, recorder) = send(server.target(), Request::get("/Users").without("User-Agent").without("accept"));
    let request = server.request();
    assert!(!request.contains("user-agent"), "{request}");
    assert!(!request.contains("accept"), "{request}");
    let recorded = &recorder.exchanges()[0].request.headers;
    assert_eq!(recorded.iter().map(|header| header.name.as_str()).collect::<Vec<_>>(), ["host"]);
}

#[test]
fn an_answer_keeps_its_status_headers_in_order_and_body() {
    let server = Server::saying(
        "HTTP/1.1 201 Created\r\nX-Zebra: 1\r\nLocation: /Users/1\r\nX-Ant: 2\r\nContent-Length: 8\r\n\r\n{\"a\": 1}",
    );
    let (sent, recorder) = send(server.target(), Request::get("/Users/1"));
    let answer = sent.outcome.expect("an answer");
    assert_eq!(answer.status, 201);
    let names: Vec<&str> = answer.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["x-zebra", "location", "x-ant", "content-length"]);
    assert_eq!(answer.header("LOCATION"), Some("/Users/1"));
    assert_eq!(sent.json.as_deref(), Some(&serde_json::json!({"a": 1})));
    assert_eq!(sent.url, format!("{}/Users/1", server.base));

    let exchange = only(recorder.exchanges());
    assert_eq!((exchange.number, exchange.check.as_deref()), (1, Some("a.check")));
    let times = exchange.times;
    assert!(times.intended_us < times.sent_us && Some(times.sent_us) < times.first_byte_us);
    assert!(times.first_byte_us < times.last_byte_us);
    let response = exchange.response.expect("a response");
    assert_eq!(response.body.expect("a body").text, "{\"a\": 1}");
}

#[test]
fn the_request_on_the_wire_is_the_request_on_record() {
    let server = Server::saying("HTTP/1.1 204 No Content\r\n\r\n");
    let request = Request::put("/Users/1").header("If-Match", "W/\"1\"").json(&serde_json::json!({"a": 1}));
    let (_, recorder) = send(server.target(), request);
    let wire = server.request();
    assert!(wire.starts_with("PUT /scim/v2/Users/1 HTTP/1.1\r\n"), "{wire}");
    assert!(wire.ends_with("\r\n\r\n{\"a\":1}"), "{wire}");
    let request = only(recorder.exchanges()).request;
    let mut from = 0;
    for header in &request.headers {
        let line = format!("\r\n{}: {}\r\n", header.name, header.value);
        let at = wire.get(from..).and_then(|rest| rest.find(&line));
        from += at.unwrap_or_else(|| panic!("{line:?} is missing or out of order in {wire}"));
    }
    let names: Vec<&str> = request.headers.iter().map(|header| header.name.as_str()).collect();
    assert_eq!(names, ["host", "user-agent", "accept", "if-match", "content-type"]);
    assert_eq!(request.body.expect("a body").text, "{\"a\":1}");
}

#[test]
fn a_dead_port_is_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let (sent, recorder) = send(Target::new(&base).expect("a target"), Request::get("/Users"));
    let error = error(sent);
    assert!(matches!(*error, TransportError::Connect { .. }), "{error:?}");
    let exchange = only(recorder.exchanges());
    assert_eq!((exchange.response, exchange.error), (None, Some(error.to_string())));
    assert_eq!(exchange.times.first_byte_us, None);
}

#[test]
fn a_server_without_tls_is_no_connection_for_https() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("https://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        until_closed(&mut stream);
    });
    let error = error(send(Target::new(&base).expect("a target"), Request::get("/Users")).0);
    // A machine without any certificates cannot even set TLS up.
    assert!(matches!(*error, TransportError::Connect { .. } | TransportError::Setup { .. }), "{error:?}");
}

#[test]
fn silence_is_a_timeout() {
    let server = Server::start(until_closed);
    let after = Duration::from_millis(50);
    let error = error(send(server.target().timeout(after), Request::get("/Users")).0);
    assert_eq!(*error, TransportError::Timeout { after });
    assert!(error.is_timeout());
}

#[test]
fn a_body_that_never_ends_in_time_is_a_timeout() {
    let server = Server::start(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        until_closed(stream);
    });
    let error = error(send(server.target().timeout(Duration::from_millis(50)), Request::get("/Users")).0);
    assert!(error.is_timeout(), "{error:?}");
}

#[test]
fn a_connection_that_ends_early_is_closed() {
    for bytes in [
        "",
        "HTTP/1.1 200 OK\r\nContent-",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf",
    ] {
        let server = Server::saying(bytes);
        let error = error(send(server.target(), Request::get("/Users")).0);
        assert!(matches!(*error, TransportError::Closed { .. }), "{bytes:?}: {error:?}");
    }
}

/// Some servers end the connection after such an answer and say nothing of it.
#[test]
fn a_connection_on_which_a_server_stumbled_is_not_used_again() {
    let server = Server::start(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
        let mut held = stream.try_clone().expect("a second hold on the connection");
        // Open for as long as nothing more comes.
        std::thread::spawn(move || held.read(&mut [0; 1]));
    });
    let (client, _) = client(server.target(), &Socket::default());
    let statuses = block_on(async {
        let mut statuses = Vec::new();
        for _ in 0..3 {
            let sent = client.send(Request::delete("/Users/1"), None).await;
            statuses.push(sent.outcome.map(|answer| answer.status));
        }
        statuses
    });
    assert_eq!(statuses, [Ok(500), Ok(500), Ok(500)]);
}

#[test]
fn garbage_is_not_http() {
    for bytes in [
        "220 mail.example ESMTP\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf\r\n0\r\n\r\n",
    ] {
        let server = Server::saying(bytes);
        let error = error(send(server.target(), Request::get("/Users")).0);
        assert!(matches!(*error, TransportError::NotHttp { .. }), "{bytes:?}: {error:?}");
    }
}

#[test]
fn a_web_page_is_an_answer_without_json() {
    let server =
        Server::saying("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\n\r\n<html>oops</html>");
    let (sent, recorder) = send(server.target(), Request::get("/Users"));
    assert_eq!(sent.outcome.expect("an answer").status, 502);
    assert_eq!(sent.json, None);
    let body = only(recorder.exchanges()).response.and_then(|response| response.body).expect("a body");
    assert_eq!((body.text.as_str(), body.bytes, body.truncated), ("<html>oops</html>", 17, false));
}

#[test]
fn bytes_that_are_no_utf8_are_kept_in_the_answer_and_replaced_on_record() {
    let server = Server::saying(b"HTTP/1.1 200 OK\r\nX-Odd: \xff\r\n\r\n{\"a\":\"\xff\"}".to_vec());
    let (sent, recorder) = send(server.target(), Request::get("/Users"));
    let answer = sent.outcome.expect("an answer");
    assert_eq!(answer.body.as_ref(), b"{\"a\":\"\xff\"}");
    assert_eq!(answer.header("x-odd"), Some("\u{fffd}"));
    assert_eq!(sent.json, None);
    let body = only(recorder.exchanges()).response.and_then(|response| response.body).expect("a body");
    assert_eq!((body.text.as_str(), body.bytes), ("{\"a\":\"\u{fffd}\"}", 9));
}

#[test]
fn a_long_body_is_cut_on_record_between_characters() {
    // One byte, then characters of two bytes: the limit falls into the middle of one.
    let text = format!("x{}", "é".repeat(40_000));
    let server = Server::saying(format!("HTTP/1.1 200 OK\r\n\r\n{text}"));
    let (sent, recorder) = send(server.target(), Request::get("/Users"));
    assert_eq!(sent.outcome.expect("an answer").body, text.as_bytes());
    let body = only(recorder.exchanges()).response.and_then(|response| response.body).expect("a body");
    assert_eq!((body.text.len(), body.bytes, body.truncated), (64 * 1024 - 1, 80_001, true));
}

#[test]
fn a_huge_body_is_given_up_and_not_buffered() {
    static PIECE: [u8; 64 * 1024] = [b'0'; 64 * 1024];
    let (sender, written) = channel();
    let server = Server::start(move |stream| {
        let mut bytes = 0;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while bytes < 300_000_000 && stream.write_all(&PIECE).is_ok() {
            bytes += PIECE.len();
        }
        let _ = sender.send(bytes);
    });
    let (sent, recorder) = send(server.target(), Request::get("/Users"));
    assert_eq!(*error(sent), limit());
    let bytes = written.recv_timeout(Duration::from_secs(20)).expect("the server noticed");
    assert!(bytes < 64_000_000, "{bytes} bytes were taken");
    assert_eq!(only(recorder.exchanges()).response, None);
}

#[test]
fn a_body_that_announces_too_much_is_not_begun() {
    let server = Server::start(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 300000000\r\n\r\n");
        until_closed(stream);
    });
    assert_eq!(*error(send(server.target(), Request::get("/Users")).0), limit());
}

#[test]
fn a_redirect_is_an_answer_and_not_followed() {
    let elsewhere = Server::saying("HTTP/1.1 200 OK\r\n\r\n");
    let location = format!("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", elsewhere.base);
    let server = Server::saying(location);
    let (sent, recorder) = send(server.target(), Request::get("/Users"));
    assert_eq!(sent.outcome.expect("an answer").status, 302);
    assert!(elsewhere.requests.try_recv().is_err());
    assert_eq!(recorder.exchanges().len(), 1);
}

#[test]
fn a_request_is_sent_again_when_the_server_asks_for_patience() {
    let mut answers = ["429 Slow Down\r\nRetry-After: 0", "200 OK"].into_iter();
    let server = Server::start(move |stream| {
        let status = answers.next().unwrap_or("500 Asked Too Often");
        let _ = write!(stream, "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    });
    let (sent, recorder) = send(server.target(), Request::post("/Users").body("text/plain", "x"));
    assert_eq!((sent.number, sent.outcome.expect("an answer").status), (2, 200));
    assert_eq!(recorder.exchanges().len(), 2);
    assert_eq!(server.request(), server.request());
}

#[test]
fn a_compressed_body_stays_as_it_is() {
    let server = Server::saying(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08".to_vec());
    let (sent, _) = send(server.target(), Request::get("/Users"));
    assert_eq!(sent.outcome.expect("an answer").body.as_ref(), b"\x1f\x8b\x08");
    assert!(!server.request().contains("accept-encoding"));
}

#[test]
fn no_credential_travels_to_a_foreign_origin() {
    let foreign = Server::saying("HTTP/1.1 200 OK\r\n\r\n");
    let home = Server::saying("HTTP/1.1 200 OK\r\n\r\n");
    let (sent, recorder) = send(home.target(), Request::get(format!("{}/Users", foreign.base)));
    let error = error(sent);
    assert!(matches!(*error, TransportError::ForeignOrigin { .. }), "{error:?}");
    assert!(foreign.requests.try_recv().is_err() && home.requests.try_recv().is_err());
    assert_eq!(only(recorder.exchanges()).error, Some(error.to_string()));

    let (sent, _) = send(home.target(), Request::get(format!("{}/Users", home.base)));
    assert_eq!(sent.outcome.expect("an answer").status, 200);
}
