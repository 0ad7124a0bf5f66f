use std::sync::Arc;

use engine::{IndexKey, UniqueKey};
use uuid::Uuid;

use super::{Changes, Conflict, Delete, Edge, MemoryStore, Position, Put, Store, TenantId};

const TENANT: TenantId = TenantId(1);

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn key(folded: &str) -> UniqueKey {
    UniqueKey { resource_type: "User".into(), attribute: "userName".into(), folded: folded.into() }
}

fn put(number: u128, expected: Option<u64>) -> Put {
    let body = Arc::from(number.to_string().into_bytes());
    Put { id: id(number), resource_type: "User".into(), expected, body, secret_set: false }
}

fn store_of(users: u128) -> MemoryStore {
    let store = MemoryStore::default();
    for number in 1..=users {
        let changes = Changes {
            puts: vec![put(number, None)],
            claims: vec![(key(&number.to_string()), id(number))],
            ..Changes::default()
        };
        store.commit(TENANT, changes).unwrap();
    }
    store
}

#[test]
fn a_commit_that_conflicts_changes_nothing() {
    let store = store_of(2);
    let named =
        IndexKey { resource_type: "User".into(), attribute: "manager.value".into(), folded: "1".into() };
    store.commit(TENANT, Changes { index_adds: vec![(named.clone(), id(2))], ..Changes::default() }).unwrap();
    let edge = |member| Edge { group: id(1), member: id(member) };
    let cases = [
        (Changes { puts: vec![put(3, None), put(1, Some(9))], ..Changes::default() }, Conflict::Version),
        (Changes { puts: vec![put(3, None), put(1, None)], ..Changes::default() }, Conflict::Version),
        (Changes { puts: vec![put(3, Some(1))], ..Changes::default() }, Conflict::Version),
        (
            Changes { deletes: vec![Delete { id: id(1), expected: 2 }], ..Changes::default() },
            Conflict::Version,
        ),
        (
            Changes { puts: vec![put(3, None)], vacated: vec![named.clone()], ..Changes::default() },
            Conflict::Version,
        ),
        (
            Changes { puts: vec![put(3, None)], claims: vec![(key("1"), id(3))], ..Changes::default() },
            Conflict::Key(key("1")),
        ),
        (
            Changes { puts: vec![put(3, None)], edge_adds: vec![edge(2), edge(9)], ..Changes::default() },
            Conflict::Member,
        ),
    ];
    for (changes, conflict) in cases {
        assert_eq!(store.commit(TENANT, changes).unwrap_err(), conflict);
        assert_eq!(store.page(TENANT, "User", 1, 10).total, 2);
        assert!(store.members(TENANT, id(1)).is_empty());
        assert_eq!(store.holder(TENANT, &key("1")), Some(id(1)));
    }
}

#[test]
fn two_resources_can_exchange_their_keys_in_one_commit() {
    let store = store_of(2);
    let changes = Changes {
        puts: vec![put(1, Some(1)), put(2, Some(2))],
        claims: vec![(key("2"), id(1)), (key("1"), id(2))],
        releases: vec![key("1"), key("2")],
        ..Changes::default()
    };
    let versions: Vec<u64> =
        store.commit(TENANT, changes).unwrap().records.iter().map(|record| record.version).collect();
    assert_eq!(versions, [3, 3]);
    assert_eq!(store.holder(TENANT, &key("2")), Some(id(1)));
}

#[test]
fn edges_show_from_both_ends_and_go_with_either() {
    let store = store_of(3);
    let edges = [(1, 2), (1, 3), (2, 3)].map(|(group, member)| Edge { group: id(group), member: id(member) });
    store.commit(TENANT, Changes { edge_adds: edges.to_vec(), ..Changes::default() }).unwrap();
    let ids =
        |records: Vec<super::Record>| records.iter().map(|record| record.id.as_u128()).collect::<Vec<_>>();
    assert_eq!(ids(store.members(TENANT, id(1))), [2, 3]);
    assert_eq!(ids(store.groups(TENANT, id(3))), [1, 2]);
    let expected = store.get(TENANT, id(2)).unwrap().version;
    store
        .commit(TENANT, Changes { deletes: vec![Delete { id: id(2), expected }], ..Changes::default() })
        .unwrap();
    assert_eq!(ids(store.members(TENANT, id(1))), [3]);
    assert_eq!(ids(store.groups(TENANT, id(3))), [1]);
}

#[test]
fn an_edge_changes_the_group_and_not_the_member() {
    let store = store_of(2);
    let edge = Edge { group: id(1), member: id(2) };
    store.commit(TENANT, Changes { edge_adds: vec![edge], ..Changes::default() }).unwrap();
    let (group, member) = (store.get(TENANT, id(1)).unwrap(), store.get(TENANT, id(2)).unwrap());
    assert_eq!((group.version, member.version), (3, 2));
    assert!(group.modified_ms > group.created_ms && member.modified_ms == member.created_ms);
}

#[test]
fn tenants_see_nothing_of_each_other() {
    let store = store_of(1);
    let other = TenantId(2);
    assert!(store.get(other, id(1)).is_none() && store.holder(other, &key("1")).is_none());
    assert_eq!(store.page(other, "User", 1, 10).total, 0);
}

fn index_key(folded: &str) -> IndexKey {
    IndexKey { resource_type: "User".into(), attribute: "displayName".into(), folded: folded.into() }
}

#[test]
fn several_resources_stand_under_one_key_of_the_index() {
    let store = store_of(3);
    let commit = |changes| store.commit(TENANT, changes).unwrap();
    let indexed = |folded: &str| -> Vec<u128> {
        store.indexed(TENANT, &index_key(folded)).iter().map(|record| record.id.as_u128()).collect()
    };
    let index_adds = vec![(index_key("a"), id(3)), (index_key("a"), id(1)), (index_key("b"), id(2))];
    commit(Changes { index_adds, ..Changes::default() });
    assert_eq!((indexed("a"), indexed("b"), indexed("c")), (vec![1, 3], vec![2], vec![]));
    let changes = Changes {
        index_removes: vec![(index_key("a"), id(1)), (index_key("b"), id(2))],
        index_adds: vec![(index_key("b"), id(1))],
        deletes: vec![Delete { id: id(2), expected: 2 }],
        ..Changes::default()
    };
    commit(changes);
    assert_eq!((indexed("a"), indexed("b")), (vec![3], vec![1]));
}

#[test]
fn a_scan_neither_skips_nor_repeats_what_stays() {
    let store = store_of(5);
    let (first, next) = store.scan(TENANT, "User", Position::default(), 2);
    for number in [1, 3] {
        let expected = store.get(TENANT, id(number)).unwrap().version;
        let changes = Changes { deletes: vec![Delete { id: id(number), expected }], ..Changes::default() };
        store.commit(TENANT, changes).unwrap();
    }
    let (rest, end) = store.scan(TENANT, "User", next.unwrap(), 9);
    let ids =
        |records: &[super::Record]| records.iter().map(|record| record.id.as_u128()).collect::<Vec<_>>();
    assert_eq!((ids(&first), ids(&rest), end), (vec![1, 2], vec![4, 5], None));
    assert!(store.scan(TENANT, "Group", Position::default(), 9).0.is_empty());
}

#[test]
fn an_edge_that_is_there_already_or_never_was_changes_nothing() {
    let store = store_of(2);
    let edge = Edge { group: id(1), member: id(2) };
    store.commit(TENANT, Changes { edge_adds: vec![edge], ..Changes::default() }).unwrap();
    let before = store.get(TENANT, id(1)).unwrap().version;
    let other = Edge { group: id(1), member: id(1) };
    let changes = Changes { edge_adds: vec![edge], edge_removes: vec![other], ..Changes::default() };
    store.commit(TENANT, changes).unwrap();
    assert_eq!(store.get(TENANT, id(1)).unwrap().version, before);
    let nowhere = Edge { group: id(9), member: id(2) };
    let lost = store.commit(TENANT, Changes { edge_adds: vec![nowhere], ..Changes::default() });
    assert_eq!(lost.unwrap_err(), Conflict::Version);
}
