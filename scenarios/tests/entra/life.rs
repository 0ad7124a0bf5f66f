//! Joining, leaving and coming back.

use record::LogStatus;
use scenarios::entra::{ClientKind, OutOfScope, Settings};
use serde_json::json;

use crate::people::{People, Person};
use crate::stage::Stage;

fn leave(person: &mut Person) {
    person.scope = Err(OutOfScope::Unassigned);
}

#[test]
fn who_is_unassigned_is_disabled_and_who_comes_back_is_enabled() {
    for (client, off, on) in [
        (
            ClientKind::EntraDefault,
            json!({"op": "Replace", "path": "active", "value": "False"}),
            json!("True"),
        ),
        (ClientKind::EntraFlag, json!({"op": "replace", "path": "active", "value": false}), json!(true)),
    ] {
        let mut stage = Stage::new(People::of(&["ada"]), Settings::of(client));
        stage.cycle();
        let ada = stage.id("ada");
        let both = [format!("GET /Users/{ada}"), format!("PATCH /Users/{ada}")];
        // What else changed is not sent to somebody who left.
        stage.people.change("ada", |person| {
            leave(person);
            person.name = "Ada Holm".to_owned();
        });
        stage.cycle();
        assert_eq!(stage.requests(), both);
        assert_eq!(stage.body(1)["Operations"], json!([off]));
        assert_eq!(stage.row("ada"), ("disable", LogStatus::Success, None));
        assert_eq!(stage.users()["ada"]["active"], false);
        assert_eq!(stage.cycle().requests, 1);

        stage.people.change("ada", |person| person.scope = Ok(()));
        stage.cycle();
        assert_eq!(stage.requests(), both);
        assert!(stage.body(1).to_string().contains(&on.to_string()), "{}", stage.body(1));
        stage.assert_equal_to_the_model();
        assert_eq!(stage.id("ada"), ada);
    }
}

#[test]
fn an_account_that_is_switched_off_is_disabled_first_and_kept_up_to_date() {
    let mut stage = Stage::new(People::of(&["ada"]), Settings::default());
    stage.cycle();
    let ada = stage.id("ada");
    stage.people.change("ada", |person| {
        person.enabled = false;
        person.name = "Ada Holm".to_owned();
    });
    stage.cycle();
    let patch = format!("PATCH /Users/{ada}");
    assert_eq!(stage.requests(), [format!("GET /Users/{ada}"), patch.clone(), patch]);
    assert_eq!(stage.body(1)["Operations"], json!([{"op": "Replace", "path": "active", "value": "False"}]));
    stage.assert_equal_to_the_model();
    stage.people.change("ada", |person| person.department = Some("Retail".to_owned()));
    stage.cycle();
    assert_eq!(stage.row("ada"), ("update", LogStatus::Success, None));
    stage.people.change("ada", |person| person.enabled = true);
    stage.cycle();
    stage.assert_equal_to_the_model();
}

#[test]
fn who_was_never_exported_and_is_not_enabled_is_not_created() {
    let mut stage = Stage::new(People::of(&["ada"]), Settings::default());
    stage.people.change("ada", |person| person.enabled = false);
    let cycle = stage.cycle();
    assert_eq!((cycle.requests, cycle.skipped), (1, 1));
    assert_eq!(stage.row("ada"), ("other", LogStatus::Skipped, Some("EntrySynchronizationSkipped")));
    assert!(stage.users().is_empty());
}

#[test]
fn the_bin_disables_and_the_purge_deletes() {
    let mut stage = Stage::new(People::of(&["ada"]), Settings::default());
    stage.cycle();
    let ada = stage.id("ada");
    stage.people.change("ada", |person| person.binned = true);
    stage.cycle();
    assert_eq!(stage.row("ada"), ("disable", LogStatus::Success, None));
    stage.people.purge("ada");
    stage.cycle();
    assert_eq!(stage.requests(), [format!("DELETE /Users/{ada}")]);
    assert_eq!(stage.row("ada"), ("delete", LogStatus::Success, None));
    assert!(stage.users().is_empty() && stage.job.state().links.is_empty());
    assert_eq!(stage.cycle().requests, 1);
}

#[test]
fn who_comes_back_from_the_bin_is_enabled() {
    let mut stage = Stage::new(People::of(&["ada"]), Settings::default());
    stage.cycle();
    stage.people.change("ada", |person| person.binned = true);
    stage.cycle();
    stage.people.change("ada", |person| person.binned = false);
    stage.cycle();
    assert_eq!(stage.requests().len(), 2);
    stage.assert_equal_to_the_model();
}

#[test]
fn who_left_before_being_deleted_is_not_deleted() {
    let mut stage = Stage::new(People::of(&["ada"]), Settings::default());
    stage.cycle();
    stage.people.change("ada", leave);
    stage.cycle();
    stage.people.purge("ada");
    let cycle = stage.cycle();
    assert_eq!(cycle.requests, 1);
    assert_eq!(stage.row("ada").1, LogStatus::Skipped);
    assert_eq!(stage.users()["ada"]["active"], false);
    assert!(stage.job.state().links.is_empty());
}

#[test]
fn a_mapping_without_active_deletes_those_who_leave() {
    let mut stage = Stage::new(People::of(&["ada", "grace", "joan"]), Settings::default());
    stage.people.maps_active = false;
    stage.cycle();
    stage.people.change("ada", leave);
    stage.people.change("grace", |person| person.enabled = false);
    stage.people.change("joan", |person| person.binned = true);
    stage.cycle();
    let requests = stage.requests();
    assert!(
        requests.len() == 3 && requests.iter().all(|it| it.starts_with("DELETE /Users/")),
        "{requests:?}"
    );
    assert!(stage.users().is_empty());
}

#[test]
fn object_actions_that_are_switched_off_send_nothing() {
    let mut stage = Stage::new(People::of(&["ada"]), Settings { create: false, ..Settings::default() });
    stage.cycle();
    assert_eq!(stage.requests().len(), 1, "the search alone");
    assert_eq!(stage.row("ada").1, LogStatus::Skipped);

    let mut stage = Stage::new(People::of(&["ada", "grace"]), Settings::default());
    stage.cycle();
    stage.job.set(Settings { update: false, delete: false, ..Settings::default() });
    stage.people.change("ada", leave);
    stage.people.purge("grace");
    let cycle = stage.cycle();
    assert_eq!((cycle.requests, cycle.skipped), (1, 2));
    assert_eq!(stage.users().len(), 2);
}

#[test]
fn those_out_of_scope_are_left_alone_where_that_is_set() {
    let settings = Settings { skip_out_of_scope_deletions: true, ..Settings::default() };
    let mut stage = Stage::new(People::of(&["ada"]), settings);
    stage.cycle();
    stage.people.change("ada", leave);
    assert_eq!(stage.cycle().requests, 1);
    assert_eq!(stage.row("ada"), ("other", LogStatus::Skipped, Some("SkipOutOfScopeDeletions")));
    assert_eq!(stage.users()["ada"]["active"], true);
}

#[test]
fn who_is_not_entitled_is_not_exported_and_the_log_says_why() {
    let mut stage = Stage::new(People::of(&["ada", "grace"]), Settings::default());
    stage.people.change("ada", |person| person.scope = Err(OutOfScope::DefaultAccess));
    stage.people.change("grace", leave);
    assert_eq!(stage.cycle().requests, 1);
    assert_eq!(stage.row("ada"), ("other", LogStatus::Skipped, Some("NotEffectivelyEntitled")));
    let reason = stage.rows("ada")[0].reason.clone().unwrap_or_default();
    assert!(reason.contains("not effectively entitled"), "{reason}");
    // Those whom nobody assigned are no concern of an initial cycle.
    assert!(stage.rows("grace").is_empty());
}
