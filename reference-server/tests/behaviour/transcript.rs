//! One script of requests that touches everything the server does, so that two servers can be told apart.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use protocol::urn::PATCH_OP;
use reference_server::Service;
use serde_json::{Value, json};

use crate::asked;
use crate::patch::message;
use crate::support::{Client, ENTERPRISE, GROUP, Hand, Seen, USER, but, group, service_at, user};

pub(crate) struct Script {
    client: Client,
    clock: Arc<Hand>,
    pub(crate) lines: Vec<String>,
}

/// All that a server with this fault, or without any, answers to the script.
pub(crate) fn of(fault: Option<&str>) -> Script {
    let clock = Arc::<Hand>::default();
    played(service_at(Arc::clone(&clock), fault), clock)
}

/// All that a server answers to the script.
pub(crate) fn with(service: Service) -> Script {
    played(service, Arc::default())
}

fn played(service: Service, clock: Arc<Hand>) -> Script {
    let mut script = Script { client: Client::of(service), clock, lines: Vec::new() };
    script.discovery();
    let (ada, bob) = script.creates();
    script.reads(&ada);
    script.replaces(&ada, &bob);
    script.patches(&ada);
    script.asked();
    script.groups(&ada, &bob);
    script.lists();
    script.deletes(&ada);
    script.readings();
    script.races();
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
        // What lies beside the SCIM endpoints may be somebody else's, and answer in another language.
        let is_scim = body.is_empty() || seen.body.is_object() || path == "/Nope";
        assert!(!broken && is_scim, "{:?}", self.lines.last());
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
            "id": "forged", "meta": { "resourceType": "Forged", "created": "1999-01-01T00:00:00Z", "lastModified": "1999-01-01T00:00:00Z" }, "nickName": "ada", "password": "hidden",
            "active": true, "emails": [{ "value": "a@example.com" }], "title": null,
        });
        self.write("POST", "/Users", &but(user("first"), more));
        let ada = self
            .write(
                "POST",
                "/Users",
                &but(
                    user("ada"),
                    json!({ "nickName": "ada", "title": "Analyst", "emails": [{ "value": "a" }] }),
                ),
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
            but(user("turned"), json!({ "schemas": [ENTERPRISE, USER], ENTERPRISE: { "department": "x" } })),
            but(user("both"), json!({ "schemas": [USER, GROUP], GROUP: { "displayName": "x" } })),
            user(""),
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
        for query in [
            "attributes=userName",
            "excludedAttributes=nickName",
            "excludedAttributes=id",
            "attributes=password",
        ] {
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
        let renamed = message(&json!([{ "op": "replace", "path": "displayName", "value": "Late" }]));
        for (method, body) in
            [("PUT", user("ada").to_string()), ("PATCH", renamed.to_string()), ("DELETE", String::new())]
        {
            self.with(method, &path, &[("if-match", "W/\"stale\"")], body.as_bytes());
        }
        for tags in [format!("W/\"stale\", {current}"), "*".to_owned()] {
            self.with("PUT", &path, &[("if-match", &tags)], user("ada").to_string().as_bytes());
            self.get(&path);
        }
    }

    fn patches(&mut self, ada: &str) {
        let path = format!("/Users/{ada}");
        for operations in [
            json!([{ "op": "add", "path": "emails", "value": [{ "value": "c", "type": "work" }] }]),
            json!([{ "op": "replace", "path": "emails[type eq \"work\"].value", "value": "d" }]),
            json!([{ "op": "replace", "path": "emails[type eq \"none\"].value", "value": "d" }]),
            json!([{ "op": "replace", "value": { "name": { "givenName": "Ada" }, "displayName": "Ada" } }]),
            json!([{ "op": "remove", "path": "name" }, { "op": "add", "path": "nosuch", "value": 1 }]),
            json!([{ "op": "remove", "path": "emails[value eq \"d\"]" }]),
            json!([{ "op": "replace", "path": "userName", "value": "bob" }]),
            json!([{ "op": "add", "path": "emails", "value": [{ "value": "e", "type": "work" }] }]),
            json!([{ "op": "remove", "path": "emails[value eq \"e\" and type eq \"work\"]" }]),
            json!([
                { "op": "add", "path": format!("{ENTERPRISE}:department"), "value": "x" },
                { "op": "add", "path": "title", "value": "y" },
            ]),
        ] {
            self.write("PATCH", &path, &message(&operations));
            self.get(&path);
        }
    }

    fn groups(&mut self, ada: &str, bob: &str) {
        self.write("POST", "/Groups", &json!({ "schemas": [GROUP] }));
        let id = self.write("POST", "/Groups", &group("all", &[ada, bob])).id();
        self.get(&format!("/Users/{id}"));
        let path = format!("/Groups/{id}");
        self.get(&path);
        self.write("POST", "/Groups", &but(group("named", &[]), json!({ "externalId": "x" })));
        self.write("PUT", &path, &group("all", &[ada]));
        self.get(&path);
        for operation in [
            json!({ "op": "add", "path": "members", "value": [{ "value": bob }] }),
            json!({ "op": "remove", "path": format!("members[value eq \"{bob}\"]") }),
            json!({ "op": "replace", "path": "displayName", "value": "some" }),
        ] {
            self.write("PATCH", &path, &message(&json!([operation])));
            self.get(&path);
        }
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
            "?filter=userName%20eq%20%22ADA%22",
            "?filter=title%20pr%20or%20not%20(active%20eq%20true)&count=2",
            "?filter=nosuch%20pr",
            "?sortBy=userName&sortOrder=descending",
        ] {
            self.get(&format!("/Users{query}"));
        }
        let search = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            "filter": "displayName pr",
        });
        for path in ["/.search", "/Users/.search"] {
            self.write("POST", path, &search);
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

    /// What the standard leaves open.
    fn readings(&mut self) {
        let emails = json!([{ "value": "one@example.com" }, { "value": "two@example.com" }]);
        let more = json!({ "emails": emails, "nosuch": 1, "name": { "familyName": "Doe" } });
        let path = format!("/Users/{}", self.write("POST", "/Users", &but(user("Mixed"), more)).id());
        self.get(&format!("{path}?attributes=userName&excludedAttributes=emails"));
        for filter in [
            "userName eq 5",
            "emails.value ne \"one@example.com\"",
            "name co \"Doe\"",
            "password eq \"x\"",
            "title eq null",
        ] {
            self.get(&format!("/Users?filter={}", utf8_percent_encode(filter, NON_ALPHANUMERIC)));
        }
        for operation in [
            json!({ "op": "Add", "path": "title", "value": "x" }),
            json!({ "op": "remove", "path": "emails[type eq \"none\"]" }),
            json!({ "op": "replace", "path": "active", "value": "True" }),
        ] {
            self.write("PATCH", &path, &message(&json!([operation])));
        }
    }

    /// Requests at the same time.
    fn races(&mut self) {
        let raced = user("raced");
        let creates = self.client.both("POST", "/Users", [&raced, &raced]);
        let [one, other] = ["one", "other"].map(|name| self.client.post("/Users", &user(name)).id());
        let path = format!("/Groups/{}", self.client.post("/Groups", &group("raced", &[])).id());
        let add =
            |id: &str| message(&json!([{ "op": "add", "path": "members", "value": [{ "value": id }] }]));
        let adds = self.client.both("PATCH", &path, [&add(&one), &add(&other)]);
        for seen in creates.into_iter().chain(adds) {
            self.lines.push(format!("at the same time -> {} {}", seen.status, seen.body));
        }
        self.get(&path);
    }

    fn errors(&mut self) {
        for (method, path) in [("GET", "/Nope"), ("GET", ""), ("GET", "/Me"), ("POST", "/Bulk")] {
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

    /// What clients ask by PATCH, each of somebody of their own, and by filter.
    fn asked(&mut self) {
        self.write("POST", "/Users", &user("taken"));
        let ada = self.client.post("/Users", &asked::person("projected")).id();
        let rename = json!([{ "op": "replace", "path": "displayName", "value": "x" }]);
        let rename = json!({ "schemas": [PATCH_OP], "Operations": rename });
        self.write("PATCH", &format!("/Users/{ada}?attributes=userName"), &rename);
        self.get(&format!("/Users/{ada}?attributes={ENTERPRISE}:department"));
        for (number, operations) in asked::patches().into_iter().enumerate() {
            let id = self.client.post("/Users", &asked::person(&format!("person{number}"))).id();
            let path = format!("/Users/{id}");
            let body = match operations {
                Value::Null => json!({ "schemas": [PATCH_OP] }),
                operations => json!({ "schemas": [PATCH_OP], "Operations": operations }),
            };
            self.write("PATCH", &path, &body);
            self.get(&path);
        }
        let nobody = json!({ "schemas": [PATCH_OP], "Operations": [{ "op": "remove", "path": "title" }] });
        self.write("PATCH", "/Users/none", &nobody);
        let mut cast = Vec::new();
        for one in asked::cast() {
            cast.push(self.client.post("/Users", &one).id());
            self.clock.0.fetch_add(1_000, Ordering::Relaxed);
        }
        for filter in asked::FILTERS {
            let filter = utf8_percent_encode(filter, NON_ALPHANUMERIC);
            self.get(&format!("/Users?filter={filter}"));
        }
        self.get(&format!("/Users?filter=id%20eq%20%22{}%22", cast[0]));
        for order in asked::ORDERS {
            self.get(&format!("/Users?filter=displayName%20sw%20%22t%20%22&{order}"));
        }
        self.projected(&cast[0], &cast[1]);
        self.members(&cast);
        self.write("POST", "/Bulk", &json!({}));
    }

    /// Answers in part, to every operation.
    fn projected(&mut self, ada: &str, grace: &str) {
        let rename = json!([{ "op": "replace", "path": "displayName", "value": "t Grace" }]);
        let rename = json!({ "schemas": [PATCH_OP], "Operations": rename });
        for (number, query) in asked::PROJECTIONS.iter().enumerate() {
            self.get(&format!("/Users/{ada}?{query}"));
            self.get(&format!("/Users?filter=displayName%20sw%20%22t%20%22&{query}"));
            let one = but(user(&format!("part{number}")), json!({ "nickName": "x", "displayName": "y" }));
            let id = self.write("POST", &format!("/Users?{query}"), &one).id();
            self.write("PUT", &format!("/Users/{id}?{query}"), &one);
            self.write("PATCH", &format!("/Users/{grace}?{query}"), &rename);
        }
        for search in asked::searches() {
            self.write("POST", "/Users/.search", &search);
            self.write("POST", "/.search", &search);
        }
    }

    fn members(&mut self, cast: &[String]) {
        let id = self.client.post("/Groups", &group("three", &[&cast[0], &cast[1], &cast[2]])).id();
        self.get(&format!("/Groups/{id}"));
        let member = |index: usize| json!([{ "value": cast[index] }]);
        let of = |index: usize| format!("members[value eq \"{}\"]", cast[index]);
        for operations in [
            json!([{ "op": "add", "path": "members", "value": member(2) }]),
            json!([{ "op": "add", "path": "members", "value": [{ "value": cast[1] }, { "value": cast[2] }] }]),
            json!([{ "op": "add", "path": "members", "value": member(0) }]),
            json!([{ "op": "remove", "path": of(0) }]),
            json!([{ "op": "remove", "path": of(2) }]),
            json!([{ "op": "remove", "path": "members" }]),
            json!([{ "op": "replace", "path": "members", "value": member(2) }]),
            json!([{ "op": "replace", "value": { "displayName": "renamed" } }]),
        ] {
            let id = self.client.post("/Groups", &group("team", &[&cast[0], &cast[1]])).id();
            let path = format!("/Groups/{id}");
            self.write("PATCH", &path, &json!({ "schemas": [PATCH_OP], "Operations": operations }));
            self.get(&path);
        }
    }
}
