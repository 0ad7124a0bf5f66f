//! The attributes that expectations may ask the target for: what its schemas have, and what the mapping names.

use std::collections::BTreeSet;

use profiles::{Attribute, Profile};
use protocol::standard::{self, Names};

/// The attributes of a user or of a group, without filters: `emails.value` stands for `emails[type eq "work"].value` too.
pub(super) struct Asked(BTreeSet<String>);

impl Asked {
    /// What a resource type of an application has, beside the targets that a mapping names.
    pub(super) fn of<'t>(
        base: Names,
        profile: &Profile,
        targets: impl IntoIterator<Item = &'t String>,
    ) -> Self {
        let mut names = BTreeSet::new();
        standing("", standard::COMMON, &mut names);
        standing("", base, &mut names);
        standing(&format!("{}:", protocol::urn::ENTERPRISE_USER), standard::ENTERPRISE_USER, &mut names);
        for schema in &profile.schemas {
            described(&format!("{}:", schema.id), &schema.attributes, &mut names);
        }
        for target in targets {
            let target = plain(target);
            // A reference may be shown as an object.
            names.insert(format!("{target}.value"));
            names.insert(target);
        }
        Self(names)
    }

    /// Whether a target is among them, in any letter case.
    pub(super) fn knows(&self, target: &str) -> bool {
        let target = plain(target).to_lowercase();
        self.0.iter().any(|known| known.to_lowercase() == target)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// A target without its filter.
fn plain(target: &str) -> String {
    match target.split_once('[').and_then(|(before, rest)| Some((before, rest.rsplit_once(']')?.1))) {
        Some((before, after)) => format!("{before}{after}"),
        None => target.to_owned(),
    }
}

fn standing(prefix: &str, attributes: Names, names: &mut BTreeSet<String>) {
    for (name, parts) in attributes {
        names.insert(format!("{prefix}{name}"));
        names.extend(parts.iter().map(|part| format!("{prefix}{name}.{part}")));
    }
}

fn described(prefix: &str, attributes: &[Attribute], names: &mut BTreeSet<String>) {
    for attribute in attributes {
        let name = format!("{prefix}{}", attribute.name);
        described(&format!("{name}."), &attribute.sub_attributes, names);
        names.insert(name);
    }
}
