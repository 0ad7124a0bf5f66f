//! An application with its administrators, for tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use http::Request;
use record::Secret;
use reference_server::{Builder, ReferenceServer, Service};
use serde_json::{Value, json};

use crate::support::{Client, Hand, OTHER_TOKEN, Seen, TOKEN, USER};

pub(crate) const ADMIN: &str = "credential-of-the-administrator";
pub(crate) const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:bonusly:2.0:User";
/// When it begins, in milliseconds since 1970.
pub(crate) const START_MS: i64 = 1_767_323_045_006;

/// One application, seen from both sides.
pub(crate) struct Office {
    pub(crate) client: Client,
    pub(crate) service: Service,
    clock: Arc<Hand>,
}

impl Office {
    /// An application that plays a profile, with two tenants, the first of which is administered.
    pub(crate) fn of(profile: &str) -> Self {
        let tokens = [TOKEN, OTHER_TOKEN].map(|token| Secret::new(token.to_owned()));
        Self::built(profile, |builder| tokens.into_iter().fold(builder, Builder::token))
    }

    pub(crate) fn built(profile: &str, more: impl FnOnce(Builder) -> Builder) -> Self {
        let clock = Arc::new(Hand(AtomicI64::new(START_MS)));
        let builder = ReferenceServer::builder()
            .profile(profile)
            .admin(Secret::new(ADMIN.to_owned()))
            .clock(Arc::clone(&clock) as Arc<_>)
            .seed(1);
        let service = more(builder).service().unwrap();
        Self { client: Client::of(service.clone()), service, clock }
    }

    /// Moves the clock to so many milliseconds after the start.
    pub(crate) fn later(&self, ms: i64) {
        self.clock.0.store(START_MS + ms, Ordering::Relaxed);
    }

    pub(crate) fn send(&self, method: &str, path: &str, token: &str, body: Option<&Value>) -> Seen {
        send(&self.client, method, path, token, body)
    }

    pub(crate) fn admin(&self, method: &str, path: &str, body: Option<&Value>) -> Seen {
        self.send(method, &format!("/admin/api{path}"), ADMIN, body)
    }

    /// What administrators see, which has to be there.
    pub(crate) fn sees(&self, path: &str) -> Value {
        let seen = self.admin("GET", path, None);
        assert_eq!(seen.status, 200, "{path}: {}", seen.body);
        seen.body
    }

    pub(crate) fn settings(&self, body: &Value) -> Value {
        let seen = self.admin("PUT", "/settings", Some(body));
        assert_eq!(seen.status, 200, "{}", seen.body);
        seen.body
    }

    /// A SCIM request of the first tenant.
    pub(crate) fn scim(&self, method: &str, path: &str, body: Option<&Value>) -> Seen {
        let path = format!("{}{path}", self.service.base_path());
        self.send(method, &path, TOKEN, body)
    }

    /// A created user's id.
    pub(crate) fn hires(&self, user: &Value) -> String {
        let seen = self.scim("POST", "/Users", Some(user));
        assert_eq!(seen.status, 201, "{}", seen.body);
        seen.id()
    }

    pub(crate) fn patches(&self, id: &str, operations: &Value) -> Seen {
        let schemas = [protocol::urn::PATCH_OP];
        let message = json!({ "schemas": schemas, "Operations": operations });
        self.scim("PATCH", &format!("/Users/{id}"), Some(&message))
    }

    pub(crate) fn fires(&self, id: &str) {
        assert_eq!(self.scim("DELETE", &format!("/Users/{id}"), None).status, 204);
    }
}

pub(crate) fn send(client: &Client, method: &str, path: &str, token: &str, body: Option<&Value>) -> Seen {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost")
        .header("authorization", format!("Bearer {token}"));
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let body = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
    client.send(request.body(body).unwrap())
}

/// A user with a work e-mail, as the application wants it.
pub(crate) fn employee(name: &str) -> Value {
    let address = format!("{name}@example.com");
    json!({
        "schemas": [USER, EXTENSION], "userName": address,
        "emails": [{ "value": address, "type": "work" }],
    })
}

/// The same, reporting to somebody.
pub(crate) fn reporting(name: &str, manager: &str) -> Value {
    let mut user = employee(name);
    user[EXTENSION] = json!({ "managerEmail": manager });
    user
}
