//! The target against the model: everybody who should be there, as the mapping says, and nobody twice.

use record::ExpectationOutcome;
use serde_json::Value;

use crate::directory::Kind;
use crate::entra::{Link, Object, Source as _, Standing};
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
        // Whoever left the scope of a mapping that cannot disable was deleted.
        if standing == Standing::InScope {
            differences.push(format!("{} is no longer in the target", wanted.name));
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
    Ok(())
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
    let expected = match attribute.references.first() {
        None => attribute.value.clone(),
        Some(reference) => {
            match (&reference.value, scene.job.state().links.get(&Object::user(&reference.source))) {
                (Some(text), _) => Value::from(text.as_str()),
                (None, Some(link)) => Value::from(link.target.as_str()),
                // Whom the target does not have it cannot name.
                (None, None) => return None,
            }
        }
    };
    let actual = at(resource, &attribute.target);
    let simple = actual.map(|value| value.get("value").unwrap_or(value));
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
