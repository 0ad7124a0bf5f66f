//! Managers: set, changed, taken away, and not there yet.

use record::LogStatus;
use scenarios::entra::{ClientKind, OutOfScope, Settings};
use serde_json::json;

use crate::people::{MANAGER, People};
use crate::stage::{Fate, Stage};

#[test]
fn a_manager_is_set_changed_and_taken_away() {
    for (client, clear) in [
        (ClientKind::EntraDefault, json!({"op": "Remove", "path": MANAGER})),
        (ClientKind::EntraFlag, json!({"op": "replace", "path": MANAGER, "value": ""})),
    ] {
        let mut stage = Stage::new(People::of(&["ada", "grace", "joan"]), Settings::of(client));
        stage.cycle();
        for manager in ["grace", "joan"] {
            stage.people.change("ada", |person| person.manager = Some(manager.to_owned()));
            stage.cycle();
            assert_eq!(stage.requests().len(), 2);
            stage.assert_equal_to_the_model();
        }
        stage.people.change("ada", |person| person.manager = None);
        stage.cycle();
        assert_eq!(stage.body(1)["Operations"], json!([clear]));
        stage.assert_equal_to_the_model();
        // What was taken away once is not taken away again.
        stage.people.change("ada", |_| {});
        stage.cycle();
        assert_eq!(stage.requests().len(), 1);
    }
}

#[test]
fn reports_before_managers_and_circles_end_linked_in_one_cycle() {
    let mut stage = Stage::new(People::of(&["ada", "grace"]), Settings::default());
    stage.people.change("ada", |person| person.manager = Some("grace".to_owned()));
    stage.people.change("grace", |person| person.manager = Some("ada".to_owned()));
    stage.cycle();
    stage.assert_equal_to_the_model();
}

#[test]
fn a_manager_out_of_scope_is_left_out_until_a_restart() {
    let mut stage = Stage::new(People::of(&["ada", "grace"]), Settings::default());
    stage.people.change("ada", |person| person.manager = Some("grace".to_owned()));
    stage.people.change("grace", |person| person.scope = Err(OutOfScope::Unassigned));
    stage.cycle();
    let warning = stage.rows("ada")[1];
    assert_eq!(warning.status, LogStatus::Warning);
    assert_eq!(warning.error_code.as_deref(), Some("UnableToResolveReferenceAttributeValue"));
    assert_eq!(stage.users().len(), 1);
    // The manager comes, and the reference does not.
    stage.people.change("grace", |person| person.scope = Ok(()));
    stage.cycle();
    assert_eq!(stage.requests().iter().filter(|it| it.starts_with("PATCH")).count(), 0);
    stage.job.restart(&[]);
    stage.cycle();
    stage.assert_equal_to_the_model();
}

#[test]
fn a_manager_who_could_not_be_created_is_tried_again_with_the_reference() {
    let mut stage = Stage::new(People::of(&["ada", "grace"]), Settings::default());
    stage.people.change("ada", |person| person.manager = Some("grace".to_owned()));
    let mut posts = 0;
    stage.disturb(move |_, request| {
        posts += u32::from(request.method() == "POST");
        if posts == 2 && request.method() == "POST" { Fate::Answered(500, None) } else { Fate::Passes }
    });
    let cycle = stage.cycle();
    assert_eq!((cycle.failed, cycle.escrowed), (2, 2), "the manager, and the reference to her");
    assert_eq!(stage.row("grace"), ("create", LogStatus::Failure, Some("InternalServerError")));
    stage.mend();
    let cycle = stage.cycle();
    assert_eq!((cycle.failed, cycle.escrowed), (0, 0), "{:#?}", stage.log);
    stage.assert_equal_to_the_model();
    assert_eq!(stage.cycle().requests, 1);
}
