//! Filters in which a word of a text is taken for an operator.

use protocol::{Filter, Literal};

use crate::faults::Fault;
use crate::faults::edit::unless;
use crate::faults::misread::{filter, parsed, reread};

/// The words that join and turn round what is compared.
const WORDS: &[&str] = &["and", "or", "not"];

pub(super) const FAULTS: &[Fault] = &[
    Fault::around(
        "bug-f07-operators-are-no-values",
        "a filter that compares with and, or or not as a text is refused",
        &["RFC7644-3.4.2.2-R33"],
        |ask, next| {
            let refused = filter(&ask)
                .and_then(|text| parsed(&text))
                .is_some_and(|filter| texts(&filter).into_iter().any(is_word));
            unless(refused, "invalidFilter", ask, &next)
        },
    ),
    Fault::request(
        "bug-f07-operators-end-a-value",
        "the text that a filter compares with ends before and, or or not",
        &["RFC7644-3.4.2.2-R33"],
        |ask| reread(ask, &cut_short),
    ),
];

fn is_word(text: &str) -> bool {
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Every text that a filter compares with.
fn texts(filter: &Filter) -> Vec<&str> {
    match filter {
        Filter::And(terms) | Filter::Or(terms) => terms.iter().flat_map(texts).collect(),
        Filter::Not(inner) | Filter::ValuePath { filter: inner, .. } => texts(inner),
        Filter::Compare { value: Literal::Text(text), .. } => vec![text],
        Filter::Compare { .. } | Filter::Present(_) => Vec::new(),
    }
}

/// Compares with what stands before the first such word, where anything does.
fn cut_short(filter: Filter) -> Filter {
    match filter {
        Filter::Compare { path, operator, value: Literal::Text(text) } => {
            let before: Vec<&str> = text.split(' ').take_while(|word| !is_word(word)).collect();
            let before = if before.is_empty() { text.clone() } else { before.join(" ") };
            Filter::Compare { path, operator, value: Literal::Text(before) }
        }
        filter => filter,
    }
}
