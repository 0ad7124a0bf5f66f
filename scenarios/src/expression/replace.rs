//! `Replace`, which does one of five things, by the arguments that it is given.

use regex::{Captures, Regex};

use crate::expression::error::ExpressionError;
use crate::expression::evaluate::evaluate;
use crate::expression::node::{Node, Term};
use crate::expression::value::{Value, View};

/// A regular expression; two are equal that are written alike.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Regex);

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

const OLD: usize = 1;
const PATTERN: usize = 2;
const GROUP: usize = 3;
const REPLACEMENT: usize = 4;
const OTHER: usize = 5;
const TEMPLATE: usize = 6;

/// The sets of arguments that mean something, beside the source.
const MODES: [&[usize]; 5] = [
    &[OLD, REPLACEMENT],
    &[OLD, TEMPLATE],
    &[PATTERN, REPLACEMENT],
    &[PATTERN, GROUP, REPLACEMENT],
    &[PATTERN, GROUP, OTHER],
];

/// Checks that the arguments go together, and compiles the pattern among them.
pub(super) fn pattern(arguments: &[Node]) -> Result<Option<Pattern>, ExpressionError> {
    let span = || {
        let ends = arguments.first().zip(arguments.last());
        ends.map_or(0..0, |(first, last)| first.span.start..last.span.end)
    };
    if !MODES.contains(&given(arguments).as_slice()) {
        let hint = "give it old and replacement, old and template, pattern and replacement, pattern, group and \
                    replacement, or pattern, group and replacement attribute; leave the others empty";
        return Err(ExpressionError::new(span(), "these arguments of Replace do not go together", hint));
    }
    let Some(node) = arguments.get(PATTERN).filter(|node| !node.is_empty()) else { return Ok(None) };
    let Term::Text(text) = &node.term else {
        let hint = "write the regular expression as a text in quotes";
        return Err(ExpressionError::new(node.span.clone(), "the pattern is not written out", hint));
    };
    let regex = Regex::new(text).map_err(|_| {
        let hint = "write a regular expression, each backslash twice; looking ahead or behind and references back \
                    are not played";
        ExpressionError::new(node.span.clone(), "the pattern cannot be read", hint)
    })?;
    let Some(group) = arguments.get(GROUP).filter(|node| !node.is_empty()) else {
        return Ok(Some(Pattern(regex)));
    };
    let known = match &group.term {
        Term::Text(name) => regex.capture_names().flatten().any(|known| known == name),
        Term::Empty | Term::Attribute(_) | Term::Number(_) | Term::Call { .. } | Term::Comparison { .. } => {
            false
        }
    };
    if !known {
        let hint = "write the name of a group of the pattern in quotes, as in (?<name>…)";
        return Err(ExpressionError::new(group.span.clone(), "the pattern has no such group", hint));
    }
    Ok(Some(Pattern(regex)))
}

fn given(arguments: &[Node]) -> Vec<usize> {
    let given = arguments.iter().enumerate().skip(1).filter(|(_, node)| !node.is_empty());
    given.map(|(place, _)| place).collect()
}

pub(super) fn replace(arguments: &[Node], pattern: Option<&Pattern>, view: &impl View) -> Value {
    let nth = |place: usize| arguments.get(place).map_or(Value::Null, |node| evaluate(node, view));
    let text = |place: usize| nth(place).text().unwrap_or_default().to_owned();
    let source = nth(0);
    let given = given(arguments);
    if given.contains(&OTHER) {
        if source.is_present() {
            return source;
        }
        let (Some(Pattern(regex)), group) = (pattern, text(GROUP)) else { return Value::Null };
        let other = text(OTHER);
        let found =
            regex.captures(&other).and_then(|captures| captures.name(&group).map(|found| found.as_str()));
        return found.map_or(Value::Null, Value::from);
    }
    let Some(source) = source.text().map(str::to_owned) else { return Value::Null };
    let (old, replacement) = (text(OLD), text(REPLACEMENT));
    match pattern {
        None if given.contains(&TEMPLATE) => plain(&text(TEMPLATE), &old, &source).into(),
        None => plain(&source, &old, &replacement).into(),
        Some(Pattern(regex)) if given.contains(&GROUP) => {
            group_replaced(regex, &source, &text(GROUP), &replacement).into()
        }
        Some(Pattern(regex)) => Value::from(
            regex.replace_all(&source, |captures: &Captures<'_>| expand(regex, captures, &replacement)),
        ),
    }
}

/// All occurrences, letter case counting. Of an empty text there are none.
fn plain(text: &str, old: &str, new: &str) -> String {
    if old.is_empty() { text.to_owned() } else { text.replace(old, new) }
}

/// The text with each match of one group replaced, and the rest of the match kept.
fn group_replaced(regex: &Regex, source: &str, group: &str, replacement: &str) -> String {
    let mut out = String::new();
    let mut kept = 0;
    for found in regex.captures_iter(source).filter_map(|captures| captures.name(group)) {
        out.push_str(source.get(kept..found.start()).unwrap_or_default());
        out.push_str(replacement);
        kept = found.end();
    }
    out.push_str(source.get(kept..).unwrap_or_default());
    out
}

/// Puts groups in the place of `${name}`, `${1}` and `$1`, and a dollar in the place of `$$`. What names no group stays.
fn expand(regex: &Regex, captures: &Captures<'_>, replacement: &str) -> String {
    let mut out = String::new();
    let mut rest = replacement;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let braced = after.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (name, behind) = match (braced, after.split_at_checked(digits)) {
            (Some((name, behind)), _) => (name, behind),
            (None, Some((number, behind))) if digits > 0 => (number, behind),
            _ => {
                out.push('$');
                rest = after.strip_prefix('$').unwrap_or(after);
                continue;
            }
        };
        let group = name.parse().map_or_else(|_| captures.name(name), |number: usize| captures.get(number));
        // A group that took no part in the match is empty.
        let numbered = name.parse().is_ok_and(|number: usize| number < captures.len());
        let exists = numbered || regex.capture_names().flatten().any(|known| known == name);
        if exists {
            out.push_str(group.map_or("", |group| group.as_str()));
            rest = behind;
        } else {
            out.push('$');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}
