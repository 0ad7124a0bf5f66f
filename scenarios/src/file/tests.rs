use super::{find, json_schema, names, parse};
use crate::directory::Kind;

/// A scenario of one person, one group and one step: what is given is put into its places.
pub(super) fn with(head: &str, step: &str) -> String {
    format!(
        r#"name = "x"
title = "X"
[app]
profile = "entra-ready"
mapping = "entra-default"
{head}
[[people]]
key = "ada"
assigned = true
attributes = {{ userPrincipalName = "ada@contoso.example" }}
[[groups]]
key = "sales"
members = ["ada"]
attributes = {{ displayName = "Sales {{run}}" }}
[[steps]]
title = "Something happens"
{step}
"#
    )
}

pub(super) fn complaint(text: &str) -> String {
    parse(text, "x.toml").expect_err(text).to_string()
}

#[test]
fn every_scenario_of_the_folder_comes_with_the_program() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sync");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut files: Vec<String> = files.map(|name| name.into_string().unwrap()).collect();
    files.sort();
    let expected: Vec<String> = names().iter().map(|name| format!("{name}.toml")).collect();
    assert_eq!(files, expected);
    assert!(files.len() >= 10);
}

#[test]
fn every_scenario_is_found_by_its_own_name_and_can_be_staged() {
    for name in names() {
        let scenario = find(name).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(scenario.name, name);
        assert!(scenario.steps.iter().any(|step| !step.expect.is_empty()), "{name} expects nothing");
        scenario.staged("r7f3").unwrap_or_else(|error| panic!("{error}"));
    }
    assert_eq!(
        find("bonusly-weak").unwrap_err().to_string(),
        "there is no scenario \"bonusly-weak\"; did you mean bonusly-week?"
    );
}

#[test]
fn a_stage_has_the_names_of_its_run() {
    let scenario = parse(&with("", "cycle = true"), "x.toml").unwrap();
    let (one, other) = (scenario.staged("r1").unwrap(), scenario.staged("r2").unwrap());
    assert!(one.directory().user_named("ada@r1.contoso.example").is_some());
    let (ada, sales) = (one.object_id("ada").unwrap(), one.object_id("sales").unwrap());
    assert_eq!(one.directory().name(sales).unwrap(), "Sales r1");
    assert!(one.directory().is_member(sales, ada).unwrap());
    assert_eq!(
        (one.key(ada), one.kind("ada"), one.kind("sales")),
        (Some("ada"), Some(Kind::User), Some(Kind::Group))
    );
    assert_ne!(Some(ada), other.object_id("ada"));
    assert_eq!(Some(ada), scenario.staged("r1").unwrap().object_id("ada"));
}

#[test]
fn a_population_is_of_its_run_too() {
    let people = "[population]\nseed = 1\nshape = { users = 5, groups = 2 }";
    let scenario = parse(&with(people, "cycle = true"), "x.toml").unwrap();
    let ids = |run: &str| {
        let stage = scenario.staged(run).unwrap();
        stage.directory().users().map(str::to_owned).collect::<Vec<_>>()
    };
    let (one, other) = (ids("r1"), ids("r2"));
    assert_eq!(one.len(), 6);
    assert!(one.iter().all(|id| !other.contains(id)));
    let stage = scenario.staged("r1").unwrap();
    assert!(one.iter().all(|id| stage.directory().in_scope(id).unwrap()));
    assert_eq!(stage.directory().groups().count(), 3);
}

/// A scenario in the folder `acme` that names files of its own, and what stands in them.
fn beside(profile: &str, mapping: &str, files: &[(&str, &str)]) -> Result<super::Scenario, String> {
    let text = with("", "cycle = true").replace("entra-ready", profile).replace("entra-default", mapping);
    let load = |path: &std::path::Path| {
        let found = files.iter().find(|(name, _)| std::path::Path::new(name) == path);
        found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| std::io::ErrorKind::NotFound.into())
    };
    super::parse_with(&text, "acme/x.toml", &load).map_err(|error| error.to_string())
}

const MAPPING: &str = "name = \"acme\"\ntitle = \"Acme\"\n[[users]]\nattribute = \"userPrincipalName\"\ntarget = \
                       \"userName\"\nmatching = 1\n";
const PROFILE: &str = "name = \"acme\"\ntitle = \"Acme\"\nbase_path = \"/scim\"\n[[rules]]\nid = \"A-01\"\nseen = \
                       \"scim\"\nsource = \"the guide\"\ntext = \"Users are kept.\"\n";

#[test]
fn a_mapping_and_a_profile_of_ones_own_are_read_from_the_scenarios_folder() {
    let files = [("acme/own/profile.toml", PROFILE), ("acme/mapping.toml", MAPPING)];
    let scenario = beside("own/profile.toml", "mapping.toml", &files).unwrap();
    assert_eq!((scenario.profile.name.as_str(), scenario.mapping.name.as_str()), ("acme", "acme"));
    let stage = scenario.staged("r1").unwrap();
    assert_eq!(stage.scenario.mapping.users.len(), 1);
}

#[test]
fn a_file_of_ones_own_that_will_not_do_is_told_of_where_it_is_wrong() {
    let wrong = format!("{MAPPING}[[users]]\nattribute = \"jobtitle\"\ntarget = \"title\"\n");
    let table = [
        (
            beside("entra-ready", "acme.toml", &[]),
            "acme/x.toml:5:1: the mapping acme/acme.toml cannot be read: entity not found\n  hint: write the path from the \
             folder that this file lies in",
        ),
        (
            beside("entra-ready", "acme.toml", &[("acme/acme.toml", &wrong)]),
            "acme/acme.toml:8:13: the directory has no attribute `jobtitle`\n  hint: did you mean jobTitle?",
        ),
        (
            beside("acme.toml", "entra-default", &[("acme/acme.toml", "name = 1")]),
            "acme/acme.toml:1:8: invalid type: the number 1, expected a text",
        ),
        (
            beside("entra-ready", "entra-defualt", &[]),
            "acme/x.toml:5:1: there is no mapping \"entra-defualt\"\n  hint: did you mean entra-default?",
        ),
        (
            beside("acme", "entra-default", &[]),
            "acme/x.toml:4:1: there is no profile \"acme\"\n  hint: there are blogin, bonusly, entra-ready, promapp, rfc; a \
             file of your own ends in .toml",
        ),
    ];
    for (read, expected) in table {
        let complaint = read.expect_err(expected);
        assert!(complaint.starts_with(expected), "{complaint}\nexpected {expected}");
    }
}

#[test]
fn what_is_done_is_told_in_words_and_without_what_nobody_may_see() {
    let scenario = find("bonusly-week").unwrap();
    let mut stage = scenario.staged("r1").unwrap();
    let told: Vec<Vec<String>> = stage
        .scenario
        .steps
        .clone()
        .iter()
        .map(|step| {
            let one = |action| {
                let told = stage.told(action);
                stage.apply(action, 0).unwrap();
                told
            };
            step.actions.iter().map(one).collect()
        })
        .collect();
    assert_eq!(
        told[3],
        [
            "1 day passes",
            "Cy Holm comes into the directory, reporting to Dee Lind, and is assigned to the application"
        ]
    );
    assert!(
        told[4][1].starts_with("Ada Berg: city Oslo -> Bergen, displayName Ada Berg -> Ada Holm, "),
        "{told:?}"
    );
    assert_eq!(told[9], ["14 hours pass", "the assignment of Ada Holm is taken back"]);
    let birthday = [("extensionAttribute2".to_owned(), "1991-01-01".to_owned())];
    let set = super::Action::Set { of: "ada".to_owned(), attributes: birthday.into() };
    assert_eq!(stage.told(&set), "Ada Holm: extensionAttribute2 (not shown) -> (not shown)");
    let storm = "do = [{ break = { kind = \"throttled\", method = \"POST\", after = 3, times = 5, retry_after_s = 30 } }]";
    let scenario = parse(&with("", &format!("{storm}\ncycle = true")), "x.toml").unwrap();
    assert_eq!(
        scenario.staged("r1").unwrap().told(&scenario.steps[0].actions[0]),
        "each of 5 POST requests after the next 3 is answered with 429, Retry-After: 30 s"
    );
}

#[test]
fn unknown_parts_are_named() {
    let text = with("", "cycle = true\nwhen = \"now\"");
    assert!(complaint(&text).starts_with("x.toml:18:1: unknown field `when`"), "{}", complaint(&text));
    let text = with("", "do = [{ asign = \"ada\" }]");
    assert!(complaint(&text).contains("unknown variant `asign`"), "{}", complaint(&text));
}

#[test]
fn the_published_schema_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/scenario.schema.json");
    let current = format!("{}\n", serde_json::to_string_pretty(&json_schema()).unwrap());
    #[expect(clippy::disallowed_methods, reason = "whoever changes the form says so when running this test")]
    if std::env::var_os("SCIMPROOF_BLESS").is_some() {
        std::fs::write(path, &current).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(published, current, "run this test with SCIMPROOF_BLESS=1 where the change is meant");
}
