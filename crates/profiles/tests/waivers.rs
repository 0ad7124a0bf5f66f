//! Waivers files: what they say, and what is said of one that is wrong.

use profiles::{Day, Waivable, Waivers};

const KNOWN: Waivable<'_> = Waivable {
    checks: &["delete.answers-204", "create.answers-201"],
    requirements: &["RFC7644-3.6-R6", "RFC7644-8.1-R1"],
};

const GOOD: &str = r#"[[waiver]]
check = "delete.answers-204"
reason = "mended in 4.2"
expires = 2027-01-31

[[waiver]]
requirement = "RFC7644-8.1-R1"
where = "header content-type"
reason = "their gateway does it"
by = "Ada"
expires = 2026-12-24
"#;

#[test]
fn a_file_names_checks_and_requirements_and_ends_on_a_day() {
    let waivers = Waivers::parse(GOOD, "x.toml", KNOWN).unwrap().waiver;
    let told: Vec<String> =
        waivers.iter().map(|waiver| format!("{} until {}", waiver.what(), waiver.expires)).collect();
    assert_eq!(
        told,
        ["delete.answers-204 until 2027-01-31", "RFC7644-8.1-R1 header content-type until 2026-12-24"]
    );
    assert!(waivers[1].expires < waivers[0].expires);
    assert_eq!(Some(&waivers[0].expires), Day::new(2027, 1, 31).as_ref());
    assert_eq!(Day::new(2027, 13, 1), None);
    assert_eq!(Waivers::parse("", "x.toml", KNOWN).unwrap(), Waivers::default());
}

#[test]
fn a_waiver_is_about_all_that_it_does_not_leave_out() {
    let waivers = Waivers::parse(GOOD, "x.toml", KNOWN).unwrap().waiver;
    let about = |number: usize, check, requirement, place| {
        waivers[number].is_about(check, requirement, [place, place])
    };
    assert!(about(0, "delete.answers-204", "RFC7644-3.6-R6", "status"));
    assert!(about(0, "delete.answers-204", "RFC7644-8.1-R1", "body"));
    assert!(!about(0, "create.answers-201", "RFC7644-3.6-R6", "status"));
    assert!(about(1, "create.answers-201", "RFC7644-8.1-R1", "header content-type"));
    assert!(!about(1, "create.answers-201", "RFC7644-8.1-R1", "status"));
    assert!(!about(1, "create.answers-201", "RFC7644-3.6-R6", "header content-type"));
}

#[test]
fn every_mistake_is_placed_told_and_mended() {
    let mut told = String::new();
    for (from, to) in [
        ("check", "chekc"),
        ("delete.answers-204", "delete.answer-204"),
        ("delete.answers-204", "zzz"),
        ("RFC7644-8.1-R1", "RFC7644-8.1-R11"),
        ("RFC7644-8.1-R1", "nothing"),
        ("check = \"delete.answers-204\"", ""),
        ("reason = \"mended in 4.2\"", ""),
        ("mended in 4.2", " "),
        ("header content-type", ""),
        ("expires = 2027-01-31", ""),
        ("2027-01-31", "\"2027-01-31\""),
        ("2027-01-31", "2027-02-31"),
        ("2027-01-31", "2027-01-31T08:00:00Z"),
        ("[[waiver]]\ncheck", "[waivers]\ncheck"),
    ] {
        let error = Waivers::parse(&GOOD.replacen(from, to, 1), "x.toml", KNOWN).unwrap_err();
        told.push_str(&format!("{from} -> {to}\n=> {error}\n\n"));
    }
    insta::assert_snapshot!("waivers", told);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the one way to renew what is committed")]
fn the_schema_is_published() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/waivers.schema.json");
    let schema = format!("{:#}\n", Waivers::json_schema());
    if std::env::var_os("SCIMPROOF_BLESS").is_some() {
        std::fs::write(file, &schema).unwrap();
    }
    assert_eq!(std::fs::read_to_string(file).unwrap_or_default(), schema, "bless it with SCIMPROOF_BLESS=1");
}
