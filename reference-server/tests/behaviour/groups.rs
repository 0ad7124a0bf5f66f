use serde_json::{Value, json};

use crate::support::{Client, GROUP, group, user};

fn ids(body: &Value, links: &str) -> Vec<String> {
    let links = body[links].as_array().into_iter().flatten();
    links.map(|link| link["value"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn membership_shows_from_both_ends() {
    let client = Client::new();
    let ada = client.user("ada").id();
    let inner = client.post("/Groups", &group("inner", &[&ada])).id();
    let outer = client.post("/Groups", &group("outer", &[&ada, &inner, &ada]));
    assert_eq!(outer.status, 201, "{}", outer.body);
    assert_eq!(outer.body["members"].as_array().unwrap().len(), 2);
    let member =
        outer.body["members"].as_array().unwrap().iter().find(|member| member["type"] == "Group").unwrap();
    assert_eq!(member["$ref"], format!("http://scim.example.com/scim/v2/Groups/{inner}"));
    let shown = client.get(&format!("/Users/{ada}")).body["groups"].clone();
    let mut names: Vec<&str> =
        shown.as_array().unwrap().iter().map(|group| group["display"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["inner", "outer"]);
    assert!(shown.as_array().unwrap().iter().all(|group| group["type"] == "direct"));
    assert_eq!(client.get(&format!("/Groups/{}", outer.id())).body, outer.body);
}

#[test]
fn a_replace_sets_the_members() {
    let client = Client::new();
    let (ada, bob) = (client.user("ada").id(), client.user("bob").id());
    let path = format!("/Groups/{}", client.post("/Groups", &group("all", &[&ada])).id());
    assert_eq!(ids(&client.put(&path, &group("all", &[&bob])).body, "members"), [bob.as_str()]);
    assert_eq!(ids(&client.get(&path).body, "members"), [bob.as_str()]);
    assert!(ids(&client.get(&format!("/Users/{ada}")).body, "groups").is_empty());
    client.put(&path, &json!({ "schemas": [GROUP], "displayName": "all" }));
    assert!(client.get(&path).body.get("members").is_none());
}

#[test]
fn somebody_who_does_not_exist_cannot_be_a_member() {
    let client = Client::new();
    let ada = client.user("ada").id();
    let seen = client.post("/Groups", &group("all", &[&ada, "nobody"]));
    assert_eq!(seen.error(), (400, "invalidValue"));
    assert_eq!(client.get("/Groups").body["totalResults"], 0);
    let path = format!("/Groups/{}", client.post("/Groups", &group("all", &[&ada])).id());
    assert_eq!(client.put(&path, &group("all", &["nobody"])).error(), (400, "invalidValue"));
    assert_eq!(ids(&client.get(&path).body, "members"), [ada]);
}

#[test]
fn a_deleted_user_leaves_its_groups_and_changes_their_version() {
    let client = Client::new();
    let ada = client.user("ada").id();
    let before = client.post("/Groups", &group("all", &[&ada]));
    client.delete(&format!("/Users/{ada}"));
    let after = client.get(&format!("/Groups/{}", before.id()));
    assert!(after.body.get("members").is_none());
    assert_ne!(after.header("etag"), before.header("etag"));
}

#[test]
fn a_deleted_group_leaves_its_members() {
    let client = Client::new();
    let ada = client.user("ada");
    let path = format!("/Groups/{}", client.post("/Groups", &group("all", &[&ada.id()])).id());
    assert_eq!(client.delete(&path).status, 204);
    assert_eq!(client.get(&format!("/Users/{}", ada.id())).body, ada.body);
}

#[test]
fn a_membership_changes_what_is_shown_of_the_user_and_nothing_of_his_own() {
    let client = Client::new();
    let ada = client.user("ada");
    client.post("/Groups", &group("all", &[&ada.id()]));
    let shown = client.get(&format!("/Users/{}", ada.id()));
    let own = ada.header("etag").unwrap().trim_end_matches('"');
    assert!(shown.header("etag").unwrap().starts_with(&format!("{own}-")), "{:?}", shown.header("etag"));
    assert_eq!(shown.body["meta"]["lastModified"], ada.body["meta"]["lastModified"]);
}

#[test]
fn groups_need_a_name_but_not_one_of_their_own() {
    let client = Client::new();
    assert_eq!(client.post("/Groups", &json!({ "schemas": [GROUP] })).error(), (400, "invalidValue"));
    assert_eq!(client.post("/Groups", &user("x")).error(), (400, "invalidValue"));
    assert_eq!(client.post("/Groups", &group("same", &[])).status, 201);
    assert_eq!(client.post("/Groups", &group("same", &[])).status, 201);
}

/// A list of nobody is no order to let everybody go, and neither is null.
#[test]
fn a_remove_that_names_nobody_removes_nobody() {
    let client = Client::new();
    let (ada, bob) = (client.user("ada").id(), client.user("bob").id());
    let path = format!("/Groups/{}", client.post("/Groups", &group("all", &[&ada, &bob])).id());
    let remove = |more: Value| {
        let mut operation = json!({ "op": "Remove", "path": "members" });
        operation.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let body = crate::patch::message(&json!([operation])).to_string();
        client.with("PATCH", &path, &[], body.as_bytes())
    };
    assert_eq!(remove(json!({ "value": null })).error(), (400, "invalidValue"));
    assert!(remove(json!({ "value": [] })).status < 300);
    assert_eq!(ids(&client.get(&path).body, "members").len(), 2);
    assert!(remove(json!({})).status < 300);
    assert!(client.get(&path).body.get("members").is_none());
}
