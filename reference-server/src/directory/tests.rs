use std::cell::Cell;
use std::sync::Arc;

use engine::{Edit, IndexKey, Links, ResourceType, Rules, UniqueKey, parse_filter};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Directory;
use crate::application::Application;
use crate::clock::Clock;
use crate::command::{Answer, Command, Look, Precondition, Query, Resource};
use crate::ids::Ids;
use crate::store::{Changes, Committed, Conflict, MemoryStore, Page, Position, Record, Store, TenantId};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A store that says no to whoever reads more than was asked for.
struct Sparing {
    inner: MemoryStore,
    armed: std::sync::atomic::AtomicBool,
}

impl Sparing {
    fn expect_unarmed(&self, what: &str) {
        assert!(!self.armed.load(std::sync::atomic::Ordering::Relaxed), "{what}");
    }
}

impl Store for Sparing {
    fn commit(&self, tenant: TenantId, changes: Changes) -> Result<Committed, Conflict> {
        if self.armed.load(std::sync::atomic::Ordering::Relaxed) {
            let edges = changes.edge_adds.len() + changes.edge_removes.len();
            // Who is deleted is taken out of the one who names him.
            assert_eq!((changes.puts.len(), edges), if changes.deletes.is_empty() { (0, 1) } else { (1, 0) });
        }
        self.inner.commit(tenant, changes)
    }

    fn get(&self, tenant: TenantId, id: Uuid) -> Option<Record> {
        self.inner.get(tenant, id)
    }

    fn page(&self, tenant: TenantId, resource_type: &str, start: u64, count: u64) -> Page {
        self.expect_unarmed("a page is read");
        self.inner.page(tenant, resource_type, start, count)
    }

    fn scan(
        &self,
        tenant: TenantId,
        kind: &str,
        behind: Position,
        count: u64,
    ) -> (Vec<Record>, Option<Position>) {
        self.expect_unarmed("all resources are read");
        self.inner.scan(tenant, kind, behind, count)
    }

    fn indexed(&self, tenant: TenantId, key: &IndexKey) -> Vec<Record> {
        self.inner.indexed(tenant, key)
    }

    fn holder(&self, tenant: TenantId, key: &UniqueKey) -> Option<Uuid> {
        self.inner.holder(tenant, key)
    }

    fn members(&self, tenant: TenantId, group: Uuid) -> Vec<Record> {
        self.expect_unarmed("all members are read");
        self.inner.members(tenant, group)
    }

    fn groups(&self, tenant: TenantId, member: Uuid) -> Vec<Record> {
        self.inner.groups(tenant, member)
    }
}

struct Still;

impl Clock for Still {
    fn unix_ms(&self) -> i64 {
        0
    }
}

/// A client that asks for nothing beside the body.
struct Modest;

impl Look for Modest {
    fn whole(&self, resource: Resource) -> Map<String, Value> {
        let mut body = resource.body;
        body.insert("id".to_owned(), resource.record.id.to_string().into());
        body
    }

    fn member(&self, record: &Record) -> Map<String, Value> {
        Map::from_iter([("value".to_owned(), record.id.to_string().into())])
    }

    fn is_brief(&self, _: bool) -> bool {
        true
    }

    fn links(&self, _: &ResourceType) -> Links {
        Links { members: false, groups: false }
    }
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn created(directory: &Directory<'_>, endpoint: &str, body: Value) -> String {
    let resource_type = directory.rules.resource_type_at(endpoint).unwrap();
    let command = Command::Create { resource_type, body: object(body) };
    match directory.execute(command, &Modest).unwrap() {
        Answer::Created(resource) => resource.record.id.to_string(),
        other => panic!("{other:?}"),
    }
}

fn edits(rules: &Rules, operation: &Value) -> Vec<Edit> {
    let message = json!({ "schemas": [protocol::urn::PATCH_OP], "Operations": [operation] });
    rules.edits(object(message)).unwrap()
}

/// Twenty users, who are the members of one group, all but the first, and one more who reports to the last of them.
struct Populated {
    users: Vec<String>,
    report: String,
    group: String,
}

impl Populated {
    fn new(directory: &Directory<'_>) -> Populated {
        let users: Vec<String> = (0..20)
            .map(|number| {
                let body = json!({
                    "schemas": [protocol::urn::USER],
                    "userName": format!("user-{number}"),
                    "externalId": format!("E{number}"),
                    "displayName": format!("Display {number}"),
                    ENTERPRISE: { "department": "all", "manager": { "value": "nobody" } },
                });
                created(directory, "/Users", body)
            })
            .collect();
        let report = json!({
            "schemas": [protocol::urn::USER],
            "userName": "report",
            ENTERPRISE: { "manager": { "value": users[19] } },
        });
        let report = created(directory, "/Users", report);
        let members: Vec<Value> = users.iter().skip(1).map(|id| json!({ "value": id })).collect();
        let group = json!({ "schemas": [protocol::urn::GROUP], "displayName": "all", "members": members });
        let group = created(directory, "/Groups", group);
        Populated { users, report, group }
    }
}

/// One member comes or goes, and one resource is looked up, without a look at all the others.
#[test]
fn what_is_about_one_reads_one() {
    let rules = Rules::rfc().unwrap();
    let store = Arc::new(Sparing { inner: MemoryStore::default(), armed: false.into() });
    let ids = Ids::new(Some(1));
    let application = Application::default();
    let directory = Directory {
        rules: &rules,
        store: store.as_ref(),
        application: &application,
        clock: &Still,
        ids: &ids,
        tenant: TenantId(1),
    };
    let Populated { users, report, group } = Populated::new(&directory);
    store.armed.store(true, std::sync::atomic::Ordering::Relaxed);

    let resource_type = rules.resource_type_at("/Groups").unwrap();
    let version = Cell::new(0);
    for operation in [
        json!({ "op": "add", "path": "members", "value": [{ "value": users[0] }] }),
        json!({ "op": "remove", "path": format!("members[value eq \"{}\"]", users[7]) }),
        json!({ "op": "remove", "path": "members", "value": [{ "value": users[8] }] }),
    ] {
        let edits = edits(&rules, &operation);
        let command = Command::Modify { resource_type, id: &group, edits, only_if: Precondition::default() };
        let Answer::Modified { resource, .. } = directory.execute(command, &Modest).unwrap() else {
            panic!("{operation}")
        };
        assert!(resource.record.version > version.replace(resource.record.version), "{operation}");
    }

    for filter in [
        "userName eq \"nobody\" or userName eq \"USER-7\" or externalId eq \"E7\"".to_owned(),
        "userName eq \"USER-7\"".to_owned(),
        "externalId eq \"E7\"".to_owned(),
        "displayName eq \"display 7\" and userName sw \"user\"".to_owned(),
        format!("id eq \"{}\"", users[7]),
    ] {
        let query = Query {
            resource_types: vec![rules.resource_type_at("/Users").unwrap()],
            filter: Some(parse_filter(&filter, &rules.limits, rules.readings.filter.leniency).unwrap()),
            sort: None,
            page: engine::PageRequest { start_index: 1, count: 10 },
        };
        let Answer::Listed { total, resources, .. } =
            directory.execute(Command::Query(query), &Modest).unwrap()
        else {
            panic!("{filter}")
        };
        assert_eq!((total, resources[0].record.id.to_string()), (1, users[7].clone()), "{filter}");
    }

    // Of those who name a manager, only those who name this one are looked at.
    let resource_type = rules.resource_type_at("/Users").unwrap();
    let command = Command::Delete { resource_type, id: &users[19], only_if: Precondition::default() };
    assert!(matches!(directory.execute(command, &Modest), Ok(Answer::Deleted)));
    let command = Command::Read { resource_type, id: &report };
    let Answer::Found(report) = directory.execute(command, &Modest).unwrap() else { panic!("{report}") };
    assert_eq!(report.body.get(ENTERPRISE), None);
}

/// What a client finds somebody by: the names of every profile, and those that it lists as `matching`, in the forms in which
/// identity providers ask.
fn equalities(profile: &profiles::Profile, rules: &Rules) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for kind in &rules.resource_types {
        let listed = profile.types.get(&kind.name).map(|rules| rules.matching.clone()).unwrap_or_default();
        let usual = ["id", "userName", "externalId", "displayName"].map(str::to_owned);
        for path in usual.into_iter().chain(listed) {
            let mut forms = vec![format!("{path} eq \"a@x\"")];
            if let Some((whole, part)) = path.rsplit_once('.') {
                forms.push(format!("{whole}[type eq \"work\"].{part} eq \"a@x\""));
                forms.push(format!("{whole}[type eq \"work\" and {part} eq \"a@x\"]"));
            }
            forms.push(format!("{} eq \"A@X\" and active eq true", path.to_uppercase()));
            forms.push(format!("{path} eq \"a@x\" or {path} eq \"b@x\""));
            found.extend(forms.into_iter().map(|form| (kind.endpoint.clone(), form)));
        }
    }
    found
}

/// Nobody is looked for among all the others by what a profile says that clients match by.
#[test]
fn no_equality_that_clients_match_by_scans() {
    let ids = Ids::new(Some(1));
    let application = Application::default();
    for profile in profiles::names().into_iter().map(|name| profiles::find(name).unwrap()) {
        let rules = crate::profile::rules(&profile).unwrap();
        let store = Arc::new(Sparing { inner: MemoryStore::default(), armed: true.into() });
        let directory = Directory {
            rules: &rules,
            store: store.as_ref(),
            application: &application,
            clock: &Still,
            ids: &ids,
            tenant: TenantId(1),
        };
        let mut asked = Vec::new();
        for (endpoint, filter) in equalities(&profile, &rules) {
            let query = Query {
                resource_types: vec![rules.resource_type_at(&endpoint).unwrap()],
                filter: Some(parse_filter(&filter, &rules.limits, rules.readings.filter.leniency).unwrap()),
                sort: None,
                page: engine::PageRequest { start_index: 1, count: 10 },
            };
            // Who has no such attribute, or takes no filter on it, reads nothing either.
            if directory.execute(Command::Query(query), &Modest).is_ok() {
                asked.push(format!("{endpoint} {filter}"));
            }
        }
        for path in profile.types.values().flat_map(|kind| &kind.matching) {
            assert!(asked.iter().any(|asked| asked.contains(path)), "{}: {path} in {asked:?}", profile.name);
        }
        assert!(asked.len() >= 9, "{}: {asked:?}", profile.name);
    }
}
