//! Servers that leave whoever asks waiting.

use std::io;
use std::time::Duration;

use super::visit::{HEAD, Then, Visit, scim, spelled_out};
use super::{Kind, Phase, Strikes, blocked, unusable};

const TIME_IS_UP: &str = "no complete answer within 1s";
/// Between two bytes of a slow answer.
const DRIP: Duration = Duration::from_secs(1);

pub(super) const KINDS: &[Kind] = &[
    Kind::new(
        "says-nothing",
        "takes every request and says nothing",
        Strikes::Always,
        unusable(TIME_IS_UP),
        "--timeout 1",
        |visit| visit.say_and_hang(""),
    ),
    Kind::new(
        "stops-after-the-status-line",
        "says nothing after the status line",
        Strikes::Always,
        unusable(TIME_IS_UP),
        "--timeout 1",
        |visit| visit.say_and_hang("HTTP/1.1 200 OK\r\n"),
    ),
    Kind::new(
        "stops-in-the-headers",
        "says nothing after half a header",
        Strikes::Always,
        unusable(TIME_IS_UP),
        "--timeout 1",
        |visit| visit.say_and_hang("HTTP/1.1 200 OK\r\ncontent-ty"),
    ),
    Kind::new(
        "stops-in-the-body",
        "says nothing after the first byte of a body",
        Strikes::Always,
        unusable(TIME_IS_UP),
        "--timeout 1",
        |visit| visit.say_and_hang(format!("{HEAD}content-length: 100\r\n\r\n{{")),
    ),
    Kind::new(
        "stops-between-chunks",
        "says nothing after the first chunk of a body",
        Strikes::Always,
        unusable(TIME_IS_UP),
        "--timeout 1",
        |visit| visit.say_and_hang(format!("{HEAD}transfer-encoding: chunked\r\n\r\n1\r\n{{\r\n")),
    ),
    Kind::new(
        "drips",
        "sends its answers one byte a second",
        Strikes::Always,
        unusable(TIME_IS_UP),
        "--timeout 1",
        drip,
    ),
    Kind::new(
        "falls-silent",
        "says nothing any more in the middle of a run",
        Strikes::After(60),
        blocked("stopped answering"),
        "--timeout 1",
        |visit| visit.say_and_hang(""),
    ),
    Kind::new(
        "creates-and-says-nothing",
        "creates what it is asked to and never answers",
        Strikes::On(Phase::Create),
        blocked(TIME_IS_UP),
        "--timeout 1 --only delete",
        |visit| {
            visit.carry_out()?;
            visit.say_and_hang("")
        },
    ),
    Kind::new(
        "creates-and-stops-in-the-answer",
        "creates what it is asked to and says nothing after half of its answer",
        Strikes::On(Phase::Create),
        blocked(TIME_IS_UP),
        "--timeout 1 --only delete",
        |visit| {
            let answer = spelled_out(&visit.carry_out()?);
            visit.say_and_hang(answer.get(..answer.len() / 2).unwrap_or_default())
        },
    ),
    Kind::new(
        "deletes-and-says-nothing",
        "deletes what it is asked to and never answers",
        Strikes::On(Phase::Delete),
        blocked(TIME_IS_UP),
        "--timeout 1 --only delete",
        |visit| {
            visit.carry_out()?;
            visit.say_and_hang("")
        },
    ),
    Kind::new(
        "lists-say-nothing",
        "answers every request but those for lists",
        Strikes::On(Phase::List),
        blocked(TIME_IS_UP),
        "--timeout 1 --only list",
        |visit| visit.say_and_hang(""),
    ),
];

fn drip(visit: &mut Visit<'_>) -> io::Result<Then> {
    for byte in scim("{}") {
        visit.say([byte])?;
        if visit.is_left_within(DRIP)? {
            break;
        }
    }
    Ok(Then::HangUp)
}
