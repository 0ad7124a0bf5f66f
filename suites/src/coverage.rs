//! How far the catalogue of requirements is covered: the committed state of each (`tests/matrix.rs` keeps it true, and
//! `tests/applications.rs` that of the rules of profiles).
//!
//! - *checked*: an expectation under it held on the healthy server and failed under a fault that breaks it;
//! - *open*: it could be checked and is not yet;
//! - *untestable*: no black-box check can tell, with the reason;
//! - *out of scope*: its document is not covered yet, or a rule binds the client;
//! - *tested*: a rule that only administrators can see; a test of the bundled server proves it.

const TABLE: &str = include_str!("../requirements/coverage.tsv");
const RULES: &str = include_str!("../requirements/rules.tsv");

const UNTESTABLE: &str = include_str!("../requirements/untestable.tsv");

/// The requirements that no black-box check can judge, by id, with the reason.
pub fn all_untestable() -> impl Iterator<Item = (&'static str, &'static str)> {
    UNTESTABLE.lines().skip(1).filter_map(|line| line.split_once('\t'))
}

/// Why no black-box check can judge a requirement, by id; nothing where one can.
#[must_use]
pub fn untestable(id: &str) -> Option<&'static str> {
    all_untestable().find_map(|(untestable, reason)| (untestable == id).then_some(reason))
}

/// The state of a requirement or rule, by id.
#[must_use]
pub fn state(id: &str) -> Option<&'static str> {
    fn row<'a>(table: &'a str, id: &str, column: usize) -> Option<Vec<&'a str>> {
        let mut rows = table.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
        rows.find(|row| row.get(column) == Some(&id))
    }
    let requirement = row(TABLE, id, 0).and_then(|row| row.get(2).copied());
    requirement.or_else(|| row(RULES, id, 1).and_then(|row| row.get(3).copied()))
}
