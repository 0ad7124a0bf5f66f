//! People whose order is known.

use client::Request;
use harness::expect::{holds, success};
use harness::{Given, Outcome, Probe, Stop, minimal_user};
use record::At;
use serde_json::{Value, json};

use crate::kept;
use crate::parts::Parts;
use crate::walk::Walked;

/// Three people, whose values by every attribute are in the order of their names.
pub(super) struct Three {
    people: Vec<(&'static str, Given)>,
    pub(super) parts: Parts,
}

impl Three {
    /// Creates them, where clients can set what is to be sorted by, and makes sure that it was kept.
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
        let tag = probe.fill(&minimal_user());
        let tag = tag.get("userName").and_then(Value::as_str).unwrap_or_default();
        let mail = |name: &str, primary: bool| json!({ "value": format!("{name}-{tag}@example.com"), "primary": primary });
        let of = |name: &str, nick: &str| {
            minimal_user()
                .with("displayName", format!("{tag} {name}"))
                .with("nickName", format!("{nick}{tag}"))
                .with("name", json!({ "givenName": "Given", "familyName": format!("{name}{tag}") }))
                .with("externalId", format!("{tag}-{name}"))
        };
        let people = [
            (
                "ben",
                of("ben", "B").with("title", "b").with("emails", json!([mail("aa", false), mail("b", true)])),
            ),
            (
                "ada",
                of("ada", "a").with("title", "a").with("emails", json!([mail("z", false), mail("a", true)])),
            ),
            ("cyd", of("cyd", "c").with("emails", json!([mail("bb", false), mail("c", true)]))),
        ];
        let mut people_there = Vec::new();
        for (who, template) in people {
            let template = parts.cast(template).as_offered(&probe.service().published);
            let person = probe.given(template)?;
            kept::kept(probe, &person, &about)?;
            people_there.push((who, person));
        }
        let three = Self { people: people_there, parts };
        // As long as nobody asks for an order the list is answered.
        probe.send(three.list(probe))?.require(success())?;
        Ok(three)
    }

    /// A list of them alone. They are told from others by an externalId that begins with what nobody else's does, and
    /// where that is not kept, by the userName.
    pub(super) fn list(&self, probe: &Probe) -> Request {
        let first = self.people.first().map(|(_, person)| person);
        let told = |name: &str| {
            let kept = first.filter(|person| person.sent.get(name) == person.body.get(name))?;
            kept.sent.get(name)?.as_str()?.rsplit_once('-').map(|(tag, _)| format!("{name} sw \"{tag}-\""))
        };
        let list = Request::get(probe.service().endpoint("User"));
        let filter = told("externalId").or_else(|| told("userName")).unwrap_or_default();
        list.query("filter", &filter)
    }

    pub(super) fn come(&self, walked: &Walked, wanted: &[&str; 3]) -> Outcome {
        let name = |id: &&str| self.people.iter().find(|(_, person)| person.id == **id).map(|(who, _)| *who);
        let seen: Vec<&str> = walked.ids().iter().filter_map(name).collect();
        let found = seen.len() == wanted.len() && walked.resources.len() == wanted.len();
        let found = if found { Ok(()) } else { Err(format!("{} resources", walked.resources.len())) };
        walked.last().require(holds("the three people created and nobody else", At::Body, found))?;
        let outcome = if seen == wanted { Ok(()) } else { Err(format!("{seen:?}")) };
        walked.first.expect(holds(format!("in the order {wanted:?}"), At::Body, outcome))
    }
}
