//! The order of lists, RFC 7644 §3.4.2.3.

use engine::{LetterOrder, Reject, Rules};
use serde_json::json;

fn sorted(sort_by: &str, order: Option<&str>) -> Result<Vec<String>, Reject> {
    let rules = Rules::rfc().unwrap();
    let users = [
        json!({ "id": "1", "userName": "b", "externalId": "b", "active": true, "name": { "familyName": "Z" } }),
        json!({ "id": "2", "userName": "A", "externalId": "a", "meta": { "created": "2026-01-01T01:00:00+02:00" } }),
        json!({ "id": "3", "userName": "c", "externalId": "C", "active": false, "emails": [{ "value": "m" }, { "value": "a", "primary": true }] }),
        json!({ "id": "4", "userName": "a", "emails": [{ "value": "b" }], "meta": { "created": "2026-01-01T00:00:00Z" } }),
    ];
    let sorter = rules.sorter(rules.resource_type_at("/Users").unwrap(), sort_by, order)?.unwrap();
    let mut users = users.map(|user| user.as_object().unwrap().clone());
    users.sort_by_cached_key(|user| sorter.key(user));
    Ok(users.iter().map(|user| user["id"].as_str().unwrap_or_default().to_owned()).collect())
}

#[test]
fn values_are_sorted_by_their_type_and_what_has_none_comes_last() {
    let table = [
        ("userName", ["2", "4", "1", "3"]),
        ("externalId", ["3", "2", "1", "4"]),
        ("active", ["3", "1", "2", "4"]),
        ("NAME.familyname", ["1", "2", "3", "4"]),
        ("emails", ["3", "4", "1", "2"]),
        ("emails.value", ["3", "4", "1", "2"]),
        ("meta.created", ["2", "4", "1", "3"]),
    ];
    for (sort_by, ids) in table {
        assert_eq!(sorted(sort_by, None).unwrap(), ids, "{sort_by}");
        assert_eq!(sorted(sort_by, Some("ascending")).unwrap(), ids, "{sort_by}");
    }
    assert_eq!(sorted("active", Some("Descending")).unwrap(), ["2", "4", "1", "3"]);
}

/// Where letters beyond ASCII stand, nobody says; whoever is the same but for a mark has an order of his own.
#[test]
fn letters_have_two_orders() {
    let mut rules = Rules::rfc().unwrap();
    let sorted = |rules: &Rules| {
        let sorter = rules.sorter(rules.resource_type_at("/Users").unwrap(), "displayName", None);
        let sorter = sorter.unwrap().unwrap();
        let names = ["Zo\u{eb}", "\u{c9}clair", "Zoe", "Fable", "e\u{301}cu", "Eagle", "\u{df}"];
        let mut users = names.map(|name| json!({ "displayName": name }).as_object().unwrap().clone());
        users.sort_by_cached_key(|user| sorter.key(user));
        users.map(|user| user["displayName"].as_str().unwrap_or_default().to_owned())
    };
    let by_code = ["Eagle", "e\u{301}cu", "Fable", "Zoe", "Zo\u{eb}", "\u{df}", "\u{c9}clair"];
    assert_eq!(sorted(&rules), by_code);
    rules.readings.sort_letters = LetterOrder::BaseLetters;
    let by_letter = ["Eagle", "\u{c9}clair", "e\u{301}cu", "Fable", "Zoe", "Zo\u{eb}", "\u{df}"];
    assert_eq!(sorted(&rules), by_letter);
}

#[test]
fn what_has_no_order_is_refused() {
    for (sort_by, order) in [("name", None), ("password", None), ("a b", None), ("userName", Some("up"))] {
        assert_eq!(sorted(sort_by, order).unwrap_err().status, 400, "{sort_by}");
    }
    let rules = Rules::rfc().unwrap();
    let group = rules.resource_type_at("/Groups").unwrap();
    assert!(rules.sorter(group, "userName", None).unwrap().is_none());
}
