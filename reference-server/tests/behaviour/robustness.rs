use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Client, ENTERPRISE, GROUP, USER, group, service_with, user};

#[test]
fn of_many_creates_of_one_name_one_succeeds() {
    let service = service_with(None);
    let created = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (client, created) = (Client::of(service.clone()), Arc::clone(&created));
            std::thread::spawn(move || {
                for number in 0..50 {
                    match client.post("/Users", &user(&format!("user-{number}"))).status {
                        201 => created.fetch_add(1, Ordering::Relaxed),
                        status => usize::from(status != 409) * 1_000_000,
                    };
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(created.load(Ordering::Relaxed), 50);
    assert_eq!(Client::of(service).get("/Users?count=0").body["totalResults"], 50);
}

#[test]
fn writers_of_one_group_lose_nothing_that_they_were_told_is_kept() {
    let service = service_with(None);
    let client = Client::of(service.clone());
    let members: Vec<String> = (0..4).map(|number| client.user(&format!("user-{number}")).id()).collect();
    let path = format!("/Groups/{}", client.post("/Groups", &group("all", &[])).id());
    let threads: Vec<_> = members
        .iter()
        .map(|member| {
            let (client, path, member) = (Client::of(service.clone()), path.clone(), member.clone());
            std::thread::spawn(move || {
                // Everybody adds one member to what they last saw, and tries again where somebody was faster.
                loop {
                    let seen = client.get(&path);
                    let mut body = seen.body.clone();
                    let mut all = body["members"].as_array().cloned().unwrap_or_default();
                    all.push(json!({ "value": member }));
                    body["members"] = Value::Array(all);
                    let tag = seen.header("etag").unwrap();
                    let put = client.with("PUT", &path, &[("if-match", tag)], body.to_string().as_bytes());
                    if put.status == 200 {
                        break;
                    }
                    assert_eq!(put.status, 412);
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(client.get(&path).body["members"].as_array().unwrap().len(), members.len());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        Just(json!(USER)),
        Just(json!(ENTERPRISE)),
    ];
    let name = prop_oneof![
        Just("schemas".to_owned()),
        Just("userName".to_owned()),
        Just("name".to_owned()),
        Just("emails".to_owned()),
        Just("members".to_owned()),
        Just("value".to_owned()),
        Just("displayName".to_owned()),
        Just("manager".to_owned()),
        Just("active".to_owned()),
        Just("x509Certificates".to_owned()),
        Just(ENTERPRISE.to_owned()),
        ".{0,4}",
    ];
    leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn never_a_server_error(client: &Client, method: &str, path: &str, body: &[u8]) -> Result<(), TestCaseError> {
    let seen = client.with(method, path, &[], body);
    prop_assert!(seen.status < 500 || seen.status == 501, "{} {}: {}", method, path, seen.body);
    prop_assert!(seen.response.body().is_empty() || seen.body.is_object());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_body_is_too_strange(body in any_json(), base in prop_oneof![Just(USER), Just(GROUP)]) {
        let client = Client::new();
        let id = client.user("ada").id();
        let mut dressed = body.clone();
        if let Some(object) = dressed.as_object_mut() {
            object.insert("schemas".to_owned(), json!([base]));
        }
        for body in [body, dressed] {
            let item = format!("/Users/{id}");
            for (method, path) in [("POST", "/Users"), ("POST", "/Groups"), ("PUT", item.as_str())] {
                never_a_server_error(&client, method, path, body.to_string().as_bytes())?;
            }
        }
    }

    #[test]
    fn no_bytes_and_no_path_are_too_strange(
        bytes in proptest::collection::vec(any::<u8>(), 0..64),
        path in "(/[A-Za-z0-9%.:]{0,12}){0,4}(\\?[a-zA-Z0-9=&%+,.:-]{0,24})?",
    ) {
        let client = Client::new();
        for method in ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"] {
            never_a_server_error(&client, method, &path, &bytes)?;
        }
    }

    #[test]
    fn no_query_is_too_strange(
        query in "(attributes|excludedAttributes|startIndex|count)=[a-zA-Z0-9%.,:-]{0,24}",
    ) {
        let client = Client::new();
        client.user("ada");
        never_a_server_error(&client, "GET", &format!("/Users?{query}"), b"")?;
    }
}
