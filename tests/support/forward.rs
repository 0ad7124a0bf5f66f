//! A proxy that clients are told of: it reads plain HTTP, and lets TLS through (RFC 9110 §9.3.6).

use std::io::{self, BufReader, Read, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use crate::support::{Message, PATIENCE};

/// A proxy that knows one user, and whose every host is the same server.
pub(crate) struct Forward {
    /// Its URL.
    pub(crate) url: String,
    starts: Arc<Mutex<Vec<String>>>,
}

impl Forward {
    /// Whatever host it is asked for is this one. Whoever does not show this is refused.
    pub(crate) fn start(upstream: &str, shown: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let upstream = upstream.to_owned();
        let starts = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&starts);
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (upstream, told) = (upstream.clone(), Arc::clone(&told));
                // Either side may go away at any time.
                std::thread::spawn(move || serve(&client, &upstream, shown, &told));
            }
        });
        Self { url, starts }
    }

    /// The first lines of the requests that it let through.
    pub(crate) fn starts(&self) -> Vec<String> {
        self.starts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn serve(
    client: &TcpStream,
    upstream: &str,
    shown: Option<&str>,
    told: &Mutex<Vec<String>>,
) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut from_client = BufReader::new(client);
    while let Some(mut request) = Message::read_request(&mut from_client)? {
        let mut to_client = client;
        if shown.is_some_and(|shown| request.header("proxy-authorization") != Some(shown)) {
            to_client.write_all(&Message::response(407, "text/plain", "who are you?").bytes())?;
            continue;
        }
        told.lock().unwrap_or_else(PoisonError::into_inner).push(request.start.clone());
        let mut server = TcpStream::connect(upstream)?;
        server.set_nodelay(true)?;
        if request.method() == "CONNECT" {
            to_client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n")?;
            return splice(client.try_clone()?, server);
        }
        // What is read by a proxy names the server in its first line.
        let (_, path) = request.path().split_once("://").ok_or(io::ErrorKind::InvalidData)?;
        let path = path.find('/').map_or("/", |at| &path[at..]).to_owned();
        request.start = format!("{} {path} HTTP/1.1", request.method());
        request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("proxy-authorization"));
        server.set_read_timeout(Some(PATIENCE))?;
        server.write_all(&request.bytes())?;
        to_client.write_all(&Message::read_response(&mut BufReader::new(server))?.bytes())?;
    }
    Ok(())
}

/// Passes bytes on in both directions until one of them ends.
fn splice(client: TcpStream, server: TcpStream) -> io::Result<()> {
    let (mut from_server, mut to_client) = (server.try_clone()?, client.try_clone()?);
    std::thread::spawn(move || {
        let _ = pass(&mut from_server, &mut to_client);
    });
    pass(&mut { client }, &mut { server })
}

fn pass(from: &mut TcpStream, to: &mut TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1 << 14];
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return to.shutdown(std::net::Shutdown::Write);
        }
        to.write_all(&buffer[..read])?;
    }
}
