//! Mails that welcome people.

use serde_json::{Value, json};

use crate::office::{Office, employee};
use crate::support::USER;

fn welcomed(office: &Office) -> Vec<Value> {
    let outbox = office.sees("/outbox");
    outbox["mails"].as_array().unwrap().iter().map(|mail| mail["to"].clone()).collect()
}

#[test]
fn a_mail_welcomes_everybody_at_the_first_creation_alone() {
    let office = Office::of("bonusly");
    let ada = office.hires(&employee("ada"));
    assert_eq!(
        office.sees("/outbox"),
        json!({
            "mails": [{ "kind": "welcome", "user": ada, "to": "ada@example.com", "at": "2026-01-02T03:04:05.006Z" }],
            "dropped": 0,
        })
    );
    // Not on an update, a deactivation, or a reactivation.
    let operation = |active: bool| json!([{ "op": "replace", "path": "active", "value": active }]);
    for active in [false, true] {
        assert_eq!(office.patches(&ada, &operation(active)).status, 200);
    }
    assert_eq!(office.scim("PUT", &format!("/Users/{ada}"), Some(&employee("ada"))).status, 200);
    // Not for somebody who is refused, and not for one who comes back.
    assert_eq!(office.scim("POST", "/Users", Some(&employee("ada"))).status, 409);
    office.fires(&ada);
    assert_eq!(office.hires(&employee("ada")), ada);
    assert_eq!(welcomed(&office), ["ada@example.com"]);
}

#[test]
fn a_mail_goes_to_the_user_name_where_there_is_no_address() {
    let office = Office::of("bonusly");
    office.hires(&json!({ "schemas": [USER], "userName": "bob@example.com" }));
    assert_eq!(welcomed(&office), ["bob@example.com"]);
    // A name that is no address reaches nobody.
    office.hires(&json!({ "schemas": [USER], "userName": "cyd" }));
    assert_eq!(welcomed(&office), ["bob@example.com"]);
}

#[test]
fn mails_are_written_while_the_setting_is_on() {
    let office = Office::of("bonusly");
    assert_eq!(office.sees("/settings")["welcome_mails"], true);
    office.settings(&json!({ "welcome_mails": false }));
    office.hires(&employee("ada"));
    // What is left out stays as it is.
    assert_eq!(office.settings(&json!({ "provisioning": true }))["welcome_mails"], false);
    office.hires(&employee("bob"));
    office.settings(&json!({ "welcome_mails": true }));
    office.hires(&employee("cyd"));
    assert_eq!(welcomed(&office), ["cyd@example.com"]);
}

#[test]
fn who_comes_back_under_another_name_leaves_the_old_one_to_others() {
    let office = Office::of("bonusly");
    let ada = office.hires(&employee("ada"));
    office.fires(&ada);
    assert_eq!(office.hires(&employee("ada")), ada);
    let renamed = json!([{ "op": "replace", "value": {
        "userName": "countess@example.com",
        "emails": [{ "value": "countess@example.com", "type": "work" }],
    } }]);
    assert_eq!(office.patches(&ada, &renamed).status, 200);
    assert_ne!(office.hires(&employee("ada")), ada);
    assert_eq!(welcomed(&office), ["ada@example.com", "ada@example.com"]);
}

#[test]
fn an_application_without_mails_has_no_setting_for_them() {
    let office = Office::of("promapp");
    assert_eq!(office.sees("/settings").get("welcome_mails"), None);
    assert_eq!(office.admin("PUT", "/settings", Some(&json!({ "welcome_mails": true }))).status, 400);
}
