//! Servers that send more than anybody can take.

use std::io;

use super::visit::{HEAD, Then, Visit, scim};
use super::{Kind, Strikes, blocked, unusable};

const TOO_LONG: &str = "longer than";
const NO_HTTP: &str = "not HTTP";
static PIECE: [u8; 1 << 16] = [b' '; 1 << 16];
/// What the longest body announces.
const ANNOUNCED_BYTES: usize = 300 * 1024 * 1024;
/// JSON values in an answer that is about as long as may be read.
const VALUES: usize = 4_000_000;
/// How often thirteen bytes of a deflate stream come again that repeat a blank 2,064 times: eight times the longest match, which
/// has 13 bits.
const BOMBS: usize = 50_000;

pub(super) const KINDS: &[Kind] = &[
    Kind::new(
        "headers-never-end",
        "sends headers for ever",
        Strikes::Always,
        unusable(NO_HTTP),
        "",
        |visit| {
            visit.say("HTTP/1.1 200 OK\r\n")?;
            visit.say_for_ever(&b"x-filler: more and more and more and more\r\n".repeat(100))
        },
    ),
    Kind::new(
        "one-header-never-ends",
        "sends one header for ever",
        Strikes::Always,
        unusable(NO_HTTP),
        "",
        |visit| {
            visit.say("HTTP/1.1 200 OK\r\nx-filler: ")?;
            visit.say_for_ever(&PIECE)
        },
    ),
    Kind::new(
        "one-header-of-a-megabyte",
        "sends a header of a million letters",
        Strikes::Always,
        unusable(NO_HTTP),
        "",
        |visit| {
            let filler = "x".repeat(1_000_000);
            visit.say_and_hang_up(format!("{HEAD}x-filler: {filler}\r\ncontent-length: 2\r\n\r\n{{}}"))
        },
    ),
    Kind::new(
        "a-thousand-headers",
        "sends a thousand headers",
        Strikes::Always,
        unusable(NO_HTTP),
        "",
        |visit| {
            visit.say_and_hang_up(format!("{HEAD}{}content-length: 2\r\n\r\n{{}}", "x: y\r\n".repeat(1_000)))
        },
    ),
    Kind::new(
        "interim-answers-never-end",
        "sends one interim answer (103) after the other",
        Strikes::Always,
        unusable("no complete answer within 1s"),
        "--timeout 1",
        |visit| {
            let hint = format!("HTTP/1.1 103 Early Hints\r\nlink: <{}>\r\n\r\n", "/".repeat(4_000));
            visit.say_for_ever(hint.as_bytes())
        },
    ),
    Kind::new(
        "body-never-ends",
        "sends a body of chunks for ever",
        Strikes::Always,
        unusable(TOO_LONG),
        "",
        |visit| {
            visit.say(format!("{HEAD}transfer-encoding: chunked\r\n\r\n"))?;
            visit.say_for_ever(&chunk())
        },
    ),
    Kind::new(
        "body-ends-with-the-connection",
        "sends a body that ends with the connection, which never ends",
        Strikes::Always,
        unusable(TOO_LONG),
        "",
        |visit| {
            visit.say(format!("{HEAD}\r\n"))?;
            visit.say_for_ever(&PIECE)
        },
    ),
    Kind::new(
        "announces-300-megabytes",
        "announces a body of 300 MiB and sends it",
        Strikes::Always,
        unusable(TOO_LONG),
        "",
        |visit| {
            visit.say(format!("{HEAD}content-length: {ANNOUNCED_BYTES}\r\n\r\n"))?;
            for _ in 0..ANNOUNCED_BYTES / PIECE.len() {
                visit.say(PIECE)?;
            }
            Ok(Then::GoOn)
        },
    ),
    Kind::new(
        "trailers-never-end",
        "sends trailers for ever after a body of chunks",
        Strikes::Always,
        unusable(NO_HTTP),
        "--timeout 1",
        |visit| {
            visit.say(format!("{HEAD}transfer-encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n"))?;
            visit.say_for_ever(&b"x-filler: more and more\r\n".repeat(100))
        },
    ),
    Kind::new(
        "bombs-with-gzip",
        "sends 650 kB of gzip, unasked, that hold 100 MB",
        Strikes::Always,
        unusable("gzip"),
        "",
        bomb,
    ),
    Kind::new(
        "bodies-never-end-later",
        "sends bodies without end in the middle of a run",
        Strikes::After(60),
        blocked(TOO_LONG),
        "--only create,delete",
        |visit| {
            visit.say(format!("{HEAD}transfer-encoding: chunked\r\n\r\n"))?;
            visit.say_for_ever(&chunk())
        },
    )
    .floods(),
    Kind::new(
        "announces-300-megabytes-later",
        "announces bodies of 300 MiB in the middle of a run",
        Strikes::After(60),
        blocked(TOO_LONG),
        "--only create,delete",
        |visit| {
            visit.say(format!("{HEAD}content-length: {ANNOUNCED_BYTES}\r\n\r\n"))?;
            visit.say_for_ever(&PIECE)
        },
    ),
    Kind::new(
        "holds-millions-of-values",
        "answers with lists of four million numbers in the middle of a run",
        Strikes::After(60),
        blocked("JSON values"),
        "--only create,delete",
        |visit| {
            visit.say(scim([b"{\"Resources\":[".as_slice(), &b"0,".repeat(VALUES), b"0]}"].concat()))?;
            Ok(Then::GoOn)
        },
    )
    .floods(),
];

/// A chunk of blanks.
fn chunk() -> Vec<u8> {
    [format!("{:x}\r\n", PIECE.len()).as_bytes(), &PIECE, b"\r\n"].concat()
}

fn bomb(visit: &mut Visit<'_>) -> io::Result<Then> {
    let packed = packed_blanks();
    visit.say(format!("{HEAD}content-encoding: gzip\r\ncontent-length: {}\r\n\r\n", packed.len()))?;
    visit.say(packed)?;
    Ok(Then::GoOn)
}

/// A gzip member (RFC 1952) of one deflate block with fixed codes (RFC 1951 §3.2.6): a blank, then that blank over and over. It
/// breaks off before its end, which nobody sees who has not unpacked all of it.
fn packed_blanks() -> Vec<u8> {
    let mut bits = vec![true, true, false];
    // A literal of less than 144 is its value and 48, in eight bits from the highest on.
    bits.extend((0..8).rev().map(|bit| (b' ' + 0x30) >> bit & 1 == 1));
    // The longest match is 11000101, its distance of one 00000.
    let mut longest: Vec<bool> = (0..8).rev().map(|bit| 0b1100_0101_u8 >> bit & 1 == 1).collect();
    longest.extend([false; 5]);
    // Whole bytes from here on.
    let lead = (0..8).map(|matches| bits.len() + matches * longest.len()).position(|bits| bits % 8 == 0);
    for _ in 0..lead.unwrap_or_default() {
        bits.extend(&longest);
    }
    let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    packed.extend(bytes_of(&bits));
    packed.extend(bytes_of(&longest.repeat(8)).repeat(BOMBS));
    packed
}

/// Bits as deflate packs them: the first is the lowest of a byte.
fn bytes_of(bits: &[bool]) -> Vec<u8> {
    let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
    bits.chunks(8).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::{BOMBS, packed_blanks};

    #[test]
    fn a_bomb_is_small() {
        let packed = packed_blanks();
        assert!(packed.len() < 700_000, "{}", packed.len());
        assert!(packed.len() > 13 * BOMBS);
    }
}
