//! What has become of values that were sent, beyond the form that a server gives them.

use harness::Published;
use serde_json::{Map, Value};

use crate::places;
use crate::rich::Set;

/// Attributes that hold language tags.
const TAGS: &[&str] = &["preferredLanguage", "locale"];
/// Attributes whose values are the same in whatever form they are shown: a number with other separators, an address in
/// other letter case.
const FORMED: &[&str] = &[
    "profileUrl",
    "preferredLanguage",
    "locale",
    "timezone",
    "emails",
    "phoneNumbers",
    "ims",
    "photos",
    "addresses",
];

/// Parts that tell no value from another.
const COMMON: &[&str] = &["type", "primary"];

/// What a target that refuses something in a whole set of attributes is given in its place.
const PLAIN: &[&str] = &["externalId", "displayName", "nickName", "title", "active", "name", "emails"];

/// The attributes of a set that hardly any target refuses.
pub(crate) fn plain(set: Set) -> Set {
    set.into_iter().filter(|(name, _)| PLAIN.contains(name)).collect()
}

/// A body with the attributes of a set.
pub(crate) fn members(set: &Set) -> Map<String, Value> {
    set.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// Leaves what the target publishes, and what a client can write there as it likes. Every resource has an externalId.
pub(crate) fn writable(published: &Published, set: Set) -> Set {
    let known = |name: &str| name == "externalId" || published.contains(name);
    let fit = set.into_iter().filter_map(|(name, mut value)| {
        let extension = name.starts_with("urn:");
        if !(extension || known(name) && open(published, name)) {
            return None;
        }
        let joint = if extension { ':' } else { '.' };
        let parts_known = |part: &str| !extension || published.contains(part);
        cut(&mut value, &|part| {
            let path = format!("{name}{joint}{part}");
            parts_known(&path) && open(published, &path)
        });
        (!is_bare(&value)).then_some((name, value))
    });
    fit.collect()
}

fn open(published: &Published, path: &str) -> bool {
    published.can_be_written(path) && !published.binds(path)
}

fn cut(value: &mut Value, keeps: &impl Fn(&str) -> bool) {
    match value {
        Value::Object(parts) => parts.retain(|name, _| keeps(name)),
        Value::Array(items) => {
            items.iter_mut().for_each(|item| cut(item, keeps));
            items.retain(|item| !is_bare(item));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_bare(value: &Value) -> bool {
    value.as_object().is_some_and(Map::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

/// Leaves the attributes of which a read shows what was sent before.
pub(crate) fn kept(set: Set, sent: &Value, shown: Option<&Value>) -> Set {
    let stands = |name: &str| {
        let shown = shown.and_then(|shown| shown.get(name));
        sent.get(name).is_some_and(|sent| missing(sent, shown, name, FORMED.contains(&name)).is_none())
    };
    set.into_iter().filter(|(name, _)| stands(name)).collect()
}

/// What was sent and is not shown, each with where it should stand and in words.
pub(crate) fn lost(sent: &Set, shown: Option<&Value>) -> Vec<(String, String)> {
    let mut lost = Vec::new();
    for (name, sent) in sent {
        let formed = FORMED.contains(name);
        let seen = shown.and_then(|shown| shown.get(name));
        let place = places::child("", name);
        match (sent, seen) {
            (Value::Object(parts), Some(Value::Object(seen))) => {
                let joint = if name.starts_with("urn:") { ':' } else { '.' };
                lost.extend(parts.iter().filter_map(|(part, sent)| {
                    let told = missing(sent, seen.get(part), &format!("{name}{joint}{part}"), formed)?;
                    Some((places::child(&place, part), told))
                }));
            }
            _ => lost.extend(missing(sent, seen, name, formed).map(|told| (place, told))),
        }
    }
    lost
}

/// Those of several values that are shown, and not with all their parts, each with where it stands and in words.
pub(crate) fn torn(sent: &Set, shown: Option<&Value>) -> Vec<(String, String)> {
    let mut torn = Vec::new();
    for (name, sent) in sent {
        let Some(items) = shown.and_then(|shown| shown.get(name)).and_then(Value::as_array) else { continue };
        let lacks = |sent: &Value, item: &Value| missing(sent, Some(item), name, FORMED.contains(name));
        let keeps = |sent: &Value, item: &Value| {
            // These are the same in many values.
            let mut own =
                sent.as_object().into_iter().flatten().filter(|(part, _)| !COMMON.contains(&part.as_str()));
            own.any(|(part, sent)| item.get(part).is_some_and(|item| lacks(sent, item).is_none()))
        };
        let whole = |sent: &Value| items.iter().any(|item| lacks(sent, item).is_none());
        for sent in sent.as_array().into_iter().flatten().filter(|sent| !whole(sent)) {
            let mut broken = items.iter().enumerate().filter(|(_, item)| keeps(sent, item));
            let found = broken.find_map(|(index, item)| Some((index, lacks(sent, item)?)));
            torn.extend(found.map(|(index, told)| (format!("{}/{index}", places::child("", name)), told)));
        }
    }
    torn
}

fn missing(sent: &Value, shown: Option<&Value>, path: &str, formed: bool) -> Option<String> {
    let shown = shown.filter(|shown| !shown.is_null());
    match (sent, shown) {
        (_, None) => Some(format!("no {path}")),
        (Value::Object(sent), Some(shown)) => {
            let joint = if path.starts_with("urn:") { ':' } else { '.' };
            sent.iter().find_map(|(name, sent)| {
                missing(sent, shown.get(name), &format!("{path}{joint}{name}"), formed)
            })
        }
        (Value::Array(sent), Some(shown)) => sent.iter().find_map(|sent| {
            let items = shown.as_array().map(Vec::as_slice).unwrap_or_default();
            let lacks = |item: &Value| missing(sent, Some(item), path, formed);
            let mut lacking: Vec<String> = Vec::with_capacity(items.len());
            for item in items {
                lacking.push(lacks(item)?);
            }
            Some(lacking.into_iter().next().unwrap_or_else(|| format!("no {path}")))
        }),
        (sent, Some(shown)) => {
            let same =
                sent == shown || formed && alike(sent, shown) || TAGS.contains(&path) && speaks(sent, shown);
            (!same).then(|| format!("{path} is {shown} and not {sent}"))
        }
    }
}

/// Whether two texts differ in letter case, separators, or a scheme in front alone.
fn alike(sent: &Value, shown: &Value) -> bool {
    let bare = |value: &Value| -> Option<String> {
        let text = value.as_str()?.chars().filter(|letter| letter.is_alphanumeric());
        Some(text.flat_map(char::to_lowercase).collect())
    };
    bare(sent).zip(bare(shown)).is_some_and(|(sent, shown)| shown.ends_with(&sent))
}

/// Whether a tag is shown by its language alone.
fn speaks(sent: &Value, shown: &Value) -> bool {
    let language = sent.as_str().and_then(|tag| tag.split(['-', '_']).next());
    language.zip(shown.as_str()).is_some_and(|(language, shown)| language.eq_ignore_ascii_case(shown))
}
