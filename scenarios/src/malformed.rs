use std::ops::Range;

/// Where a file cannot be read, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}\n  hint: {hint}")]
pub struct Malformed {
    /// The file's name.
    pub file: String,
    /// The line, counting from 1.
    pub line: usize,
    /// The column in characters, counting from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// How the reader of TOML begins a complaint about a value beside a word that takes none.
const BESIDE_A_WORD: [&str; 2] = ["expected table, found", "expected empty table"];
/// How it begins one about a value of another form.
const OTHER_FORM: [&str; 5] = [
    "invalid type",
    "invalid value",
    "wanted string or table",
    "wanted exactly 1 element",
    "expected table with exactly 1 entry",
];

/// A file that is read, for complaints about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    /// Its name.
    pub file: &'a str,
    /// What stands in it.
    pub text: &'a str,
}

impl Source<'_> {
    /// A complaint about a part of the file, in bytes.
    pub(crate) fn complaint(
        &self,
        span: &Range<usize>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Malformed {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count().saturating_add(1);
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count().saturating_add(1);
        Malformed { file: self.file.to_owned(), line, column, message: message.into(), hint: hint.into() }
    }

    /// The first place within a part of the file that shows something, given where all parts begin: TOML tells of a
    /// table's head alone.
    pub(crate) fn shown(&self, part: &Range<usize>, starts: &[usize], shows: &str) -> Range<usize> {
        let next = starts.iter().find(|start| **start > part.start);
        let end = next.copied().unwrap_or(self.text.len());
        let within = self.text.get(part.start..end).and_then(|text| text.find(shows)).unwrap_or(0);
        part.start.saturating_add(within)..end
    }

    /// What the reader of TOML complains about; `schema` is the file that lists what belongs where.
    pub(crate) fn unread(&self, cause: &toml::de::Error, schema: &str) -> Malformed {
        let message = cause.message();
        let at = cause.span().unwrap_or(0..0);
        let form = || format!("write the value in the form that is expected; {schema} says which");
        let hint = if message.starts_with("unknown field") || message.starts_with("unknown variant") {
            "remove it, or correct its name to one of those listed".to_owned()
        } else if message.starts_with("missing field") {
            format!("add the line; {schema} lists what belongs where")
        } else if BESIDE_A_WORD.iter().any(|complaint| message.starts_with(complaint)) {
            self.key_before(at.start)
                .map_or_else(form, |word| format!("it stands by itself: write \"{word}\", or {word} = {{}}"))
        } else if OTHER_FORM.iter().any(|complaint| message.starts_with(complaint)) {
            form()
        } else {
            "the file is TOML; see https://toml.io".to_owned()
        };
        self.complaint(&at, message, hint)
    }

    /// The key of a value that begins here.
    fn key_before(&self, value: usize) -> Option<&str> {
        let before = self.text.get(..value)?.trim_end().strip_suffix('=')?.trim_end();
        let is_bare = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
        before.rsplit(|letter| !is_bare(letter)).next().filter(|word| !word.is_empty())
    }

    /// Where a part of a text stands in the file, from where the text's value stands. A text with escapes is told of as
    /// a whole.
    pub(crate) fn within(&self, value: &Range<usize>, part: &Range<usize>) -> Range<usize> {
        let raw = self.text.get(value.clone()).unwrap_or_default();
        let quotes = if raw.starts_with("'''") || raw.starts_with("\"\"\"") { 3 } else { 1 };
        // The first line break after three quotes is no part of the text.
        let skipped = match raw.get(quotes..) {
            Some(rest) if quotes == 3 && rest.starts_with("\r\n") => 2,
            Some(rest) if quotes == 3 && rest.starts_with('\n') => 1,
            _ => 0,
        };
        if raw.starts_with('"') && raw.contains('\\') {
            return value.clone();
        }
        let start = value.start.saturating_add(quotes).saturating_add(skipped);
        start.saturating_add(part.start)..start.saturating_add(part.end)
    }
}
