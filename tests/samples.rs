//! Samples of a target file that name what nobody knows.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use support::{Report, Served, run, scimproof};

/// A server's own attributes are asked for only where a name is in doubt, and a slip of the pen is told.
#[test]
fn a_sample_that_nobody_knows_is_told_before_anything_is_written() {
    let served = Served::start(&["--profile", "bonusly"]);
    let dir = tempfile::tempdir().expect("a directory");
    let samples = |samples: &str| {
        format!(
            "url = \"{}\"\n[auth.bearer]\ntoken = {{ env = \"T\" }}\n[samples.User]\n{samples}",
            served.url
        )
    };
    let own = "\"urn:ietf:params:scim:schemas:extension:bonusly:2.0:User\" = { department = \"Proof\" }\n";
    for verb in [
        &["check", "--only", "delete.answers-204"][..],
        &["doctor"],
        &["load", "short-proof", "--executor", "closed"],
    ] {
        let run = |text: &str| {
            std::fs::write(dir.path().join("t.toml"), samples(text)).expect("a file");
            let mut command = scimproof();
            command.args(verb).args(["--target", "t.toml", "--out", "out"]).env("T", &served.token);
            run(command.current_dir(dir.path()))
        };
        let quiet = run(own);
        assert!(!quiet.stderr.contains("warning"), "{verb:?}: {}", quiet.stderr);
        run(&format!("{own}nickname2 = \"x\"\n")).complains(&[
            "warning: t.toml:6:1: no schema of the standard, the profile or the server has nickname2; it is sent all the same",
            "hint: did you mean `nickName`?",
        ]);
        if verb.contains(&"check") {
            // Each with its hint on a line of its own, at the end of the report as well.
            let two = run("nickname2 = \"x\"\ntitel = \"y\"\n");
            let (_, closing) = two.stdout.split_once("t.toml:5:1:").expect("the first");
            let (first, second) =
                closing.split_once("\nt.toml:6:1:").expect("the second, on a line of its own");
            assert!(first.ends_with("\n  hint: did you mean `nickName`?"), "{closing}");
            assert!(second.contains("\n  hint: did you mean `title`?\n\n"), "{closing}");
            let page = std::fs::read_to_string(dir.path().join("out/report.html")).expect("a page");
            assert!(page.contains("it is sent all the same; hint: did you mean"), "the page");
            run(&format!("{own}nickname2 = \"x\"\n"));
            let notes = Report::read(&dir.path().join("out")).run["checks"]["notes"].to_string();
            assert!(notes.contains("nickname2"), "{notes}");
        }
    }
}
