//! People whose order is known.

use std::rc::Rc;

use client::Request;
use harness::expect::{holds, success};
use harness::{Lent, Outcome, Probe, Stop, Template, minimal_user};
use record::At;
use serde_json::{Value, json};

use crate::kept;
use crate::parts::Parts;
use crate::places;
use crate::walk::Walked;

/// Who they are, in the order of their creation.
const NAMES: [&str; 3] = ["ben", "ada", "cyd"];

/// Three people, whose values by every attribute are in the order of their names.
pub(super) struct Three {
    lent: Rc<Lent>,
    pub(super) parts: Parts,
}

impl Three {
    /// Asks for them, where clients can set what is to be sorted by, and makes sure that it was kept.
    pub(super) fn given(probe: &Probe, by: &'static str) -> Result<Self, Stop> {
        let parts = Parts::of(probe, &[by]);
        let path = parts.path(by);
        // Which of several values counts is said by the one that is primary.
        let primary = path.strip_suffix(".value").map(|values| format!("{values}.primary"));
        let about: Vec<&str> = std::iter::once(path).chain(primary.as_deref()).collect();
        kept::writable(probe, &about)?;
        if by == "title" {
            kept::removable(probe, &[path])?;
        }
        if by == "nickName" && probe.service().published.case_exact(path) == Some(true) {
            return Err(Stop::NotSupported(format!("a {path} that ignores letter case")));
        }
        let offered = |template| parts.cast(template).as_offered(&probe.service().published);
        let lent = probe.lent(|tag| people(tag).map(offered).into())?;
        for person in &lent.resources {
            kept::kept(probe, person, &about)?;
        }
        let three = Self { lent, parts };
        // As long as nobody asks for an order the list is answered.
        probe.send(three.list(probe))?.require(success())?;
        Ok(three)
    }

    /// A list of them alone. They are told from others by an externalId that begins with what nobody else's does, and
    /// where that is not kept, by the userName.
    pub(super) fn list(&self, probe: &Probe) -> Request {
        let first = self.lent.resources.first();
        let told = |name: &str| {
            let kept = first.filter(|person| person.sent.get(name) == person.body.get(name))?;
            kept.sent.get(name)?.as_str()?.rsplit_once('-').map(|(tag, _)| format!("{name} sw \"{tag}-\""))
        };
        let list = Request::get(probe.service().endpoint("User"));
        let filter = told("externalId").or_else(|| told("userName")).unwrap_or_default();
        list.query("filter", &filter)
    }

    pub(super) fn come(&self, walked: &Walked, wanted: &[&str; 3]) -> Outcome {
        let people = NAMES.iter().zip(&self.lent.resources);
        let name = |id: &&str| people.clone().find(|(_, person)| person.id == **id).map(|(who, _)| *who);
        let seen: Vec<&str> = walked.ids().iter().filter_map(name).collect();
        let found = seen.len() == wanted.len() && walked.resources.len() == wanted.len();
        let found = if found { Ok(()) } else { Err(format!("{} resources", walked.resources.len())) };
        walked.last().require(holds("the three people created and nobody else", At::Body, found))?;
        let outcome = if seen == wanted { Ok(()) } else { Err(format!("{seen:?}")) };
        walked.first.expect(holds(format!("in the order {wanted:?}"), places::resources(), outcome))
    }
}

fn people(tag: &str) -> [Template; 3] {
    let mail = |name: &str, primary: bool| json!({ "value": format!("{name}-{tag}@{{domain}}"), "primary": primary });
    let of = |name: &str, nick: &str, mails: [Value; 2]| {
        minimal_user()
            .with("displayName", format!("{tag} {name}"))
            .with("nickName", format!("{nick}{tag}"))
            .with("name", json!({ "givenName": "Given", "familyName": format!("{name}{tag}") }))
            .with("externalId", format!("{tag}-{name}"))
            .with("emails", json!(mails))
    };
    [
        of("ben", "B", [mail("aa", false), mail("b", true)]).with("title", "b"),
        of("ada", "a", [mail("z", false), mail("a", true)]).with("title", "a"),
        of("cyd", "c", [mail("bb", false), mail("c", true)]),
    ]
}
