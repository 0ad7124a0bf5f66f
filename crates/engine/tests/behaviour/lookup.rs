//! Which filters lead to resources without a look at all of them.

use engine::{IndexKey, Leniency, Limits, Lookup, Rules, UniqueKey, Uniqueness, parse_filter};
use protocol::urn::USER;
use serde_json::json;

fn lookups(rules: &Rules, endpoint: &str, filter: &str) -> Option<Vec<Lookup>> {
    let filter = parse_filter(filter, &Limits::default(), Leniency::default()).unwrap();
    rules
        .matcher(rules.resource_type_at(endpoint).unwrap(), &filter)
        .unwrap()
        .lookups()
        .map(<[Lookup]>::to_vec)
}

/// The one step of a way that has no more.
fn lookup(rules: &Rules, endpoint: &str, filter: &str) -> Option<Lookup> {
    let mut steps = lookups(rules, endpoint, filter)?;
    assert_eq!(steps.len(), 1, "{filter}");
    steps.pop()
}

fn index_key(resource_type: &str, attribute: &str, folded: &str) -> IndexKey {
    IndexKey { resource_type: resource_type.into(), attribute: attribute.into(), folded: folded.into() }
}

#[test]
fn equalities_that_a_filter_cannot_do_without_are_lookups() {
    let rules = Rules::rfc().unwrap();
    let unique =
        UniqueKey { resource_type: "User".into(), attribute: "userName".into(), folded: "ada".into() };
    let table = [
        (r#"USERNAME eq "Ada""#, Some(Lookup::Unique(unique.clone()))),
        (r#"active eq true and (title pr and userName eq "ADA")"#, Some(Lookup::Unique(unique))),
        (r#"externalId eq "E""#, Some(Lookup::Index(index_key("User", "externalId", "E")))),
        (r#"displayName eq "E" and id eq "x""#, Some(Lookup::Id("x".into()))),
        (r#"(userName eq "a" or userName eq "b") and id eq "x""#, Some(Lookup::Id("x".into()))),
        (r#"userName eq "a" or title eq "b""#, None),
        (r#"userName eq "a" or not (userName eq "b")"#, None),
        (r#"not (userName eq "a")"#, None),
        (r#"userName sw "a""#, None),
        (r#"title eq "a""#, None),
        (r#"emails.value eq "a""#, None),
    ];
    for (filter, expected) in table {
        assert_eq!(lookup(&rules, "/Users", filter), expected, "{filter}");
    }
    let member = Some(Lookup::Member("m".into()));
    for filter in [r#"members.value eq "m""#, r#"members[value eq "m"]"#, r#"members eq "m""#] {
        assert_eq!(lookup(&rules, "/Groups", filter), member, "{filter}");
    }
}

#[test]
fn terms_of_which_any_is_enough_are_a_lookup_each() {
    let mut rules = Rules::rfc().unwrap();
    rules.indexed.push("emails.value".into());
    let name = |folded: &str| {
        Lookup::Unique(UniqueKey {
            resource_type: "User".into(),
            attribute: "userName".into(),
            folded: folded.into(),
        })
    };
    let mail = |folded: &str| Lookup::Index(index_key("User", "emails.value", folded));
    let manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value";
    let table = [
        (r#"userName eq "b" or userName eq "A" or userName eq "B""#.to_owned(), vec![name("a"), name("b")]),
        (
            r#"active eq true and (userName eq "a" or title pr and externalId eq "E")"#.to_owned(),
            vec![name("a"), Lookup::Index(index_key("User", "externalId", "E"))],
        ),
        (
            r#"(userName eq "a" or userName eq "b") and (userName eq "c" or userName eq "d" or id eq "e")"#
                .to_owned(),
            vec![name("a"), name("b")],
        ),
        (
            r#"emails[type eq "work" and (value eq "a" or value eq "b")]"#.to_owned(),
            vec![mail("a"), mail("b")],
        ),
        (
            format!(r#"{manager} eq "m" or id eq "x""#),
            vec![Lookup::Id("x".into()), Lookup::Index(index_key("User", manager, "m"))],
        ),
    ];
    for (filter, expected) in table {
        assert_eq!(lookups(&rules, "/Users", &filter), Some(expected), "{filter}");
    }
}

#[test]
fn unique_values_of_lists_are_lookups_too() {
    let mut rules = Rules::rfc().unwrap();
    let emails = rules.attribute_mut(USER, "emails").unwrap();
    let value = emails.sub_attributes.iter_mut().find(|part| part.name == "value").unwrap();
    value.uniqueness = Uniqueness::Server;
    let key =
        UniqueKey { resource_type: "User".into(), attribute: "emails.value".into(), folded: "a@x".into() };
    let expected = Some(Lookup::Unique(key));
    assert_eq!(lookup(&rules, "/Users", r#"emails[type eq "work"].value eq "A@x""#), expected);
    assert_eq!(lookup(&rules, "/Users", r#"emails.value eq "a@X""#), expected);
}

#[test]
fn other_attributes_can_be_indexed_too() {
    let mut rules = Rules::rfc().unwrap();
    rules.indexed.push("emails.value".into());
    let key = index_key("User", "emails.value", "a@x");
    let expected = Some(Lookup::Index(key.clone()));
    assert_eq!(lookup(&rules, "/Users", r#"emails[type eq "work"].value eq "A@x""#), expected);
    assert_eq!(lookup(&rules, "/Users", r#"emails.value eq "a@X""#), expected);
    let body = json!({
        "schemas": [USER],
        "userName": "ada",
        "externalId": "Seven",
        "displayName": "Ada",
        "emails": [{ "value": "A@x" }, { "value": "b@x" }],
    });
    let keys = rules.index_keys(rules.resource_type_at("/Users").unwrap(), body.as_object().unwrap());
    let expected = [
        index_key("User", "displayName", "ada"),
        key,
        index_key("User", "emails.value", "b@x"),
        index_key("User", "externalId", "Seven"),
    ];
    assert!(keys.iter().eq(expected.iter()), "{keys:?}");
}
