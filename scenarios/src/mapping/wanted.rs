//! What a mapping makes of an object of the directory.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::directory::{AttributeValue, Directory, DirectoryError, ObjectView};
use crate::expression::{Value, View};
use crate::mapping::file::ValueType;
use crate::mapping::{Mapping, Origin, Row};
use crate::wanted::{Apply, Reference, Wanted, WantedAttribute};

impl Mapping {
    /// What a user is to look like in the target.
    ///
    /// # Errors
    /// When the directory has no such user.
    pub fn user(&self, directory: &Directory, id: &str) -> Result<Wanted, DirectoryError> {
        let view = directory.view(id)?;
        let manager = directory.manager(id)?;
        let reference = |referenced: Option<&str>| {
            let source = manager?;
            let value = match referenced {
                Some(target) => Some(self.text(directory, source, target)?),
                None => None,
            };
            Some(vec![Reference { source: source.to_owned(), value }])
        };
        Ok(wanted(&self.users, id, &view, reference))
    }

    /// What a group is to look like in the target. The attribute for its members stands there without references: who
    /// they are is told by [`Directory::members`], and by the delta feed at the cost of what changed.
    ///
    /// # Errors
    /// When the directory has no such group.
    pub fn group(&self, directory: &Directory, id: &str) -> Result<Wanted, DirectoryError> {
        directory.size(id)?;
        let view = directory.view(id)?;
        Ok(wanted(&self.groups, id, &view, |_| Some(Vec::new())))
    }

    /// The same mapping with targets under other names, as an administrator registered them.
    #[must_use]
    pub fn retargeted(mut self, names: &BTreeMap<String, String>) -> Self {
        let name = |target: &mut String| {
            if let Some(other) = names.get(target) {
                other.clone_into(target);
            }
        };
        for row in self.users.iter_mut().chain(&mut self.groups) {
            name(&mut row.target);
            if let Origin::Manager { referenced: Some(target) } = &mut row.origin {
                name(target);
            }
        }
        self
    }

    /// The text that a user has at an attribute of the target.
    fn text(&self, directory: &Directory, id: &str, target: &str) -> Option<String> {
        let view = directory.view(id).ok()?;
        let row = self.users.iter().find(|row| row.target == target)?;
        match &row.origin {
            Origin::Constant(text) => Some(text.clone()),
            Origin::Expression(expression) => {
                let value = expression.evaluate(&view);
                value.text().filter(|text| !text.is_empty()).map(str::to_owned)
            }
            Origin::Manager { .. } | Origin::Members => None,
        }
    }
}

/// What rows make of an object; each is evaluated once. `references` tells whom a reference points to, from the attribute
/// whose value is sent in the place of an id.
fn wanted(
    rows: &[Row],
    id: &str,
    view: &ObjectView<'_>,
    references: impl Fn(Option<&str>) -> Option<Vec<Reference>>,
) -> Wanted {
    let mut unset = Vec::new();
    let attributes =
        rows.iter().filter_map(|row| wanted_attribute(row, view, &references, &mut unset)).collect();
    Wanted { source: id.to_owned(), name: view.name().to_owned(), attributes, unset }
}

/// One attribute; none where the object has no value for it, and then it may be among those that are unset.
fn wanted_attribute(
    row: &Row,
    view: &ObjectView<'_>,
    references: impl FnOnce(Option<&str>) -> Option<Vec<Reference>>,
    unset: &mut Vec<String>,
) -> Option<WantedAttribute> {
    let mut apply = row.apply;
    let (value, references) = match &row.origin {
        Origin::Manager { referenced } => (Json::Null, references(referenced.as_deref())?),
        Origin::Members => (Json::Null, references(None)?),
        Origin::Constant(text) => (typed(text, row.value_type), Vec::new()),
        Origin::Expression(expression) => {
            let value = expression.evaluate(view);
            let text = value.text().filter(|text| !text.is_empty());
            if text.is_none() && row.apply == Apply::Always {
                unset.push(row.target.clone());
            }
            let text = text.or_else(|| {
                // A default stands in when the object is created, and never afterwards.
                apply = Apply::OnCreate;
                row.default.as_deref()
            })?;
            (typed(text, row.value_type), Vec::new())
        }
    };
    Some(WantedAttribute {
        target: row.target.clone(),
        value,
        apply,
        matching: row.matching,
        case_exact: row.case_exact,
        references,
    })
}

/// A text in the form that the target takes. What has no such form is sent as it is.
fn typed(text: &str, value_type: ValueType) -> Json {
    let plain = || Json::from(text);
    match value_type {
        ValueType::Boolean if text == "True" => true.into(),
        ValueType::Boolean if text == "False" => false.into(),
        ValueType::Integer => text.parse::<i64>().map_or_else(|_| plain(), Json::from),
        ValueType::Text | ValueType::Boolean | ValueType::Reference => plain(),
    }
}

impl View for ObjectView<'_> {
    fn attribute(&self, name: &str) -> Value {
        match self.get(name).as_deref() {
            None => Value::Null,
            Some(AttributeValue::Text(text)) => Value::from(&**text),
            Some(AttributeValue::Boolean(value)) => Value::boolean(*value),
            Some(AttributeValue::List(values)) => {
                Value::List(values.iter().map(ToString::to_string).collect())
            }
        }
    }
}
