mod lent;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use client::{Answer, Request, Sent};
use protocol::endpoint;
use serde_json::Value;

use crate::budget::Budget;
use crate::capability;
use crate::check::Check;
use crate::discovery::Service;
use crate::expect::{Expectation, pointer_that, success, text};
use crate::factory::{Given, Template};
use crate::lag::{Lag, reads};
use crate::ledger::path_of;
use crate::reply::Reply;
use crate::session::{Session, unanswered};
use crate::stop::{Outcome, Stop};
use crate::trace::{Log, Trace};
use crate::unusable::redirect;

/// A check's line to the target. It sends, keeps the evidence, and remembers what was created.
///
/// Every method that sends gives [`Stop::Blocked`] when no answer comes: silence proves nothing about a claim. So it
/// does when the check has sent 2,000 requests, or for 120 s: some targets always have one more page.
pub struct Probe {
    session: Rc<Session>,
    trace: Rc<Trace>,
    counter: Cell<u32>,
    budget: Rc<Budget>,
    lag: Lag,
    /// Whether it looks at nothing that other checks look at.
    alone: bool,
}

impl Probe {
    pub(crate) fn new(session: Rc<Session>, trace: Rc<Trace>) -> Self {
        let budget = Rc::new(Budget::new(Arc::clone(&session.shared.clock)));
        let lag = Lag::new(session.shared.target.lag());
        Self { session, trace, counter: Cell::new(0), budget, lag, alone: false }
    }

    /// Sends a request.
    ///
    /// # Errors
    ///
    /// [`Stop::Blocked`] when no answer comes.
    pub fn send(&self, request: Request) -> Result<Reply, Stop> {
        let mut replies = self.together(vec![request])?;
        replies.pop().ok_or_else(|| Stop::Error("a request without a reply".to_owned()))
    }

    /// Sends requests at the same time; the replies come in the order of the requests. Where the target may lag
    /// ([`Target::lag`](client::Target::lag)), a read waits until it has to show what this check wrote before.
    ///
    /// # Errors
    ///
    /// [`Stop::Blocked`] when one of them gets no answer.
    pub fn together(&self, requests: Vec<Request>) -> Result<Vec<Reply>, Stop> {
        let left = self.lag.left(self.now_us());
        if !left.is_zero() && requests.iter().any(reads) {
            self.session.wait(left)?;
        }
        self.exchange(requests)
    }

    /// Reads until the answer meets an expectation or has to, then judges it. Where the target does not lag
    /// ([`Target::lag`](client::Target::lag)) that is a single read.
    ///
    /// # Errors
    ///
    /// [`Stop::Blocked`] when no answer comes, and as [`Reply::expect`].
    pub fn eventually(&self, request: &Request, expectation: Expectation) -> Result<Reply, Stop> {
        loop {
            // A read that went out too early has nothing to show, however late its answer comes.
            let left = self.lag.left(self.now_us());
            let mut replies = self.exchange(vec![request.clone()])?;
            let reply = replies.pop().ok_or_else(|| Stop::Error("a request without a reply".to_owned()))?;
            if left.is_zero() || reply.meets(&expectation) {
                reply.expect(expectation)?;
                return Ok(reply);
            }
            self.session.wait(self.lag.left(self.now_us()).min(self.lag.pause()))?;
        }
    }

    /// Lets time pass on the clock of the run, where a claim is about time.
    ///
    /// # Errors
    ///
    /// [`Stop::Blocked`] when the run was stopped meanwhile, or the target no longer answers.
    pub fn pause(&self, wait: Duration) -> Outcome {
        self.session.wait(wait)
    }

    fn exchange(&self, requests: Vec<Request>) -> Result<Vec<Reply>, Stop> {
        self.session.may_send(&requests, self.check())?;
        for path in self.session.in_doubt(&requests) {
            self.make_sure(&path)?;
        }
        self.budget.spend(requests.len())?;
        let answers = self.deliver(&requests)?;
        answers.into_iter().zip(&requests).map(|(sent, request)| self.reply(sent, request)).collect()
    }

    fn deliver(&self, requests: &[Request]) -> Result<Vec<Sent>, Stop> {
        let writes = !requests.iter().all(reads);
        let answers = self.session.exchange(requests, self.check())?;
        if writes {
            self.lag.wrote(self.now_us());
        }
        for sent in &answers {
            self.trace.sent(sent.number);
        }
        Ok(answers)
    }

    /// Whether everybody who has the name that a create was to give is somebody whom this check has created before. Then no
    /// earlier try of it was carried out.
    fn met_others(&self, create: &Request) -> Result<bool, Stop> {
        let body = create.json_body().unwrap_or_default();
        let name = body.get("userName").filter(|name| name.is_string());
        let Some(name) = name.filter(|_| self.service().capabilities.contains(&capability::FILTER_USER))
        else {
            return Ok(false);
        };
        let endpoint = create.path();
        let list = Request::get(endpoint).query("filter", &format!("userName eq {name}"));
        let found = self.send(list)?;
        let items = found.at("/Resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let is_known = |item: &Value| {
            let path = item.get("id").and_then(Value::as_str).and_then(|id| path_of(endpoint, id));
            path.is_some_and(|path| self.session.knows(&path))
        };
        Ok(found.status() == 200 && !items.is_empty() && items.iter().all(is_known))
    }

    /// Reads what stands at a path before it is changed, and refuses what does not show a name of the run. Where nothing
    /// stands, and what has that id is ours, nobody else's can be changed.
    fn make_sure(&self, path: &str) -> Outcome {
        loop {
            let left = self.lag.left(self.now_us());
            let mut replies = self.exchange(vec![Request::get(path)])?;
            let reply = replies.pop().ok_or_else(|| Stop::Error("a request without a reply".to_owned()))?;
            match reply.status() {
                _ if self.session.is_ours(path) => return Ok(()),
                404 if !left.is_zero() => self.session.wait(left.min(self.lag.pause()))?,
                404 | 410 if self.session.is_ours_elsewhere(path) => return Ok(()),
                status => {
                    let unseen = format!(
                        "GET {path}: answered {status} and no name of this run, so what stands there is left alone"
                    );
                    return Err(Stop::precondition(unseen, Some(reply.number)));
                }
            }
        }
    }

    /// Reads.
    ///
    /// # Errors
    ///
    /// As [`Probe::send`].
    pub fn get(&self, path: &str) -> Result<Reply, Stop> {
        self.send(Request::get(path))
    }

    /// Creates.
    ///
    /// # Errors
    ///
    /// As [`Probe::send`].
    pub fn post(&self, path: &str, body: &Value) -> Result<Reply, Stop> {
        self.send(Request::post(path).json(body))
    }

    /// Replaces.
    ///
    /// # Errors
    ///
    /// As [`Probe::send`].
    pub fn put(&self, path: &str, body: &Value) -> Result<Reply, Stop> {
        self.send(Request::put(path).json(body))
    }

    /// Modifies.
    ///
    /// # Errors
    ///
    /// As [`Probe::send`].
    pub fn patch(&self, path: &str, body: &Value) -> Result<Reply, Stop> {
        self.send(Request::patch(path).json(body))
    }

    /// Deletes.
    ///
    /// # Errors
    ///
    /// As [`Probe::send`].
    pub fn delete(&self, path: &str) -> Result<Reply, Stop> {
        self.send(Request::delete(path))
    }

    /// The body that the factory makes of a template, under a name of its own.
    #[must_use]
    pub fn fill(&self, template: &Template) -> Value {
        self.filled(template, &self.name())
    }

    fn filled(&self, template: &Template, name: &str) -> Value {
        let body = self.session.shared.factory.fill(template, name);
        self.service().complete(template.resource, body, name)
    }

    /// Creates a resource as a precondition: first as little as possible; when that is refused, with the sample
    /// values of the target's profile.
    ///
    /// # Errors
    ///
    /// [`Stop::Blocked`] when it cannot be created: a check of something else must not accuse the create.
    /// [`Stop::NotSupported`] when it needs values that the profile of the run leaves no choice about.
    pub fn given(&self, template: Template) -> Result<Given, Stop> {
        self.create(&template, self.name())
    }

    fn create(&self, template: &Template, name: String) -> Result<Given, Stop> {
        if let Some(attribute) = template.unfree(&self.service().published) {
            return Err(Stop::NotSupported(format!("free values of {attribute}")));
        }
        let endpoint = self.service().endpoint(template.resource);
        let factory = &self.session.shared.factory;
        let whole = |body| self.service().complete(template.resource, body, &name);
        let mut sent = whole(factory.fill(template, &name));
        let mut reply = self.post(&endpoint, &sent)?;
        let rich = whole(factory.rich(template, &name));
        if matches!(reply.status(), 400 | 422) && rich != sent {
            reply = self.post(&endpoint, &rich)?;
            sent = rich;
            if reply.succeeded() {
                factory.enrich(template.resource);
                reply.note(&format!(
                    "a minimal {} is refused; sample values are sent with it",
                    template.resource
                ));
            }
        }
        reply.require(success())?;
        let id = reply.at("/id").and_then(Value::as_str).map(str::to_owned);
        let Some(id) = id else { return Err(reply.unmet(&text("/id"))) };
        let Some(path) = path_of(&endpoint, &id) else {
            return Err(reply.unmet(&pointer_that("/id", "an id that can stand in a URL", |_| false)));
        };
        let body = reply.at("").cloned().unwrap_or_default();
        let published = Arc::clone(&self.service().published);
        let created_by = (reply.label, reply.number);
        Ok(Given { path, id, name, sent, body, created_by, published })
    }

    /// From now on sample values are sent with every resource of this type.
    pub(crate) fn enrich(&self, resource: &'static str) {
        self.session.shared.factory.enrich(resource);
    }

    /// Whether sample values are sent with resources of this type.
    pub(crate) fn is_demanding(&self, resource: &str) -> bool {
        self.session.shared.factory.demands(resource)
    }

    /// Creates several resources as preconditions, one after the other.
    ///
    /// # Errors
    ///
    /// As [`Probe::given`].
    pub fn given_all(&self, templates: Vec<Template>) -> Result<Vec<Given>, Stop> {
        templates.into_iter().map(|template| self.given(template)).collect()
    }

    /// A password that is watched for in everything the target says and shown nowhere.
    #[must_use]
    pub fn password(&self) -> String {
        self.session.shared.factory.password(self.check().id, self.next())
    }

    /// What the target says of itself.
    #[must_use]
    pub fn service(&self) -> &Service {
        &self.session.shared.service
    }

    /// What the check has come to.
    pub(crate) fn take_log(&self) -> Log {
        self.trace.take_log()
    }

    fn check(&self) -> Check {
        self.trace.check()
    }

    fn now_us(&self) -> u64 {
        self.session.shared.clock.now_us()
    }

    fn next(&self) -> u32 {
        self.counter.replace(self.counter.get() + 1) + 1
    }

    fn name(&self) -> String {
        self.session.shared.factory.name(self.check().id, self.next())
    }

    fn reply(&self, sent: Sent, request: &Request) -> Result<Reply, Stop> {
        let label = format!("{} {}", request.method(), request.path());
        let conflicts = sent.outcome.as_ref().is_ok_and(|answer| answer.status == 409);
        let unsettled = sent.unsettled && conflicts && !self.met_others(request)?;
        let silent =
            |answer: &Answer| put_off(answer, unsettled).or_else(|| sent_elsewhere(answer, request.path()));
        if let Some(reason) = sent.outcome.as_ref().ok().and_then(silent) {
            return Err(Stop::precondition(format!("{label}: {reason}"), Some(sent.number)));
        }
        match sent.outcome {
            Ok(answer) => Ok(Reply {
                number: sent.number,
                label,
                answer,
                json: sent.json,
                trace: Rc::clone(&self.trace),
            }),
            Err(error) => Err(unanswered(&label, sent.number, &error)),
        }
    }
}

/// Why an answer says nothing about the request: the target was busy whenever it was asked, or the request met what an earlier
/// try of it had done.
fn put_off(answer: &Answer, unsettled: bool) -> Option<String> {
    let status = answer.status;
    let busy = status == 429 || (status == 503 && answer.header("retry-after").is_some());
    if busy {
        return Some(format!("answered {status} to the last try, and asks to be asked later"));
    }
    (unsettled && status == 409)
        .then(|| "answered 409; an earlier try was answered 503 and may have been carried out".to_owned())
}

/// Why an answer says nothing about what was asked: it is to be asked elsewhere. Only `/Me` is answered so (RFC 7644 §3.11).
fn sent_elsewhere(answer: &Answer, path: &str) -> Option<String> {
    let location = redirect(answer).filter(|_| path != endpoint::ME)?;
    Some(format!("answered {} and redirects to {location}; redirects are not followed", answer.status))
}
