//! Who reports to whom, whatever the order in which people come.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::office::{EXTENSION, Office, employee, reporting};
use crate::support::{USER, but};

/// What the application knows of somebody's manager.
fn manager(office: &Office, id: &str) -> Value {
    office.sees(&format!("/users/{id}"))["manager"].clone()
}

fn linked(named: &str, id: &str) -> Value {
    json!({ "named": named, "state": "linked", "id": id })
}

fn waiting(named: &str) -> Value {
    json!({ "named": named, "state": "waiting" })
}

fn named(value: Value) -> Value {
    json!([{ "op": "replace", "path": format!("{EXTENSION}:managerEmail"), "value": value }])
}

#[test]
fn a_manager_is_found_by_external_id_then_e_mail_then_id() {
    let office = Office::of("bonusly");
    let by_id = office.hires(&employee("ida"));
    let by_mail = office.hires(&employee("mia"));
    let by_external = office.hires(&but(employee("eva"), json!({ "externalId": "mia@example.com" })));
    // A userName is where mail reaches somebody who has no address.
    let by_name = office.hires(&json!({ "schemas": [USER], "userName": "nia@example.com" }));
    for (name, text, expected) in [
        ("a", "mia@example.com", &by_external),
        // An externalId is compared letter by letter, an address is not.
        ("b", "MIA@example.com", &by_mail),
        ("c", by_id.as_str(), &by_id),
        ("d", "Nia@Example.com", &by_name),
    ] {
        let id = office.hires(&reporting(name, text));
        assert_eq!(manager(&office, &id), linked(text, expected), "{text}");
    }
}

#[test]
fn a_manager_who_is_not_there_is_waited_for() {
    let office = Office::of("bonusly");
    let ada = office.hires(&reporting("ada", "eva@example.com"));
    let bob = office.hires(&reporting("bob", "E-1"));
    assert_eq!(manager(&office, &ada), waiting("eva@example.com"));
    assert_eq!(
        office.sees("/managers")["waiting"].as_array().unwrap().len(),
        2,
        "{}",
        office.sees("/managers")
    );
    let shown = office.scim("GET", &format!("/Users/{ada}"), None).body;
    assert_eq!(shown[EXTENSION]["managerEmail"], "eva@example.com");
    let eva = office.hires(&employee("eva"));
    assert_eq!(manager(&office, &ada), linked("eva@example.com", &eva));
    // Somebody can also come to answer to a name later.
    assert_eq!(manager(&office, &bob), waiting("E-1"));
    let external = json!([{ "op": "add", "path": "externalId", "value": "E-1" }]);
    assert_eq!(office.patches(&eva, &external).status, 200);
    assert_eq!(manager(&office, &bob), linked("E-1", &eva));
    assert_eq!(office.sees("/managers"), json!({ "linked": 2, "waiting": [] }));
}

#[test]
fn no_manager_clears_the_link_and_the_wait() {
    let office = Office::of("bonusly");
    let eva = office.hires(&employee("eva"));
    for (name, text) in [("ada", "eva@example.com"), ("bob", "nobody@example.com")] {
        let id = office.hires(&reporting(name, text));
        let removal = json!([{ "op": "remove", "path": format!("{EXTENSION}:managerEmail") }]);
        for (attempt, clearing) in [removal, named(json!("")), named(Value::Null)].iter().enumerate() {
            let seen = office.patches(&id, clearing);
            assert_eq!((seen.status, seen.body[EXTENSION].get("managerEmail")), (200, None), "{attempt}");
            assert_eq!(manager(&office, &id), Value::Null, "{name} {attempt}");
            assert_eq!(office.patches(&id, &named(json!(text))).status, 200);
            assert_ne!(manager(&office, &id), Value::Null);
        }
        office.fires(&id);
    }
    // Nobody is waited for any more, and whoever comes now changes nothing.
    assert_eq!(office.sees("/managers"), json!({ "linked": 0, "waiting": [] }));
    office.hires(&employee("nobody"));
    office.fires(&eva);
    assert_eq!(office.sees("/managers"), json!({ "linked": 0, "waiting": [] }));
}

#[test]
fn people_of_a_manager_who_goes_wait_until_he_is_back() {
    let office = Office::of("bonusly");
    let eva = office.hires(&employee("eva"));
    let ada = office.hires(&reporting("ada", "eva@example.com"));
    office.fires(&eva);
    assert_eq!(manager(&office, &ada), waiting("eva@example.com"));
    assert_eq!(office.hires(&employee("eva")), eva);
    assert_eq!(manager(&office, &ada), linked("eva@example.com", &eva));
    // Where somebody else answers to the same name, he takes over.
    let external = json!([{ "op": "add", "path": "externalId", "value": "eva@example.com" }]);
    let heir = office.hires(&employee("heir"));
    assert_eq!(office.patches(&heir, &external).status, 200);
    assert_eq!(manager(&office, &ada), linked("eva@example.com", &eva));
    office.fires(&eva);
    assert_eq!(manager(&office, &ada), linked("eva@example.com", &heir));
}

#[test]
fn nobody_reports_to_himself() {
    let office = Office::of("bonusly");
    let refused = office.scim("POST", "/Users", Some(&reporting("ada", "ADA@example.com")));
    assert_eq!(refused.error(), (400, "invalidValue"));
    let ada = office.hires(&but(employee("ada"), json!({ "externalId": "A-1" })));
    for name in ["ada@example.com", "A-1", ada.as_str()] {
        assert_eq!(office.patches(&ada, &named(json!(name))).error(), (400, "invalidValue"), "{name}");
        let put = but(employee("ada"), json!({ "externalId": "A-1", EXTENSION: { "managerEmail": name } }));
        let seen = office.scim("PUT", &format!("/Users/{ada}"), Some(&put));
        assert_eq!(seen.error(), (400, "invalidValue"), "{name}");
    }
    assert_eq!(manager(&office, &ada), Value::Null);
}

#[test]
fn who_may_name_himself_still_reports_to_nobody() {
    let mut profile = profiles::find("bonusly").unwrap();
    for behaviour in &mut profile.behaviours {
        if let profiles::Behaviour::Manager { oneself, .. } = behaviour {
            *oneself = profiles::Otherwise::Ignored;
        }
    }
    let office = Office::built("bonusly", |builder| {
        builder.plays(profile).token(record::Secret::new(crate::support::TOKEN.to_owned()))
    });
    let ada = office.hires(&reporting("ada", "ada@example.com"));
    assert_eq!(manager(&office, &ada), Value::Null);
    for name in ["ada@example.com", &ada] {
        assert_eq!(office.patches(&ada, &named(json!(name))).status, 200);
        assert_eq!(manager(&office, &ada), Value::Null);
    }
}

#[test]
fn circles_end_linked() {
    let office = Office::of("bonusly");
    let names = ["ada", "bob", "cyd"];
    let ids: Vec<String> = (0..3)
        .map(|place| {
            let boss = names[(place + 1) % 3];
            office.hires(&reporting(names[place], &format!("{boss}@example.com")))
        })
        .collect();
    for place in 0..3 {
        let boss = (place + 1) % 3;
        let text = format!("{}@example.com", names[boss]);
        assert_eq!(manager(&office, &ids[place]), linked(&text, &ids[boss]));
    }
}

/// Chains, trees and circles; everybody is sent once, in an order that a seed decides.
#[test]
fn a_thousand_people_in_any_order_end_linked() {
    const PEOPLE: usize = 1_000;
    let mut random = ChaCha20Rng::seed_from_u64(20_260_102);
    let mut below = |limit: usize| usize::try_from(random.next_u64() % limit as u64).unwrap();
    // The first hundred are a circle, the next four hundred a chain, the rest report to anybody.
    let bosses: Vec<usize> = (0..PEOPLE)
        .map(|place| match place {
            0..100 => (place + 1) % 100,
            100..500 => place - 1,
            _ => (place + 1 + below(PEOPLE - 1)) % PEOPLE,
        })
        .collect();
    let mut order: Vec<usize> = (0..PEOPLE).collect();
    for place in (1..PEOPLE).rev() {
        order.swap(place, below(place + 1));
    }
    let office = Office::of("bonusly");
    let mut ids = vec![String::new(); PEOPLE];
    let name = |place: usize| format!("p{place}");
    let text = |place: usize| match place % 2 {
        0 => format!("E-{}", bosses[place]),
        _ => format!("P{}@example.com", bosses[place]),
    };
    for place in order {
        let user = but(reporting(&name(place), &text(place)), json!({ "externalId": format!("E-{place}") }));
        ids[place] = office.hires(&user);
    }
    assert_eq!(office.sees("/managers"), json!({ "linked": PEOPLE, "waiting": [] }));
    for place in 0..PEOPLE {
        assert_eq!(manager(&office, &ids[place]), linked(&text(place), &ids[bosses[place]]));
    }
}
