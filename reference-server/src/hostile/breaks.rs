//! Servers whose connections end where they should not.

use super::visit::{HEAD, Then, spelled_out};
use super::{Kind, Phase, Strikes, blocked, unusable};

const BROKEN_OFF: &str = "closed before the answer was complete";
/// As much of it as a line of the terminal shows.
const CLOSED: &str = "the connection was closed";

pub(super) const KINDS: &[Kind] = &[
    Kind::new(
        "hangs-up-at-once",
        "takes connections and closes them",
        Strikes::OnConnecting,
        unusable(BROKEN_OFF),
        "",
        |_| Ok(Then::HangUp),
    ),
    Kind::new(
        "resets-at-once",
        "takes connections and resets them",
        Strikes::OnConnecting,
        unusable("no usable answer"),
        "",
        |_| Ok(Then::Reset),
    ),
    Kind::new(
        "resets-after-the-request",
        "reads the request and resets the connection",
        Strikes::Always,
        unusable(BROKEN_OFF),
        "",
        |_| Ok(Then::Reset),
    ),
    Kind::new(
        "hangs-up-in-the-headers",
        "closes the connection after half a header",
        Strikes::Always,
        unusable(BROKEN_OFF),
        "",
        |visit| visit.say_and_hang_up("HTTP/1.1 200 OK\r\ncontent-ty"),
    ),
    Kind::new(
        "resets-in-the-headers",
        "resets the connection after half a header",
        Strikes::Always,
        unusable(BROKEN_OFF),
        "",
        |visit| {
            visit.say("HTTP/1.1 200 OK\r\ncontent-ty")?;
            Ok(Then::Reset)
        },
    ),
    Kind::new(
        "hangs-up-in-the-body",
        "announces 100 bytes, sends eleven of them and closes the connection",
        Strikes::Always,
        unusable(BROKEN_OFF),
        "",
        |visit| visit.say_and_hang_up(format!("{HEAD}content-length: 100\r\n\r\n{{\"schemas\":")),
    ),
    Kind::new(
        "resets-in-the-body",
        "announces 100 bytes, sends eleven of them and resets the connection",
        Strikes::Always,
        unusable(BROKEN_OFF),
        "",
        |visit| {
            visit.say(format!("{HEAD}content-length: 100\r\n\r\n{{\"schemas\":"))?;
            Ok(Then::Reset)
        },
    ),
    Kind::new(
        "hangs-up-in-a-chunk",
        "closes the connection in the middle of a chunk",
        Strikes::Always,
        unusable(BROKEN_OFF),
        "",
        |visit| visit.say_and_hang_up(format!("{HEAD}transfer-encoding: chunked\r\n\r\n64\r\n{{")),
    ),
    Kind::new(
        "resets-between-chunks",
        "resets the connection after a whole chunk",
        Strikes::Always,
        unusable(BROKEN_OFF),
        "",
        |visit| {
            visit.say(format!("{HEAD}transfer-encoding: chunked\r\n\r\n2\r\n{{}}\r\n"))?;
            Ok(Then::Reset)
        },
    ),
    Kind::new(
        "hangs-up-before-the-last-chunk",
        "closes the connection after a whole chunk, without the last one",
        Strikes::Always,
        unusable(BROKEN_OFF),
        "",
        |visit| visit.say_and_hang_up(format!("{HEAD}transfer-encoding: chunked\r\n\r\n2\r\n{{}}\r\n")),
    ),
    Kind::new(
        "breaks-off-later",
        "breaks its answers off in the middle of a run",
        Strikes::After(60),
        blocked(CLOSED),
        "",
        |visit| visit.say_and_hang_up(format!("{HEAD}content-length: 9\r\n\r\n{{\"")),
    ),
    Kind::new(
        "creates-and-hangs-up",
        "creates what it is asked to and closes the connection without an answer",
        Strikes::On(Phase::Create),
        blocked(CLOSED),
        "--only delete",
        |visit| {
            visit.carry_out()?;
            Ok(Then::HangUp)
        },
    ),
    Kind::new(
        "creates-and-resets-in-the-answer",
        "creates what it is asked to and resets the connection after half of its answer",
        Strikes::On(Phase::Create),
        blocked(CLOSED),
        "--only delete",
        |visit| {
            let answer = spelled_out(&visit.carry_out()?);
            visit.say(answer.get(..answer.len() / 2).unwrap_or_default())?;
            Ok(Then::Reset)
        },
    ),
    Kind::new(
        "deletes-and-hangs-up",
        "deletes what it is asked to and closes the connection without an answer",
        Strikes::On(Phase::Delete),
        blocked(CLOSED),
        "--only delete",
        |visit| {
            visit.carry_out()?;
            Ok(Then::HangUp)
        },
    ),
    Kind::new(
        "never-deletes-and-hangs-up",
        "deletes nothing, and closes the connection without an answer",
        Strikes::On(Phase::Delete),
        blocked(CLOSED),
        "--only delete",
        |_| Ok(Then::HangUp),
    ),
];
