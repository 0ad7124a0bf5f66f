use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn population(users: u64, groups: u64) -> Population {
    Population::new(2026, Shape { users, groups, ..Shape::default() }).unwrap()
}

/// FNV-1a over whatever is written to it.
struct Checksum(u64);

impl Checksum {
    fn of(lines: impl Iterator<Item = String>) -> String {
        let mut sum = Self(0xCBF2_9CE4_8422_2325);
        for line in lines {
            for byte in line.bytes().chain([b'\n']) {
                sum.0 = (sum.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
            }
        }
        format!("{:016x}", sum.0)
    }
}

/// These never change while the algorithm is called `population/1`.
#[test]
fn the_algorithm_is_frozen() {
    assert_eq!(VERSION, "population/1");
    let population = population(10_000, 200);
    let users = (0..10_000).map(|index| population.user(index).scim().to_string());
    let managers = (0..10_000).map(|index| format!("{:?}", population.manager(index)));
    let groups = (0..200).map(|index| format!("{:?}", population.group(index)));
    let members = (0..200).map(|group| format!("{:?}", population.members(group).collect::<Vec<_>>()));
    let changes = (0..200).map(|cycle| format!("{:?}", population.changes(Cycle(cycle)).collect::<Vec<_>>()));
    let sums = [
        Checksum::of(users),
        Checksum::of(managers),
        Checksum::of(groups),
        Checksum::of(members),
        Checksum::of(changes),
    ];
    assert_eq!(
        sums,
        ["9a6df7c436f74b58", "ab9792ede66ee6f4", "01275d1fd93d9881", "8ce2b6f62ca180d0", "aad2e08f4e8d25f0"]
    );
    assert_eq!(population.memberships(), 31_423);
}

#[test]
fn names_are_as_people_have_them() {
    let population = population(20_000, 0);
    let people: Vec<Person> = (0..20_000).map(|index| population.user(index)).collect();
    let share = |which: &dyn Fn(&Person) -> bool| {
        people.iter().filter(|person| which(person)).count() * 1_000 / 20_000
    };
    let non_ascii = share(&|person| !person.display_name.is_ascii());
    assert!((280..480).contains(&non_ascii), "{non_ascii} in a thousand are not ASCII");
    for (what, which) in [
        (
            "combining marks",
            &(|person: &Person| person.display_name.contains('\u{308}')) as &dyn Fn(&Person) -> bool,
        ),
        ("right to left", &|person: &Person| person.display_name.contains('م')),
        ("outside of the basic plane", &|person: &Person| person.display_name.contains('𠮷')),
        ("apostrophes", &|person: &Person| person.display_name.contains('\'')),
        ("dotless i", &|person: &Person| person.display_name.contains('ı')),
        ("single names", &|person: &Person| person.surname.is_none()),
        ("mail of another name", &|person: &Person| person.mail != person.user_principal_name),
        ("disabled accounts", &|person: &Person| !person.account_enabled),
    ] {
        assert!(people.iter().any(which), "nobody has {what}");
    }
    let twins = people.windows(2).filter(|pair| {
        pair[0].display_name != pair[1].display_name
            && names::decomposed(&pair[0].display_name) == names::decomposed(&pair[1].display_name)
    });
    assert!(twins.count() > 5, "few have a twin in another normal form");
}

#[test]
fn identifiers_are_unique_and_at_reserved_domains() {
    let population = population(20_000, 500);
    let people: Vec<Person> = (0..20_000).map(|index| population.user(index)).collect();
    let groups: Vec<Group> = (0..500).filter_map(|index| population.group(index)).collect();
    let distinct =
        |values: Vec<String>| values.iter().map(|value| value.to_lowercase()).collect::<BTreeSet<_>>().len();
    assert_eq!(distinct(people.iter().map(|person| person.user_principal_name.clone()).collect()), 20_000);
    let ids =
        people.iter().map(|person| &person.object_id).chain(groups.iter().map(|group| &group.object_id));
    assert_eq!(distinct(ids.cloned().collect()), 20_500);
    assert_eq!(distinct(groups.iter().map(|group| group.display_name.clone()).collect()), 500);
    assert!(people.iter().all(|person| person.user_principal_name.ends_with("@example.com")));
    assert!(people.iter().all(|person| person.mail.ends_with("@example.com") || person.mail.ends_with("@mail.example.org")));
}

#[test]
fn ascii_only_is_ascii_only_and_nobody_else() {
    let shape = Shape { users: 5_000, groups: 100, ascii_only: true, ..Shape::default() };
    let plain = Population::new(2026, shape).unwrap();
    let rich = population(5_000, 100);
    for index in 0..5_000 {
        let person = plain.user(index);
        assert!(person.texts().all(|(_, text)| text.is_ascii()), "{person:?}");
        assert_eq!(person.user_principal_name, rich.user(index).user_principal_name);
    }
    assert!((0..100).filter_map(|index| plain.group(index)).all(|group| group.display_name.is_ascii()));
}

#[test]
fn managers_make_a_tree_whose_parents_come_first() {
    let population = population(1_000_000, 0);
    let mut depth = 0;
    let mut at = 999_999;
    while let Some(manager) = population.manager(at) {
        assert!(manager < at);
        at = manager;
        depth += 1;
    }
    assert_eq!((at, depth), (0, 7));
    let reports = (0..10_000).filter(|user| population.manager(*user) == Some(5)).count();
    assert_eq!(reports, 8);
}

#[test]
fn the_label_leads_every_name() {
    let shape = Shape { users: 10, groups: 10, label: "run-1-".to_owned(), ..Shape::default() };
    let population = Population::new(1, shape).unwrap();
    assert!((0..10).all(|index| population.user(index).user_principal_name.starts_with("run-1-")));
    assert!(
        (0..10)
            .filter_map(|index| population.group(index))
            .all(|group| group.display_name.starts_with("run-1-"))
    );
    let odd = Shape { label: "a b".to_owned(), ..Shape::default() };
    assert_eq!(Population::new(1, odd).unwrap_err(), PopulationError::Label);
}

#[test]
fn small_populations_change_now_and_then() {
    let population = population(1_000, 10);
    let changed: Vec<usize> = (0..=10).map(|cycle| population.changes(Cycle(cycle)).count()).collect();
    assert_eq!(changed[0], 0);
    assert!(changed[1..].iter().all(|count| *count >= 2), "{changed:?}");
    let leavers = (0..=10).flat_map(|cycle| population.changes(Cycle(cycle)).collect::<Vec<_>>());
    assert_eq!(leavers.filter(|change| matches!(change, Change::Leave(_))).count(), 2);
}

proptest! {
    #[test]
    fn member_and_is_member_agree(seed: u64, users in 1_u64..400, groups in 1_u64..20, cycle in 0_u64..50) {
        let churn = Rates { joiners: 5_000, leavers: 5_000, edits: 0, memberships: 100_000 };
        let population = Population::new(seed, Shape { users, groups, churn, ..Shape::default() }).unwrap();
        for group in 0..groups {
            let members: BTreeSet<u64> = population.members_in(Cycle(cycle), group).collect();
            let asked = (0..users).filter(|user| population.is_member_in(Cycle(cycle), group, *user));
            prop_assert_eq!(&members, &asked.collect::<BTreeSet<_>>());
            if cycle == 0 {
                prop_assert_eq!(members.len() as u64, population.group(group).unwrap().size);
            }
        }
    }

    /// Whoever applies the changes of each cycle to what was before ends with what is.
    #[test]
    fn changes_lead_from_cycle_to_cycle(seed: u64, users in 1_u64..200, groups in 1_u64..10) {
        let churn = Rates { joiners: 30_000, leavers: 30_000, edits: 10_000, memberships: 300_000 };
        let population = Population::new(seed, Shape { users, groups, churn, ..Shape::default() }).unwrap();
        let mut alive: BTreeSet<u64> = (0..users).collect();
        let mut held: BTreeSet<(u64, u64)> = pairs(&population, Cycle(0));
        for cycle in 1..12 {
            for change in population.changes(Cycle(cycle)) {
                match change {
                    Change::Join(user) => prop_assert!(alive.insert(user)),
                    Change::Leave(user) => {
                        prop_assert!(alive.remove(&user));
                        held.retain(|(_, member)| *member != user);
                    }
                    Change::Edit(user) => prop_assert!(alive.contains(&user)),
                    Change::Add { group, user } => prop_assert!(held.insert((group, user))),
                    Change::Remove { group, user } => prop_assert!(held.remove(&(group, user))),
                }
            }
            prop_assert_eq!(&held, &pairs(&population, Cycle(cycle)));
            let present = (0..population.users_in(Cycle(cycle))).filter(|user| !population.has_left(Cycle(cycle), *user));
            prop_assert_eq!(&alive, &present.collect::<BTreeSet<_>>());
        }
    }

    /// Nothing depends on what was asked before.
    #[test]
    fn any_order_gives_the_same(seed: u64, users in proptest::collection::vec(0_u64..1_000_000, 1..20)) {
        let population = Population::new(seed, Shape { users: 1_000_000, groups: 1, ..Shape::default() }).unwrap();
        let forth: Vec<Person> = users.iter().map(|user| population.user(*user)).collect();
        let mut back: Vec<Person> = users.iter().rev().map(|user| population.clone().user(*user)).collect();
        back.reverse();
        prop_assert_eq!(forth, back);
    }
}

fn pairs(population: &Population, cycle: Cycle) -> BTreeSet<(u64, u64)> {
    let groups = 0..population.groups();
    groups.flat_map(|group| population.members_in(cycle, group).map(move |user| (group, user))).collect()
}
