//! Filters and PATCH paths as text, RFC 7644 §3.4.2.2 and §3.5.2, with errata 4690, 7319 and 7322.

mod lexer;
mod parser;

use protocol::{AttrPath, Filter, PatchPath, ScimType};

use crate::filter::parser::Parser;
use crate::reject::Reject;
use crate::rules::Limits;

/// What the parser reads beyond the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leniency {
    /// `emails[type eq "work"].value eq "x"`, which is sent to match accounts. It is read as one filter on
    /// one value: `emails[type eq "work" and value eq "x"]`. On by default; no strict client can tell.
    pub comparison_after_value_path: bool,
    /// `externalId eq jyoung`, as old samples have it. Off by default.
    pub text_without_quotes: bool,
}

impl Default for Leniency {
    fn default() -> Self {
        Self { comparison_after_value_path: true, text_without_quotes: false }
    }
}

/// Where a text breaks off the grammar, and what would have stood there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misread {
    /// In bytes from the start of the text.
    at: usize,
    expected: String,
    /// Whether it is inside a filter, where a PATCH path has one.
    in_filter: bool,
}

impl Misread {
    fn new(at: usize, expected: impl Into<String>) -> Self {
        Self { at, expected: expected.into(), in_filter: false }
    }

    /// The refusal. The text itself is not quoted: filters hold personal data.
    fn reject(&self, what: &str, scim_type: ScimType) -> Reject {
        let Self { at, expected, .. } = self;
        let detail = format!("the {what} cannot be read at character {}: {expected}", at.saturating_add(1));
        Reject { scim_type: Some(scim_type), ..Reject::new(400, detail) }
    }
}

/// Reads a filter.
///
/// Attribute names, operators and the words `and`, `or`, `not` and `pr` are read in any letter case; `true`,
/// `false` and `null` are JSON and in lower case only. The space after `not` may be missing.
///
/// ```
/// use engine::{Leniency, Limits, parse_filter};
///
/// let read = |text| parse_filter(text, &Limits::default(), Leniency::default());
/// let filter = read(r#"a eq 1 OR b Pr and not(c sw "d")"#).unwrap();
/// assert_eq!(filter.to_string(), r#"a eq 1 or b pr and not (c sw "d")"#);
/// assert!(read("a like 1").unwrap_err().detail.contains("at character 3: "));
/// ```
///
/// # Errors
/// 400 invalidFilter with the position, for text off the grammar and for filters over the limits.
pub fn parse_filter(text: &str, limits: &Limits, leniency: Leniency) -> Result<Filter, Reject> {
    Parser::new(text, limits, leniency)
        .and_then(Parser::filter)
        .map_err(|misread| misread.reject("filter", ScimType::InvalidFilter))
}

/// Reads the path of a PATCH operation.
///
/// # Errors
/// 400 invalidPath with the position; invalidFilter where the text breaks off inside the brackets.
pub fn parse_patch_path(text: &str, limits: &Limits) -> Result<PatchPath, Reject> {
    Parser::new(text, limits, Leniency::default()).and_then(Parser::patch_path).map_err(|misread| {
        let scim_type = if misread.in_filter { ScimType::InvalidFilter } else { ScimType::InvalidPath };
        misread.reject("path", scim_type)
    })
}

/// Reads an attribute path, which the last colon divides from its schema URI: URIs hold colons and dots.
pub(crate) fn attr_path(word: &str, start: usize) -> Result<AttrPath, Misread> {
    let (urn, rest) = match word.rsplit_once(':') {
        Some((urn, rest)) => (Some(urn.to_owned()), rest),
        None => (None, word),
    };
    let rest_at = start + (word.len() - rest.len());
    if urn.as_deref() == Some("") {
        return Err(Misread::new(start, "a schema URI has to stand before the colon"));
    }
    let (name, sub) = match rest.split_once('.') {
        Some((name, sub)) => (name, Some(sub)),
        None => (rest, None),
    };
    // The schema URI of a whole extension ends in a name as well, so it passes here and is resolved later.
    expect_name(name, rest_at)?;
    if let Some(sub) = sub {
        expect_name(sub, rest_at + name.len() + 1)?;
    }
    Ok(AttrPath { urn, name: name.to_owned(), sub: sub.map(str::to_owned) })
}

/// The names of RFC 7643 §2.1, and those that begin with a dollar sign, such as `$ref`.
fn expect_name(name: &str, start: usize) -> Result<(), Misread> {
    let fits = |(position, byte): (usize, u8)| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'$' => true,
        b'0'..=b'9' | b'-' | b'_' => position > 0,
        _ => false,
    };
    match name.bytes().enumerate().find(|pair| !fits(*pair)) {
        Some((position, _)) => Err(Misread::new(
            start + position,
            "an attribute name has letters, digits, hyphens and underscores, and begins with a letter",
        )),
        None if name.is_empty() => Err(Misread::new(start, "an attribute name is missing")),
        None => Ok(()),
    }
}
