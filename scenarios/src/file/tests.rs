use super::{find, json_schema, names, parse};
use crate::directory::Kind;

/// A scenario of one person, one group and one step: what is given is put into its places.
fn with(head: &str, step: &str) -> String {
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

fn complaint(text: &str) -> String {
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

/// What stands in the head, what in the step, and what is said of it.
const UNSOUND: &[(&str, &str, &str)] = &[
    (
        "",
        "do = []",
        "x.toml:1:8: no cycle ever runs\n  hint: add cycle = true to the steps after which the client is to act",
    ),
    (
        "[app.settings]\nclient = \"entra-flagged\"",
        "cycle = true",
        "x.toml:7:10: unknown variant `entra-flagged`, expected `entra-default` or `entra-flag`\n  hint: remove it, or \
         correct its name to one of those listed",
    ),
    (
        "retarget = { userNam = \"login\" }",
        "cycle = true",
        "x.toml:6:14: the mapping entra-default has no target \"userNam\"\n  hint: did you mean userName?",
    ),
    (
        "",
        "do = [{ assign = \"adda\" }]\ncycle = true",
        "x.toml:17:18: nobody has the key \"adda\"\n  hint: did you mean ada?",
    ),
    (
        "",
        "do = [{ set = { of = \"ada\", attributes = { jobtitle = \"Lead\" } } }]\ncycle = true",
        "x.toml:17:44: the directory keeps no attribute \"jobtitle\"\n  hint: did you mean jobTitle?",
    ),
    (
        "",
        "do = [{ set = { of = \"ada\", attributes = { userPrincipalName = \"ada@example.com\" } } }]",
        "x.toml:17:44: the userPrincipalName \"ada@example.com\" is not under contoso.example\n  hint: end it with that \
         domain: it becomes one of the run's own, so that nobody else's account is touched",
    ),
    (
        "",
        "do = [{ set = { of = \"sales\", attributes = { displayName = \"Marketing\" } } }]",
        "x.toml:17:46: the displayName \"Marketing\" does not say whose it is\n  hint: put {run} into it: it becomes the \
         run's label, so that nobody else's group is touched",
    ),
    (
        "",
        "do = [{ leave = { group = \"sales\", who = \"ada\" } }, { leave = { group = \"sales\", who = \"ada\" } }]\ncycle = true",
        "x.toml:15:1: \"ada\" is no member of the group \"sales\"\n  hint: the file is tried out in its own order; correct \
         this, or what stands before it",
    ),
    (
        "",
        "expect = [{ only-the-probe = true }]",
        "x.toml:17:1: this is about a cycle, and the step has none\n  hint: add cycle = true to the step",
    ),
    (
        "",
        "cycle = true\nexpect = [{ gone = \"ada\", escrowed = 0 }]",
        "x.toml:18:1: an expectation says 2 things; it says one\n  hint: divide it, and remove what says nothing",
    ),
    (
        "",
        "cycle = true\nexpect = [{ rule = \"E-20\", gone = \"ada\" }]",
        "x.toml:18:21: the profile has no rule \"E-20\"\n  hint: did you mean E-02?",
    ),
    (
        "",
        "cycle = true\nexpect = [{ log = { action = \"remove\" } }]",
        "x.toml:18:31: the log knows no action \"remove\"\n  hint: there are create, update, delete, disable, \
         stageddelete, other",
    ),
    (
        "",
        "cycle = true\nexpect = [{ exactly = [{ method = \"GET\", path = \"/Users/{bo}\" }] }]",
        "x.toml:15:1: nobody has the key \"bo\"\n  hint: there are ada, sales",
    ),
    (
        "",
        "cycle = true\nexpect = [{ exactly = [{ method = \"POST\", path = \"/Users\", body = '{\"schemas\": }' }] }]",
        "x.toml:18:68: the body is no JSON: expected value at line 1 column 13\n  hint: correct it",
    ),
    (
        "",
        "do = [{ break = { kind = \"unreachable\", retry_after_s = 3 } }]",
        "x.toml:17:41: this asks nobody to wait\n  hint: remove it: it goes with throttled and unavailable",
    ),
    (
        "",
        "do = [{ advance = {} }]",
        "x.toml:17:9: no time passes\n  hint: say how many days, hours or minutes pass",
    ),
];

#[test]
fn what_cannot_be_is_placed_and_explained() {
    for (head, step, expected) in UNSOUND {
        assert_eq!(complaint(&with(head, step)), *expected);
    }
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
