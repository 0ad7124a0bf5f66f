//! What a filter compares with an attribute that nobody may read, wherever a filter stands: in an address, in the body of a
//! search, in a path of a PATCH (RFC 7644 §3.4.2.2).

use std::borrow::Cow;
use std::ops::Range;

use record::REDACTED;

/// Operators that a value follows.
const OPERATORS: [&str; 9] = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];
/// The spellings of a blank, and of the quote around a text.
const BLANKS: [&str; 3] = [" ", "+", "%20"];
const QUOTES: [&str; 3] = ["\\\"", "\"", "%22"];
/// What ends a value without quotes.
const ENDS: &[char] = &[' ', '+', '%', '&', ')', ']', '"', '\\'];

/// The text without the values that attributes of these names, in lower case, are compared with.
pub(crate) fn without_compared<'a>(text: &'a str, names: &[String]) -> Cow<'a, str> {
    // Nearly no text has any of them, and that is found out without a copy.
    if !names.iter().any(|name| is_in(text, name)) {
        return Cow::Borrowed(text);
    }
    // Lowering ASCII letters keeps every offset.
    let lower = text.to_ascii_lowercase();
    let mut found: Vec<Range<usize>> = names.iter().flat_map(|name| compared(&lower, name)).collect();
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    found.sort_by_key(|range| range.start);
    let mut clean = String::with_capacity(text.len());
    let mut kept = 0;
    for range in found {
        // One value may stand within another.
        if range.is_empty() || range.start < kept {
            continue;
        }
        clean.push_str(text.get(kept..range.start).unwrap_or_default());
        clean.push_str(REDACTED);
        kept = range.end;
    }
    clean.push_str(text.get(kept..).unwrap_or_default());
    Cow::Owned(clean)
}

/// Whether a name in lower case stands in a text in any letter case.
fn is_in(text: &str, name: &str) -> bool {
    let (text, name) = (text.as_bytes(), name.as_bytes());
    let Some(first) = name.first() else { return false };
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), text)
        .any(|at| text.get(at..at + name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name)))
}

/// Where the values that a name is compared with stand in a text in lower case. What stands in a value is no name, so that a
/// text is read once, whatever is in it.
fn compared(lower: &str, name: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = lower.get(from..).and_then(|rest| rest.find(name)) {
        from += at + name.len();
        if let Some(value) = value_behind(lower, from) {
            from = value.end;
            found.push(value);
        }
    }
    found
}

/// The value of a comparison whose attribute ends here.
fn value_behind(lower: &str, end: usize) -> Option<Range<usize>> {
    let at = |rest: &str| lower.len() - rest.len();
    let rest = behind_blanks(lower.get(end..)?)?;
    let rest = OPERATORS.iter().find_map(|operator| rest.strip_prefix(operator))?;
    let rest = behind_blanks(rest)?;
    let quote = QUOTES.into_iter().find(|quote| rest.starts_with(quote));
    let Some(quote) = quote else {
        return Some(at(rest)..at(rest) + rest.find(ENDS).unwrap_or(rest.len()));
    };
    let inner = rest.strip_prefix(quote)?;
    Some(at(inner)..at(inner) + closing(inner, quote).unwrap_or(inner.len()))
}

/// Where the quote stands that ends a text, which is none that is escaped.
fn closing(inner: &str, quote: &str) -> Option<usize> {
    // What an escape is begun with, in the spelling of the quote.
    let escape = match quote {
        "%22" => "%5c",
        "\"" => "\\",
        _ => "\\\\",
    };
    let mut rest = inner;
    while let Some(next) = rest.chars().next() {
        let at = inner.len() - rest.len();
        if rest.starts_with(quote) {
            return Some(at);
        }
        rest = match rest.strip_prefix(escape) {
            Some(escaped) => behind_one(escaped, escape),
            None => rest.get(next.len_utf8()..)?,
        };
    }
    None
}

/// The text behind whatever was escaped: a quote or an escape in any spelling, or a letter.
fn behind_one<'a>(text: &'a str, escape: &str) -> &'a str {
    let known = QUOTES.into_iter().chain([escape]).find_map(|one| text.strip_prefix(one));
    let mut letters = text.chars();
    letters.next();
    known.unwrap_or(letters.as_str())
}

/// The text behind one blank or several.
fn behind_blanks(text: &str) -> Option<&str> {
    let strip = |text: &str| BLANKS.iter().find_map(|blank| text.strip_prefix(blank)).map(str::len);
    let mut left = strip(text)?;
    loop {
        let rest = text.get(text.len() - left..)?;
        match strip(rest) {
            Some(shorter) => left = shorter,
            None => return Some(rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_compared;

    #[test]
    fn what_a_secret_attribute_is_compared_with_is_taken_out() {
        let names = ["dateofbirth".to_owned(), "password".to_owned()];
        for (text, clean) in [
            (r#"dateOfBirth sw "1990""#, r#"dateOfBirth sw "<redacted>""#),
            (
                "/Users?filter=urn%3Ax%3AdateOfBirth%20sw%20%221990%22&count=1",
                "/Users?filter=urn%3Ax%3AdateOfBirth%20sw%20%22<redacted>%22&count=1",
            ),
            (
                "?filter=dateofbirth+EQ+%221990-05-17%22+and+active+eq+true",
                "?filter=dateofbirth+EQ+%22<redacted>%22+and+active+eq+true",
            ),
            (
                r#"{"filter":"password eq \"a\\\"b\" or title pr"}"#,
                r#"{"filter":"password eq \"<redacted>\" or title pr"}"#,
            ),
            (
                r#"password eq "a\"b" or password eq "c""#,
                r#"password eq "<redacted>" or password eq "<redacted>""#,
            ),
            ("password%20eq%20%22a%5C%22b%22%29", "password%20eq%20%22<redacted>%22%29"),
            ("dateOfBirth gt 1990) and x", "dateOfBirth gt <redacted>) and x"),
            (r#"dateOfBirth eq "1990"#, r#"dateOfBirth eq "<redacted>"#),
            ("dateOfBirth pr", "dateOfBirth pr"),
            (r#"password eq "dateOfBirth eq \"1990\" is mine""#, r#"password eq "<redacted>""#),
            (r#"userName eq "dateOfBirth""#, r#"userName eq "dateOfBirth""#),
            ("the password is equal to what was sent", "the password is equal to what was sent"),
        ] {
            assert_eq!(without_compared(text, &names), clean);
        }
    }

    /// Nobody can make it take long: twice as much takes twice as long, whatever it is made of.
    #[test]
    fn a_text_is_read_once() {
        let names = ["password".to_owned()];
        for part in ["password eq %22", "\\\\", "%5c", "password eq ", "\\\"", "password password eq \""] {
            let text = format!("password eq \"{}", part.repeat(200_000));
            assert!(without_compared(&text, &names).len() < text.len(), "{part}");
        }
    }
}
