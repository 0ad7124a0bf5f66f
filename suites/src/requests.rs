//! How many requests a run is to send, which is told before it sends any.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use harness::{Action, Check};

/// Counted by `tests/requests.rs`: a check, and the requests that it takes alone against the bundled server, those included that
/// remove what it created. The first line is a run without a check.
const TABLE: &str = include_str!("../requests.tsv");
/// What discovery takes, in the table.
const DISCOVERY: &str = "-";

/// How many requests these checks take at most where they all pass: checks that look at the same things share some.
///
/// ```
/// let delete = suites::find("delete.answers-204").expect("a check");
/// assert!(suites::requests([delete]) > suites::requests([]));
/// ```
#[must_use]
pub fn requests<'a>(checks: impl IntoIterator<Item = &'a Check>) -> u32 {
    static COUNTED: LazyLock<BTreeMap<&str, u32>> = LazyLock::new(|| {
        let rows = TABLE.lines().filter_map(|line| line.split_once('\t'));
        rows.filter_map(|(id, count)| Some((id, count.parse().ok()?))).collect()
    });
    let counted = |id: &str| COUNTED.get(id).copied().unwrap_or_default();
    let active = checks.into_iter().filter(|check| matches!(check.action, Action::Active(_)));
    counted(DISCOVERY) + active.map(|check| counted(check.id)).sum::<u32>()
}
