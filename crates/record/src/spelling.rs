//! The ways in which a text can be written down: as it is, or with any of its characters escaped.
//!
//! Whoever echoes a text escapes what its own format demands and no more: two URLs need not agree on which characters
//! those are. So each character is looked for in every spelling by itself. An encoding of the whole is a text of its
//! own.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use memchr::{memchr2_iter, memchr3_iter};

/// The first bytes of escapes, and the space of form data.
pub(crate) const ESCAPES: &[u8] = b"%\\&~+";

/// Whether a character can be spelled beginning with this byte that is another one.
pub(crate) fn is_escape(byte: u8) -> bool {
    ESCAPES.contains(&byte)
}

/// Where escapes begin in a text, in order.
pub(crate) fn escapes(text: &[u8]) -> impl Iterator<Item = usize> {
    let mut some = memchr3_iter(b'%', b'\\', b'&', text).peekable();
    let mut others = memchr2_iter(b'~', b'+', text).peekable();
    std::iter::from_fn(move || match (some.peek(), others.peek()) {
        (Some(one), Some(other)) if one > other => others.next(),
        (Some(_), _) => some.next(),
        (None, _) => others.next(),
    })
}

/// The characters that a text can be read to begin with: its first one, and what an escape there stands for.
pub(crate) fn first_letters(text: &str) -> impl Iterator<Item = char> {
    let plain = text.chars().next();
    let escaped = match plain {
        Some('+') => Some(' '),
        _ => unescaped_in_pointer(text).map(|(letter, _)| letter),
    };
    plain.into_iter().chain(escaped)
}

/// The texts that encode this one as a whole: Base64 (RFC 4648 §4 and §5), also of the user information that a
/// password makes without a user, and hexadecimal digits.
pub(crate) fn encodings(text: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for plain in [text.to_owned(), format!(":{text}")] {
        for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
            forms.push(engine.encode(&plain));
        }
    }
    let lower: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    forms.push(lower.to_uppercase());
    forms.push(lower);
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// The texts that Base64 makes of this one wherever it begins in what is encoded, as behind `user:` (RFC 7617): one for
/// each way in which bytes before it can shift it, in both alphabets, less the characters that its neighbours share.
pub(crate) fn within_base64(text: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
        for before in 0..3 {
            let bytes: Vec<u8> = std::iter::repeat_n(0, before).chain(text.bytes()).collect();
            let own = (before * 8).div_ceil(6)..bytes.len() * 8 / 6;
            forms.extend(engine.encode(&bytes).get(own).map(str::to_owned));
        }
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// Whether Base64 has such a character, in either alphabet.
pub(crate) fn is_base64(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "+/-_=".contains(letter)
}

/// What the escape at the start of a text stands for, and how long it is.
pub(crate) fn unescaped(text: &str) -> Option<(char, usize)> {
    match text.as_bytes().first() {
        Some(b'%') => percent_meaning(text),
        Some(b'\\') => json_meaning(text),
        Some(b'&') => html_meaning(text),
        _ => None,
    }
}

/// The same within a JSON pointer (RFC 6901).
pub(crate) fn unescaped_in_pointer(text: &str) -> Option<(char, usize)> {
    match text.as_bytes() {
        [b'~', b'0', ..] => Some(('~', 2)),
        [b'~', b'1', ..] => Some(('/', 2)),
        _ => unescaped(text),
    }
}

fn percent_meaning(text: &str) -> Option<(char, usize)> {
    let mut bytes = Vec::new();
    let mut rest = text;
    // No character takes more than four bytes.
    while bytes.len() < 4 {
        let digits = rest.strip_prefix('%')?.get(..2)?;
        bytes.push(u8::try_from(hexadecimal(digits)?).ok()?);
        rest = rest.get(3..)?;
        if let Ok(read) = std::str::from_utf8(&bytes) {
            return read.chars().next().map(|letter| (letter, 3 * bytes.len()));
        }
    }
    None
}

fn json_meaning(text: &str) -> Option<(char, usize)> {
    let letter = match text.as_bytes().get(1)? {
        quoted @ (b'"' | b'\\' | b'/') => char::from(*quoted),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let unit = |from: usize| {
                let digits = text.get(from..)?.strip_prefix("\\u")?.get(..4)?;
                u16::try_from(hexadecimal(digits)?).ok()
            };
            let first = unit(0)?;
            if let Some(letter) = char::from_u32(u32::from(first)) {
                return Some((letter, 6));
            }
            let pair = char::decode_utf16([first, unit(6)?]).next()?;
            return pair.ok().map(|letter| (letter, 12));
        }
        _ => return None,
    };
    Some((letter, 2))
}

/// How many bytes at the start of `text` spell `wanted`; none if they spell something else.
pub(crate) fn length_of(wanted: &str, text: &str) -> Option<usize> {
    // An escape may also be meant literally, so there can be more than one way to read on.
    let mut ends = vec![0];
    for letter in wanted.chars() {
        let mut further: Vec<usize> = Vec::with_capacity(ends.len());
        for end in ends {
            let rest = text.get(end..).unwrap_or_default();
            for length in spellings(letter, rest).into_iter().flatten() {
                if !further.contains(&(end + length)) {
                    further.push(end + length);
                }
            }
        }
        if further.is_empty() {
            return None;
        }
        ends = further;
    }
    ends.into_iter().max()
}

/// The lengths of the spellings of a character that a text begins with.
fn spellings(letter: char, text: &str) -> [Option<usize>; 2] {
    let plain = text.starts_with(letter).then(|| letter.len_utf8());
    let escaped = match text.as_bytes().first() {
        Some(b'%') => percent(letter, text),
        Some(b'\\') => json(letter, text),
        Some(b'&') => html(letter, text),
        // RFC 6901: a JSON pointer.
        Some(b'~') => match letter {
            '~' => text.starts_with("~0").then_some(2),
            '/' => text.starts_with("~1").then_some(2),
            _ => None,
        },
        Some(b'+') => (letter == ' ').then_some(1),
        _ => None,
    };
    [plain, escaped]
}

/// Percent-encoded (RFC 3986 §2.1), in either letter case.
fn percent(letter: char, text: &str) -> Option<usize> {
    let mut bytes = [0; 4];
    let mut length = 0;
    for byte in letter.encode_utf8(&mut bytes).bytes() {
        let digits = text.get(length..)?.strip_prefix('%')?.get(..2)?;
        if hexadecimal(digits)? != u32::from(byte) {
            return None;
        }
        length += 3;
    }
    Some(length)
}

/// Escaped as in a JSON text (RFC 8259 §7).
fn json(letter: char, text: &str) -> Option<usize> {
    let short = match letter {
        '"' => "\\\"",
        '\\' => "\\\\",
        '/' => "\\/",
        '\u{8}' => "\\b",
        '\u{c}' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => "\\u",
    };
    if short != "\\u" && text.starts_with(short) {
        return Some(short.len());
    }
    let mut units = [0; 2];
    let mut length = 0;
    for unit in letter.encode_utf16(&mut units) {
        let digits = text.get(length..)?.strip_prefix("\\u")?.get(..4)?;
        if hexadecimal(digits)? != u32::from(*unit) {
            return None;
        }
        length += 6;
    }
    Some(length)
}

/// As a character reference of HTML.
fn html(letter: char, text: &str) -> Option<usize> {
    html_meaning(text).filter(|(means, _)| *means == letter).map(|(_, length)| length)
}

fn html_meaning(text: &str) -> Option<(char, usize)> {
    let inner = text.strip_prefix('&')?;
    // The longest number is that of U+10FFFF.
    let end = inner.bytes().take("#1114111".len() + 1).position(|byte| byte == b';')?;
    let letter = match inner.get(..end)? {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        name => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => hexadecimal(digits)?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((letter, end + "&;".len()))
}

/// A number of hexadecimal digits and nothing else.
fn hexadecimal(digits: &str) -> Option<u32> {
    let proper = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    proper.then(|| u32::from_str_radix(digits, 16).ok())?
}
