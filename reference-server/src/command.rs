//! What a face asks for, and what it gets: the same for every dialect.

use engine::{PageRequest, ResourceType};
use serde_json::{Map, Value};

use crate::store::Record;

/// One decoded request.
#[derive(Debug)]
pub(crate) enum Command<'a> {
    Create { resource_type: &'a ResourceType, body: Map<String, Value> },
    Replace { resource_type: &'a ResourceType, id: &'a str, body: Map<String, Value>, only_if: Precondition },
    Delete { resource_type: &'a ResourceType, id: &'a str, only_if: Precondition },
    Read { resource_type: &'a ResourceType, id: &'a str },
    List { resource_type: &'a ResourceType, page: PageRequest },
}

/// What a command comes to.
#[derive(Debug)]
pub(crate) enum Answer {
    Created(Resource),
    Replaced(Resource),
    Deleted,
    Found(Resource),
    Listed { total: u64, start_index: u64, resources: Vec<Resource> },
}

/// A resource with all that stands beside its stored body.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) record: Record,
    pub(crate) body: Map<String, Value>,
    /// Where the type is a group.
    pub(crate) members: Vec<Record>,
    /// Where the type can be a member and shows it.
    pub(crate) groups: Vec<Record>,
}

/// What must hold of the resource's version before it is changed, RFC 9110 §13.1.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Precondition {
    /// Nothing.
    None,
    /// That there is one, or that it is one of these tags.
    Tags(Vec<String>),
}

impl Precondition {
    /// Reads a list of entity tags, as in If-Match and If-None-Match.
    pub(crate) fn parse(header: Option<&str>) -> Self {
        header.map_or(Self::None, |text| {
            Self::Tags(text.split(',').map(|tag| opaque(tag).to_owned()).collect())
        })
    }

    /// Whether a tag is among those listed. SCIM's tags are weak, so they are compared weakly.
    pub(crate) fn lists(&self, tag: &str) -> bool {
        match self {
            Self::None => false,
            Self::Tags(tags) => tags.iter().any(|listed| listed == "*" || listed == opaque(tag)),
        }
    }
}

fn opaque(tag: &str) -> &str {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag)
}
