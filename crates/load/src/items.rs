//! What is done for one object: the requests that an identity provider sends for it, one after the other.

use std::sync::Arc;

use client::Request;
use protocol::urn;
use scenarios::population::{Change, Cycle};
use serde_json::{Value, json};

use crate::answer::Wants;
use crate::book::{Belief, Job, Slots};
use crate::description::{Action, Description, Step};
use crate::desk::{Ask, Came, Desk, Errand};
use crate::form::Form;
use crate::{compare, operation};

/// All jobs of a load and what they do.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) jobs: Vec<Arc<Job>>,
    pub(crate) steps: Vec<Step>,
    /// How many of the steps are only there to prepare.
    pub(crate) prepared: usize,
    pub(crate) slots: Slots,
    /// What users and groups look like.
    pub(crate) form: Form,
}

impl Plan {
    pub(crate) fn new(description: &Description, jobs: Vec<Arc<Job>>, form: Form) -> Self {
        let steps: Vec<Step> = description.prepare.iter().chain(&description.steps).cloned().collect();
        let per_request = steps.iter().find_map(|step| step.per_request).unwrap_or(1);
        let slots = jobs.first().map(|job| Slots::new(&job.population, per_request));
        let slots = slots.unwrap_or_else(Slots::none);
        Self { jobs, steps, prepared: description.prepare.len(), slots, form }
    }

    /// How many items a step has, for each job.
    pub(crate) fn items(&self, step: usize) -> u64 {
        let Some((step, job)) = self.steps.get(step).zip(self.jobs.first()) else { return 0 };
        let times = step.times.unwrap_or(1);
        let users = job.population.users();
        match step.action {
            Action::CreateUsers => users,
            Action::SetManagers => users.saturating_sub(1),
            Action::CreateGroups => job.population.groups(),
            Action::AddMembers => self.slots.requests(),
            Action::FindUsers | Action::ReadUsers => users.saturating_mul(times),
            Action::Cycles => times,
        }
    }

    /// Does one item of a step for a job.
    pub(crate) async fn play(&self, desk: &Desk, errand: &mut Errand, (job, step, item): (u32, usize, u64)) {
        let Some(job) = usize::try_from(job).ok().and_then(|job| self.jobs.get(job)) else { return };
        let Some(step) = self.steps.get(step) else { return };
        errand.brings = !matches!(step.action, Action::FindUsers | Action::ReadUsers);
        let played = Played { desk, job, slots: &self.slots, form: &self.form };
        let users = job.population.users().max(1);
        let probe = step.probe.unwrap_or(true);
        match step.action {
            Action::CreateUsers => played.create_user(errand, item, probe).await,
            Action::SetManagers => played.set_manager(errand, item + 1).await,
            Action::CreateGroups => played.create_group(errand, item, probe).await,
            Action::AddMembers => played.add_members(errand, item).await,
            Action::FindUsers => drop(played.find_user(errand, item % users).await),
            Action::ReadUsers => drop(played.read_user(errand, item % users).await),
            Action::Cycles => played.cycle(errand, Cycle(item + 1)).await,
        }
    }
}

/// A job at a desk.
struct Played<'a> {
    desk: &'a Desk,
    job: &'a Job,
    slots: &'a Slots,
    form: &'a Form,
}

impl Played<'_> {
    async fn ask(
        &self,
        errand: &mut Errand,
        operation: &'static str,
        request: Request,
        wants: Wants,
    ) -> Came {
        self.desk.ask(errand, Ask { operation, request, wants, size: None }).await
    }

    async fn find_user(&self, errand: &mut Errand, user: u64) -> Came {
        let name = self.form.user_name(&self.job.population.user(user));
        let request = Request::get("/Users").query("filter", &format!("userName eq \"{name}\""));
        self.ask(errand, operation::FIND_USER, request, Wants::List).await
    }

    async fn read_user(&self, errand: &mut Errand, user: u64) -> Option<String> {
        let id = self.job.book().users.get(user)?.to_owned();
        self.ask(errand, operation::READ_USER, Request::get(path("/Users", &id)), Wants::Resource).await;
        Some(id)
    }

    async fn create_user(&self, errand: &mut Errand, user: u64, probe: bool) {
        // Whoever is there already is linked and not created; only an earlier try can have made them, and it is known.
        if probe && !matches!(self.find_user(errand, user).await, Came::Done(_)) {
            return;
        }
        let body = Value::Object(self.form.user(&self.job.population.user(user)));
        let request = Request::post("/Users").json(&body);
        let came = self.ask(errand, operation::CREATE_USER, request, Wants::Created).await;
        let mut book = self.job.book();
        book.shows_external_ids |= shows_external_id(&came);
        book.refused |= matches!(came, Came::Refused);
        match created(&came) {
            Some(Some(id)) => {
                book.users.set(user, id);
                self.desk.count_created();
            }
            Some(None) => book.doubtful_users.push(user),
            None => {}
        }
    }

    async fn set_manager(&self, errand: &mut Errand, user: u64) {
        let Some(manager) = self.job.population.manager(user) else { return };
        let (id, manager) = {
            let book = self.job.book();
            let Some(ids) = book.users.get(user).zip(book.users.get(manager)) else { return };
            (ids.0.to_owned(), ids.1.to_owned())
        };
        let target = format!("{}:manager", urn::ENTERPRISE_USER);
        let body = patch(&[json!({ "op": "Add", "path": target, "value": { "value": manager } })]);
        let request = Request::patch(path("/Users", &id)).json(&body);
        match self.ask(errand, operation::SET_MANAGER, request, Wants::Changed).await {
            Came::Done(_) => self.job.book().manage(user, Belief::Sure(true)),
            Came::Open => self.job.book().manage(user, Belief::Open),
            Came::Refused | Came::Unsent => {}
        }
    }

    async fn create_group(&self, errand: &mut Errand, group: u64, probe: bool) {
        let Some(wanted) = self.job.population.group(group) else { return };
        if probe {
            let filter = format!("displayName eq \"{}\"", wanted.display_name);
            let request =
                Request::get("/Groups").query("excludedAttributes", "members").query("filter", &filter);
            if !matches!(self.ask(errand, operation::FIND_GROUP, request, Wants::List).await, Came::Done(_)) {
                return;
            }
        }
        let request = Request::post("/Groups").json(&Value::Object(self.form.group(&wanted)));
        let came = self.ask(errand, operation::CREATE_GROUP, request, Wants::Created).await;
        let mut book = self.job.book();
        book.shows_external_ids |= shows_external_id(&came);
        book.refused |= matches!(came, Came::Refused);
        match created(&came) {
            Some(Some(id)) => {
                book.groups.set(group, id);
                self.desk.count_created();
            }
            Some(None) => book.doubtful_groups.push(group),
            None => {}
        }
    }

    async fn add_members(&self, errand: &mut Errand, request: u64) {
        let Some((group, first)) = self.slots.batch(request) else { return };
        let places = first..first.saturating_add(self.slots.per_request());
        let members: Vec<(u64, u64)> =
            places.filter_map(|place| Some((place, self.job.population.member(group, place)?))).collect();
        let (id, members, values) = {
            let book = self.job.book();
            let Some(id) = book.groups.get(group).map(str::to_owned) else { return };
            let known = members.into_iter().filter(|(_, user)| book.users.get(*user).is_some());
            let members: Vec<(u64, u64)> = known.collect();
            let values =
                members.iter().filter_map(|(_, user)| book.users.get(*user)).map(|id| json!({ "value": id }));
            let values: Vec<Value> = values.collect();
            (id, members, values)
        };
        if values.is_empty() {
            return;
        }
        let body = patch(&[json!({ "op": "Add", "path": "members", "value": values })]);
        let request = Request::patch(path("/Groups", &id)).json(&body);
        let ask = Ask {
            operation: operation::ADD_MEMBER,
            request,
            wants: Wants::Changed,
            size: Some(first.max(1)),
        };
        let came = self.desk.ask(errand, ask).await;
        let mut book = self.job.book();
        for (place, user) in members {
            match came {
                Came::Done(_) => book.hold(self.slots.slot(group, place)),
                Came::Open => book.note(group, user, Belief::Open),
                Came::Refused | Came::Unsent => {}
            }
        }
    }

    /// One incremental cycle: the question whether the target is there, and then what changed.
    async fn cycle(&self, errand: &mut Errand, cycle: Cycle) {
        let _turn = self.job.turn.lock().await;
        let nobody =
            self.job.population.address(&format!("{}probe.{}", self.job.population.shape().label, cycle.0));
        let request = Request::get("/Users").query("filter", &format!("userName eq \"{nobody}\""));
        if !matches!(self.ask(errand, operation::PROBE, request, Wants::List).await, Came::Done(_)) {
            return;
        }
        for change in self.job.population.changes(cycle) {
            match change {
                Change::Join(user) => self.create_user(errand, user, true).await,
                Change::Leave(user) => self.disable(errand, user).await,
                Change::Edit(user) => self.edit(errand, cycle, user).await,
                Change::Add { group, user } => self.move_member(errand, group, user, true).await,
                Change::Remove { group, user } => self.move_member(errand, group, user, false).await,
            }
        }
    }

    async fn disable(&self, errand: &mut Errand, user: u64) {
        let Some(id) = self.read_user(errand, user).await else { return };
        if !self.form.has(urn::USER, "active") {
            return;
        }
        let body = patch(&[json!({ "op": "Replace", "path": "active", "value": false })]);
        let request = Request::patch(path("/Users", &id)).json(&body);
        let came = self.ask(errand, operation::DISABLE_USER, request, Wants::Changed).await;
        self.changed(user, &came, |changed| changed.active = Some(false));
    }

    async fn edit(&self, errand: &mut Errand, cycle: Cycle, user: u64) {
        let Some(id) = self.read_user(errand, user).await else { return };
        if !self.form.has(urn::USER, "title") {
            return;
        }
        let title = self.job.population.job_title(cycle, user);
        let body = patch(&[json!({ "op": "Replace", "path": "title", "value": title })]);
        let request = Request::patch(path("/Users", &id)).json(&body);
        let came = self.ask(errand, operation::UPDATE_USER, request, Wants::Changed).await;
        self.changed(user, &came, |changed| changed.title = Some(title));
    }

    fn changed(&self, user: u64, came: &Came, change: impl FnOnce(&mut crate::book::Changed)) {
        let mut book = self.job.book();
        match came {
            Came::Done(_) => change(book.changed.entry(user).or_default()),
            Came::Open => book.changed.entry(user).or_default().open = true,
            Came::Refused | Came::Unsent => {}
        }
    }

    async fn move_member(&self, errand: &mut Errand, group: u64, user: u64, adds: bool) {
        let (id, member) = {
            let book = self.job.book();
            let Some(ids) = book.groups.get(group).zip(book.users.get(user)) else { return };
            (ids.0.to_owned(), ids.1.to_owned())
        };
        let (operation, op) = match adds {
            true => (operation::ADD_MEMBER, "Add"),
            false => (operation::REMOVE_MEMBER, "Remove"),
        };
        let body = patch(&[json!({ "op": op, "path": "members", "value": [{ "value": member }] })]);
        let request = Request::patch(path("/Groups", &id)).json(&body);
        let size = self.job.population.group(group).map(|group| group.size);
        let came = self.desk.ask(errand, Ask { operation, request, wants: Wants::Changed, size }).await;
        let belief = match came {
            Came::Done(_) => Belief::Sure(adds),
            Came::Open => Belief::Open,
            Came::Refused | Came::Unsent => return,
        };
        self.job.book().note(group, user, belief);
    }
}

/// Whether the answer to a creation shows an externalId.
fn shows_external_id(came: &Came) -> bool {
    match came {
        Came::Done(sent) => {
            sent.json.as_deref().is_some_and(|json| compare::member(json, "externalId").is_some())
        }
        Came::Open | Came::Refused | Came::Unsent => false,
    }
}

/// What a creation came to: an id, or no telling; none where nothing was created.
fn created(came: &Came) -> Option<Option<&str>> {
    match came {
        Came::Done(sent) => {
            Some(sent.json.as_deref().and_then(|json| json.get("id")).and_then(Value::as_str))
        }
        Came::Open => Some(None),
        Came::Refused | Came::Unsent => None,
    }
}

/// The path of a resource. The id is the target's and may hold anything, so it is escaped.
pub(crate) fn path(endpoint: &str, id: &str) -> String {
    client::resource_path(endpoint, id)
}

fn patch(operations: &[Value]) -> Value {
    json!({ "schemas": [urn::PATCH_OP], "Operations": operations })
}
