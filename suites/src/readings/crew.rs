use client::Request;
use harness::{Given, Probe, Stop, Template, minimal_user};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::question::Question;
use crate::kept;
use crate::parts::Parts;
use crate::times::untold;
use crate::walk::{Walked, walk};

/// What the three are called.
const NAMES: [&str; 3] = ["ada", "grace", "alan"];

/// Three people who share a `displayName` that nobody else has, and differ in what a question is about.
pub(super) struct Crew {
    tag: String,
    parts: Parts,
    people: Vec<(&'static str, Given)>,
}

impl Crew {
    /// Creates them, and makes sure that they are who they were meant to be. A target need not let anybody be without a
    /// value, or keep one that is out of the ordinary.
    pub(super) fn given(probe: &Probe, question: &Question) -> Result<Self, Stop> {
        let about = [&["displayName"], question.about].concat();
        let parts = Parts::of(probe, &about);
        let paths = parts.paths(&about);
        kept::writable(probe, &paths)?;
        let first = probe.fill(&minimal_user());
        let name = first.get("userName").and_then(Value::as_str).unwrap_or_default();
        let tag = name.rsplit_once('-').map_or(name, |(tag, _)| tag).to_owned();
        let mut crew = Self { tag, parts, people: Vec::new() };
        for (who, template) in NAMES.into_iter().zip((question.people)(&crew.tag)) {
            let template = template.with("displayName", crew.tag.clone());
            let person = crew.enters(probe, question, who, template)?;
            crew.people.push((who, person));
        }
        Ok(crew)
    }

    fn enters(
        &self,
        probe: &Probe,
        question: &Question,
        who: &'static str,
        template: Template,
    ) -> Result<Given, Stop> {
        let odd = question.odd.filter(|(whose, ..)| *whose == who);
        let lacking = |what: &str| Stop::NotSupported(what.to_owned());
        let person = probe.given(self.parts.cast(template).as_offered(&probe.service().published));
        let person = match (person, odd) {
            (Err(Stop::Blocked(_)), Some((_, _, what))) => return Err(lacking(what)),
            (person, _) => person?,
        };
        let without = question.without.iter().filter(|(whose, _)| *whose == who);
        for path in without.map(|(_, path)| self.parts.path(path)) {
            if !kept::values(&person.sent, path).is_empty() || !kept::values(&person.body, path).is_empty() {
                return Err(Stop::NotSupported(format!("a user without {path}")));
            }
        }
        match odd {
            Some((_, path, what)) if !same(&person, self.parts.path(path)) => Err(lacking(what)),
            _ => self.keeps(probe, question, person),
        }
    }

    /// Who is sent nothing of what a question is about is believed to be what the answer to the create shows.
    fn keeps(&self, probe: &Probe, question: &Question, person: Given) -> Result<Given, Stop> {
        let shared = self.parts.path("displayName");
        let mut about = self.parts.paths(question.about);
        if about.iter().all(|path| kept::values(&person.sent, path).is_empty()) {
            return person.keeps(&[shared.split('.').next().unwrap_or(shared)]);
        }
        about.push(shared);
        kept::kept(probe, &person, &about).map(|_| person)
    }

    /// Searches by a filter in which `{tag}` stands for the `displayName` of all three, `{ada}` for Ada's userName,
    /// `{domain}` for the domain of addresses,
    /// `{created}` for the moment of her creation as a clock far in the east shows it, and `{before}` for an hour before.
    pub(super) fn search(&self, probe: &Probe, filter: &str) -> Result<Walked, Stop> {
        let ada = self.people.first().map(|(_, ada)| &ada.body);
        let name = ada.and_then(|ada| ada.get("userName")?.as_str()).unwrap_or_default();
        let mut filter = self.parts.spelt(filter).replace("{tag}", &self.tag).replace("{ada}", name);
        filter = filter.replace("{domain}", probe.service().domain());
        if filter.contains("{created}") || filter.contains("{before}") {
            let shown = ada.and_then(|ada| ada.pointer("/meta/created"));
            let Some(created) = shown.and_then(|created| created.as_str()?.parse().ok()) else {
                return Err(untold("meta.created", shown));
            };
            filter = filter.replace("{created}", &told(created, 0)).replace("{before}", &told(created, -1));
        }
        let list = Request::get(probe.service().endpoint("User")).query("count", "100");
        walk(probe, self.people.len(), &list.query("filter", &filter))
    }

    /// Which of them were found, in their order, and how many others.
    pub(super) fn among(&self, found: &Walked) -> (Vec<&'static str>, usize) {
        let ids = found.ids();
        let present = self.people.iter().filter(|(_, person)| ids.contains(&person.id.as_str()));
        let present: Vec<&str> = present.map(|(who, _)| *who).collect();
        let known = |id: &&str| self.people.iter().any(|(_, person)| person.id == *id);
        (present, ids.iter().filter(|id| !known(id)).count())
    }
}

fn same(person: &Given, path: &str) -> bool {
    kept::values(&person.sent, path) == kept::values(&person.body, path)
}

/// A moment some hours from another, as a clock fourteen hours ahead of UTC shows it.
fn told(from: Timestamp, hours: i64) -> String {
    let moment = from.checked_add(SignedDuration::from_hours(hours)).unwrap_or(from);
    let local = Offset::constant(14).to_datetime(moment);
    format!("{}+14:00", local.strftime("%Y-%m-%dT%H:%M:%S%.f"))
}
