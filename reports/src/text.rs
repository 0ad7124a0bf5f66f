//! What becomes of text before it is shown: harmless, and no longer than its place.

use std::time::Duration;

/// What stands where text was cut off.
const ELLIPSIS: char = '…';

/// The text on one line, with everything that could act on a terminal or mislead a reader made visible.
pub(crate) fn line(text: &str) -> String {
    visible(text, |_| false)
}

/// The text with its line breaks and tabs, and everything else as [`line`] has it.
pub(crate) fn block(text: &str) -> String {
    visible(&text.replace("\r\n", "\n"), |letter| matches!(letter, '\n' | '\t'))
}

fn visible(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if keep(letter) || !(letter.is_control() || misleads(letter)) {
            out.push(letter);
        } else {
            out.extend(letter.escape_default());
        }
    }
    out
}

/// Whether a character changes the order, or the lines, in which others are shown, hides itself, or is none.
/// Joiners stay: scripts and emoji need them.
pub(crate) const fn misleads(letter: char) -> bool {
    matches!(
        letter,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
    )
}

/// The text on one harmless line of at most `width` characters.
pub(crate) fn fit(text: &str, width: usize) -> String {
    let clean = line(text);
    if clean.chars().count() <= width {
        return clean;
    }
    let mut cut: String = clean.chars().take(width.saturating_sub(1)).collect();
    cut.push(ELLIPSIS);
    cut
}

/// The text in harmless lines of at most `width` characters, broken between words where that can be.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word = fit(word, width);
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// A text of several lines in one, in which they can be told apart.
pub(crate) fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

/// A text without what differs from one request to the next: ids, numbers, and queries of addresses.
pub(crate) fn gist(text: &str) -> String {
    let said = text.split_whitespace().map(|word| word.split('?').next().unwrap_or_default());
    let words = said.flat_map(|word| word.split(|letter: char| !letter.is_alphanumeric() && letter != '-'));
    let words = words.filter(|word| !word.is_empty() && !word.bytes().any(|byte| byte.is_ascii_digit()));
    words.collect::<Vec<_>>().join(" ")
}

/// The gist of what stood in a check's way. The values that were expected and shown stand in quotes, and are each check's own;
/// what the target says in quotes, such as the name of an attribute, is not.
pub(crate) fn obstacle(text: &str) -> String {
    if let Some((request, attribute)) = record::lost(text) {
        // The answer to the write and a later read show one thing.
        let of = request.split_once(' ').map_or(request, |(_, path)| path);
        return format!("{} {attribute}", gist(of.split('?').next().unwrap_or_default()));
    }
    let mut said = String::new();
    let (mut before, mut was_value) = ("", false);
    for (place, part) in text.split('"').enumerate() {
        if place % 2 == 0 {
            before = part.trim_end();
            said.push_str(before.trim_end_matches(','));
        } else {
            let goes_on = was_value && before.trim_start() == ",";
            was_value = goes_on || before.ends_with("expected") || before.ends_with("got");
            said.push(' ');
            said.push_str(if was_value { "" } else { part });
        }
        said.push(' ');
    }
    gist(&said)
}

/// A number with commas between groups of three digits.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `one` for one and `many` for any other number, after the number.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A duration as people read it: `0.9 ms`, `12 ms`, `10.4 s`, `3 min 5 s`.
#[must_use]
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds >= 60 {
        format!("{} min {} s", seconds / 60, seconds % 60)
    } else if seconds >= 1 {
        format!("{:.1} s", time.as_secs_f64())
    } else if time.as_millis() >= 10 {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_escapes_and_reordering_become_visible() {
        assert_eq!(line("a\u{1b}[31mb\r\nc\u{202e}d\u{9b}e"), r"a\u{1b}[31mb\r\nc\u{202e}d\u{9b}e");
        assert_eq!(block("a\r\n\tb\u{7}\rc"), "a\n\tb\\u{7}\\rc");
        assert_eq!(line("Zoë 李 👩"), "Zoë 李 👩");
    }

    #[test]
    fn obstacles_differ_by_what_the_target_names_and_not_by_what_was_sent() {
        let missed =
            |sent: &str| obstacle(&format!("GET /Users/7 does not show title: expected {sent}, got \"x\""));
        assert_eq!(missed("\"a\""), missed("\"b\", \"c\""));
        let refused =
            |name: &str| obstacle(&format!("POST /Users answers 400 (attribute \"{name}\" is required)"));
        assert_ne!(refused("emails"), refused("title"));
    }

    #[test]
    fn overlong_text_is_cut_at_a_character() {
        assert_eq!(fit("ääää", 4), "ääää");
        assert_eq!(fit("äääää", 4), "äää…");
    }

    #[test]
    fn text_is_broken_between_words() {
        assert_eq!(wrap("one two\n  three", 7), ["one two", "three"]);
        assert_eq!(wrap("overlong a\u{1b}b", 5), ["over…", "a\\u{…"]);
        assert_eq!(wrap(" ", 5), [] as [&str; 0]);
    }

    #[test]
    fn the_gist_has_no_numbers() {
        let said = ["PATCH /Users/14f3eb0d-6796: got 501 (no)", "PATCH /Users/7?attributes=a: got 400 (no)"]
            .map(gist);
        assert_eq!(said, ["PATCH Users got no"; 2]);
    }

    #[test]
    fn an_obstacle_is_the_same_whatever_was_sent() {
        let lost = |sent: &str| format!("GET /Users/7 does not show emails.value: expected {sent}, got 200");
        let told = [r#""home-a@x.org", "work-a@x.org""#, r#""b@y.net""#].map(|sent| obstacle(&lost(sent)));
        assert_eq!(told, ["GET Users does not show emails value expected got"; 2]);
        let shown = |request: &str, sent: &str, shown: &str| {
            obstacle(&format!("{request} {}", record::not_shown("title", sent, shown)))
        };
        let written = shown("POST /Users", "\"a\"", "");
        assert_eq!(shown("GET /Users/7", "\"b\"", "\"c\""), written);
        assert_eq!(shown("GET /Users/a1b2-c3?attributes=title", "\"a\"", "1"), written);
        assert_ne!(shown("POST /Groups", "\"a\"", ""), written);
        assert_ne!(
            obstacle("GET /Users/7 does not show title"),
            obstacle("GET /Users/7 does not show emails")
        );
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn durations_read_well() {
        let read = [900, 12_345, 10_412_000, 185_000_000].map(|us| duration(Duration::from_micros(us)));
        assert_eq!(read, ["0.9 ms", "12 ms", "10.4 s", "3 min 5 s"]);
    }
}
