use scenarios::population::PopulationError;

/// Why there is no load.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DescriptionError {
    /// No load has this name.
    #[error("there is no load {name:?}; known loads: {}", known.join(", "))]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names that there are.
        known: Vec<&'static str>,
    },
    /// The file describes no load.
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

/// Why an objective cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}\n{:>column$} {message}\n  hint: {hint}", "^", column = at + 1)]
pub struct ObjectiveError {
    /// The objective, as it was written.
    pub text: String,
    /// The place of what is wrong, in characters from 0.
    pub at: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// Why a load could not be played.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// What it describes cannot be.
    #[error("the population cannot be made")]
    Population(#[from] PopulationError),
    /// An objective cannot be read.
    #[error("an objective cannot be read:\n{0}")]
    Objective(#[from] ObjectiveError),
    /// A number is out of range.
    #[error("{message}")]
    Description {
        /// What is wrong, and what to do.
        message: String,
    },
    /// It was called where a runtime already runs, which would wait for itself.
    #[error("a load cannot run inside of an async runtime; call it on a thread of its own")]
    InsideRuntime,
    /// The client could not be set up.
    #[error("the client cannot be set up")]
    Client(#[from] client::TransportError),
    /// A thread or a runtime could not be had.
    #[error("cannot start {what}")]
    Start {
        /// What should have started.
        what: &'static str,
        /// What the system says.
        #[source]
        cause: std::io::Error,
    },
    /// The executor gave up.
    #[error("the executor {executor} gave up: {reason}")]
    Executor {
        /// Its name.
        executor: &'static str,
        /// Why.
        reason: String,
    },
}
