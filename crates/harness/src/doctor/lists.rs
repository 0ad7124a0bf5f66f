//! What lists tell: filters, order, pages, parts of resources.

use client::Request;
use protocol::urn;
use record::{Weight, Works};
use serde_json::{Value, json};

use crate::doctor::chart::Told;
use crate::doctor::refusal::Refusal;
use crate::doctor::trial::{Trial, items};
use crate::doctor::user::Ours;
use crate::journal::PREFIX;
use crate::reply::Reply;

/// How many users are asked for to see how many come.
const PAGE_MAX: u64 = 1_000;
/// How many users are asked for in an order.
const SORTED: usize = 10;
/// Lists of fewer are not worth the question.
const MANY: u64 = 100;

impl Trial<'_> {
    fn list(&self) -> Request {
        Request::get(self.shared.service.endpoint("User"))
    }

    /// What can be seen without writing.
    pub(super) fn lists(&mut self) {
        self.filter_for_nobody();
        self.in_general(self.chart.manner.holds.get("User").copied().unwrap_or_default());
    }

    /// What lists of so many users show of any of them.
    pub(super) fn in_general(&mut self, total: u64) {
        self.pages(total);
        self.projection();
        self.order();
    }

    fn filter_for_nobody(&mut self) {
        let filter = format!("userName eq \"{PREFIX}{}-nobody\"", self.look.run);
        match self.probe.send(self.list().query("filter", &filter)) {
            Ok(reply) if reply.status() == 200 && items(&reply).is_empty() => {
                // With nobody there at all it may as well not be read.
                let is_empty = self.chart.manner.holds.get("User") == Some(&0);
                let works = if is_empty { Works::Unknown } else { Works::Yes };
                self.chart.saw("filter", works, "a name that nobody has finds nobody");
            }
            Ok(reply) if reply.status() == 200 => self.ignores_filters(items(&reply).len()),
            Ok(reply) if reply.status() == 404 => {
                self.chart.saw("filter", Works::Unknown, "answers 404 where nobody is found");
            }
            Ok(reply) => {
                let said = Refusal::of(&reply).said;
                self.chart.saw("filter", Works::No, said);
            }
            Err(stop) => self.unknown("filter", &stop),
        }
    }

    fn ignores_filters(&mut self, shown: usize) {
        self.chart.saw("filter", Works::No, format!("it is ignored: a name that nobody has finds {shown}"));
        self.chart.tell(Told::new(
            "filters-ignored",
            Weight::Tells,
            "whatever filter is asked for, everybody is found",
            "tell whoever runs the server: a client that looks for one user takes another one for him",
        ));
    }

    fn pages(&mut self, total: u64) {
        let most = if total > MANY { PAGE_MAX } else { 1 };
        let page = self.list().query("count", &most.to_string()).query("attributes", "userName");
        match self.probe.send(page) {
            Ok(reply) if reply.status() != 200 => {
                let said = Refusal::of(&reply).said;
                self.chart.saw("paging", Works::No, said);
            }
            Ok(reply) => {
                let shown = u64::try_from(items(&reply).len()).unwrap_or(u64::MAX);
                let (works, said) = match shown {
                    _ if total < 2 => (Works::Unknown, "fewer than two users are there".to_owned()),
                    shown if shown > most => (Works::No, format!("{most} asked for, {shown} shown")),
                    shown if most > 1 && shown < total.min(most) => {
                        (Works::Yes, format!("a page holds {shown} at most"))
                    }
                    shown => (Works::Yes, format!("{most} asked for, {shown} shown")),
                };
                self.chart.saw("paging", works, said);
            }
            Err(stop) => self.unknown("paging", &stop),
        }
    }

    fn projection(&mut self) {
        match self.probe.send(self.list().query("count", "1").query("attributes", "userName")) {
            Ok(reply) if reply.status() == 200 => {
                let Some(user) = items(&reply).first() else {
                    self.chart.saw("projection", Works::Unknown, "nobody is there");
                    return;
                };
                let (works, said) = projected(user);
                self.chart.saw("projection", works, said);
            }
            Ok(reply) => {
                let said = Refusal::of(&reply).said;
                self.chart.saw("projection", Works::No, said);
            }
            Err(stop) => self.unknown("projection", &stop),
        }
    }

    /// Whether the two directions of an order differ, and each is one.
    fn order(&mut self) {
        let sorted = |trial: &Self, order: &str| {
            let list = trial
                .list()
                .query("sortBy", "userName")
                .query("sortOrder", order)
                .query("count", &SORTED.to_string());
            trial.probe.send(list)
        };
        let (up, down) = match (sorted(self, "ascending"), sorted(self, "descending")) {
            (Ok(up), Ok(down)) => (up, down),
            (Err(stop), _) | (_, Err(stop)) => return self.unknown("sort", &stop),
        };
        if let Some(refused) = [&up, &down].into_iter().find(|reply| reply.status() != 200) {
            let said = Refusal::of(refused).said;
            self.chart.saw("sort", Works::No, said);
            return;
        }
        let (up, down) = (names(&up), names(&down));
        let in_order = |names: &[String]| names.windows(2).all(|two| two.first() <= two.last());
        let backwards: Vec<String> = down.iter().rev().cloned().collect();
        let (works, said) = match (up.first(), down.first()) {
            (Some(first), Some(last)) if up.len() > 1 && first != last => {
                // Each server has an order of texts of its own (RFC 7644 §3.4.2.3 names none); whatever it is, all of a list
                // comes backwards in the other direction.
                match (in_order(&up) && in_order(&backwards)) || up == backwards {
                    true => (Works::Yes, "userName sorts both ways".to_owned()),
                    false if up.len() >= SORTED => (
                        Works::Unknown,
                        "what comes is not in the order of code points, and more are there than were asked for"
                            .to_owned(),
                    ),
                    false => (Works::No, "what comes is not in the order of userName".to_owned()),
                }
            }
            (Some(_), Some(_)) if up.len() > 1 => (Works::No, "sortOrder changes nothing".to_owned()),
            _ => (Works::Unknown, "fewer than two users are there".to_owned()),
        };
        self.chart.saw("sort", works, said);
    }

    /// A filter for our own user, in a GET and in a POST.
    pub(super) fn search(&mut self, user: Option<&Ours>) {
        let Some(user) = user else { return };
        let filter = format!("userName eq {}", Value::from(user.user_name.as_str()));
        let only_ours = |reply: &Reply| {
            let found = items(reply);
            reply.status() == 200 && found.len() == 1 && found.iter().all(|item| user.is(item))
        };
        let get = self.list().query("filter", &filter);
        match self.shows(&get, only_ours) {
            Ok(true) => self.chart.saw("filter", Works::Yes, "finds just the user that was created"),
            Ok(false) => match self.probe.send(get) {
                Ok(reply) if items(&reply).len() > 1 => self.ignores_filters(items(&reply).len()),
                Ok(reply) => {
                    let said = format!("does not find the user that was created: answers {}", reply.status());
                    self.chart.saw("filter", Works::No, said);
                }
                Err(stop) => self.unknown("filter", &stop),
            },
            Err(stop) => self.unknown("filter", &stop),
        }
        let body = json!({ "schemas": [urn::SEARCH_REQUEST], "filter": filter, "count": 2 });
        let path = format!("{}{}", self.shared.service.endpoint("User"), protocol::endpoint::SEARCH);
        match self.probe.send(Request::post(path).json(&body)) {
            Ok(reply) if only_ours(&reply) => {
                self.chart.saw("search", Works::Yes, "finds just the user that was created");
            }
            Ok(reply) if reply.status() == 200 => {
                self.chart.saw(
                    "search",
                    Works::No,
                    format!("finds {} users in place of one", items(&reply).len()),
                );
            }
            Ok(reply) => {
                let said = Refusal::of(&reply).said;
                self.chart.saw("search", Works::No, said);
            }
            Err(stop) => self.unknown("search", &stop),
        }
    }
}

/// Whether a user shows what was asked for and no more. The id is always shown, `schemas` may be.
fn projected(user: &Value) -> (Works, String) {
    let members = user.as_object();
    let more = members.into_iter().flatten().map(|(name, _)| name.as_str());
    let more: Vec<&str> =
        more.filter(|name| !matches!(*name, "id" | "schemas" | "userName" | "meta")).collect();
    match (user.get("userName"), more.first()) {
        (None, _) => (Works::No, "userName was asked for and is not shown".to_owned()),
        (Some(_), Some(other)) => (Works::No, format!("userName was asked for, and {other} is shown too")),
        (Some(_), None) => (Works::Yes, "shows what is asked for".to_owned()),
    }
}

/// The names in a list, in any letter case.
fn names(reply: &Reply) -> Vec<String> {
    let names = items(reply).iter().filter_map(|item| item.get("userName")?.as_str());
    names.map(str::to_lowercase).collect()
}
