//! What was expected against what came: the words that differ are marked.

use minijinja::Value;

/// Beyond this many words each, what differs is not looked for: the table of all pairs would be large.
const WORDS_MAX: usize = 300;

/// Both texts as safe HTML, with `<del>` around what only the first has and `<ins>` around what only the second has. Texts
/// that share too little are marked as a whole, since marks on everything but a comma help nobody.
pub(super) fn marked(expected: &str, actual: &str) -> (Value, Value) {
    let (before, after) = (words(expected), words(actual));
    let kept = if before.len().max(after.len()) > WORDS_MAX { None } else { common(&before, &after) };
    let (of_before, of_after) = kept.unwrap_or_else(|| (vec![false; before.len()], vec![false; after.len()]));
    (
        Value::from_safe_string(drawn(&before, &of_before, "del")),
        Value::from_safe_string(drawn(&after, &of_after, "ins")),
    )
}

/// Runs of letters and digits, and every other character by itself.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let joins = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut last: Option<char> = None;
    for (position, letter) in text.char_indices() {
        if position > start && !(joins(letter) && last.is_some_and(joins)) {
            words.extend(text.get(start..position));
            start = position;
        }
        last = Some(letter);
    }
    words.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    words
}

/// Which words of each text belong to the longest sequence that both have; none where that tells nothing.
fn common(before: &[&str], after: &[&str]) -> Option<(Vec<bool>, Vec<bool>)> {
    // One row for each word of the first text, from its end: how long a sequence the rest of both has.
    let mut rows: Vec<Vec<usize>> = vec![vec![0; after.len() + 1]];
    for one in before.iter().rev() {
        let below = rows.last()?;
        let mut row = vec![0; after.len() + 1];
        for (place, other) in after.iter().enumerate().rev() {
            let best = if one == other {
                below.get(place + 1)? + 1
            } else {
                *below.get(place)?.max(row.get(place + 1)?)
            };
            *row.get_mut(place)? = best;
        }
        rows.push(row);
    }
    rows.reverse();
    let (mut of_before, mut of_after) = (vec![false; before.len()], vec![false; after.len()]);
    let (mut left, mut right, mut telling) = (0, 0, 0);
    while let (Some(one), Some(other)) = (before.get(left), after.get(right)) {
        let length = |row: usize, place: usize| rows.get(row).and_then(|row| row.get(place)).copied();
        if one == other {
            *of_before.get_mut(left)? = true;
            *of_after.get_mut(right)? = true;
            telling += usize::from(one.chars().any(char::is_alphanumeric));
            (left, right) = (left + 1, right + 1);
        } else if length(left + 1, right)? >= length(left, right + 1)? {
            left += 1;
        } else {
            right += 1;
        }
    }
    let of = |words: &[&str]| words.iter().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    (telling * 3 >= of(before).max(of(after)) && telling > 0).then_some((of_before, of_after))
}

/// The words, those that are not kept inside of an element.
fn drawn(words: &[&str], kept: &[bool], element: &str) -> String {
    let mut html = String::new();
    let mut inside = false;
    for (word, kept) in words.iter().zip(kept) {
        if inside == *kept {
            html.push_str(&if inside { format!("</{element}>") } else { format!("<{element}>") });
            inside = !inside;
        }
        for letter in word.chars() {
            match letter {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '"' => html.push_str("&quot;"),
                _ => html.push(letter),
            }
        }
    }
    if inside {
        html.push_str(&format!("</{element}>"));
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(expected: &str, actual: &str) -> [String; 2] {
        let (expected, actual) = marked(expected, actual);
        [expected.to_string(), actual.to_string()]
    }

    #[test]
    fn what_differs_is_marked() {
        let [expected, actual] =
            both(r#"{"givenName":"Ada","active":true}"#, r#"{"givenName":"Ada","active":"true"}"#);
        assert_eq!(expected, "{&quot;givenName&quot;:&quot;Ada&quot;,&quot;active&quot;:true}");
        assert_eq!(
            actual,
            "{&quot;givenName&quot;:&quot;Ada&quot;,&quot;active&quot;:<ins>&quot;</ins>true<ins>&quot;</ins>}"
        );
        assert_eq!(both("a user of Oslo", "a user of Bergen")[0], "a user of <del>Oslo</del>");
    }

    #[test]
    fn what_shares_nothing_is_marked_as_a_whole() {
        assert_eq!(both("204", "200"), ["<del>204</del>", "<ins>200</ins>"]);
        assert_eq!(both("", "nothing"), ["", "<ins>nothing</ins>"]);
        let long = "word ".repeat(WORDS_MAX);
        assert!(both(&long, &format!("{long}x"))[1].starts_with("<ins>"));
    }

    #[test]
    fn nothing_of_it_is_markup() {
        for told in both("<b>&\"", "<script>&amp;") {
            assert!(
                !told.contains("<b>") && !told.contains("<script") && !told.contains("&amp;amp;quot"),
                "{told}"
            );
        }
    }
}
