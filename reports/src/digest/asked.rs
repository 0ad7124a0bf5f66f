//! Which profiles' promises the scenarios ask for.

use record::Sync;

use crate::text;

/// What scenarios ask of a server, which may be more than the profile that it is checked under, where the profile of each is given;
/// none where no scenario is.
///
/// ```
/// let told = reports::asked(["entra-ready", "entra-ready"]).ok_or("nothing")?;
/// assert!(told.starts_with("the scenarios ask for what the profile entra-ready promises; "));
/// let told = reports::asked(["bonusly", "blogin", "bonusly"]).ok_or("nothing")?;
/// assert_eq!(told, "the scenarios ask for what these profiles promise: 2 bonusly, 1 blogin");
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn asked<'a>(profiles: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut counted: Vec<(&str, usize)> = Vec::new();
    for name in profiles {
        match counted.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counted.push((name, 1)),
        }
    }
    let each: Vec<String> =
        counted.iter().map(|(name, count)| format!("{count} {}", text::line(name))).collect();
    match counted.as_slice() {
        [] => None,
        [(name, _)] => {
            let name = text::line(name);
            Some(format!(
                "the scenarios ask for what the profile {name} promises; `scimproof check --profile {name}` tells what of it \
                 is missing"
            ))
        }
        _ => Some(format!("the scenarios ask for what these profiles promise: {}", each.join(", "))),
    }
}

/// The same of the scenarios of a run; none in a run file that does not say so.
pub(crate) fn asked_in(sync: &Sync) -> Option<String> {
    asked(sync.scenarios.iter().filter_map(|scenario| scenario.profile.as_deref()))
}
