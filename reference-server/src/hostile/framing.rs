//! Servers that tell wrongly where their answers end.

use super::visit::{HEAD, Then, spelled_out};
use super::{Kind, Strikes, noted, unusable};

const NO_HTTP: &str = "not HTTP";

pub(super) const KINDS: &[Kind] = &[
    Kind::new(
        "announces-a-negative-length",
        "announces a body of minus two bytes",
        Strikes::Always,
        unusable(NO_HTTP),
        "",
        |visit| visit.say_and_hang_up(format!("{HEAD}content-length: -2\r\n\r\n{{}}")),
    ),
    Kind::new(
        "announces-a-length-beyond-numbers",
        "announces a body of 2^80 bytes",
        Strikes::Always,
        unusable(NO_HTTP),
        "",
        |visit| visit.say_and_hang_up(format!("{HEAD}content-length: 1208925819614629174706176\r\n\r\n{{}}")),
    ),
    Kind::new(
        "announces-two-lengths",
        "announces two lengths for one body",
        Strikes::Always,
        unusable(NO_HTTP),
        "",
        |visit| visit.say_and_hang_up(format!("{HEAD}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}}")),
    ),
    Kind::new(
        "announces-too-little",
        "announces half of each body and sends all of it",
        Strikes::Always,
        unusable("JSON that breaks off"),
        "",
        |visit| {
            visit.say(format!("{HEAD}content-length: 7\r\n\r\n{{\"schemas\":[]}}"))?;
            Ok(Then::GoOn)
        },
    ),
    Kind::new(
        "sends-more-than-it-announced",
        "sends bytes after the end of each answer that belong to none",
        Strikes::Always,
        noted("belongs to no answer"),
        "--only delete",
        |visit| {
            let answer = spelled_out(&visit.carry_out()?);
            visit.say([answer.as_slice(), b"\r\n\0and one more thing\r\n\r\n"].concat())?;
            Ok(Then::GoOn)
        },
    ),
    Kind::new(
        "counts-chunks-in-words",
        "says the length of a chunk in a word that is no number",
        Strikes::Always,
        unusable(NO_HTTP),
        "",
        |visit| {
            visit.say_and_hang_up(format!("{HEAD}transfer-encoding: chunked\r\n\r\ntwo\r\n{{}}\r\n0\r\n\r\n"))
        },
    ),
    Kind::new(
        "announces-a-chunk-beyond-numbers",
        "announces a chunk of 2^96 bytes",
        Strikes::Always,
        unusable(NO_HTTP),
        "",
        |visit| {
            visit
                .say_and_hang_up(format!("{HEAD}transfer-encoding: chunked\r\n\r\n1{}\r\n{{", "0".repeat(24)))
        },
    ),
    Kind::new(
        "ends-no-chunk",
        "sends more bytes in a chunk than it said",
        Strikes::Always,
        unusable(NO_HTTP),
        "",
        |visit| {
            visit.say_and_hang_up(format!("{HEAD}transfer-encoding: chunked\r\n\r\n1\r\n{{}}\r\n0\r\n\r\n"))
        },
    ),
];
