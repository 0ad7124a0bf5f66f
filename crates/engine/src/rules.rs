use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::behaviour::Behaviour;
use crate::readings::Readings;
use crate::schema::{Attribute, Link, Schema, named};

/// All that decides how a server behaves: resource types, schemas, limits, and the readings it takes where
/// the text leaves several.
#[derive(Clone, Debug)]
pub struct Rules {
    /// What is served, and where.
    pub resource_types: Vec<ResourceType>,
    /// The schemas that resource types name.
    pub schemas: Vec<Schema>,
    /// The attributes that every resource has, RFC 7643 §3.1: `schemas`, `id`, `externalId`, `meta`.
    pub common: Vec<Attribute>,
    /// How much a client may ask for.
    pub limits: Limits,
    /// The attributes by which clients look resources up, as paths such as `externalId`. Stores keep an index
    /// of their values, so that an equality on one of them never reads every resource.
    pub indexed: Vec<String>,
    /// How the open points of the text are read.
    pub readings: Readings,
    /// What an application does beyond all that, in the order in which it is done.
    pub behaviours: Vec<Arc<dyn Behaviour>>,
}

/// What identity providers match accounts and groups by, whatever the application, and what names other resources.
const INDEXED: [&str; 4] = [
    "userName",
    "externalId",
    "displayName",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
];

/// Something that is served at an endpoint, RFC 7643 §6.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceType {
    /// Its name, such as `User`.
    pub name: String,
    /// Where it is served, below the base URL, with a leading slash.
    pub endpoint: String,
    /// What it is.
    pub description: String,
    /// The URI of its base schema.
    pub schema: String,
    /// The schemas that extend it.
    #[serde(default)]
    pub schema_extensions: Vec<Extension>,
    /// What filters may name, as paths; everything where there is no list.
    #[serde(skip)]
    pub filterable: Option<Vec<String>>,
    /// What PATCH may change, as paths, such as `name.givenName` or `emails[type eq "work"]`; everything that can be
    /// written where there is no list.
    #[serde(skip)]
    pub patchable: Option<Vec<String>>,
    /// What PUT may change, as the names of whole attributes and the URIs of extensions; everything that can be written
    /// where there is no list. What is not listed stays, whatever a request says of it.
    #[serde(skip)]
    pub replaceable: Option<Vec<String>>,
}

/// A schema that extends a resource type, RFC 7643 §6.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Extension {
    /// Its URI.
    pub schema: String,
    /// Whether every resource must carry it.
    pub required: bool,
}

/// How much a client may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest request body, in bytes.
    pub body_bytes: usize,
    /// How deep a body may nest, in levels of arrays and objects.
    pub depth_levels: usize,
    /// Resources in a page where the client names no `count`.
    pub page_default: u64,
    /// Resources in a page at most.
    pub page_max: u64,
    /// The longest filter, in bytes.
    pub filter_bytes: usize,
    /// How deep the parentheses and brackets of a filter may nest, in levels.
    pub filter_depth_levels: usize,
    /// How many comparisons a filter may hold.
    pub filter_terms: usize,
    /// How many operations a PATCH may hold.
    pub patch_operations: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            depth_levels: 32,
            page_default: 100,
            page_max: 200,
            filter_bytes: 8 * 1024,
            filter_depth_levels: 32,
            filter_terms: 256,
            patch_operations: 1_000,
        }
    }
}

/// Which ends of the membership graph a resource type shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Links {
    /// It has members.
    pub members: bool,
    /// It shows the groups that it is in.
    pub groups: bool,
}

/// Why rules cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RulesError {
    /// A data file does not have the form it should have.
    #[error("data file {file} is malformed")]
    Data {
        /// The file's name.
        file: &'static str,
        /// What the parser says.
        #[source]
        cause: serde_json::Error,
    },
}

impl Rules {
    /// The rules of RFC 7643 and RFC 7644: users with the enterprise extension, and groups.
    ///
    /// # Errors
    /// When an embedded data file is malformed, which a test rules out.
    pub fn rfc() -> Result<Self, RulesError> {
        Ok(Self {
            resource_types: data("resource-types.json", include_str!("data/resource-types.json"))?,
            schemas: vec![
                data("user.json", include_str!("data/user.json"))?,
                data("group.json", include_str!("data/group.json"))?,
                data("enterprise-user.json", include_str!("data/enterprise-user.json"))?,
            ],
            common: data("common.json", include_str!("data/common.json"))?,
            limits: Limits::default(),
            indexed: INDEXED.map(str::to_owned).to_vec(),
            readings: Readings::default(),
            behaviours: Vec::new(),
        })
    }

    /// The resource type served at an endpoint such as `/Users`.
    #[must_use]
    pub fn resource_type_at(&self, endpoint: &str) -> Option<&ResourceType> {
        self.resource_types.iter().find(|resource_type| resource_type.endpoint == endpoint)
    }

    /// The resource type of this name.
    #[must_use]
    pub fn resource_type(&self, name: &str) -> Option<&ResourceType> {
        self.resource_types.iter().find(|resource_type| resource_type.name == name)
    }

    /// The schema with this URI, in any letter case.
    #[must_use]
    pub fn schema(&self, uri: &str) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.id.eq_ignore_ascii_case(uri))
    }

    /// A top-level attribute of a schema, or one of the common attributes, for rules that bend it.
    pub fn attribute_mut(&mut self, schema: &str, name: &str) -> Option<&mut Attribute> {
        self.schemas
            .iter_mut()
            .find(|candidate| candidate.id == schema)
            .map_or(&mut self.common, |schema| &mut schema.attributes)
            .iter_mut()
            .find(|attribute| attribute.name == name)
    }

    /// Which ends of the membership graph a resource type shows.
    #[must_use]
    pub fn links(&self, resource_type: &ResourceType) -> Links {
        let shows =
            |link| self.base_attributes(resource_type).iter().any(|attribute| attribute.link == Some(link));
        Links { members: shows(Link::Members), groups: shows(Link::Groups) }
    }

    /// The attributes of a resource type's base schema; none where the schema is not among the rules.
    pub(crate) fn base_attributes(&self, resource_type: &ResourceType) -> &[Attribute] {
        self.schema(&resource_type.schema).map_or(&[], |schema| &schema.attributes)
    }

    /// A common attribute, or one of the base schema, by its name in any letter case.
    pub(crate) fn attribute(&self, resource_type: &ResourceType, name: &str) -> Option<&Attribute> {
        named(&self.common, name).or_else(|| named(self.base_attributes(resource_type), name))
    }
}

impl ResourceType {
    /// Whether a list of paths has one of a resolved path: itself, or one above it.
    pub(crate) fn lists(list: Option<&Vec<String>>, path: &str) -> bool {
        list.is_none_or(|paths| {
            paths.iter().any(|listed| {
                path.strip_prefix(listed.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            })
        })
    }

    /// Every schema URI of the type: the base first, then the extensions.
    pub fn schema_uris(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.schema.as_str())
            .chain(self.schema_extensions.iter().map(|extension| extension.schema.as_str()))
    }

    /// The resource type as a resource below `base` (an absolute URL without a trailing slash), RFC 7643 §6.
    #[must_use]
    pub fn published(&self, base: &str) -> Value {
        let extensions: Vec<Value> = self
            .schema_extensions
            .iter()
            .map(|extension| json!({ "schema": extension.schema, "required": extension.required }))
            .collect();
        json!({
            "schemas": [protocol::urn::RESOURCE_TYPE],
            "id": self.name,
            "name": self.name,
            "endpoint": self.endpoint,
            "description": self.description,
            "schema": self.schema,
            "schemaExtensions": extensions,
            "meta": {
                "resourceType": "ResourceType",
                "location": format!("{base}{}/{}", protocol::endpoint::RESOURCE_TYPES, self.name),
            },
        })
    }
}

fn data<T: for<'de> Deserialize<'de>>(file: &'static str, text: &str) -> Result<T, RulesError> {
    serde_json::from_str(text).map_err(|cause| RulesError::Data { file, cause })
}
