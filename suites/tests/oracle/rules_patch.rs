//! The oracle's PATCH against cases worked out by hand from RFC 7644 §3.5.2.

use serde_json::{Value, json};
use suites::oracle::{
    Filter, GROUP, Lawful, Operation, Operator, Path, Refusal, Request, USER, explore, patched, settled,
};

type Outcomes = Lawful<Result<Value, Refusal>>;

fn person() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "1",
        "userName": "mara",
        "name": { "familyName": "Klein", "givenName": "Mara" },
        "emails": [
            { "value": "w@example.com", "type": "work", "primary": true },
            { "value": "h@example.com", "type": "home" },
        ],
    })
}

fn outcomes(operations: Vec<Operation>) -> Outcomes {
    let lawful = explore(|readings| patched(&USER, &person(), &Request::new(operations.clone()), readings));
    assert!(lawful.complete);
    lawful
}

/// The user with one member set, or taken away where the value is null.
fn with(name: &str, value: Value) -> Value {
    let mut user = person();
    user[name] = value;
    user
}

fn same(operations: Vec<Operation>, expected: &Value) -> bool {
    outcomes(operations).admits(&Ok(settled(&USER, expected)))
}

#[track_caller]
fn only(operations: Vec<Operation>, expected: &Value) {
    let lawful = outcomes(operations);
    let expected = Ok(settled(&USER, expected));
    assert!(lawful.outcomes.iter().all(|(outcome, _)| *outcome == expected), "{:#?}", lawful.outcomes);
}

#[track_caller]
fn refused(keyword: &str, operations: Vec<Operation>) {
    let lawful = outcomes(operations);
    let fits =
        |outcome: &Result<Value, Refusal>| outcome.as_ref().is_err_and(|words| words.contains(keyword));
    assert!(lawful.outcomes.iter().all(|(outcome, _)| fits(outcome)), "{:#?}", lawful.outcomes);
}

fn kind(value: &str) -> Filter {
    Filter::compare(Path::parse("type"), Operator::Eq, json!(value))
}

#[test]
fn simple_attributes_are_set_and_taken_away() {
    for op in ["add", "replace"] {
        only(vec![Operation::at(op, "title", json!("Dr"))], &with("title", json!("Dr")));
        let urn = "urn:ietf:params:scim:schemas:core:2.0:User:TITLE";
        only(vec![Operation::at(op, urn, json!("Dr"))], &with("title", json!("Dr")));
        only(vec![Operation::pathless(op, json!({ "title": "Dr" }))], &with("title", json!("Dr")));
    }
    only(vec![Operation::at("remove", "name", None)], &with("name", Value::Null));
    only(vec![Operation::at("remove", "emails", None)], &with("emails", json!([])));
}

#[test]
fn what_a_complex_value_does_not_name_stays() {
    let named = with("name", json!({ "familyName": "Klein", "givenName": "Maria" }));
    only(vec![Operation::at("replace", "name", json!({ "givenName": "Maria" }))], &named);
    only(vec![Operation::at("add", "name.givenName", json!("Maria"))], &named);
    only(vec![Operation::pathless("replace", json!({ "name": { "givenName": "Maria" } }))], &named);
    let family = with("name", json!({ "familyName": "Klein" }));
    only(vec![Operation::at("remove", "name.givenName", None)], &family);
}

#[test]
fn a_value_filter_reaches_every_match() {
    let value = |mail: &str| Filter::compare(Path::parse("value"), Operator::Ew, json!(mail));
    let both = json!([
        { "value": "w@example.com", "type": "old", "primary": true },
        { "value": "h@example.com", "type": "old" },
    ]);
    let operation = Operation::each("replace", "emails", value("EXAMPLE.com"), Some("type"), json!("old"));
    only(vec![operation], &with("emails", both));
    let rest = with("emails", json!([{ "value": "h@example.com", "type": "home" }]));
    only(vec![Operation::each("remove", "emails", kind("work"), None, None)], &rest);
    refused("noTarget", vec![Operation::each("replace", "emails", kind("x"), Some("value"), json!("v"))]);
}

#[test]
fn an_unmatched_filter_is_open_for_add_and_remove() {
    let mut emails = person()["emails"].clone();
    emails.as_array_mut().unwrap().push(json!({ "type": "other", "value": "o@example.com" }));
    let add = || vec![Operation::each("add", "emails", kind("other"), Some("value"), json!("o@example.com"))];
    assert!(same(add(), &with("emails", emails)));
    assert!(outcomes(add()).admits(&Err(Refusal::from(["noTarget"]))));
    assert!(!same(add(), &person()), "success without a change is neither reading");
    let remove = || vec![Operation::each("remove", "emails", kind("other"), None, None)];
    assert!(same(remove(), &person()));
    assert!(outcomes(remove()).admits(&Err(Refusal::from(["noTarget"]))));
}

#[test]
fn one_element_is_primary() {
    let emails = json!([
        { "value": "w@example.com", "type": "work" },
        { "value": "h@example.com", "type": "home" },
        { "value": "n@example.com", "primary": true },
    ]);
    let new = json!([{ "value": "n@example.com", "primary": true }]);
    only(vec![Operation::at("add", "emails", new)], &with("emails", emails));
    let home = json!([
        { "value": "w@example.com", "type": "work" },
        { "value": "h@example.com", "type": "home", "primary": true },
    ]);
    only(
        vec![Operation::each("replace", "emails", kind("home"), Some("primary"), json!(true))],
        &with("emails", home),
    );
}

/// What a filter describes and nothing matches is made, and is then the one that is primary.
#[test]
fn one_that_is_made_as_primary_is_the_only_one() {
    let primary = Filter::compare(Path::parse("primary"), Operator::Eq, json!(true));
    let add =
        Operation::each("add", "emails", kind("other").and(primary), Some("value"), json!("o@example.com"));
    let made = with(
        "emails",
        json!([
            { "value": "w@example.com", "type": "work", "primary": false },
            { "value": "h@example.com", "type": "home" },
            { "value": "o@example.com", "type": "other", "primary": true },
        ]),
    );
    assert!(same(vec![add.clone()], &made));
    let lawful = outcomes(vec![add]);
    let primaries = |user: &Value| {
        let emails = user["emails"].as_array().into_iter().flatten();
        emails.filter(|email| email["primary"] == json!(true)).count()
    };
    let all = lawful.outcomes.iter().filter_map(|(outcome, _)| outcome.as_ref().ok());
    assert_eq!(all.map(primaries).max(), Some(1), "{:#?}", lawful.outcomes);
}

#[test]
fn one_that_is_no_longer_primary_may_be_the_same_as_another() {
    let given = json!([
        { "value": "w@example.com", "type": "work", "primary": false },
        { "value": "n@example.com", "primary": true },
    ]);
    let add = || vec![Operation::at("add", "emails", given.clone())];
    let home = json!({ "value": "h@example.com", "type": "home" });
    let work = json!({ "value": "w@example.com", "type": "work" });
    let new = json!({ "value": "n@example.com", "primary": true });
    assert!(same(add(), &with("emails", json!([work, home, new]))));
    assert!(same(add(), &with("emails", json!([work, home, work, new]))));
}

#[test]
fn a_value_that_is_there_is_not_added_again() {
    let again = person()["emails"].clone();
    only(vec![Operation::at("add", "emails", again)], &person());
    only(vec![Operation::at("add", "userName", json!("mara"))], &person());
}

#[test]
fn extensions_come_and_go_with_their_urn() {
    let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let mut expected = with(urn, json!({ "department": "Sales" }));
    expected["schemas"].as_array_mut().unwrap().push(urn.into());
    let add = || Operation::at("add", &format!("{urn}:department"), json!("Sales"));
    only(vec![add()], &expected);
    only(vec![Operation::pathless("add", json!({ urn: { "department": "Sales" } }))], &expected);
    only(vec![add(), Operation::at("remove", &format!("{urn}:department"), None)], &person());
    let forgotten = with(urn, json!({ "department": "Sales" }));
    assert!(!same(vec![add()], &forgotten), "schemas must name an extension that has data");
}

#[test]
fn what_must_not_change_does_not() {
    refused("mutability", vec![Operation::at("replace", "id", json!("2"))]);
    refused("mutability", vec![Operation::at("add", "groups", json!([{ "value": "x" }]))]);
    refused("mutability", vec![Operation::at("remove", "userName", None)]);
    refused("noTarget", vec![Operation::pathless("remove", None)]);
    refused("invalidPath", vec![Operation::at("replace", "nosuch", json!("x"))]);
    refused("invalidValue", vec![Operation::at("replace", "title", json!(5))]);
    refused("invalidValue", vec![Operation::at("add", "title", None)]);
    refused("invalidSyntax", vec![Operation::at("move", "title", json!("x"))]);
    refused("invalidSyntax", vec![]);
}

#[test]
fn one_bad_operation_refuses_them_all() {
    let good = || Operation::at("replace", "title", json!("Dr"));
    refused("noTarget", vec![good(), Operation::pathless("remove", None), good()]);
}

#[test]
fn operations_see_what_earlier_ones_did() {
    let operations = vec![
        Operation::at("remove", "emails", None),
        Operation::at("add", "emails", json!([{ "value": "a@example.com", "type": "work" }])),
        Operation::each("replace", "emails", kind("work"), Some("value"), json!("b@example.com")),
    ];
    only(operations, &with("emails", json!([{ "value": "b@example.com", "type": "work" }])));
}

#[test]
fn members_are_told_apart_by_their_value() {
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Crew",
        "members": [{ "value": "1", "type": "User", "$ref": "../Users/1" }, { "value": "2" }],
    });
    let one = Filter::compare(Path::parse("value"), Operator::Eq, json!("1"));
    let after = |operation: Operation| {
        explore(|readings| patched(&GROUP, &group, &Request::new(vec![operation.clone()]), readings))
    };
    let members = |members: Value| {
        let mut group = group.clone();
        group["members"] = members;
        Ok(settled(&GROUP, &group))
    };
    assert!(
        after(Operation::at("add", "members", json!([{ "value": "1" }])))
            .admits(&Ok(settled(&GROUP, &group)))
    );
    let removed = after(Operation::each("remove", "members", one.clone(), None, None));
    assert_eq!(removed.outcomes.len(), 1);
    assert!(removed.admits(&members(json!([{ "value": "2" }]))));
    let swapped = after(Operation::each("replace", "members", one, Some("value"), json!("3")));
    assert_eq!(swapped.outcomes.len(), 1);
    assert!(swapped.admits(&Err(Refusal::from(["mutability"]))));
}
