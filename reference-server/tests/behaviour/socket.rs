use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use record::Secret;
use reference_server::{Builder, ReferenceServer, StartError};

use crate::support::{TOKEN, user};

/// Long enough for anything that is going to happen at all.
const PATIENCE: Duration = Duration::from_secs(20);

fn builder() -> Builder {
    ReferenceServer::builder().token(Secret::new(TOKEN.to_owned()))
}

fn connect(server: &ReferenceServer) -> TcpStream {
    let authority = server.base_url().strip_prefix("http://").unwrap().strip_suffix("/scim/v2").unwrap();
    let stream = TcpStream::connect(authority).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

fn read_to_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Whether the server is gone without a word. A connection that it never got to accept breaks; others end.
fn ended(stream: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    match stream.read_to_end(&mut rest) {
        Ok(_) => rest.is_empty(),
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    }
}

fn post_head(length: usize) -> String {
    format!(
        "POST /scim/v2/Users HTTP/1.1\r\nHost: scim.example.com\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Type: application/scim+json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    )
}

#[test]
fn a_resource_can_be_created_over_a_socket() {
    let server = builder().start().unwrap();
    let mut stream = connect(&server);
    let body = user("ada").to_string();
    stream.write_all((post_head(body.len()) + &body).as_bytes()).unwrap();
    let answer = read_to_end(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 201 Created\r\n"), "{answer}");
    assert!(answer.contains("location: http://scim.example.com/scim/v2/Users/"), "{answer}");
}

#[test]
fn a_body_over_the_limit_is_refused_in_scim_even_while_it_is_sent() {
    let server = builder().start().unwrap();
    let mut stream = connect(&server);
    let body = vec![b' '; 3 * 1024 * 1024];
    stream.write_all(post_head(body.len()).as_bytes()).unwrap();
    stream.write_all(&body).unwrap();
    let answer = read_to_end(&mut stream);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("content-type: application/scim+json"), "{answer}");
    assert!(answer.contains(r#""status":"413""#), "{answer}");
}

#[test]
fn a_head_that_is_too_large_is_refused_in_scim() {
    let server = builder().start().unwrap();
    let headers = |count| (0..count).map(|number| format!("X-{number}: x\r\n")).collect::<String>();
    let filter = |length| format!("?filter=userName%20eq%20%22{}%22", "a".repeat(length));
    for (query, more, status) in [
        (filter(70_000), String::new(), "414"),
        (filter(300_000), String::new(), "431"),
        (String::new(), headers(300), "431"),
        (String::new(), format!("X-Long: {}\r\n", "x".repeat(100_000)), "200"),
    ] {
        let mut stream = connect(&server);
        let head = format!(
            "GET /scim/v2/Users{query} HTTP/1.1\r\nHost: scim.example.com\r\nAuthorization: Bearer {TOKEN}\r\n\
             Connection: close\r\n{more}\r\n"
        );
        // Who is refused need not be heard to the end.
        let _ = stream.write_all(head.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {answer}");
        assert!(answer.contains("content-type: application/scim+json"), "{answer}");
        assert!(answer.contains("\r\ndate: "), "{answer}");
        let told = answer.contains(&format!(r#""status":"{status}""#));
        assert!(told || status == "200", "{answer}");
    }
}

#[test]
fn what_is_framed_wrongly_is_refused_in_scim() {
    let server = builder().start().unwrap();
    for framing in [
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
        "Content-Length: five\r\n\r\n{}",
        "Transfer-Encoding: chunked\r\n\r\nno size\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}\r\n0\r\n\r\n",
    ] {
        let mut stream = connect(&server);
        let head = "POST /scim/v2/Users HTTP/1.1\r\nHost: scim.example.com\r\n\
                    Content-Type: application/scim+json\r\n";
        let token = format!("Authorization: Bearer {TOKEN}\r\n");
        stream.write_all(format!("{head}{token}{framing}").as_bytes()).unwrap();
        let answer = read_to_end(&mut stream);
        assert!(answer.starts_with("HTTP/1.1 400 "), "{framing}: {answer}");
        assert!(answer.contains("content-type: application/scim+json"), "{framing}: {answer}");
        assert!(answer.contains("\r\ndate: "), "{framing}: {answer}");
        assert!(answer.contains(r#""status":"400""#), "{framing}: {answer}");
    }
}

#[test]
fn who_does_not_finish_the_head_of_a_request_is_cut_off() {
    let server = builder().header_read_timeout(Duration::from_millis(50)).start().unwrap();
    let mut stream = connect(&server);
    stream.write_all(b"GET /scim/v2/Users HTTP/1.1\r\nHost: sl").unwrap();
    let answer = read_to_end(&mut stream);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[test]
fn a_request_under_way_is_answered_before_the_server_stops() {
    let server = builder().drain_deadline(PATIENCE).start().unwrap();
    let mut stream = connect(&server);
    let body = user("ada").to_string();
    let (first, rest) = body.split_at(10);
    // The answer to the first request shows that the connection is being served.
    stream.write_all(b"HEAD /scim/v2/ServiceProviderConfig HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut seen = [0; 12];
    stream.read_exact(&mut seen).unwrap();
    assert_eq!(&seen, b"HTTP/1.1 200");
    stream
        .write_all(post_head(body.len()).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n").as_bytes())
        .unwrap();
    let mut head = Vec::new();
    while !String::from_utf8_lossy(&head).contains("100 Continue") {
        let mut chunk = [0; 1024];
        let read = stream.read(&mut chunk).unwrap();
        assert!(read > 0);
        head.extend_from_slice(&chunk[..read]);
    }
    let stopping = std::thread::spawn(move || server.shutdown());
    stream.write_all(first.as_bytes()).unwrap();
    stream.write_all(rest.as_bytes()).unwrap();
    let answer = read_to_end(&mut stream);
    assert!(answer.contains("HTTP/1.1 201 Created\r\n"), "{answer}");
    stopping.join().unwrap();
}

#[test]
fn idle_and_silent_connections_do_not_hold_up_the_end() {
    let server = builder().drain_deadline(Duration::from_millis(50)).start().unwrap();
    let mut silent = connect(&server);
    let mut half = connect(&server);
    half.write_all(b"POST /scim/v2/Users HTTP/1.1\r\n").unwrap();
    server.shutdown();
    assert!(ended(&mut silent) && ended(&mut half));
}

#[test]
fn a_token_is_made_up_where_none_is_given() {
    let (one, other) = (
        ReferenceServer::builder().seed(1).start().unwrap(),
        ReferenceServer::builder().seed(1).start().unwrap(),
    );
    assert_eq!(one.token().expose().len(), 64);
    assert_ne!(one.token().expose(), other.token().expose());
}

#[test]
fn an_address_that_is_taken_is_an_error() {
    let server = builder().start().unwrap();
    let address = server.base_url().strip_prefix("http://").unwrap().strip_suffix("/scim/v2").unwrap();
    assert!(matches!(builder().listen(address).start(), Err(StartError::Listen { .. })));
}
