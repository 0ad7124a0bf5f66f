//! What whoever makes a server would change that fails a check: a text for each check, or for a family of them whose ids begin
//! alike.
//!
//! A report says what was expected and what came; this says what to do about it. The texts are data
//! (`requirements/advice.tsv`), written from the claim of the check and the requirement that it stands on.
//!
//! ```
//! assert!(suites::advice::of("delete.answers-204").is_some_and(|advice| advice.starts_with("Answer a successful DELETE")));
//! assert_eq!(suites::advice::of("delete.no-such-check"), None);
//! ```

use harness::Check;

const TABLE: &str = include_str!("../requirements/advice.tsv");
/// What the name of a family ends in.
const FAMILY: char = '*';

/// Every row: the id of a check, or the beginning of several and `*`, and the text.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().skip(1).filter_map(|line| line.split_once('\t'))
}

/// Whether a row is about a check.
///
/// ```
/// assert!(suites::advice::is_about("promapp.patch-cannot-*", "promapp.patch-cannot-rename"));
/// assert!(!suites::advice::is_about("delete.answers", "delete.answers-204"));
/// ```
#[must_use]
pub fn is_about(row: &str, check: &str) -> bool {
    row.strip_suffix(FAMILY).map_or(row == check, |beginning| check.starts_with(beginning))
}

/// The advice of a check, by id.
#[must_use]
pub fn of(check: &str) -> Option<&'static str> {
    all().find_map(|(row, advice)| is_about(row, check).then_some(advice))
}

/// A check with its advice.
pub(crate) fn given(check: Check) -> Check {
    check.advice(of(check.id).unwrap_or_default())
}
