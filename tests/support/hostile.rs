use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

/// A server that does the same thing to every connection, whatever it is asked.
pub(crate) struct Hostile {
    /// The base URL that somebody would take it for.
    pub(crate) url: String,
}

impl Hostile {
    /// Reads the head of a request, then does this.
    fn start(act: impl Fn(&mut TcpStream) -> io::Result<()> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/scim/v2", listener.local_addr().expect("an address"));
        let act = Arc::new(act);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let act = Arc::clone(&act);
                std::thread::spawn(move || {
                    // The client may go away in the middle; that is what it should do.
                    let _ = read_head(&mut stream).and_then(|()| act(&mut stream));
                });
            }
        });
        Self { url }
    }

    /// Answers every request with these bytes and waits for the next one.
    pub(crate) fn answering(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::start(move |stream| {
            loop {
                stream.write_all(&bytes)?;
                read_head(stream)?;
            }
        })
    }

    /// Answers every request with these bytes and closes the connection.
    pub(crate) fn breaking_off(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::start(move |stream| stream.write_all(&bytes))
    }
}

/// A port where nobody listens.
pub(crate) fn dead_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    format!("http://{}/scim/v2", listener.local_addr().expect("an address"))
}

fn read_head(stream: &mut TcpStream) -> io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    Ok(())
}
