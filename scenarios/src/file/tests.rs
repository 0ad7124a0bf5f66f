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
        "cycle = true\nexpect = [{ exactly = { entra-flag = [{ method = \"GET\", path = \"/Users/{bo}\" }] } }]",
        "x.toml:18:72: nobody has the key \"bo\"\n  hint: there are ada, sales",
    ),
    (
        "",
        "cycle = true\nexpect = [{ exactly = { entra-default = [{ method = \"POST\", path = \"/Users\", body = '{\"schemas\": }' }] } }]",
        "x.toml:18:86: the body is no JSON: expected value at line 1 column 13\n  hint: correct it",
    ),
    (
        "",
        "cycle = true\nexpect = [{ log = { modified = [\"title\", \"no.such.attribute\"] } }]",
        "x.toml:18:43: the mapping entra-default has no target \"no.such.attribute\"\n  hint: there are active, \
         addresses[type eq \"work\"].country, addresses[type eq \"work\"].formatted, addresses[type eq \"work\"].locality, ",
    ),
    (
        "",
        "cycle = true\nexpect = [{ same-as-model = { except = [\"titel\"] } }]",
        "x.toml:18:42: the mapping entra-default has no target \"titel\"\n  hint: did you mean title?",
    ),
    (
        "",
        "cycle = true\nexpect = [{ members = { of = \"ada\", are = [] } }]",
        "x.toml:18:30: \"ada\" is nobody's group: it has no members\n  hint: name a group; there are sales",
    ),
    (
        "",
        "cycle = true\nexpect = [{ attribute = { of = \"ada\", target = \"dispalyName\", is = \"Ada\" } }]",
        "x.toml:18:49: no user has an attribute \"dispalyName\"\n  hint: did you mean displayName?",
    ),
    (
        "",
        "cycle = true\nexpect = [{ attribute = { of = \"sales\", target = \"userName\", is = \"Sales\" } }]",
        "x.toml:18:51: no group has an attribute \"userName\"",
    ),
    (
        "",
        "cycle = true\nexpect = [{ attribute = { of = \"ada\", target = \"name.zzz\" } }]",
        "x.toml:18:49: no user has an attribute \"name.zzz\"",
    ),
    (
        "",
        "cycle = true\nexpect = [{ attribute = { of = \"ada\", target = \"title\", is = \"{adda}\" } }]",
        "x.toml:18:63: nobody has the key \"adda\"\n  hint: did you mean ada?",
    ),
    (
        "",
        "cycle = true\nexpect = [{ requests = { path = \"Users\", count = 0 } }]",
        "x.toml:18:34: no request has the path \"Users\"\n  hint: begin it with a slash, as in /Users",
    ),
    (
        "",
        "cycle = true\nexpect = [{ requests = { path = \"/Users/{bo}\", count = 0 } }]",
        "x.toml:18:41: nobody has the key \"bo\"\n  hint: there are ada, sales",
    ),
    (
        "",
        "do = [{ retarget = { target = \"displayname\", to = \"x\" } }]\ncycle = true",
        "x.toml:17:32: the mapping entra-default has no target \"displayname\"\n  hint: did you mean displayName?",
    ),
    (
        "",
        "cycle = true\nexpect = [{ next = \"Monday\" }]",
        "x.toml:18:21: \"Monday\" is no moment in UTC\n  hint: write it as 2026-11-23T08:40:00Z",
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
    (
        "settings = { timeout_s = 0 }",
        "cycle = true",
        "x.toml:6:14: timeout_s cannot be 0\n  hint: say how many seconds a request may take; 100 is the default",
    ),
    (
        "[app.settings]\ninterval_min = 40\nmember_batch_size = 0",
        "cycle = true",
        "x.toml:8:1: member_batch_size cannot be 0\n  hint: say how many members go into one request; 1 is the default",
    ),
    (
        "settings = { interval_min = 0 }",
        "cycle = true",
        "x.toml:6:14: interval_min cannot be 0\n  hint: say how many minutes lie between two cycles; 40 is the default",
    ),
];

#[test]
fn what_cannot_be_is_placed_and_explained() {
    for (head, step, expected) in UNSOUND {
        let complaint = complaint(&with(head, step));
        assert!(complaint.starts_with(expected), "{complaint}\nexpected {expected}");
    }
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
            "acme/acme.toml:1:8: invalid type: integer `1`, expected a string",
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
