use super::{DEFAULT, find, names, parse};

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
    assert_eq!(find("rcf").unwrap_err().to_string(), "there is no profile \"rcf\"; known profiles: rfc");
}

#[test]
fn an_unknown_field_is_named_with_its_place() {
    let text = "name = \"x\"\ntitle = \"X\"\nbase_path = \"\"\n  colour = 1\n";
    let message = parse(text, "x.toml").unwrap_err().to_string();
    assert!(message.starts_with("x.toml:4:3: unknown field `colour`"), "{message}");
    assert!(message.contains("hint: remove the line"), "{message}");
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
