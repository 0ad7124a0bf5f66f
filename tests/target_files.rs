//! Target files: what they say, what goes before it, and what is told of a file that cannot be used.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::path::Path;
use std::process::Command;

use support::{run, scimproof};

/// A setting, and how it is said in each place. The plan shows what holds: `shows` with the value.
struct Setting {
    flag: &'static [&'static str],
    variable: Option<&'static str>,
    file: &'static str,
    shows: &'static str,
    /// As a flag, as a variable, in the file, and unless anybody says anything.
    values: [&'static str; 4],
}

const SETTINGS: &[Setting] = &[
    Setting {
        flag: &[],
        variable: Some("SCIMPROOF_URL"),
        file: "url = \"@\"",
        shows: "Plan for @, profile",
        values: ["http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:3", "the bundled server"],
    },
    Setting {
        flag: &["--profile"],
        variable: Some("SCIMPROOF_PROFILE"),
        file: "profile = \"@\"",
        shows: ", profile @:",
        values: ["blogin", "promapp", "entra-ready", "rfc"],
    },
    Setting {
        flag: &["--timeout"],
        variable: Some("SCIMPROOF_TIMEOUT"),
        file: "timeout_s = @",
        shows: ", @ s for a request",
        values: ["3", "4", "5", "10"],
    },
    Setting {
        flag: &["--lag"],
        variable: Some("SCIMPROOF_LAG"),
        file: "lag_s = @",
        shows: "reads may lag @ s behind writes",
        values: ["3", "4", "5", ""],
    },
    Setting {
        flag: &["--ca"],
        variable: Some("SCIMPROOF_CA"),
        file: "[tls]\nca = \"@\"",
        shows: "the certificates in @ are trusted too",
        values: ["flag.pem", "variable.pem", "file.pem", ""],
    },
    Setting {
        flag: &["--domain"],
        variable: Some("SCIMPROOF_DOMAIN"),
        file: "domain = \"@\"",
        shows: "e-mail addresses are made up in @\n",
        values: ["flag.test", "variable.test", "file.test", ""],
    },
    Setting {
        flag: &["--waivers"],
        variable: None,
        file: "waivers = \"@\"",
        shows: "failures that are known: @\n",
        values: ["flag.toml", "", "file.toml", ""],
    },
    Setting {
        flag: &["--proxy"],
        variable: Some("SCIMPROOF_PROXY"),
        file: "[proxy]\nurl = \"@\"",
        shows: "everything goes through the proxy @\n",
        values: ["http://127.0.0.1:11", "http://127.0.0.1:12", "http://127.0.0.1:13", ""],
    },
    Setting {
        flag: &["--rps"],
        variable: Some("SCIMPROOF_RPS"),
        file: "[limits]\nrequests_per_second = @",
        shows: "at most @ requests a second",
        values: ["3", "4.5", "5", ""],
    },
    Setting {
        flag: &["--max-requests"],
        variable: Some("SCIMPROOF_MAX_REQUESTS"),
        file: "[limits]\nrequests = @",
        shows: "at most @ requests, those included that remove",
        values: ["300", "400", "500", ""],
    },
    Setting {
        flag: &["--header"],
        variable: None,
        file: "[headers]\nX-Tenant = \"@\"",
        shows: "every request has the header x-tenant: @\n",
        values: ["acme", "", "globex", ""],
    },
];

/// How a value is written on the command line.
fn written(setting: &Setting, value: &str) -> Vec<String> {
    let value = match setting.flag.first() {
        Some(&"--header") => format!("X-Tenant: {value}"),
        _ => value.to_owned(),
    };
    setting.flag.iter().map(|word| (*word).to_owned()).chain([value]).collect()
}

/// The plan of a check that is said these things of.
fn plan(setting: &Setting, flag: bool, variable: bool, file: bool) -> String {
    let dir = tempfile::tempdir().expect("a directory");
    let [by_flag, by_variable, in_file, _] = setting.values;
    let authority =
        rcgen::generate_simple_self_signed(vec!["scim.example".to_owned()]).expect("a certificate");
    for name in ["flag.pem", "variable.pem", "file.pem"] {
        std::fs::write(dir.path().join(name), authority.cert.pem()).expect("a file");
    }
    for name in ["flag.toml", "file.toml"] {
        std::fs::write(dir.path().join(name), "").expect("a file");
    }
    let mut command = scimproof();
    command.args(["check", "--dry-run"]).current_dir(dir.path());
    if flag {
        command.args(written(setting, by_flag));
    }
    if let Some(name) = setting.variable.filter(|_| variable) {
        command.env(name, by_variable);
    }
    // There is a file only where it says something: the bundled server takes none.
    let is_url = setting.flag.is_empty();
    if file {
        let server = if is_url { "" } else { "url = \"http://127.0.0.1:9\"\n" };
        let text = format!("{server}{}\n", setting.file.replace('@', in_file));
        std::fs::write(dir.path().join("t.toml"), text).expect("a file");
        command.args(["--target", "t.toml"]);
    } else if !is_url {
        command.env("SCIMPROOF_URL", "http://127.0.0.1:9");
    }
    run(&mut command).exits(0).stdout.to_lowercase()
}

#[test]
fn the_command_line_goes_before_the_environment_before_the_file_before_what_is_usual() {
    for setting in SETTINGS {
        let [by_flag, by_variable, in_file, usual] = setting.values;
        let has_variable = setting.variable.is_some();
        let cases = [
            (true, true, true, by_flag),
            (true, false, true, by_flag),
            (true, true, false, by_flag),
            (false, has_variable, true, if has_variable { by_variable } else { in_file }),
            (false, has_variable, false, if has_variable { by_variable } else { usual }),
            (false, false, true, in_file),
            (false, false, false, usual),
        ];
        for (flag, variable, file, holds) in cases {
            let plan = plan(setting, flag, variable, file);
            let shown = |value: &str| plan.contains(&setting.shows.replace('@', value).to_lowercase());
            for value in setting.values.iter().filter(|value| !value.is_empty()) {
                assert_eq!(
                    shown(value),
                    *value == holds,
                    "{:?} {flag} {variable} {file} {value}:\n{plan}",
                    setting.flag
                );
            }
        }
    }
}

/// `SCIMPROOF_URL= scimproof check` is how a shell leaves a variable out.
#[test]
fn an_empty_variable_is_as_good_as_none() {
    let variables: Vec<&str> = SETTINGS.iter().filter_map(|setting| setting.variable).collect();
    for verb in ["check", "prove", "sync", "load", "doctor"] {
        let plan = |variables: &[&str]| {
            let dir = tempfile::tempdir().expect("a directory");
            let mut command = scimproof();
            command.args([verb, "--dry-run"]).envs(variables.iter().map(|name| (name, "")));
            run(command.current_dir(dir.path())).exits(0).says(&["Plan for the bundled server"]).stdout
        };
        // The bundled server has another port each time.
        assert_eq!(plan(&variables).lines().count(), plan(&[]).lines().count(), "{verb}");
    }
    let known: Vec<&str> = variables.iter().copied().chain(["SCIMPROOF_TARGET"]).collect();
    let help = run(scimproof().args(["check", "--help"])).exits(0).stdout;
    let told = help.split("[env: ").skip(1).filter_map(|rest| rest.split(['=', ']']).next());
    for name in told {
        assert!(known.contains(&name), "{name} is not tried");
        run(scimproof().args(["check", "--dry-run"]).env(name, "")).exits(0);
    }
}

fn check(dir: &Path, file: &str) -> Command {
    std::fs::write(dir.join("t.toml"), file).expect("a file");
    let mut command = scimproof();
    command.args(["check", "--target", "t.toml", "--out", "out"]).current_dir(dir);
    command
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_place_and_nothing_is_sent() {
    let dir = tempfile::tempdir().expect("a directory");
    let server = "url = \"http://127.0.0.1:9\"\n";
    for (file, told) in [
        ("timeout = 3\n", "t.toml:1:1: unknown field `timeout`"),
        ("url = \"ftp://x\"\n", "t.toml:1:7: the base URL must begin with http:// or https://"),
        ("url = \"http://user:s3cr3t@x\"\n", "t.toml:1:7: the base URL holds user information"),
        ("profile = \"rfc\"\n", "a target file, a header or a limit without a URL"),
        (&format!("{server}[auth.bearer]\ntoken = \"s3cr3t\"\n"), "t.toml:3:9: a secret stands in the file"),
        (
            &format!("{server}[auth.bearer]\ntoken = {{ env = \"SCIMPROOF_NO_SUCH\" }}\n"),
            "t.toml:3:9: there is no environment variable SCIMPROOF_NO_SUCH",
        ),
        (
            &format!("{server}[auth.bearer]\ntoken = {{ env = \"s3cr3t-in-place-of-a-name\" }}\n"),
            "t.toml:3:9: this is no name of a variable",
        ),
        (
            &format!("{server}[auth.bearer]\ntoken = {{ file = \"nowhere\" }}\n"),
            "t.toml:3:9: cannot read the file nowhere",
        ),
        (
            &format!("{server}[auth.bearer]\ntoken = {{ command = [\"false\"] }}\n"),
            "t.toml:3:9: false failed",
        ),
        (
            &format!("{server}[auth.bearer]\ntoken = {{ command = [\"echo\", \"two s3cr3t\"] }}\n"),
            "t.toml:3:9: what comes from there is no usable token",
        ),
        (
            &format!(
                "{server}[auth.oauth2]\ntoken_url = \"http://elsewhere.example\"\nclient_id = \"c\"\n\
                 client_secret = {{ command = [\"echo\", \"s3cr3t\"] }}\n"
            ),
            "t.toml:3:13: the token URL must begin with https://",
        ),
        (
            &format!(
                "{server}[auth.oauth2]\ntoken_url = \"https://us:s3cr3t@login.example\"\nclient_id = \"c\"\n\
                 client_secret = {{ command = [\"echo\", \"s3cr3t\"] }}\n"
            ),
            "t.toml:3:13: the token URL holds user information",
        ),
        (
            &format!("{server}[capabilities]\n\"User.srot\" = false\n"),
            "t.toml:3:15: there is no capability `User.srot`\n  hint: did you mean `User.sort`?",
        ),
        (&format!("{server}[samples.User]\ntitle = 3\n"), "t.toml:3:9: title is text"),
        (
            &format!("{server}waivers = \"nowhere.toml\"\n"),
            "t.toml:2:11: cannot read the waivers nowhere.toml",
        ),
        (&format!("{server}waivers = \"t.toml\"\n"), "t.toml:1:1: unknown field `url`"),
    ] {
        let ended = run(&mut check(dir.path(), file)).exits(2).complains(&[told]);
        assert!(!ended.stderr.contains("s3cr3t"), "{}", ended.stderr);
    }
    assert!(!dir.path().join("out").exists(), "nothing was begun");
}

/// What a file names is looked at before anything is sent, and told where it is named.
#[test]
fn what_a_file_names_and_cannot_be_is_told_with_its_place() {
    let dir = tempfile::tempdir().expect("a directory");
    let server = "url = \"http://127.0.0.1:9\"\n";
    for (file, told) in [
        (&format!("{server}[tls]\nca = \"t.toml\"\n"), "t.toml:3:6: t.toml: it holds no certificate"),
        (&format!("{server}[tls]\nca = \"nowhere.pem\"\n"), "t.toml:3:6: nowhere.pem: No such file"),
        (
            &format!("{server}[tls]\ncertificate = \"t.toml\"\nkey = \"nowhere.pem\"\n"),
            "t.toml:4:7: nowhere.pem: No such file",
        ),
        (
            &format!("{server}profile = \"blogn\"\n"),
            "t.toml:2:11: there is no profile \"blogn\"; known profiles: blogin, bonusly, entra-ready, promapp, rfc\n  \
             hint: did you mean `blogin`?",
        ),
        (
            &format!("{server}profile = \"nowhere.toml\"\n"),
            "t.toml:2:11: cannot read the profile nowhere.toml: No such file",
        ),
        (&format!("{server}[proxy]\nurl = \"nonsense\"\n"), "t.toml:3:7: the URL of the proxy \"nonsense\""),
        (
            &format!("{server}[tls]\ncertificate = \"t.toml\"\nkey = \"t.toml\"\n"),
            "t.toml:3:15: it holds no private key",
        ),
        (
            &format!("{server}[proxy]\nurl = \"http://user:s3cr3t@p\"\n"),
            "t.toml:3:7: the URL of the proxy cannot be used; ",
        ),
        (
            &format!("{server}[proxy]\nurl = \"http://p:3128:user:s3cr3t\"\n"),
            "t.toml:3:7: the URL of the proxy cannot be used; ",
        ),
        (
            &format!("{server}[proxy]\nurl = \"http://user:s3cr3t%40p\"\n"),
            "t.toml:3:7: the URL of the proxy cannot be used; ",
        ),
    ] {
        let ended = run(&mut check(dir.path(), file)).exits(2).complains(&[told]);
        assert!(!ended.stderr.contains("s3cr3t"), "{}", ended.stderr);
    }
    assert!(!dir.path().join("out").exists(), "nothing was begun");
}

#[test]
fn a_secret_on_the_command_line_is_refused_and_not_repeated() {
    for header in ["Authorization: Bearer s3cr3t", "X-Api-Key: s3cr3t", "Cookie: id=s3cr3t", "s3cr3t"] {
        let ended = run(scimproof().args(["check", "http://127.0.0.1:9", "--header", header])).exits(2);
        assert!(ended.stderr.contains("--header") && !ended.stderr.contains("s3cr3t"), "{}", ended.stderr);
    }
}

#[test]
fn what_discovery_says_can_be_set_right_by_hand() {
    let served = support::Served::start(&[]);
    let dir = tempfile::tempdir().expect("a directory");
    let sorted = |capabilities: &str| {
        let file =
            format!("url = \"{}\"\n[auth.bearer]\ntoken = {{ env = \"T\" }}\n{capabilities}", served.url);
        let ended =
            run(check(dir.path(), &file).args(["--only", "sort,delete"]).env("T", &served.token)).exits(0);
        let report = support::Report::read(&dir.path().join("out"));
        (report.ended("pass").len(), report.ended("not-supported").len(), ended)
    };
    let (passed, missing, _) = sorted("");
    assert!(passed > 0 && missing == 0, "{passed} {missing}");
    let (none, all, _) = sorted("[capabilities]\n\"User.sort\" = false\n");
    assert!(none < passed && all > 0, "{none} {all}");
}

/// The guide's file is one, and says something of everything.
#[test]
fn the_guides_file_can_be_read() {
    const GUIDE: &str = include_str!("../docs/target.md");
    let text = GUIDE.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a file");
    let file = profiles::target::parse(text, "target.toml").expect("a file that can be read");
    let profile = profiles::find("entra-ready").expect("a profile");
    profiles::target::fits(&file, &profile, text, "target.toml").expect("samples that fit");
    let schema = profiles::target::json_schema();
    let known = schema["properties"].as_object().expect("properties").keys();
    for key in known {
        let said = text
            .lines()
            .any(|line| line.starts_with(&format!("{key} =")) || line.starts_with(&format!("[{key}")));
        assert!(said, "the guide's file says nothing of `{key}`");
    }
}

/// A file may have been forgotten in the environment, and a URL is typed in a hurry.
#[test]
fn the_secrets_of_a_file_stay_with_the_server_that_it_names() {
    let dir = tempfile::tempdir().expect("a directory");
    let plan = |file: &str, words: &[&str]| {
        std::fs::write(dir.path().join("target.toml"), format!("url = \"http://127.0.0.1:9/scim\"\n{file}"))
            .expect("a file");
        let mut command = scimproof();
        command.args(["check", "--dry-run"]).args(words).env("SCIMPROOF_TARGET", "target.toml");
        run(command.env("E2E_SECRET", "of-the-file").current_dir(dir.path()))
    };
    let bearer = "[auth.bearer]\ntoken = { env = \"E2E_SECRET\" }\n";
    let header = "[headers]\nX-Api-Key = { env = \"E2E_SECRET\" }\n";
    let other = "[credentials]\nsecond_tenant = { env = \"E2E_SECRET\" }\n";
    let elsewhere = "http://127.0.0.1:10/scim";
    for (file, what) in [(bearer, "[auth]"), (header, "the header "), (other, "[credentials]")] {
        plan(file, &[elsewhere]).exits(2).complains(&[what, elsewhere, "nothing was sent", "--token-env"]);
        plan(file, &["http://127.0.0.1:9/another/path"]).exits(0);
        plan(file, &[]).exits(0);
    }
    let own_token = [elsewhere, "--token-env", "E2E_SECRET"];
    plan(bearer, &own_token).exits(0);
    plan(header, &own_token).exits(2);
    plan("timeout_s = 3\n", &[elsewhere]).exits(0);
}

#[test]
fn a_plan_says_where_the_secret_of_a_client_goes() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = "url = \"http://127.0.0.1:9/scim\"\n[auth.oauth2]\ntoken_url = \"https://login.example/token\"\n\
                client_id = \"us\"\nclient_secret = { env = \"E2E_SECRET\" }\n";
    std::fs::write(dir.path().join("target.toml"), file).expect("a file");
    for verb in ["check", "prove", "doctor", "load"] {
        let mut command = scimproof();
        command.arg(verb).args(if verb == "load" { &["short-proof"][..] } else { &[] });
        command.args(["--dry-run", "--target", "target.toml"]).env("E2E_SECRET", "of-the-client");
        let ended = run(command.current_dir(dir.path())).exits(0);
        ended.says(&["access tokens are asked for at https://login.example/token"]);
    }
}
