use std::collections::BTreeSet;
use std::io::{self, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Message, PATIENCE, Served};

/// A request as the proxy sees it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Its number since the hook was set, from 1.
    pub(crate) number: usize,
    pub(crate) request: Message,
}

/// What becomes of a request.
pub(crate) enum Step {
    /// It goes to the server.
    Forward,
    /// It never arrives: the connection ends.
    Drop,
    /// It never arrives, and the connection stays open until the client ends it.
    Hold,
    /// The proxy answers in the server's place.
    Answer(Message),
    /// The proxy does this to the client, and the connection ends.
    Raw(Box<Act>),
}

type Act = dyn FnOnce(&mut TcpStream) -> io::Result<()>;

type Before = dyn Fn(&Seen) -> Step + Send + Sync;
type Rewrite = dyn Fn(&mut Message) + Send + Sync;
type After = dyn Fn(&Seen, Message) -> Option<Message> + Send + Sync;

/// What the proxy does besides passing on.
pub(crate) struct Hook {
    /// Asked before a request goes to the server.
    pub(crate) before: Box<Before>,
    /// Changes a request on its way to the server.
    pub(crate) rewrite: Box<Rewrite>,
    /// Asked when the server has answered; none ends the connection in place of an answer.
    pub(crate) after: Box<After>,
    /// For how long a connection waits for its next request before it ends without a word; none for ever.
    pub(crate) patience: Option<Duration>,
    /// Whether a connection whose request breaks off stays open without a word, as if the rest were still to come.
    pub(crate) waits_for_the_rest: bool,
}

impl Default for Hook {
    fn default() -> Self {
        Self {
            before: Box::new(|_| Step::Forward),
            rewrite: Box::new(|_| {}),
            after: Box::new(|_, answer| Some(answer)),
            patience: None,
            waits_for_the_rest: false,
        }
    }
}

/// A proxy in front of a server. It passes on what it reads, the Host header included, so that the addresses in
/// the server's answers lead back through it.
pub(crate) struct Proxy {
    address: SocketAddr,
    /// The server's base URL as it is behind the proxy.
    pub(crate) url: String,
    shared: Arc<Shared>,
}

struct Shared {
    upstream: String,
    books: Mutex<Books>,
    changed: Condvar,
}

struct Books {
    hook: Arc<Hook>,
    requests: Vec<Message>,
    open: usize,
    /// Connections that nobody hears of any more.
    silent: Vec<TcpStream>,
    ended: BTreeSet<u16>,
}

impl Proxy {
    pub(crate) fn start(served: &Served) -> Self {
        Self::start_with(served, Hook::default())
    }

    pub(crate) fn start_with(served: &Served, hook: Hook) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let books = Books {
            hook: Arc::new(hook),
            requests: Vec::new(),
            open: 0,
            silent: Vec::new(),
            ended: BTreeSet::new(),
        };
        let upstream = served.address().to_owned();
        let url = served.url.replace(&upstream, &address.to_string());
        let shared = Arc::new(Shared { upstream, books: Mutex::new(books), changed: Condvar::new() });
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || {
            // The thread lives as long as the test's process: accepting cannot be interrupted.
            for stream in listener.incoming().map_while(Result::ok) {
                accepting.books().open += 1;
                let shared = Arc::clone(&accepting);
                std::thread::spawn(move || shared.serve(stream));
            }
        });
        Self { address, url, shared }
    }

    /// Sets another hook and begins to count anew.
    pub(crate) fn hook(&self, hook: Hook) {
        let mut books = self.shared.books();
        books.hook = Arc::new(hook);
        books.requests.clear();
    }

    /// Every request since the hook was set, in the order in which they came.
    pub(crate) fn requests(&self) -> Vec<Message> {
        self.shared.books().requests.clone()
    }

    /// Waits until everything that dead clients sent has had its effect. Connections are accepted in the order in
    /// which they were made, so when one made now has ended, all earlier ones are at least known to be open.
    pub(crate) fn settle(&self) {
        let marker = TcpStream::connect(self.address).expect("the proxy accepts");
        let port = marker.local_addr().expect("an address").port();
        // The system may have given the same port to an earlier connection.
        self.shared.books().ended.remove(&port);
        drop(marker);
        let books = self.shared.books();
        let (_books, waited) = self
            .shared
            .changed
            .wait_timeout_while(books, PATIENCE, |books| books.open > 0 || !books.ended.contains(&port))
            .unwrap_or_else(PoisonError::into_inner);
        assert!(!waited.timed_out(), "connections stay open");
    }
}

impl Shared {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self, client: TcpStream) {
        let port = client.peer_addr().map(|address| address.port()).unwrap_or(0);
        // Either side may go away at any time; that ends the connection and nothing else.
        let _ = self.pass_on(&client);
        // Only now, so that nobody takes the connection for ended while its end is still to come.
        drop(client);
        let mut books = self.books();
        books.open -= 1;
        books.ended.insert(port);
        self.changed.notify_all();
    }

    fn pass_on(&self, client: &TcpStream) -> io::Result<()> {
        client.set_nodelay(true)?;
        let mut from_client = BufReader::new(client);
        let mut upstream: Option<BufReader<TcpStream>> = None;
        while let Some(request) = self.read(client, &mut from_client)? {
            let (seen, hook) = self.register(request);
            let answer = match (hook.before)(&seen) {
                Step::Forward => {
                    let mut request = seen.request.clone();
                    (hook.rewrite)(&mut request);
                    let answer = self.ask(&mut upstream, &request)?;
                    match (hook.after)(&seen, answer) {
                        Some(answer) => answer,
                        None => return Ok(()),
                    }
                }
                Step::Drop => return Ok(()),
                Step::Hold => {
                    io::copy(&mut from_client, &mut io::sink())?;
                    return Ok(());
                }
                Step::Answer(answer) => answer,
                Step::Raw(act) => return act(&mut client.try_clone()?),
            };
            let mut to_client = client;
            to_client.write_all(&answer.bytes())?;
            if answer.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close")) {
                return Ok(());
            }
            if hook.patience.is_some_and(|patience| patience.is_zero()) {
                return Ok(());
            }
            client.set_read_timeout(hook.patience)?;
        }
        Ok(())
    }

    fn read(&self, client: &TcpStream, from: &mut BufReader<&TcpStream>) -> io::Result<Option<Message>> {
        let request = Message::read_request(from);
        let mut books = self.books();
        if request.is_err() && books.hook.waits_for_the_rest {
            books.silent.push(client.try_clone()?);
        }
        request
    }

    fn register(&self, request: Message) -> (Seen, Arc<Hook>) {
        let mut books = self.books();
        books.requests.push(request.clone());
        (Seen { number: books.requests.len(), request }, Arc::clone(&books.hook))
    }

    fn ask(&self, upstream: &mut Option<BufReader<TcpStream>>, request: &Message) -> io::Result<Message> {
        let mut server = match upstream.take() {
            Some(server) => server,
            None => {
                let stream = TcpStream::connect(&self.upstream)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                BufReader::new(stream)
            }
        };
        server.get_mut().write_all(&request.bytes())?;
        let answer = Message::read_response(&mut server)?;
        *upstream = Some(server);
        Ok(answer)
    }
}
