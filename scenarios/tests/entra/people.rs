//! A small directory with a fixed mapping.

use std::collections::{BTreeMap, BTreeSet};

use scenarios::entra::{Changed, MemberChange, Object, ObjectKind, OutOfScope, Source, Standing};
use scenarios::{Apply, Reference, Wanted, WantedAttribute};
use serde_json::{Value, json};

pub(crate) const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
pub(crate) const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";

#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) department: Option<String>,
    pub(crate) manager: Option<String>,
    pub(crate) enabled: bool,
    pub(crate) scope: Result<(), OutOfScope>,
    pub(crate) binned: bool,
}

#[derive(Clone)]
pub(crate) struct Team {
    pub(crate) name: String,
    pub(crate) members: BTreeSet<String>,
    pub(crate) assigned: bool,
}

/// What everybody is, and what changed when.
pub(crate) struct People {
    people: BTreeMap<String, Person>,
    teams: BTreeMap<String, Team>,
    feed: Vec<(Object, Option<MemberChange>)>,
    /// Whether the mapping has a row for `active`.
    pub(crate) maps_active: bool,
}

impl People {
    pub(crate) fn new() -> Self {
        Self { people: BTreeMap::new(), teams: BTreeMap::new(), feed: Vec::new(), maps_active: true }
    }

    /// People who are assigned, by name; the first is everybody's manager.
    pub(crate) fn of(names: &[&str]) -> Self {
        let mut people = Self::new();
        for name in names {
            people.hire(name);
        }
        people
    }

    pub(crate) fn hire(&mut self, name: &str) {
        let person = Person {
            name: name.to_owned(),
            department: Some("Sales".to_owned()),
            manager: None,
            enabled: true,
            scope: Ok(()),
            binned: false,
        };
        self.people.insert(name.to_owned(), person);
        self.feed.push((Object::user(name), None));
    }

    pub(crate) fn change(&mut self, name: &str, change: impl FnOnce(&mut Person)) {
        change(self.people.get_mut(name).expect("a person"));
        self.feed.push((Object::user(name), None));
    }

    pub(crate) fn purge(&mut self, name: &str) {
        self.people.remove(name).expect("a person");
        self.feed.push((Object::user(name), None));
    }

    pub(crate) fn found(&mut self, team: &str, members: &[&str]) {
        let members: BTreeSet<String> = members.iter().map(|name| (*name).to_owned()).collect();
        let changes = members.iter().map(|user| {
            let came = MemberChange { user: user.clone(), is_member: true };
            (Object::group(team), Some(came))
        });
        self.feed.extend(changes);
        self.feed.push((Object::group(team), None));
        let team_of = Team { name: team.to_owned(), members, assigned: true };
        self.teams.insert(team.to_owned(), team_of);
    }

    pub(crate) fn regroup(&mut self, team: &str, change: impl FnOnce(&mut Team)) {
        change(self.teams.get_mut(team).expect("a team"));
        self.feed.push((Object::group(team), None));
    }

    pub(crate) fn join(&mut self, team: &str, name: &str, is_member: bool) {
        let members = &mut self.teams.get_mut(team).expect("a team").members;
        let changed = if is_member { members.insert(name.to_owned()) } else { members.remove(name) };
        assert!(changed, "{name} in {team}");
        self.feed.push((Object::group(team), Some(MemberChange { user: name.to_owned(), is_member })));
    }

    pub(crate) fn person(&self, name: &str) -> &Person {
        &self.people[name]
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        self.people.keys()
    }

    pub(crate) fn team(&self, team: &str) -> &Team {
        &self.teams[team]
    }

    pub(crate) fn teams(&self) -> impl Iterator<Item = &Team> {
        self.teams.values()
    }

    fn user(&self, name: &str) -> Option<Wanted> {
        let person = self.people.get(name)?;
        let active = person.enabled && person.scope.is_ok() && !person.binned;
        let mail = mail(name);
        let mut attributes = vec![
            WantedAttribute { matching: Some(1), ..plain("userName", json!(mail)) },
            plain("displayName", json!(person.name)),
            plain("emails[type eq \"work\"].value", json!(mail)),
            plain("externalId", json!(name)),
        ];
        if self.maps_active {
            attributes.insert(1, plain("active", json!(active)));
        }
        attributes.extend(person.department.as_ref().map(|department| plain(DEPARTMENT, json!(department))));
        attributes.extend(person.manager.as_ref().map(|manager| WantedAttribute {
            references: vec![Reference { source: manager.clone(), value: None }],
            ..plain(MANAGER, Value::Null)
        }));
        Some(Wanted { source: name.to_owned(), name: person.name.clone(), attributes, unset: Vec::new() })
    }

    fn group(&self, name: &str) -> Option<Wanted> {
        let team = self.teams.get(name)?;
        let attributes = vec![
            WantedAttribute { matching: Some(1), ..plain("displayName", json!(team.name)) },
            plain("externalId", json!(name)),
        ];
        Some(Wanted { source: name.to_owned(), name: team.name.clone(), attributes, unset: Vec::new() })
    }
}

pub(crate) fn mail(name: &str) -> String {
    format!("{name}@contoso.example")
}

fn plain(target: &str, value: Value) -> WantedAttribute {
    WantedAttribute {
        target: target.to_owned(),
        value,
        apply: Apply::Always,
        matching: None,
        case_exact: false,
        references: Vec::new(),
    }
}

impl Source for People {
    fn watermark(&self) -> u64 {
        self.feed.len() as u64
    }

    fn objects(&self, kind: ObjectKind) -> Box<dyn Iterator<Item = String> + '_> {
        match kind {
            ObjectKind::User => Box::new(self.people.keys().cloned()),
            ObjectKind::Group => Box::new(self.teams.keys().cloned()),
        }
    }

    fn changes(&self, since: u64) -> Vec<Changed> {
        let mut changes: BTreeMap<Object, BTreeMap<String, bool>> = BTreeMap::new();
        for (object, member) in &self.feed[usize::try_from(since).expect("a place in the feed")..] {
            let members = changes.entry(object.clone()).or_default();
            members.extend(member.iter().map(|member| (member.user.clone(), member.is_member)));
        }
        let change = |(user, is_member)| MemberChange { user, is_member };
        let changes = changes.into_iter();
        changes
            .map(|(object, members)| Changed { object, members: members.into_iter().map(change).collect() })
            .collect()
    }

    fn standing(&self, object: &Object) -> Standing {
        match object.kind {
            ObjectKind::User => match self.people.get(&object.id) {
                None => Standing::Gone,
                Some(person) if person.binned => Standing::SoftDeleted,
                Some(Person { scope: Err(why), .. }) => Standing::OutOfScope(*why),
                Some(person) if person.enabled => Standing::InScope,
                Some(_) => Standing::Disabled,
            },
            ObjectKind::Group => match self.teams.get(&object.id) {
                None => Standing::Gone,
                Some(team) if team.assigned => Standing::InScope,
                Some(_) => Standing::OutOfScope(OutOfScope::Unassigned),
            },
        }
    }

    fn wanted(&self, object: &Object) -> Option<Wanted> {
        match object.kind {
            ObjectKind::User => self.user(&object.id),
            ObjectKind::Group => self.group(&object.id),
        }
    }

    fn members(&self, group: &str) -> Vec<String> {
        self.teams[group].members.iter().cloned().collect()
    }

    fn matching(&self, kind: ObjectKind) -> Vec<String> {
        match kind {
            ObjectKind::User => vec!["userName".to_owned()],
            ObjectKind::Group => vec!["displayName".to_owned()],
        }
    }
}
