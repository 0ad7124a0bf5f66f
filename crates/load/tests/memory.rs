//! How much a directory takes: it is computed, and never stored.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use scenarios::population::{Population, Shape};

/// Everything that a population holds, written out. Whatever list it kept would stand there.
fn held(users: u64, groups: u64) -> usize {
    let population = Population::new(7, Shape { users, groups, ..Shape::default() }).unwrap();
    // Asking for the last of everything makes it keep no more.
    let last = population.user(users - 1);
    assert!(last.manager.is_some() && population.member(groups - 1, 0).is_some());
    format!("{population:?}").len()
}

#[test]
fn ten_million_users_take_no_more_than_ten() {
    let (few, many) = (held(10, 5), held(10_000_000, 1_000_000));
    // The numbers themselves have more digits.
    assert!(many - few < 200, "{few} and {many} characters");
}
