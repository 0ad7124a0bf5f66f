//! Another server, to which a hostile one sends its clients: it counts who comes and what they show.

use std::io::{self, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::header::AUTHORIZATION;

use super::request::{self, Asked};
use super::visit::scim;

/// Who came to the other server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visits {
    /// How many requests.
    pub requests: usize,
    /// How many of them carried a credential that is not for that server.
    pub credentials: usize,
}

/// The other server.
pub(super) struct Visitors {
    address: SocketAddr,
    books: Arc<Books>,
}

#[derive(Default)]
struct Books {
    requests: AtomicUsize,
    credentials: AtomicUsize,
}

impl Visitors {
    /// Listens on a free port of this machine for as long as the process lives.
    pub(super) fn receive() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let books = Arc::new(Books::default());
        let counting = Arc::clone(&books);
        std::thread::Builder::new().name("another-server".to_owned()).spawn(move || {
            for stream in listener.incoming().flatten() {
                // One after the other will do: nobody is expected. Who breaks off has been counted by then.
                let _ = counting.receive(&stream);
            }
        })?;
        Ok(Self { address, books })
    }

    pub(super) fn address(&self) -> String {
        self.address.to_string()
    }

    pub(super) fn visits(&self) -> Visits {
        Visits {
            requests: self.books.requests.load(Ordering::SeqCst),
            credentials: self.books.credentials.load(Ordering::SeqCst),
        }
    }
}

impl Books {
    fn receive(&self, mut stream: &TcpStream) -> io::Result<()> {
        if let Some(asked) = request::read(&mut BufReader::new(stream))? {
            self.requests.fetch_add(1, Ordering::SeqCst);
            if matches!(asked, Asked::Whole(request) if request.headers().contains_key(AUTHORIZATION)) {
                self.credentials.fetch_add(1, Ordering::SeqCst);
            }
            stream.write_all(&scim("{}"))?;
        }
        Ok(())
    }
}
