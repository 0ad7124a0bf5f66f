//! What the engine makes of a body.

use engine::{
    Before, Draft, Kind, Mutability, NameMatching, Projection, Reject, Returned, Rules, Uniqueness,
};
use proptest::prelude::*;
use protocol::ScimType;
use protocol::urn::{ENTERPRISE_USER, GROUP, USER};
use serde_json::{Map, Value, json};

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

fn accept(
    rules: &Rules,
    endpoint: &str,
    body: Value,
    current: Option<&Map<String, Value>>,
) -> Result<Draft, Reject> {
    let before = current.map(|body| Before { id: "1", body });
    rules.accept(rules.resource_type_at(endpoint).unwrap(), object(body), before)
}

fn rfc() -> Rules {
    Rules::rfc().unwrap()
}

/// Rules in which one attribute of users is different.
fn bent(name: &str, bend: impl FnOnce(&mut engine::Attribute)) -> Rules {
    let mut rules = rfc();
    bend(rules.attribute_mut(USER, name).unwrap());
    rules
}

#[test]
fn a_body_comes_out_in_the_order_of_its_schema() {
    let body = json!({
        ENTERPRISE_USER: { "division": "x", "costCenter": "y" },
        "title": "t",
        "userName": "ada",
        "externalId": "7",
        "schemas": [ENTERPRISE_USER, USER],
    });
    let draft = accept(&rfc(), "/Users", body, None).unwrap();
    let names: Vec<&String> = draft.body.keys().collect();
    assert_eq!(names, ["schemas", "externalId", "userName", "title", ENTERPRISE_USER]);
    assert_eq!(draft.body["schemas"], json!([USER, ENTERPRISE_USER]));
    assert_eq!(draft.body[ENTERPRISE_USER].to_string(), r#"{"costCenter":"y","division":"x"}"#);
}

#[test]
fn unique_keys_are_folded_as_the_schema_says() {
    let body = || json!({ "schemas": [USER], "userName": "ÄDA" });
    let key =
        |rules: &Rules| accept(rules, "/Users", body(), None).unwrap().keys.first().unwrap().folded.clone();
    assert_eq!(key(&rfc()), "äda");
    assert_eq!(key(&bent("userName", |attribute| attribute.case_exact = true)), "ÄDA");
    let free = bent("userName", |attribute| attribute.uniqueness = Uniqueness::None);
    assert!(accept(&free, "/Users", body(), None).unwrap().keys.is_empty());
}

#[test]
fn each_of_several_unique_values_is_a_key() {
    let unique = |emails: &mut engine::Attribute| {
        emails.sub_attributes.iter_mut().for_each(|part| {
            if part.name == "value" {
                part.uniqueness = Uniqueness::Server;
            }
        });
    };
    let emails = json!([{ "value": "B@x", "type": "work" }, { "value": "a@x", "type": "work" }]);
    let body = json!({ "schemas": [USER], "userName": "ada", "emails": emails });
    let draft = accept(&bent("emails", unique), "/Users", body, None).unwrap();
    let keys: Vec<(&str, &str)> =
        draft.keys.iter().map(|key| (key.attribute.as_str(), key.folded.as_str())).collect();
    assert_eq!(keys, [("emails.value", "a@x"), ("emails.value", "b@x"), ("userName", "ada")]);
}

#[test]
fn what_is_never_shown_is_not_kept() {
    let body = json!({ "schemas": [USER], "userName": "ada", "password": "hunter2" });
    let draft = accept(&rfc(), "/Users", body, None).unwrap();
    assert!(draft.secret_given && !draft.body.contains_key("password"));
}

#[test]
fn members_stand_beside_the_body() {
    let members =
        json!([{ "value": "b", "display": "B", "type": "Robot" }, { "value": "a" }, { "value": "b" }]);
    let body = json!({ "schemas": [GROUP], "displayName": "all", "members": members });
    let draft = accept(&rfc(), "/Groups", body, None).unwrap();
    assert_eq!(draft.members, ["a", "b"]);
    assert!(!draft.body.contains_key("members"));
    let body = json!({ "schemas": [GROUP], "displayName": "all", "members": [{ "display": "B" }] });
    let reject = accept(&rfc(), "/Groups", body, None).unwrap_err();
    assert_eq!(reject.attribute.as_deref(), Some("members.value"));
}

#[test]
fn an_immutable_value_can_be_set_once_and_not_changed() {
    let rules = bent("title", |attribute| attribute.mutability = Mutability::Immutable);
    let with = |title: Value| json!({ "schemas": [USER], "userName": "ada", "title": title });
    let none = accept(&rules, "/Users", with(Value::Null), None).unwrap().body;
    let set = accept(&rules, "/Users", with("t".into()), Some(&none)).unwrap().body;
    assert!(accept(&rules, "/Users", with("t".into()), Some(&set)).is_ok());
    for changed in [json!("u"), Value::Null] {
        let reject = accept(&rules, "/Users", with(changed), Some(&set)).unwrap_err();
        assert_eq!(
            (reject.scim_type, reject.attribute.as_deref()),
            (Some(ScimType::Mutability), Some("title"))
        );
    }
}

#[test]
fn a_required_extension_has_to_come_along() {
    let mut rules = rfc();
    rules.resource_types[0].schema_extensions[0].required = true;
    let body = json!({ "schemas": [USER], "userName": "ada" });
    assert_eq!(accept(&rules, "/Users", body, None).unwrap_err().attribute.as_deref(), Some(ENTERPRISE_USER));
}

#[test]
fn values_are_held_to_every_type() {
    let cases = [
        (Kind::String, json!("x"), json!(1)),
        (Kind::Boolean, json!(false), json!("false")),
        (Kind::Integer, json!(-7), json!(7.5)),
        (Kind::Decimal, json!(7.5), json!("7.5")),
        (Kind::DateTime, json!("2026-01-02T03:04:05Z"), json!("2026-01-02")),
        (Kind::Binary, json!("aGk="), json!("a")),
        (Kind::Binary, json!("-_8"), json!("aGk==")),
        (Kind::Reference, json!("https://example.com"), json!({})),
    ];
    for (kind, fits, fits_not) in cases {
        let rules = bent("title", |attribute| attribute.kind = kind);
        let with = |value: &Value| json!({ "schemas": [USER], "userName": "ada", "title": value });
        assert!(accept(&rules, "/Users", with(&fits), None).is_ok(), "{kind:?} {fits}");
        let reject = accept(&rules, "/Users", with(&fits_not), None).unwrap_err();
        assert_eq!(reject.attribute.as_deref(), Some("title"), "{kind:?} {fits_not}");
    }
}

#[test]
fn readings_can_be_bent() {
    let mut rules = rfc();
    rules.readings.names = NameMatching::Exact;
    let body = json!({ "schemas": [USER], "userName": "ada", "Title": "t" });
    assert!(!accept(&rules, "/Users", body, None).unwrap().body.contains_key("title"));
    let untyped = bent("displayName", |attribute| attribute.type_checked = false);
    let body = json!({ "schemas": [USER], "userName": "ada", "displayName": 5 });
    assert_eq!(accept(&untyped, "/Users", body, None).unwrap().body["displayName"], 5);
}

#[test]
fn an_attribute_on_request_is_shown_to_those_who_name_it() {
    let rules = bent("title", |attribute| attribute.returned = Returned::Request);
    let user = rules.resource_type_at("/Users").unwrap();
    let shows = |projection: &Projection| {
        rules
            .project(user, object(json!({ "userName": "ada", "title": "t" })), projection)
            .contains_key("title")
    };
    let projection = |wanted, unwanted| rules.projection(user, wanted, unwanted).unwrap();
    assert!(!shows(&Projection::Default));
    assert!(shows(&projection(Some("TITLE"), None)));
    assert!(!shows(&projection(Some("userName"), None)));
    assert!(!shows(&projection(None, Some("userName"))));
}

#[test]
fn it_is_known_beforehand_whether_members_are_shown() {
    let rules = rfc();
    let group = rules.resource_type_at("/Groups").unwrap();
    let shown = |wanted, unwanted| {
        rules.shown_links(group, &rules.projection(group, wanted, unwanted).unwrap()).members
    };
    assert!(shown(None, None) && shown(Some("members.value"), None) && shown(None, Some("members.type")));
    assert!(!shown(Some("displayName"), None) && !shown(None, Some("MEMBERS")));
}

fn user_body() -> impl Strategy<Value = Value> {
    let text = || prop_oneof![Just(Value::Null), "[a-z]{1,6}".prop_map(Value::from)];
    let email = ("[a-z]{1,3}", proptest::option::of("work|home"))
        .prop_map(|(value, label)| json!({ "value": value, "type": label }));
    ("[a-zA-Z]{1,8}", text(), text(), proptest::collection::vec(email, 0..4), text()).prop_map(
        |(user_name, title, given_name, emails, department)| {
            json!({
                "schemas": [USER, ENTERPRISE_USER],
                "userName": user_name,
                "TITLE": title,
                "name": { "givenName": given_name },
                "emails": emails,
                "unknown": 1,
                ENTERPRISE_USER: { "department": department },
            })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_accepted_is_accepted_again_unchanged(body in user_body()) {
        let rules = rfc();
        let once = accept(&rules, "/Users", body, None).unwrap();
        let twice = accept(&rules, "/Users", Value::Object(once.body.clone()), Some(&once.body)).unwrap();
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn what_is_wanted_and_what_is_left_make_up_the_whole(
        body in user_body(),
        name in "title|emails|name|nickName",
    ) {
        let rules = rfc();
        let user = rules.resource_type_at("/Users").unwrap();
        let whole = accept(&rules, "/Users", body, None).unwrap().body;
        let wanted = rules.project(user, whole.clone(), &rules.projection(user, Some(&name), None).unwrap());
        let left = rules.project(user, whole.clone(), &rules.projection(user, None, Some(&name)).unwrap());
        for (attribute, value) in &whole {
            let (in_wanted, in_left) = (wanted.get(attribute), left.get(attribute));
            if attribute == "schemas" {
                prop_assert_eq!((in_wanted, in_left), (Some(value), Some(value)));
            } else {
                prop_assert_eq!(in_wanted.xor(in_left), Some(value));
            }
        }
    }
}
