//! Faults in front of somebody else's answers.

use std::future::ready;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use reference_server::{Answered, Builder, ReferenceServer, StartError, Upstream};
use tower::Service as _;

/// Answers all alike, and keeps what it was asked.
#[derive(Default)]
struct Elsewhere(Mutex<Vec<Request<Bytes>>>);

impl Upstream for Elsewhere {
    fn answer(&self, request: Request<Bytes>) -> Answered {
        self.0.lock().unwrap().push(request);
        Box::pin(ready(Response::builder().status(204).body(Bytes::new()).unwrap()))
    }
}

/// What a client is answered with this fault in between, and what came through of its request.
fn ask(fault: Option<&str>, path: &str) -> (u16, Vec<Request<Bytes>>) {
    let elsewhere = Arc::new(Elsewhere::default());
    let builder = ReferenceServer::builder().before(Arc::clone(&elsewhere) as Arc<dyn Upstream>);
    let builder = fault.into_iter().fold(builder, Builder::fault);
    let mut service = builder.service().unwrap();
    let request = Request::delete(path).header("x-trace", "7").body(Bytes::from_static(b"body")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let Ok(response) = runtime.block_on(service.call(request));
    let asked = std::mem::take(&mut *elsewhere.0.lock().unwrap());
    (response.status().as_u16(), asked)
}

#[test]
fn what_passes_is_what_was_sent() {
    let (status, asked) = ask(None, "/scim/v2/Users/a%2Fb?attributes=id");
    assert_eq!(status, 204);
    let [request] = &asked[..] else { panic!("one request: {asked:?}") };
    assert_eq!(request.uri(), "http://localhost/scim/v2/Users/a%2Fb?attributes=id");
    assert_eq!((request.method().as_str(), &request.body()[..]), ("DELETE", &b"body"[..]));
    assert_eq!(request.headers()["x-trace"], "7");
}

#[test]
fn a_fault_on_the_wire_changes_what_passes() {
    let (status, asked) = ask(Some("delete-answers-200"), "/scim/v2/Users/1");
    assert_eq!((status, asked.len()), (200, 1));
}

#[test]
fn nothing_passes_that_is_not_below_the_base() {
    let (status, asked) = ask(None, "/elsewhere");
    assert_eq!((status, asked.len()), (404, 0));
}

#[test]
fn what_could_not_be_seen_is_refused() {
    for (fault, variant) in
        [(Some("store-keeps-deleted"), None), (None, Some("unknown-filter-names-match-nothing"))]
    {
        let builder = ReferenceServer::builder().before(Arc::new(Elsewhere::default()));
        let builder = fault.into_iter().fold(builder, Builder::fault);
        let builder = variant.into_iter().fold(builder, Builder::variant);
        let error = builder.service().unwrap_err();
        let named = fault.or(variant).unwrap();
        assert!(matches!(&error, StartError::Within { name } if name == named), "{error}");
    }
}
