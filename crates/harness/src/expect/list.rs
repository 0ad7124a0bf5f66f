use protocol::urn;
use record::At;
use serde_json::Value;

use super::{Expectation, Miss, View, no_json, pointer_that};

const RESOURCES: &str = "/Resources";

fn at_resources() -> At {
    At::Pointer { pointer: RESOURCES.to_owned() }
}

/// The ids in a list answer; `None` where it is no list.
fn ids(view: &View<'_>) -> Option<Vec<String>> {
    let body = view.json?;
    let listed = match body.pointer(RESOURCES) {
        Some(Value::Array(items)) => items.as_slice(),
        // With nothing to list the member may be left out (RFC 7644 §3.4.2).
        None | Some(Value::Null) => &[],
        Some(_) => return None,
    };
    Some(listed.iter().filter_map(|item| item.get("id")?.as_str().map(str::to_owned)).collect())
}

fn judge_ids<F>(words: String, judge: F) -> Expectation
where
    F: Fn(&[String]) -> Result<(), String> + 'static,
{
    Expectation::new(words, at_resources(), move |view| match ids(view) {
        Some(ids) => judge(&ids).map_err(Miss::from),
        None => Err(Miss::from("no list of resources".to_owned())),
    })
}

/// The body names the list response schema.
#[must_use]
pub fn list_response() -> Expectation {
    pointer_that("/schemas", format!("a list that names {}", urn::LIST_RESPONSE), |value| {
        value.as_array().is_some_and(|uris| uris.iter().any(|uri| uri == urn::LIST_RESPONSE))
    })
}

/// The list holds these resources, and perhaps others.
#[must_use]
pub fn lists(wanted: &[String]) -> Expectation {
    let wanted = wanted.to_vec();
    judge_ids(format!("a list with the {} resources created", wanted.len()), move |ids| {
        match wanted.iter().filter(|id| !ids.contains(id)).count() {
            0 => Ok(()),
            missing => Err(format!("{missing} of {} missing", wanted.len())),
        }
    })
}

/// The list holds exactly these resources, each once, in any order.
#[must_use]
pub fn lists_exactly(wanted: &[String]) -> Expectation {
    let mut wanted = wanted.to_vec();
    wanted.sort();
    judge_ids(format!("a list of exactly {} resources", wanted.len()), move |ids| {
        let mut seen = ids.to_vec();
        seen.sort();
        if seen == wanted { Ok(()) } else { Err(format!("{} resources: {}", seen.len(), seen.join(", "))) }
    })
}

/// The list holds none of these resources.
#[must_use]
pub fn lists_none_of(unwanted: &[String]) -> Expectation {
    let unwanted = unwanted.to_vec();
    judge_ids("a list without the deleted resource".to_owned(), move |ids| {
        match ids.iter().find(|id| unwanted.contains(id)) {
            None => Ok(()),
            Some(id) => Err(format!("{id} is still listed")),
        }
    })
}

/// The page holds no more than this many resources.
#[must_use]
pub fn page_of_at_most(count: usize) -> Expectation {
    Expectation::new(format!("at most {count} resources"), at_resources(), move |view| {
        let body = view.json.ok_or_else(|| no_json(view))?;
        let seen = body.pointer(RESOURCES).and_then(|items| items.as_array()).map_or(0, Vec::len);
        if seen <= count { Ok(()) } else { Err(Miss::from(format!("{seen} resources"))) }
    })
}
