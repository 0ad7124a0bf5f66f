//! Whether the attributes that samples name are anybody's: a name that is misspelt would be sent, and ignored, without a word.

use std::collections::{BTreeMap, BTreeSet};

use protocol::standard::{self, Names};
use serde_json::Value;

use crate::error::ProfileError;
use crate::model::{Attribute, Profile};
use crate::near::hint;
use crate::paths;
use crate::place::Place;
use crate::sound::Complaint;
use crate::target::TargetFile;

/// The attributes that a server publishes, by resource type: paths such as `name.givenName`, those of an extension behind its URI
/// and a colon, and the URI itself.
pub type PublishedNames = BTreeMap<String, BTreeSet<String>>;

/// What every value of a list may have (RFC 7643 §2.4).
const OF_LISTS: [&str; 5] = ["value", "display", "type", "primary", "$ref"];

/// What the samples of a file name and nobody knows: not the standard, not the profile, not the server. It is no error, since servers
/// demand what they do not publish, and each is told with its place.
#[must_use]
pub fn unknown(
    file: &TargetFile,
    profile: &Profile,
    published: &PublishedNames,
    text: &str,
    file_name: &str,
) -> Vec<ProfileError> {
    let each = file.samples.iter().flat_map(|(resource_type, sample)| {
        let known = Known::of(profile, published, resource_type);
        let at = Place::key(&["samples", resource_type]);
        let mut found = Vec::new();
        for (name, value) in sample {
            known.look(name, name, value, at.clone().of(name), &mut found);
        }
        found
    });
    each.map(|complaint| ProfileError::unsound(text, file_name, complaint)).collect()
}

/// The paths that a resource type can have: as they are written, by the same in lower case.
struct Known(BTreeMap<String, String>);

impl Known {
    fn of(profile: &Profile, published: &PublishedNames, resource_type: &str) -> Self {
        let mut known = Self(BTreeMap::new());
        known.standing("", paths::base(resource_type));
        known.standing("", standard::COMMON);
        known.add(protocol::urn::ENTERPRISE_USER);
        known.standing(&format!("{}:", protocol::urn::ENTERPRISE_USER), standard::ENTERPRISE_USER);
        for schema in &profile.schemas {
            known.add(&schema.id);
            known.described(&format!("{}:", schema.id), &schema.attributes);
        }
        published.get(resource_type).into_iter().flatten().for_each(|path| known.add(path));
        known
    }

    fn add(&mut self, path: &str) {
        self.0.entry(path.to_lowercase()).or_insert_with(|| path.to_owned());
    }

    fn standing(&mut self, prefix: &str, names: Names) {
        for (name, parts) in names {
            self.add(&format!("{prefix}{name}"));
            parts.iter().for_each(|part| self.add(&format!("{prefix}{name}.{part}")));
        }
    }

    fn described(&mut self, prefix: &str, attributes: &[Attribute]) {
        for attribute in attributes {
            let path = format!("{prefix}{}", attribute.name);
            self.described(&format!("{path}."), &attribute.sub_attributes);
            self.add(&path);
        }
    }

    /// The names of what stands right below a path, which ends in a dot or a colon; or of the attributes and schemas of the type.
    fn below(&self, prefix: &str) -> Vec<&str> {
        let wanted = prefix.to_lowercase();
        let below = self.0.iter().filter(|(lower, _)| lower.starts_with(&wanted));
        let rests = below.filter_map(|(_, path)| path.get(prefix.len()..));
        rests.filter(|rest| !rest.contains(['.', ':']) || prefix.is_empty() && self.is_uri(rest)).collect()
    }

    /// Whether a path is the URI of a schema, and not an attribute behind one.
    fn is_uri(&self, path: &str) -> bool {
        let is_behind = |(at, _): (usize, &str)| {
            path.get(..at).is_some_and(|uri| self.0.contains_key(&uri.to_lowercase()))
        };
        path.starts_with("urn:") && !path.match_indices(':').any(is_behind)
    }

    /// Looks at an attribute and at all that its value holds.
    fn look(&self, path: &str, name: &str, value: &Value, at: Place, found: &mut Vec<Complaint>) {
        if !self.0.contains_key(&path.to_lowercase()) {
            let parent = path.strip_suffix(name).unwrap_or_default();
            let message = format!(
                "no schema of the standard, the profile or the server has {path}; it is sent all the same"
            );
            let otherwise = "where the server demands it and does not publish it, leave it as it is";
            let hint = hint(name, self.below(parent), otherwise);
            found.push(Complaint::new(at.itself(), message, hint));
            return;
        }
        let joint = if path.starts_with("urn:") && path == name { ':' } else { '.' };
        let prefix = format!("{path}{joint}");
        // Of what nobody divides into parts anything may be said.
        if self.below(&prefix).is_empty() {
            return;
        }
        let mut within = |value: &Value, at: &Place, is_listed: bool| {
            for (part, value) in value.as_object().into_iter().flatten() {
                if !(is_listed && OF_LISTS.contains(&part.as_str())) {
                    self.look(&format!("{prefix}{part}"), part, value, at.clone().of(part), found);
                }
            }
        };
        match value {
            Value::Array(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, item)| within(item, &at.clone().element(index), true));
            }
            value => within(value, &at, false),
        }
    }
}
