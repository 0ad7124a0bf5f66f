use super::{Citable, DEFAULT, find, names, parse, parse_citing};

#[test]
fn every_built_in_profile_is_found_by_its_own_name() {
    for name in names() {
        assert_eq!(find(name).unwrap().name, name);
    }
}

#[test]
fn the_default_is_built_in() {
    assert!(names().contains(&DEFAULT));
}

#[test]
fn an_unknown_name_lists_the_known_ones() {
    assert_eq!(
        find("rcf").unwrap_err().to_string(),
        "there is no profile \"rcf\"; known profiles: blogin, bonusly, entra-ready, promapp, rfc"
    );
}

#[test]
fn an_unknown_field_is_named_with_its_place() {
    let text = "name = \"x\"\ntitle = \"X\"\nbase_path = \"\"\n  colour = 1\n";
    let message = parse(text, "x.toml").unwrap_err().to_string();
    assert!(message.starts_with("x.toml:4:3: unknown field `colour`"), "{message}");
    assert!(message.contains("hint: remove it"), "{message}");
}

#[test]
fn a_missing_field_is_named() {
    let message = parse("name = \"x\"", "x.toml").unwrap_err().to_string();
    assert!(message.contains("missing field `title`"), "{message}");
}

#[test]
fn broken_toml_is_placed_in_its_line() {
    let message = parse("name = \"x\"\ntitle = ", "x.toml").unwrap_err().to_string();
    assert!(message.starts_with("x.toml:2:"), "{message}");
}

#[test]
fn a_base_path_without_a_leading_slash_is_refused() {
    let text = "name = \"x\"\ntitle = \"X\"\nbase_path = \"scim\"\n";
    let message = parse(text, "x.toml").unwrap_err().to_string();
    assert!(message.starts_with("x.toml:3:1: base_path is no path"), "{message}");
}

#[test]
fn samples_keep_their_attributes() {
    let text = "name = \"x\"\ntitle = \"X\"\nbase_path = \"\"\n[samples.User]\ntitle = \"Engineer\"\n";
    let profile = parse(text, "x.toml").unwrap();
    assert_eq!(profile.samples["User"]["title"], "Engineer");
}

#[test]
fn a_sample_that_follows_from_the_user_name_is_bound_to_it() {
    let text = "name = \"x\"\ntitle = \"X\"\nbase_path = \"\"\n[samples.User]\ntitle = \"{name}\"\n\
                emails = [{ value = \"{userName}\", type = \"work\" }]\n[samples.User.\"urn:x\"]\nlogin = \"{userName}\"\n";
    let profile = parse(text, "x.toml").unwrap();
    assert_eq!(profile.bound(), ["emails.value", "urn:x:login"]);
    assert_eq!(profile.samples_alone().bound(), profile.bound());
}

#[test]
fn a_reading_that_there_is_not_is_named_with_those_that_there_are() {
    let text = "name = \"x\"\ntitle = \"X\"\nbase_path = \"\"\n[readings]\n\"filter.null\" = \"maybe\"\n";
    let message = parse(text, "x.toml").unwrap_err().to_string();
    assert!(
        message.starts_with("x.toml:5:17: `filter.null` has no reading `maybe`; it has presence, refused"),
        "{message}"
    );
}

#[test]
fn an_unknown_point_is_named_with_those_that_there_are() {
    let text = "name = \"x\"\ntitle = \"X\"\nbase_path = \"\"\nreadings = { nulls = \"x\" }\n";
    let message = parse(text, "x.toml").unwrap_err().to_string();
    assert!(message.contains("there is no open point `nulls`; these are: names, "), "{message}");
}

#[test]
fn an_extension_has_to_be_described() {
    let text = "name = \"x\"\ntitle = \"X\"\nbase_path = \"\"\n[types.User]\nextensions = [\"urn:x\"]\n";
    let message = parse(text, "x.toml").unwrap_err().to_string();
    assert!(message.starts_with("x.toml:5:15: the extension urn:x is described nowhere"), "{message}");
}

#[test]
fn groups_have_no_properties() {
    let text =
        "name = \"x\"\ntitle = \"X\"\nbase_path = \"\"\n[types.Group.properties]\ndisplayName = \"team\"\n";
    let message = parse(text, "x.toml").unwrap_err().to_string();
    assert!(message.starts_with("x.toml:4:8: a Group has neither columns nor properties"), "{message}");
}

#[test]
fn a_token_lives_a_day_at_least() {
    let text = "name = \"x\"\ntitle = \"X\"\nbase_path = \"\"\n[tokens]\nlifetime_days = 0\n";
    let message = parse(text, "x.toml").unwrap_err().to_string();
    assert!(
        message
            .starts_with("x.toml:5:17: invalid value: the number 0, expected a whole number of at least 1"),
        "{message}"
    );
}

#[test]
fn a_deviation_names_a_rule_of_its_own_file() {
    let text = "name = \"x\"\ntitle = \"X\"\nbase_path = \"\"\n[[deviations]]\nrequirement = \"R\"\n\
                rule = \"X-1\"\nbehaviour = \"b\"\n";
    let message = parse(text, "x.toml").unwrap_err().to_string();
    assert!(message.starts_with("x.toml:6:1: the deviation from R names the rule X-1"), "{message}");
}

#[test]
fn a_deviation_is_from_a_requirement_and_of_a_check_that_there_is() {
    let citable =
        Citable { is_requirement: &|id| id == "RFC7644-3.6-R6", is_check: &|id| id == "delete.answers-204" };
    let read = |requirement: &str, check: &str| {
        let text = format!(
            "name = \"x\"\ntitle = \"X\"\nbase_path = \"\"\n[[rules]]\nid = \"X-1\"\nseen = \"scim\"\nsource = \"S\"\n\
             text = \"t\"\n[[deviations]]\nrequirement = \"{requirement}\"\nrule = \"X-1\"\nbehaviour = \"b\"\n\
             checks = [\"{check}\"]\n"
        );
        parse_citing(&text, "x.toml", citable).map_err(|error| error.to_string())
    };
    assert!(read("RFC7644-3.6-R6", "delete.answers-204").is_ok());
    let message = read("RFC7644-3.6-R99", "delete.answers-204").unwrap_err();
    assert!(
        message.starts_with("x.toml:10:1: there is no requirement RFC7644-3.6-R99\n  hint: "),
        "{message}"
    );
    let message = read("RFC7644-3.6-R6", "delete.answers-200").unwrap_err();
    assert!(
        message.starts_with("x.toml:13:11: the deviation from RFC7644-3.6-R6 excuses the check"),
        "{message}"
    );
}

#[test]
fn the_form_of_a_profile_is_published() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/profile.schema.json");
    let current = format!("{:#}\n", super::json_schema());
    #[expect(clippy::disallowed_methods, reason = "whoever changes the form says so when running this test")]
    if std::env::var_os("SCIMPROOF_BLESS").is_some() {
        std::fs::write(&file, &current).unwrap();
    }
    let published = std::fs::read_to_string(&file).unwrap();
    assert_eq!(published, current, "run this test with SCIMPROOF_BLESS=1 where the change is meant");
}
