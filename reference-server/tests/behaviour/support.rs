use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use record::Secret;
use reference_server::{Builder, Clock, ReferenceServer, Service};
use serde_json::{Value, json};
use tower::Service as _;

pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(crate) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
pub(crate) const TOKEN: &str = "token-of-the-first-tenant";
pub(crate) const OTHER_TOKEN: &str = "token-of-the-second-tenant";

/// A clock that a test sets.
pub(crate) struct Hand(pub(crate) AtomicI64);

impl Clock for Hand {
    fn unix_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    fn sleep(&self, wait: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.0.fetch_add(i64::try_from(wait.as_millis()).unwrap(), Ordering::Relaxed);
        Box::pin(std::future::ready(()))
    }
}

impl Default for Hand {
    fn default() -> Self {
        Self(AtomicI64::new(1_767_323_045_006))
    }
}

pub(crate) fn service_with(fault: Option<&str>) -> Service {
    service_at(Arc::default(), fault)
}

pub(crate) fn service_at(clock: Arc<Hand>, fault: Option<&str>) -> Service {
    let builder = builder().clock(clock);
    match fault {
        Some(name) => builder.fault(name),
        None => builder,
    }
    .service()
    .unwrap()
}

pub(crate) fn service_as(variant: &str) -> Service {
    builder().variant(variant).service().unwrap()
}

fn builder() -> Builder {
    ReferenceServer::builder()
        .token(Secret::new(TOKEN.to_owned()))
        .token(Secret::new(OTHER_TOKEN.to_owned()))
        .clock(Arc::<Hand>::default())
        .seed(1)
}

/// What came back.
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) response: Response<Bytes>,
    pub(crate) body: Value,
}

impl Seen {
    fn of(response: Response<Bytes>) -> Self {
        let status = response.status().as_u16();
        let body = serde_json::from_slice(response.body()).unwrap_or_default();
        Self { status, response, body }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or("none").to_owned()
    }

    /// Status and scimType, the two things that tell errors apart.
    pub(crate) fn error(&self) -> (u16, &str) {
        assert_eq!(self.body["status"], self.status.to_string(), "{}", self.body);
        assert_eq!(self.body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
        assert_eq!(self.header("content-type"), Some("application/scim+json"));
        (self.status, self.body["scimType"].as_str().unwrap_or(""))
    }
}

/// A client of a service in process.
pub(crate) struct Client {
    service: Service,
    runtime: tokio::runtime::Runtime,
}

impl Client {
    pub(crate) fn new() -> Self {
        Self::of(service_with(None))
    }

    pub(crate) fn of(service: Service) -> Self {
        Self { service, runtime: tokio::runtime::Builder::new_current_thread().build().unwrap() }
    }

    /// Sends a request as it is.
    pub(crate) fn send(&self, request: Request<Bytes>) -> Seen {
        let answering = self.service.clone().call(request);
        let Ok(response) = self.runtime.block_on(answering);
        Seen::of(response)
    }

    /// Sends a request with the usual headers and some more.
    pub(crate) fn with(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Seen {
        let mut request = self.request(method, path, body);
        for (name, value) in headers {
            let name: http::HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        self.send(request)
    }

    /// Sends a request without one of the usual headers.
    pub(crate) fn without(&self, header: &str, method: &str, path: &str, body: &[u8]) -> Seen {
        let mut request = self.request(method, path, body);
        assert!(request.headers_mut().remove(header).is_some());
        self.send(request)
    }

    fn request(&self, method: &str, path: &str, body: &[u8]) -> Request<Bytes> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.service.base_path()))
            .header("host", "scim.example.com")
            .header("authorization", format!("Bearer {TOKEN}"));
        if !body.is_empty() {
            request = request.header("content-type", "application/scim+json");
        }
        request.body(Bytes::copy_from_slice(body)).unwrap()
    }

    /// Sends two requests at the same time; the answers come in their order.
    pub(crate) fn both(&self, method: &str, path: &str, bodies: [&Value; 2]) -> [Seen; 2] {
        let [one, other] = bodies.map(|body| {
            let request = self.request(method, path, body.to_string().as_bytes());
            self.service.clone().call(request)
        });
        let (Ok(one), Ok(other)) = self.runtime.block_on(async { tokio::join!(one, other) });
        [Seen::of(one), Seen::of(other)]
    }

    pub(crate) fn get(&self, path: &str) -> Seen {
        self.with("GET", path, &[], b"")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Seen {
        self.with("POST", path, &[], body.to_string().as_bytes())
    }

    pub(crate) fn put(&self, path: &str, body: &Value) -> Seen {
        self.with("PUT", path, &[], body.to_string().as_bytes())
    }

    pub(crate) fn patch(&self, path: &str, operations: &Value) -> Seen {
        let message = json!({ "schemas": [protocol::urn::PATCH_OP], "Operations": operations });
        self.with("PATCH", path, &[], message.to_string().as_bytes())
    }

    pub(crate) fn delete(&self, path: &str) -> Seen {
        self.with("DELETE", path, &[], b"")
    }

    pub(crate) fn user(&self, name: &str) -> Seen {
        let seen = self.post("/Users", &user(name));
        assert_eq!(seen.status, 201, "{}", seen.body);
        seen
    }
}

pub(crate) fn user(name: &str) -> Value {
    json!({ "schemas": [USER], "userName": name })
}

pub(crate) fn group(name: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
    json!({ "schemas": [GROUP], "displayName": name, "members": members })
}

/// An object with some values replaced.
pub(crate) fn but(mut object: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        object[name] = value.clone();
    }
    object
}
