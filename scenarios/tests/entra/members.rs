//! Groups and who is in them.

use record::LogStatus;
use scenarios::entra::{ClientKind, Groups404, Object, OutOfScope, Settings};
use serde_json::json;

use crate::people::People;
use crate::stage::{Fate, Stage};

#[test]
fn a_group_is_created_empty_and_filled_one_by_one() {
    let mut stage = Stage::new(People::of(&["ada", "grace"]), Settings::default());
    stage.cycle();
    stage.people.found("sales", &["ada", "grace"]);
    stage.cycle();
    let requests = stage.requests();
    assert_eq!(requests[0], "GET /Groups?excludedAttributes=members&filter=displayName+eq+%22sales%22");
    assert_eq!(requests[1], "POST /Groups");
    assert_eq!(stage.body(1)["members"], json!([]));
    assert!(
        requests[2..].iter().all(|it| it.starts_with("PATCH /Groups/")) && requests.len() == 4,
        "{requests:?}"
    );
    let operation = json!({"op": "Add", "path": "members", "value": [{"value": stage.id("ada")}]});
    assert_eq!(stage.body(2)["Operations"], json!([operation]));
    stage.assert_equal_to_the_model();
}

#[test]
fn members_come_and_go_by_what_changed() {
    for client in [ClientKind::EntraDefault, ClientKind::EntraFlag] {
        let settings = Settings { member_batch_size: 2, ..Settings::of(client) };
        let mut people = People::of(&["ada", "grace", "joan", "mary"]);
        people.found("sales", &["ada", "grace"]);
        let mut stage = Stage::new(people, settings);
        stage.cycle();
        stage.people.join("sales", "joan", true);
        stage.people.join("sales", "mary", true);
        stage.people.join("sales", "ada", false);
        let cycle = stage.cycle();
        let requests = stage.requests();
        assert!(requests[0].ends_with("?excludedAttributes=members"), "{requests:?}");
        assert_eq!(
            (requests.len(), cycle.evaluated),
            (3, 1),
            "one GET, one PATCH to add two, one to remove one"
        );
        stage.assert_equal_to_the_model();
        let group = stage.rows("sales");
        let modified: usize = group.iter().map(|row| row.modified.len()).sum();
        assert_eq!(modified, 3, "{group:#?}");
    }
}

/// Captured so: the account first, then the group, which is asked for without its members.
#[test]
fn who_leaves_the_scope_with_a_group_is_disabled_before_the_group_loses_him() {
    let mut people = People::of(&["ada", "grace"]);
    people.found("sales", &["ada", "grace"]);
    let mut stage = Stage::new(people, Settings::default());
    stage.cycle();
    let (ada, sales) = (stage.id("ada"), &Object::group("sales"));
    let sales = stage.job.state().links.get(sales).expect("a link").target.clone();
    stage.people.join("sales", "ada", false);
    stage.people.change("ada", |person| person.scope = Err(OutOfScope::Unassigned));
    stage.cycle();
    let expected = [
        format!("GET /Users/{ada}"),
        format!("PATCH /Users/{ada}"),
        format!("GET /Groups/{sales}?excludedAttributes=members"),
        format!("PATCH /Groups/{sales}"),
    ];
    assert_eq!(stage.requests(), expected);
    // The same where the whole group goes.
    stage.people.change("grace", |person| person.scope = Err(OutOfScope::Unassigned));
    stage.people.regroup("sales", |team| team.assigned = false);
    stage.cycle();
    let methods: Vec<String> =
        stage.requests().iter().map(|it| it.split('/').take(2).collect::<Vec<_>>().join("")).collect();
    assert_eq!(methods, ["GET Users", "PATCH Users", "DELETE Groups"]);
}

#[test]
fn a_rename_keeps_the_group_and_an_unassignment_deletes_it() {
    let mut people = People::of(&["ada"]);
    people.found("sales", &["ada"]);
    let mut stage = Stage::new(people, Settings::default());
    stage.cycle();
    let id = stage.job.state().links.get(&Object::group("sales")).expect("a link").target.clone();
    stage.people.regroup("sales", |team| team.name = "Field Sales".to_owned());
    stage.cycle();
    assert_eq!(stage.groups()["Field Sales"]["id"], id.as_str());
    stage.assert_equal_to_the_model();
    stage.people.regroup("sales", |team| team.assigned = false);
    stage.cycle();
    assert_eq!(stage.requests(), [format!("DELETE /Groups/{id}")]);
    assert!(stage.groups().is_empty());
}

#[test]
fn members_out_of_scope_are_left_out_with_a_warning() {
    let mut people = People::of(&["ada", "grace"]);
    people.change("grace", |person| person.scope = Err(OutOfScope::Unassigned));
    people.found("sales", &["ada", "grace"]);
    let mut stage = Stage::new(people, Settings::default());
    let cycle = stage.cycle();
    let rows = stage.rows("sales");
    assert_eq!(rows[1].status, LogStatus::Warning);
    assert_eq!(rows[1].error_code.as_deref(), Some("UnableToResolveReferenceAttributeValue"));
    assert_eq!(cycle.escrowed, 0);
    assert_eq!(stage.groups()["sales"]["members"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_member_who_failed_is_tried_again_alone() {
    let mut people = People::of(&["ada", "grace", "joan"]);
    people.found("sales", &["ada", "grace", "joan"]);
    let mut stage = Stage::new(people, Settings::default());
    let mut patches = 0;
    stage.disturb(move |_, request| {
        patches += u32::from(request.method() == "PATCH");
        if patches == 2 && request.method() == "PATCH" { Fate::Answered(503, None) } else { Fate::Passes }
    });
    let cycle = stage.cycle();
    assert_eq!((cycle.failed, cycle.escrowed), (1, 1));
    assert_eq!(stage.groups()["sales"]["members"].as_array().map(Vec::len), Some(2));
    stage.mend();
    stage.cycle();
    assert_eq!(stage.requests().len(), 2, "the group is read, and one member added");
    stage.assert_equal_to_the_model();
    assert_eq!(stage.cycle().requests, 1);
}

#[test]
fn a_server_without_groups_takes_the_users_all_the_same() {
    let no_groups =
        |_: u32, request: &http::Request<bytes::Bytes>| match request.uri().path().contains("/Groups") {
            true => Fate::Answered(404, None),
            false => Fate::Passes,
        };
    let mut people = People::of(&["ada"]);
    people.found("sales", &["ada"]);
    let mut stage = Stage::new(people, Settings::default());
    stage.disturb(no_groups);
    assert!(stage.test_connection().authorized);
    let cycle = stage.cycle();
    assert_eq!((cycle.failed, cycle.quarantine.as_deref()), (1, None));
    assert_eq!(stage.users().len(), 1);
    assert_eq!(stage.row("sales").1, LogStatus::Failure);

    let mut people = People::of(&["ada"]);
    people.found("sales", &["ada"]);
    let mut stage = Stage::new(people, Settings { groups_404: Groups404::Quarantine, ..Settings::default() });
    stage.disturb(no_groups);
    assert_eq!(stage.cycle().quarantine.as_deref(), Some("EncounteredQuarantineException"));
    assert_eq!(stage.users().len(), 1);
}
