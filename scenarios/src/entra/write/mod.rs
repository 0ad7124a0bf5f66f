//! From what is wanted to requests.

mod patch;
mod post;
mod query;

pub use patch::{Difference, MembersChange};

use client::{Method, Request};
use protocol::media;
use serde_json::Value;

use crate::entra::{ObjectKind, Settings};
use crate::wanted::Wanted;

/// How bodies say what they are (W).
const BODY: &str = "charset=utf-8";

/// Makes the requests of one job. It is a function of its arguments: it sends nothing and remembers nothing.
///
/// ```
/// use scenarios::entra::{ClientKind, ObjectKind, Settings, Writer};
///
/// let settings = Settings::of(ClientKind::EntraDefault);
/// let request = Writer::new(&settings).find(ObjectKind::User, "userName", "ada@contoso.example");
/// assert_eq!(request.path(), "/Users?filter=userName+eq+%22ada%40contoso.example%22");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Writer<'s> {
    settings: &'s Settings,
}

impl<'s> Writer<'s> {
    /// A writer for jobs with these settings.
    #[must_use]
    pub const fn new(settings: &'s Settings) -> Self {
        Self { settings }
    }

    /// The search for an object by one attribute. A group comes without its members, which are never read.
    #[must_use]
    pub fn find(&self, kind: ObjectKind, target: &str, value: &str) -> Request {
        let filter = query::equals(target, value);
        let parameters = match kind {
            ObjectKind::User => format!("filter={filter}"),
            ObjectKind::Group => format!("excludedAttributes=members&filter={filter}"),
        };
        self.request(Method::GET, kind.endpoint().to_owned(), &parameters)
    }

    /// The searches for an object, in the order in which they are tried until one finds it: by each matching attribute
    /// that has a value. Each comes with the attribute and the value that it looks for.
    #[must_use]
    pub fn matches<'w>(&self, kind: ObjectKind, wanted: &'w Wanted) -> Vec<(&'w str, String, Request)> {
        let mut matching: Vec<_> = wanted
            .attributes
            .iter()
            .filter_map(|attribute| Some((attribute.matching?, attribute)))
            .filter_map(|(place, attribute)| Some((place, attribute, text(&attribute.value)?)))
            .collect();
        matching.sort_by_key(|(place, ..)| *place);
        let search = |(_, attribute, value): (u32, &'w crate::WantedAttribute, String)| {
            let request = self.find(kind, &attribute.target, &value);
            (attribute.target.as_str(), value, request)
        };
        matching.into_iter().map(search).collect()
    }

    /// The searches of a connection test: for somebody whose first matching attribute is this random GUID, and for such a
    /// group where that is set.
    #[must_use]
    pub fn probes(&self, user: &str, group: &str, guid: &str) -> Vec<Request> {
        let mut probes = vec![self.find(ObjectKind::User, user, guid)];
        if self.settings.group_probe {
            probes.push(self.find(ObjectKind::Group, group, guid));
        }
        probes
    }

    /// The reading of the schemas, to learn which attributes there are.
    #[must_use]
    pub fn schemas(&self) -> Request {
        self.request(Method::GET, protocol::endpoint::SCHEMAS.to_owned(), "")
    }

    /// The reading of one object by its id in the target.
    #[must_use]
    pub fn get(&self, kind: ObjectKind, id: &str) -> Request {
        let parameters = match kind {
            ObjectKind::User => "",
            ObjectKind::Group => "excludedAttributes=members",
        };
        self.request(Method::GET, query::resource(kind.endpoint(), id), parameters)
    }

    /// The creation of an object. References are left out: they follow by themselves.
    #[must_use]
    pub fn create(&self, kind: ObjectKind, wanted: &Wanted) -> Request {
        let body = post::body(self.settings, kind, wanted);
        self.body(self.request(Method::POST, kind.endpoint().to_owned(), ""), &body)
    }

    /// The deletion of an object by its id in the target.
    #[must_use]
    pub fn delete(&self, kind: ObjectKind, id: &str) -> Request {
        self.request(Method::DELETE, query::resource(kind.endpoint(), id), "")
    }

    /// A request as this client sends it: no `User-Agent` (W), `Accept` only if set.
    fn request(&self, method: Method, path: String, parameters: &str) -> Request {
        let flag = if self.settings.send_flag_in_query { "aadOptscim062020" } else { "" };
        let query = [flag, parameters].into_iter().filter(|part| !part.is_empty());
        let query = query.collect::<Vec<_>>().join("&");
        let whole = if query.is_empty() { path } else { format!("{path}?{query}") };
        let request = Request::new(method, whole).without("user-agent");
        match &self.settings.accept {
            Some(accept) => request.header("accept", accept),
            None => request.without("accept"),
        }
    }

    fn patch(&self, kind: ObjectKind, id: &str, operations: Vec<Value>) -> Request {
        let body = patch::message(operations);
        self.body(self.request(Method::PATCH, query::resource(kind.endpoint(), id), ""), &body)
    }

    fn body(&self, request: Request, body: &Value) -> Request {
        request.body(&format!("{}; {BODY}", media::SCIM_JSON), body.to_string())
    }
}

/// A simple value as a search writes it; nothing for what cannot be searched for.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::String(_) | Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
