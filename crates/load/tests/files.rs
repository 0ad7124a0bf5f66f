//! Files that describe loads: those that come with the program, their schema, and what is said of bad ones.

use std::path::Path;

#[test]
fn every_file_is_known_and_says_what_it_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/load");
    let mut there: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap().replace(".toml", ""))
        .collect();
    there.sort();
    assert_eq!(there, load::names());
    for name in load::names() {
        let description = load::find(name).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(description.name, name);
        assert!(!description.objectives.is_empty(), "{name} demands nothing");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the one way to renew what is committed")]
fn the_schema_is_published() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/load.schema.json");
    let schema = format!("{:#}\n", load::json_schema());
    if std::env::var_os("SCIMPROOF_BLESS").is_some() {
        std::fs::write(&file, &schema).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), schema, "bless it with SCIMPROOF_BLESS=1");
}

const GOOD: &str = "name = \"x\"\ntitle = \"x\"\n\n[[steps]]\naction = \"create-users\"\n";

#[test]
fn what_is_wrong_is_shown_with_its_place_and_what_to_do() {
    assert!(load::parse(GOOD, "x.toml").is_ok());
    for (from, to, expected) in [
        ("title", "tilte", "x.toml:2:1: unknown field `tilte`"),
        ("create-users", "create-user", "x.toml:5:10: unknown variant `create-user`"),
        (
            "create-users",
            "add-members",
            "x.toml:5:10: add-members comes before create-users\n  hint: put create-users before it",
        ),
        (
            "[[steps]]",
            "objectives = [\"p99<2\"]\n[[steps]]",
            "x.toml:4:15: the unit does not fit\n  hint: latency is in us, ms or s",
        ),
        (
            "[[steps]]",
            "pace = { rate = 5 }\ncaps = { requests = 9, rate = 0 }\n[[steps]]",
            "x.toml:5:24: a ceiling out of range\n  hint: from 0.001 to 1000000 requests a second",
        ),
        ("[[steps]]", "[pace]\nrate = 5\n[caps]\nrate = 0\n[[steps]]", "x.toml:7:1: a ceiling out of range"),
        ("[[steps]]", "pace.rate = 0\ncaps.rate = 1\n[[steps]]", "x.toml:4:6: a rate out of range"),
        // Neither spaces nor comments nor texts that look like keys lead elsewhere.
        ("[[steps]]", "pace={ rate = 0 }\n[[steps]]", "x.toml:4:8: a rate out of range"),
        (
            "[[steps]]",
            "# [pace] has a rate, and jobs\npace . rate = 0 # rate\n[[steps]]",
            "x.toml:5:8: a rate out of range",
        ),
        ("\"x\"\n\n", "\"pace.rate = jobs\"\n[ caps ]\n\"rate\" = 0\n", "x.toml:4:1: a ceiling out of range"),
        ("[[steps]]", "# jobs are few\njobs = 0\n[[steps]]", "x.toml:5:1: 0 jobs"),
        (
            "[[steps]]",
            "# times\n[[prepare]]\naction = \"create-users\"\n\n[[steps]]",
            "x.toml:9:10: create-users comes twice",
        ),
        ("[[steps]]", "[caps]\nseconds = 0\n[[steps]]", "x.toml:5:1: nothing could be sent"),
        (
            "[[steps]]",
            "jobs = -2\n[[steps]]",
            "x.toml:4:8: invalid value: integer `-2`, expected u32\n  hint: write a value",
        ),
        (
            "[[steps]]",
            "objectives = [\"growth(probe)<=0.2\"]\n[[steps]]",
            "x.toml:4:15: this operation works on nothing that grows\n  hint: what works on groups grows with them",
        ),
        ("[[steps]]", "jobs = 0\n[[steps]]", "x.toml:4:1: 0 jobs\n  hint: from 1 to 10000"),
        (
            "[[steps]]",
            "[population]\nusers = 3\nmemberships = 9\ngroups = 1\n[[steps]]",
            "x.toml:4:2: 9 memberships do not fit into 1 groups",
        ),
        (
            "users\"",
            "users\"\ntimes = 3",
            "x.toml:6:1: create-users has no times\n  hint: times belongs to find-users",
        ),
    ] {
        let text = GOOD.replacen(from, to, 1);
        let error = load::parse(&text, "x.toml").unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let error = load::find("large-groups").unwrap_err().to_string();
    assert!(error.starts_with("there is no load \"large-groups\"; known loads: incremental-herd"), "{error}");
}

/// As its own ceiling does.
#[test]
fn what_may_be_asked_of_a_server_bounds_what_a_file_may_demand() {
    let fast = GOOD.replacen(
        "[[steps]]",
        "caps.rate = 50\nobjectives = [\"errors<1%\", \"rate>=20/s\"]\n[[steps]]",
        1,
    );
    assert!(load::parse(&fast, "x.toml").is_ok());
    assert!(load::parse_within(&fast, "x.toml", Some(20.0)).is_ok());
    let error = load::parse_within(&fast, "x.toml", Some(5.0)).unwrap_err().to_string();
    let told = "x.toml:5:28: this can never hold\n  hint: no more than 5/s is sent (caps.rate, --rps): demand less, or let more be sent";
    assert_eq!(error, told);
}
