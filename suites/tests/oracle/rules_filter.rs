//! The oracle's filters against cases worked out by hand from RFC 7644 §3.4.2.2.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use suites::oracle::{Filter, Operator, Operator::*, Path, Spelling, USER, explore, holds};

fn is(path: &str, operator: Operator, value: impl Into<Value>) -> Filter {
    Filter::compare(Path::parse(path), operator, value.into())
}

fn pr(path: &str) -> Filter {
    Filter::Present(Path::parse(path))
}

fn each(path: &str, filter: Filter) -> Filter {
    Filter::each(Path::parse(path), filter)
}

/// Every lawful outcome of a filter on the user below.
fn outcomes(filter: &Filter) -> BTreeSet<&'static str> {
    outcomes_on(filter, &person())
}

fn outcomes_on(filter: &Filter, user: &Value) -> BTreeSet<&'static str> {
    let lawful = explore(|readings| holds(&USER, filter, user, readings));
    assert!(lawful.complete);
    let name = |outcome: &Result<bool, _>| match outcome {
        Ok(true) => "match",
        Ok(false) => "none",
        Err(_) => "refused",
    };
    lawful.outcomes.iter().map(|(outcome, _)| name(outcome)).collect()
}

fn person() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "7aB",
        "userName": "Mara",
        "nickName": "",
        "name": { "familyName": "Süß", "givenName": "Mara" },
        "active": true,
        "emails": [
            { "value": "mara@work.example", "type": "work", "primary": true },
            { "value": "mara@home.example", "type": "home" },
        ],
        "x509Certificates": [{ "value": "AAEC" }],
        "profileUrl": "https://example.com/Mara",
        "roles": [],
        "ims": null,
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "department": "Sales",
            "manager": { "value": "26118915" },
        },
        "meta": { "created": "2026-03-01T12:00:00Z", "lastModified": "2026-03-01T12:00:00.500Z" },
    })
}

#[track_caller]
fn all_come_to(expected: &[&'static str], filters: impl IntoIterator<Item = Filter>) {
    for filter in filters {
        assert_eq!(outcomes(&filter), expected.iter().copied().collect(), "{filter}");
    }
}

#[test]
fn text_is_compared_as_case_exact_says() {
    all_come_to(
        &["match"],
        [
            is("userName", Eq, "mARA"),
            is("USERNAME", Sw, "ma"),
            is("userName", Ew, "RA"),
            is("userName", Co, ""),
            is("id", Eq, "7aB"),
            is("id", Ne, "7ab"),
            is("userName", Gt, "lara"),
            is("userName", Le, "mara"),
            is("nickName", Eq, ""),
        ],
    );
    all_come_to(
        &["none"],
        [
            is("id", Eq, "7ab"),
            is("userName", Ne, "mara"),
            is("userName", Sw, "Maras"),
            is("displayName", Eq, "Mara"),
            is("displayName", Lt, "zzz"),
        ],
    );
}

#[test]
fn letters_beyond_ascii_are_folded_in_any_of_the_usual_ways() {
    all_come_to(&["match"], [is("name.familyName", Eq, "SÜß")]);
    all_come_to(&["match", "none"], [is("name.familyName", Eq, "süss")]);
}

#[test]
fn and_binds_before_or_and_not_before_both() {
    let yes = || is("userName", Eq, "mara");
    let no = || is("userName", Eq, "nobody");
    all_come_to(&["match"], [yes().or(no().and(no())), no().negated().or(no()), no().and(no()).or(yes())]);
    all_come_to(&["none"], [yes().or(no()).and(no()), yes().or(no()).negated()]);
    assert_eq!(
        yes().or(no().and(pr("title"))).to_string(),
        r#"userName eq "mara" or userName eq "nobody" and title pr"#
    );
    assert_eq!(
        yes().or(no()).and(pr("title").negated()).to_string(),
        r#"(userName eq "mara" or userName eq "nobody") and not(title pr)"#
    );
}

#[test]
fn brackets_hold_all_conditions_to_one_element() {
    let at_work = |value: &str| is("type", Eq, "work").and(is("value", Co, value));
    all_come_to(&["match"], [each("emails", at_work("@work"))]);
    all_come_to(&["none"], [each("emails", at_work("@home"))]);
    let loose = is("emails.type", Eq, "work").and(is("emails.value", Co, "@home"));
    all_come_to(&["match"], [loose]);
    all_come_to(&["none"], [each("roles", is("value", Eq, "x").negated())]);
}

#[test]
fn presence_asks_for_something_that_is_not_empty() {
    let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:USER";
    all_come_to(
        &["match"],
        [
            pr("name"),
            pr("emails"),
            pr("emails.primary"),
            pr("active"),
            pr(&format!("{urn}:manager")),
            is(&format!("{urn}:manager.VALUE"), Eq, "26118915"),
        ],
    );
    all_come_to(&["none"], [pr("roles"), pr("ims"), pr("name.middleName"), pr("roles.value")]);
    all_come_to(&["match", "none"], [pr("nickName")]);
}

#[test]
fn instants_are_ordered_in_time() {
    all_come_to(
        &["match"],
        [
            is("meta.created", Lt, "2026-03-01T13:30:00+01:00"),
            is("meta.created", Ge, "2026-03-01T07:00:00-05:00"),
            is("meta.lastModified", Gt, "2026-03-01T12:00:00.45Z"),
            is("meta.created", Eq, "2026-03-01T12:00:00Z"),
        ],
    );
    all_come_to(&["match", "none"], [is("meta.created", Eq, "2026-03-01T12:00:00.000Z")]);
    all_come_to(
        &["refused", "none"],
        [is("meta.created", Gt, "yesterday")].map(|filter| filter.and(pr("id"))),
    );
}

#[test]
fn an_order_of_booleans_or_bytes_is_refused_whatever_else_holds() {
    all_come_to(
        &["refused"],
        [
            is("active", Gt, true),
            is("emails.primary", Le, false),
            is("x509Certificates.value", Ge, "AA"),
            is("userName", Eq, "mara").or(is("active", Lt, true)),
            is("userName", Eq, "nobody").and(each("emails", is("primary", Lt, true))),
            is("name", Eq, "Mara"),
            is("meta", Co, "2026"),
            each("emails", each("value", pr("x"))),
        ],
    );
}

#[test]
fn open_points_leave_a_set() {
    all_come_to(&["match", "none"], [is("emails.type", Ne, "work"), is("displayName", Ne, "x")]);
    all_come_to(&["match", "refused"], [is("emails", Co, "@home"), is("title", Eq, Value::Null)]);
    all_come_to(
        &["none", "refused"],
        [
            is("userName", Eq, 5),
            is("nosuch", Eq, "x"),
            is("active", Co, "t"),
            is("emails", Eq, "nobody"),
            pr("password"),
            is("department", Eq, "elsewhere"),
        ],
    );
    all_come_to(&["match", "none", "refused"], [is("userName", Ne, 5), is("department", Eq, "sales")]);
    let unset = json!({ "userName": "x" });
    assert_eq!(outcomes_on(&is("active", Eq, false), &unset), BTreeSet::from(["match", "none"]));
    assert_eq!(outcomes_on(&is("active", Eq, true), &unset), BTreeSet::from(["none"]));
}

#[test]
fn a_point_is_read_the_same_way_throughout() {
    let open = || is("emails.type", Ne, "work");
    all_come_to(&["match"], [open().or(open().negated())]);
    all_come_to(&["none"], [open().and(open().negated())]);
}

#[test]
fn spellings_change_the_letters_alone() {
    let filter = is("userName", Eq, "mara").and(pr("title").negated());
    let spelling = Spelling { odd_case: true, space_after_not: true, parentheses: true };
    assert_eq!(filter.wire(spelling), r#"(userName Eq "mara") AnD (NoT (title Pr))"#);
}
