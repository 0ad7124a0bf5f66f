//! RFC 7644 §3.4.2.2: filters.
//!
//! Every row asks about three people of its own and looks only at which of these come back: what else the
//! server holds is not its business.

pub(crate) mod errors;
pub(crate) mod logic;
pub(crate) mod names;
pub(crate) mod operators;
pub(crate) mod types;

use client::Request;
use harness::expect::{holds, success};
use harness::{Capability, Check, Given, Outcome, Probe, Procedure, Stop, capability, minimal_user};
use record::{At, ReqId};
use serde_json::{Value, json};

/// What a row needs of the target.
pub(super) const FILTERS: &[Capability] = &[capability::CREATE_USER, capability::FILTER_USER];

/// A filter and the people that it is to find. In the filter `{tag}` stands for a text that only this row's
/// people carry, `{ada}` for Ada's userName and `{ada.id}` for her id.
pub(crate) struct FilterRow {
    filter: &'static str,
    finds: &'static [&'static str],
    under: &'static [ReqId],
}

impl FilterRow {
    pub(super) const fn new(
        filter: &'static str,
        finds: &'static [&'static str],
        under: &'static [ReqId],
    ) -> Self {
        Self { filter, finds, under }
    }

    #[track_caller]
    pub(super) const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(FILTERS)
    }
}

/// Three people with values that tell them apart.
pub(super) struct Cast {
    tag: String,
    people: Vec<(&'static str, Given)>,
}

impl Procedure for FilterRow {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let cast = Cast::given(probe)?;
        let reply = probe.send(search(probe, &cast.write(self.filter)))?;
        for requirement in self.under {
            reply.expect(success().under(*requirement))?;
            let found = cast.among(reply.at("/Resources"));
            let outcome = if found == self.finds { Ok(()) } else { Err(format!("{found:?}")) };
            reply.expect(
                holds(format!("of its three people {:?}", self.finds), At::Body, outcome).under(*requirement),
            )?;
        }
        Ok(())
    }
}

/// A list of users under a filter.
pub(super) fn search(probe: &Probe, filter: &str) -> Request {
    Request::get(probe.service().endpoint("User")).query("filter", filter).query("count", "100")
}

impl Cast {
    /// Creates them. What a server does not keep of them cannot be asked about.
    pub(super) fn given(probe: &Probe) -> Result<Self, Stop> {
        let first = probe.fill(&minimal_user());
        let name = first.get("userName").and_then(Value::as_str).unwrap_or_default();
        let tag = name.rsplit_once('-').map_or(name, |(tag, _)| tag).to_owned();
        let ada = minimal_user()
            .with("displayName", format!("{tag} Ada"))
            .with("userType", format!("{tag} \"Q\" \\ é"))
            .with("title", format!("{tag} Engineer"))
            .with("active", true)
            .with("externalId", format!("Ext-{tag}-A"))
            .with("name", json!({ "givenName": format!("{tag} Augusta"), "familyName": "Lovelace" }))
            .with(
                "emails",
                json!([
                    { "value": format!("ada-{tag}@example.com"), "type": "work", "primary": true },
                    { "value": format!("ada-{tag}@example.org"), "type": "home" },
                ]),
            );
        let grace = minimal_user()
            .with("displayName", format!("{tag} Grace"))
            .with("active", false)
            .with("externalId", format!("Ext-{tag}-G"))
            .with("name", json!({ "givenName": format!("{tag} Brewster"), "familyName": "Hopper" }))
            .with("emails", json!([{ "value": format!("grace-{tag}@example.org"), "type": "work" }]));
        let alan = minimal_user()
            .with("displayName", format!("{tag} Alan"))
            .with("title", format!("{tag} Doctor"))
            .with("active", true)
            .with("externalId", format!("Ext-{tag}-T"));
        let mut people = Vec::new();
        for (who, template) in [("ada", ada), ("grace", grace), ("alan", alan)] {
            people.push((who, probe.given(template)?.keeps(&["displayName", "active"])?));
        }
        Ok(Self { tag, people })
    }

    /// The filter with its placeholders filled in.
    pub(super) fn write(&self, filter: &str) -> String {
        let ada = self.people.first().map(|(_, ada)| ada);
        let user_name = ada.and_then(|ada| ada.body.get("userName")?.as_str()).unwrap_or_default();
        let id = ada.map(|ada| ada.id.as_str()).unwrap_or_default();
        let written = filter.replace("{ADA}", &user_name.to_uppercase()).replace("{ada}", user_name);
        written.replace("{ada.id}", id).replace("{TAG}", &self.tag.to_uppercase()).replace("{tag}", &self.tag)
    }

    /// Which of them are among the resources, in the order of the cast.
    pub(super) fn among(&self, resources: Option<&Value>) -> Vec<&'static str> {
        let ids: Vec<&str> = resources
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|resource| resource.get("id")?.as_str())
            .collect();
        self.people
            .iter()
            .filter(|(_, person)| ids.contains(&person.id.as_str()))
            .map(|(who, _)| *who)
            .collect()
    }
}
