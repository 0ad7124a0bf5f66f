//! What stands trial: the reference server's engine, asked through its public functions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{LazyLock, Mutex};

use engine::{Current, Leniency, Reject, ResourceType, Rules, parse_filter};
use profiles::Profile;
use serde_json::{Map, Value, json};
use suites::oracle::{Choice, Point, Refusal, Type};

/// What an engine lives by, and the readings that follow from it.
pub(crate) struct Code {
    rules: Rules,
    /// The points at which the rules leave no choice.
    pub(crate) held: BTreeMap<Point, usize>,
    /// The readings that explained earlier answers; tried first, they save time.
    pub(crate) usual: Mutex<BTreeMap<Point, usize>>,
}

/// The standard alone.
pub(crate) static RFC: LazyLock<Code> = LazyLock::new(|| Code::of("rfc"));
/// What a provisioning client needs beyond it.
pub(crate) static ENTRA_READY: LazyLock<Code> = LazyLock::new(|| Code::of("entra-ready"));

/// An application that has what the core types have too little of.
pub(crate) static OWN: LazyLock<Code> = LazyLock::new(|| {
    let profile = profiles::parse(include_str!("gauged.toml"), "gauged.toml").unwrap();
    Code::played(&profile, held(&profile))
});

/// A point of profiles, a reading of it, and what that leaves of the oracle's.
type Taken = (&'static str, &'static str, &'static [Choice]);

/// What the readings of a profile leave of the oracle's: the points and the one reading of each.
const HELD: &[Taken] = &[
    ("extension-names", "bare", &[(Point::BareExtension, 1)]),
    ("string-booleans", "accepted", &[(Point::BooleanText, 1)]),
    ("filter.bare-complex", "value", &[(Point::BareMultiValued, 0), (Point::BareSingle, 1)]),
    ("patch.unknown", "ignored", &[(Point::UnknownPath, 1), (Point::UnknownKey, 1)]),
    ("patch.unmatched-replace", "created", &[(Point::UnmatchedReplace, 1)]),
    ("patch.bare-value", "accepted", &[(Point::BareValue, 1), (Point::EmptyBareValue, 1)]),
    ("patch.list-of-one", "accepted", &[(Point::ListOfOne, 1)]),
    // What the generated requests have no shape for.
    ("unknown-schemas", "ignored", &[]),
    ("separator", "colon-or-dot", &[]),
    ("patch.answer", "no-content", &[]),
];

fn held(profile: &Profile) -> BTreeMap<Point, usize> {
    let taken = profile.readings.iter().flat_map(|(point, reading)| {
        let known = HELD.iter().find(|(known, choice, _)| known == point && choice == reading);
        known.unwrap_or_else(|| panic!("the oracle does not know {point} as {reading}")).2
    });
    taken.copied().collect()
}

impl Code {
    fn of(profile: &str) -> Self {
        let profile = profiles::find(profile).unwrap();
        Self::played(&profile, held(&profile))
    }

    fn played(profile: &Profile, held: BTreeMap<Point, usize>) -> Self {
        Self { rules: reference_server::rules(profile).unwrap(), held, usual: Mutex::default() }
    }

    /// For each reading of a profile that the oracle can be held to, an engine that does without it.
    pub(crate) fn each_without_a_reading(profile: &str) -> Vec<(String, &'static Self)> {
        let profile = profiles::find(profile).unwrap();
        let points = profile
            .readings
            .keys()
            .filter(|point| HELD.iter().any(|(known, _, held)| known == point && !held.is_empty()));
        let without = |point: &String| {
            let mut other = profile.clone();
            other.readings.remove(point);
            let code: &'static Self = Box::leak(Box::new(Self::played(&other, held(&profile))));
            (point.clone(), code)
        };
        points.map(without).collect()
    }

    fn resource_type(&self, on: &'static Type) -> &ResourceType {
        self.rules.resource_types.iter().find(|candidate| candidate.schema == on.urn).unwrap()
    }
}

/// What something refuses a request with: a status and a keyword.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct No {
    status: u16,
    keyword: String,
}

impl No {
    /// Whether a lawful refusal has this status and keyword.
    pub(crate) fn fits(&self, lawful: &Refusal) -> bool {
        let status = if self.keyword == "sensitive" { 403 } else { 400 };
        self.status == status && lawful.contains(self.keyword.as_str())
    }
}

impl From<Reject> for No {
    fn from(reject: Reject) -> Self {
        Self {
            status: reject.status,
            keyword: reject.scim_type.map_or_else(String::new, |keyword| keyword.as_str().to_owned()),
        }
    }
}

/// A server with one resource.
pub(crate) trait Accused {
    /// Answers a PATCH.
    fn patch(&mut self, body: &Value) -> Result<(), No>;
    /// The resource as it is now.
    fn shown(&self) -> Value;
}

/// The engine with one resource.
pub(crate) struct Engine {
    code: &'static Code,
    resource_type: &'static ResourceType,
    id: String,
    body: Map<String, Value>,
    members: BTreeSet<String>,
    /// Whether the last PATCH changed anything, by the engine's account.
    pub(crate) changed: bool,
}

impl Engine {
    pub(crate) fn new(code: &'static Code, on: &'static Type, id: &str, body: &Value) -> Self {
        let resource_type = code.resource_type(on);
        let draft = code.rules.accept(resource_type, body.as_object().unwrap().clone(), None).unwrap();
        let members = draft.members.into_iter().collect();
        Self { code, resource_type, id: id.to_owned(), body: draft.body, members, changed: false }
    }
}

impl Accused for Engine {
    fn patch(&mut self, body: &Value) -> Result<(), No> {
        let edits = self.code.rules.edits(body.as_object().unwrap().clone())?;
        let listed = || {
            let element = |id: &String| json!({ "value": id, "type": "User" }).as_object().unwrap().clone();
            self.members.iter().map(element).collect()
        };
        let current = Current { id: &self.id, body: &self.body, members: &listed };
        let patched = self.code.rules.patch(self.resource_type, &current, &edits)?;
        let before = self.members.clone();
        if patched.edges.cleared {
            self.members.clear();
        }
        self.members.retain(|id| !patched.edges.removes.contains(id));
        self.members.extend(patched.edges.adds);
        self.changed = patched.changed || self.members != before;
        self.body = patched.draft.body;
        Ok(())
    }

    fn shown(&self) -> Value {
        let mut resource = self.body.clone();
        resource.insert("id".to_owned(), self.id.as_str().into());
        let minute = self.id.len();
        resource.insert(
            "meta".to_owned(),
            json!({
                "resourceType": self.resource_type.name,
                "created": "2026-03-01T12:00:00.000Z",
                "lastModified": format!("2026-03-01T12:0{minute}:00.500Z"),
                "location": format!("https://x.example/{}", self.id),
                "version": "W/\"1\"",
            }),
        );
        if !self.members.is_empty() {
            let link = |id: &String| format!("https://x.example/{id}");
            let member = |id: &String| json!({ "value": id, "type": "User", "$ref": link(id) });
            resource.insert("members".to_owned(), self.members.iter().map(member).collect());
        }
        Value::Object(resource)
    }
}

/// The places of those resources that the engine's filter matches.
pub(crate) fn select(
    code: &Code,
    on: &'static Type,
    text: &str,
    resources: &[Value],
) -> Result<BTreeSet<usize>, No> {
    let filter = parse_filter(text, &code.rules.limits, Leniency::default())?;
    let matcher = code.rules.matcher(code.resource_type(on), &filter)?;
    let matches = |resource: &Value| matcher.matches(resource.as_object().unwrap());
    Ok(resources.iter().enumerate().filter(|(_, resource)| matches(resource)).map(|(at, _)| at).collect())
}
