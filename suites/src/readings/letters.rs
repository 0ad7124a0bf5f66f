//! RFC 7644 §3.4.2.3: the order of letters.

use client::Request;
use harness::expect::success;
use harness::{Check, Outcome, Probe, Stop, capability, minimal_user, sound};
use serde_json::json;

use super::{came, judge};
use crate::kept;
use crate::requirements::rfc7644;
use crate::rich;
use crate::walk::walk;

pub(crate) const CHECKS: &[Check] = &[Check::active("readings.order-of-letters", &order_of_letters)
    .title("where does a letter with a mark stand in a list that is sorted")
    .verifies(&[rfc7644::SORTBY_ORDERS_RESULTS])
    .needs(&[
        capability::CREATE_USER,
        capability::READ_USER,
        capability::FILTER_USER,
        capability::SORT_USER,
    ])];
const _: () = sound(CHECKS);

/// Each begins with another letter; without its mark the second one stands between the others in every alphabet.
const NAMES: [&str; 3] = ["Fable", "\u{c9}clair", "Eagle"];

fn order_of_letters(probe: &mut Probe) -> Outcome {
    const BY: &str = "name.familyName";
    let plain = kept::plain_text(probe)?;
    if plain.top() == "name" {
        return Err(Stop::NotSupported("a text beside the name that can be written".to_owned()));
    }
    kept::writable(probe, &[plain.path, BY])?;
    let tag = rich::tag(probe);
    let mut people = Vec::new();
    for name in NAMES {
        let template = plain.of(minimal_user(), &tag).with("name", json!({ "familyName": name }));
        let person = probe.given(template.as_offered(&probe.service().published))?;
        let shown = kept::kept(probe, &person, &[plain.path])?;
        if shown.at("/name/familyName") != Some(&json!(name)) {
            return Err(Stop::NotSupported("family names with any letters that are kept".to_owned()));
        }
        people.push(person.id);
    }
    let list = Request::get(probe.service().endpoint("User"));
    let list = list.query("filter", &format!("{} eq \"{tag}\"", plain.path));
    let walked = walk(probe, 3, &list.query("sortBy", BY).query("sortOrder", "ascending"))?;
    walked.first.require(success())?;
    let [fable, eclair, eagle] = [0, 1, 2].map(|place| people.get(place).map_or("", String::as_str));
    let read = match walked.ids() {
        shown if shown == [eagle, fable, eclair] => Some("behind those without a mark"),
        shown if shown == [eagle, eclair, fable] => Some("among those that it is made from"),
        shown if shown == [eclair, eagle, fable] => Some("in front of those without a mark"),
        _ => None,
    };
    let lawful = "E before F, and \u{c9} behind them, between them or in front of them";
    judge(&walked.first, read, lawful, &came(&walked.first), &[rfc7644::SORTBY_ORDERS_RESULTS])
}
