//! Where something stands in a file.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A step on the way from the root of a file to what it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// To a key, and what stands behind it.
    Key(&'static str),
    /// To an element of an array, counting from 0.
    At(usize),
    /// To the value of the last key, where that says more than the key.
    Value,
}

/// Where the end of a way begins in a text, in bytes: as much of the way as there is. Tables may be written in whichever way
/// TOML lets them be.
pub(crate) fn place(text: &str, way: &[Way]) -> usize {
    let Ok(root) = DeTable::parse(text) else { return 0 };
    let mut shown = 0;
    let mut at: Option<&Spanned<DeValue<'_>>> = None;
    for step in way {
        let next = match (*step, at.map(Spanned::get_ref)) {
            (Way::Key(name), None) => entry(root.get_ref(), name),
            (Way::Key(name), Some(DeValue::Table(table))) => entry(table, name),
            (Way::At(index), Some(DeValue::Array(items))) => {
                items.get(index).map(|item| (item.span().start, item))
            }
            (Way::Value, Some(_)) => at.map(|value| (value.span().start, value)),
            _ => None,
        };
        let Some((begin, value)) = next else { return shown };
        shown = begin;
        at = Some(value);
    }
    shown
}

/// Where a key stands, and its value.
fn entry<'a>(table: &'a DeTable<'a>, name: &str) -> Option<(usize, &'a Spanned<DeValue<'a>>)> {
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == name)?;
    Some((key.span().start, value))
}
