//! What a report advises whoever makes a server: each check has a text of its own.

use std::collections::BTreeMap;

use suites::advice;

/// Less is a title and no advice.
const CHARS_MIN: usize = 20;
/// More than two sentences nobody reads beside every failure.
const CHARS_MAX: usize = 240;

#[test]
fn every_check_says_what_to_change_in_a_server_that_fails_it() {
    let mute: Vec<&str> =
        suites::every().iter().filter(|check| check.advice.is_empty()).map(|check| check.id).collect();
    assert!(mute.is_empty(), "without a row in requirements/advice.tsv: {mute:?}");
}

#[test]
fn no_advice_is_a_mere_copy_of_the_claim() {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    for check in suites::every() {
        let (claim, advice) = (words(check.title), words(check.advice));
        let new = advice.iter().filter(|word| !claim.contains(word)).count();
        assert_ne!(claim, advice, "{}", check.id);
        assert!(new > 0, "{} says nothing that its title does not say: {}", check.id, check.advice);
        for requirement in check.requirements {
            assert_ne!(words(requirement.paraphrase), advice, "{}", check.id);
        }
    }
}

/// A text that many share says little about any of them.
#[test]
fn checks_of_one_profile_share_an_advice_only_as_a_family() {
    let mut first: BTreeMap<(bool, &str), &str> = BTreeMap::new();
    for (row, text) in advice::all() {
        let area = row.split('.').next().unwrap_or_default();
        let of_profile = profiles::names().contains(&area);
        // The rules of two applications may well say the same.
        let known = first.insert((of_profile, text), row).filter(|_| !of_profile);
        assert_eq!(known, None, "{row} says the same");
    }
}

#[test]
fn every_row_is_about_a_check_and_reads_as_a_sentence() {
    for (row, text) in advice::all() {
        let about = suites::every().iter().filter(|check| advice::is_about(row, check.id)).count();
        assert_eq!(about > 1, row.ends_with('*'), "{row} is about {about} checks");
        assert!(about > 0, "{row} is about no check");
        assert!((CHARS_MIN..=CHARS_MAX).contains(&text.chars().count()), "{row}: {text}");
        assert!(text.starts_with(char::is_uppercase) && text.ends_with('.'), "{row}: {text}");
        assert!(!text.contains('\t') && text.trim() == text, "{row}: {text}");
    }
}

#[test]
fn every_check_has_one_row() {
    for check in suites::every() {
        let rows = advice::all().filter(|(row, _)| advice::is_about(row, check.id)).count();
        assert_eq!(rows, 1, "{}", check.id);
    }
}
