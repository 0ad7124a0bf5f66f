use serde::Deserialize;
use toml::de::{DeTable, ValueDeserializer};

use crate::behaviour::Behaviour;
use crate::near::hint;
use crate::sound::Complaint;
use crate::spoken::in_words;
use crate::target::secret;

/// Why there is no profile, or no waivers.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// No profile has this name.
    #[error("there is no profile {name:?}; known profiles: {}", known.join(", "))]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names that there are.
        known: Vec<&'static str>,
    },
    /// The file is none.
    #[error("{file}:{line}:{column}: {message}\n  hint: {hint}")]
    Malformed {
        /// The file's name.
        file: String,
        /// The line, counting from 1.
        line: usize,
        /// The column in characters, counting from 1.
        column: usize,
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
}

impl ProfileError {
    /// What the reader of TOML complains about, in a file that a schema describes. Where it says which names there are, the
    /// one that was meant is told.
    pub(crate) fn malformed(text: &str, file: &str, cause: &toml::de::Error, schema: &str) -> Self {
        let message = in_words(cause.message());
        let mut start =
            behaviour_at_fault(text, &message).unwrap_or_else(|| cause.span().map_or(0, |span| span.start));
        let mut quoted = message.split('`').skip(1).step_by(2);
        let unknown = message.starts_with("unknown field") || message.starts_with("unknown variant");
        let hint = if let Some(wrong) = quoted.next().filter(|_| unknown) {
            // The reader may point at the table in which it stands, or at the head of that.
            let table = text.get(start..).unwrap_or_default();
            let head = table.find('\n').unwrap_or(table.len());
            let end =
                table.get(head..).and_then(|rest| rest.find("\n[")).map_or(table.len(), |end| head + end);
            start += table.get(..end).and_then(|table| offset_of(table, wrong)).unwrap_or(0);
            hint(wrong, quoted, "remove it, or correct its name to one of those listed")
        } else if message == secret::LITERAL {
            secret::INSTEAD.to_owned()
        } else if message.starts_with("missing field") {
            format!("add the line; {schema} lists what belongs where")
        } else if message.starts_with("invalid type") || message.starts_with("invalid value") {
            format!("write the value in the form that is expected; {schema} says which")
        } else {
            "the file is TOML; see https://toml.io".to_owned()
        };
        Self::at(text, file, start, message, hint)
    }

    /// Places a complaint.
    pub(crate) fn unsound(text: &str, file: &str, complaint: Complaint) -> Self {
        Self::at(text, file, complaint.at.span(text).start, complaint.message, complaint.hint)
    }

    fn at(text: &str, file: &str, offset: usize, message: String, hint: String) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self::Malformed { file: file.to_owned(), line, column, message, hint }
    }
}

/// Where the behaviour stands that a message is about: the reader of TOML points at the first of them.
fn behaviour_at_fault(text: &str, message: &str) -> Option<usize> {
    let root = DeTable::parse(text).ok()?;
    let behaviours = root.get_ref().get("behaviours")?.get_ref().as_array()?;
    let faulty = behaviours.iter().find(|item| {
        let read = Behaviour::deserialize(ValueDeserializer::from((*item).clone()));
        read.is_err_and(|error| in_words(error.message()) == message)
    });
    faulty.map(|item| item.span().start)
}

/// Where a word stands in a text, not as a part of another word.
fn offset_of(text: &str, word: &str) -> Option<usize> {
    let joins = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    text.match_indices(word).map(|(start, _)| start).find(|start| {
        let before = text.get(..*start).and_then(|before| before.chars().next_back());
        let after = text.get(start + word.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(joins) && !after.is_some_and(joins)
    })
}
