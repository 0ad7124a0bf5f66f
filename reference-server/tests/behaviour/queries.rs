//! Filters, orders and searches over the wire, RFC 7644 §3.4.2 and §3.4.3.

use serde_json::{Value, json};

use crate::support::{Client, ENTERPRISE, USER, but, group, user};

const SEARCH: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

fn client() -> Client {
    let client = Client::new();
    for (name, more) in [
        (
            "ada",
            json!({ "externalId": "X", "displayName": "Same", "active": true, "emails": [{ "value": "a@x", "type": "work" }] }),
        ),
        ("bob", json!({ "displayName": "same", "active": false, "title": "b" })),
        ("cleo", json!({ "title": "A", "schemas": [USER, ENTERPRISE], ENTERPRISE: { "department": "R&D" } })),
    ] {
        client.post("/Users", &but(user(name), more));
    }
    client
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn names(body: &Value) -> Vec<&str> {
    let name =
        |user: &'_ Value| user.get("userName").or(user.get("displayName")).unwrap().as_str().map(str::len);
    assert!(body["Resources"].as_array().unwrap().iter().all(|user| name(user).is_some()));
    body["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user.get("userName").or(user.get("displayName")).unwrap().as_str().unwrap())
        .collect()
}

fn found(client: &Client, filter: &str) -> Vec<String> {
    let seen = client.get(&format!("/Users?filter={}", encoded(filter)));
    assert_eq!(seen.status, 200, "{filter}: {}", seen.body);
    assert_eq!(seen.body["totalResults"], names(&seen.body).len(), "{filter}");
    names(&seen.body).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_filter_lists_what_matches_and_nothing_else() {
    let client = client();
    let department = format!("{ENTERPRISE}:department eq \"r&d\"");
    let table: [(&str, &[&str]); 12] = [
        ("userName eq \"ADA\"", &["ada"]),
        ("userName eq \"nobody\"", &[]),
        ("externalId eq \"X\"", &["ada"]),
        ("externalId eq \"x\"", &[]),
        ("displayName eq \"SAME\"", &["ada", "bob"]),
        ("displayName eq \"same\" and active eq false", &["bob"]),
        ("emails[type eq \"work\"].value eq \"a@x\"", &["ada"]),
        ("active eq true or title pr", &["ada", "bob", "cleo"]),
        ("not (active eq true) and title pr", &["bob", "cleo"]),
        (&department, &["cleo"]),
        (
            "meta.resourceType eq \"User\" and meta.created gt \"2011-05-13T04:42:34Z\"",
            &["ada", "bob", "cleo"],
        ),
        ("meta.location ew \"nowhere\"", &[]),
    ];
    for (filter, expected) in table {
        assert_eq!(found(&client, filter), expected, "{filter}");
    }
    let ada = client.get("/Users?count=1").body["Resources"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(found(&client, &format!("id eq \"{ada}\"")), ["ada"]);
    assert_eq!(found(&client, &format!("id eq \"{}\"", ada.to_uppercase())), Vec::<String>::new());
}

#[test]
fn the_index_follows_every_write() {
    let client = client();
    let id = client.get("/Users?filter=userName%20eq%20%22ada%22").body["Resources"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    client.put(&format!("/Users/{id}"), &but(user("ada"), json!({ "externalId": "Y" })));
    assert!(found(&client, "externalId eq \"X\"").is_empty());
    assert_eq!(found(&client, "externalId eq \"Y\""), ["ada"]);
    assert_eq!(found(&client, "displayName eq \"same\""), ["bob"]);
    client.delete(&format!("/Users/{id}"));
    assert!(found(&client, "externalId eq \"Y\"").is_empty());
    assert!(found(&client, "userName eq \"ada\"").is_empty());
}

#[test]
fn groups_are_found_by_name_and_by_member() {
    let client = Client::new();
    let ada = client.user("ada").id();
    let inner = client.post("/Groups", &group("inner", &[&ada])).id();
    client.post("/Groups", &group("outer", &[&inner]));
    for (filter, expected) in [
        ("displayName eq \"INNER\"".to_owned(), vec!["inner"]),
        (format!("members.value eq \"{ada}\""), vec!["inner"]),
        (format!("members[value eq \"{inner}\" and type eq \"Group\"]"), vec!["outer"]),
        ("members.type eq \"User\"".to_owned(), vec!["inner"]),
        ("not (members.type eq \"User\")".to_owned(), vec!["outer"]),
    ] {
        let seen = client.get(&format!("/Groups?excludedAttributes=members&filter={}", encoded(&filter)));
        assert_eq!(names(&seen.body), expected, "{filter}");
        assert!(seen.body["Resources"][0].get("members").is_none());
    }
    let users = client.get("/Users?filter=groups.display%20eq%20%22inner%22").body;
    assert_eq!(names(&users), ["ada"]);
}

#[test]
fn filters_that_cannot_be_are_refused() {
    let client = client();
    for filter in
        ["", "x", "userName like \"a\"", "nosuch eq 1", "active gt true", "name co \"a\"", "password pr"]
    {
        let seen = client.get(&format!("/Users?filter={}", encoded(filter)));
        assert_eq!(seen.error(), (400, "invalidFilter"), "{filter}");
    }
}

#[test]
fn a_page_of_matches_counts_all_of_them() {
    let client = Client::new();
    for number in 0..5 {
        client.post("/Users", &but(user(&format!("user-{number}")), json!({ "active": number % 2 == 0 })));
    }
    let seen = client.get("/Users?filter=active%20eq%20true&startIndex=2&count=1").body;
    assert_eq!(names(&seen), ["user-2"]);
    assert_eq!(
        (&seen["totalResults"], &seen["startIndex"], &seen["itemsPerPage"]),
        (&json!(3), &json!(2), &json!(1))
    );
    assert_eq!(client.get("/Users?filter=active%20eq%20true&count=0").body["totalResults"], 3);
}

#[test]
fn a_scan_goes_on_where_it_took_a_break() {
    let client = Client::new();
    for number in 0..1_100 {
        client.user(&format!("user-{number}"));
    }
    assert_eq!(client.get("/Users?filter=userName%20sw%20%22user-%22&count=0").body["totalResults"], 1_100);
    assert_eq!(found(&client, "userName ew \"-1099\""), ["user-1099"]);
}

#[test]
fn lists_are_sorted_on_request() {
    let client = client();
    for (query, expected) in [
        ("sortBy=title", ["cleo", "bob", "ada"]),
        ("sortBy=title&sortOrder=descending", ["ada", "bob", "cleo"]),
        ("sortBy=userName&sortOrder=descending", ["cleo", "bob", "ada"]),
        ("sortBy=meta.created", ["ada", "bob", "cleo"]),
    ] {
        assert_eq!(names(&client.get(&format!("/Users?{query}")).body), expected, "{query}");
    }
    let page =
        client.get("/Users?sortBy=userName&sortOrder=descending&startIndex=2&count=1&filter=title%20pr").body;
    assert_eq!((names(&page), &page["totalResults"]), (vec!["bob"], &json!(2)));
    for query in ["sortBy=nosuch", "sortBy=name", "sortBy=userName&sortOrder=up"] {
        assert_eq!(client.get(&format!("/Users?{query}")).error(), (400, "invalidValue"), "{query}");
    }
}

#[test]
fn a_search_answers_like_a_list() {
    let client = client();
    let search = |path: &str, more: Value| client.post(path, &but(json!({ "schemas": [SEARCH] }), more));
    let more = json!({ "filter": "title pr", "sortBy": "title", "startIndex": 1, "count": 1, "attributes": ["userName", "title"] });
    let seen = search("/Users/.search", more);
    let listed =
        client.get("/Users?filter=title%20pr&sortBy=title&startIndex=1&count=1&attributes=userName,title");
    assert_eq!((seen.status, &seen.body), (200, &listed.body));
    let excluded = search("/Users/.search", json!({ "excludedAttributes": ["meta", "id"], "filter": null }));
    assert!(
        excluded.body["Resources"][0].get("meta").is_none()
            && excluded.body["Resources"][0].get("id").is_some()
    );
    for body in [
        json!({ "schemas": [] }),
        json!({ "schemas": [SEARCH], "count": "1" }),
        json!({ "schemas": [SEARCH], "attributes": "userName" }),
        json!({ "schemas": [SEARCH], "filter": "x" }),
        json!({ "schemas": [SEARCH], "attributes": ["id"], "excludedAttributes": ["meta"] }),
    ] {
        assert_eq!(client.post("/Users/.search", &body).status, 400, "{body}");
    }
}

/// A whole number is one in a body as well as in an address, however many digits it has.
#[test]
fn a_search_takes_numbers_of_any_length() {
    let client = client();
    for (name, number, status) in [
        ("count", "99999999999999999999999", 200),
        ("startIndex", "-99999999999999999999999", 200),
        ("startIndex", "99999999999999999999999", 400),
        ("count", "1.5", 400),
    ] {
        let body = format!(r#"{{"schemas":["{SEARCH}"],"{name}":{number}}}"#);
        let seen = client.with("POST", "/Users/.search", &[], body.as_bytes());
        assert_eq!(seen.status, status, "{body}");
        let listed = client.get(&format!("/Users?{name}={number}"));
        assert_eq!(listed.status, status, "{body}");
        let told = |seen: &Value| (seen["Resources"].clone(), seen["scimType"].clone());
        assert_eq!(told(&listed.body), told(&seen.body), "{body}");
    }
}

#[test]
fn a_search_at_the_root_goes_through_all_types() {
    let client = client();
    client.post("/Groups", &group("same", &[]));
    let search = |more: Value| client.post("/.search", &but(json!({ "schemas": [SEARCH] }), more));
    assert_eq!(names(&search(json!({})).body), ["ada", "bob", "cleo", "same"]);
    let named = search(json!({ "filter": "displayName eq \"same\"", "excludedAttributes": ["meta"] }));
    assert_eq!(names(&named.body), ["ada", "bob", "same"]);
    // RFC 7644 §3.4.2.1: an attribute that a type does not have has no value.
    assert_eq!(names(&search(json!({ "filter": "active eq true" })).body), ["ada"]);
    assert_eq!(names(&search(json!({ "filter": "meta.resourceType eq \"Group\"" })).body), ["same"]);
    assert_eq!(names(&search(json!({ "filter": "not (userName pr)" })).body), ["same"]);
    assert_eq!(names(&search(json!({ "filter": "nosuch pr" })).body), Vec::<&str>::new());
    let sorted = search(json!({ "sortBy": "userName", "sortOrder": "descending", "count": 2 }));
    assert_eq!((names(&sorted.body), &sorted.body["totalResults"]), (vec!["same", "cleo"], &json!(4)));
}

/// Alternatives that are looked up are listed as if all had been read: in order, and each once.
#[test]
fn alternatives_are_listed_in_the_order_of_creation_and_once() {
    let client = Client::new();
    for name in ["cid", "ada", "bob", "dan"] {
        client.user(name);
    }
    let filter = "userName eq \"bob\" or userName eq \"CID\" or userName eq \"nobody\" or userName eq \"ada\" \
                  or displayName eq \"x\" or userName eq \"Bob\"";
    let page = |more: &str| {
        let path = format!("/Users?filter={}{more}", filter.replace(' ', "%20").replace('"', "%22"));
        let body = client.get(&path).body;
        assert_eq!(body["totalResults"], 3, "{body}");
        let names = body["Resources"].as_array().unwrap().iter().map(|user| user["userName"].clone());
        names.collect::<Vec<_>>()
    };
    assert_eq!(page(""), ["cid", "ada", "bob"]);
    assert_eq!(page("&startIndex=2&count=1"), ["ada"]);
    assert_eq!(page("&sortBy=userName&sortOrder=descending"), ["cid", "bob", "ada"]);
}
