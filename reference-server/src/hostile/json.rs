//! Servers whose answers are no JSON, or JSON that nobody expects.

use serde_json::{Value, json};

use super::visit::{Then, scim};
use super::{Kind, Phase, Strikes, failed, unusable};

/// Stands where a number is to go that no JSON value can hold.
const PLACE: &str = "put a number here";
const LISTS: &str = "--only list";
const READS: &str = "--only read";

pub(super) const KINDS: &[Kind] = &[
    Kind::new(
        "writes-no-utf8",
        "answers with bytes that are no UTF-8",
        Strikes::Always,
        unusable("not UTF-8"),
        "",
        |visit| {
            visit.say(scim([0xff, 0xfe, 0x00, 0xc3]))?;
            Ok(Then::GoOn)
        },
    ),
    Kind::new(
        "shows-no-utf8-for-resources",
        "answers with bytes that are no UTF-8 where a resource is read",
        Strikes::On(Phase::Read),
        failed("4 bytes that are no JSON"),
        READS,
        |visit| {
            visit.say(scim([b'{', 0xff, 0xfe, b'}']))?;
            Ok(Then::GoOn)
        },
    ),
    Kind::new(
        "nests-for-ever",
        "answers with a hundred thousand opening brackets",
        Strikes::Always,
        unusable("nested too deeply"),
        "",
        |visit| {
            visit.say(scim("[".repeat(100_000)))?;
            Ok(Then::GoOn)
        },
    ),
    Kind::new(
        "nests-in-resources",
        "shows a user with an attribute that is nested a hundred thousand times",
        Strikes::On(Phase::Read),
        failed("bytes of JSON that is nested too deeply"),
        READS,
        |visit| {
            let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
            visit.answer_respelled(placed("urn:example:deep"), |body| body.replace(&quoted(), &deep))
        },
    ),
    Kind::new(
        "counts-in-nan",
        "says in lists that there are NaN results",
        Strikes::On(Phase::List),
        failed("bytes that are no JSON"),
        LISTS,
        |visit| visit.answer_respelled(placed("totalResults"), |body| body.replace(&quoted(), "NaN")),
    ),
    Kind::new(
        "counts-beyond-floats",
        "says in lists that there are 1e400 results",
        Strikes::On(Phase::List),
        failed("bytes of JSON with a number beyond"),
        LISTS,
        |visit| visit.answer_respelled(placed("totalResults"), |body| body.replace(&quoted(), "1e400")),
    ),
    Kind::new(
        "counts-beyond-integers",
        "says in lists that there are 2^80 results",
        Strikes::On(Phase::List),
        failed("1.208"),
        LISTS,
        |visit| {
            visit.answer_respelled(placed("totalResults"), |body| {
                body.replace(&quoted(), "1208925819614629174706176")
            })
        },
    ),
    Kind::new(
        "counts-below-zero",
        "says in lists that there are minus one results",
        Strikes::On(Phase::List),
        failed("but got  -1"),
        LISTS,
        |visit| visit.answer_changed(|body| insert(body, "totalResults", json!(-1))),
    ),
    Kind::new(
        "names-members-twice",
        "shows resources with two ids, the second of somebody else",
        Strikes::On(Phase::Read),
        failed("but got  \"somebody-else\""),
        READS,
        |visit| {
            visit.answer_respelled(
                |_| {},
                |body| match body.strip_suffix('}') {
                    Some(open) => format!("{open},\"id\":\"somebody-else\"}}"),
                    None => body,
                },
            )
        },
    ),
];

/// Puts the place of a number where a member is.
fn placed(member: &'static str) -> impl FnOnce(&mut Value) {
    move |body| insert(body, member, json!(PLACE))
}

fn quoted() -> String {
    format!("\"{PLACE}\"")
}

fn insert(body: &mut Value, member: &str, value: Value) {
    if let Some(members) = body.as_object_mut() {
        members.insert(member.to_owned(), value);
    }
}
