//! What TOML cannot say of a profile: that its parts fit together.

use std::collections::BTreeSet;

use crate::defaults;
use crate::model::{Deviation, Profile, TypeRules};
use crate::near::hint;
use crate::paths;
use crate::place::Place;
use crate::readings;
use crate::values;

/// The resource types of the standard.
pub(crate) const TYPES: [&str; 2] = ["Group", "User"];

/// What deviations can name. Which requirements and checks there are is not for profiles to know.
#[derive(Clone, Copy)]
pub struct Citable<'a> {
    /// Whether this is the id of a requirement of the standard.
    pub is_requirement: &'a dyn Fn(&str) -> bool,
    /// Whether this is the id of a check.
    pub is_check: &'a dyn Fn(&str) -> bool,
}

/// What is wrong: where, a message, and what to do.
pub(crate) struct Complaint {
    pub(crate) at: Place,
    pub(crate) message: String,
    pub(crate) hint: String,
}

impl Complaint {
    pub(crate) fn new(at: Place, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { at, message: message.into(), hint: hint.into() }
    }
}

/// The first thing that is wrong with a profile.
pub(crate) fn complaint(profile: &Profile) -> Option<Complaint> {
    base_path(profile)
        .or_else(|| crate::domain::complaint(profile.domain.as_deref()))
        .or_else(|| types(profile))
        .or_else(|| paths::complaint(profile))
        .or_else(|| values::complaint(profile))
        .or_else(|| defaults::complaint(profile))
        .or_else(|| open_points(profile))
        .or_else(|| rules(profile))
        .or_else(|| deviations(profile))
}

fn base_path(profile: &Profile) -> Option<Complaint> {
    let path = &profile.base_path;
    (!path.is_empty() && (!path.starts_with('/') || path.ends_with('/'))).then(|| {
        let hint = "open it with a slash and end it without one, as in \"/scim/v2\"";
        Complaint::new(Place::key(&["base_path"]), "base_path is no path of a base URL", hint)
    })
}

fn types(profile: &Profile) -> Option<Complaint> {
    let unknown = profile.types.keys().find(|name| !TYPES.contains(&name.as_str()));
    if let Some(name) = unknown {
        let message = format!("there is no resource type `{name}`");
        let hint = hint(name, TYPES, "a profile can serve User and Group");
        return Some(Complaint::new(Place::key(&["types", name]), message, hint));
    }
    let kept = |rules: &TypeRules| !rules.columns.is_empty() || !rules.properties.is_empty();
    if let Some((name, _)) = profile.types.iter().find(|(name, rules)| *name != "User" && kept(rules)) {
        let message = format!("a {name} has neither columns nor properties");
        return Some(Complaint::new(Place::key(&["types", name]), message, "they belong to User"));
    }
    profile.types.iter().find_map(|(name, rules)| undescribed(profile, name, rules))
}

/// The first extension that is described nowhere.
fn undescribed(profile: &Profile, name: &str, rules: &TypeRules) -> Option<Complaint> {
    let standard = protocol::urn::ENTERPRISE_USER;
    let known = || profile.schemas.iter().map(|schema| schema.id.as_str()).chain([standard]);
    let mut extensions = rules.extensions.iter().flatten().enumerate();
    extensions.find(|(_, uri)| !known().any(|known| known == uri.as_str())).map(|(index, uri)| {
        let at = Place::value(&["types", name, "extensions"]).element(index);
        let message = format!("the extension {uri} is described nowhere");
        Complaint::new(at, message, hint(uri, known(), "add a table [[schemas]] with this id"))
    })
}

fn open_points(profile: &Profile) -> Option<Complaint> {
    profile.readings.iter().find_map(|(point, reading)| {
        let (message, hint) = readings::complaint(point, reading)?;
        let place = Place::value(&["readings", point]);
        let is_point = readings::READINGS.iter().any(|(known, _)| known == point);
        Some(Complaint::new(if is_point { place } else { place.itself() }, message, hint))
    })
}

fn rules(profile: &Profile) -> Option<Complaint> {
    let mut seen = BTreeSet::new();
    let mut rules = profile.rules.iter().enumerate();
    rules.find(|(_, rule)| !seen.insert(&rule.id)).map(|(index, twice)| {
        let at = Place::value(&["rules"]).element(index).of("id");
        Complaint::new(at, format!("the rule {} stands twice", twice.id), "give each rule an id of its own")
    })
}

fn deviation(index: usize, key: &str) -> Place {
    Place::value(&["deviations"]).element(index).of(key)
}

/// The first deviation from something that there is not.
pub(crate) fn uncitable(profile: &Profile, citable: Citable<'_>) -> Option<Complaint> {
    profile.deviations.iter().enumerate().find_map(|(index, Deviation { requirement, checks, .. })| {
        if !(citable.is_requirement)(requirement) {
            return Some(Complaint::new(
                deviation(index, "requirement").itself(),
                format!("there is no requirement {requirement}"),
                "name one of the standard by its id, such as RFC7644-3.6-R6, as reports and `scimproof explain` do",
            ));
        }
        let mut checks = checks.iter().flatten().enumerate();
        let (position, lost) = checks.find(|(_, check)| !(citable.is_check)(check))?;
        Some(Complaint::new(
            deviation(index, "checks").element(position),
            format!("the deviation from {requirement} excuses the check {lost}, which is not there"),
            "`scimproof check --list` shows the checks; without `checks`, all are excused that cite the requirement",
        ))
    })
}

fn deviations(profile: &Profile) -> Option<Complaint> {
    let known = || profile.rules.iter().map(|rule| rule.id.as_str());
    let mut deviations = profile.deviations.iter().enumerate();
    let is_idle = |deviation: &Deviation| deviation.checks.as_ref().is_some_and(Vec::is_empty);
    if let Some((index, idle)) = deviations.clone().find(|(_, deviation)| is_idle(deviation)) {
        // Nobody would ever be told of it: neither that it was met nor that it was not.
        return Some(Complaint::new(
            deviation(index, "checks"),
            format!("the deviation from {} excuses no check, so no run would show it", idle.requirement),
            "name the checks that notice it; without `checks`, all are excused that cite the requirement",
        ));
    }
    deviations.find(|(_, deviation)| !known().any(|id| id == deviation.rule)).map(|(index, lost)| {
        let message = format!(
            "the deviation from {} names the rule {}, which is not there",
            lost.requirement, lost.rule
        );
        Complaint::new(
            deviation(index, "rule").itself(),
            message,
            hint(&lost.rule, known(), "name a rule of this file"),
        )
    })
}
