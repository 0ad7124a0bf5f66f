//! A scenario set up for one run: its directory, and what its steps do to it.

use std::collections::BTreeMap;

use crate::directory::{AppRole, AttributeValue, Directory, DirectoryError, Kind, NewGroup, NewUser};
use crate::file::action::Action;
use crate::file::model::{Group, People, Person, Scenario};
use crate::file::parts::Parts;
use crate::file::sound::Names;
use crate::file::{ScenarioError, domain, read, sound};
use crate::population::{Population, Shape};

/// What stands for the run in names.
pub const RUN: &str = "{run}";

/// A scenario set up for one run.
#[derive(Debug)]
pub struct Stage {
    /// The scenario, with the names of this run.
    pub scenario: Scenario,
    directory: Directory,
    /// The object ids of those who have a key, also of those who come later.
    ids: BTreeMap<String, String>,
}

impl Scenario {
    /// Sets the scenario up for a run: a short label of letters and digits that no other run has.
    ///
    /// # Errors
    /// When its directory cannot be; a scenario that was read has been tried out, so this comes of the label alone.
    pub fn staged(&self, run: &str) -> Result<Stage, ScenarioError> {
        self.staged_in(run, None)
    }

    /// The same with all addresses in a domain, where one is named: what tells the run's from others' stands in front of the sign.
    ///
    /// # Errors
    /// As [`staged`](Self::staged).
    pub fn staged_in(&self, run: &str, domain: Option<&str>) -> Result<Stage, ScenarioError> {
        let text = domain::own(&self.text, run, domain).replace(RUN, run);
        let (source, file) = read(&text, &self.file)?;
        let parts = Parts { mapping: self.mapping.clone(), profile: self.profile.clone() };
        let scenario = sound::scenario(file, source, Names::OfARun, parts)?;
        Stage::new(scenario, run, domain)
    }
}

impl Stage {
    pub(super) fn new(scenario: Scenario, run: &str, domain: Option<&str>) -> Result<Self, ScenarioError> {
        let keys = scenario.people.iter().map(|person| &person.key);
        let keys = keys.chain(scenario.groups.iter().map(|group| &group.key));
        let ids = keys.map(|key| (key.clone(), object_id(&scenario.name, run, key))).collect();
        let mut directory = Directory::new(scenario.app.scope);
        directory.set_default_access(scenario.app.default_access);
        let mut stage = Self { scenario, directory, ids };
        stage.fill(run, domain)?;
        Ok(stage)
    }

    /// The directory as it is now.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The id in the directory of a person or a group, by key.
    #[must_use]
    pub fn object_id(&self, key: &str) -> Option<&str> {
        self.ids.get(key).map(String::as_str)
    }

    /// The key of an id in the directory; none for made-up people.
    #[must_use]
    pub fn key(&self, object_id: &str) -> Option<&str> {
        self.ids.iter().find(|(_, id)| *id == object_id).map(|(key, _)| key.as_str())
    }

    /// Lets time pass in the directory: who has been in the bin for 30 days at a time in milliseconds since 1970 is
    /// deleted for good.
    pub fn pass_time(&mut self, now_ms: i64) {
        self.directory.empty_bin(now_ms);
    }

    /// Does to the directory what an action says, at a time in milliseconds since 1970. An action that is not about the
    /// directory does nothing here.
    ///
    /// # Errors
    /// When that cannot be done. A scenario that was read has been tried out.
    pub fn apply(&mut self, action: &Action, now_ms: i64) -> Result<(), DirectoryError> {
        let id =
            |key: &str| self.ids.get(key).cloned().ok_or_else(|| DirectoryError::Unknown(key.to_owned()));
        match action {
            Action::Add(key) => self.add(key),
            Action::Set { of, attributes } => {
                let id = id(of)?;
                attributes.iter().try_for_each(|(name, value)| {
                    let value = Some(AttributeValue::from(value.as_str()));
                    self.directory.set(&id, name, value)
                })
            }
            Action::Manager { of, is } => {
                let (of, is) = (id(of)?, is.as_deref().map(id).transpose()?);
                self.directory.set_manager(&of, is.as_deref())
            }
            Action::Assign(key) => self.directory.assign(&id(key)?, role()),
            Action::AssignDefaultAccess(key) => self.directory.assign(&id(key)?, AppRole::DefaultAccess),
            Action::Unassign(key) => self.directory.unassign(&id(key)?),
            Action::Join { group, who } => self.directory.add_member(&id(group)?, &id(who)?),
            Action::Leave { group, who } => self.directory.remove_member(&id(group)?, &id(who)?),
            Action::Enable(key) => self.directory.set_enabled(&id(key)?, true),
            Action::Disable(key) => self.directory.set_enabled(&id(key)?, false),
            Action::SoftDelete(key) => self.directory.soft_delete(&id(key)?, now_ms),
            Action::Restore(key) => self.directory.restore(&id(key)?),
            Action::HardDelete(key) => self.directory.hard_delete(&id(key)?),
            Action::DeleteGroup(key) => self.directory.delete_group(&id(key)?),
            Action::Advance { .. }
            | Action::Break(_)
            | Action::Mend
            | Action::RevokeToken
            | Action::NewToken
            | Action::Lose(_)
            | Action::Retarget { .. }
            | Action::MapGroups(_)
            | Action::Restart(_) => Ok(()),
        }
    }

    fn fill(&mut self, run: &str, domain: Option<&str>) -> Result<(), ScenarioError> {
        let (people, groups) = (self.scenario.people.clone(), self.scenario.groups.clone());
        for person in people.iter().filter(|person| !person.later) {
            self.add_person(person)?;
        }
        for person in people.iter().filter(|person| !person.later) {
            if let Some(manager) = &person.manager {
                let action = Action::Manager { of: person.key.clone(), is: Some(manager.clone()) };
                self.apply(&action, 0)?;
            }
        }
        for group in groups.iter().filter(|group| !group.later) {
            self.add_group(group)?;
        }
        match self.scenario.population.clone() {
            Some(people) => self.populate(&people, run, domain),
            None => Ok(()),
        }
    }

    /// Somebody, or a group, who was declared to come later.
    fn add(&mut self, key: &str) -> Result<(), DirectoryError> {
        if let Some(person) = self.scenario.people.iter().find(|person| person.key == key).cloned() {
            self.add_person(&person)?;
            let manager = person.manager.clone();
            return match manager {
                Some(_) => self.apply(&Action::Manager { of: person.key, is: manager }, 0),
                None => Ok(()),
            };
        }
        let group = self.scenario.groups.iter().find(|group| group.key == key).cloned();
        self.add_group(&group.ok_or_else(|| DirectoryError::Unknown(key.to_owned()))?)
    }

    fn add_person(&mut self, person: &Person) -> Result<(), DirectoryError> {
        let id = self.ids.get(&person.key).cloned().unwrap_or_default();
        let principal = person.attributes.get("userPrincipalName").cloned().unwrap_or_default();
        let mut user = NewUser::new(&id, principal).enabled(!person.disabled);
        for (name, value) in &person.attributes {
            user = user.with(name, value.as_str());
        }
        self.directory.add_user(user)?;
        if person.assigned { self.directory.assign(&id, role()) } else { Ok(()) }
    }

    fn add_group(&mut self, group: &Group) -> Result<(), DirectoryError> {
        let id = self.ids.get(&group.key).cloned().unwrap_or_default();
        let mut new = NewGroup::new(&id, group.attributes.get("displayName").cloned().unwrap_or_default());
        for (name, value) in &group.attributes {
            new = new.with(name, value.as_str());
        }
        self.directory.add_group(new)?;
        for member in &group.members {
            self.apply(&Action::Join { group: group.key.clone(), who: member.clone() }, 0)?;
        }
        if group.assigned { self.directory.assign(&id, role()) } else { Ok(()) }
    }

    /// Takes made-up people and their groups in, under names of this run.
    fn populate(&mut self, people: &People, run: &str, domain: Option<&str>) -> Result<(), ScenarioError> {
        let shape = Shape { label: format!("{run}-"), ..people.shape.clone() };
        let population = Population::new(people.seed, shape);
        let population =
            population.map_err(|error| ScenarioError::Population(error.to_string()))?.in_domain(domain);
        // Ids are those of a run too: two runs may share a target.
        let own = |id: &str| object_id("population", run, id);
        for index in 0..population.users() {
            let person = population.user(index);
            let id = own(&person.object_id);
            let mut user = NewUser::new(&id, &person.user_principal_name).enabled(person.account_enabled);
            for (name, value) in person.texts() {
                user = user.with(name, value);
            }
            self.directory.add_user(user)?;
            if let Some(manager) = person.manager {
                self.directory.set_manager(&id, Some(&own(&population.user(manager).object_id)))?;
            }
            if people.assigned {
                self.directory.assign(&id, role())?;
            }
        }
        for group in (0..population.groups()).filter_map(|index| population.group(index)) {
            let id = own(&group.object_id);
            let new =
                NewGroup::new(&id, &group.display_name).with("mailNickname", group.mail_nickname.as_str());
            self.directory.add_group(new)?;
            for member in population.members(group.index) {
                self.directory.add_member(&id, &own(&population.user(member).object_id))?;
            }
            if people.assigned {
                self.directory.assign(&id, role())?;
            }
        }
        Ok(())
    }

    /// Whether somebody is in a group now, both by key.
    pub(super) fn is_member(&self, group: &str, who: &str) -> bool {
        let ids = self.object_id(group).zip(self.object_id(who));
        ids.is_some_and(|(group, who)| self.directory.is_member(group, who) == Ok(true))
    }

    /// What somebody with a key is.
    #[must_use]
    pub fn kind(&self, key: &str) -> Option<Kind> {
        if self.scenario.people.iter().any(|person| person.key == key) {
            return Some(Kind::User);
        }
        self.scenario.groups.iter().any(|group| group.key == key).then_some(Kind::Group)
    }
}

/// The role that the application defines for everybody who is to be provisioned.
fn role() -> AppRole {
    AppRole::named("User")
}

/// A UUID that follows from the scenario, the run and the key.
fn object_id(scenario: &str, run: &str, key: &str) -> String {
    let hash = blake3::hash(format!("{scenario}\n{run}\n{key}").as_bytes()).to_hex();
    let part = |range: std::ops::Range<usize>| hash.get(range).unwrap_or_default().to_owned();
    format!("{}-{}-4{}-8{}-{}", part(0..8), part(8..12), part(13..16), part(17..20), part(20..32))
}
