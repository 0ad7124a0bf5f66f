//! A profile compiled to rules. Nothing behind this knows an application by its name.

mod behaviours;
mod path;
mod plan;
mod readings;
mod values;

use std::sync::Arc;

use engine::{Attribute, Behaviour, Extension, ResourceType, Rules, RulesError, Schema};
use profiles::{Profile, TypeRules};

use crate::application::Plan;
use crate::profile::behaviours::compiled;

pub(crate) use path::Path;

/// Why a profile cannot be played.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompileError {
    /// The embedded rules of the standard are malformed.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// The profile names an attribute that there is not.
    #[error(
        "profile {profile}: {path} names no attribute of {resource_type}; name one that its schemas have"
    )]
    Attribute {
        /// The profile's name.
        profile: String,
        /// The resource type.
        resource_type: String,
        /// The path as the profile writes it.
        path: String,
    },
    /// The profile gives an attribute a default that is no value of it.
    #[error("profile {profile}: {path} cannot hold its default; give it a value of its type")]
    Default {
        /// The profile's name.
        profile: String,
        /// The path as the profile writes it.
        path: String,
    },
}

/// The rules that a profile comes to, and what the application does beside its endpoints.
///
/// # Errors
/// When it names an attribute that there is not, or gives one a default that it cannot hold.
pub(crate) fn compile(profile: &Profile) -> Result<(Rules, Plan), CompileError> {
    let rules = rules(profile)?;
    hold_defaults(profile, &rules)?;
    let plan = plan::plan(profile, &rules)?;
    Ok((rules, plan))
}

fn hold_defaults(profile: &Profile, rules: &Rules) -> Result<(), CompileError> {
    let defaults = profile.behaviours.iter().filter_map(|behaviour| match behaviour {
        profiles::Behaviour::Default { at, value } => Some((at, value)),
        _ => None,
    });
    for (path, value) in defaults {
        let users = rules.resource_type("User");
        if value.is_null() || !users.is_some_and(|users| rules.can_hold(users, path, value)) {
            return Err(CompileError::Default { profile: profile.name.clone(), path: path.clone() });
        }
    }
    Ok(())
}

/// The rules that a profile comes to, for those who ask the engine itself.
///
/// # Errors
/// When it names an attribute that there is not.
pub fn rules(profile: &Profile) -> Result<Rules, CompileError> {
    let mut rules = Rules::rfc()?;
    rules.schemas.extend(profile.schemas.iter().map(schema));
    for (point, reading) in &profile.readings {
        readings::take(&mut rules.readings, point, reading);
    }
    if !profile.types.is_empty() {
        rules.resource_types.retain(|resource_type| profile.types.contains_key(&resource_type.name));
        for (name, type_rules) in &profile.types {
            apply(profile, name, type_rules, &mut rules)?;
        }
        if !profile.types.values().any(|found| honours(found, "externalId")) {
            rules.common.retain(|attribute| attribute.name != "externalId");
        }
        let served: Vec<String> =
            rules.resource_types.iter().flat_map(ResourceType::schema_uris).map(str::to_owned).collect();
        rules.schemas.retain(|schema| served.contains(&schema.id));
    }
    rules.behaviours = profile
        .behaviours
        .iter()
        .filter_map(compiled)
        .map(|behaviour| Arc::from(behaviour) as Arc<dyn Behaviour>)
        .collect();
    // Whoever is named as a manager is looked up by e-mail.
    if profile.behaviours.iter().any(|behaviour| matches!(behaviour, profiles::Behaviour::Manager { .. })) {
        rules.indexed.push("emails.value".to_owned());
    }
    Ok(rules)
}

fn apply(
    profile: &Profile,
    name: &str,
    type_rules: &TypeRules,
    rules: &mut Rules,
) -> Result<(), CompileError> {
    let unknown = |path: &str| CompileError::Attribute {
        profile: profile.name.clone(),
        resource_type: name.to_owned(),
        path: path.to_owned(),
    };
    let Some(resource_type) = rules.resource_types.iter_mut().find(|found| found.name == name) else {
        return Ok(());
    };
    if let Some(extensions) = &type_rules.extensions {
        resource_type.schema_extensions =
            extensions.iter().map(|uri| Extension { schema: uri.clone(), required: false }).collect();
    }
    resource_type.filterable.clone_from(&type_rules.filters);
    resource_type.patchable.clone_from(&type_rules.patches);
    resource_type.replaceable.clone_from(&type_rules.replaces);
    rules.indexed.extend(type_rules.matching.iter().cloned());
    let base = resource_type.schema.clone();
    let Some(schema) = rules.schemas.iter_mut().find(|schema| schema.id == base) else { return Ok(()) };
    if let Some(listed) = &type_rules.honours {
        let lost =
            listed.iter().find(|path| *path != "externalId" && find(&mut schema.attributes, path).is_none());
        if let Some(path) = lost {
            return Err(unknown(path));
        }
        prune(&mut schema.attributes, "", type_rules);
    }
    for path in &type_rules.requires {
        // A part can only be demanded of something that is there.
        let whole = path.split('.').next().unwrap_or(path);
        for path in [whole, path] {
            find(&mut schema.attributes, path).ok_or_else(|| unknown(path))?.required = true;
        }
    }
    Ok(())
}

/// Whether a path, or something below it, is among those that are kept.
fn honours(type_rules: &TypeRules, path: &str) -> bool {
    let below = format!("{path}.");
    type_rules
        .honours
        .as_ref()
        .is_none_or(|paths| paths.iter().any(|listed| listed == path || listed.starts_with(&below)))
}

/// Takes away what is not kept. An attribute that is listed without its parts keeps them all.
fn prune(attributes: &mut Vec<Attribute>, prefix: &str, type_rules: &TypeRules) {
    attributes.retain_mut(|attribute| {
        let path = format!("{prefix}{}", attribute.name);
        let whole = type_rules.honours.as_ref().is_none_or(|paths| paths.contains(&path));
        if !whole {
            prune(&mut attribute.sub_attributes, &format!("{path}."), type_rules);
        }
        whole || honours(type_rules, &path)
    });
}

fn find<'a>(attributes: &'a mut [Attribute], path: &str) -> Option<&'a mut Attribute> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let found = attributes.iter_mut().find(|attribute| attribute.name == name)?;
    match rest {
        None => Some(found),
        Some(rest) => find(&mut found.sub_attributes, rest),
    }
}

fn schema(described: &profiles::Schema) -> Schema {
    Schema {
        id: described.id.clone(),
        name: described.name.clone(),
        description: described.description.clone(),
        attributes: described.attributes.iter().map(attribute).collect(),
        exact_names: described.exact_names,
    }
}

fn attribute(described: &profiles::Attribute) -> Attribute {
    Attribute {
        name: described.name.clone(),
        kind: described.kind,
        multi_valued: described.multi_valued,
        description: described.description.clone(),
        required: described.required,
        canonical_values: described.canonical_values.clone(),
        case_exact: described.case_exact,
        mutability: described.mutability,
        returned: described.returned,
        uniqueness: described.uniqueness,
        reference_types: Vec::new(),
        sub_attributes: described.sub_attributes.iter().map(attribute).collect(),
        link: None,
        type_checked: true,
    }
}

#[cfg(test)]
mod tests;
