//! Where something stands in a file.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A step on the way from the root of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// To the value of a key.
    Key(String),
    /// To an element of an array, counting from 0.
    Index(usize),
}

/// The way to a key, or to what stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    steps: Vec<Step>,
    is_key: bool,
}

impl Place {
    /// What stands behind these keys.
    pub(crate) fn value(keys: &[&str]) -> Self {
        Self { steps: keys.iter().map(|key| Step::Key((*key).to_owned())).collect(), is_key: false }
    }

    /// The last of these keys.
    pub(crate) fn key(keys: &[&str]) -> Self {
        Self { is_key: true, ..Self::value(keys) }
    }

    /// An element of the array at this place.
    pub(crate) fn element(mut self, index: usize) -> Self {
        self.steps.push(Step::Index(index));
        Self { is_key: false, ..self }
    }

    /// The value of a key in the table at this place.
    pub(crate) fn of(mut self, key: &str) -> Self {
        self.steps.push(Step::Key(key.to_owned()));
        Self { is_key: false, ..self }
    }

    /// Whether it ends in a key that is the URI of a schema.
    pub(crate) fn is_of_uri(&self) -> bool {
        matches!(self.steps.last(), Some(Step::Key(key)) if key.starts_with("urn:"))
    }

    /// The key itself, where it ends in one.
    pub(crate) fn itself(self) -> Self {
        Self { is_key: true, ..self }
    }

    /// The bytes of the file that show it: as much of the way as there is.
    pub(crate) fn span(&self, text: &str) -> Range<usize> {
        let Ok(root) = DeTable::parse(text) else { return 0..0 };
        let mut shown = 0..0;
        let mut at: Option<&Spanned<DeValue<'_>>> = None;
        for step in &self.steps {
            let next = match (step, at.map(Spanned::get_ref)) {
                (Step::Key(name), None) => entry(root.get_ref(), name),
                (Step::Key(name), Some(DeValue::Table(table))) => entry(table, name),
                (Step::Index(index), Some(DeValue::Array(items))) => {
                    items.get(*index).map(|item| (item.span(), item))
                }
                _ => None,
            };
            let Some((key, value)) = next else { return shown };
            shown = key;
            at = Some(value);
        }
        at.filter(|_| !self.is_key).map_or(shown, Spanned::span)
    }
}

/// Where a key stands, and its value.
fn entry<'a>(table: &'a DeTable<'a>, name: &str) -> Option<(Range<usize>, &'a Spanned<DeValue<'a>>)> {
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == name)?;
    Some((key.span(), value))
}
