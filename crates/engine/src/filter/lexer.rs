use crate::filter::Misread;

/// One token with its place in the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// In bytes from the start of the text.
    pub(super) start: usize,
    /// Whether a space stands before it.
    pub(super) spaced: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `[`
    OpenBracket,
    /// `]`
    CloseBracket,
    /// A path, an operator, a number, a keyword: what it is depends on where it stands.
    Word(String),
    /// A JSON string, unescaped.
    Text(String),
    /// The end of the text.
    End,
}

/// Divides a text into tokens; the last is the end.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Misread> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut spaced = false;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(' ') {
            at += 1;
            spaced = true;
            continue;
        }
        let (kind, length) = token(rest, at)?;
        tokens.push(Token { kind, start: at, spaced });
        at += length;
        spaced = false;
    }
    tokens.push(Token { kind: Kind::End, start: at, spaced });
    Ok(tokens)
}

/// The token that a text begins with, and its length in bytes.
fn token(rest: &str, at: usize) -> Result<(Kind, usize), Misread> {
    let mark = |kind| Ok((kind, 1));
    match rest.as_bytes().first() {
        Some(b'(') => mark(Kind::Open),
        Some(b')') => mark(Kind::Close),
        Some(b'[') => mark(Kind::OpenBracket),
        Some(b']') => mark(Kind::CloseBracket),
        Some(b'"') => string(rest, at),
        _ => {
            let length = rest.bytes().take_while(|byte| in_word(*byte)).count();
            match rest.get(..length).filter(|word| !word.is_empty()) {
                Some(word) => Ok((Kind::Word(word.to_owned()), length)),
                None => Err(Misread::new(at, "this character has no meaning outside of quotes")),
            }
        }
    }
}

/// The characters of URIs, less those that are marks here: paths begin with schema URIs.
fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'*+,;=%".contains(&byte)
}

fn string(rest: &str, at: usize) -> Result<(Kind, usize), Misread> {
    let mut escaped = false;
    let closing = rest.bytes().enumerate().skip(1).find(|(_, byte)| {
        let closes = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        closes
    });
    let quoted = closing.and_then(|(closing, _)| rest.get(..=closing));
    let quoted = quoted.ok_or_else(|| Misread::new(at, "the quotes that open here are not closed"))?;
    match serde_json::from_str(quoted) {
        Ok(text) => Ok((Kind::Text(text), quoted.len())),
        Err(_) => Err(Misread::new(at, "what stands in quotes has to be a JSON string")),
    }
}
