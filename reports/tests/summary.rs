//! The Markdown summary of a job.

use record::Run;
use reports::summary;

#[test]
fn the_summary_holds_every_verdict() {
    insta::assert_snapshot!(summary::render(&Run::fixture()));
}

#[test]
fn scenarios_and_loads_are_summed_up_too() {
    insta::assert_snapshot!(summary::render(&Run::fixture_proof()));
}

#[test]
fn a_run_that_judged_nothing_says_why() {
    let run = Run { checks: None, unjudged: Some("nobody answers".to_owned()), ..Run::fixture() };
    let text = summary::render(&run);
    assert!(text.starts_with("## NOT TESTED: nobody answers\n"), "{text}");
}

#[test]
fn a_summary_is_never_longer_than_may_be() {
    let mut run = Run::fixture();
    let checks = run.checks.as_mut().unwrap();
    let failed = checks.results[1].clone();
    for number in 0..4_000 {
        let mut result = failed.clone();
        result.id = format!("delete.{}", "ä".repeat(100));
        if let record::Verdict::Fail { findings } = &mut result.verdict {
            findings.truncate(2);
            // Without an exchange, so that no kind of request is to blame for all.
            findings[1].exchange = None;
            let word: String = format!("{number:b}").replace('0', "o").replace('1', "i");
            findings[1].actual = format!("{word} {}", "<&>".repeat(100));
        }
        checks.results.push(result);
    }
    let text = summary::render(&run);
    assert!(text.len() <= summary::BYTES_MAX, "{}", text.len());
    assert!(text.contains("**Cut off at 1024 KiB: the rest is in"), "{}", &text[text.len() - 200..]);
}
