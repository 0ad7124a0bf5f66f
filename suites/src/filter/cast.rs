use std::rc::Rc;

use harness::{Given, Lent, Outcome, Probe, Stop, Template, minimal_user};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use protocol::urn;
use serde_json::{Value, json};

use super::list;
use crate::kept;
use crate::parts::Parts;
use crate::times::untold;
use crate::walk::{Walked, walk};

/// Three people with values that tell them apart.
pub(super) struct Cast {
    tag: String,
    parts: Parts,
    lent: Rc<Lent>,
}

/// Who they are, in the order of their creation.
pub(super) const NAMES: [&str; 3] = ["ada", "grace", "alan"];

/// Who is meant to have no value of what.
const WITHOUT: &[(&str, &str)] = &[
    ("grace", "title"),
    ("grace", "userType"),
    ("alan", "userType"),
    ("alan", "name.givenName"),
    ("alan", "emails.value"),
    ("alan", "profileUrl"),
    ("alan", DEPARTMENT),
];
const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

impl Cast {
    /// Asks for them with as much of this as the target offers, where it offers what is asked about.
    pub(super) fn given(probe: &Probe, about: &[&'static str]) -> Result<Self, Stop> {
        let parts = Parts::of(probe, about);
        kept::writable(probe, &set_by_clients(&parts.paths(about)))?;
        let offered = |template| parts.cast(template).as_offered(&probe.service().published);
        let lent = probe.lent(|name| {
            let tag = tag_of(name);
            let [ada, grace] = [("ada", ada(tag)), ("grace", grace(tag))]
                .map(|(who, template)| besides(template, who, tag, about));
            [ada, grace, alan(tag)].map(offered).into()
        })?;
        let cast = Self { tag: tag_of(&lent.tag).to_owned(), parts, lent };
        for path in about.iter().filter(|path| path.starts_with("meta.")) {
            if cast.time(path).is_none() {
                return Err(untold(path, cast.shown(path)));
            }
        }
        Ok(cast)
    }

    /// Makes sure that they are who they were meant to be: what was not kept cannot be found, and what the target
    /// demands of everybody tells nobody apart.
    pub(super) fn confirm(&self, probe: &Probe, about: &[&'static str]) -> Outcome {
        let paths = set_by_clients(&self.parts.paths(about));
        for (who, person) in self.people() {
            let without = WITHOUT.iter().filter(|(whose, _)| *whose == who).map(|(_, path)| *path);
            let mut demanded = without.filter(|path| about.contains(path)).map(|path| self.parts.path(path));
            if let Some(path) = demanded.find(|path| !kept::values(&person.sent, path).is_empty()) {
                return Err(Stop::NotSupported(format!("a user without {path}")));
            }
            kept::kept(probe, person, &paths)?;
        }
        Ok(())
    }

    /// Searches by a filter in which `{tag}` stands for a text that only these people carry, `{ag}` for all of
    /// that but its beginning, `{ada}` for Ada's
    /// userName, `{ada.id}` for her id, `{domain}` for the domain of addresses, and `{TAG}` and `{ADA}` for the same in upper case. `{before}` is an hour
    /// before she was created and `{after}` an hour after, each with an offset by which their texts sort the other
    /// way round.
    pub(super) fn search(&self, probe: &Probe, filter: &str) -> Result<Walked, Stop> {
        let ada = self.ada();
        let user_name = ada.and_then(|ada| ada.body.get("userName")?.as_str()).unwrap_or_default();
        let id = ada.map(|ada| ada.id.as_str()).unwrap_or_default();
        let written =
            self.parts.spelt(filter).replace("{ADA}", &user_name.to_uppercase()).replace("{ada}", user_name);
        let written = written.replace("{ada.id}", id).replace("{domain}", probe.service().domain());
        let written = written.replace("{TAG}", &self.tag.to_uppercase()).replace("{tag}", &self.tag);
        let written = written.replace("{ag}", self.tag.get(1..).unwrap_or_default());
        let created =
            self.time("meta.created").or_else(|| self.time("meta.lastModified")).unwrap_or_default();
        let written =
            written.replace("{before}", &told(created, -1, 14)).replace("{after}", &told(created, 1, -12));
        walk(probe, NAMES.len(), &list(probe).query("filter", &written))
    }

    fn people(&self) -> impl Iterator<Item = (&'static str, &Given)> {
        NAMES.into_iter().zip(&self.lent.resources)
    }

    fn ada(&self) -> Option<&Given> {
        self.lent.resources.first()
    }

    /// A time of Ada's, by its path.
    fn time(&self, path: &str) -> Option<Timestamp> {
        self.shown(path)?.as_str()?.parse().ok()
    }

    fn shown(&self, path: &str) -> Option<&Value> {
        self.ada()?.body.pointer(&format!("/{}", path.replace('.', "/")))
    }

    /// Which of them were found, in the order of the cast, and how many others.
    pub(super) fn among(&self, found: &Walked) -> (Vec<&'static str>, usize) {
        let resources = &found.resources;
        let is = |resource: &Value, person: &Given| {
            resource.get("id").and_then(Value::as_str) == Some(person.id.as_str())
        };
        let strangers = resources.iter().filter(|one| !self.people().any(|(_, person)| is(one, person)));
        let found = self.people().filter(|(_, person)| resources.iter().any(|one| is(one, person)));
        (found.map(|(who, _)| who).collect(), strangers.count())
    }
}

/// What the names of the cast begin with.
fn tag_of(name: &str) -> &str {
    name.rsplit_once('-').map_or(name, |(tag, _)| tag)
}

fn set_by_clients<'a>(paths: &[&'a str]) -> Vec<&'a str> {
    paths.iter().copied().filter(|path| !path.starts_with("meta.")).collect()
}

/// What they have besides where a filter asks about it: who does not take one of these says nothing of other filters.
fn besides(template: Template, who: &str, tag: &str, about: &[&str]) -> Template {
    let asks = |name: &str| about.contains(&name);
    let template = match asks("profileUrl") {
        true => template.with("profileUrl", format!("https://example.com/{tag}/{who}")),
        false => template,
    };
    match asks(DEPARTMENT) {
        true => template.with(urn::ENTERPRISE_USER, json!({ "department": format!("{tag} {who}") })),
        false => template,
    }
}

fn ada(tag: &str) -> Template {
    minimal_user()
        .with("displayName", format!("{tag} Ada"))
        .with("userType", format!("{tag} \"Q\" \\ é"))
        .with("title", format!("{tag} Research and Development or not"))
        .with("nickName", "and")
        .with("active", true)
        .with("externalId", format!("Ext-{tag}-A"))
        .with("name", json!({ "givenName": format!("{tag} Augusta"), "familyName": "Lovelace" }))
        .with(
            "emails",
            json!([
                { "value": format!("ada-{tag}@{{domain}}"), "type": "work", "primary": true },
                { "value": format!("ada-{tag}-b@{{domain}}"), "type": "home" },
            ]),
        )
}

fn grace(tag: &str) -> Template {
    minimal_user()
        .with("displayName", format!("{tag} Grace"))
        .with("nickName", "or")
        .with("active", false)
        .with("externalId", format!("Ext-{tag}-G"))
        .with("name", json!({ "givenName": format!("{tag} Brewster"), "familyName": "Hopper" }))
        .with("emails", json!([{ "value": format!("grace-{tag}-b@{{domain}}"), "type": "work" }]))
}

fn alan(tag: &str) -> Template {
    minimal_user()
        .with("displayName", format!("{tag} Alan"))
        .with("title", format!("{tag} Doctor"))
        .with("nickName", "not")
        .with("active", true)
        .with("externalId", format!("Ext-{tag}-T"))
}

/// A moment some hours from another, as a clock at an offset from UTC in hours shows it.
fn told(from: Timestamp, hours: i64, offset: i8) -> String {
    let moment = from.checked_add(SignedDuration::from_hours(hours)).unwrap_or(from);
    let local = Offset::constant(offset).to_datetime(moment);
    format!("{}{offset:+03}:00", local.strftime("%Y-%m-%dT%H:%M:%S"))
}
