//! A group of our own.

use client::Request;
use protocol::urn;
use record::Works;
use serde_json::{Value, json};

use crate::doctor::refusal::Refusal;
use crate::doctor::trial::Trial;
use crate::doctor::user::Ours;
use crate::stop::Stop;

impl Trial<'_> {
    /// Creates a group, puts a user into it, and removes it.
    pub(super) fn groups(&mut self, user: Option<&Ours>) {
        let group = match self.create_group(user) {
            Ok(Some(group)) => group,
            Ok(None) => return,
            Err(stop) => return self.unknown("group-create", &stop),
        };
        match self.catch_up(&group.path) {
            Ok(None) => self.chart.saw("group-read", Works::Yes, "shows the group that was created"),
            Ok(Some(unseen)) => {
                let said = format!("the group that was created cannot be read: {}", unseen.said);
                self.chart.saw("group-read", Works::No, said);
            }
            Err(stop) => self.unknown("group-read", &stop),
        }
        if let Some(user) = user {
            match self.joined(&group, user) {
                Ok((works, said)) => self.chart.saw("group-patch", works, said),
                Err(stop) => self.unknown("group-patch", &stop),
            }
        }
        match self.deleted(&group) {
            Ok((works, said)) => self.chart.saw("group-delete", works, said),
            Err(stop) => self.unknown("group-delete", &stop),
        }
    }

    /// Adds a member, and looks whether he is one.
    fn joined(&mut self, group: &Ours, user: &Ours) -> Result<(Works, String), Stop> {
        let operation = json!({ "op": "add", "path": "members", "value": [{ "value": user.id }] });
        let body = json!({ "schemas": [urn::PATCH_OP], "Operations": [operation] });
        let reply = self.probe.patch(&group.path, &body)?;
        if !reply.succeeded() {
            return Ok((Works::No, Refusal::of(&reply).said));
        }
        // Members may be shown to those alone who ask for them.
        let request = Request::get(&group.path).query("attributes", "members,displayName");
        let is_member = |shown: &Value| shown.get("value").and_then(Value::as_str) == Some(user.id.as_str());
        let shown = self.shows(&request, |reply| {
            let members = reply.at("/members").and_then(Value::as_array);
            members.is_some_and(|members| members.iter().any(is_member))
        })?;
        Ok(match shown {
            true => (Works::Yes, "a member who is added is shown".to_owned()),
            false => (Works::No, format!("answers {}, and the member is not shown", reply.status())),
        })
    }
}
