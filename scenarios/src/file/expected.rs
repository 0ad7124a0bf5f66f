//! What TOML cannot say of an expectation: that it is about something that there is.

use std::ops::Range;

use crate::file::expect::{AttributeIs, Expect, MembersAre, Sent};
use crate::file::model::Step;
use crate::file::sound::{Check, meant};
use crate::malformed::Malformed;

const ACTIONS: [&str; 6] = ["create", "update", "delete", "disable", "stageddelete", "other"];

impl Check<'_> {
    pub(super) fn expect(&self, span: &Range<usize>, step: &Step, expect: &Expect) -> Result<(), Malformed> {
        if expect.claims() != 1 {
            let message = format!("an expectation says {} things; it says one", expect.claims());
            return Err(self.complain(span, "expect", message, "divide it, and remove what says nothing"));
        }
        if expect.is_about_a_cycle() && !step.cycle {
            let hint = "add cycle = true to the step";
            return Err(self.complain(span, "expect", "this is about a cycle, and the step has none", hint));
        }
        if let Some(rule) = expect.rule.as_ref().filter(|rule| !self.rules.contains(*rule)) {
            let hint = meant(rule, self.rules.iter().map(String::as_str));
            return Err(self.complain(span, rule, format!("the profile has no rule {rule:?}"), hint));
        }
        expect.keys().into_iter().try_for_each(|key| self.key(span, key))?;
        let action = expect.log.as_ref().and_then(|log| log.action.as_ref());
        if let Some(action) = action.filter(|action| !ACTIONS.contains(&action.as_str())) {
            let message = format!("the log knows no action {action:?}");
            return Err(self.complain(span, action, message, meant(action, ACTIONS)));
        }
        if let Some(members) = &expect.members {
            self.members(span, members)?;
        }
        if let Some(attribute) = &expect.attribute {
            self.attribute(span, attribute)?;
        }
        if let Some(path) = expect.requests.as_ref().and_then(|requests| requests.path.as_ref()) {
            self.path(span, path)?;
        }
        let modified = expect.log.iter().flat_map(|log| &log.modified);
        let except = expect.same_as_model.iter().flat_map(|same| &same.except);
        modified.chain(except).try_for_each(|target| self.target(span, target))?;
        if let Some(next) = expect.next.as_ref().filter(|next| !is_moment(next)) {
            let hint = "write it as 2026-11-23T08:40:00Z";
            return Err(self.complain(span, next, format!("{next:?} is no moment in UTC"), hint));
        }
        expect.exactly.iter().flatten().flat_map(|(_, sent)| sent).try_for_each(|sent| self.sent(span, sent))
    }

    /// Only groups have members.
    fn members(&self, span: &Range<usize>, members: &MembersAre) -> Result<(), Malformed> {
        if self.groups.contains(&members.of) {
            return Ok(());
        }
        let message = format!("{:?} is nobody's group: it has no members", members.of);
        let hint = match self.groups.len() {
            0 => "declare a group by [[groups]]".to_owned(),
            _ => format!("name a group; {}", meant("", self.groups.iter().map(String::as_str))),
        };
        Err(self.complain(span, &format!("\"{}\"", members.of), message, hint))
    }

    /// The attribute is one that the target may have, and what it is to be names nobody who is not there.
    fn attribute(&self, span: &Range<usize>, attribute: &AttributeIs) -> Result<(), Malformed> {
        let AttributeIs { of, target, is } = attribute;
        let (asked, whose) = match self.groups.contains(of) {
            true => (&self.of_groups, "group"),
            false => (&self.of_users, "user"),
        };
        if !asked.knows(target) {
            let message = format!("no {whose} has an attribute {target:?}");
            let hint = match meant(target, asked.names()) {
                near if near.starts_with("did") => near,
                _ => "write it as mappings do: userName, name.givenName, emails[type eq \"work\"].value, or after the URN of \
                      an extension and a colon"
                    .to_owned(),
            };
            return Err(self.complain(span, target, message, hint));
        }
        let text = is.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
        self.placeholders(span, text)
    }

    /// A path lies below the base, and its placeholders name somebody.
    fn path(&self, span: &Range<usize>, path: &str) -> Result<(), Malformed> {
        if !path.starts_with('/') {
            let message = format!("no request has the path {path:?}");
            return Err(self.complain(span, path, message, "begin it with a slash, as in /Users"));
        }
        self.placeholders(span, path)
    }

    /// A body is JSON, and placeholders name somebody.
    fn sent(&self, span: &Range<usize>, sent: &Sent) -> Result<(), Malformed> {
        if let Some(body) = &sent.body {
            serde_json::from_str::<serde_json::Value>(body).map_err(|error| {
                self.complain(span, body, format!("the body is no JSON: {error}"), "correct it")
            })?;
        }
        self.path(span, &sent.path)?;
        self.placeholders(span, sent.body.as_deref().unwrap_or_default())
    }
}

/// Whether a text is a moment as the record writes it, or empty.
fn is_moment(text: &str) -> bool {
    text.is_empty() || text.parse::<jiff::Timestamp>().is_ok_and(|moment| moment.to_string() == text)
}
