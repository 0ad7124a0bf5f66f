//! Servers that fail, throttle, forget or fall silent.

use record::LogStatus;
use scenarios::entra::{Clock as _, Reset, Settings, Status};

use crate::people::People;
use crate::stage::{Fate, Stage, TOKEN};

const NAMES: [&str; 6] = ["ada", "grace", "joan", "mary", "radia", "sophie"];
const HOUR_MS: i64 = 60 * 60 * 1000;

fn everybody() -> People {
    let mut people = People::of(&NAMES);
    for name in &NAMES[1..] {
        people.change(name, |person| person.manager = Some("ada".to_owned()));
    }
    people.found("all", &NAMES);
    people
}

#[test]
fn a_throttling_server_is_waited_for_and_nothing_is_lost_or_done_twice() {
    let mut stage = Stage::new(everybody(), Settings::default());
    // Every other request is turned away.
    stage.disturb(|count, _| match count % 2 {
        1 => Fate::Answered(429, Some(("retry-after", "7"))),
        _ => Fate::Passes,
    });
    let began = stage.clock.now_ms();
    let cycle = stage.cycle();
    assert_eq!((cycle.failed, cycle.quarantine.as_deref()), (0, None));
    stage.assert_equal_to_the_model();
    // Each request was made twice and waited for once, by the job's clock.
    let answered = i64::from(cycle.requests / 2);
    assert_eq!(stage.clock.now_ms() - began, answered * 7000);
    let requests = stage.requests();
    for pair in requests.chunks(2) {
        assert_eq!(pair[0], pair[1], "only what was turned away is sent again");
    }
}

#[test]
fn a_server_that_throttles_without_end_costs_an_escrow() {
    let mut stage = Stage::new(People::of(&["ada"]), Settings::default());
    stage.disturb(|_, request| match request.method().as_str() {
        "POST" => Fate::Answered(429, Some(("retry-after", "1"))),
        _ => Fate::Passes,
    });
    stage.cycle();
    assert_eq!(stage.row("ada"), ("create", LogStatus::Failure, Some("TooManyRequests")));
    assert_eq!(stage.requests().len(), 1 + 1 + 10, "the search, the POST, and ten more");
    stage.mend();
    stage.cycle();
    stage.assert_equal_to_the_model();
}

#[test]
fn wrong_credentials_quarantine_the_job_and_right_ones_free_it() {
    let mut stage = Stage::new(everybody(), Settings::default());
    stage.present("a-token-that-is-wrong-2");
    let connection = stage.test_connection();
    assert!(!connection.authorized && connection.message.contains("Unauthorized"), "{}", connection.message);
    let began = stage.clock.now_ms();
    let cycle = stage.cycle();
    assert_eq!((cycle.requests, cycle.quarantine.as_deref()), (1, Some("EncounteredQuarantineException")));
    assert_eq!(stage.job.status(), Status::Quarantine);
    assert_eq!(stage.row("job"), ("other", LogStatus::Failure, Some("Unauthorized")));
    let mut attempts = Vec::new();
    for _ in 0..4 {
        assert_eq!(stage.cycle().requests, 1);
        attempts.push((stage.clock.now_ms() - began) / HOUR_MS);
    }
    assert_eq!(attempts, [6, 12, 24, 48]);
    stage.present(TOKEN);
    let connection = stage.test_connection();
    assert_eq!(connection.message, "The supplied credentials are authorized to enable provisioning.");
    let cycle = stage.cycle();
    assert_eq!((cycle.quarantine.as_deref(), cycle.failed), (None, 0));
    assert_eq!(stage.job.status(), Status::Active);
    stage.assert_equal_to_the_model();
    let last = stage.clock.now_ms();
    assert_eq!(stage.job.next_ms(), Some(last + 40 * 60 * 1000), "the ordinary pace is back");
}

#[test]
fn four_weeks_in_quarantine_switch_the_job_off() {
    let mut stage = Stage::new(People::of(&["ada"]), Settings::default());
    stage.present("a-token-that-is-wrong-2");
    let mut cycles = 0;
    while stage.job.next_ms().is_some() {
        stage.cycle();
        cycles += 1;
        assert!(cycles < 100, "{:?}", stage.job.state().quarantine);
    }
    assert_eq!(stage.job.status(), Status::SwitchedOff);
    stage.present(TOKEN);
    assert_eq!(stage.cycle_now().requests, 0);
    stage.job.restart(&[]);
    stage.cycle();
    stage.assert_equal_to_the_model();
}

#[test]
fn a_server_that_is_gone_in_mid_cycle_costs_nothing_wherever_it_goes() {
    let mut healthy = Stage::new(everybody(), Settings::default());
    let all = healthy.cycle().requests;
    for last in 0..all {
        let mut stage = Stage::new(everybody(), Settings::default());
        stage.disturb(move |count, _| if count > last { Fate::Unreachable } else { Fate::Passes });
        let cycle = stage.cycle();
        assert_eq!(cycle.quarantine.as_deref(), Some("EncounteredQuarantineException"), "after {last}");
        assert_eq!(cycle.requests, last + 1, "nothing more is sent once it is gone");
        stage.mend();
        let cycle = stage.cycle();
        assert_eq!((cycle.failed, cycle.escrowed, cycle.quarantine.as_deref()), (0, 0, None), "after {last}");
        stage.assert_equal_to_the_model();
        assert_eq!(stage.cycle().requests, 1, "after {last}");
    }
}

#[test]
fn an_incremental_cycle_that_breaks_off_is_gone_through_again() {
    let play = |last: u32| {
        let mut stage = Stage::new(everybody(), Settings::default());
        stage.cycle();
        stage.people.hire("barbara");
        stage.people.change("barbara", |person| person.manager = Some("grace".to_owned()));
        stage.people.change("grace", |person| person.name = "Grace H.".to_owned());
        stage.people.join("all", "barbara", true);
        stage.people.join("all", "joan", false);
        stage.people.purge("sophie");
        stage.people.join("all", "sophie", false);
        stage.disturb(move |count, _| if count > last { Fate::Unreachable } else { Fate::Passes });
        let requests = stage.cycle().requests;
        stage.mend();
        (stage, requests)
    };
    let (stage, all) = play(u32::MAX);
    stage.assert_equal_to_the_model();
    for last in 0..all {
        let (mut stage, requests) = play(last);
        assert_eq!(requests, last + 1);
        let cycle = stage.cycle();
        assert_eq!((cycle.failed, cycle.quarantine.as_deref()), (0, None), "after {last}");
        stage.assert_equal_to_the_model();
        assert_eq!(stage.cycle().requests, 1, "after {last}");
    }
}

#[test]
fn an_answer_that_is_lost_leads_to_a_search_and_not_to_a_second_user() {
    let mut stage = Stage::new(everybody(), Settings::default());
    stage.disturb(|_, request| match request.method().as_str() {
        "POST" => Fate::Unanswered,
        _ => Fate::Passes,
    });
    let cycle = stage.cycle();
    assert_eq!((cycle.failed, cycle.quarantine.as_deref()), (7, None), "six users and a group");
    assert_eq!(stage.row("ada"), ("create", LogStatus::Failure, Some("Timeout")));
    assert_eq!(stage.users().len(), 6, "all of it was done");
    stage.mend();
    let cycle = stage.cycle();
    assert_eq!(cycle.failed, 0);
    assert_eq!(stage.requests().iter().filter(|it| it.starts_with("POST")).count(), 0);
    stage.assert_equal_to_the_model();
    assert_eq!(stage.cycle().requests, 1);
}

#[test]
fn lost_answers_to_changes_do_no_harm() {
    let mut stage = Stage::new(everybody(), Settings::default());
    stage.disturb(|_, request| match request.method().as_str() {
        "PATCH" => Fate::Unanswered,
        _ => Fate::Passes,
    });
    stage.cycle();
    stage.mend();
    stage.cycle();
    stage.assert_equal_to_the_model();
    assert_eq!(stage.cycle().requests, 1);
}

#[test]
fn a_lost_object_is_not_recreated_before_a_full_restart() {
    let mut stage = Stage::new(People::of(&["ada"]), Settings::default());
    stage.cycle();
    let ada = stage.id("ada");
    assert_eq!(stage.meddle(client::Request::delete(format!("/Users/{ada}"))), 204);
    assert_eq!(stage.cycle().requests, 1, "nobody notices");
    stage.people.change("ada", |person| person.name = "Ada Holm".to_owned());
    stage.cycle();
    assert_eq!(stage.requests(), [format!("GET /Users/{ada}")]);
    assert_eq!(stage.row("ada"), ("update", LogStatus::Failure, Some("InvalidAnchor")));
    // A restart that keeps the links does not help.
    stage.job.restart(&[]);
    stage.cycle();
    assert_eq!(stage.row("ada"), ("update", LogStatus::Failure, Some("InvalidAnchor")));
    stage.job.restart(&[Reset::Full]);
    stage.cycle();
    assert_eq!(stage.row("ada"), ("create", LogStatus::Success, None));
    stage.assert_equal_to_the_model();
}

#[test]
fn a_failure_climbs_the_ladder() {
    let mut stage = Stage::new(People::of(&["ada"]), Settings::default());
    stage.disturb(|_, request| match request.method().as_str() {
        "POST" => Fate::Answered(500, None),
        _ => Fate::Passes,
    });
    let began = stage.clock.now_ms();
    let mut tried = Vec::new();
    for _ in 0..80 {
        stage.cycle();
        if stage.requests().iter().any(|it| it.starts_with("POST")) {
            tried.push((stage.clock.now_ms() - began) / (60 * 1000));
        }
    }
    // At once, in the next cycle, and then in the first cycle after 6, 12, 24 and 48 hours.
    assert_eq!(tried, [0, 40, 360, 720, 1440, 2880]);
    let reasons: Vec<&str> = stage.log.iter().filter_map(|row| row.reason.as_deref()).collect();
    assert!(reasons[1].contains("This operation was retried 1 times"), "{}", reasons[1]);
    stage.mend();
    while stage.job.state().escrows.values().any(|escrow| escrow.next_ms > 0) {
        stage.cycle();
    }
    stage.assert_equal_to_the_model();
}

#[test]
fn a_server_that_heeds_no_filter_overwrites_nobody() {
    let mut stage = Stage::new(People::of(&["ada"]), Settings::default());
    stage.cycle();
    stage.people.hire("grace");
    // The answer to the search is somebody else.
    let list =
        |request: &http::Request<bytes::Bytes>| request.uri().query().is_some_and(|it| it.contains("grace"));
    stage.disturb(move |_, request| match list(request) {
        true => Fate::Redirected("/Users"),
        false => Fate::Passes,
    });
    stage.cycle();
    let code = "SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering";
    assert_eq!(stage.row("grace").1, LogStatus::Failure);
    assert_eq!(stage.row("grace").2, Some(code));
    assert_eq!(stage.users()["ada"]["userName"], "ada@contoso.example");
}
