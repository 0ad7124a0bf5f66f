//! Which check catches which fault: the committed result of running every check against every fault
//! (`tests/matrix.rs` and, for the rules of profiles, `tests/applications.rs` keep it true).
//!
//! ```
//! assert!(suites::matrix::caught_by("delete.answers-204").any(|flip| flip.fault == "delete-answers-200"));
//! ```

const TABLES: [&str; 2] = [include_str!("../matrix.tsv"), include_str!("../rules-matrix.tsv")];

/// One verdict that a fault turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flip {
    /// The fault.
    pub fault: &'static str,
    /// The check that passes on the healthy server.
    pub check: &'static str,
    /// What it says of the faulty one: `fail`, `warn`, `blocked` or `not-supported`.
    pub verdict: &'static str,
    /// The ids of the requirements that its findings stand under, joined with a comma.
    pub requirements: &'static str,
}

/// Every flip, by fault.
pub fn flips() -> impl Iterator<Item = Flip> {
    TABLES.into_iter().flat_map(|table| table.lines().skip(1)).filter_map(|line| {
        let mut columns = line.split('\t');
        Some(Flip {
            fault: columns.next()?,
            check: columns.next()?,
            verdict: columns.next()?,
            requirements: columns.next()?,
        })
    })
}

/// The flips of one check in which it accuses the server.
pub fn caught_by(check: &str) -> impl Iterator<Item = Flip> {
    flips().filter(move |flip| flip.check == check && matches!(flip.verdict, "fail" | "warn"))
}

/// The flips of one fault in which a check accuses the server.
pub fn catching(fault: &str) -> impl Iterator<Item = Flip> {
    flips().filter(move |flip| flip.fault == fault && matches!(flip.verdict, "fail" | "warn"))
}
