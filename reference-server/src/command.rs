//! What a face asks for, and what it gets: the same for every dialect.

use engine::{Edit, Links, PageRequest, Reject, ResourceType};
use protocol::Filter;
use serde_json::{Map, Value};

use crate::store::{GroupsMark, Record};

/// One decoded request.
#[derive(Debug)]
pub(crate) enum Command<'a> {
    Create { resource_type: &'a ResourceType, body: Map<String, Value> },
    Replace { resource_type: &'a ResourceType, id: &'a str, body: Map<String, Value>, only_if: Precondition },
    Modify { resource_type: &'a ResourceType, id: &'a str, edits: Vec<Edit>, only_if: Precondition },
    Delete { resource_type: &'a ResourceType, id: &'a str, only_if: Precondition },
    Read { resource_type: &'a ResourceType, id: &'a str },
    Query(Query<'a>),
}

/// Which resources are asked for, in which order, and which part of them.
#[derive(Debug)]
pub(crate) struct Query<'a> {
    /// One type, or all that are served.
    pub(crate) resource_types: Vec<&'a ResourceType>,
    pub(crate) filter: Option<Filter>,
    pub(crate) sort: Option<Sort>,
    pub(crate) page: PageRequest,
}

/// `sortBy` and `sortOrder` as they came.
#[derive(Debug)]
pub(crate) struct Sort {
    pub(crate) by: String,
    pub(crate) order: Option<String>,
}

/// What a command comes to.
#[derive(Debug)]
pub(crate) enum Answer {
    Created(Resource),
    Replaced(Resource),
    /// Where the answer is brief, what stands beside the body was not looked up.
    Modified {
        resource: Resource,
        brief: bool,
    },
    Deleted,
    Found(Resource),
    Listed {
        total: u64,
        start_index: u64,
        resources: Vec<Resource>,
    },
}

/// How the client that sent a command sees resources.
pub(crate) trait Look {
    /// The whole resource, with all that stands beside its body.
    fn whole(&self, resource: Resource) -> Map<String, Value>;

    /// One member of a group.
    fn member(&self, record: &Record) -> Map<String, Value>;

    /// Whether the client is told no more than that its PATCH succeeded.
    fn is_brief(&self, members_edited: bool) -> bool;

    /// Which ends of the membership graph the client gets to see. The others are not looked up.
    fn links(&self, resource_type: &ResourceType) -> Links;
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
    /// What tells the groups that it is in from others, whether this client gets to see them or not.
    pub(crate) groups_mark: Option<GroupsMark>,
}

impl Resource {
    /// The version of all that can be shown of it, as an entity tag.
    pub(crate) fn tag(&self) -> String {
        self.record.tag_among(self.groups_mark)
    }
}

/// What must hold of the resource's version before it is changed, RFC 9110 §13.1.1 and §13.1.2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Precondition {
    /// If-Match: that it is one of these.
    pub(crate) only_if: Tags,
    /// If-None-Match: that it is none of these.
    pub(crate) not_if: Tags,
}

impl Precondition {
    /// What is said where If-Match names none of the versions that would do, RFC 9110 §13.1.1.
    pub(crate) fn other_version() -> Reject {
        Reject::new(412, "the resource has another version than If-Match names; read it and send its ETag")
    }
}

/// A list of entity tags; none is another thing than an empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tags {
    /// Nothing is said.
    #[default]
    Unsaid,
    /// These; `*` stands for all that there are.
    Listed(Vec<String>),
}

impl Tags {
    /// Reads a list of entity tags, as in If-Match and If-None-Match.
    pub(crate) fn parse(header: Option<&str>) -> Self {
        header.map_or(Self::Unsaid, |text| {
            Self::Listed(text.split(',').map(|tag| opaque(tag).to_owned()).collect())
        })
    }

    /// Whether a tag is among those listed. SCIM's tags are weak, so they are compared weakly.
    pub(crate) fn lists(&self, tag: &str) -> bool {
        self.any(|listed| listed == opaque(tag))
    }

    /// Whether one of the listed tags stands for the version that a resource has of its own. Who is in which group is
    /// written by way of the groups, so whoever changes the resource itself overwrites nothing of it: there a tag
    /// that was given before is as good as the one that is given now.
    pub(crate) fn is_about(&self, record: &Record) -> bool {
        let tag = record.tag();
        self.any(|listed| GroupsMark::taken_off(listed) == opaque(&tag))
    }

    fn any(&self, fits: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Unsaid => false,
            Self::Listed(tags) => tags.iter().any(|listed| listed == "*" || fits(listed)),
        }
    }
}

fn opaque(tag: &str) -> &str {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag)
}
