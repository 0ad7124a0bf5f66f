//! What filters match, RFC 7644 §3.4.2.2 table 3, and how the readings bend it.

use engine::{
    BareComplex, ExtensionNames, Kind, Limits, Misfit, NotEqual, NullComparison, Reject, Rules, SecretFilter,
    Separator, StringBooleans, UnknownAttribute, UnsetDiffers, parse_filter,
};
use protocol::ScimType;
use protocol::urn::{ENTERPRISE_USER, USER};
use serde_json::{Map, Value, json};

pub(crate) fn ada() -> Map<String, Value> {
    let whole = json!({
        "schemas": [USER, ENTERPRISE_USER],
        "id": "2819c223-7f76-453a-919d-413861904646",
        "externalId": "Ext-7",
        "userName": "Ada@Example.com",
        "name": { "familyName": "OR", "givenName": "Ada" },
        "title": "",
        "active": true,
        "emails": [
            { "value": "ada@work.example", "type": "work", "primary": true },
            { "value": "ada@home.example", "type": "home" },
        ],
        "groups": [{ "value": "g1", "display": "All", "type": "direct" }],
        "x509Certificates": [{ "value": "aGk=" }],
        ENTERPRISE_USER: { "department": "R&D", "manager": { "value": "m1" } },
        "meta": {
            "resourceType": "User",
            "created": "2026-01-02T03:04:05.000Z",
            "lastModified": "2026-01-03T00:00:00.000Z",
            "version": "W/\"7\"",
        },
    });
    whole.as_object().unwrap().clone()
}

fn attempt(rules: &Rules, filter: &str) -> Result<bool, Reject> {
    let filter = parse_filter(filter, &Limits::default(), rules.readings.filter.leniency)?;
    Ok(rules.matcher(rules.resource_type_at("/Users").unwrap(), &filter)?.matches(&ada()))
}

fn rfc() -> Rules {
    Rules::rfc().unwrap()
}

#[track_caller]
fn expect(rules: &Rules, table: &[(&str, bool)]) {
    for (filter, matches) in table {
        assert_eq!(attempt(rules, filter), Ok(*matches), "{filter}");
    }
}

#[track_caller]
fn expect_refused(rules: &Rules, filters: &[&str]) {
    for filter in filters {
        let reject = attempt(rules, filter).expect_err(filter);
        assert_eq!((reject.status, reject.scim_type), (400, Some(ScimType::InvalidFilter)), "{filter}");
    }
}

#[test]
fn every_operator_does_what_table_3_says() {
    expect(
        &rfc(),
        &[
            (r#"userName eq "ada@example.com""#, true),
            (r#"userName ne "ada@example.com""#, false),
            (r#"userName co "EXAMPLE""#, true),
            (r#"userName sw "ada@""#, true),
            (r#"userName sw "ada@example.com""#, true),
            (r#"userName ew ".COM""#, true),
            (r#"userName ew "ada""#, false),
            (r#"userName gt "ACZ""#, true),
            (r#"userName lt "adb""#, true),
            (r#"userName ge "ada@example.com""#, true),
            (r#"userName le "ada""#, false),
            ("userName pr", true),
            ("nickName pr", false),
            ("active eq true", true),
            ("active ne true", false),
            ("name pr", true),
            ("phoneNumbers pr", false),
        ],
    );
}

#[test]
fn letter_case_counts_where_the_schema_says_so() {
    expect(&rfc(), &[(r#"externalId eq "Ext-7""#, true), (r#"externalId eq "ext-7""#, false)]);
    expect(&rfc(), &[(r#"USERNAME eq "ADA@EXAMPLE.COM""#, true), (r#"name.FAMILYname eq "or""#, true)]);
}

#[test]
fn all_that_stands_beside_the_attributes_can_be_asked_for() {
    let version = r#"meta.version eq "W/\"7\"""#;
    expect(
        &rfc(),
        &[
            (r#"id eq "2819c223-7f76-453a-919d-413861904646""#, true),
            (r#"id eq "2819C223-7F76-453A-919D-413861904646""#, false),
            (r#"meta.resourceType eq "User""#, true),
            (version, true),
            (r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:User""#, true),
            (r#"groups.value eq "g1""#, true),
            (r#"groups[display eq "all"]"#, true),
            (r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "r&d""#, true),
            (r#"URN:IETF:params:scim:schemas:extension:ENTERPRISE:2.0:user:manager.value eq "m1""#, true),
            (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "ada""#, true),
            ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr", true),
        ],
    );
}

#[test]
fn moments_are_compared_as_instants() {
    // Ambiguity 30.
    expect(
        &rfc(),
        &[
            (r#"meta.created eq "2026-01-02T05:04:05+02:00""#, true),
            (r#"meta.created lt "2026-01-02T02:00:00-05:00""#, true),
            (r#"meta.created gt "2026-01-02T03:04:04.999Z""#, true),
            (r#"meta.lastModified ge "2026-01-03T00:00:00""#, true),
        ],
    );
}

#[test]
fn numbers_are_compared_as_numbers() {
    let mut rules = rfc();
    rules.attribute_mut(USER, "title").unwrap().kind = Kind::Decimal;
    let user = rules.resource_type_at("/Users").unwrap();
    let matches = |filter: &str, number: Value| {
        let filter = parse_filter(filter, &Limits::default(), rules.readings.filter.leniency).unwrap();
        rules.matcher(user, &filter).unwrap().matches(&Map::from_iter([("title".to_owned(), number)]))
    };
    assert!(matches("title eq 10", json!(10.0)) && matches("title gt 9", json!(10)));
    assert!(!matches("title eq 9007199254740993", json!(9_007_199_254_740_992_i64)));
    assert!(matches("title ge 1e1", json!(10)) && matches("title lt 9.5", json!(-10)));
}

#[test]
fn one_of_several_values_is_enough_and_brackets_hold_to_one() {
    // RFC 7644 §3.4.2.2; ambiguity 22.
    expect(
        &rfc(),
        &[
            (r#"emails.type eq "home" and emails.value sw "ada@work""#, true),
            (r#"emails[type eq "home" and value sw "ada@work"]"#, false),
            (r#"emails[type eq "work" and value sw "ada@work"]"#, true),
            (r#"emails[not (type eq "work")]"#, true),
            (r#"emails[type eq "work"].value eq "ADA@work.example""#, true),
            (r#"emails[type eq "home"].primary pr"#, false),
            (r#"emails co "home""#, true),
            (r#"schemas co "enterprise""#, true),
            (r#"phoneNumbers[not (type eq "work")]"#, false),
        ],
    );
}

#[test]
fn not_equal_is_read_in_two_ways() {
    // Ambiguity 21.
    let mut rules = rfc();
    let table = |some: bool, unset: bool| {
        [
            (r#"emails.type ne "work""#, some),
            (r#"emails.type ne "other""#, true),
            (r#"nickName ne "x""#, unset),
            (r#"phoneNumbers.value ne "x""#, unset),
        ]
    };
    expect(&rules, &table(true, true));
    rules.readings.filter.not_equal = NotEqual::EveryValue;
    rules.readings.filter.unset_differs = UnsetDiffers::No;
    expect(&rules, &table(false, false));
}

#[test]
fn empty_text_is_no_value_and_null_asks_for_presence() {
    // Ambiguities 15 and 16.
    let mut rules = rfc();
    expect(
        &rules,
        &[
            ("title pr", false),
            ("nickName eq null", true),
            ("nickName ne null", false),
            ("userName ne null", true),
            ("name eq null", false),
        ],
    );
    expect_refused(&rules, &["nickName gt null", "nickName co null"]);
    rules.readings.filter.null = NullComparison::Refused;
    expect_refused(&rules, &["nickName eq null"]);
}

#[test]
fn ordering_needs_an_order_whatever_is_stored() {
    // Ambiguity 20: refused before a single resource is read.
    let mut rules = rfc();
    rules.readings.filter.misfit = Misfit::NoMatch;
    for operator in ["gt", "ge", "lt", "le"] {
        let on = |path: &str, value: &str| format!("{path} {operator} {value}");
        let filters = [
            on("active", "true"),
            on("emails.primary", "false"),
            on("x509Certificates.value", r#""aGk=""#),
            format!("nickName pr and emails[{}]", on("primary", "true")),
        ];
        expect_refused(&rules, &filters.each_ref().map(String::as_str));
    }
    expect(
        &rules,
        &[(r#"x509Certificates.value eq "aGk=""#, true), (r#"x509Certificates eq "AGK=""#, false)],
    );
}

#[test]
fn a_comparison_that_does_not_suit_the_type_is_refused_or_matches_nothing() {
    // Ambiguity 29.
    let misfits = [
        "userName eq 5",
        "userName eq true",
        r#"meta.created co "2026""#,
        r#"meta.created eq "soon""#,
        "active co true",
        r#"active eq "true""#,
    ];
    let mut rules = rfc();
    expect_refused(&rules, &misfits);
    rules.readings.filter.misfit = Misfit::NoMatch;
    expect(&rules, &misfits.map(|filter| (filter, false)));
}

#[test]
fn text_stands_for_a_boolean_by_reading() {
    let mut rules = rfc();
    rules.readings.string_booleans = StringBooleans::Accepted;
    expect(&rules, &[(r#"active eq "True""#, true), (r#"emails[primary eq "TRUE"].type eq "work""#, true)]);
    expect_refused(&rules, &[r#"active eq "yes""#]);
}

#[test]
fn unknown_attributes_are_refused_or_have_no_value() {
    // Ambiguity 28.
    let unknown = [
        r#"nosuch eq "x""#,
        "emails.nosuch pr",
        r#"emails[nosuch eq "x"]"#,
        r#"emails[emails.type eq "work"]"#,
        r#"department eq "R&D""#,
        r#"userName.x eq "x""#,
        "urn:no:such:Schema:department pr",
        r#"members.value eq "x""#,
    ];
    let mut rules = rfc();
    expect_refused(&rules, &unknown);
    rules.readings.filter.unknown = UnknownAttribute::HasNoValue;
    expect(&rules, &unknown.map(|filter| (filter, false)));
    expect(&rules, &[("nosuch eq null", true), ("not (nosuch pr)", true), (r#"nosuch ne "x""#, true)]);
    // Across all types it is the text itself that says so, RFC 7644 §3.4.2.1.
    let filter =
        parse_filter("members pr or active eq true", &Limits::default(), Default::default()).unwrap();
    let rules = rfc();
    let user = rules.resource_type_at("/Users").unwrap();
    assert!(rules.matcher_across(user, &filter).unwrap().matches(&ada()));
}

#[test]
fn complex_attributes_are_named_down_to_a_sub_attribute() {
    // Ambiguity 22.
    let manager = r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "m1""#;
    let mut rules = rfc();
    expect_refused(&rules, &[r#"name co "x""#, manager, r#"addresses eq "x""#, r#"userName[value pr]"#]);
    rules.readings.filter.bare_complex = BareComplex::Value;
    expect(&rules, &[(manager, true)]);
    rules.readings.filter.bare_complex = BareComplex::Refused;
    expect_refused(&rules, &[r#"emails co "home""#]);
}

#[test]
fn extensions_are_named_with_their_uri_or_by_reading_without() {
    let bare =
        [r#"department eq "R&D""#, r#"manager[value eq "m1"]"#, r#"manager.value sw "m""#, "manager pr"];
    let dotted = format!(r#"{ENTERPRISE_USER}.department eq "R&D""#);
    let mut rules = rfc();
    expect_refused(&rules, &bare);
    expect_refused(&rules, &[dotted.as_str()]);
    rules.readings.extension_names = ExtensionNames::Bare;
    expect(&rules, &bare.map(|filter| (filter, true)));
    expect_refused(&rules, &["nosuch pr", dotted.as_str()]);
    rules.readings.separator = Separator::ColonOrDot;
    expect(&rules, &[(dotted.as_str(), true), (&dotted.replace("R&D", "Lab"), false)]);
    expect_refused(&rules, &["urn:no:such:User.department pr"]);
}

#[test]
fn what_nobody_may_read_nobody_may_search_for() {
    let mut rules = rfc();
    expect_refused(&rules, &[r#"password sw "a""#, "password pr", "userName pr and not (password pr)"]);
    rules.readings.filter.secret = SecretFilter::Sensitive;
    let reject = attempt(&rules, "password pr").unwrap_err();
    assert_eq!((reject.status, reject.scim_type), (403, Some(ScimType::Sensitive)));
}
