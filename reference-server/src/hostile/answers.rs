//! Servers that speak no HTTP, or answer what nobody asked.

use std::io;

use super::visit::{HEAD, Then, Visit, scim, spelled_out, whole};
use super::{Kind, Phase, Strikes, blocked, failed, noted, unusable};

const NO_HTTP: &str = "not HTTP";
const READS: &str = "--only read";
const PAGE: &str = "<!doctype html><title>Welcome</title><h1>Welcome</h1>";

pub(super) const KINDS: &[Kind] = &[
    Kind::new(
        "answers-with-a-page",
        "answers everything with a page of HTML",
        Strikes::Always,
        unusable("answers 200 with text/html"),
        "",
        |visit| {
            visit.say(whole("text/html; charset=utf-8", PAGE))?;
            Ok(Then::GoOn)
        },
    ),
    Kind::new(
        "calls-a-page-scim",
        "answers everything with a page of HTML that it calls SCIM",
        Strikes::Always,
        unusable("a body that is not JSON"),
        "",
        |visit| {
            visit.say(scim(PAGE))?;
            Ok(Then::GoOn)
        },
    ),
    Kind::new(
        "shows-pages-for-resources",
        "answers with a page of HTML where a resource is read",
        Strikes::On(Phase::Read),
        failed("53 bytes that are no JSON"),
        READS,
        |visit| {
            visit.say(whole("text/html; charset=utf-8", PAGE))?;
            Ok(Then::GoOn)
        },
    ),
    Kind::new(
        "creates-and-answers-with-a-page",
        "creates what it is asked to and answers with a page of HTML",
        Strikes::On(Phase::Create),
        blocked("expected a non-empty string at /id"),
        "--only delete",
        |visit| {
            visit.carry_out()?;
            visit.say(whole("text/html; charset=utf-8", PAGE))?;
            Ok(Then::GoOn)
        },
    ),
    Kind::new(
        "answers-without-a-head",
        "answers with a body and nothing else, as HTTP/0.9 did",
        Strikes::Always,
        unusable(NO_HTTP),
        "",
        |visit| visit.say_and_hang_up("{\"schemas\":[]}\n"),
    ),
    Kind::new(
        "greets-as-a-mail-server",
        "greets whoever connects, as a mail server does",
        Strikes::OnConnecting,
        unusable("no usable answer"),
        "",
        |visit| visit.say_and_hang("220 mail.example.com ESMTP ready\r\n"),
    ),
    Kind::new(
        "answers-before-it-is-asked",
        "answers as soon as somebody connects",
        Strikes::OnConnecting,
        unusable("is this the"),
        "",
        |visit| visit.say_and_hang("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n[]"),
    ),
    Kind::new(
        "answers-999",
        "answers with the status code 999",
        Strikes::Always,
        unusable("answers 999"),
        "",
        |visit| visit.say_and_hang_up("HTTP/1.1 999 Beyond\r\ncontent-length: 0\r\n\r\n"),
    ),
    Kind::new(
        "answers-000",
        "answers with the status code 000",
        Strikes::Always,
        unusable(NO_HTTP),
        "",
        |visit| visit.say_and_hang_up("HTTP/1.1 000 Nothing\r\ncontent-length: 0\r\n\r\n"),
    ),
    Kind::new(
        "hides-a-nul-in-a-header",
        "sends a header with a NUL in its value",
        Strikes::Always,
        unusable(NO_HTTP),
        "",
        |visit| visit.say_and_hang_up(format!("{HEAD}etag: W/\"\0\"\r\ncontent-length: 2\r\n\r\n{{}}")),
    ),
    Kind::new(
        "splits-its-answers",
        "lets a line break into a header, so that each answer ends early and another one seems to follow",
        Strikes::On(Phase::Read),
        failed("0 bytes that are no JSON"),
        READS,
        split,
    ),
    Kind::new(
        "answers-twice",
        "sends a second answer after each that nobody asked for",
        Strikes::Always,
        noted("belongs to no answer"),
        "--only delete",
        |visit| {
            let answer = spelled_out(&visit.carry_out()?);
            visit.say([answer, scim("{\"id\":\"nobody-asked\"}")].concat())?;
            Ok(Then::GoOn)
        },
    ),
];

/// What a line break in a value makes of an answer: an empty one, and behind it one that somebody else wrote.
fn split(visit: &mut Visit<'_>) -> io::Result<Then> {
    let answer = spelled_out(&visit.carry_out()?);
    let forged = scim("{\"id\":\"forged\"}");
    let head =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/scim+json\r\nx-name: ada\r\ncontent-length: 0\r\n\r\n";
    visit.say([head.as_slice(), &forged, &answer].concat())?;
    Ok(Then::GoOn)
}
