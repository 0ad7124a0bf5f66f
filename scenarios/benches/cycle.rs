//! What a cycle costs, in requests, CPU time and memory, and how that grows with the directory:
//! `cargo bench -p scenarios --bench cycle`.
//!
//! The client and the bundled server run in this process, on one thread, so that neither sockets nor a neighbour on the
//! machine are measured; the server's share of the time is told apart. Whatever the size of the directory, the same things
//! happen in it between two cycles. Each figure of an incremental cycle is the least of several rounds.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark may panic, and prints")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use client::{
    Client, Clock, Connect, InProcess, Recorder, Sending, SystemClock, Target, Transport, TransportError,
};
use cpu_time::ThreadTime;
use reference_server::ReferenceServer;
use scenarios::directory::{AttributeValue, Directory, NewGroup, NewUser, Scope};
use scenarios::entra::{ClientKind, Job, Log, Settings, VirtualClock};
use scenarios::mapping::{self, Mapped, Mapping};
use scenarios::population::{Person, Population, Shape};

const ROUNDS: u64 = 10;
/// What happens between two cycles: so many people get another title, join, leave, come into a group, get another manager.
const PROMOTED: u64 = 5;
const JOINED: u64 = 2;
const LEFT: u64 = 1;
const GROUPED: u64 = 1;
const MOVED: u64 = 1;

/// The way to the server, with a note of the CPU time that the server took.
struct Timed {
    inner: Arc<dyn Connect>,
    nanos: Arc<AtomicU64>,
}

impl Connect for Timed {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(Road { inner: self.inner.connect()?, nanos: Arc::clone(&self.nanos) }))
    }
}

struct Road {
    inner: Box<dyn Transport>,
    nanos: Arc<AtomicU64>,
}

impl Transport for Road {
    fn send<'a>(&'a self, request: http::Request<Bytes>, clock: &'a dyn Clock) -> Sending<'a> {
        Box::pin(async move {
            let began = ThreadTime::now();
            let delivered = self.inner.send(request, clock).await;
            let nanos = u64::try_from(began.elapsed().as_nanos()).unwrap();
            self.nanos.fetch_add(nanos, Ordering::Relaxed);
            delivered
        })
    }
}

/// A log that is read by nobody; only failures count.
#[derive(Default)]
struct Failures(u64);

impl Log for Failures {
    fn row(&mut self, row: record::LogRow) {
        self.0 += u64::from(row.status == record::LogStatus::Failure);
    }
}

struct Bench {
    directory: Directory,
    population: Population,
    mapping: Mapping,
    job: Job,
    clock: VirtualClock,
    client: Client,
    server_nanos: Arc<AtomicU64>,
    runtime: tokio::runtime::Runtime,
    failures: Failures,
    /// Who has joined since, and where the next changes begin.
    joined: u64,
    place: u64,
}

/// What a cycle cost.
#[derive(Clone, Copy)]
struct Cost {
    requests: u32,
    evaluated: u32,
    client: Duration,
    server: Duration,
}

impl Bench {
    fn new(users: u64) -> Self {
        let service = ReferenceServer::builder().profile("entra-ready").seed(1).service().unwrap();
        let base = format!("http://localhost{}", service.base_path());
        let target = Target::new(&base).unwrap().bearer(service.token().clone());
        let server_nanos = Arc::new(AtomicU64::new(0));
        let timed = Timed { inner: Arc::new(InProcess::new(service)), nanos: Arc::clone(&server_nanos) };
        let recorder = Recorder::forgetful(record::Redactor::default());
        let client = Client::new(target, &timed, recorder, Arc::new(SystemClock::new())).unwrap();
        let population = Population::new(7, Shape { users, groups: users / 50, ..Shape::default() }).unwrap();
        Self {
            directory: directory(&population),
            population,
            mapping: mapping::find("entra-default").unwrap(),
            job: Job::new(Settings::of(ClientKind::EntraDefault)),
            clock: VirtualClock::at(0),
            client,
            server_nanos,
            runtime: tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap(),
            failures: Failures::default(),
            joined: 0,
            place: 0,
        }
    }

    fn cycle(&mut self) -> Cost {
        self.clock.advance(Duration::from_secs(40 * 60));
        let source = Mapped { directory: &self.directory, mapping: &self.mapping, groups: true };
        let (began, server) = (ThreadTime::now(), self.server_nanos.load(Ordering::Relaxed));
        let cycle = self.job.cycle(&source, &self.client, &self.clock, &mut self.failures);
        let cycle = self.runtime.block_on(cycle).record;
        let server = Duration::from_nanos(self.server_nanos.load(Ordering::Relaxed) - server);
        let client = began.elapsed().saturating_sub(server);
        assert_eq!((self.failures.0, cycle.quarantine), (0, None));
        Cost { requests: cycle.requests, evaluated: cycle.evaluated, client, server }
    }

    /// Somebody of whom nothing has been changed before, and whose account is enabled.
    fn next(&mut self) -> String {
        loop {
            let person = self.population.user(self.place);
            self.place += 1;
            if person.account_enabled {
                return person.object_id;
            }
        }
    }

    /// The day's changes.
    fn change(&mut self) {
        for number in 0..PROMOTED {
            let (id, title) = (self.next(), format!("Promoted {number}"));
            self.directory.set(&id, "jobTitle", Some(AttributeValue::from(title.as_str()))).unwrap();
        }
        for _ in 0..JOINED {
            self.joined += 1;
            let number = self.joined;
            let user = NewUser::new(format!("joined-{number}"), format!("joined-{number}@contoso.example"));
            self.directory.add_user(user.with("displayName", format!("Joined {number}"))).unwrap();
        }
        for _ in 0..LEFT {
            let id = self.next();
            self.directory.soft_delete(&id, 0).unwrap();
        }
        let group = self.population.group(0).unwrap().object_id;
        for _ in 0..GROUPED {
            let id = format!("joined-{}", self.joined);
            self.directory.add_member(&group, &id).unwrap();
        }
        for _ in 0..MOVED {
            let id = self.next();
            self.directory.set_manager(&id, Some(&format!("joined-{}", self.joined))).unwrap();
        }
    }
}

fn directory(population: &Population) -> Directory {
    let mut directory = Directory::new(Scope::All);
    for index in 0..population.users() {
        directory.add_user(user(&population.user(index))).unwrap();
    }
    for index in 0..population.users() {
        let person = population.user(index);
        let manager = person.manager.map(|manager| population.user(manager).object_id);
        directory.set_manager(&person.object_id, manager.as_deref()).unwrap();
    }
    for group in (0..population.groups()).filter_map(|index| population.group(index)) {
        directory.add_group(NewGroup::new(&group.object_id, &group.display_name)).unwrap();
        for member in population.members(group.index) {
            directory.add_member(&group.object_id, &population.user(member).object_id).unwrap();
        }
    }
    directory
}

fn user(person: &Person) -> NewUser {
    let user = NewUser::new(&person.object_id, &person.user_principal_name).enabled(person.account_enabled);
    person.texts().fold(user, |user, (name, value)| user.with(name, value))
}

/// What of this process lies in memory, in MiB; nothing where the system does not tell.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").trim().parse().ok()?;
    Some(kib / 1024.0)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The cheapest of several rounds.
fn least(mut round: impl FnMut() -> Cost) -> Cost {
    (0..ROUNDS).map(|_| round()).min_by_key(|cost| cost.client + cost.server).unwrap()
}

fn main() {
    // `cargo test --benches` only wants to see it start.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    println!(
        "| users | cycle | objects looked at | requests | client, CPU ms | server, CPU ms | in memory, MiB |"
    );
    println!("|---|---|---|---|---|---|---|");
    for users in [1_000, 10_000, 100_000] {
        let mut bench = Bench::new(users);
        let line = |name: &str, cost: Cost| {
            let memory = resident().map_or_else(|| "?".to_owned(), |mib| format!("{mib:.0}"));
            let Cost { requests, evaluated, client, server } = cost;
            println!(
                "| {users} | {name} | {evaluated} | {requests} | {:.2} | {:.2} | {memory} |",
                ms(client),
                ms(server)
            );
        };
        let initial = bench.cycle();
        line("initial", initial);
        let quiet = least(|| bench.cycle());
        line("nothing has changed", quiet);
        let changed = least(|| {
            bench.change();
            bench.cycle()
        });
        line("ten changes", changed);
    }
}
