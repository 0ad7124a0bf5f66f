//! A job, the bundled server, and a road between them that can be broken.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use client::{
    Answer, Client, Connect, Delivered, Recorder, Request, Sending, SystemClock, Target, Transport,
    TransportError,
};
use record::{Exchange, LogRow, LogStatus, Redactor, Secret};
use reference_server::{ReferenceServer, Service};
use scenarios::entra::{Clock as _, Job, Settings, VirtualClock};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::people::{People, mail};

/// 5 January 2026, eight o'clock.
pub(crate) const MORNING: i64 = 1_767_600_000_000;

/// The token that the server knows.
pub(crate) const TOKEN: &str = "a-token-for-the-road-1";

/// What the road does with a request: its number since the disturbance began, from 1, and the request.
type Disturbance = Box<dyn FnMut(u32, &http::Request<Bytes>) -> Fate + Send>;

/// What becomes of a request.
pub(crate) enum Fate {
    /// It arrives, and so does the answer.
    Passes,
    /// It never arrives.
    Unreachable,
    /// It arrives, and the answer is lost.
    Unanswered,
    /// It arrives at another endpoint.
    Redirected(&'static str),
    /// Somebody else answers: a status, a header, and no body.
    Answered(u16, Option<(&'static str, &'static str)>),
}

#[derive(Clone, Default)]
pub(crate) struct Weather(Arc<Mutex<Option<(u32, Disturbance)>>>);

impl Weather {
    fn fate(&self, request: &http::Request<Bytes>) -> Fate {
        let mut disturbed = self.0.lock().expect("a lock");
        let Some((count, disturbance)) = disturbed.as_mut() else { return Fate::Passes };
        *count += 1;
        disturbance(*count, request)
    }
}

/// The way to a service in this process.
#[derive(Clone)]
struct Road {
    service: Service,
    weather: Weather,
}

impl Connect for Road {
    fn connect(&self) -> Result<Box<dyn Transport>, TransportError> {
        Ok(Box::new(self.clone()))
    }
}

impl Transport for Road {
    fn send<'a>(&'a self, mut request: http::Request<Bytes>, clock: &'a dyn client::Clock) -> Sending<'a> {
        Box::pin(async move {
            let fate = self.weather.fate(&request);
            if matches!(fate, Fate::Unreachable) {
                return Err(TransportError::Connect { reason: "nobody listens".to_owned() });
            }
            if let Fate::Redirected(endpoint) = fate {
                let path = format!("{}{endpoint}", self.service.base_path());
                *request.uri_mut() = path.parse().expect("a path");
            }
            let (parts, body) = match fate {
                Fate::Answered(status, header) => {
                    let response = http::Response::builder().status(status);
                    let response = header
                        .iter()
                        .fold(response, |response, (name, value)| response.header(*name, *value));
                    response.body(Bytes::new()).expect("a response").into_parts()
                }
                _ => self.service.clone().oneshot(request).await.expect("an answer").into_parts(),
            };
            if matches!(fate, Fate::Unanswered) {
                return Err(TransportError::Timeout { after: Duration::from_secs(100) });
            }
            let headers = parts.headers.iter().map(|(name, value)| {
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            });
            let answer = Answer { status: parts.status.as_u16(), headers: headers.collect(), body };
            Ok(Delivered { answer, first_byte_us: clock.now_us(), last_byte_us: clock.now_us() })
        })
    }
}

/// Everything that a test needs.
pub(crate) struct Stage {
    pub(crate) people: People,
    pub(crate) job: Job,
    pub(crate) clock: VirtualClock,
    pub(crate) client: Client,
    pub(crate) recorder: Recorder,
    pub(crate) log: Vec<LogRow>,
    weather: Weather,
    /// The exchanges before the last cycle.
    before: usize,
    runtime: tokio::runtime::Runtime,
    /// Reads the target apart from the job.
    reader: Client,
    _server: Option<ReferenceServer>,
    road: Option<Road>,
    base: String,
}

impl Stage {
    pub(crate) fn new(people: People, settings: Settings) -> Self {
        let token = Secret::new(TOKEN.to_owned());
        let builder = ReferenceServer::builder().profile("entra-ready").seed(1).token(token.clone());
        let service = builder.service().expect("a service");
        let base = format!("http://scim.example{}", service.base_path());
        let weather = Weather::default();
        let road = Road { service: service.clone(), weather: weather.clone() };
        let plain = Road { service, weather: Weather::default() };
        let stage = Self::build(people, settings, &base, &token, (&road, &plain), weather, None);
        Self { road: Some(road), ..stage }
    }

    /// Over a socket.
    pub(crate) fn over_http(people: People, settings: Settings) -> Self {
        let server = ReferenceServer::builder().profile("entra-ready").seed(1).start().expect("a server");
        let (base, token) = (server.base_url().to_owned(), server.token().clone());
        let socket = client::Socket::default();
        Self::build(people, settings, &base, &token, (&socket, &socket), Weather::default(), Some(server))
    }

    fn build(
        people: People,
        settings: Settings,
        base: &str,
        token: &Secret,
        roads: (&dyn Connect, &dyn Connect),
        weather: Weather,
        server: Option<ReferenceServer>,
    ) -> Self {
        let recorder = Recorder::new(Redactor::default());
        let target = Target::new(base).expect("a target").bearer(token.clone());
        let client = |road: &dyn Connect, recorder: &Recorder| {
            let clock = Arc::new(SystemClock::new());
            Client::new(target.clone(), road, recorder.clone(), clock).expect("a client")
        };
        Self {
            people,
            job: Job::new(settings),
            clock: VirtualClock::at(MORNING),
            client: client(roads.0, &recorder),
            reader: client(roads.1, &Recorder::new(Redactor::default())),
            recorder,
            log: Vec::new(),
            weather,
            before: 0,
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"),
            _server: server,
            road: None,
            base: base.to_owned(),
        }
    }

    /// A cycle as soon as it is due.
    pub(crate) fn cycle(&mut self) -> record::Cycle {
        let due = self.job.next_ms().unwrap_or_default();
        let wait = u64::try_from(due.saturating_sub(self.clock.now_ms())).unwrap_or_default();
        self.clock.advance(Duration::from_millis(wait));
        self.cycle_now()
    }

    /// A cycle at this moment.
    pub(crate) fn cycle_now(&mut self) -> record::Cycle {
        self.before = self.recorder.exchanges().len();
        let cycle = self.job.cycle(&self.people, &self.client, &self.clock, &mut self.log);
        self.runtime.block_on(cycle).record
    }

    pub(crate) fn test_connection(&mut self) -> scenarios::entra::Connection {
        let test = self.job.test_connection(&self.people, &self.client, &self.clock);
        self.runtime.block_on(test)
    }

    pub(crate) fn discover(&mut self) -> scenarios::entra::Discovery {
        self.runtime.block_on(self.job.discover(&self.client, &self.clock))
    }

    /// Disturbs the road from now on.
    pub(crate) fn disturb(
        &self,
        disturbance: impl FnMut(u32, &http::Request<Bytes>) -> Fate + Send + 'static,
    ) {
        *self.weather.0.lock().expect("a lock") = Some((0, Box::new(disturbance)));
    }

    pub(crate) fn mend(&self) {
        *self.weather.0.lock().expect("a lock") = None;
    }

    /// Gives the job another token, as an administrator does.
    pub(crate) fn present(&mut self, token: &str) {
        let target = Target::new(&self.base).expect("a target").bearer(Secret::new(token.to_owned()));
        let clock = Arc::new(SystemClock::new());
        let road = self.road.as_ref().expect("a road");
        self.client = Client::new(target, road, self.recorder.clone(), clock).expect("a client");
    }

    /// The exchanges of the last cycle.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.recorder.exchanges().split_off(self.before)
    }

    /// The requests of the last cycle, as method and what follows the base URL, the connection test left out.
    pub(crate) fn requests(&self) -> Vec<String> {
        let exchanges = self.exchanges();
        let own = exchanges.iter().filter(|it| it.check.as_deref() != Some("connection-test"));
        own.map(|it| format!("{} {}", it.request.method, it.request.url.replace(&self.base, ""))).collect()
    }

    /// The body of one of these requests.
    pub(crate) fn body(&self, at: usize) -> Value {
        let exchanges = self.exchanges();
        let mut own = exchanges.iter().filter(|it| it.check.as_deref() != Some("connection-test"));
        let body = own.nth(at).expect("a request").request.body.clone().expect("a body");
        serde_json::from_str(&body.text).expect("JSON")
    }

    /// The rows that the last cycle wrote about somebody.
    pub(crate) fn rows(&self, name: &str) -> Vec<&LogRow> {
        let cycle = self.job.state().cycles;
        self.log.iter().filter(|row| row.cycle == cycle && row.source.id == name).collect()
    }

    /// The one row that the last cycle wrote about somebody, as action, status and code.
    pub(crate) fn row(&self, name: &str) -> (&str, LogStatus, Option<&str>) {
        let rows = self.rows(name);
        assert_eq!(rows.len(), 1, "{rows:#?}");
        (rows[0].action.as_str(), rows[0].status, rows[0].error_code.as_deref())
    }

    /// The resources of the target, by an attribute.
    pub(crate) fn read(&self, endpoint: &str, key: &str) -> BTreeMap<String, Value> {
        let request = Request::get(format!("{endpoint}?count=1000"));
        let list = self.runtime.block_on(self.reader.send(request, None)).json.expect("a list");
        assert_eq!(list["totalResults"], list["Resources"].as_array().map_or(0, Vec::len), "one page");
        let resources = list["Resources"].as_array().cloned().unwrap_or_default();
        let count = resources.len();
        let text = |it: &Value| it[key].as_str().expect("a text").to_owned();
        let by_key: BTreeMap<String, Value> = resources.into_iter().map(|it| (text(&it), it)).collect();
        assert_eq!(by_key.len(), count, "no {key} is there twice");
        by_key
    }

    pub(crate) fn users(&self) -> BTreeMap<String, Value> {
        self.read("/Users", "externalId")
    }

    pub(crate) fn groups(&self) -> BTreeMap<String, Value> {
        self.read("/Groups", "displayName")
    }

    /// Sends something to the target past the job, as its administrator might.
    pub(crate) fn meddle(&self, request: Request) -> u16 {
        self.runtime.block_on(self.reader.send(request, None)).outcome.expect("an answer").status
    }

    /// Somebody's id in the target.
    pub(crate) fn id(&self, name: &str) -> String {
        let link = self.job.state().links.get(&scenarios::entra::Object::user(name));
        link.expect("a link").target.clone()
    }

    /// Holds the target against the directory, by reading it anew.
    pub(crate) fn assert_equal_to_the_model(&self) {
        let users = self.users();
        assert_eq!(users.keys().collect::<Vec<_>>(), self.people.names().collect::<Vec<_>>());
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        for (name, user) in &users {
            let person = self.people.person(name);
            assert_eq!(user["userName"], mail(name));
            assert_eq!(user["displayName"], person.name, "{name}");
            assert_eq!(user["active"], person.enabled, "{name}");
            assert_eq!(user["emails"][0]["value"], mail(name));
            assert_eq!(user[enterprise]["department"].as_str(), person.department.as_deref(), "{name}");
            let manager = person.manager.as_ref().map(|manager| self.id(manager));
            assert_eq!(user[enterprise]["manager"]["value"].as_str(), manager.as_deref(), "{name}");
        }
        let groups = self.groups();
        let names: Vec<&String> = self.people.teams().map(|team| &team.name).collect();
        assert_eq!(groups.keys().collect::<Vec<_>>(), names);
        for team in self.people.teams() {
            let members = groups[&team.name]["members"].as_array().cloned().unwrap_or_default();
            let mut members: Vec<String> =
                members.iter().map(|it| it["value"].as_str().expect("an id").to_owned()).collect();
            members.sort();
            let mut wanted: Vec<String> = team.members.iter().map(|name| self.id(name)).collect();
            wanted.sort();
            assert_eq!(members, wanted, "{}", team.name);
        }
    }
}
