use serde_json::Value;

use crate::support::{Client, ENTERPRISE, GROUP, USER};

#[test]
fn the_configuration_is_readable_without_credentials_and_nothing_else_is() {
    let client = Client::new();
    let anonymous = |path: &str| client.with("GET", path, &[("authorization", "")], b"").status;
    assert_eq!(anonymous("/ServiceProviderConfig"), 200);
    for path in ["/ResourceTypes", "/Schemas", "/Users", "/Nope", "/Users/1"] {
        assert_eq!(anonymous(path), 401, "{path}");
    }
}

#[test]
fn what_is_listed_can_be_fetched_at_its_own_address() {
    let client = Client::new();
    for (list, total) in [("/ResourceTypes", 2), ("/Schemas", 3)] {
        let body = client.get(list).body;
        assert_eq!(body["totalResults"], total);
        for resource in body["Resources"].as_array().unwrap() {
            let location = resource["meta"]["location"].as_str().unwrap();
            let path = location.strip_prefix("http://scim.example.com/scim/v2").unwrap();
            assert_eq!(&client.get(path).body, resource);
        }
    }
}

#[test]
fn resource_types_name_published_schemas() {
    let client = Client::new();
    for uri in [USER, GROUP, ENTERPRISE] {
        assert_eq!(client.get(&format!("/Schemas/{uri}")).body["id"], uri);
        assert_eq!(client.get(&format!("/Schemas/{}", uri.replace(':', "%3A"))).status, 200);
    }
    assert_eq!(client.get("/Schemas/urn:ietf:params:scim:api:messages:2.0:Error").error(), (404, ""));
    assert_eq!(client.get("/ResourceTypes/Robot").error(), (404, ""));
}

#[test]
fn paging_is_ignored_and_filters_are_forbidden() {
    let client = Client::new();
    for path in ["/Schemas", "/ResourceTypes"] {
        assert_eq!(client.get(&format!("{path}?count=1&startIndex=2&sortBy=id")).body, client.get(path).body);
    }
    for path in ["/Schemas", "/ResourceTypes", "/ServiceProviderConfig", "/ResourceTypes/User"] {
        assert_eq!(client.get(&format!("{path}?filter=name%20pr")).error(), (403, ""), "{path}");
    }
}

#[test]
fn discovery_cannot_be_written() {
    let client = Client::new();
    for path in [
        "/ServiceProviderConfig",
        "/ResourceTypes",
        "/ResourceTypes/User",
        "/Schemas",
        &format!("/Schemas/{USER}"),
    ] {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let seen = client.with(method, path, &[], b"{}");
            assert_eq!(seen.error(), (405, ""), "{method} {path}");
            assert_eq!(seen.header("allow"), Some("GET, HEAD"));
        }
    }
}

#[test]
fn schemas_keep_their_own_rules() {
    let client = Client::new();
    let schemas = client.get("/Schemas").body;
    let mut stack: Vec<&Value> = Vec::new();
    for schema in schemas["Resources"].as_array().unwrap() {
        stack.extend(schema["attributes"].as_array().unwrap());
    }
    while let Some(attribute) = stack.pop() {
        let kind = attribute["type"].as_str().unwrap();
        assert_eq!(kind == "complex", attribute.get("subAttributes").is_some(), "{attribute}");
        assert_eq!(kind == "reference", attribute.get("referenceTypes").is_some(), "{attribute}");
        if matches!(kind, "binary" | "reference") {
            assert_eq!(attribute["caseExact"], true, "{attribute}");
        }
        assert!(attribute["description"].as_str().is_some_and(|text| text.ends_with('.')), "{attribute}");
        stack.extend(attribute["subAttributes"].as_array().into_iter().flatten());
    }
}
