//! Initial and incremental cycles that go well.

use record::{CycleKind, LogStatus};
use scenarios::entra::{ClientKind, ManagerPass, Settings, State, Status};
use serde_json::json;

use crate::people::{MANAGER, People, mail};
use crate::stage::Stage;

const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

fn find(name: &str) -> String {
    format!("GET /Users?filter=userName+eq+%22{}%22", mail(name).replace('@', "%40"))
}

#[test]
fn an_initial_cycle_over_http_ends_with_the_target_equal_to_the_directory() {
    for client in [ClientKind::EntraDefault, ClientKind::EntraFlag] {
        let names: Vec<String> = (1..=20).map(|number| format!("person{number:02}")).collect();
        let mut people = People::of(&names.iter().map(String::as_str).collect::<Vec<_>>());
        for name in &names[1..] {
            people.change(name, |person| person.manager = Some("person01".to_owned()));
        }
        people.found("all", &names.iter().map(String::as_str).collect::<Vec<_>>());
        people.found("some", &["person03", "person05"]);
        people.found("nobody", &[]);
        let mut stage = Stage::over_http(people, Settings::of(client));
        let cycle = stage.cycle();
        stage.assert_equal_to_the_model();
        assert_eq!(cycle.kind, CycleKind::Initial);
        assert_eq!(
            (cycle.failed, cycle.escrowed, cycle.quarantine.as_deref()),
            (0, 0, None),
            "{:#?}",
            stage.log
        );
        // The connection test; a search and a POST each; a PATCH for each manager and each member.
        assert_eq!(cycle.requests, 1 + 2 * 23 + 19 + 22);
        let done: Vec<(&str, u32)> =
            cycle.done.iter().map(|tally| (tally.what.as_str(), tally.count)).collect();
        assert_eq!(done, [("create", 23), ("update", 21)]);
        assert_eq!(stage.job.status(), Status::Active);
        // And once more, from what was written down: nothing but the connection test.
        let state = serde_json::to_string(stage.job.state()).expect("JSON");
        let state: State = serde_json::from_str(&state).expect("a state");
        assert_eq!(&state, stage.job.state());
        stage.job = scenarios::entra::Job::resume(Settings::of(client), state);
        let steady = stage.cycle();
        assert_eq!((steady.kind, steady.requests, steady.evaluated), (CycleKind::Incremental, 1, 0));
        assert_eq!(stage.requests(), [""; 0]);
    }
}

#[test]
fn a_steady_cycle_is_the_connection_test_and_nothing_else() {
    let mut stage = Stage::new(People::of(&["ada", "grace"]), Settings::default());
    stage.cycle();
    let rows = stage.log.len();
    for _ in 0..3 {
        let cycle = stage.cycle();
        assert_eq!((cycle.requests, cycle.evaluated, cycle.skipped, cycle.failed), (1, 0, 0, 0));
        let exchanges = stage.exchanges();
        assert_eq!(exchanges[0].check.as_deref(), Some("connection-test"));
        assert!(
            exchanges[0].request.url.contains("/Users?filter=userName+eq+%22"),
            "{}",
            exchanges[0].request.url
        );
        let names: Vec<&str> =
            exchanges[0].request.headers.iter().map(|header| header.name.as_str()).collect();
        assert_eq!(names, ["host", "authorization"]);
    }
    assert_eq!(stage.log.len(), rows, "a cycle that finds nothing writes nothing");
    // Each test asks for somebody else.
    let mut urls: Vec<String> = stage
        .recorder
        .exchanges()
        .into_iter()
        .map(|it| it.request.url)
        .filter(|url| !url.contains("contoso"))
        .collect();
    urls.sort();
    urls.dedup();
    assert_eq!(urls.len(), 4 + 1, "four tests, and the POSTs: {urls:#?}");
}

#[test]
fn a_user_with_a_manager_is_searched_for_created_and_then_pointed_to_the_manager() {
    let mut stage = Stage::new(People::of(&["grace"]), Settings::default());
    stage.cycle();
    stage.people.hire("ada");
    stage.people.change("ada", |person| person.manager = Some("grace".to_owned()));
    stage.cycle();
    let ada = format!("PATCH /Users/{}", stage.id("ada"));
    assert_eq!(stage.requests(), [find("ada"), "POST /Users".to_owned(), ada]);
    assert_eq!(
        stage.body(1),
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
            "externalId": "ada", "userName": mail("ada"), "active": true, "displayName": "ada",
            "emails": [{"primary": true, "type": "work", "value": mail("ada")}], "meta": {"resourceType": "User"},
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Sales"},
        })
    );
    let operation = json!({"op": "Add", "path": MANAGER, "value": stage.id("grace")});
    assert_eq!(stage.body(2), json!({"schemas": [PATCH], "Operations": [operation]}));
    stage.assert_equal_to_the_model();
    let rows = stage.rows("ada");
    let told: Vec<(&str, LogStatus)> = rows.iter().map(|row| (row.action.as_str(), row.status)).collect();
    assert_eq!(told, [("create", LogStatus::Success), ("update", LogStatus::Success)]);
    assert_eq!(rows[1].modified[0].attribute, MANAGER);
    assert_eq!(rows[0].exchanges.len() + rows[1].exchanges.len(), 3);
}

#[test]
fn a_change_is_read_and_then_written() {
    let mut stage = Stage::new(People::of(&["ada", "grace"]), Settings::default());
    stage.cycle();
    stage.people.change("ada", |person| {
        person.name = "Ada Holm".to_owned();
        person.department = Some("Retail".to_owned());
    });
    let cycle = stage.cycle();
    let ada = stage.id("ada");
    assert_eq!(stage.requests(), [format!("GET /Users/{ada}"), format!("PATCH /Users/{ada}")]);
    assert_eq!(cycle.evaluated, 1);
    assert_eq!(stage.row("ada"), ("update", LogStatus::Success, None));
    stage.assert_equal_to_the_model();
    // A change that comes to nothing is read and not written.
    stage.people.change("ada", |_| {});
    stage.cycle();
    assert_eq!(stage.requests(), [format!("GET /Users/{ada}")]);
    assert_eq!(stage.row("ada"), ("update", LogStatus::Skipped, Some("RedundantExport")));
}

#[test]
fn drift_in_the_target_is_not_noticed_before_the_object_changes_or_the_job_restarts() {
    let mut stage = Stage::new(People::of(&["ada"]), Settings::default());
    stage.cycle();
    let id = stage.id("ada");
    let operation = json!({"op": "replace", "path": "displayName", "value": "Somebody"});
    let body = json!({"schemas": [PATCH], "Operations": [operation]});
    let status = stage.meddle(client::Request::patch(format!("/Users/{id}")).json(&body));
    assert!(status < 300, "{status}");
    stage.cycle();
    assert_eq!(stage.users()["ada"]["displayName"], "Somebody");
    stage.job.restart(&[]);
    let cycle = stage.cycle();
    assert_eq!(cycle.kind, CycleKind::Initial);
    assert_eq!(stage.requests(), [format!("GET /Users/{id}"), format!("PATCH /Users/{id}")]);
    stage.assert_equal_to_the_model();
}

#[test]
fn who_is_there_already_is_linked_and_brought_in_line() {
    let mut stage = Stage::new(People::of(&["ada"]), Settings::default());
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": mail("ada").to_uppercase(), "displayName": "A.", "externalId": "ada",
    });
    assert_eq!(stage.meddle(client::Request::post("/Users").json(&body)), 201);
    stage.cycle();
    let ada = stage.id("ada");
    assert_eq!(stage.requests(), [find("ada"), format!("PATCH /Users/{ada}")]);
    assert_eq!(stage.row("ada"), ("update", LogStatus::Success, None));
    assert_eq!(stage.users().len(), 1);
    assert_eq!(stage.users()["ada"]["displayName"], "ada");
}

#[test]
fn managers_wait_for_the_next_cycle_where_that_is_set() {
    let settings = Settings { manager_pass: ManagerPass::NextCycle, ..Settings::default() };
    let mut stage = Stage::new(People::of(&["ada", "grace"]), settings);
    stage.people.change("ada", |person| person.manager = Some("grace".to_owned()));
    stage.cycle();
    assert_eq!(stage.requests().iter().filter(|it| it.starts_with("PATCH")).count(), 0);
    stage.cycle();
    let ada = stage.id("ada");
    assert_eq!(stage.requests(), [format!("GET /Users/{ada}"), format!("PATCH /Users/{ada}")]);
    stage.assert_equal_to_the_model();
    assert_eq!(stage.cycle().requests, 1);
}

#[test]
fn a_cycle_costs_what_changed_and_not_what_there_is() {
    let mut costs = Vec::new();
    for size in [3, 60] {
        let names: Vec<String> = (0..size).map(|number| format!("person{number}")).collect();
        let mut people = People::of(&names.iter().map(String::as_str).collect::<Vec<_>>());
        people.found("all", &names.iter().map(String::as_str).collect::<Vec<_>>());
        let mut stage = Stage::new(people, Settings::default());
        stage.cycle();
        stage.people.hire("ada");
        stage.people.join("all", "ada", true);
        stage.people.change("person1", |person| person.name = "Somebody".to_owned());
        let cycle = stage.cycle();
        stage.assert_equal_to_the_model();
        costs.push((cycle.requests, cycle.evaluated));
    }
    // Test; search, POST; GET, PATCH; GET of the group, PATCH of its member.
    assert_eq!(costs, [(7, 3), (7, 3)]);
}
