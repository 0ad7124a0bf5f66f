use std::collections::BTreeSet;

use reference_server::{ReferenceServer, StartError, variants};

use crate::support::{Client, service_as, user};
use crate::transcript;

#[test]
fn every_variant_has_a_name_of_its_own_a_title_and_a_source() {
    let mut names = BTreeSet::new();
    for variant in variants::all() {
        assert!(names.insert(variant.name), "{} stands twice", variant.name);
        assert!(
            variant
                .name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit())
        );
        assert!(!variant.title.is_empty() && variant.lawful.contains("RFC "), "{}", variant.name);
        assert_eq!(variants::find(variant.name).map(|found| found.name), Some(variant.name));
        assert!(reference_server::faults::find(variant.name).is_none(), "{} is a fault", variant.name);
    }
    assert!(names.len() >= 14 && variants::find("none").is_none());
}

#[test]
fn every_variant_differs_from_the_plain_server() {
    let plain = transcript::of(None).lines;
    let invisible: Vec<&str> = variants::all()
        .iter()
        .map(|variant| variant.name)
        .filter(|name| transcript::with(service_as(name)).lines == plain)
        .collect();
    assert!(invisible.is_empty(), "these change nothing: {invisible:?}");
}

#[test]
fn an_unknown_variant_is_refused_with_the_nearest_name() {
    let refused = ReferenceServer::builder().variant("ids-are-number").service();
    assert!(matches!(refused, Err(StartError::Variant { near, .. }) if near.contains(&"ids-are-numbers")));
}

#[test]
fn ids_of_another_form_work_everywhere() {
    for variant in ["ids-are-numbers", "ids-are-urns", "ids-are-upper-case"] {
        let client = Client::of(service_as(variant));
        let ada = client.user("ada").id();
        let escaped = ada.replace(':', "%3A");
        assert_eq!(client.get(&format!("/Users/{escaped}")).id(), ada, "{variant}");
        let found = client.get(&format!("/Users?filter=id%20eq%20%22{escaped}%22"));
        assert_eq!(found.body["Resources"][0]["id"], ada, "{variant}: {}", found.body);
        let group = client.post("/Groups", &crate::support::group("all", &[&ada]));
        assert_eq!(group.body["members"][0]["value"], ada, "{variant}");
        assert!(group.body["members"][0]["$ref"].as_str().unwrap().ends_with(&ada), "{variant}");
    }
}

#[test]
fn a_fault_works_behind_a_variant() {
    let builder = ReferenceServer::builder()
        .token(record::Secret::new(crate::support::TOKEN.to_owned()))
        .variant("media-type-has-a-charset")
        .fault("create-answers-200");
    let seen = Client::of(builder.service().unwrap()).post("/Users", &user("ada"));
    assert_eq!(
        (seen.status, seen.header("content-type")),
        (200, Some("Application/SCIM+JSON; charset=utf-8"))
    );
}
