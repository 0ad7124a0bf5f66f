/// How many names are suggested at most.
const SUGGESTIONS_MAX: usize = 3;

/// The known names that a mistyped one may have meant, nearest first.
pub(crate) fn near<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut scored: Vec<(usize, &str)> = known
        .map(|name| (distance(typed, name), name))
        .filter(|(distance, name)| *distance <= name.len() / 3 || (typed.len() >= 3 && name.contains(typed)))
        .collect();
    scored.sort_unstable();
    scored.into_iter().take(SUGGESTIONS_MAX).map(|(_, name)| name).collect()
}

/// Levenshtein distance in characters.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, left) in one.chars().enumerate() {
        let mut next = vec![line + 1];
        for ((right, above), diagonal) in other.iter().zip(row.iter().skip(1)).zip(&row) {
            let beside = next.last().copied().unwrap_or(0);
            next.push((diagonal + usize::from(left != *right)).min(above + 1).min(beside + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{distance, near};

    #[test]
    fn distances_count_edits() {
        assert_eq!((distance("kitten", "sitting"), distance("", "abc"), distance("same", "same")), (3, 3, 0));
    }

    #[test]
    fn the_nearest_name_comes_first_and_strangers_do_not_come() {
        let known = ["delete-answers-200", "create-answers-200", "read-lacks-meta"];
        assert_eq!(near("delete-answer-200", known.into_iter()).first(), Some(&"delete-answers-200"));
        assert!(near("zzz", known.into_iter()).is_empty());
    }
}
