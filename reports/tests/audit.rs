//! What an audit found is told by what is not as it should be.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, like tests")]

use record::{Difference, Run};
use reports::terminal::{self, Style};

/// A load that lost two kinds of things, and a run of it by two executors.
fn lossy() -> Run {
    let mut run = Run::fixture_load();
    let load = run.load.as_mut().unwrap();
    let differs = |resource: String, expected: &str| Difference {
        resource,
        expected: expected.to_owned(),
        actual: "not there".to_owned(),
    };
    let mut one = load.runs.first().unwrap().clone();
    let audit = one.audit.as_mut().unwrap();
    audit.differences = vec![differs("member 7 of group Oslo".to_owned(), "a member")];
    audit
        .differences
        .extend((0..20).map(|number| differs(format!("emails.type of user {number}"), "\"work\"")));
    audit.differing = 22;
    let another = record::LoadRun { executor: "arrival".to_owned(), ..one.clone() };
    load.runs = vec![record::LoadRun { executor: "closed".to_owned(), ..one }, another];
    run
}

#[test]
fn differences_are_grouped_by_attribute() {
    let report = terminal::render(&lossy(), Style::default());
    assert_eq!(report.matches("emails.type of user ").count(), 2 * 3, "{report}");
    assert!(report.contains("and 17 more: emails.type\n"), "{report}");
    assert_eq!(
        report.matches("member 7 of group Oslo: expected a member, got not there").count(),
        2,
        "{report}"
    );
    let page = reports::html::render(&lossy()).unwrap();
    let [mails, members] = ["<summary>emails.type: 20</summary>", "<summary>member: 1</summary>"]
        .map(|kind| page.find(kind).unwrap());
    assert!(mails < members, "what is lost most comes first");
    assert!(page.contains("1 more was counted and not written down"), "{page}");
}

#[test]
fn a_load_by_several_executors_is_named_once() {
    let page = reports::html::render(&lossy()).unwrap();
    let named = "<div><dt>load</dt><dd>initial-bulk-sync (by closed, then arrival)</dd></div>";
    assert!(page.contains(named), "{page}");
}
