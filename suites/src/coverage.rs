//! How far the catalogue of requirements is covered: the committed state of each (`tests/matrix.rs` keeps it true).
//!
//! - *checked*: an expectation under it held on the healthy server and failed under a fault that breaks it;
//! - *open*: it could be checked and is not yet;
//! - *untestable*: no black-box check can tell, with the reason;
//! - *out of scope*: its document is not covered yet.

const TABLE: &str = include_str!("../requirements/coverage.tsv");

/// The state of a requirement, by id.
#[must_use]
pub fn state(id: &str) -> Option<&'static str> {
    TABLE.lines().skip(1).find_map(|line| {
        let mut columns = line.split('\t');
        (columns.next()? == id).then(|| columns.nth(1)).flatten()
    })
}
