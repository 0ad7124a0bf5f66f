//! Servers whose answers lead astray: lists that never end, ids that climb, addresses that lie elsewhere.

use std::io;

use serde_json::{Value, json};

use super::visit::{Then, Visit, scim, spelled_out};
use super::{Kind, Phase, Strikes, blocked, failed, unusable};

/// How many strangers a page of an endless list shows.
const STRANGERS: u64 = 20;

pub(super) const KINDS: &[Kind] = &[
    Kind::new(
        "redirects-in-a-circle",
        "redirects every request to itself",
        Strikes::Always,
        unusable("redirects are not followed"),
        "",
        |visit| {
            let host = visit.host();
            visit.redirect("302 Found", &host)
        },
    ),
    Kind::new(
        "redirects-to-another-host",
        "redirects every request to another server",
        Strikes::Always,
        unusable("if that host may have the credential"),
        "",
        |visit| {
            let host = visit.elsewhere()?;
            visit.redirect("307 Temporary Redirect", &host)
        },
    ),
    Kind::new(
        "redirects-creates-to-another-host",
        "redirects what would create to another server",
        Strikes::On(Phase::Create),
        blocked("307"),
        "--only delete",
        |visit| {
            let host = visit.elsewhere()?;
            visit.redirect("307 Temporary Redirect", &host)
        },
    ),
    Kind::new(
        "locations-lead-elsewhere",
        "says of what it creates that it stands on another server",
        Strikes::On(Phase::Create),
        failed("an independent read right after (/meta/location)"),
        "--only create,delete",
        |visit| {
            let host = visit.elsewhere()?;
            visit.answer_as(None, Some(&host))
        },
    ),
    Kind::new(
        "lists-a-million",
        "lists a million users, whatever number was asked for",
        Strikes::On(Phase::List),
        blocked("JSON values"),
        "--only list",
        |visit| {
            let user = br#"{"id":"1"},"#.repeat(1_000_000);
            let list = [
                br#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1000001,"Resources":["#
                    .as_slice(),
                &user,
                br#"{"id":"1"}]}"#,
            ];
            visit.say(scim(list.concat()))?;
            Ok(Then::GoOn)
        },
    )
    .floods(),
    Kind::new(
        "lists-never-end",
        "has one more page in every list",
        Strikes::On(Phase::List),
        failed("but got  20 resources"),
        "--only list,paging",
        |visit| {
            let strangers = strangers(visit);
            visit.answer_changed(|body| more(body, strangers))
        },
    ),
    Kind::new(
        "loses-what-it-creates",
        "creates what it is asked to, answers 500, and has one more page in every list",
        Strikes::Always,
        blocked("left behind on the target"),
        "--only delete",
        lose,
    ),
    Kind::new(
        "asks-for-a-century",
        "answers 429 and asks for a wait of a hundred years",
        Strikes::Always,
        unusable("limiting requests"),
        "",
        |visit| {
            visit.say(
                "HTTP/1.1 429 Too Many Requests\r\nretry-after: 3155760000\r\ncontent-length: 0\r\n\r\n",
            )?;
            Ok(Then::GoOn)
        },
    ),
];

/// The users that an endless list has from here on.
fn strangers(visit: &Visit<'_>) -> Vec<Value> {
    let query = visit.request.uri().query().unwrap_or_default();
    let start = query.split('&').find_map(|pair| pair.strip_prefix("startIndex=")?.parse::<u64>().ok());
    let start = start.unwrap_or(1);
    (start..start.saturating_add(STRANGERS))
        .map(|number| json!({ "id": format!("stranger-{number}"), "userName": format!("stranger-{number}") }))
        .collect()
}

fn more(body: &mut Value, strangers: Vec<Value>) {
    let Some(members) = body.as_object_mut() else { return };
    members.insert("totalResults".to_owned(), json!(u32::MAX));
    let shown = members.entry("Resources").or_insert_with(|| json!([]));
    if let Some(shown) = shown.as_array_mut() {
        shown.extend(strangers);
    }
}

fn lose(visit: &mut Visit<'_>) -> io::Result<Then> {
    match visit.front.phase_of(&visit.request) {
        Some(Phase::Create) => {
            visit.carry_out()?;
            visit.say("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n")?;
            Ok(Then::GoOn)
        }
        // Only what is made up is shown.
        Some(Phase::List) => {
            let strangers = strangers(visit);
            visit.answer_changed(|body| {
                insert_nothing(body);
                more(body, strangers);
            })
        }
        _ => {
            let answer = spelled_out(&visit.carry_out()?);
            visit.say(answer)?;
            Ok(Then::GoOn)
        }
    }
}

fn insert_nothing(body: &mut Value) {
    if let Some(members) = body.as_object_mut() {
        members.insert("Resources".to_owned(), json!([]));
    }
}
