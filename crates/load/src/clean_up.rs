//! Everything that a load created is removed, however it ended.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use client::{Request, with_version_if_asked};
use futures_util::StreamExt as _;
use futures_util::stream;
use record::Leftover;
use serde_json::Value;

use crate::book::Job;
use crate::compare;
use crate::items::{Plan, path};
use crate::reader::{Read, Reader, TOGETHER};

/// How many leftovers are named.
const NAMED_MAX: usize = 20;

/// What a clean-up came to.
#[derive(Debug, Default)]
pub(crate) struct CleanedUp {
    /// What was found beyond what was known to be there.
    pub(crate) found: u64,
    pub(crate) removed: u64,
    pub(crate) leftovers: Vec<Leftover>,
}

/// Removes what a load created.
pub(crate) struct CleanUp<'a> {
    pub(crate) reader: &'a Reader,
    pub(crate) plan: &'a Plan,
    /// Told how many resources are removed, and of how many.
    pub(crate) step: &'a dyn Fn(u64, u64),
    removed: Cell<u64>,
    /// Those that are listed after everything was removed.
    still: Cell<u64>,
    /// What was sent a DELETE that got no answer, and why it got none.
    unanswered: RefCell<Vec<(String, String)>>,
    leftovers: RefCell<Vec<Leftover>>,
}

impl<'a> CleanUp<'a> {
    pub(crate) fn new(reader: &'a Reader, plan: &'a Plan, step: &'a dyn Fn(u64, u64)) -> Self {
        Self {
            reader,
            plan,
            step,
            removed: Cell::new(0),
            still: Cell::new(0),
            unanswered: RefCell::default(),
            leftovers: RefCell::default(),
        }
    }

    /// Groups go first, so that no user's removal has to leave them.
    pub(crate) async fn run(self) -> CleanedUp {
        let mut found = 0;
        for job in &self.plan.jobs {
            found += self.look_for_doubtful(job).await;
        }
        let mut total = found + self.plan.jobs.iter().map(|job| job.book().known()).sum::<u64>();
        for job in &self.plan.jobs {
            let (groups, users) = {
                let book = job.book();
                (book.groups.places(), book.users.places())
            };
            let this = &self;
            stream::iter(0..groups)
                .for_each_concurrent(TOGETHER, |group| async move {
                    let id = job.book().groups.get(group).map(str::to_owned);
                    this.remove(job, "/Groups", id, total).await;
                })
                .await;
            stream::iter(0..users)
                .for_each_concurrent(TOGETHER, |user| async move {
                    let id = job.book().users.get(user).map(str::to_owned);
                    this.remove(job, "/Users", id, total).await;
                })
                .await;
        }
        if total > 0 {
            self.reader.caught_up().await;
        }
        self.ask_after_the_unanswered(total).await;
        for job in &self.plan.jobs {
            let refused = self.look_again(job).await;
            found += refused;
            total += refused;
        }
        // Whatever an answer said: what is still there was not removed.
        let removed = self.removed.get().min(total.saturating_sub(self.still.get()));
        CleanedUp { found, removed, leftovers: self.leftovers.into_inner() }
    }

    async fn remove(&self, job: &Job, endpoint: &str, id: Option<String>, total: u64) {
        let Some(id) = id else { return };
        let resource = path(endpoint, &id);
        match self.delete(job, &resource).await {
            Ok(true) => self.gone(total),
            Ok(false) => {}
            Err(reason) => self.leave(resource, reason),
        }
    }

    fn gone(&self, total: u64) {
        self.removed.set(self.removed.get() + 1);
        (self.step)(self.removed.get(), total);
    }

    /// A DELETE that got no answer may have been carried out all the same: what is not there any more is not left behind.
    async fn ask_after_the_unanswered(&self, total: u64) {
        for (resource, reason) in self.unanswered.take() {
            match self.reader.ask(Request::get(&resource)).await {
                Ok(Read { status: 404 | 410, .. }) => self.gone(total),
                _ => self.leave(resource, reason),
            }
        }
    }

    /// Deletes what is seen to be the job's own: an id is the target's word, and may be that of somebody else. False where the
    /// DELETE got no answer; that is asked after when the rest is done.
    async fn delete(&self, job: &Job, resource: &str) -> Result<bool, String> {
        let shown = self.shown(resource).await?;
        let is_there = !matches!(shown.status, 404 | 410);
        if is_there && !names(&shown).any(|name| job.owns(name)) {
            let status = shown.status;
            return Err(format!("GET answered {status} and no name of this load, so it may not be ours"));
        }
        // Some servers show the version only with all the rest.
        let ask = async |request| self.reader.ask(request).await;
        let told =
            |read: &Result<Read, String>| read.as_ref().ok().map(|read| (read.status, read.version.clone()));
        match with_version_if_asked(Request::delete(resource), shown.version, ask, told).await {
            // What is gone already is gone.
            Ok(Read { status: 200..300 | 404 | 410, .. }) => Ok(true),
            Ok(Read { status, .. }) => Err(format!("DELETE answered {status}")),
            Err(reason) => {
                self.unanswered.borrow_mut().push((resource.to_owned(), reason));
                Ok(false)
            }
        }
    }

    /// What stands there, without members where that can be had; its version may stand in `meta` alone.
    async fn shown(&self, resource: &str) -> Result<Read, String> {
        if resource.starts_with("/Groups") {
            let brief = Request::get(resource).query("attributes", "displayName,externalId,meta");
            let brief = self.reader.ask(brief).await?;
            if matches!(brief.status, 200 | 404 | 410) {
                return Ok(brief);
            }
        }
        self.reader.ask(Request::get(resource)).await
    }

    fn leave(&self, resource: String, reason: String) {
        let mut leftovers = self.leftovers.borrow_mut();
        if leftovers.len() < NAMED_MAX {
            leftovers.push(Leftover { resource, reason });
        }
    }

    /// Removes what may have been created without an answer; says how many there were.
    async fn look_for_doubtful(&self, job: &Job) -> u64 {
        let (users, groups) = {
            let book = job.book();
            (book.doubtful_users.clone(), book.doubtful_groups.clone())
        };
        let users = users.into_iter().map(|user| {
            let name = self.plan.form.user_name(&job.population.user(user));
            ("/Users", format!("userName eq \"{name}\""), name)
        });
        let groups = groups.into_iter().filter_map(|group| {
            let name = job.population.group(group)?.display_name;
            Some(("/Groups", format!("displayName eq \"{name}\""), name))
        });
        let mut found = 0;
        for (endpoint, filter, name) in users.chain(groups) {
            match self.reader.found(endpoint, &filter).await {
                Ok(listed) => {
                    for id in listed.iter().filter_map(|shown| ours(job, shown)) {
                        found += 1;
                        self.remove(job, endpoint, Some(id), found).await;
                    }
                }
                Err(reason) => self.leave(format!("{endpoint}: {name}"), reason),
            }
        }
        found
    }

    /// Some targets answer a DELETE and keep the user, inactive. They are told of. Others refuse a create and carry it out: that is
    /// removed, and it is said how much there was of it.
    async fn look_again(&self, job: &Job) -> u64 {
        let label = &job.population.shape().label;
        let (known, refused) = {
            let book = job.book();
            (book.known(), book.refused)
        };
        let mut found = 0;
        for (endpoint, attribute) in [("/Users", "userName"), ("/Groups", "displayName")] {
            if known == 0 && !refused {
                continue;
            }
            let filter = format!("{attribute} sw \"{label}\"");
            let mut left = self.reader.total(endpoint, &filter).await.ok().flatten();
            if refused && left.is_some_and(|left| left > 0) {
                found += self.remove_refused(job, endpoint, &filter).await;
                self.reader.caught_up().await;
                left = self.reader.total(endpoint, &filter).await.ok().flatten();
            }
            if let Some(left) = left.filter(|left| *left > 0) {
                self.still.set(self.still.get().saturating_add(left));
                let resource = format!("{left} of {endpoint} whose {attribute} begins with {label}");
                self.leave(resource, "still listed after its DELETE was answered".to_owned());
            }
        }
        found
    }

    /// Removes what is listed although no answer ever said that it is there; says how much there was.
    async fn remove_refused(&self, job: &Job, endpoint: &str, filter: &str) -> u64 {
        let Ok(listed) = self.reader.found(endpoint, filter).await else { return 0 };
        let known: BTreeSet<String> = {
            let book = job.book();
            let ids = if endpoint == "/Users" { &book.users } else { &book.groups };
            (0..ids.places()).filter_map(|place| ids.get(place).map(str::to_owned)).collect()
        };
        let mut found = 0;
        // Who does not know the filter lists everybody.
        let named = listed.iter().filter(|shown| texts(shown).any(|name| job.owns(name)));
        for id in named.filter_map(|shown| ours(job, shown)).filter(|id| !known.contains(id)) {
            found += 1;
            self.remove(job, endpoint, Some(id), found).await;
        }
        found
    }
}

/// The id of what a list shows, unless its names are somebody else's.
fn ours(job: &Job, shown: &Value) -> Option<String> {
    let id = compare::member(shown, "id")?.as_str()?;
    let mut names = texts(shown).peekable();
    let may_be = names.peek().is_none() || names.any(|name| job.owns(name));
    may_be.then(|| id.to_owned())
}

/// Every text of a resource that can hold its name.
fn names(read: &Read) -> impl Iterator<Item = &str> {
    read.json.as_deref().into_iter().flat_map(texts)
}

fn texts(resource: &Value) -> impl Iterator<Item = &str> {
    let texts =
        ["userName", "displayName", "externalId"].map(|member| compare::member(resource, member)?.as_str());
    texts.into_iter().flatten()
}
