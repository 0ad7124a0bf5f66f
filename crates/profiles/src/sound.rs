//! What TOML cannot say of a profile: that its parts fit together.

use std::collections::BTreeSet;

use crate::model::{Deviation, Profile, TypeRules};
use crate::readings;

/// The resource types of the standard.
const TYPES: [&str; 2] = ["Group", "User"];

/// What deviations can name. Which requirements and checks there are is not for profiles to know.
#[derive(Clone, Copy)]
pub struct Citable<'a> {
    /// Whether this is the id of a requirement of the standard.
    pub is_requirement: &'a dyn Fn(&str) -> bool,
    /// Whether this is the id of a check.
    pub is_check: &'a dyn Fn(&str) -> bool,
}

/// What is wrong: the text that shows where, a message, and what to do.
pub(crate) struct Complaint {
    pub(crate) shows: String,
    pub(crate) message: String,
    pub(crate) hint: &'static str,
}

/// The first thing that is wrong with a profile.
pub(crate) fn complaint(profile: &Profile) -> Option<Complaint> {
    base_path(profile)
        .or_else(|| types(profile))
        .or_else(|| open_points(profile))
        .or_else(|| rules(profile))
        .or_else(|| deviations(profile))
}

fn base_path(profile: &Profile) -> Option<Complaint> {
    let path = &profile.base_path;
    (!path.is_empty() && (!path.starts_with('/') || path.ends_with('/'))).then(|| Complaint {
        shows: "base_path".to_owned(),
        message: "base_path is no path of a base URL".to_owned(),
        hint: "open it with a slash and end it without one, as in \"/scim/v2\"",
    })
}

fn types(profile: &Profile) -> Option<Complaint> {
    let unknown = profile.types.keys().find(|name| !TYPES.contains(&name.as_str()));
    if let Some(name) = unknown {
        return Some(Complaint {
            shows: format!("types.{name}"),
            message: format!("there is no resource type `{name}`"),
            hint: "a profile can serve User and Group",
        });
    }
    let kept = |rules: &TypeRules| !rules.columns.is_empty() || !rules.properties.is_empty();
    if let Some((name, _)) = profile.types.iter().find(|(name, rules)| *name != "User" && kept(rules)) {
        return Some(Complaint {
            shows: format!("types.{name}"),
            message: format!("a {name} has neither columns nor properties"),
            hint: "they belong to User",
        });
    }
    let standard = protocol::urn::ENTERPRISE_USER;
    let known = |uri: &str| uri == standard || profile.schemas.iter().any(|schema| schema.id == uri);
    let extensions = profile.types.values().filter_map(|rules| rules.extensions.as_ref()).flatten();
    extensions.into_iter().find(|uri| !known(uri)).map(|uri| Complaint {
        shows: uri.clone(),
        message: format!("the extension {uri} is described nowhere"),
        hint: "add a table [[schemas]] with this id",
    })
}

fn open_points(profile: &Profile) -> Option<Complaint> {
    profile.readings.iter().find_map(|(point, reading)| {
        readings::complaint(point, reading).map(|message| Complaint {
            shows: point.clone(),
            message,
            hint: "choose one of those listed, or remove the line",
        })
    })
}

fn rules(profile: &Profile) -> Option<Complaint> {
    let mut seen = BTreeSet::new();
    profile.rules.iter().find(|rule| !seen.insert(&rule.id)).map(|twice| Complaint {
        shows: format!("\"{}\"", twice.id),
        message: format!("the rule {} stands twice", twice.id),
        hint: "give each rule an id of its own",
    })
}

/// The first deviation from something that there is not.
pub(crate) fn uncitable(profile: &Profile, citable: Citable<'_>) -> Option<Complaint> {
    profile.deviations.iter().find_map(|Deviation { requirement, checks, .. }| {
        if !(citable.is_requirement)(requirement) {
            return Some(Complaint {
                shows: format!("requirement = \"{requirement}\""),
                message: format!("there is no requirement {requirement}"),
                hint: "name one of the standard by its id, such as RFC7644-3.6-R6, as reports and `scimproof explain` do",
            });
        }
        let lost = checks.iter().flatten().find(|check| !(citable.is_check)(check))?;
        Some(Complaint {
            shows: format!("\"{lost}\""),
            message: format!("the deviation from {requirement} excuses the check {lost}, which is not there"),
            hint: "`scimproof check --list` shows the checks; without `checks`, all are excused that cite the requirement",
        })
    })
}

fn deviations(profile: &Profile) -> Option<Complaint> {
    let known = |id: &str| profile.rules.iter().any(|rule| rule.id == id);
    profile.deviations.iter().find(|deviation| !known(&deviation.rule)).map(|lost| Complaint {
        shows: format!("rule = \"{}\"", lost.rule),
        message: format!(
            "the deviation from {} names the rule {}, which is not there",
            lost.requirement, lost.rule
        ),
        hint: "name a rule of this file",
    })
}
