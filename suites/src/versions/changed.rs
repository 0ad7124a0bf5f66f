//! Somebody or something that has changed, so that a version of it is stale.

use client::Request;
use harness::expect::{equals, header_present, success};
use harness::{Given, Outcome, Probe, Reply, Stop, Template, minimal_group, minimal_user};
use protocol::urn;
use serde_json::{Value, json};

use super::NAMED;
use crate::parts::Parts;

/// What is written.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    User,
    Group,
}

impl Kind {
    /// The name of its resource type.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// The least of it.
    pub(super) fn template(self) -> Template {
        match self {
            Self::User => minimal_user(),
            Self::Group => minimal_group(),
        }
    }

    /// A fresh one with a text that can be changed.
    pub(super) fn given(self, probe: &Probe) -> Result<(Given, Parts), Stop> {
        match self {
            Self::User => super::given(probe),
            // A group is nothing without the name.
            Self::Group => Ok((probe.given(minimal_group())?, Parts::of(probe, &[]))),
        }
    }
}

/// What writes.
#[derive(Clone, Copy)]
pub(super) enum Verb {
    Put,
    Patch,
    Delete,
}

/// A user or a group that has changed since a first look.
pub(super) struct Changed {
    given: Given,
    parts: Parts,
    /// What every name begins with, so that a group still says whose it is.
    prefix: String,
    /// The version before.
    pub(super) old: String,
    /// The version now.
    pub(super) current: String,
    /// The text that a read shows now.
    text: Value,
}

impl Changed {
    pub(super) fn given(probe: &Probe, kind: Kind, verb: Verb) -> Result<Self, Stop> {
        let (given, parts) = kind.given(probe)?;
        let prefix = if matches!(kind, Kind::Group) { format!("{} ", given.name) } else { String::new() };
        let (old, current, text) = (String::new(), String::new(), Value::Null);
        let mut changed = Self { given, parts, prefix, old, current, text };
        // Who refuses every PATCH or DELETE refuses this one for another reason.
        match verb {
            Verb::Put => {}
            Verb::Patch => probe.send(changed.write(verb, "Patched"))?.require(success())?,
            Verb::Delete => {
                let (another, _) = kind.given(probe)?;
                probe.delete(another.path())?.require(success())?;
            }
        }
        changed.look(probe)?;
        probe.send(changed.write(Verb::Put, "Meanwhile"))?.require(success())?;
        changed.look(probe)?;
        Ok(changed)
    }

    pub(super) fn look(&mut self, probe: &Probe) -> Outcome {
        let shown = probe.get(self.given.path())?;
        shown.require(header_present("etag"))?;
        let now = shown.header("etag").unwrap_or_default().to_owned();
        self.old = std::mem::replace(&mut self.current, now);
        self.text = shown.at(&self.parts.pointer(NAMED)).cloned().unwrap_or_default();
        Ok(())
    }

    fn write(&self, verb: Verb, name: &str) -> Request {
        let path = self.given.path();
        let name = format!("{}{name}", self.prefix);
        match verb {
            Verb::Put => Request::put(path).json(&self.parts.with(&self.given.sent, NAMED, name)),
            Verb::Patch => {
                let operation = json!({ "op": "replace", "path": self.parts.path(NAMED), "value": name });
                Request::patch(path).json(&json!({ "schemas": [urn::PATCH_OP], "Operations": [operation] }))
            }
            Verb::Delete => Request::delete(path),
        }
    }

    pub(super) fn write_if(&self, probe: &Probe, verb: Verb, tags: &str) -> Result<Reply, Stop> {
        probe.send(self.write(verb, "Under a condition").header("if-match", tags))
    }

    /// Has a condition that holds met first: who refuses every condition says nothing about one that does not.
    pub(super) fn expect_met(&mut self, probe: &Probe) -> Outcome {
        let in_time = |tags: &str| probe.send(self.write(Verb::Put, "In time").header("if-match", tags));
        let by_tag = in_time(&self.current)?;
        if by_tag.status() == 412 {
            in_time("*")?.require(success())?;
        } else {
            by_tag.require(success())?;
        }
        self.look(probe)
    }

    /// Reads again what a refused write was to change.
    pub(super) fn expect_unchanged(&self, probe: &Probe) -> Outcome {
        let shown = probe.get(self.given.path())?;
        shown.expect(success())?;
        shown.expect(equals(&self.parts.pointer(NAMED), self.text.clone()))
    }
}
