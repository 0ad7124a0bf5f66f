use std::collections::BTreeMap;

use protocol::{Kind, Mutability, Returned, Uniqueness};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::behaviour::Behaviour;
use crate::tokens::TokenRules;

/// What stands in a sample for the userName that goes with it.
pub const USER_NAME: &str = "{userName}";

/// The rules of one application.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The name that selects it, in lower case.
    pub name: String,
    /// A title for people.
    pub title: String,
    /// The path of the base URL, with a leading and without a trailing slash; empty for the root.
    pub base_path: String,
    /// The media types of bodies that are taken beyond those of the standard.
    #[serde(default)]
    pub media_types: Vec<String>,
    /// What is served, by the name of the resource type; where it is empty, all that the standard has.
    #[serde(default)]
    pub types: BTreeMap<String, TypeRules>,
    /// Schemas that the standard does not have.
    #[serde(default)]
    pub schemas: Vec<Schema>,
    /// How open points are read, by the name of the point ([`READINGS`](crate::READINGS)); the others as the
    /// text says most plainly.
    #[serde(default)]
    pub readings: BTreeMap<String, String>,
    /// What the application does that no schema can say.
    #[serde(default)]
    pub behaviours: Vec<Behaviour>,
    /// The tokens that open the endpoints.
    #[serde(default)]
    pub tokens: TokenRules,
    /// The domain of the e-mail addresses that are made up, where the application takes those of one alone; without it
    /// `example.com`.
    pub domain: Option<String>,
    /// By resource type: attributes that the application demands on create, with a value for each. `{name}` stands
    /// for the name of the resource, `{domain}` for the domain of addresses, `{userName}` for the userName that it is
    /// given: a value with the latter follows from another one, so no check puts values of its own there.
    #[serde(default)]
    pub samples: BTreeMap<String, Map<String, Value>>,
    /// The rules that the application is held to, each of which can be cited.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Where the rules break the standard on purpose.
    #[serde(default)]
    pub deviations: Vec<Deviation>,
}

impl Profile {
    /// The attributes of users whose values the application decides on, as paths; they cannot hold whatever a client
    /// likes.
    #[must_use]
    pub fn bound(&self) -> Vec<String> {
        let mut bound: Vec<String> =
            self.behaviours.iter().filter_map(Behaviour::binds).map(str::to_owned).collect();
        for (attribute, sample) in self.samples.get("User").into_iter().flatten() {
            following(sample, attribute, &mut bound);
        }
        bound
    }

    /// What is known of an application where only its sample values are: the rest as the standard has it.
    #[must_use]
    pub fn samples_alone(&self) -> Self {
        Self {
            name: self.name.clone(),
            title: self.title.clone(),
            base_path: self.base_path.clone(),
            domain: self.domain.clone(),
            samples: self.samples.clone(),
            media_types: Vec::new(),
            types: BTreeMap::new(),
            schemas: Vec::new(),
            readings: BTreeMap::new(),
            behaviours: Vec::new(),
            tokens: TokenRules::default(),
            rules: Vec::new(),
            deviations: Vec::new(),
        }
    }

    /// The names of the attributes of its schemas that nobody is ever shown: their values are secret.
    #[must_use]
    pub fn secrets(&self) -> Vec<&str> {
        fn gather<'a>(attributes: &'a [Attribute], found: &mut Vec<&'a str>) {
            for attribute in attributes {
                if attribute.returned == Returned::Never {
                    found.push(&attribute.name);
                }
                gather(&attribute.sub_attributes, found);
            }
        }
        let mut found = Vec::new();
        self.schemas.iter().for_each(|schema| gather(&schema.attributes, &mut found));
        found
    }
}

/// The paths of the samples that follow from a userName.
fn following(sample: &Value, path: &str, found: &mut Vec<String>) {
    match sample {
        Value::String(text) if text.contains(USER_NAME) => found.push(path.to_owned()),
        Value::Array(items) => items.iter().for_each(|item| following(item, path, found)),
        Value::Object(parts) => {
            let joint = if path.starts_with("urn:") { ':' } else { '.' };
            parts.iter().for_each(|(name, part)| following(part, &format!("{path}{joint}{name}"), found));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What an application makes of one resource type of the standard.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TypeRules {
    /// The attributes of the base schema that are kept, such as `userName` and `name.givenName`; all where the
    /// list is missing. The others are neither published nor kept.
    pub honours: Option<Vec<String>>,
    /// The URIs of the schemas that extend it; those of the standard where the list is missing.
    pub extensions: Option<Vec<String>>,
    /// What a create has to carry beyond what the standard demands; empty text does not count.
    #[serde(default)]
    pub requires: Vec<String>,
    /// What clients match by, beyond userName, externalId and displayName: an equality on it is looked up in an
    /// index.
    #[serde(default)]
    pub matching: Vec<String>,
    /// What filters may name; everything where the list is missing. Filters on the rest are refused.
    pub filters: Option<Vec<String>>,
    /// What PATCH may change, such as `name.givenName` or `emails[type eq "work"]`; everything that can be written
    /// where the list is missing.
    pub patches: Option<Vec<String>>,
    /// What PUT may change: whole attributes, such as `name`, and the URIs of extensions; everything that can be
    /// written where the list is missing. What is not listed stays, whatever a request says of it.
    pub replaces: Option<Vec<String>>,
    /// Of users: attributes that the application keeps in columns of its own, by path, with the column's name.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// Of users: attributes that the application keeps as custom properties, by path, with the property's name.
    #[serde(default)]
    pub properties: BTreeMap<String, String>,
}

/// A schema, RFC 7643 §7.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// Its URI.
    pub id: String,
    /// A name for people.
    pub name: String,
    /// What it describes.
    pub description: String,
    /// Whether the names of its attributes match letter by letter, which RFC 7643 §2.1 forbids.
    #[serde(default)]
    pub exact_names: bool,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a schema, RFC 7643 §2.2: an optional single-valued string unless it says otherwise.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// What it means.
    pub description: String,
    /// The type of its value.
    #[serde(rename = "type", default)]
    #[schemars(with = "String")]
    pub kind: Kind,
    /// Whether its value is an array.
    #[serde(default)]
    pub multi_valued: bool,
    /// Whether a resource must have it.
    #[serde(default)]
    pub required: bool,
    /// Suggested values.
    #[serde(default)]
    pub canonical_values: Vec<String>,
    /// Whether letter case counts when values are compared.
    #[serde(default)]
    pub case_exact: bool,
    /// Who may write it, and when.
    #[serde(default)]
    #[schemars(with = "String")]
    pub mutability: Mutability,
    /// When it is shown.
    #[serde(default)]
    #[schemars(with = "String")]
    pub returned: Returned,
    /// How far no two resources may share a value.
    #[serde(default)]
    #[schemars(with = "String")]
    pub uniqueness: Uniqueness,
    /// The attributes of a complex value.
    #[serde(default)]
    pub sub_attributes: Vec<Attribute>,
}

/// One rule of an application, which checks cite as they cite a requirement of the standard.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its id, such as `B-10`.
    pub id: String,
    /// Who can see whether it holds.
    pub seen: Seen,
    /// Where it is written.
    pub source: String,
    /// What it says, in one sentence.
    pub text: String,
    /// The test of the bundled server that holds it to this rule, as `file::function`, where no check can.
    pub proven_by: Option<String>,
    /// What of it is proven nowhere here, or by no check, and why.
    pub unproven: Option<String>,
}

/// Who can see whether a rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// Any client, over SCIM.
    Scim,
    /// Administrators of the application.
    Admin,
    /// Either of them a part of it.
    #[serde(rename = "admin+scim")]
    AdminAndScim,
    /// Nobody at the server: it binds the provisioning client.
    Client,
    /// Any client that sends much.
    Load,
}

impl Seen {
    /// Whether any client can see some of it over SCIM.
    #[must_use]
    pub const fn over_scim(self) -> bool {
        matches!(self, Self::Scim | Self::AdminAndScim)
    }

    /// The word that files use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scim => "scim",
            Self::Admin => "admin",
            Self::AdminAndScim => "admin+scim",
            Self::Client => "client",
            Self::Load => "load",
        }
    }
}

/// A requirement of the standard that a rule breaks on purpose.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// The requirement's id.
    pub requirement: String,
    /// The rule that asks for it.
    pub rule: String,
    /// What the application does instead.
    pub behaviour: String,
    /// The checks that are excused; all that cite the requirement where there is no list.
    pub checks: Option<Vec<String>>,
}
