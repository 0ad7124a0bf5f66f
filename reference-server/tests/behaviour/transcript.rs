//! One script of requests that touches everything the server does, so that two servers can be told apart.

use serde_json::{Value, json};

use crate::support::{Client, ENTERPRISE, GROUP, Seen, USER, but, group, service_with, user};

pub(crate) struct Script {
    client: Client,
    pub(crate) lines: Vec<String>,
}

/// All that a server with this fault, or without any, answers to the script.
pub(crate) fn of(fault: Option<&str>) -> Script {
    let mut script = Script { client: Client::of(service_with(fault)), lines: Vec::new() };
    script.discovery();
    let (ada, bob) = script.creates();
    script.reads(&ada);
    script.replaces(&ada, &bob);
    script.groups(&ada, &bob);
    script.lists();
    script.deletes(&ada);
    script.errors();
    script
}

impl Script {
    fn with(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Seen {
        let seen = self.client.with(method, path, headers, body);
        let mut heads: Vec<String> =
            seen.response.headers().iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
        heads.sort_unstable();
        let body = String::from_utf8_lossy(seen.response.body()).into_owned();
        self.lines.push(format!("{method} {path} -> {} {} {body}", seen.status, heads.join(", ")));
        let broken = seen.status >= 500 && seen.status != 501;
        assert!(!broken && (body.is_empty() || seen.body.is_object()), "{:?}", self.lines.last());
        seen
    }

    fn get(&mut self, path: &str) -> Seen {
        self.with("GET", path, &[], b"")
    }

    fn write(&mut self, method: &str, path: &str, body: &Value) -> Seen {
        self.with(method, path, &[], body.to_string().as_bytes())
    }

    fn discovery(&mut self) {
        self.with("GET", "/ServiceProviderConfig", &[("authorization", "")], b"");
        for path in
            ["/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User", "/ResourceTypes/Group"]
        {
            self.get(path);
        }
        for path in ["/Schemas", "/Schemas?count=1", "/ResourceTypes?filter=name%20pr"] {
            self.get(path);
        }
        for uri in [USER, GROUP, ENTERPRISE] {
            self.get(&format!("/Schemas/{uri}"));
        }
        for path in ["/ServiceProviderConfig", "/ResourceTypes/User", &format!("/Schemas/{USER}")] {
            self.write("PUT", path, &json!({}));
        }
    }

    fn creates(&mut self) -> (String, String) {
        let more = json!({
            "id": "forged", "meta": { "resourceType": "Forged" }, "nickName": "ada", "password": "hidden",
            "active": true, "emails": [{ "value": "a@example.com" }], "title": null,
        });
        self.write("POST", "/Users", &but(user("first"), more));
        let ada = self
            .write(
                "POST",
                "/Users",
                &but(user("ada"), json!({ "nickName": "ada", "emails": [{ "value": "a" }] })),
            )
            .id();
        let bob = self.write("POST", "/Users", &user("bob")).id();
        for body in [
            user("ada"),
            user("ADA"),
            json!({ "schemas": [USER] }),
            json!({ "schemas": [USER], "USERNAME": "cased" }),
            but(user("typed"), json!({ "displayName": 5 })),
            but(user("schemas"), json!({ "schemas": [] })),
            json!([]),
        ] {
            self.write("POST", "/Users", &body);
        }
        self.with("POST", "/Users", &[], b"{");
        (ada, bob)
    }

    fn reads(&mut self, id: &str) {
        let path = format!("/Users/{id}");
        self.get(&path);
        for query in ["attributes=userName", "excludedAttributes=nickName", "excludedAttributes=id"] {
            self.get(&format!("{path}?{query}"));
        }
        self.get("/Users/none");
    }

    fn replaces(&mut self, ada: &str, bob: &str) {
        let path = format!("/Users/{ada}");
        self.write("PUT", &path, &but(user("ada"), json!({ "id": "forged", "emails": [{ "value": "b" }] })));
        self.write("PUT", &path, &but(user("ada"), json!({ "nickName": "gone" })));
        self.write("PUT", &path, &but(user("ada"), json!({ "nickName": null })));
        self.get(&path);
        self.write("PUT", &format!("/Users/{bob}"), &user("ada"));
        self.write("PUT", "/Users/none", &user("nobody"));
        let current = self.get(&path).header("etag").unwrap_or_default().to_owned();
        self.with("GET", &path, &[("if-none-match", &current)], b"");
        self.with("PUT", &path, &[("if-match", "W/\"stale\"")], user("ada").to_string().as_bytes());
    }

    fn groups(&mut self, ada: &str, bob: &str) {
        self.write("POST", "/Groups", &json!({ "schemas": [GROUP] }));
        let path = format!("/Groups/{}", self.write("POST", "/Groups", &group("all", &[ada, bob])).id());
        self.get(&path);
        self.write("PUT", &path, &group("all", &[ada]));
        self.get(&path);
    }

    fn lists(&mut self) {
        for query in [
            "",
            "?count=1",
            "?count=0",
            "?count=-1",
            "?startIndex=0",
            "?startIndex=2&count=1",
            "?unknown=1",
            "?attributes=userName",
            "?filter=userName%20pr",
        ] {
            self.get(&format!("/Users{query}"));
        }
    }

    fn deletes(&mut self, id: &str) {
        let path = format!("/Users/{id}");
        self.with("DELETE", &path, &[], b"");
        self.with("DELETE", &path, &[], b"");
        self.get(&path);
        self.get("/Users");
        self.get("/Groups");
        self.write("POST", "/Users", &user("ada"));
    }

    fn errors(&mut self) {
        for (method, path) in [("GET", "/Nope"), ("PATCH", "/Users/none"), ("GET", "/Me"), ("POST", "/Bulk")]
        {
            self.with(method, path, &[], b"");
        }
        self.with("GET", "/Users", &[("authorization", "Bearer nobody")], b"");
        let anonymous = http::Request::builder().uri("/scim/v2/Users").body(bytes::Bytes::new()).unwrap();
        let seen = self.client.send(anonymous);
        self.lines.push(format!("anonymous -> {} {}", seen.status, seen.body));
        let config =
            http::Request::builder().uri("/scim/v2/ServiceProviderConfig").body(bytes::Bytes::new()).unwrap();
        let seen = self.client.send(config);
        self.lines.push(format!("anonymous config -> {}", seen.status));
    }
}
