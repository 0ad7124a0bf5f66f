//! What a failure is shown with: every step of the check, whole, and every place that the finding points at.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

use record::{At, Body, Exchange, Finding, Run, Verdict, VerdictKind};
use reports::html;

const FAILING: &str = "patch.replace-sets-the-value";
const PASSING: &str = "create.sends-location";

fn body(text: String) -> Option<Body> {
    Some(Body { bytes: text.len() as u64, text, truncated: false })
}

/// An exchange like another one, with a body that ends in a mark.
fn step(like: &Exchange, number: u32, check: &str, letters: usize) -> Exchange {
    let mut exchange = Exchange { number, check: Some(check.to_owned()), ..like.clone() };
    let text = format!("{{\"text\":\"{}END-{number}-\"}}", "x".repeat(letters));
    exchange.response.as_mut().unwrap().body = body(text);
    exchange
}

/// The fixture with more steps of the check that fails, and more of one that passes.
fn run(failing: u32, passing: u32, letters: usize) -> Run {
    let mut run = Run::fixture();
    let checks = run.checks.as_mut().unwrap();
    let like = checks.exchanges.iter().find(|exchange| exchange.check.as_deref() == Some(FAILING)).unwrap();
    let like = like.clone();
    let steps = (100..100 + failing).map(|number| step(&like, number, FAILING, letters));
    let others = (10_000..10_000 + passing).map(|number| step(&like, number, PASSING, letters));
    checks.exchanges.extend(steps.chain(others));
    run
}

fn shown_whole(page: &str, numbers: std::ops::Range<u32>) -> usize {
    numbers.filter(|number| page.contains(&format!("END-{number}-"))).count()
}

#[test]
fn the_other_steps_of_a_failing_check_are_whole_however_much_passes() {
    let page = html::render(&run(6, 300, 9_000)).unwrap();
    assert_eq!(shown_whole(&page, 100..106), 6);
    // Passes have what is left, and that is too little for them.
    assert_eq!(shown_whole(&page, 10_000..10_300), 0);
    assert!(page.contains("id=\"x10000\"") && page.contains("cut here; the run file holds more"));
}

#[test]
fn short_bodies_of_passes_are_whole_beside_long_ones() {
    let mut run = run(0, 300, 9_000);
    let exchanges = &mut run.checks.as_mut().unwrap().exchanges;
    let last = exchanges.last_mut().unwrap();
    last.response.as_mut().unwrap().body = body(format!("{{\"text\":\"{}END-7-\"}}", "y".repeat(700)));
    assert!(html::render(&run).unwrap().contains("END-7-"));
}

/// The steps of a check that fails are shown in full in a big run too, and those that it borrowed from others.
#[test]
fn a_big_run_has_the_failing_checks_steps_in_full() {
    let mut run = run(6, 500, 100);
    let results = &mut run.checks.as_mut().unwrap().results;
    let failing = results.iter_mut().find(|result| result.id == FAILING).unwrap();
    failing.exchanges.push(10_007);
    let page = html::render(&run).unwrap();
    assert_eq!(shown_whole(&page, 100..106), 6);
    assert_eq!(shown_whole(&page, 10_000..10_500), 1);
    assert!(page.contains("END-10007-"));
}

#[test]
fn a_target_that_fails_at_great_length_comes_to_a_bound() {
    let page = html::render(&run(400, 400, 64_000)).unwrap();
    assert!(page.len() < 4_000_000, "{} bytes", page.len());
    assert_eq!(shown_whole(&page, 100..500), 0);
}

/// The fixture with a failure that several places show.
fn in_several_places(pointers: &[&str]) -> Run {
    let mut run = Run::fixture();
    let checks = run.checks.as_mut().unwrap();
    let result = checks.results.iter_mut().find(|result| result.id == FAILING).unwrap();
    let Verdict::Fail { findings } = &mut result.verdict else { panic!("no failure") };
    let mut places = pointers.iter().map(|pointer| At::Pointer { pointer: (*pointer).to_owned() });
    let at = places.next().unwrap();
    *findings = vec![Finding {
        at,
        also: places.collect(),
        actual: "userType and name.givenName too".to_owned(),
        ..findings.remove(0)
    }];
    let number = findings[0].exchange.unwrap();
    let exchange = checks.exchanges.iter_mut().find(|exchange| exchange.number == number).unwrap();
    let shown = r#"{"UserType":"Ada","name":{"givenName":"Ada","familyName":"King"},"title":"no offence"}"#;
    exchange.response.as_mut().unwrap().body = body(shown.to_owned());
    run
}

#[test]
fn every_place_that_a_finding_points_at_is_marked_and_named() {
    let run = in_several_places(&["/userType", "/name/givenName"]);
    let page = html::render(&run).unwrap();
    assert_eq!(page.matches("<mark>\"Ada\"</mark>").count(), 2);
    assert!(!page.contains("<mark>\"no offence\"") && !page.contains("body marked"));
    assert!(page.contains("<span class=\"at\">&#x2f;userType, &#x2f;name&#x2f;givenName</span>"));
    let told = "(/userType, /name/givenName)";
    assert!(reports::terminal::render(&run, Default::default()).contains(told));
    assert!(reports::junit::render(&run).unwrap().contains(told));
    assert!(reports::sarif::render(&run).unwrap().contains(told));
    assert!(reports::summary::render(&run).contains("(/userType, /name/givenName)"));
}

#[test]
fn of_many_places_some_are_named_and_the_rest_is_counted() {
    let told = |pointers: &[&str]| {
        let report = reports::terminal::render(&in_several_places(pointers), Default::default());
        let line = report.lines().find(|line| line.contains("(/a")).unwrap().to_owned();
        line.split_once('(').unwrap().1.to_owned()
    };
    assert_eq!(told(&["/a", "/b", "/c", "/d", "/e"]), "/a, /b, /c, /d, /e)");
    assert_eq!(told(&["/a", "/b", "/c", "/d", "/e", "/f"]), "/a, /b, /c, /d and 2 more)");
}

/// The first place is what makes a finding the same one in another run.
#[test]
fn other_places_make_no_other_finding() {
    let marks = [&["/userType"][..], &["/userType", "/name/givenName"]].map(|pointers| {
        let run = in_several_places(pointers);
        let results = run.checks.unwrap().results;
        let failing =
            results.iter().find(|result| result.verdict.kind() == VerdictKind::Fail && result.id == FAILING);
        failing.unwrap().verdict.findings()[0].mark(FAILING)
    });
    assert_eq!(marks[0], marks[1]);
}
