use std::collections::BTreeMap;

use engine::Rules;
use profiles::{Behaviour, Profile};

use crate::application::Plan;
use crate::profile::CompileError;
use crate::profile::path::Path;

/// What the application does beside its endpoints.
///
/// # Errors
/// When it keeps an attribute that there is not.
pub(super) fn plan(profile: &Profile, rules: &Rules) -> Result<Plan, CompileError> {
    let mut plan = Plan::default();
    for behaviour in &profile.behaviours {
        match behaviour {
            Behaviour::Manager { at, .. } => plan.manager = Some(Path::new(at)),
            Behaviour::WelcomeMail {} => plan.welcomes = true,
            Behaviour::CountryCode { .. }
            | Behaviour::Language { .. }
            | Behaviour::Date { .. }
            | Behaviour::DayOfYear { .. }
            | Behaviour::Default { .. }
            | Behaviour::CanonicalOnly { .. }
            | Behaviour::OneType { .. }
            | Behaviour::SameAs { .. } => {}
        }
    }
    if let Some(users) = profile.types.get("User") {
        plan.columns = places(profile, rules, &users.columns)?;
        plan.properties = places(profile, rules, &users.properties)?;
    }
    Ok(plan)
}

fn places(
    profile: &Profile,
    rules: &Rules,
    named: &BTreeMap<String, String>,
) -> Result<Vec<(Path, String)>, CompileError> {
    let place = |(path, name): (&String, &String)| {
        if rules.resource_type("User").is_some_and(|user| rules.has(user, path)) {
            return Ok((Path::new(path), name.clone()));
        }
        Err(CompileError::Attribute {
            profile: profile.name.clone(),
            resource_type: "User".to_owned(),
            path: path.clone(),
        })
    };
    named.iter().map(place).collect()
}
