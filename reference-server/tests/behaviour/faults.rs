use std::collections::BTreeSet;

use reference_server::faults::{self, Seam};

use crate::support::{Client, USER, but, service_with, user};
use crate::transcript;

#[test]
fn every_fault_has_a_name_of_its_own_a_title_and_something_to_break() {
    let mut names = BTreeSet::new();
    for fault in faults::all() {
        assert!(names.insert(fault.name), "{} stands twice", fault.name);
        assert!(
            fault.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        );
        assert!(!fault.title.is_empty() && !fault.breaks.is_empty(), "{}", fault.name);
        assert_eq!(faults::find(fault.name).map(|found| found.name), Some(fault.name));
    }
    assert!(faults::find("none").is_none());
}

#[test]
fn every_seam_is_used() {
    for seam in [Seam::Wire, Seam::Rules, Seam::Store] {
        assert!(faults::all().iter().any(|fault| fault.seam() == seam), "{seam:?}");
    }
}

/// That every fault changes what the server answers is seen by the checks that catch it.
#[test]
fn a_server_answers_the_same_each_time() {
    for fault in [None, Some("store-keeps-deleted")] {
        assert_eq!(transcript::of(fault).lines, transcript::of(fault).lines, "{fault:?}");
    }
}

#[test]
fn a_fault_of_the_rules_does_not_show_in_discovery() {
    let healthy = Client::new().get("/Schemas").body;
    for fault in faults::all().iter().filter(|fault| fault.seam() == Seam::Rules) {
        assert_eq!(
            Client::of(service_with(Some(fault.name))).get("/Schemas").body,
            healthy,
            "{}",
            fault.name
        );
    }
}

#[test]
fn a_kept_resource_can_be_read_and_written_and_is_not_listed() {
    let client = Client::of(service_with(Some("store-keeps-deleted")));
    let path = format!("/Users/{}", client.user("ada").id());
    assert_eq!(client.delete(&path).status, 204);
    assert_eq!(client.get(&path).status, 200);
    assert_eq!(client.put(&path, &but(user("eve"), serde_json::json!({ "title": "x" }))).status, 200);
    assert_eq!(client.get("/Users").body["totalResults"], 0);
    assert_eq!(client.post("/Users", &user("ada")).status, 201);
}

#[test]
fn an_id_with_the_reserved_word_works_everywhere() {
    let client = Client::of(service_with(Some("id-contains-bulkid")));
    let ada = client.user("ada").id();
    assert!(ada.starts_with("bulkId"));
    assert_eq!(client.get(&format!("/Users/{ada}")).id(), ada);
    let group = client.post("/Groups", &crate::support::group("all", &[&ada]));
    assert_eq!(group.body["members"][0]["value"], ada);
    assert_eq!(client.get(&format!("/Groups/{}", group.id())).body, group.body);
}

#[test]
fn a_fault_of_groups_is_refused_where_there_are_none() {
    let start = |profile: &str, fault: &str| {
        reference_server::ReferenceServer::builder().profile(profile).fault(fault).service().map(drop)
    };
    for fault in [
        "member-add-keeps-one",
        "group-name-is-optional",
        "bug-r11-deleted-groups-stay",
        "lost-member-add",
        "count-ignored-on-groups",
        "create-joins-groups",
    ] {
        let refused = start("bonusly", fault).unwrap_err().to_string();
        assert!(refused.contains("is about groups, and the profile bonusly has none"), "{refused}");
        for profile in ["rfc", "blogin", "entra-ready"] {
            start(profile, fault).unwrap();
        }
    }
    start("bonusly", "create-answers-200").unwrap();
}

#[test]
fn several_faults_stand_in_line() {
    let builder = reference_server::ReferenceServer::builder()
        .token(record::Secret::new(crate::support::TOKEN.to_owned()))
        .fault("create-answers-200")
        .fault("create-lacks-location")
        .fault("username-is-optional");
    let client = Client::of(builder.service().unwrap());
    let seen = client.post("/Users", &serde_json::json!({ "schemas": [USER] }));
    assert_eq!((seen.status, seen.header("location")), (200, None));
}
