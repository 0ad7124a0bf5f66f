//! The target against the model: everybody who should be there, as the mapping says, and nobody twice.

use record::ExpectationOutcome;
use serde_json::Value;

use crate::directory::Kind;
use crate::entra::{Link, Object, ObjectKind, Source as _, Standing, active};
use crate::file::SameAsModel;
use crate::mapping::Origin;
use crate::play::judge::{Scene, shown};
use crate::play::read::{Reader, at};
use crate::wanted::{Apply, Wanted, WantedAttribute};

/// How many differences are told.
const TOLD_MAX: usize = 10;

pub(super) async fn same_as_model(
    scene: &Scene<'_>,
    reader: &mut Reader<'_>,
    same: &SameAsModel,
) -> Result<ExpectationOutcome, String> {
    let mut differences = Vec::new();
    let users = scene.mapped.directory.users().map(Object::user);
    let groups = scene.mapped.directory.groups().filter(|_| scene.mapped.groups).map(Object::group);
    for object in users.chain(groups) {
        let is_left_out =
            same.without.iter().any(|key| scene.stage.object_id(key) == Some(object.id.as_str()));
        if !is_left_out {
            of_object(scene, reader, same, &object, &mut differences).await?;
        }
    }
    if differences.is_empty() {
        return Ok(ExpectationOutcome::Held);
    }
    let more = differences.len().saturating_sub(TOLD_MAX);
    differences.truncate(TOLD_MAX);
    if more > 0 {
        differences.push(format!("and {more} more"));
    }
    let expected = "everybody is in the target as the model has them, once".to_owned();
    Ok(ExpectationOutcome::Missed { expected, actual: differences.join("; ") })
}

async fn of_object(
    scene: &Scene<'_>,
    reader: &mut Reader<'_>,
    same: &SameAsModel,
    object: &Object,
    differences: &mut Vec<String>,
) -> Result<(), String> {
    let Some(wanted) = scene.mapped.wanted(object) else { return Ok(()) };
    let standing = scene.mapped.standing(object);
    let Some(link) = scene.job.state().links.get(object) else {
        if standing == Standing::InScope {
            differences.push(format!("{} was never provisioned", wanted.name));
        } else if scene.found(reader, object).await? > 0 {
            differences.push(format!("{} is in the target and should not be", wanted.name));
        }
        return Ok(());
    };
    let endpoint = object.kind.endpoint();
    let Some(resource) = reader.resource(endpoint, &link.target).await? else {
        // Whoever leaves the scope is deleted where the mapping cannot disable, and nowhere else.
        let can_disable = object.kind == ObjectKind::User && active(&wanted).is_some();
        if standing == Standing::InScope {
            differences.push(format!("{} is no longer in the target", wanted.name));
        } else if can_disable {
            let name = &wanted.name;
            differences.push(format!("{name} is no longer in the target, and should be there, not active"));
        }
        return Ok(());
    };
    let found = scene.found(reader, object).await?;
    if standing == Standing::InScope && found != 1 {
        differences.push(format!("{} is found {found} times by name", wanted.name));
    }
    for attribute in compared(&wanted, standing) {
        if same.except.contains(&attribute.target) {
            continue;
        }
        let difference = if is_members(scene, object, attribute) {
            of_members(scene, object, &resource)
        } else {
            of_attribute(scene, attribute, &resource)
        };
        differences.extend(difference.map(|difference| format!("{}: {difference}", wanted.name)));
    }
    for target in unset_managers(scene, object, &wanted, standing) {
        let stale = at(&resource, target).and_then(named).filter(|_| !same.except.contains(target));
        differences
            .extend(stale.map(|stale| {
                format!("{}: {target} is {}, and should be nothing", wanted.name, shown(stale))
            }));
    }
    Ok(())
}

/// The targets that name a manager, of somebody who has none.
fn unset_managers<'s>(
    scene: &'s Scene<'_>,
    object: &Object,
    wanted: &Wanted,
    standing: Standing,
) -> Vec<&'s String> {
    let applies = object.kind == ObjectKind::User && standing == Standing::InScope;
    let rows = scene.mapped.mapping.users.iter().filter(move |_| applies);
    let managers =
        rows.filter(|row| matches!(row.origin, Origin::Manager { .. }) && row.apply == Apply::Always);
    managers
        .map(|row| &row.target)
        .filter(|target| wanted.attributes.iter().all(|attribute| attribute.target != **target))
        .collect()
}

/// Whom a reference names, be it a text or an object with a value.
fn named(value: &Value) -> Option<&Value> {
    let value = if value.is_object() { value.get("value")? } else { value };
    (!value.is_null() && value.as_str() != Some("")).then_some(value)
}

/// Whoever is out of scope was last told that he is not active, and nothing afterwards.
fn compared(wanted: &Wanted, standing: Standing) -> impl Iterator<Item = &WantedAttribute> {
    let always = wanted.attributes.iter().filter(|attribute| attribute.apply == Apply::Always);
    always.filter(move |attribute| standing == Standing::InScope || attribute.target == "active")
}

fn is_members(scene: &Scene<'_>, object: &Object, attribute: &WantedAttribute) -> bool {
    let rows = scene.mapped.mapping.groups.iter();
    scene.mapped.directory.kind(&object.id) == Some(Kind::Group)
        && rows.filter(|row| row.origin == Origin::Members).any(|row| row.target == attribute.target)
}

/// The members are those of the group who are in the target.
fn of_members(scene: &Scene<'_>, object: &Object, resource: &Value) -> Option<String> {
    let links = &scene.job.state().links;
    let link = |id: String| links.get(&Object::user(id)).map(|link: &Link| link.target.clone());
    let mut expected: Vec<String> = scene.mapped.members(&object.id).into_iter().filter_map(link).collect();
    let mut actual = members(resource);
    expected.sort();
    actual.sort();
    let missing = expected.iter().filter(|id| !actual.contains(id)).count();
    let foreign = actual.iter().filter(|id| !expected.contains(id)).count();
    (expected != actual).then(|| {
        format!(
            "of {} members {missing} are missing, and {foreign} of {} should not be there",
            expected.len(),
            actual.len()
        )
    })
}

/// The ids of the members that a group shows.
pub(super) fn members(resource: &Value) -> Vec<String> {
    let members = at(resource, "members").and_then(Value::as_array).into_iter().flatten();
    members.filter_map(|member| Some(member.get("value")?.as_str()?.to_owned())).collect()
}

fn of_attribute(scene: &Scene<'_>, attribute: &WantedAttribute, resource: &Value) -> Option<String> {
    let actual = at(resource, &attribute.target);
    let simple = actual.map(|value| value.get("value").unwrap_or(value));
    let expected = match attribute.references.first() {
        None => attribute.value.clone(),
        Some(reference) => {
            match scene.job.state().links.get(&Object::user(&reference.source)) {
                Some(link) => Value::from(reference.value.as_ref().unwrap_or(&link.target).as_str()),
                // Whom the target does not have it cannot name; then it should name nobody.
                None => {
                    let stale = actual.and_then(named)?;
                    return Some(format!(
                        "{} is {}, and should be nothing, as the target does not have who is meant",
                        attribute.target,
                        shown(stale)
                    ));
                }
            }
        }
    };
    let is_same = simple.is_some_and(|actual| same(&expected, actual, attribute.case_exact));
    (!is_same).then(|| {
        let actual = simple.map_or_else(|| "nothing".to_owned(), shown);
        format!("{} is {actual}, and should be {}", attribute.target, shown(&expected))
    })
}

fn same(expected: &Value, actual: &Value, case_exact: bool) -> bool {
    match (expected, actual) {
        (Value::String(expected), Value::String(actual)) if !case_exact => {
            expected.to_lowercase() == actual.to_lowercase()
        }
        _ => expected == actual,
    }
}
