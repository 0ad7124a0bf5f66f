use std::collections::BTreeMap;

use serde_json::Value;

/// The attributes of users as `/Schemas` publishes them: the User schema, and the Enterprise extension where the
/// target has it. Nothing where the target publishes nothing.
///
/// Attributes go by their path in any letter case: `title`, `name.givenName`, and behind the URI of the schema for
/// an extension.
#[derive(Clone, Debug, Default)]
pub struct Published {
    attributes: BTreeMap<String, Characteristics>,
    /// What the profile of the run decides on, by path in lower case.
    bound: Vec<String>,
}

#[derive(Clone, Debug)]
struct Characteristics {
    required: bool,
    mutability: Option<String>,
    case_exact: Option<bool>,
    unique: bool,
    /// Whether anything is said of its sub-attributes.
    divided: bool,
}

/// Attributes that a schema need not list: every resource has them (RFC 7643 §3.1).
const COMMON: &[&str] = &["schemas", "id", "externalid", "meta"];

/// Mutabilities by which a client cannot write and read a value as it likes (RFC 7643 §7).
const CLOSED: &[&str] = &["readOnly", "immutable", "writeOnly"];

impl Published {
    /// Takes in an attribute whose values the profile decides on.
    pub(crate) fn bind(&mut self, path: &str) {
        self.bound.push(path.to_lowercase());
    }

    /// Whether the profile that the target is held to decides on values of the attribute, or of a part of it: then it
    /// cannot hold whatever a check would like to put there.
    #[must_use]
    pub fn binds(&self, path: &str) -> bool {
        let path = path.to_lowercase();
        self.bound.iter().any(|bound| is_within(bound, &path) || is_within(&path, bound))
    }

    /// Takes in a schema; `prefix` stands before its attributes, empty or a URI with a colon.
    pub(crate) fn add(&mut self, schema: &Value, prefix: &str) {
        self.list(schema.get("attributes"), prefix);
    }

    /// Takes in that every user must have an extension.
    pub(crate) fn require(&mut self, uri: &str) {
        let whole = Characteristics {
            required: true,
            mutability: None,
            case_exact: None,
            unique: false,
            divided: true,
        };
        self.attributes.insert(uri.to_lowercase(), whole);
    }

    fn list(&mut self, attributes: Option<&Value>, prefix: &str) {
        for attribute in attributes.and_then(Value::as_array).into_iter().flatten() {
            let Some(name) = attribute.get("name").and_then(Value::as_str) else { continue };
            let path = format!("{prefix}{name}");
            let parts = attribute.get("subAttributes");
            self.list(parts, &format!("{path}."));
            let characteristics = Characteristics {
                required: attribute.get("required") == Some(&Value::Bool(true)),
                mutability: attribute.get("mutability").and_then(Value::as_str).map(str::to_owned),
                case_exact: attribute.get("caseExact").and_then(Value::as_bool),
                unique: attribute.get("uniqueness").and_then(Value::as_str).is_some_and(is_unique),
                divided: parts.and_then(Value::as_array).is_some_and(|parts| !parts.is_empty()),
            };
            self.attributes.insert(path.to_lowercase(), characteristics);
        }
    }

    /// Whether the attribute is published.
    #[must_use]
    pub fn contains(&self, path: &str) -> bool {
        self.get(path).is_some()
    }

    /// Whether the target can be expected to have the attribute: it publishes it, or nothing that would rule it out.
    #[must_use]
    pub fn offers(&self, path: &str) -> bool {
        let path = path.to_lowercase();
        let top = top_of(&path);
        if self.contains(&path) || COMMON.contains(&top) || !self.speaks_of(&path) {
            return true;
        }
        path != top && self.get(top).is_some_and(|whole| !whole.divided)
    }

    /// Whether a client can write the attribute at any time: the target offers it, and calls neither it nor the
    /// attribute that it is a part of `readOnly`, `immutable` or `writeOnly`.
    #[must_use]
    pub fn can_be_written(&self, path: &str) -> bool {
        let open = |path: &str| {
            let mutability = self.get(path).and_then(|found| found.mutability.as_deref());
            // A word that the standard does not know closes nothing.
            let closed = |word: &str| CLOSED.iter().any(|known| word.eq_ignore_ascii_case(known));
            !mutability.is_some_and(closed)
        };
        self.offers(path) && open(path) && open(top_of(path))
    }

    /// Whether a resource must have the attribute.
    #[must_use]
    pub fn requires(&self, path: &str) -> bool {
        self.get(path).is_some_and(|found| found.required)
    }

    /// Whether the attribute is compared letter by letter, where the target says so.
    #[must_use]
    pub fn case_exact(&self, path: &str) -> Option<bool> {
        self.get(path)?.case_exact
    }

    /// Whether the target says that no two resources have the same value of the attribute, or of the attribute that it is
    /// a part of.
    #[must_use]
    pub fn unique(&self, path: &str) -> bool {
        [path, top_of(path)].iter().any(|path| self.get(path).is_some_and(|found| found.unique))
    }

    fn get(&self, path: &str) -> Option<&Characteristics> {
        self.attributes.get(&path.to_lowercase())
    }

    /// Whether anything is published of the schema that the attribute belongs to.
    fn speaks_of(&self, path: &str) -> bool {
        let schema = path.rsplit_once(':').map(|(schema, _)| schema);
        self.attributes.keys().any(|known| known.rsplit_once(':').map(|(schema, _)| schema) == schema)
    }
}

/// Whether a word for uniqueness asks for any (RFC 7643 §7). One that the standard does not know may.
fn is_unique(word: &str) -> bool {
    !word.eq_ignore_ascii_case("none")
}

/// Whether a path leads to another one, or into it.
fn is_within(path: &str, whole: &str) -> bool {
    path.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ':']))
}

/// The attribute that a path leads into: URIs hold dots, names do not.
fn top_of(path: &str) -> &str {
    let name = path.rfind(':').map_or(0, |colon| colon + 1);
    let dot = path.get(name..).and_then(|name| name.find('.'));
    dot.and_then(|dot| path.get(..name + dot)).unwrap_or(path)
}
