//! Managers under changes in any order and at the same time, held against a naive model.

use std::sync::Barrier;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::office::{EXTENSION, Office, employee, reporting, send};
use crate::support::{Client, Seen, TOKEN, USER, but};

const PEOPLE: usize = 4;

/// Whom somebody names.
#[derive(Clone, Debug)]
enum Named {
    Nobody,
    Text(&'static str),
    /// The id of the latest with this number, if there ever was one.
    Id(usize),
}

#[derive(Clone, Debug)]
enum Act {
    Create { who: usize, mail: bool, external: Option<&'static str>, names: Named },
    Names { who: usize, names: Named },
    External { who: usize, external: Option<&'static str> },
    Rename { who: usize, to: usize },
    Delete { who: usize },
}

/// The texts that people are named by: addresses in two spellings, external ids in two, and what both an external id
/// and an address of others can be.
const TEXTS: [&str; 4] = ["p0@example.com", "P1@EXAMPLE.com", "p2@example.com", "E-0"];
const EXTERNALS: [&str; 4] = ["E-0", "e-0", "p0@example.com", "p2@example.com"];

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let who = 0..PEOPLE;
    let names = prop_oneof![
        1 => Just(Named::Nobody),
        6 => prop::sample::select(TEXTS.to_vec()).prop_map(Named::Text),
        2 => (0..PEOPLE).prop_map(Named::Id),
    ];
    let external = prop::option::of(prop::sample::select(EXTERNALS.to_vec()));
    let act = prop_oneof![
        5 => (who.clone(), any::<bool>(), external.clone(), names.clone())
            .prop_map(|(who, mail, external, names)| Act::Create { who, mail, external, names }),
        3 => (who.clone(), names).prop_map(|(who, names)| Act::Names { who, names }),
        2 => (who.clone(), external).prop_map(|(who, external)| Act::External { who, external }),
        1 => (who.clone(), 0..PEOPLE).prop_map(|(who, to)| Act::Rename { who, to }),
        3 => who.prop_map(|who| Act::Delete { who }),
    ];
    prop::collection::vec(act, 1..40)
}

/// Somebody, as the model has him.
#[derive(Clone, Debug)]
struct Person {
    number: usize,
    id: String,
    user_name: String,
    mail: Option<String>,
    external: Option<String>,
    named: Option<String>,
    manager: Option<String>,
}

/// The application, told again as simply as can be: after each change everybody looks at everybody.
#[derive(Default)]
struct Model {
    /// In the order of creation.
    people: Vec<Person>,
    ids: [Option<String>; PEOPLE],
}

impl Model {
    fn of(&self, number: usize) -> Option<&Person> {
        self.people.iter().find(|person| person.number == number)
    }

    fn text(&self, named: &Named) -> Option<String> {
        match named {
            Named::Nobody => None,
            Named::Text(text) => Some((*text).to_owned()),
            Named::Id(number) => self.ids[*number].clone(),
        }
    }

    fn answering(&self, text: &str, but: &str) -> Option<String> {
        let others = || self.people.iter().filter(|person| person.id != but);
        let lower = text.to_lowercase();
        let mail = |person: &&Person| person.mail.as_ref().is_some_and(|mail| mail.to_lowercase() == lower);
        let name = |person: &&Person| person.mail.is_none() && person.user_name.to_lowercase() == lower;
        others()
            .find(|person| person.external.as_deref() == Some(text))
            .or_else(|| others().find(mail))
            .or_else(|| others().find(name))
            .or_else(|| others().find(|person| person.id == text))
            .map(|person| person.id.clone())
    }

    fn settle(&mut self) {
        let there: Vec<String> = self.people.iter().map(|person| person.id.clone()).collect();
        for place in 0..self.people.len() {
            let person = self.people[place].clone();
            let lost = person.manager.as_ref().is_none_or(|manager| !there.contains(manager));
            if lost {
                let found = person.named.as_ref().and_then(|text| self.answering(text, &person.id));
                self.people[place].manager = found;
            }
        }
    }

    fn expected(person: &Person) -> Value {
        match (&person.named, &person.manager) {
            (None, _) => Value::Null,
            (Some(named), None) => json!({ "named": named, "state": "waiting" }),
            (Some(named), Some(id)) => json!({ "named": named, "state": "linked", "id": id }),
        }
    }
}

fn operation(path: &str, value: Option<&str>) -> Value {
    value.map_or_else(
        || json!([{ "op": "remove", "path": path }]),
        |value| json!([{ "op": "replace", "path": path, "value": value }]),
    )
}

/// Whether the server did it; if not, because it may refuse it.
fn done(seen: &Seen) -> bool {
    assert!(matches!(seen.status, 200 | 201 | 204 | 400 | 409), "{}: {}", seen.status, seen.body);
    seen.status < 300
}

fn create(office: &Office, model: &mut Model, who: usize, mail: bool, external: Option<&str>, names: &Named) {
    let mut user = employee(&format!("p{who}"));
    if !mail {
        user = json!({ "schemas": [USER, EXTENSION], "userName": user["userName"] });
    }
    let named = model.text(names);
    if let Some(external) = external {
        user["externalId"] = json!(external);
    }
    if let Some(named) = &named {
        user[EXTENSION] = json!({ "managerEmail": named });
    }
    let seen = office.scim("POST", "/Users", Some(&user));
    if done(&seen) {
        let user_name = format!("p{who}@example.com");
        model.ids[who] = Some(seen.id());
        model.people.push(Person {
            number: who,
            id: seen.id(),
            mail: mail.then(|| user_name.clone()),
            user_name,
            external: external.map(str::to_owned),
            named,
            manager: None,
        });
    }
}

/// Does it, and lets the model follow where the server took it.
fn play(office: &Office, model: &mut Model, act: &Act) {
    match act {
        Act::Create { who, mail, external, names } => create(office, model, *who, *mail, *external, names),
        Act::Names { who, names } => {
            let named = model.text(names);
            change(
                office,
                model,
                *who,
                &operation(&format!("{EXTENSION}:managerEmail"), named.as_deref()),
                |person| {
                    if person.named != named {
                        person.named.clone_from(&named);
                        person.manager = None;
                    }
                },
            );
        }
        Act::External { who, external } => {
            change(office, model, *who, &operation("externalId", *external), |person| {
                person.external = external.map(str::to_owned);
            });
        }
        Act::Rename { who, to } => {
            let name = format!("p{to}@example.com");
            let mut value = json!({ "userName": name });
            let has_mail = model.of(*who).is_some_and(|person| person.mail.is_some());
            if has_mail {
                value["emails"] = json!([{ "value": name, "type": "work" }]);
            }
            change(office, model, *who, &json!([{ "op": "replace", "value": value }]), |person| {
                person.mail = has_mail.then(|| name.clone());
                person.user_name.clone_from(&name);
            });
        }
        Act::Delete { who } => {
            let Some(person) = model.of(*who).cloned() else { return };
            assert!(done(&office.scim("DELETE", &format!("/Users/{}", person.id), None)));
            model.people.retain(|other| other.id != person.id);
        }
    }
}

fn change(
    office: &Office,
    model: &mut Model,
    who: usize,
    operations: &Value,
    follow: impl FnOnce(&mut Person),
) {
    let Some(id) = model.of(who).map(|person| person.id.clone()) else { return };
    if done(&office.patches(&id, operations))
        && let Some(person) = model.people.iter_mut().find(|person| person.id == id)
    {
        follow(person);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_happens_the_links_are_those_of_the_model(acts in acts()) {
        let office = Office::of("bonusly");
        let mut model = Model::default();
        for act in &acts {
            play(&office, &mut model, act);
            model.settle();
            for person in &model.people {
                let seen = office.sees(&format!("/users/{}", person.id));
                prop_assert_eq!(&seen["manager"], &Model::expected(person), "{:?} after {:?}", person, act);
            }
        }
        let linked = model.people.iter().filter(|person| person.manager.is_some()).count();
        prop_assert_eq!(office.sees("/managers")["linked"].as_u64(), Some(linked as u64));
    }
}

/// Everybody at once: of two who wait for each other's commit, one sees the other.
#[test]
fn people_who_come_at_the_same_time_end_linked() {
    const ROUNDS: usize = 60;
    const LANES: usize = 4;
    let office = Office::of("bonusly");
    let start = Barrier::new(LANES);
    std::thread::scope(|scope| {
        for lane in 0..LANES {
            let (service, start) = (office.service.clone(), &start);
            scope.spawn(move || {
                let client = Client::of(service);
                for round in 0..ROUNDS {
                    // A circle in each round, each member of which is another thread's.
                    let (name, boss) =
                        (format!("r{round}-{lane}"), format!("r{round}-{}@example.com", (lane + 1) % LANES));
                    let user = but(reporting(&name, &boss), json!({ "title": "x" }));
                    start.wait();
                    let seen = send(&client, "POST", "/api/scim20/Users", TOKEN, Some(&user));
                    assert_eq!(seen.status, 201, "{}", seen.body);
                }
            });
        }
    });
    assert_eq!(office.sees("/managers"), json!({ "linked": ROUNDS * LANES, "waiting": [] }));
}

/// A manager who comes and goes while others name him: whoever is left in the end is linked where there is somebody.
#[test]
fn a_manager_who_comes_and_goes_meanwhile_is_found_in_the_end() {
    const ROUNDS: usize = 100;
    let office = Office::of("bonusly");
    let start = Barrier::new(2);
    std::thread::scope(|scope| {
        let (service, waits) = (office.service.clone(), &start);
        scope.spawn(move || {
            let client = Client::of(service);
            for round in 0..ROUNDS {
                waits.wait();
                let user = reporting(&format!("report-{round}"), "eva@example.com");
                assert_eq!(send(&client, "POST", "/api/scim20/Users", TOKEN, Some(&user)).status, 201);
            }
        });
        for round in 0..ROUNDS {
            start.wait();
            let eva = office.hires(&employee("eva"));
            if round + 1 < ROUNDS {
                office.fires(&eva);
            }
        }
    });
    assert_eq!(office.sees("/managers"), json!({ "linked": ROUNDS, "waiting": [] }));
}
