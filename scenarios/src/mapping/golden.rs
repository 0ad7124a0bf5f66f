//! What each mapping that comes with the program makes of two people and a group, written by hand.

use serde_json::{Value, json};

use super::find;
use crate::directory::{AppRole, Directory, NewGroup, NewUser, Scope};
use crate::wanted::{Apply, Wanted};

const BONUSLY: &str = "urn:ietf:params:scim:schemas:extension:bonusly:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Ada has everything and reports to Bo. Bo has nearly nothing, no address of his own, and a disabled account.
fn directory() -> Directory {
    let mut directory = Directory::new(Scope::Assigned);
    let ada = NewUser::new("8aa1", "ada.berg@contoso.example")
        .with("mail", "Ada.Berg@mail.example")
        .with("mailNickname", "ada.berg")
        .with("displayName", "Ada Berg")
        .with("givenName", "Ada")
        .with("surname", "Berg")
        .with("jobTitle", "Engineer")
        .with("preferredLanguage", "nb-NO")
        .with("physicalDeliveryOfficeName", "18/2111")
        .with("streetAddress", "Storgata 1")
        .with("city", "Oslo")
        .with("state", "03")
        .with("postalCode", "0155")
        .with("country", "Norway")
        .with("telephoneNumber", "+47 22 00 00 01")
        .with("mobile", "+47 90 00 00 02")
        .with("facsimileTelephoneNumber", "+47 22 00 00 03")
        .with("employeeId", "701984")
        .with("department", "R&D")
        .with("companyName", "Contoso Norge")
        .with("employeeType", "Employee")
        .with("employeeHireDate", "2026-11-23T00:00:00Z")
        .with("extensionAttribute1", "CC-40")
        .with("extensionAttribute2", "1990-04-01");
    let bo = NewUser::new("9bb2", "bo@contoso.example").with("surname", "Ek").enabled(false);
    directory.fill([ada, bo]).unwrap();
    directory.add_group(NewGroup::new("c3c3", "Sales").with("mailNickname", "sales")).unwrap();
    directory.add_member("c3c3", "8aa1").unwrap();
    directory.set_manager("8aa1", Some("9bb2")).unwrap();
    for id in ["8aa1", "9bb2", "c3c3"] {
        directory.assign(id, AppRole::DefaultAccess).unwrap();
    }
    directory
}

/// Targets and values in their order; a reference is an object of the source's id and what is sent in its place.
fn shown(wanted: &Wanted) -> Vec<(String, Value)> {
    let value = |attribute: &crate::wanted::WantedAttribute| match attribute.references.first() {
        Some(reference) => json!({ "to": reference.source, "sent": reference.value }),
        None => attribute.value.clone(),
    };
    wanted.attributes.iter().map(|attribute| (attribute.target.clone(), value(attribute))).collect()
}

fn user(mapping: &str, id: &str) -> Vec<(String, Value)> {
    shown(&find(mapping).unwrap().user(&directory(), id).unwrap())
}

fn rows(rows: Vec<(&str, Value)>) -> Vec<(String, Value)> {
    rows.into_iter().map(|(target, value)| (target.to_owned(), value)).collect()
}

#[test]
fn entra_default_sends_twenty_two_attributes() {
    let expected = rows(vec![
        ("userName", json!("ada.berg@contoso.example")),
        ("active", json!(true)),
        ("displayName", json!("Ada Berg")),
        ("title", json!("Engineer")),
        ("emails[type eq \"work\"].value", json!("Ada.Berg@mail.example")),
        ("preferredLanguage", json!("nb-NO")),
        ("name.givenName", json!("Ada")),
        ("name.familyName", json!("Berg")),
        ("name.formatted", json!("Ada Berg")),
        ("addresses[type eq \"work\"].formatted", json!("18/2111")),
        ("addresses[type eq \"work\"].streetAddress", json!("Storgata 1")),
        ("addresses[type eq \"work\"].locality", json!("Oslo")),
        ("addresses[type eq \"work\"].region", json!("03")),
        ("addresses[type eq \"work\"].postalCode", json!("0155")),
        ("addresses[type eq \"work\"].country", json!("Norway")),
        ("phoneNumbers[type eq \"work\"].value", json!("+47 22 00 00 01")),
        ("phoneNumbers[type eq \"mobile\"].value", json!("+47 90 00 00 02")),
        ("phoneNumbers[type eq \"fax\"].value", json!("+47 22 00 00 03")),
        ("externalId", json!("ada.berg")),
        (&format!("{ENTERPRISE}:employeeNumber"), json!("701984")),
        (&format!("{ENTERPRISE}:department"), json!("R&D")),
        (&format!("{ENTERPRISE}:manager"), json!({ "to": "9bb2", "sent": null })),
    ]);
    assert_eq!(expected.len(), 22);
    assert_eq!(user("entra-default", "8aa1"), expected);
}

#[test]
fn entra_default_sends_nothing_for_what_is_null() {
    let expected = rows(vec![
        ("userName", json!("bo@contoso.example")),
        ("active", json!(false)),
        ("name.familyName", json!("Ek")),
        ("name.formatted", json!("Ek")),
    ]);
    assert_eq!(user("entra-default", "9bb2"), expected);
}

#[test]
fn bonusly_sends_the_address_of_the_manager_who_has_none_of_his_own() {
    let expected = rows(vec![
        ("userName", json!("ada.berg@contoso.example")),
        ("active", json!(true)),
        ("externalId", json!("8aa1")),
        ("name.givenName", json!("Ada")),
        ("name.familyName", json!("Berg")),
        ("emails[type eq \"work\"].value", json!("Ada.Berg@mail.example")),
        ("addresses[type eq \"work\"].country", json!("Norway")),
        ("title", json!("Engineer")),
        ("userType", json!("Employee")),
        ("locale", json!("nb-NO")),
        (&format!("{BONUSLY}:employeeNumber"), json!("701984")),
        (&format!("{BONUSLY}:costCenter"), json!("CC-40")),
        (&format!("{BONUSLY}:businessUnit"), json!("Contoso Norge")),
        (&format!("{BONUSLY}:department"), json!("R&D")),
        (&format!("{BONUSLY}:managerEmail"), json!({ "to": "9bb2", "sent": "bo@contoso.example" })),
        (&format!("{BONUSLY}:location"), json!("Oslo")),
        (&format!("{BONUSLY}:hiredOn"), json!("2026-11-23T00:00:00Z")),
        (&format!("{BONUSLY}:dateOfBirth"), json!("1990-04-01")),
    ]);
    assert_eq!(user("bonusly", "8aa1"), expected);
}

#[test]
fn bonusly_makes_an_address_of_the_name_where_there_is_none() {
    let expected = rows(vec![
        ("userName", json!("bo@contoso.example")),
        ("active", json!(false)),
        ("externalId", json!("9bb2")),
        ("name.familyName", json!("Ek")),
        ("emails[type eq \"work\"].value", json!("bo@contoso.example")),
    ]);
    assert_eq!(user("bonusly", "9bb2"), expected);
}

#[test]
fn blogin_sends_eight_attributes_and_no_external_id() {
    let expected = rows(vec![
        ("userName", json!("ada.berg@contoso.example")),
        ("active", json!(true)),
        ("title", json!("Engineer")),
        ("emails[type eq \"work\"].value", json!("Ada.Berg@mail.example")),
        ("name.givenName", json!("Ada")),
        ("name.familyName", json!("Berg")),
        ("name.formatted", json!("Ada Berg")),
        ("phoneNumbers[type eq \"work\"].value", json!("+47 22 00 00 01")),
    ]);
    assert_eq!(user("blogin", "8aa1"), expected);
    let expected = rows(vec![
        ("userName", json!("bo@contoso.example")),
        ("active", json!(false)),
        ("name.familyName", json!("Ek")),
        ("name.formatted", json!("Ek")),
    ]);
    assert_eq!(user("blogin", "9bb2"), expected);
}

#[test]
fn promapp_sends_what_it_demands_and_no_active() {
    let expected = rows(vec![
        ("userName", json!("ada.berg@contoso.example")),
        ("name.givenName", json!("Ada")),
        ("name.familyName", json!("Berg")),
        ("emails[type eq \"work\"].value", json!("Ada.Berg@mail.example")),
    ]);
    assert_eq!(user("promapp", "8aa1"), expected);
    let expected = rows(vec![("userName", json!("bo@contoso.example")), ("name.familyName", json!("Ek"))]);
    assert_eq!(user("promapp", "9bb2"), expected);
}

#[test]
fn groups_are_sent_with_their_names_and_a_place_for_their_members() {
    let group = |mapping: &str| shown(&find(mapping).unwrap().group(&directory(), "c3c3").unwrap());
    let default =
        rows(vec![("displayName", json!("Sales")), ("externalId", json!("c3c3")), ("members", json!(null))]);
    assert_eq!(group("entra-default"), default);
    assert_eq!(group("bonusly"), default);
    assert_eq!(group("blogin"), rows(vec![("displayName", json!("Sales")), ("members", json!(null))]));
    let enabled = |mapping: &str| find(mapping).unwrap().groups_enabled;
    assert_eq!(["entra-default", "blogin", "bonusly", "promapp"].map(enabled), [true, true, false, false]);
}

#[test]
fn objects_are_matched_by_what_the_applications_say() {
    let matched = |mapping: &str| {
        let wanted = find(mapping).unwrap().user(&directory(), "8aa1").unwrap();
        let rows = wanted.attributes.into_iter();
        let matched = rows.filter_map(|row| Some((row.matching?, row.target)));
        matched.collect::<Vec<_>>()
    };
    let name = (1, "userName".to_owned());
    for mapping in ["entra-default", "blogin", "promapp"] {
        assert_eq!(matched(mapping), std::slice::from_ref(&name), "{mapping}");
    }
    assert_eq!(matched("bonusly"), [name, (2, "externalId".to_owned())]);
}

#[test]
fn letter_case_counts_in_external_ids_alone() {
    let wanted = find("entra-default").unwrap().user(&directory(), "8aa1").unwrap();
    let exact = wanted.attributes.iter().filter(|row| row.case_exact);
    assert_eq!(exact.map(|row| row.target.as_str()).collect::<Vec<_>>(), ["externalId"]);
    assert!(wanted.attributes.iter().all(|row| row.apply == Apply::Always));
}
