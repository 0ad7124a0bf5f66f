use std::fmt;

use serde_json::{Map, Value};

use crate::reject::Reject;

/// A resource as it was before a request.
#[derive(Clone, Copy, Debug)]
pub struct Before<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its canonical body, as a [`Draft`](crate::Draft) has it.
    pub body: &'a Map<String, Value>,
}

/// What an application does with resources that neither a schema nor a reading can say.
///
/// It sees what a whole request comes to, in canonical form, whether it was a create, a replace or a PATCH: what it
/// settles is true of the resource, however the request was put.
pub trait Behaviour: fmt::Debug + Send + Sync {
    /// A name, such as `country-code`.
    fn name(&self) -> &'static str;

    /// Whether resources of a type are its concern.
    fn concerns(&self, resource_type: &str) -> bool;

    /// Whether it keeps values of an attribute that is never returned, by the attribute's path; where nothing keeps
    /// them they are dropped, and all that is remembered is that there was one.
    fn keeps_secret(&self, path: &str) -> bool {
        let _ = path;
        false
    }

    /// Looks at a value that a client sends for an attribute, by the attribute's path, before it meets what is kept:
    /// the form in which a value is kept need not be one that it can be sent in.
    ///
    /// # Errors
    /// What the client is told.
    fn admit(&self, path: &str, value: &Value) -> Result<(), Reject> {
        let _ = (path, value);
        Ok(())
    }

    /// Brings a resource into the form that the application keeps, or refuses it. `before` is what the resource
    /// was, if there was one.
    ///
    /// # Errors
    /// What the client is told.
    fn settle(&self, body: &mut Map<String, Value>, before: Option<Before<'_>>) -> Result<(), Reject>;
}
