//! Which filters lead to resources without a look at all of them.

use engine::{IndexKey, Leniency, Limits, Lookup, Rules, UniqueKey, Uniqueness, parse_filter};
use protocol::urn::USER;
use serde_json::json;

fn lookup(rules: &Rules, endpoint: &str, filter: &str) -> Option<Lookup> {
    let filter = parse_filter(filter, &Limits::default(), Leniency::default()).unwrap();
    rules.matcher(rules.resource_type_at(endpoint).unwrap(), &filter).unwrap().lookup().cloned()
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
        (r#"userName eq "a" or userName eq "b""#, None),
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
