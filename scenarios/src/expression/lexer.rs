//! The words of an expression.

use std::ops::Range;

use crate::expression::error::ExpressionError;
use crate::expression::node::Operator;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// In bytes.
    pub(super) span: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    Comma,
    Operator(Operator),
    /// The name of a function.
    Name(String),
    Attribute(String),
    Text(String),
    Number(i64),
    End,
}

/// Divides an expression into words; the last is the end.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, ExpressionError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let blank = rest.len() - rest.trim_start().len();
        if blank > 0 {
            at += blank;
            continue;
        }
        let (kind, length) = token(rest, at)?;
        tokens.push(Token { kind, span: at..at + length });
        at += length;
    }
    tokens.push(Token { kind: Kind::End, span: at..at });
    Ok(tokens)
}

/// The word that a text begins with, and its length in bytes.
fn token(rest: &str, at: usize) -> Result<(Kind, usize), ExpressionError> {
    if let Some((spelling, operator)) =
        Operator::SPELT.iter().find(|(spelling, _)| rest.starts_with(spelling))
    {
        return Ok((Kind::Operator(*operator), spelling.len()));
    }
    match rest.chars().next() {
        Some('(') => Ok((Kind::Open, 1)),
        Some(')') => Ok((Kind::Close, 1)),
        Some(',') => Ok((Kind::Comma, 1)),
        Some('[') => attribute(rest, at),
        Some('"') => string(rest, at),
        Some('&' | '-' | '0'..='9') => number(rest, at),
        Some(letter) if letter.is_alphabetic() || letter == '_' => {
            let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            Ok((Kind::Name(rest.get(..length).unwrap_or_default().to_owned()), length))
        }
        Some(other) => {
            let hint = match other {
                '\'' | '“' | '”' | '„' => "text stands in straight double quotes",
                ';' => "arguments are separated by commas",
                '+' => "there is no such operator; texts are put together by Append and Join",
                _ => "an expression is a function, a [name], a \"text\" or a number",
            };
            let span = at..at + other.len_utf8();
            Err(ExpressionError::new(span, format!("{other:?} means nothing here"), hint))
        }
        None => Ok((Kind::End, 0)),
    }
}

fn attribute(rest: &str, at: usize) -> Result<(Kind, usize), ExpressionError> {
    let inside = rest.get(1..).unwrap_or_default();
    let end = inside.find(['[', ']', '"']).unwrap_or(inside.len());
    let name = inside.get(..end).unwrap_or_default();
    if !inside.get(end..).is_some_and(|after| after.starts_with(']')) {
        let (message, hint) = ("the bracket is not closed", "write an attribute as [name]");
        return Err(ExpressionError::new(at..at + 1 + end, message, hint));
    }
    if name.trim().is_empty() {
        let (message, hint) = ("the brackets are empty", "write the name of an attribute between them");
        return Err(ExpressionError::new(at..at + end + 2, message, hint));
    }
    Ok((Kind::Attribute(name.to_owned()), end + 2))
}

fn string(rest: &str, at: usize) -> Result<(Kind, usize), ExpressionError> {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1);
    while let Some((place, letter)) = letters.next() {
        match letter {
            '"' => return Ok((Kind::Text(text), place + 1)),
            '\\' => match letters.next() {
                Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
                Some((_, other)) => {
                    let span = at + place..at + place + 1 + other.len_utf8();
                    let message = format!("\\{other} is no escape");
                    let hint = "write \\\\ for a backslash and \\\" for a quotation mark";
                    return Err(ExpressionError::new(span, message, hint));
                }
                None => break,
            },
            other => text.push(other),
        }
    }
    let (message, hint) = ("the text is not closed", "end it with a quotation mark");
    Err(ExpressionError::new(at..at + rest.len(), message, hint))
}

fn number(rest: &str, at: usize) -> Result<(Kind, usize), ExpressionError> {
    let signed = rest.starts_with(['-', '&']);
    let inside = rest.get(usize::from(signed)..).unwrap_or_default();
    let digits = inside.find(|c: char| !(c.is_alphanumeric() || c == '.')).unwrap_or(inside.len());
    let length = digits + usize::from(signed);
    let written = rest.get(..length).unwrap_or_default();
    let parsed = match written.strip_prefix("&H").or_else(|| written.strip_prefix("&h")) {
        Some(hexadecimal) => i64::from_str_radix(hexadecimal, 16).ok(),
        None => written.parse().ok(),
    };
    parsed.map(|number| (Kind::Number(number), length)).ok_or_else(|| {
        let hint = "numbers are whole, as in 12, -3 or &HFF; other text stands in quotes";
        ExpressionError::new(at..at + length.max(1), format!("{written:?} is no number"), hint)
    })
}
