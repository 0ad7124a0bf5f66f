//! Root causes: what one thing does to many checks is told once, wherever problems are listed.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, like tests")]

use record::{At, Breach, Cause, CauseKind, CheckResult, Checks, Exchange, Finding, Run, Verdict};
use reports::terminal::{self, Style};
use serde_json::Value;

/// The fixture with other checks and other exchanges.
fn run(rows: Vec<(CheckResult, Exchange)>) -> Run {
    let fixture = Run::fixture();
    let (results, exchanges) = rows.into_iter().unzip();
    let checks = fixture.checks.clone().unwrap();
    let checks = Checks { results, exchanges, excluded: Vec::new(), leftovers: Vec::new(), ..checks };
    Run { checks: Some(checks), ..fixture }
}

/// A check that sent one request, and how that was answered.
fn row(number: u32, id: &str, line: &str, status: u16) -> (CheckResult, Exchange) {
    let fixture = Run::fixture().checks.unwrap();
    let mut result = fixture.results.first().unwrap().clone();
    let mut exchange = fixture.exchange(3).unwrap().clone();
    let (method, path) = line.split_once(' ').unwrap();
    result.id = id.to_owned();
    result.exchanges = vec![number];
    exchange.number = number;
    exchange.check = Some(id.to_owned());
    exchange.request.method = method.to_owned();
    exchange.request.url = format!("http://127.0.0.1:8080/scim/v2{path}");
    exchange.response.as_mut().unwrap().status = status;
    (result, exchange)
}

fn failing(row: (CheckResult, Exchange), at: At, told: [&str; 2]) -> (CheckResult, Exchange) {
    let (mut result, exchange) = row;
    let [expected, actual] = told.map(str::to_owned);
    result.verdict = Verdict::Fail {
        findings: vec![Finding {
            requirement: result.requirements.first().unwrap().clone(),
            breach: Breach::Fail,
            exchange: Some(exchange.number),
            at,
            also: Vec::new(),
            expected,
            actual,
        }],
    };
    (result, exchange)
}

fn blocked(row: (CheckResult, Exchange), message: &str) -> (CheckResult, Exchange) {
    let (mut result, exchange) = row;
    let cause =
        Cause { kind: CauseKind::Precondition, message: message.to_owned(), exchange: Some(exchange.number) };
    result.verdict = Verdict::Blocked { cause };
    (result, exchange)
}

/// What the closing report has of problems, the table and the rest left away.
fn told(run: &Run) -> String {
    let report = terminal::render(run, Style::default());
    report.split("\n\n        ").next().unwrap().to_owned()
}

fn results(run: &Run) -> Vec<Value> {
    let log: Value = serde_json::from_str(&reports::sarif::render(run).unwrap()).unwrap();
    log.pointer("/runs/0/results").unwrap().as_array().unwrap().clone()
}

#[test]
fn a_kind_of_request_that_never_succeeds_is_one_cause() {
    let mut rows: Vec<_> = (1..=30)
        .map(|number| {
            let line = format!("GET /Users?filter=userName%20eq%20%22{number}%22&count={number}");
            let row = row(number, &format!("filter.kind-{number}"), &line, 501);
            if number % 2 == 0 {
                failing(row, At::Status, ["200", "501"])
            } else {
                blocked(row, &format!("the list of {number} could not be read"))
            }
        })
        .collect();
    // Another way to ask for users works, and is another matter.
    rows.push(row(31, "list.answers-200", "GET /Users", 200));
    let run = run(rows);
    insta::assert_snapshot!(told(&run));
    let results = results(&run);
    assert_eq!(results.len(), 1);
    let result = results.first().unwrap();
    assert_eq!(result.pointer("/relatedLocations").unwrap().as_array().unwrap().len(), 29);
    let mark = result.pointer("/partialFingerprints/scimproof~1v1").unwrap();
    assert_eq!(mark, "GET /Users?filter=… does not work");
    let summary = reports::summary::render(&run);
    assert_eq!(summary.matches("no GET /Users?filter=… succeeds (30 × 501)").count(), 1, "{summary}");
    assert!(summary.contains("and 25 more"));
}

#[test]
fn a_kind_of_request_that_most_checks_stumble_over_is_one_cause() {
    let sees = |number: u32| format!("{number} users, where one was asked for");
    let rows = (1..=10).map(|number| {
        let row = row(number, &format!("filter.kind-{number}"), "GET /Users?filter=x", 200);
        let pointer = format!("/Resources/{number}");
        if number > 9 { row } else { failing(row, At::Pointer { pointer }, ["one user", &sees(number)]) }
    });
    let run = run(rows.collect());
    let told = told(&run);
    assert!(
        told.contains("GET /Users?filter=… does not work: 9 of 10 checks that send it are in trouble"),
        "{told}"
    );
    assert_eq!(results(&run).len(), 1);
}

/// Whatever parameters and conditions a request comes with, it is the same one that does not work.
#[test]
fn ways_of_asking_are_one_kind_where_none_of_them_works() {
    let lines =
        ["PATCH /Users/1", "PATCH /Users/2?attributes=title", "PATCH /Users/3?excludedAttributes=title"];
    let rows = lines.into_iter().zip(1..).map(|(line, number)| {
        blocked(row(number, &format!("patch.kind-{number}"), line, 501), &format!("{line} answered 501"))
    });
    let run = run(rows.collect());
    let told = told(&run);
    assert!(told.contains("cause    no PATCH /Users/{id} succeeds (3 × 501)"), "{told}");
    // What they could not be judged for is one reason as well, whichever resource it was.
    let page = reports::html::render(&run).unwrap();
    assert_eq!(page.matches("answered 501</dt>").count(), 1);
}

#[test]
fn one_finding_in_many_checks_is_one_cause() {
    let line = |number: u32| {
        ["POST /Users", "PUT /Users/1", "PATCH /Users/2"].into_iter().nth(number as usize).unwrap()
    };
    let rows = (0..3).map(|number| {
        let row = row(number, &format!("any.check-{number}"), line(number), 200);
        failing(row, At::Header { name: "location".to_owned() }, ["the address", "nothing"])
    });
    let run = run(rows.collect());
    let told = told(&run);
    assert!(told.contains("also     2 checks: any.check-1, any.check-2"), "{told}");
    assert_eq!(results(&run).len(), 1);
}

/// A check that fails with an answer tells what blocks those that need the same request.
#[test]
fn what_is_blocked_by_a_failure_is_told_with_it() {
    let rows = vec![
        row(1, "create.works", "POST /Users", 201),
        failing(row(2, "create.answers-201", "POST /Users", 500), At::Status, ["201", "500"]),
        blocked(row(3, "read.answers-200", "POST /Users", 500), "POST /Users answered 500"),
        blocked(row(4, "read.odd", "POST /Users", 400), "POST /Users answered 400"),
    ];
    let run = run(rows);
    let told = told(&run);
    assert!(told.contains("also     1 check: read.answers-200"), "{told}");
    assert_eq!(results(&run).len(), 2);
}

/// A refusal that was asked for is no request that does not work.
#[test]
fn refusals_that_were_asked_for_are_no_cause() {
    let rows = (1..=3).map(|number| {
        let row = row(number, &format!("errors.refused-{number}"), "POST /Nowhere", 400);
        failing(row, At::Status, ["404", &format!("400 (no {})", "such ".repeat(number as usize))])
    });
    let run = run(rows.collect());
    assert!(!told(&run).contains("succeeds"), "{}", told(&run));
    assert_eq!(results(&run).len(), 3);
}

/// Which resource it was, and what the run called it, makes no other obstacle; what was to be kept does.
#[test]
fn what_is_not_kept_blocks_as_one_cause_for_each_attribute() {
    let lost = |number: u32, path: &str, sent: &str| {
        let line = format!("GET /Users/{number}");
        let told =
            format!("{line} does not show what was sent as {path}: expected {sent}, the answer lacks it");
        blocked(row(number, &format!("patch.kind-{number}"), &line, 200), &told)
    };
    let mut rows: Vec<_> = (1..=6)
        .map(|number| {
            let names =
                ["nobody", "somebody"].map(|name| format!("\"{name}-scimproof-run-x{number}@a.org\""));
            lost(number, "emails.value", names.get(..1 + number as usize % 2).unwrap().join(", ").as_str())
        })
        .collect();
    rows.push(lost(7, "title", "\"Before\""));
    // Others read users, and are content.
    rows.extend((8..=12).map(|number| row(number, &format!("read.kind-{number}"), "GET /Users/8", 200)));
    let run = run(rows);
    insta::assert_snapshot!(told(&run));
    let report = terminal::render(&run, Style::default());
    assert!(
        report.contains("\n  6 blocked: GET /Users/1 does not show what was sent as emails.value"),
        "{report}"
    );
}

/// The answer to a create and a read after it show one thing, and neither kind of request does not work by that.
#[test]
fn what_is_not_kept_is_one_cause_whatever_request_shows_it() {
    let lost = |number: u32, line: &str, status, path: &str, shown: &str| {
        let told = format!("{line} {}", record::not_shown(path, "\"Before\"", shown));
        blocked(row(number, &format!("patch.kind-{number}"), line, status), &told)
    };
    let mut rows = vec![
        lost(1, "POST /Users", 201, "displayName", "\"Ada\""),
        lost(2, "GET /Users/2", 200, "displayName", "\"Ada\""),
        lost(3, "POST /Users", 201, "displayName", ""),
        lost(4, "POST /Groups", 201, "displayName", ""),
        // Another part may be lost than that.
        lost(5, "GET /Users/5", 200, "emails.value", ""),
        lost(6, "POST /Users", 201, "emails", ""),
    ];
    rows.extend((7..=9).map(|number| lost(number, "POST /Users", 201, "title", "")));
    let run = run(rows);
    let told = told(&run);
    assert!(told.contains("blocks   3 checks, also patch.kind-2, patch.kind-3\n"), "{told}");
    assert!(!told.contains("does not work"), "{told}");
    assert_eq!(results(&run).len(), 5);
    let report = terminal::render(&run, Style::default());
    assert!(
        report.contains("\n  3 blocked: POST /Users does not show what was sent as displayName"),
        "{report}"
    );
}

/// Somebody who reads two reports of one run is told of one check in one way.
#[test]
fn every_report_heads_a_problem_with_the_claim_of_its_check() {
    let run = Run::fixture();
    let title = "a replace operation sets the value that its path names";
    let paraphrase = "A replace operation sets the attribute that its path names";
    let page = reports::html::render(&run).unwrap();
    assert!(
        page.contains(&format!("<p class=\"claim\">{title}</p>\n<p class=\"hint\">{paraphrase}</p>")),
        "{page}"
    );
    let summary = reports::summary::render(&run);
    assert!(summary.contains(&format!("| **fail (stated)** | {title} <br>expected ")), "{summary}");
    assert!(terminal::render(&run, Style::default()).contains(&format!("\n     {title}\n")));
}
