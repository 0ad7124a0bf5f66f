//! How filters and paths are read, RFC 7644 §3.4.2.2 and its errata.

use engine::{Leniency, Limits, Reject, parse_filter, parse_patch_path};
use proptest::prelude::*;
use protocol::{Filter, ScimType};

use crate::generate;

fn read(text: &str) -> Result<Filter, Reject> {
    parse_filter(text, &Limits::default(), Leniency::default())
}

/// The filter in canonical text.
fn canonical(text: &str) -> String {
    read(text).unwrap_or_else(|reject| panic!("{text}: {reject}")).to_string()
}

/// Where a text breaks off, counting from 1.
fn breaks_off_at(text: &str) -> usize {
    let reject = read(text).unwrap_err();
    assert_eq!((reject.status, reject.scim_type), (400, Some(ScimType::InvalidFilter)), "{text}");
    let (_, place) = reject.detail.split_once("at character ").unwrap();
    place.split_once(':').unwrap().0.parse().unwrap()
}

#[test]
fn and_binds_stronger_than_or_and_not_stronger_than_both() {
    // Ambiguity 23; RFC 7644 §3.4.2.2 on precedence.
    let same = [
        ("a pr or b pr and c pr", "a pr or (b pr and c pr)"),
        ("a pr and b pr or c pr", "(a pr and b pr) or c pr"),
        ("not (a pr) and b pr", "(not (a pr)) and b pr"),
        ("a pr or not (b pr) and c pr or d pr", "a pr or ((not (b pr)) and c pr) or d pr"),
    ];
    for (plain, grouped) in same {
        assert_eq!(read(plain).unwrap(), read(grouped).unwrap(), "{plain}");
    }
    assert_ne!(read("(a pr or b pr) and c pr").unwrap(), read("a pr or b pr and c pr").unwrap());
}

#[test]
fn words_are_read_in_any_letter_case_and_literals_are_json() {
    // Ambiguity 18.
    assert_eq!(
        canonical(r#"A EQ true AND NOT (b Pr) oR c sW "X""#),
        r#"A eq true and not (b pr) or c sw "X""#
    );
    for literal in ["True", "FALSE", "Null", "'x'", "01", "+1", ".5", "1.", "NaN", "x"] {
        assert_eq!(breaks_off_at(&format!("a eq {literal}")), 6, "{literal}");
    }
    for literal in ["true", "false", "null", "0", "-1", "2.5", "1e+3", r#""""#] {
        assert!(read(&format!("a eq {literal}")).is_ok(), "{literal}");
    }
}

#[test]
fn the_space_after_not_may_be_missing() {
    // Ambiguity 24, erratum 7319.
    assert_eq!(read("not(a pr)").unwrap(), read("not (a pr)").unwrap());
    assert_eq!(canonical("not pr"), "not pr", "an attribute can have this name");
}

#[test]
fn strings_are_json_strings() {
    for (text, meant) in [
        (r#""say \"hi\" (now)""#, r#"say "hi" (now)"#),
        (r#""dom\\user""#, r"dom\user"),
        (r#""\u00fc\ud83d\ude00""#, "ü😀"),
        (r#""OR] and not""#, "OR] and not"),
    ] {
        let Filter::Compare { value: protocol::Literal::Text(read), .. } =
            read(&format!("a eq {text}")).unwrap()
        else {
            panic!("{text}")
        };
        assert_eq!(read, meant);
    }
    for text in [r#""open"#, r#""\x""#, "\"a\nb\"", r#""\ud83d""#] {
        assert_eq!(breaks_off_at(&format!("a eq {text}")), 6, "{text:?}");
    }
}

#[test]
fn the_last_colon_divides_the_schema_from_the_attribute() {
    let text = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value pr";
    let Filter::Present(path) = read(text).unwrap() else { panic!("no presence") };
    assert_eq!(path.urn.unwrap(), protocol::urn::ENTERPRISE_USER);
    assert_eq!((path.name.as_str(), path.sub.as_deref()), ("manager", Some("value")));
    // Ambiguity 26.
    for name in ["$ref", "a-b_c9", "members.$ref"] {
        assert_eq!(canonical(&format!("{name} pr")), format!("{name} pr"));
    }
    for (name, at) in [("9a", 1), ("a.b.c", 4), ("a.", 3), (":a", 1), ("urn:x:", 7), ("a/b", 2), ("-a", 1)] {
        assert_eq!(breaks_off_at(&format!("{name} pr")), at, "{name}");
    }
}

#[test]
fn brackets_hold_groups_and_no_brackets() {
    // Ambiguity 25, errata 4690 and 7322.
    assert_eq!(canonical("a[ not (b pr) and (c pr or d pr) ]"), "a[not (b pr) and (c pr or d pr)]");
    assert_eq!(breaks_off_at("a[b[c pr]]"), 4);
    assert_eq!(breaks_off_at("a[]"), 3);
}

#[test]
fn a_comparison_behind_brackets_is_about_the_same_value() {
    // Ambiguity 27: Entra matches accounts in this way.
    let canonical_text = r#"emails[type eq "work" and value eq "x"]"#;
    assert_eq!(canonical(r#"emails[type eq "work"].value eq "x""#), canonical_text);
    let strict = Leniency { comparison_after_value_path: false, ..Leniency::default() };
    let reject = parse_filter(r#"emails[type eq "work"].value eq "x""#, &Limits::default(), strict);
    assert_eq!(reject.unwrap_err().scim_type, Some(ScimType::InvalidFilter));
}

#[test]
fn text_without_quotes_is_read_on_request() {
    let lenient = Leniency { text_without_quotes: true, ..Leniency::default() };
    let filter = parse_filter("externalId eq jyoung", &Limits::default(), lenient).unwrap();
    assert_eq!(filter.to_string(), r#"externalId eq "jyoung""#);
}

#[test]
fn what_is_off_the_grammar_is_refused_where_it_breaks_off() {
    for (text, at) in [
        ("", 1),
        ("   ", 4),
        ("a", 2),
        ("a like 1", 3),
        ("a eq", 5),
        ("a eq 1 xor b eq 2", 8),
        ("a eq 1 and", 11),
        ("(a pr", 6),
        ("a pr)", 5),
        ("a pr b pr", 6),
        ("a eq\"x\"", 5),
        ("(a pr)and(b pr)", 7),
        ("a\teq 1", 2),
        ("ü eq 1", 1),
        ("a pr 1", 6),
    ] {
        assert_eq!(breaks_off_at(text), at, "{text:?}");
    }
}

#[test]
fn filters_have_limits() {
    let limits = Limits::default();
    let nested = |levels: usize| format!("{}a pr{}", "(".repeat(levels), ")".repeat(levels));
    assert!(read(&nested(limits.filter_depth_levels)).is_ok());
    assert_eq!(breaks_off_at(&nested(limits.filter_depth_levels + 1)), limits.filter_depth_levels + 1);
    assert!(read(&"not (".repeat(1_000)).is_err());
    let joined = |terms: usize| vec!["a pr"; terms].join(" or ");
    assert!(read(&joined(limits.filter_terms)).is_ok());
    assert!(read(&joined(limits.filter_terms + 1)).is_err());
    let long = format!("a eq \"{}\"", "x".repeat(limits.filter_bytes));
    assert_eq!(breaks_off_at(&long), limits.filter_bytes + 1);
}

#[test]
fn values_are_never_repeated_in_a_refusal() {
    for text in [r#"a eq "secret" b"#, r#"a eq "secret"#, "a eq secret", "secret/x pr"] {
        assert!(!read(text).unwrap_err().detail.contains("secret"), "{text}");
    }
}

#[test]
fn patch_paths_are_read_like_filters() {
    let path = |text: &str| parse_patch_path(text, &Limits::default());
    for text in [
        "userName",
        "name.givenName",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        r#"emails[type eq "work" and value ew "x"]"#,
        r#"emails[not (type eq "a]b")].value"#,
        r#"urn:x:User:emails[type pr].value"#,
    ] {
        assert_eq!(path(text).unwrap().to_string(), text);
    }
    for (text, keyword) in [
        ("", ScimType::InvalidPath),
        ("/userName", ScimType::InvalidPath),
        ("emails[0]", ScimType::InvalidFilter),
        ("emails[type like 1]", ScimType::InvalidFilter),
        ("emails[type pr", ScimType::InvalidFilter),
        ("emails[type pr]value", ScimType::InvalidPath),
        ("emails[type pr].a.b", ScimType::InvalidPath),
        ("emails[type pr].", ScimType::InvalidPath),
        ("user name", ScimType::InvalidPath),
        ("a pr", ScimType::InvalidPath),
    ] {
        assert_eq!(path(text).unwrap_err().scim_type, Some(keyword), "{text:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_is_read_back_as_it_was(filter in generate::filter()) {
        prop_assert_eq!(read(&filter.to_string()).unwrap(), filter);
    }

    #[test]
    fn text_of_any_kind_is_read_or_refused(text in any::<String>(), tokens in proptest::collection::vec(
        proptest::sample::select(vec!["(", ")", "[", "]", ".", "\"", "\\", " ", "a", "eq", "pr", "not", "and", "or", "1", "é", "urn:"]), 0..40)
    ) {
        let _ = read(&text);
        let _ = parse_patch_path(&text, &Limits::default());
        let joined = tokens.concat();
        if let Ok(filter) = read(&joined) {
            prop_assert_eq!(read(&filter.to_string()).unwrap(), filter);
        }
        let _ = parse_patch_path(&joined, &Limits::default());
    }
}
