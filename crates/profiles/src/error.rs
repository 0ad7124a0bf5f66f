use crate::sound::Complaint;

/// Why there is no profile.
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
    /// The file is no profile.
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
        hint: &'static str,
    },
}

impl ProfileError {
    pub(crate) fn malformed(text: &str, file: &str, cause: &toml::de::Error) -> Self {
        let message = cause.message().to_owned();
        let hint = if message.starts_with("unknown field") {
            "remove the line, or correct its name to one of those listed"
        } else if message.starts_with("missing field") {
            "add the line; docs/profile.schema.json lists what belongs where"
        } else if message.starts_with("invalid type") {
            "write the value in the form that is expected"
        } else {
            "the file is TOML; see https://toml.io"
        };
        Self::at(text, file, cause.span().map_or(0, |span| span.start), message, hint)
    }

    /// Places a complaint at the text that shows it best.
    pub(crate) fn unsound(text: &str, file: &str, complaint: Complaint) -> Self {
        let offset = text.find(&complaint.shows).unwrap_or(0);
        Self::at(text, file, offset, complaint.message, complaint.hint)
    }

    fn at(text: &str, file: &str, offset: usize, message: String, hint: &'static str) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self::Malformed { file: file.to_owned(), line, column, message, hint }
    }
}
