//! The state of the target beside the model, by reads that have nothing to do with the load.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::PoisonError;

use client::{Cancel, Request};
use futures_util::StreamExt as _;
use futures_util::stream;
use protocol::urn;
use record::{Audit, Difference, Size};
use serde_json::{Map, Value, json};

use crate::book::{Belief, Job};
use crate::compare::{Deviation, deviations};
use crate::items::{Plan, path};
use crate::reader::{Read, Reader, TOGETHER};

/// How many differences are named.
const NAMED_MAX: usize = 20;

/// Compares the target with what it acknowledged.
pub(crate) struct Auditor<'a> {
    pub(crate) reader: &'a Reader,
    pub(crate) plan: &'a Plan,
    pub(crate) cancel: &'a Cancel,
    /// Told how many resources were compared, and of how many.
    pub(crate) step: &'a dyn Fn(u64, u64),
    found: Mutex<Audit>,
}

impl<'a> Auditor<'a> {
    pub(crate) fn new(
        reader: &'a Reader,
        plan: &'a Plan,
        cancel: &'a Cancel,
        step: &'a dyn Fn(u64, u64),
    ) -> Self {
        let found =
            Audit { compared: Size::default(), differences: Vec::new(), differing: 0, unfinished: None };
        Self { reader, plan, cancel, step, found: Mutex::new(found) }
    }

    /// Reads everything back that was acknowledged.
    pub(crate) async fn audit(self) -> Audit {
        for job in &self.plan.jobs {
            if self.is_stopped() {
                break;
            }
            let (users, groups) = {
                let book = job.book();
                (book.users.places(), book.groups.places())
            };
            stream::iter(0..users).for_each_concurrent(TOGETHER, |user| self.user(job, user)).await;
            stream::iter(0..groups).for_each_concurrent(TOGETHER, |group| self.group(job, group)).await;
            self.count(job, "/Users", "userName").await;
            self.count(job, "/Groups", "displayName").await;
        }
        self.found.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn differs(&self, resource: String, expected: impl Into<String>, actual: impl Into<String>) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.differing += 1;
        if found.differences.len() < NAMED_MAX {
            found.differences.push(Difference { resource, expected: expected.into(), actual: actual.into() });
        }
    }

    fn compared(&self, add: impl FnOnce(&mut Size)) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        add(&mut found.compared);
        let done = found.compared.users + found.compared.groups;
        drop(found);
        (self.step)(done, self.plan.jobs.iter().map(|job| job.book().known()).sum());
    }

    /// Reads a resource; none where that says all that there is to say.
    async fn read(&self, resource: &str, request: Request) -> Option<std::sync::Arc<Value>> {
        if self.is_stopped() {
            return None;
        }
        let read = tokio::select! {
            read = self.reader.ask(request) => read,
            () = self.cancel.cancelled() => {
                self.is_stopped();
                return None;
            }
        };
        match read {
            Err(reason) => self.unfinished(format!("{resource} could not be read: {reason}")),
            Ok(read) if read.status == 200 && read.json.is_some() => return read.json,
            // It is not there, or is something else.
            Ok(Read { status: status @ (200 | 404 | 410), .. }) => {
                self.differs(resource.to_owned(), "there", format!("reading it answers {status}"));
            }
            // That a read is refused says nothing about what would have been read.
            Ok(Read { status, .. }) => {
                self.unfinished(format!("{resource} could not be read: reading it answers {status}"));
            }
        }
        None
    }

    /// Whether somebody, or a limit, wants an end; what has not been read by then is told not to have been.
    fn is_stopped(&self) -> bool {
        let stopped = self.cancel.is_cancelled();
        if stopped {
            self.unfinished(self.cancel.reason().unwrap_or("somebody stopped the load").to_owned());
        }
        stopped
    }

    fn unfinished(&self, reason: String) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.unfinished.get_or_insert(reason);
    }

    async fn user(&self, job: &Job, index: u64) {
        let (id, changed) = {
            let book = job.book();
            let Some(id) = book.users.get(index).map(str::to_owned) else { return };
            (id, book.changed.get(&index).cloned().unwrap_or_default())
        };
        let person = job.population.user(index);
        let form = &self.plan.form;
        let resource = format!("user {}", form.user_name(&person));
        let Some(user) = self.read(&resource, Request::get(path("/Users", &id))).await else { return };
        let mut expected = form.user(&person);
        if changed.open {
            expected.retain(|name, _| !["title", "active"].contains(&name.as_str()));
        }
        for (name, value) in
            [("title", changed.title.map(Value::from)), ("active", changed.active.map(Value::from))]
        {
            if let Some((known, value)) = expected.get_mut(name).zip(value) {
                *known = value;
            }
        }
        if let Some(manager) = job.manager(index) {
            let extension = expected.entry(urn::ENTERPRISE_USER).or_insert_with(|| json!({}));
            if let Some(parts) = extension.as_object_mut() {
                parts.insert("manager".to_owned(), json!({ "value": manager }));
            }
        }
        self.compare(job, urn::USER, &resource, expected, &user);
        self.compared(|size| size.users += 1);
    }

    /// Compares what was sent with what is shown.
    fn compare(&self, job: &Job, schema: &str, resource: &str, mut sent: Map<String, Value>, shown: &Value) {
        let offer = &self.plan.form.offer;
        // Nobody has to list an externalId, nor to have it: whoever once showed one has it.
        if offer.has_schemas() && !offer.lists(schema, "externalId") && !job.book().shows_external_ids {
            sent.remove("externalId");
        }
        for Deviation { path, expected, actual } in deviations(&sent, shown) {
            self.differs(format!("{path} of {resource}"), expected, actual);
        }
    }

    async fn group(&self, job: &Job, index: u64) {
        let Some(id) = job.book().groups.get(index).map(str::to_owned) else { return };
        let Some(group) = job.population.group(index) else { return };
        let resource = format!("group {}", group.display_name);
        let request =
            Request::get(path("/Groups", &id)).query("attributes", "displayName,externalId,members");
        let Some(read) = self.read(&resource, request).await else { return };
        self.compare(job, urn::GROUP, &resource, self.plan.form.group(&group), &read);
        let members = read.get("members").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let actual: BTreeSet<&str> =
            members.iter().filter_map(|member| member.get("value")?.as_str()).collect();
        let (must, may) = self.expected(job, index, group.size);
        for id in must.iter().filter(|id| !actual.contains(id.as_str())) {
            self.differs(format!("member {id} of {resource}"), "a member, as was acknowledged", "no member");
        }
        for id in actual.iter().filter(|id| !must.contains(**id) && !may.contains(**id)) {
            self.differs(format!("member {id} of {resource}"), "no member", "a member");
        }
        if actual.len() < members.len() {
            let twice = members.len() - actual.len();
            self.differs(format!("members of {resource}"), "each once", format!("{twice} more than once"));
        }
        self.compared(|size| {
            size.groups += 1;
            size.memberships += actual.len() as u64;
        });
    }

    /// The ids that must be members of a group, and those that may be.
    fn expected(&self, job: &Job, group: u64, size: u64) -> (BTreeSet<String>, BTreeSet<String>) {
        let book = job.book();
        let (mut must, mut may) = (BTreeSet::new(), BTreeSet::new());
        let held = (0..size).filter(|place| book.holds(self.plan.slots.slot(group, *place)));
        let users = held.filter_map(|place| job.population.member(group, place));
        must.extend(users.filter_map(|user| book.users.get(user)).map(str::to_owned));
        for (user, belief) in book.noted(group) {
            let Some(id) = book.users.get(user) else { continue };
            match belief {
                Belief::Sure(true) => drop(must.insert(id.to_owned())),
                Belief::Sure(false) => drop(must.remove(id)),
                Belief::Open => {
                    must.remove(id);
                    may.insert(id.to_owned());
                }
            }
        }
        (must, may)
    }

    /// Whether there are more resources of this job than it created: duplicates, or what it was told had failed. A target
    /// that does not know `sw` is not asked further.
    async fn count(&self, job: &Job, endpoint: &str, attribute: &str) {
        if self.cancel.is_cancelled() {
            return;
        }
        let (known, open) = {
            let book = job.book();
            match endpoint {
                "/Users" => (book.users.known(), book.doubtful_users.len() as u64),
                _ => (book.groups.known(), book.doubtful_groups.len() as u64),
            }
        };
        if known + open == 0 {
            return;
        }
        let label = &job.population.shape().label;
        let filter = format!("{attribute} sw \"{label}\"");
        let resource = format!("{endpoint} whose {attribute} begins with {label}");
        match self.reader.total(endpoint, &filter).await {
            Ok(Some(total)) if !(known..=known + open).contains(&total) => {
                self.differs(resource, known.to_string(), total.to_string());
            }
            Ok(_) => {}
            Err(reason) => self.unfinished(format!("{resource} could not be counted: {reason}")),
        }
    }
}
