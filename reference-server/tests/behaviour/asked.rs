//! What clients ask by PATCH and by filter: one of every form, well-formed or not.

use serde_json::{Value, json};

use crate::support::{ENTERPRISE, USER};

/// Somebody with an attribute of every form.
pub(crate) fn person(name: &str) -> Value {
    json!({
        "schemas": [USER, ENTERPRISE], "userName": name, "displayName": "Before", "userType": "Nick",
        "name": { "givenName": "Ada", "familyName": "Lovelace" },
        "emails": [
            { "value": "work@example.com", "type": "work", "primary": true },
            { "value": "home@example.com", "type": "home" },
        ],
        ENTERPRISE: { "department": "Engines", "costCenter": "7" },
    })
}

/// The operations of one PATCH each.
pub(crate) fn patches() -> Vec<Value> {
    let core = format!("{USER}:title");
    let core_type = format!("{USER}:userType");
    let core_name = format!("{USER}:displayName");
    let number = format!("{ENTERPRISE}:employeeNumber");
    let department = format!("{ENTERPRISE}:department");
    let work = r#"emails[type eq "work"].value"#;
    let other = json!([{ "value": "other@example.com", "type": "other", "primary": true }]);
    vec![
        json!([{ "op": "add", "path": "title", "value": "x" }]),
        json!([{ "op": "add", "path": "displayName", "value": "x" }]),
        json!([{ "op": "add", "path": "name.middleName", "value": "x" }]),
        json!([{ "op": "add", "path": "emails", "value": other }]),
        json!([{ "op": "add", "path": "emails", "value": [{ "value": "home@example.com", "type": "home" }] }]),
        json!([{ "op": "add", "path": work, "value": "x@example.com" }]),
        json!([{ "op": "add", "path": ENTERPRISE, "value": { "division": "x" } }]),
        json!([{ "op": "add", "path": number, "value": "x" }]),
        json!([{ "op": "add", "value": { "title": "x" } }]),
        json!([{ "op": "add", "path": core, "value": "x" }]),
        json!([{ "op": "add", "path": "name", "value": { "givenName": "x" } }]),
        json!([{ "op": "replace", "path": "displayName", "value": "x" }]),
        json!([{ "op": "replace", "path": "title", "value": "x" }]),
        json!([{ "op": "replace", "path": "name.givenName", "value": "x" }]),
        json!([{ "op": "replace", "path": "emails", "value": other }]),
        json!([{ "op": "replace", "path": r#"emails[type eq "work"]"#, "value": { "value": "x@example.com" } }]),
        json!([{ "op": "replace", "path": work, "value": "x@example.com" }]),
        json!([{ "op": "replace", "path": r#"emails[value ew "@example.com"].display"#, "value": "x" }]),
        json!([{ "op": "replace", "path": ENTERPRISE, "value": { "department": "x" } }]),
        json!([{ "op": "replace", "path": department, "value": "x" }]),
        json!([{ "op": "replace", "value": { "displayName": "x" } }]),
        json!([{ "op": "replace", "path": core_name, "value": "x" }]),
        json!([{ "op": "replace", "path": "name", "value": { "givenName": "x" } }]),
        json!([{ "op": "remove", "path": "userType" }]),
        json!([{ "op": "remove", "path": "name.givenName" }]),
        json!([{ "op": "remove", "path": "emails" }]),
        json!([{ "op": "remove", "path": r#"emails[type eq "home"]"# }]),
        json!([{ "op": "remove", "path": r#"emails[type eq "home" and value ew "@example.com"]"# }]),
        json!([{ "op": "remove", "path": r#"emails[value eq "home@example.com"].type"# }]),
        json!([{ "op": "remove", "path": ENTERPRISE }]),
        json!([{ "op": "remove", "path": department }]),
        json!([{ "op": "remove", "path": core_type }]),
        json!([{ "op": "remove", "path": "name" }]),
        json!([{ "op": "replace", "path": "displayName", "value": "y" }, { "op": "replace", "path": "displayName", "value": "z" }]),
        json!([{ "op": "replace", "path": "displayName", "value": "y" }, { "op": "remove", "path": "userName" }]),
        json!([{ "op": "remove" }]),
        json!([{ "op": "replace", "path": r#"emails[type eq "none"].value"#, "value": "x" }]),
        json!([{ "op": "remove", "path": "userName" }]),
        json!([{ "op": "replace", "path": "userName", "value": "taken" }]),
        json!([{ "op": "replace", "path": "id", "value": "x" }]),
        json!([{ "op": "replace", "path": "meta.created", "value": "x" }]),
        json!([{ "op": "replace", "path": "displayName", "value": {} }]),
        json!([{ "op": "replace", "path": "emails[", "value": "x" }]),
        json!([{ "op": "replace", "path": "emails[0].value", "value": "x" }]),
        json!([{ "op": "move", "path": "displayName", "value": "x" }]),
        json!([{ "path": "displayName", "value": "x" }]),
        Value::Null,
    ]
}

/// Three people whom the filters tell apart.
pub(crate) fn cast() -> Vec<Value> {
    vec![
        json!({
            "schemas": [USER], "userName": "scimproof-1", "displayName": "t Ada", "nickName": "a", "userType": "t \"Q\"", "title": "t Engineer",
            "active": true, "externalId": "Ext-t-A", "name": { "givenName": "t Augusta", "familyName": "L" },
            "emails": [
                { "value": "ada-t@example.com", "type": "work", "primary": true },
                { "value": "ada-t@example.org", "type": "home" },
            ],
        }),
        json!({
            "schemas": [USER], "userName": "scimproof-2", "displayName": "t Grace", "nickName": "B", "name": { "givenName": "t Aaron" }, "active": false, "externalId": "Ext-t-G",
            "emails": [
                { "value": "a@example.org", "type": "home" },
                { "value": "grace-t@example.org", "type": "work", "primary": true },
            ],
        }),
        json!({
            "schemas": [USER], "userName": "scimproof-3", "displayName": "t Alan", "title": "t Doctor", "active": true,
        }),
    ]
}

/// One filter of every kind.
pub(crate) const FILTERS: &[&str] = &[
    r#"userName eq "scimproof-1""#,
    r#"userName eq "nobody""#,
    r#"displayName ne "t Ada" and displayName sw "t ""#,
    r#"displayName co "t Gra""#,
    r#"displayName sw "t A""#,
    r#"displayName sw "t Ada""#,
    r#"emails.value ew "-t@example.com""#,
    r#"title pr and displayName sw "t ""#,
    r#"emails pr and displayName sw "t ""#,
    r#"displayName gt "t Alan" and displayName sw "t ""#,
    r#"displayName ge "t Alan" and displayName sw "t ""#,
    r#"displayName lt "t Alan" and displayName sw "t ""#,
    r#"displayName le "t Alan" and displayName sw "t ""#,
    r#"active eq false and displayName sw "t ""#,
    r#"externalId eq "Ext-t-A""#,
    r#"userName eq "SCIMPROOF-1""#,
    r#"externalId eq "EXT-t-A""#,
    r#"name.givenName eq "t Augusta""#,
    r#"emails.value eq "ada-t@example.org""#,
    r#"meta.created gt "2001-01-01T00:00:00+14:00" and displayName sw "t ""#,
    r#"meta.created lt "2001-01-01T00:00:00Z" and displayName sw "t ""#,
    r#"meta.created gt "2026-01-02T16:04:05+14:00" and displayName sw "t ""#,
    r#"userType eq "t \"Q\"""#,
    r#"active eq true and displayName eq "t Ada""#,
    r#"displayName eq "t Ada" or displayName eq "t Grace""#,
    r#"displayName sw "t " and not (displayName eq "t Ada")"#,
    r#"displayName eq "t Ada" or displayName eq "t Alan" and active eq false"#,
    r#"not (active eq true) and displayName eq "t Ada""#,
    r#"(displayName eq "t Ada" or displayName eq "t Alan") and active eq false"#,
    r#"displayName sw "t " and ((active eq false) or (title pr and not (title ew "Doctor")))"#,
    r#"emails[type eq "work" and value eq "ada-t@example.org"]"#,
    r#"USERNAME eq "scimproof-1""#,
    r#"userName Eq "scimproof-1""#,
    r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "scimproof-1""#,
    r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:User" and userName eq "scimproof-1""#,
    "userName",
    "userName eq",
    r#"(userName eq "scimproof-1""#,
    "userName eq 'scimproof-1'",
    r#"userName regex "scimproof-1""#,
    "active gt false",
    "active ge false",
    "active lt true",
    "active le true",
];

/// One order of every kind, for the people of the cast.
pub(crate) const ORDERS: &[&str] = &[
    "sortBy=displayName",
    "sortBy=displayName&sortOrder=descending",
    "sortBy=displayName&count=2",
    "sortBy=name.givenName",
    "sortBy=nickName",
    "sortBy=title",
    "sortBy=emails.value",
    "sortBy=meta.created&sortOrder=descending",
    "sortBy=urn:ietf:params:scim:schemas:core:2.0:User:displayName",
    "startIndex=9&count=2",
];

/// One projection of every kind.
pub(crate) const PROJECTIONS: &[&str] = &[
    "attributes=displayName",
    "excludedAttributes=nickName",
    "attributes=displayName,nickName",
    "attributes=DISPLAYNAME",
    "attributes=name.givenName",
    "excludedAttributes=name.givenName",
    "attributes=urn:ietf:params:scim:schemas:core:2.0:User:displayName",
    "attributes=displayName&excludedAttributes=nickName",
];

/// Searches by POST that ask for everything that can be asked for.
pub(crate) fn searches() -> Vec<Value> {
    let search = |more: Value| {
        let mut body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            "filter": "displayName sw \"t \"",
        });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        body
    };
    vec![
        search(json!({})),
        search(json!({ "attributes": ["displayName"] })),
        search(json!({ "excludedAttributes": ["id", "displayName"] })),
        search(json!({ "sortBy": "displayName", "sortOrder": "descending" })),
        search(json!({ "startIndex": 2, "count": 1 })),
        search(json!({ "filter": "userName" })),
        search(json!({ "filter": "displayName pr" })),
    ]
}
