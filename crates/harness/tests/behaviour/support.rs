//! A small directory that behaves like a SCIM server until a script answers in its place, and runs against it.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use client::{Connect, InProcess, SystemClock, Target};
use harness::{Check, Outcome, Probe, RunError, RunOptions, Runner};
use record::{Cause, CheckResult, Checks, Level, ReqId, Requirement, Verdict};
use serde_json::{Value, json};

pub(crate) const BASE: &str = "http://scim.example/scim/v2";
/// Long enough for an answer of this process, short enough to wait for one that never comes.
pub(crate) const TIMEOUT: Duration = Duration::from_millis(50);

pub(crate) const MUST: ReqId = ReqId::new(&requirement("RFC7644-0-R1", Level::Must, "core"));
pub(crate) const MUST_TOO: ReqId = ReqId::new(&requirement("RFC7644-0-R2", Level::MustNot, "core"));
pub(crate) const SHOULD: ReqId = ReqId::new(&requirement("RFC7644-0-R3", Level::Should, "core"));
pub(crate) const MAY: ReqId = ReqId::new(&requirement("RFC7644-0-R4", Level::May, "core"));
pub(crate) const STATED: ReqId = ReqId::new(&requirement("RFC7644-0-R5", Level::Stated, "core+filtering"));
pub(crate) const STATED_FILTER: ReqId =
    ReqId::new(&requirement("RFC7644-0-R6", Level::Stated, "core+filter"));
pub(crate) const STATED_PATCH: ReqId = ReqId::new(&requirement("RFC7644-0-R7", Level::Stated, "patch"));

const fn requirement(id: &'static str, level: Level, capability: &'static str) -> Requirement {
    Requirement {
        id,
        slug: "a-requirement",
        document: "RFC7644",
        section: "0",
        level,
        binds: "server",
        testable: "yes",
        capability,
        paraphrase: "The server does so",
        how_to_test: "",
    }
}

/// A check made of a closure.
pub(crate) fn check<F>(id: &'static str, cites: &'static [ReqId], body: F) -> Check
where
    F: Fn(&mut Probe) -> Outcome + Sync + 'static,
{
    Check::active(id, Box::leak(Box::new(body))).title("a claim").verifies(cites)
}

/// A request as the service gets it.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    /// Below the base URL.
    pub(crate) path: String,
    pub(crate) query: String,
    /// The version that it is about, if it names one.
    pub(crate) if_match: Option<String>,
    pub(crate) body: Value,
    /// What it shows to be let in.
    pub(crate) shown: Option<String>,
}

impl Call {
    pub(crate) fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == path
    }

    fn number(&self, parameter: &str) -> Option<usize> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(name, _)| *name == parameter).find_map(|(_, value)| value.parse().ok())
    }
}

pub(crate) enum Answer {
    Whole(http::Response<Bytes>),
    /// The connection stays open and nothing comes.
    Never,
    /// The connection is closed before anything comes.
    Closed,
}

pub(crate) fn answer(status: u16, body: &Value) -> Answer {
    text(status, "application/scim+json", &body.to_string())
}

pub(crate) fn text(status: u16, media_type: &str, body: &str) -> Answer {
    let response = http::Response::builder().status(status).header("content-type", media_type);
    Answer::Whole(response.body(Bytes::from(body.to_owned())).expect("an answer"))
}

impl Answer {
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Whole(response) = &mut self {
            response.headers_mut().insert(name, value.parse().expect("a header value"));
        }
        self
    }
}

type Script = dyn Fn(&Call, &Directory) -> Option<Answer> + Send + Sync;

/// The resources by their path, and every request that came.
#[derive(Clone, Default)]
pub(crate) struct Directory {
    resources: Arc<Mutex<BTreeMap<String, Value>>>,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Directory {
    pub(crate) fn put(&self, path: &str, resource: Value) {
        self.resources.lock().expect("resources").insert(path.to_owned(), resource);
    }

    pub(crate) fn get(&self, path: &str) -> Option<Value> {
        self.resources.lock().expect("resources").get(path).cloned()
    }

    pub(crate) fn forget(&self, path: &str) {
        self.resources.lock().expect("resources").remove(path);
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.resources.lock().expect("resources").keys().cloned().collect()
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("calls").clone()
    }

    pub(crate) fn count(&self, method: &str) -> usize {
        self.calls().iter().filter(|call| call.method == method).count()
    }

    /// Stores what a POST carries, under an id that no resource has had; gives the path.
    pub(crate) fn store(&self, call: &Call) -> String {
        let id = format!("n{}", self.calls().len());
        let path = format!("{}/{id}", call.path);
        let mut resource = call.body.clone();
        resource["id"] = json!(id);
        self.put(&path, resource);
        path
    }

    pub(crate) fn answer(&self, call: &Call) -> Answer {
        let missing = || answer(404, &json!({ "detail": "not here" }));
        match (call.method.as_str(), call.path.as_str()) {
            ("GET", "/ServiceProviderConfig") => answer(200, &json!({ "patch": { "supported": false } })),
            ("GET", "/ResourceTypes") => {
                let types = [("User", "/Users"), ("Group", "/Groups")];
                let types = types.map(|(name, endpoint)| json!({ "name": name, "endpoint": endpoint }));
                answer(200, &json!({ "totalResults": 2, "Resources": types }))
            }
            ("GET", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User") => {
                answer(200, &json!({ "attributes": [{ "name": "userName" }] }))
            }
            ("GET", "/Users" | "/Groups") => self.page(call),
            ("POST", "/Users" | "/Groups") => {
                let path = self.store(call);
                answer(201, &self.get(&path).expect("what was stored"))
                    .header("location", &format!("{BASE}{path}"))
            }
            ("GET", path) => self.get(path).map_or_else(missing, |resource| answer(200, &resource)),
            ("PUT", path) if self.get(path).is_some() => {
                self.put(path, call.body.clone());
                answer(200, &call.body)
            }
            ("DELETE", path) => match self.resources.lock().expect("resources").remove(path) {
                Some(_) => text(204, "application/scim+json", ""),
                None => missing(),
            },
            _ => missing(),
        }
    }

    fn page(&self, call: &Call) -> Answer {
        let resources = self.resources.lock().expect("resources");
        let below = format!("{}/", call.path);
        let all: Vec<&Value> = resources
            .iter()
            .filter(|(path, _)| path.starts_with(&below))
            .map(|(_, resource)| resource)
            .collect();
        let skipped = call.number("startIndex").unwrap_or(1).max(1) - 1;
        let page = all.iter().skip(skipped).take(call.number("count").unwrap_or(100).min(100));
        answer(200, &json!({ "totalResults": all.len(), "Resources": page.collect::<Vec<_>>() }))
    }
}

/// A directory, a script and the options of the run against it.
pub(crate) struct Stage {
    pub(crate) directory: Directory,
    pub(crate) options: RunOptions,
    pub(crate) target: Target,
    script: Arc<Script>,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::scripted(|_, _| None)
    }

    /// What the script does not answer, the directory does.
    pub(crate) fn scripted<F>(script: F) -> Self
    where
        F: Fn(&Call, &Directory) -> Option<Answer> + Send + Sync + 'static,
    {
        let mut options = RunOptions::new("r1", 7, profiles::find("rfc").expect("a profile"));
        options.jobs = NonZeroUsize::MIN;
        let target = Target::new(BASE).expect("a target").timeout(TIMEOUT);
        Self { directory: Directory::default(), options, target, script: Arc::new(script) }
    }

    /// What the script says, if it says anything.
    pub(crate) fn answer(&self, call: &Call) -> Option<Answer> {
        (self.script)(call, &self.directory)
    }

    pub(crate) fn connect(&self) -> Arc<dyn Connect> {
        let (directory, script) = (self.directory.clone(), Arc::clone(&self.script));
        Arc::new(InProcess::new(tower::service_fn(move |request: http::Request<Bytes>| {
            let path = request.uri().path().strip_prefix("/scim/v2").unwrap_or("outside the base URL");
            let call = Call {
                method: request.method().to_string(),
                path: path.to_owned(),
                query: request.uri().query().unwrap_or_default().to_owned(),
                if_match: request
                    .headers()
                    .get("if-match")
                    .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
                body: serde_json::from_slice(request.body()).unwrap_or_default(),
                shown: request
                    .headers()
                    .get("authorization")
                    .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
            };
            directory.calls.lock().expect("calls").push(call.clone());
            let answer = script(&call, &directory).unwrap_or_else(|| directory.answer(&call));
            async move {
                match answer {
                    Answer::Whole(response) => Ok::<_, Infallible>(response),
                    Answer::Never => std::future::pending().await,
                    // Unlike a panic, this says nothing on the way.
                    Answer::Closed => resume_unwind(Box::new(())),
                }
            }
        })))
    }

    pub(crate) fn runner(&self) -> Runner {
        let clock = Arc::new(SystemClock::default());
        Runner::new(self.target.clone(), self.connect(), clock, self.options.clone())
    }

    pub(crate) fn try_run(&self, checks: &[Check]) -> Result<Checks, RunError> {
        self.runner().run(checks, &mut |_: &record::Event<'_>| {})
    }

    pub(crate) fn run(&self, checks: &[Check]) -> Checks {
        self.try_run(checks).expect("a run")
    }

    /// The result of a run of one check.
    pub(crate) fn judge(&self, check: Check) -> CheckResult {
        self.run(&[check]).results.remove(0)
    }
}

/// Why a check was blocked.
pub(crate) fn cause(verdict: &Verdict) -> &Cause {
    match verdict {
        Verdict::Blocked { cause } => cause,
        other => panic!("not blocked: {other:?}"),
    }
}

/// What went wrong with ourselves.
pub(crate) fn mishap(verdict: &Verdict) -> &str {
    match verdict {
        Verdict::Error { mishap } => mishap,
        other => panic!("no mishap: {other:?}"),
    }
}
