//! The state of the target beside the model, by reads that have nothing to do with the load.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::PoisonError;

use client::{Cancel, Request};
use futures_util::StreamExt as _;
use futures_util::stream;
use record::{Audit, Difference, Size};
use serde_json::Value;

use crate::book::{Belief, Job};
use crate::items::{Plan, path};
use crate::reader::{Reader, TOGETHER};

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
        if self.cancel.is_cancelled() {
            self.unfinished("somebody stopped it".to_owned());
            return None;
        }
        match self.reader.ask(request).await {
            Err(reason) => self.unfinished(format!("{resource} could not be read: {reason}")),
            Ok(read) if read.status == 200 && read.json.is_some() => return read.json,
            Ok(read) => {
                self.differs(resource.to_owned(), "there", format!("reading it answers {}", read.status));
            }
        }
        None
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
        let resource = format!("user {}", person.user_principal_name);
        let attributes = "userName,externalId,displayName,title,active";
        let request = Request::get(path("/Users", &id)).query("attributes", attributes);
        let Some(user) = self.read(&resource, request).await else { return };
        let title = changed.title.unwrap_or(person.job_title);
        let active = changed.active.unwrap_or(person.account_enabled);
        let expected: [(&str, Value, bool); 5] = [
            ("userName", person.user_principal_name.into(), true),
            ("externalId", person.object_id.into(), true),
            ("displayName", person.display_name.into(), true),
            ("title", title.into(), !changed.open),
            ("active", active.into(), !changed.open),
        ];
        for (name, expected, sure) in expected {
            // A target that has no such attribute does not show it; one that has must show what it took.
            let Some(actual) = user.get(name).filter(|_| sure) else { continue };
            if *actual != expected && !(name == "userName" && same_letters(actual, &expected)) {
                self.differs(format!("{name} of {resource}"), expected.to_string(), actual.to_string());
            }
        }
        self.compared(|size| size.users += 1);
    }

    async fn group(&self, job: &Job, index: u64) {
        let Some(id) = job.book().groups.get(index).map(str::to_owned) else { return };
        let Some(group) = job.population.group(index) else { return };
        let resource = format!("group {}", group.display_name);
        let request = Request::get(path("/Groups", &id)).query("attributes", "displayName,members");
        let Some(read) = self.read(&resource, request).await else { return };
        if let Some(name) = read.get("displayName").filter(|name| **name != group.display_name.as_str()) {
            self.differs(format!("displayName of {resource}"), group.display_name, name.to_string());
        }
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
        if let Some(total) = self.reader.total(endpoint, &filter).await
            && !(known..=known + open).contains(&total)
        {
            let resource = format!("{endpoint} whose {attribute} begins with {label}");
            self.differs(resource, known.to_string(), total.to_string());
        }
    }
}

/// Whether two texts differ by their case at most: a userName may be stored in either (RFC 7643 §4.1.1).
fn same_letters(one: &Value, other: &Value) -> bool {
    one.as_str().zip(other.as_str()).is_some_and(|(one, other)| one.to_lowercase() == other.to_lowercase())
}
