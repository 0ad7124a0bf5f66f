use harness::expect::{holds, success};
use harness::{Check, Given, Outcome, Probe, Procedure, Reply, Stop, Template, minimal_user};
use record::{At, ReqId};
use serde_json::{Value, json};

use super::{judge, refused};
use crate::kept;
use crate::parts::Parts;
use crate::patch::twins::rest_is_taken;
use crate::patch::{PATCHES, patch};

/// What has become of somebody by an operation.
pub(super) enum Became {
    /// A success, and this is true of what a read shows.
    Changed(fn(&Value, &Parts) -> bool),
    /// A success, and everything is as it was.
    Same,
    /// 400 with one of these keywords or none, and everything is as it was.
    Refused(&'static [&'static str]),
}
use Became::{Changed, Refused, Same};

/// Operations that can be read in several ways.
pub(super) struct Edit {
    pub(super) operations: fn(&Parts) -> Value,
    /// The attributes that it is about.
    pub(super) about: &'static [&'static str],
    /// Those that somebody has to be able to do without.
    pub(super) unsets: &'static [&'static str],
    /// What they must not have at first, whatever else the target demands of them.
    pub(super) lacks: &'static [&'static str],
    /// Whom it is done to.
    pub(super) person: fn(&Parts) -> Template,
    pub(super) lawful: &'static [(&'static str, Became)],
    /// Where success without a change is no reading, but breaks no rule of PATCH: what it says nothing of.
    pub(super) silence: Option<ReqId>,
    /// Such an operation with nothing in it to be read in several ways. Who refuses that too has no such operations.
    pub(super) twin: Option<fn(&Parts) -> Value>,
    pub(super) under: &'static [ReqId],
}

/// An operation on somebody with a text that can be changed.
pub(super) const PLAIN: Edit = Edit {
    operations: |_| json!([]),
    about: &["displayName"],
    unsets: &[],
    lacks: &[],
    person: |_| minimal_user().with("displayName", "Before"),
    lawful: &[],
    silence: None,
    twin: None,
    under: &[],
};

impl Edit {
    #[track_caller]
    pub(super) const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(PATCHES)
    }
}

impl Procedure for Edit {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let parts = Parts::of(probe, self.about);
        let about = parts.paths(self.about);
        kept::writable(probe, &about)?;
        kept::removable(probe, &parts.paths(self.unsets))?;
        let person = probe.given(parts.cast((self.person)(&parts)).as_offered(&probe.service().published))?;
        let before = kept::kept(probe, &person, &about)?;
        if let Some(path) = self.lacks.iter().find(|path| !kept::values(&person.sent, path).is_empty()) {
            return Err(Stop::NotSupported(format!("a user without {path}")));
        }
        let operations = (self.operations)(&parts);
        let reply = patch(probe, person.path(), &operations)?;
        let stored = probe.get(person.path())?;
        stored.require(success())?;
        if !reply.succeeded() {
            rest_is_taken(probe, &person, &operations)?;
        }
        let [before, after] = [&before, &stored].map(lasting);
        let unchanged = before? == after?;
        let body = stored.json()?;
        let is = |(_, became): &&(&str, Became)| match became {
            Changed(holds) => reply.succeeded() && holds(body, &parts),
            Same => reply.succeeded() && unchanged,
            Refused(keywords) => unchanged && keywords.iter().any(|keyword| refused(&reply, 400, keyword)),
        };
        let read = self.lawful.iter().find(is).map(|(name, _)| *name);
        if read.is_none() && !reply.succeeded() {
            self.twin_is_taken(probe, &person, &parts)?;
        }
        let lawful: Vec<&str> = self.lawful.iter().map(|(name, _)| *name).collect();
        let (lawful, came) = (lawful.join("; "), came(&reply, unchanged));
        let silent = read.is_none() && reply.succeeded() && unchanged;
        let Some(silence) = self.silence else { return judge(&stored, read, &lawful, &came, self.under) };
        if silent {
            return judge(&stored, read, &lawful, &came, &[silence]);
        }
        judge(&stored, read, &lawful, &came, self.under)?;
        stored.expect(holds("a change, or a refusal", At::Body, Ok::<_, String>(())).under(silence))
    }
}

impl Edit {
    fn twin_is_taken(&self, probe: &Probe, person: &Given, parts: &Parts) -> Outcome {
        let Some(twin) = self.twin else { return Ok(()) };
        match patch(probe, person.path(), &twin(parts))?.succeeded() {
            true => Ok(()),
            false => Err(Stop::NotSupported(format!("a PATCH of {}", self.about.join(" and ")))),
        }
    }
}

/// What a read shows that only a change changes.
fn lasting(stored: &Reply) -> Result<Value, Stop> {
    let mut body = stored.json()?.clone();
    if let Some(body) = body.as_object_mut() {
        body.remove("meta");
    }
    Ok(body)
}

fn came(reply: &Reply, unchanged: bool) -> String {
    let keyword = reply.at("/scimType").and_then(Value::as_str).unwrap_or_default();
    let what = if unchanged { "nothing has changed" } else { "what stands there is none of that" };
    format!("{} {keyword} and {what}", reply.status()).replace("  ", " ")
}
