//! The values that an application gives to what has none: each to an attribute that can hold it.

use crate::behaviour::Behaviour;
use crate::model::Profile;
use crate::paths::is_read_only;
use crate::place::Place;
use crate::sound::Complaint;
use crate::values;

/// The first default that cannot be given.
pub(crate) fn complaint(profile: &Profile) -> Option<Complaint> {
    let mut before: Vec<&str> = Vec::new();
    profile.behaviours.iter().enumerate().find_map(|(index, behaviour)| {
        let Behaviour::Default { at, value } = behaviour else { return None };
        let place = |key| Place::value(&["behaviours"]).element(index).of(key);
        let twice = before.contains(&at.as_str());
        before.push(at);
        if twice {
            let message = format!("{at} has a default already");
            return Some(Complaint::new(place("at"), message, "leave one of them out"));
        }
        unset(profile, at, place("at")).or_else(|| values::default(profile, at, value, &place("value")))
    })
}

/// What is wrong with an attribute that is to have a default.
fn unset(profile: &Profile, path: &str, at: Place) -> Option<Complaint> {
    if is_read_only(profile, "User", path) {
        let message = format!("{path} is read-only, and the server alone gives it a value");
        return Some(Complaint::new(at, message, "name an attribute that clients can write"));
    }
    let list = values::list_around(profile, path)?;
    let message = format!("{path} is a part of each of several values, and there may be none");
    let hint = format!("give {list} a default, or none");
    Some(Complaint::new(at, message, hint))
}
