//! A PATCH request as a tree, and its JSON (RFC 7644 §3.5.2).

use std::fmt;

use serde_json::{Map, Value, json};

use super::filter::Filter;
use super::path::Path;

/// A PATCH request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Whether `schemas` holds the URI of PATCH requests, which it must.
    pub declared: bool,
    /// The operations, in order.
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// What to do, as it is spelt.
    pub op: String,
    /// Where.
    pub address: Address,
    /// With what.
    pub value: Option<Value>,
}

/// Where an operation applies.
#[derive(Clone, Debug, PartialEq)]
pub enum Address {
    /// No path: the resource itself.
    Resource,
    /// A path.
    At(Box<Target>),
    /// Text that is no path.
    Broken(String),
}

/// A path as the grammar of RFC 7644 §3.5.2 has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The attribute; without sub-attribute where a filter follows.
    pub path: Path,
    /// Which of its elements.
    pub filter: Option<Filter>,
    /// The sub-attribute behind the filter.
    pub sub: Option<String>,
}

impl Target {
    /// An attribute without a filter.
    #[must_use]
    pub const fn plain(path: Path) -> Self {
        Self { path, filter: None, sub: None }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)?;
        self.filter.iter().try_for_each(|filter| write!(f, "[{filter}]"))?;
        self.sub.iter().try_for_each(|sub| write!(f, ".{sub}"))
    }
}

impl Operation {
    /// An operation on a path such as `name.givenName`.
    #[must_use]
    pub fn at(op: &str, path: &str, value: impl Into<Option<Value>>) -> Self {
        let address = Address::At(Box::new(Target::plain(Path::parse(path))));
        Self { op: op.to_owned(), address, value: value.into() }
    }

    /// An operation on the elements that match a filter, or on a sub-attribute of theirs.
    #[must_use]
    pub fn each(
        op: &str,
        path: &str,
        filter: Filter,
        sub: Option<&str>,
        value: impl Into<Option<Value>>,
    ) -> Self {
        let target = Target { path: Path::parse(path), filter: Some(filter), sub: sub.map(str::to_owned) };
        Self { op: op.to_owned(), address: Address::At(Box::new(target)), value: value.into() }
    }

    /// An operation without path.
    #[must_use]
    pub fn pathless(op: &str, value: impl Into<Option<Value>>) -> Self {
        Self { op: op.to_owned(), address: Address::Resource, value: value.into() }
    }

    fn to_json(&self) -> Value {
        let mut object = Map::from_iter([("op".to_owned(), Value::from(self.op.as_str()))]);
        match &self.address {
            Address::Resource => {}
            Address::At(target) => drop(object.insert("path".to_owned(), target.to_string().into())),
            Address::Broken(text) => drop(object.insert("path".to_owned(), text.as_str().into())),
        }
        if let Some(value) = &self.value {
            object.insert("value".to_owned(), value.clone());
        }
        Value::Object(object)
    }
}

impl Request {
    /// A proper request of these operations.
    #[must_use]
    pub const fn new(operations: Vec<Operation>) -> Self {
        Self { declared: true, operations }
    }

    /// The body.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let urn = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
        let schemas: Vec<&str> = self.declared.then_some(urn).into_iter().collect();
        let operations: Vec<Value> = self.operations.iter().map(Operation::to_json).collect();
        json!({ "schemas": schemas, "Operations": operations })
    }
}
