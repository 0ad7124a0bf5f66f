//! Users of our own, and what can be done to one.

use client::Request;
use protocol::urn;
use record::{Weight, Works};
use serde_json::{Value, json};

use crate::doctor::addresses::MAIL;
use crate::doctor::chart::Told;
use crate::doctor::refusal::Refusal;
use crate::doctor::trial::{LAG_MAX, Trial, Unseen};
use crate::reply::Reply;
use crate::stop::Stop;

/// A user that was created.
pub(super) struct Ours {
    pub(super) path: String,
    pub(super) id: String,
    pub(super) user_name: String,
    /// What was sent to create him.
    pub(super) sent: Value,
}

impl Ours {
    /// Whether this is he.
    pub(super) fn is(&self, shown: &Value) -> bool {
        shown.get("id").and_then(Value::as_str) == Some(self.id.as_str())
    }
}

impl Trial<'_> {
    /// Creates two users, and tries on the first what can be done to one. Gives him, where there is one.
    pub(super) fn users(&mut self) -> Option<Ours> {
        let user = self.create_user()?;
        match self.catch_up(&user.path) {
            Ok(None) => self.chart.saw("read", Works::Yes, "shows the user that was created"),
            Ok(Some(unseen)) => {
                let said = format!("the user that was created cannot be read: {}", unseen.said);
                self.chart.saw("read", Works::No, said);
                self.chart.tell(created_and_unseen(&user.path, &unseen));
                return Some(user);
            }
            Err(stop) => {
                self.unknown("read", &stop);
                return Some(user);
            }
        }
        self.second_user();
        self.versions(&user);
        self.modify(&user);
        self.replace(&user);
        self.password(&user);
        Some(user)
    }

    /// Another user, so that there is an order to ask for; he carries the extension where there is one.
    fn second_user(&mut self) {
        let extra = self.offers_enterprise().then(|| json!({ "department": "Proof" }));
        let more = extra.clone().map(|extra| (urn::ENTERPRISE_USER.to_owned(), extra));
        let created = match self.attempt_with_address(more) {
            Ok((reply, sent)) if reply.succeeded() => self.kept(&reply, sent),
            Ok((reply, _)) if extra.is_some() => {
                let said = Refusal::of(&reply).said;
                self.chart.saw("enterprise", Works::No, format!("a user with a department {said}"));
                let plain = self.attempt("User", &self.known("User"), None).ok();
                plain.filter(|(reply, _)| reply.succeeded()).and_then(|(reply, sent)| self.kept(&reply, sent))
            }
            _ => None,
        };
        let Some(user) = created.filter(|_| extra.is_some()) else { return };
        let department = format!("/{}/department", urn::ENTERPRISE_USER);
        let request = Request::get(&user.path);
        match self.shows(&request, |reply| reply.at(&department).is_some_and(|shown| shown == "Proof")) {
            Ok(true) => self.chart.saw("enterprise", Works::Yes, "keeps a department"),
            Ok(false) if self.chart.works("enterprise") => {}
            Ok(false) => self.chart.saw("enterprise", Works::No, "takes a department and does not show it"),
            Err(stop) => self.unknown("enterprise", &stop),
        }
    }

    /// A create of a user with an address, or without one where it is refused for that.
    fn attempt_with_address(&mut self, more: Option<(String, Value)>) -> Result<(Reply, Value), Stop> {
        let known = self.known("User");
        if let Some(sample) = self.with_address(&known) {
            let (reply, sent) = self.attempt("User", &sample, more.clone())?;
            if reply.succeeded() {
                return Ok((reply, sent));
            }
            let refused = Refusal::of(&reply);
            let (plain, sent) = self.attempt("User", &known, more)?;
            if plain.succeeded() && refused.speaks_of(MAIL) {
                self.address_refused(&sample, &refused)?;
            }
            return Ok((plain, sent));
        }
        self.attempt("User", &known, more)
    }

    /// What a create came to, where it says where that is.
    pub(super) fn kept(&self, reply: &Reply, sent: Value) -> Option<Ours> {
        let id = reply.at("/id").and_then(Value::as_str)?.to_owned();
        let schema = sent.pointer("/schemas/0").and_then(Value::as_str);
        let resource = if schema == Some(urn::GROUP) { "Group" } else { "User" };
        let naming = if resource == "Group" { "displayName" } else { "userName" };
        let user_name = sent.get(naming).and_then(Value::as_str).unwrap_or_default().to_owned();
        Some(Ours { path: self.shared.service.path_of(resource, &id), id, user_name, sent })
    }

    fn versions(&mut self, user: &Ours) {
        match self.probe.get(&user.path) {
            Ok(reply) => {
                let version = reply.header("etag").or_else(|| reply.at("/meta/version")?.as_str());
                let (works, said) = match version {
                    Some(_) => (Works::Yes, "a user shows his version"),
                    None => (Works::No, "neither an ETag nor meta.version is shown"),
                };
                self.chart.saw("etag", works, said);
            }
            Err(stop) => self.unknown("etag", &stop),
        }
    }

    /// Whether any change is taken that a server may be expected to take.
    fn modify(&mut self, user: &Ours) {
        let changes = [
            ("active", json!(false)),
            ("displayName", json!("Proof of a change")),
            ("name.givenName", json!("Changed")),
            ("title", json!("Changed")),
        ];
        let mut last = None;
        for (path, value) in changes {
            if !self.shared.service.published.can_be_written(path) {
                continue;
            }
            let operation = json!({ "op": "replace", "path": path, "value": value });
            match self.changed(user, path, &value, &operation) {
                Ok(None) => {
                    let said = format!("{path} is replaced");
                    self.chart.saw("patch", Works::Yes, said);
                    return;
                }
                Ok(Some(said)) => last = last.or(Some(said)),
                Err(stop) => return self.unknown("patch", &stop),
            }
        }
        let said = last.unwrap_or_else(|| "nothing that could be changed is published".to_owned());
        self.chart.saw("patch", Works::No, said);
    }

    /// Sends one operation; gives why it came to nothing, if it did.
    fn changed(
        &self,
        user: &Ours,
        path: &str,
        value: &Value,
        operation: &Value,
    ) -> Result<Option<String>, Stop> {
        let body = json!({ "schemas": [urn::PATCH_OP], "Operations": [operation] });
        let reply = self.probe.patch(&user.path, &body)?;
        if !reply.succeeded() {
            return Ok(Some(format!("replacing {path} {}", Refusal::of(&reply).said)));
        }
        let pointer = format!("/{}", path.replace('.', "/"));
        let shown = self.shows(&Request::get(&user.path), |reply| reply.at(&pointer) == Some(value))?;
        Ok((!shown).then(|| format!("replacing {path} answers {} and changes nothing", reply.status())))
    }

    fn replace(&mut self, user: &Ours) {
        let mut body = user.sent.clone();
        if let Some(members) = body.as_object_mut() {
            members.insert("id".to_owned(), user.id.clone().into());
            members.entry("active").or_insert(true.into());
        }
        match self.probe.put(&user.path, &body) {
            Ok(reply) if reply.succeeded() => {
                self.chart.saw("replace", Works::Yes, format!("answers {}", reply.status()));
            }
            Ok(reply) => {
                let said = Refusal::of(&reply).said;
                self.chart.saw("replace", Works::No, said);
            }
            Err(stop) => self.unknown("replace", &stop),
        }
    }

    fn password(&mut self, user: &Ours) {
        let operation = json!({ "op": "replace", "path": "password", "value": self.probe.password() });
        let body = json!({ "schemas": [urn::PATCH_OP], "Operations": [operation] });
        match self.probe.patch(&user.path, &body) {
            Ok(reply) if reply.succeeded() => {
                self.chart.saw(
                    "changePassword",
                    Works::Yes,
                    format!("one is taken: answers {}", reply.status()),
                );
            }
            Ok(reply) => {
                let said = Refusal::of(&reply).said;
                self.chart.saw("changePassword", Works::No, said);
            }
            Err(stop) => self.unknown("changePassword", &stop),
        }
    }

    pub(super) fn delete_user(&mut self, user: &Ours) {
        let (works, said) = match self.deleted(user) {
            Ok(told) => told,
            Err(stop) => return self.unknown("delete", &stop),
        };
        self.chart.saw("delete", works, said);
    }

    /// Deletes, and looks whether it is gone.
    pub(super) fn deleted(&mut self, user: &Ours) -> Result<(Works, String), Stop> {
        let reply = self.probe.delete(&user.path)?;
        if !reply.succeeded() {
            return Ok((Works::No, Refusal::of(&reply).said));
        }
        let gone = self.shows(&Request::get(&user.path), |reply| matches!(reply.status(), 404 | 410))?;
        Ok(match gone {
            true => (Works::Yes, format!("answers {}, and it is gone", reply.status())),
            false => (Works::No, format!("answers {}, and it can still be read", reply.status())),
        })
    }
}

fn created_and_unseen(path: &str, unseen: &Unseen) -> Told {
    Told::new(
        "created-and-unseen",
        Weight::Blocks,
        format!(
            "{path}: a user was created, and {} s later he cannot be read: it {}",
            LAG_MAX.as_secs(),
            unseen.said
        ),
        match unseen.is_unreadable {
            true => {
                "tell whoever runs the server what it answers there: nothing can be judged of what cannot be read"
            }
            false => "ask whoever runs the server whether writes reach the place where reads come from",
        },
    )
}
