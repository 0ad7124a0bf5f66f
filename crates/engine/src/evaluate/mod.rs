//! What a filter means for a resource, RFC 7644 §3.4.2.2: it is held to the schema once, and then tried on
//! as many resources as there are.

mod comparison;
mod compile;
mod node;

use serde_json::{Map, Value};

pub(crate) use crate::evaluate::comparison::text_as_boolean;
use crate::evaluate::node::Node;
use crate::keys::{IndexKey, UniqueKey};
use crate::rules::Links;

/// A filter that fits its resource type, ready to be tried on resources.
///
/// ```
/// use engine::{Leniency, Limits, Lookup, Rules, parse_filter};
///
/// let rules = Rules::rfc().unwrap();
/// let user = rules.resource_type_at("/Users").unwrap();
/// let filter = parse_filter(r#"userName eq "ADA""#, &Limits::default(), Leniency::default()).unwrap();
/// let matcher = rules.matcher(user, &filter).unwrap();
/// assert!(matcher.matches(serde_json::json!({ "userName": "ada" }).as_object().unwrap()));
/// assert!(matches!(matcher.lookups(), Some([Lookup::Unique(key)]) if key.folded == "ada"));
/// ```
#[derive(Clone, Debug)]
pub struct Matcher {
    node: Node,
    lookups: Option<Vec<Lookup>>,
    links: Links,
}

/// A way to the resources that a filter can match at all, without a look at the others. What it leads to still
/// has to be tried.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lookup {
    /// The resource with this id.
    Id(String),
    /// The holder of a unique key.
    Unique(UniqueKey),
    /// The groups of the resource with this id.
    Member(String),
    /// The resources under a key of the index.
    Index(IndexKey),
}

impl Matcher {
    /// Whether a resource matches. It is whole: `id`, `meta` and, as far as [`links`](Self::links) asks for
    /// them, `members` and `groups` are in it.
    #[must_use]
    pub fn matches(&self, resource: &Map<String, Value>) -> bool {
        self.node.holds(resource)
    }

    /// The shortest way to what can match: all that any of these leads to, which may be one resource twice. None where
    /// every resource has to be tried.
    #[must_use]
    pub fn lookups(&self) -> Option<&[Lookup]> {
        self.lookups.as_deref()
    }

    /// Which ends of the membership graph the filter looks at.
    #[must_use]
    pub fn links(&self) -> Links {
        self.links
    }
}
