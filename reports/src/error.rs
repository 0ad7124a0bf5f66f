/// Why a report could not be drawn, or a run file not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is the beginning of JSON.
    #[error("the run file is cut short: {0}")]
    CutShort(#[source] serde_json::Error),
    /// The text is no JSON.
    #[error("the run file is no JSON: {0}")]
    NotJson(#[source] serde_json::Error),
    /// The text is JSON, and misses the one field that every run file has.
    #[error("this is no run file: it states no version")]
    NotARun,
    /// The file was written in a form that this program does not know.
    #[error("the {part} is of version {found}, and this program reads version {known}")]
    Version {
        /// The part of the file that differs.
        part: &'static str,
        /// The version that the file states.
        found: u64,
        /// The version that can be read.
        known: u32,
    },
    /// The version is right and the content is not.
    #[error("the run file does not hold what its version promises: {0}")]
    Shape(#[source] serde_json::Error),
    /// The run could not be written as JSON.
    #[error("the run cannot be written as JSON: {0}")]
    Json(#[source] serde_json::Error),
    /// The JUnit document could not be written.
    #[error("the run cannot be written as JUnit: {0}")]
    Junit(#[from] quick_junit::SerializeError),
    /// The page's template and what it is filled with do not fit.
    #[error("the page cannot be drawn: {0}")]
    Page(#[from] minijinja::Error),
}
