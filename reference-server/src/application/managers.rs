//! Who reports to whom. A manager who is named before he is there is waited for.
//!
//! Whoever changes a user commits first and comes here then. Under the lock here the store is asked what is there
//! *now*, so it does not matter who comes first: a report that finds nobody is waiting before the manager, who
//! commits later, looks who waits for him.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use crate::store::TenantId;

/// The users of a tenant, as they are when they are asked for.
pub(crate) trait People {
    /// One of them, while he is there.
    fn person(&self, id: Uuid) -> Option<Person>;

    /// Who answers to a name, other than whoever gives it.
    fn answering(&self, name: &str, given_by: Uuid) -> Option<Uuid>;
}

/// What a user has to do with managers.
#[derive(Debug)]
pub(crate) struct Person {
    /// Whom he names.
    pub(crate) names: Option<String>,
    /// What he may answer to himself.
    pub(crate) answers_to: Vec<String>,
}

/// Who reports to whom, in every tenant.
#[derive(Debug, Default)]
pub(crate) struct Managers(Mutex<HashMap<TenantId, Chart>>);

/// Who reports to whom.
#[derive(Clone, Debug, Default)]
struct Chart {
    /// By the one who reports.
    bonds: BTreeMap<Uuid, Bond>,
    /// Those who report to somebody.
    reports: HashMap<Uuid, BTreeSet<Uuid>>,
    /// Those who wait, by the name that they gave, in lower case: whoever may answer to it is found, and asked.
    waiting: HashMap<String, BTreeSet<Uuid>>,
}

/// What a user said, and what came of it.
#[derive(Clone, Debug)]
pub(crate) struct Bond {
    pub(crate) named: String,
    /// Nobody, while he is waited for.
    pub(crate) manager: Option<Uuid>,
}

impl Managers {
    /// Brings the chart up to a user who was created, changed or deleted.
    pub(crate) fn relink(&self, tenant: TenantId, id: Uuid, people: &dyn People) {
        let mut charts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let chart = charts.entry(tenant).or_default();
        match people.person(id) {
            Some(person) => chart.seen(id, person, people),
            None => chart.gone(id, people),
        }
    }

    /// What a user said of his manager.
    pub(crate) fn bond(&self, tenant: TenantId, id: Uuid) -> Option<Bond> {
        let charts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        charts.get(&tenant)?.bonds.get(&id).cloned()
    }

    /// Everybody who named somebody, by ascending id.
    pub(crate) fn bonds(&self, tenant: TenantId) -> Vec<(Uuid, Bond)> {
        let charts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bonds = charts.get(&tenant).into_iter().flat_map(|chart| &chart.bonds);
        bonds.map(|(id, bond)| (*id, bond.clone())).collect()
    }
}

impl Chart {
    fn seen(&mut self, id: Uuid, person: Person, people: &dyn People) {
        if self.bonds.get(&id).map(|bond| &bond.named) != person.names.as_ref() {
            self.release(id);
            if let Some(named) = person.names {
                self.wait(id, named);
                self.look(id, people);
            }
        }
        for name in person.answers_to {
            for waiting in self.waiting.get(&name.to_lowercase()).cloned().unwrap_or_default() {
                self.look(waiting, people);
            }
        }
    }

    fn gone(&mut self, id: Uuid, people: &dyn People) {
        self.release(id);
        for report in self.reports.remove(&id).unwrap_or_default() {
            if let Some(Bond { named, .. }) = self.bonds.remove(&report) {
                self.wait(report, named);
                // Somebody else may answer to the same name.
                self.look(report, people);
            }
        }
    }

    fn wait(&mut self, id: Uuid, named: String) {
        self.waiting.entry(named.to_lowercase()).or_default().insert(id);
        self.bonds.insert(id, Bond { named, manager: None });
    }

    /// Looks for somebody whom a user waits for.
    fn look(&mut self, id: Uuid, people: &dyn People) {
        let Some(bond) = self.bonds.get_mut(&id) else { return };
        let Some(manager) = people.answering(&bond.named, id) else { return };
        bond.manager = Some(manager);
        let name = bond.named.to_lowercase();
        self.reports.entry(manager).or_default().insert(id);
        leave(&mut self.waiting, &name, id);
    }

    /// Forgets what a user said.
    fn release(&mut self, id: Uuid) {
        match self.bonds.remove(&id) {
            Some(Bond { manager: Some(manager), .. }) => leave(&mut self.reports, &manager, id),
            Some(Bond { named, manager: None }) => leave(&mut self.waiting, &named.to_lowercase(), id),
            None => {}
        }
    }
}

fn leave<K: std::hash::Hash + Eq>(sets: &mut HashMap<K, BTreeSet<Uuid>>, key: &K, id: Uuid) {
    if let Some(set) = sets.get_mut(key) {
        set.remove(&id);
        if set.is_empty() {
            sets.remove(key);
        }
    }
}
