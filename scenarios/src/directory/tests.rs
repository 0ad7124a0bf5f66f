use std::sync::Arc;

use super::*;

fn directory() -> Directory {
    let mut directory = Directory::new(Scope::Assigned);
    for (id, principal) in [("ada", "ada@example.com"), ("bo", "bo@example.com"), ("cy", "cy@example.com")] {
        directory.add_user(NewUser::new(id, principal)).unwrap();
    }
    directory.add_group(NewGroup::new("sales", "Sales")).unwrap();
    directory
}

fn role() -> AppRole {
    AppRole::named("User")
}

fn text(directory: &Directory, id: &str, name: &str) -> Option<String> {
    match directory.view(id).unwrap().get(name)?.into_owned() {
        AttributeValue::Text(text) => Some(text.into_string()),
        other => panic!("{other:?}"),
    }
}

/// The users that changed since, by id.
fn changed(directory: &Directory, since: Watermark) -> Vec<String> {
    directory.changes_since(since).users.iter().map(|change| change.id.to_string()).collect()
}

fn ids(list: &[Arc<str>]) -> Vec<&str> {
    list.iter().map(|id| &**id).collect()
}

#[test]
fn what_is_set_is_read() {
    let mut directory = directory();
    directory.set("ada", "city", Some("Oslo".into())).unwrap();
    directory.set("ada", "extensionAttribute1", Some("1990-04-01".into())).unwrap();
    assert_eq!(text(&directory, "ada", "city").as_deref(), Some("Oslo"));
    assert_eq!(text(&directory, "ada", "extensionAttribute1").as_deref(), Some("1990-04-01"));
    assert_eq!(text(&directory, "ada", "objectId").as_deref(), Some("ada"));
    directory.set("ada", "city", Some("".into())).unwrap();
    assert_eq!(text(&directory, "ada", "city"), None);
}

#[test]
fn a_guest_is_read_by_the_address_of_the_invitation() {
    let mut directory = Directory::new(Scope::All);
    let principal = "ada_l_example.com#EXT#@contoso.example";
    directory.add_user(NewUser::new("ada", principal)).unwrap();
    assert_eq!(text(&directory, "ada", "userPrincipalName").as_deref(), Some("ada_l@example.com"));
    assert_eq!(text(&directory, "ada", "originalUserPrincipalName").as_deref(), Some(principal));
}

#[test]
fn errors_name_what_they_are_about() {
    let mut directory = directory();
    let said = |error: DirectoryError| error.to_string();
    assert_eq!(
        said(directory.set("zoe", "city", None).unwrap_err()),
        "no object of the directory has the id \"zoe\""
    );
    assert_eq!(
        said(directory.set("ada", "jobtitle", None).unwrap_err()),
        "the directory has no attribute \"jobtitle\"; did you mean jobTitle?"
    );
    assert_eq!(
        said(directory.set("ada", "Manager", None).unwrap_err()),
        "the directory has no attribute \"Manager\"; manager is a reference and has calls of its own"
    );
    assert_eq!(
        said(directory.set("ada", "objectID", None).unwrap_err()),
        "the directory has no attribute \"objectID\"; objectId is worked out by the directory and cannot be set"
    );
    assert_eq!(
        said(directory.add_user(NewUser::new("ada2", "ADA@example.com")).unwrap_err()),
        "another user has the userPrincipalName \"ADA@example.com\""
    );
    assert_eq!(
        said(directory.add_user(NewUser::new("ada", "new@example.com")).unwrap_err()),
        "the id \"ada\" is taken, or was; ids are never used again"
    );
    assert_eq!(
        said(directory.set("ada", "userPrincipalName", None).unwrap_err()),
        "a user needs a userPrincipalName"
    );
    assert_eq!(said(directory.set("sales", "displayName", None).unwrap_err()), "a group needs a displayName");
    assert_eq!(said(directory.set_manager("sales", None).unwrap_err()), "\"sales\" is a group, not a user");
    assert_eq!(
        said(directory.remove_member("sales", "ada").unwrap_err()),
        "\"ada\" is no member of the group \"sales\""
    );
}

#[test]
fn a_refused_change_changes_nothing() {
    let mut directory = directory();
    let known = directory.watermark();
    directory.set("ada", "userPrincipalName", Some("Bo@example.com".into())).unwrap_err();
    directory.add_user(NewUser::new("new", "new@example.com").with("jobtitle", "x")).unwrap_err();
    assert_eq!(directory.user_named("ada@EXAMPLE.com"), Some("ada"));
    assert_eq!(directory.user_named("new@example.com"), None);
    assert_eq!(directory.watermark(), known);
}

#[test]
fn a_rename_frees_the_old_name() {
    let mut directory = directory();
    directory.set("ada", "userPrincipalName", Some("ADA@example.com".into())).unwrap();
    directory.set("ada", "userPrincipalName", Some("berg@example.com".into())).unwrap();
    directory.set("bo", "userPrincipalName", Some("ada@example.com".into())).unwrap();
    assert_eq!(directory.user_named("ada@example.com"), Some("bo"));
    assert_eq!(directory.user_named("Berg@example.com"), Some("ada"));
}

#[test]
fn the_scope_is_who_is_assigned_directly_or_by_a_security_group() {
    let mut directory = directory();
    directory.add_member("sales", "bo").unwrap();
    directory.assign("ada", role()).unwrap();
    directory.assign("sales", role()).unwrap();
    let scope =
        |directory: &Directory| ["ada", "bo", "cy", "sales"].map(|id| directory.in_scope(id).unwrap());
    assert_eq!(scope(&directory), [true, true, false, true]);
    directory.set_security_enabled("sales", false).unwrap();
    assert_eq!(scope(&directory), [true, false, false, true]);
    directory.set_scope(Scope::All);
    assert_eq!(scope(&directory), [true; 4]);
}

#[test]
fn groups_within_groups_bring_nobody_into_scope() {
    let mut directory = directory();
    directory.add_group(NewGroup::new("all", "All")).unwrap();
    directory.add_member("all", "sales").unwrap();
    directory.add_member("sales", "ada").unwrap();
    directory.assign("all", role()).unwrap();
    assert!(!directory.in_scope("ada").unwrap());
    assert!(!directory.in_scope("sales").unwrap());
}

#[test]
fn a_role_of_the_application_counts_more_than_default_access() {
    let mut directory = directory();
    directory.assign("ada", AppRole::DefaultAccess).unwrap();
    assert_eq!(directory.entitlement("ada").unwrap(), Entitlement::DefaultAccess);
    directory.add_member("sales", "ada").unwrap();
    directory.assign("sales", role()).unwrap();
    assert_eq!(directory.entitlement("ada").unwrap(), Entitlement::Role);
    assert_eq!(directory.entitlement("bo").unwrap(), Entitlement::None);
    directory.assign("bo", AppRole::DefaultAccess).unwrap();
    assert!(directory.in_scope("bo").unwrap());
    directory.set_default_access(DefaultAccess::Excluded);
    assert!(!directory.in_scope("bo").unwrap());
    assert!(directory.is_soft_deleted("bo").unwrap());
    assert!(directory.in_scope("ada").unwrap());
}

#[test]
fn is_soft_deleted_is_true_for_each_of_its_reasons() {
    let mut directory = directory();
    directory.assign("ada", role()).unwrap();
    let read = |directory: &Directory| {
        let view = directory.view("ada").unwrap();
        view.get("IsSoftDeleted").unwrap().into_owned() == AttributeValue::Boolean(true)
    };
    assert!(!read(&directory));
    directory.set_enabled("ada", false).unwrap();
    assert!(read(&directory));
    directory.set_enabled("ada", true).unwrap();
    assert!(!read(&directory));
    directory.soft_delete("ada", 0).unwrap();
    assert!(read(&directory));
    directory.restore("ada").unwrap();
    assert!(!read(&directory));
    directory.unassign("ada").unwrap();
    assert!(read(&directory));
}

#[test]
fn each_object_is_told_once_and_by_its_last_change() {
    let mut directory = directory();
    let known = directory.watermark();
    assert_eq!(directory.changes_since(known), Changes { until: known, ..Changes::default() });
    directory.set("ada", "city", Some("Oslo".into())).unwrap();
    directory.set("bo", "city", Some("Oslo".into())).unwrap();
    directory.set("ada", "city", Some("Bergen".into())).unwrap();
    assert_eq!(changed(&directory, known), ["bo", "ada"]);
}

#[test]
fn what_stays_as_it_is_is_not_told() {
    let mut directory = directory();
    directory.set("ada", "city", Some("Oslo".into())).unwrap();
    directory.set_manager("ada", Some("bo")).unwrap();
    directory.add_member("sales", "ada").unwrap();
    directory.assign("ada", role()).unwrap();
    let known = directory.watermark();
    directory.set("ada", "city", Some("Oslo".into())).unwrap();
    directory.set("ada", "state", None).unwrap();
    directory.set_manager("ada", Some("bo")).unwrap();
    directory.add_member("sales", "ada").unwrap();
    directory.assign("ada", role()).unwrap();
    directory.set_enabled("ada", true).unwrap();
    assert_eq!(directory.watermark(), known);
}

#[test]
fn a_change_of_manager_is_told_as_such() {
    let mut directory = directory();
    let known = directory.watermark();
    directory.set_manager("ada", Some("bo")).unwrap();
    directory.set("cy", "city", Some("Oslo".into())).unwrap();
    let changes = directory.changes_since(known);
    let told: Vec<_> = changes.users.iter().map(|change| (&*change.id, change.manager)).collect();
    assert_eq!(told, [("ada", true), ("cy", false)]);
    directory.set("ada", "city", Some("Oslo".into())).unwrap();
    assert!(!directory.changes_since(changes.until).users[0].manager);
    assert_eq!(directory.manager("ada").unwrap(), Some("bo"));
}

#[test]
fn one_new_member_of_many_is_told_as_one() {
    let mut directory = directory();
    for number in 0..1_000 {
        let id = format!("u{number}");
        directory.add_user(NewUser::new(&id, format!("{id}@example.com"))).unwrap();
        directory.add_member("sales", &id).unwrap();
    }
    let known = directory.watermark();
    directory.add_member("sales", "ada").unwrap();
    directory.remove_member("sales", "u7").unwrap();
    let changes = directory.changes_since(known);
    assert_eq!(changes.users, []);
    let [group] = &changes.groups[..] else { panic!("{changes:?}") };
    assert_eq!((&*group.id, group.changed), ("sales", Changed::Members));
    assert_eq!((ids(&group.added), ids(&group.removed)), (vec!["ada"], vec!["u7"]));
    assert_eq!(directory.size("sales").unwrap(), 1_000);
}

#[test]
fn a_member_who_leaves_and_comes_back_is_told_as_a_member() {
    let mut directory = directory();
    directory.add_member("sales", "ada").unwrap();
    let known = directory.watermark();
    directory.remove_member("sales", "ada").unwrap();
    directory.add_member("sales", "ada").unwrap();
    let changes = directory.changes_since(known);
    assert_eq!(ids(&changes.groups[0].added), ["ada"]);
    assert_eq!(ids(&changes.groups[0].removed), [""; 0]);
}

#[test]
fn who_comes_into_scope_or_leaves_it_by_a_group_is_told() {
    let mut directory = directory();
    directory.add_member("sales", "ada").unwrap();
    directory.add_member("sales", "bo").unwrap();
    let mut known = directory.watermark();
    let mut told = |directory: &Directory| {
        let told = changed(directory, known);
        known = directory.watermark();
        told
    };
    directory.assign("sales", role()).unwrap();
    assert_eq!(told(&directory), ["ada", "bo"]);
    directory.add_member("sales", "cy").unwrap();
    assert_eq!(told(&directory), ["cy"]);
    directory.remove_member("sales", "ada").unwrap();
    assert_eq!(told(&directory), ["ada"]);
    directory.set_security_enabled("sales", false).unwrap();
    assert_eq!(told(&directory), ["bo", "cy"]);
    directory.set_security_enabled("sales", true).unwrap();
    assert_eq!(told(&directory), ["bo", "cy"]);
    directory.delete_group("sales").unwrap();
    assert_eq!(told(&directory), ["bo", "cy"]);
    assert!(!directory.in_scope("bo").unwrap());
}

#[test]
fn what_is_deleted_for_good_leaves_a_tombstone_and_nothing_that_points_to_it() {
    let mut directory = directory();
    directory.set("bo", "displayName", Some("Bo Ek".into())).unwrap();
    directory.set_manager("ada", Some("bo")).unwrap();
    directory.set_manager("bo", Some("cy")).unwrap();
    directory.add_member("sales", "bo").unwrap();
    let known = directory.watermark();
    directory.hard_delete("bo").unwrap();
    let changes = directory.changes_since(known);
    let told: Vec<_> = changes.users.iter().map(|change| (&*change.id, change.changed)).collect();
    assert_eq!(told, [("ada", Changed::Altered), ("bo", Changed::Deleted)]);
    assert!(changes.users[0].manager);
    assert_eq!(ids(&changes.groups[0].removed), ["bo"]);
    assert_eq!(directory.manager("ada").unwrap(), None);
    assert_eq!(directory.kind("bo"), Some(Kind::User));
    assert_eq!(directory.name("bo").unwrap(), "Bo Ek");
    assert_eq!(directory.in_scope("bo").unwrap_err(), DirectoryError::Unknown("bo".to_owned()));
    directory.add_user(NewUser::new("bo2", "bo@example.com")).unwrap();
}

#[test]
fn the_bin_keeps_what_a_restored_user_had() {
    let mut directory = directory();
    directory.add_member("sales", "ada").unwrap();
    directory.assign("sales", role()).unwrap();
    directory.set_manager("ada", Some("bo")).unwrap();
    directory.soft_delete("ada", 5).unwrap();
    assert_eq!(
        directory.set("ada", "city", Some("Oslo".into())).unwrap_err().to_string(),
        "\"ada\" is soft-deleted; restore it first"
    );
    assert_eq!(directory.user_named("ada@example.com"), None);
    let known = directory.watermark();
    directory.restore("ada").unwrap();
    assert_eq!(changed(&directory, known), ["ada"]);
    assert!(directory.changes_since(known).groups.is_empty());
    assert_eq!(directory.manager("ada").unwrap(), Some("bo"));
    assert!(directory.is_member("sales", "ada").unwrap());
    assert!(directory.in_scope("ada").unwrap());
}

#[test]
fn nobody_is_restored_whose_name_was_taken_meanwhile() {
    let mut directory = directory();
    directory.soft_delete("ada", 0).unwrap();
    directory.set("bo", "userPrincipalName", Some("ada@example.com".into())).unwrap();
    assert_eq!(
        directory.restore("ada").unwrap_err(),
        DirectoryError::DuplicateUserPrincipalName("ada@example.com".to_owned())
    );
    directory.hard_delete("ada").unwrap();
    assert_eq!(directory.user_named("ada@example.com"), Some("bo"));
}

#[test]
fn the_bin_is_emptied_after_thirty_days() {
    let mut directory = directory();
    directory.soft_delete("ada", 0).unwrap();
    directory.soft_delete("bo", 1).unwrap();
    directory.empty_bin(BIN_MS - 1);
    assert!(directory.is_in_bin("ada").unwrap());
    directory.empty_bin(BIN_MS);
    assert_eq!(directory.view("ada").unwrap_err(), DirectoryError::Unknown("ada".to_owned()));
    assert!(directory.is_in_bin("bo").unwrap());
    assert_eq!(directory.users().collect::<Vec<_>>(), ["bo", "cy"]);
}

#[test]
fn the_first_watermark_tells_everything() {
    let mut directory = directory();
    directory.add_member("sales", "ada").unwrap();
    let changes = directory.changes_since(Watermark::START);
    assert_eq!(changes.users.len(), 3);
    assert_eq!(changes.groups.len(), 1);
    assert_eq!(changes.groups[0].changed, Changed::Altered);
    assert_eq!(ids(&changes.groups[0].added), ["ada"]);
    assert_eq!(changes.until, directory.watermark());
}
