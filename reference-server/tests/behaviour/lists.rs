use serde_json::Value;

use crate::support::Client;

fn of(count: usize) -> Client {
    let client = Client::new();
    for number in 0..count {
        client.user(&format!("user-{number}"));
    }
    client
}

fn names(body: &Value) -> Vec<&str> {
    body["Resources"].as_array().unwrap().iter().map(|user| user["userName"].as_str().unwrap()).collect()
}

#[test]
fn a_list_counts_the_whole_and_shows_a_page() {
    let client = of(3);
    let cases = [
        ("", 1, vec!["user-0", "user-1", "user-2"]),
        ("?count=2", 1, vec!["user-0", "user-1"]),
        ("?startIndex=3&count=2", 3, vec!["user-2"]),
        ("?startIndex=9", 9_u64, vec![]),
        ("?count=0", 1, vec![]),
        ("?count=-1", 1, vec![]),
        ("?startIndex=-5&count=1", 1, vec!["user-0"]),
        ("?startIndex=9007199254740991&count=99999999999999999999999", 9_007_199_254_740_991, vec![]),
        ("?unknown=1&sortOrder=descending", 1, vec!["user-0", "user-1", "user-2"]),
    ];
    for (query, start, shown) in cases {
        let seen = client.get(&format!("/Users{query}"));
        assert_eq!(seen.status, 200, "{query}");
        assert_eq!(names(&seen.body), shown, "{query}");
        assert_eq!(seen.body["totalResults"], 3, "{query}");
        assert_eq!(seen.body["startIndex"], start, "{query}");
        assert_eq!(seen.body["itemsPerPage"], shown.len(), "{query}");
    }
}

#[test]
fn a_page_has_a_limit() {
    let client = of(205);
    assert_eq!(names(&client.get("/Users?count=1000").body).len(), 200);
    assert_eq!(names(&client.get("/Users").body).len(), 100);
}

#[test]
fn numbers_that_are_none_are_refused() {
    let client = of(0);
    for query in [
        "count=ten",
        "startIndex=",
        "count=1.5",
        "startIndex=1e3",
        "count=-",
        "startIndex=99999999999999999999",
    ] {
        assert_eq!(client.get(&format!("/Users?{query}")).error(), (400, "invalidValue"), "{query}");
    }
}

#[test]
fn a_parameter_that_is_there_twice_is_refused() {
    let client = of(2);
    let filter = "filter=userName%20eq%20%22user-0%22";
    let cases = [
        (format!("{filter}&filter=userName%20pr"), "invalidFilter"),
        (format!("{filter}&{filter}"), "invalidFilter"),
        (format!("{filter}&count=1&count=2"), "invalidValue"),
        ("attributes=userName&attributes=title".to_owned(), "invalidValue"),
        ("startIndex=1&startIndex=2".to_owned(), "invalidValue"),
    ];
    for (query, scim_type) in cases {
        assert_eq!(client.get(&format!("/Users?{query}")).error(), (400, scim_type), "{query}");
    }
    assert_eq!(client.get("/Users?other=1&other=2").status, 200);
    // A request that is refused has changed nothing.
    let path = format!("/Users/{}?attributes=id&attributes=meta", client.user("ada").id());
    assert_eq!(client.delete(&path).error(), (400, "invalidValue"));
    assert_eq!(client.get("/Users").body["totalResults"], 3);
}

#[test]
fn lists_are_projected_like_single_resources() {
    let client = of(2);
    let body = client.get("/Users?attributes=userName").body;
    for user in body["Resources"].as_array().unwrap() {
        let keys: Vec<&String> = user.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["schemas", "id", "userName"]);
    }
    assert!(client.get("/Users?excludedAttributes=meta").body["Resources"][0].get("meta").is_none());
}

#[test]
fn a_deleted_resource_leaves_no_gap() {
    let client = of(3);
    let second =
        client.get("/Users?startIndex=2&count=1").body["Resources"][0]["id"].as_str().unwrap().to_owned();
    client.delete(&format!("/Users/{second}"));
    assert_eq!(names(&client.get("/Users?startIndex=2").body), ["user-2"]);
}
