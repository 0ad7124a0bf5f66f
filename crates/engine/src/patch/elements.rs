//! Single values of an attribute, chosen by a filter.

use protocol::{Filter, Literal, Operator, PatchVerb};
use serde_json::{Map, Value};

use crate::checked::{is_primary, is_uri, single};
use crate::patch::leaf::only_primary;
use crate::patch::patcher::{Aim, Chosen, Patcher, is_empty, required};
use crate::readings::{FilteredReplace, RemoveUnset, Unmatched, UnmatchedRemove};
use crate::reject::Reject;
use crate::schema::{Attribute, Kind, Mutability};

impl Patcher<'_> {
    /// The new value of an attribute, whichever part of it the edit is aimed at.
    pub(super) fn changed(
        &self,
        verb: PatchVerb,
        aim: &Aim<'_>,
        old: Option<Value>,
        value: Option<Value>,
    ) -> Result<Option<Value>, Reject> {
        let Aim { attribute, path, filter, sub } = aim;
        let strict = self.rules.readings.patch.remove_unset == RemoveUnset::NoTarget;
        if verb == PatchVerb::Remove && filter.is_none() && strict && is_unset(aim, old.as_ref()) {
            return Err(Reject::no_target(format!("{path} has no value that could be removed")).about(path));
        }
        match (filter, sub) {
            (Some(chosen), _) => self.chosen(verb, aim, chosen, old, value),
            (None, None) => self.leaf(verb, attribute, path, old, value),
            (None, Some(sub)) if attribute.multi_valued => {
                if verb != PatchVerb::Remove {
                    return Err(Reject::path(format!(
                        "{path} has several values; say in brackets whose {} is meant",
                        sub.name
                    )));
                }
                let mut items = elements(old);
                for item in &mut items {
                    self.change(verb, aim, item, None)?;
                }
                Ok(self.reassembled(attribute, items))
            }
            (None, Some(_)) => {
                let mut item = old.unwrap_or_else(|| Value::Object(Map::new()));
                self.change(verb, aim, &mut item, value)?;
                Ok(Some(item))
            }
        }
    }

    fn chosen(
        &self,
        verb: PatchVerb,
        aim: &Aim<'_>,
        chosen: &Chosen,
        old: Option<Value>,
        value: Option<Value>,
    ) -> Result<Option<Value>, Reject> {
        let mut items = elements(old);
        let is_chosen = |item: &Value| item.as_object().is_some_and(|item| chosen.matcher.matches(item));
        let mut hits: Vec<usize> = items
            .iter()
            .enumerate()
            .filter(|(_, item)| is_chosen(item))
            .map(|(position, _)| position)
            .collect();
        let mut verb = verb;
        if hits.is_empty() {
            match self.unmatched(verb, aim, chosen, !items.is_empty())? {
                // An empty object is nothing to add, unless it stands where no object can.
                Some(made)
                    if value.as_ref().is_some_and(|value| {
                        !is_empty(value) || (aim.sub.is_some() && value.is_object())
                    }) =>
                {
                    hits.push(items.len());
                    items.push(Value::Object(made));
                    // What the filter asked for has to stay, so the value is added to it.
                    verb = PatchVerb::Add;
                }
                _ => return Ok(self.reassembled(aim.attribute, items)),
            }
        }
        for position in &hits {
            if let Some(item) = items.get_mut(*position) {
                self.change(verb, aim, item, value.clone())?;
            }
        }
        // Two that become primary at once are left as they are, for the schema to refuse.
        if hits.iter().any(|position| items.get(*position).is_some_and(is_primary)) {
            only_primary(&mut items, |position| hits.contains(&position));
        }
        let left = self.reassembled(aim.attribute, items);
        if left.is_none() && aim.attribute.required {
            return Err(required(&aim.path));
        }
        Ok(left)
    }

    /// What becomes of an edit whose filter finds nothing: a new value to work on, or nothing at all.
    fn unmatched(
        &self,
        verb: PatchVerb,
        aim: &Aim<'_>,
        chosen: &Chosen,
        has_others: bool,
    ) -> Result<Option<Map<String, Value>>, Reject> {
        let readings = &self.rules.readings.patch;
        let reading = match verb {
            PatchVerb::Add => readings.unmatched_add,
            PatchVerb::Replace => readings.unmatched_replace,
            PatchVerb::Remove if readings.unmatched_remove == UnmatchedRemove::Nothing => return Ok(None),
            PatchVerb::Remove => Unmatched::NoTarget,
        };
        // A second value cannot be made where there is room for one.
        let has_room = aim.attribute.multi_valued || !has_others;
        match (reading, &chosen.wanted) {
            (Unmatched::Created, Some(wanted)) if has_room => Ok(Some(wanted.clone())),
            (Unmatched::Created | Unmatched::NoTarget, _) => Err(nothing_found(&aim.path)),
        }
    }

    /// Changes one value in place; what is left of it may be empty.
    fn change(
        &self,
        verb: PatchVerb,
        aim: &Aim<'_>,
        item: &mut Value,
        value: Option<Value>,
    ) -> Result<(), Reject> {
        let Aim { attribute, path, sub, .. } = aim;
        if let Some(sub) = sub {
            let Some(object) = item.as_object_mut() else { return Ok(()) };
            let path = format!("{path}.{}", sub.name);
            let new = self.leaf(verb, sub, &path, object.remove(&sub.name), value)?;
            object.extend(new.map(|new| (sub.name.clone(), new)));
            return Ok(());
        }
        let value = match value {
            Some(Value::Array(mut items)) if items.len() == 1 => items.pop(),
            other => other,
        };
        let old = item.take();
        *item = match (verb, value) {
            (PatchVerb::Remove, _) | (PatchVerb::Replace, None | Some(Value::Null)) => Value::Null,
            (PatchVerb::Add, None | Some(Value::Null)) => old.clone(),
            (verb, Some(Value::Object(given))) if verb == PatchVerb::Add || self.keeps_unnamed() => {
                Value::Object(self.merged(verb, attribute, path, Some(old.clone()), given)?)
            }
            (PatchVerb::Add | PatchVerb::Replace, Some(value)) => {
                single(attribute, value, path, self.rules.readings.names)?.unwrap_or_default()
            }
        };
        if verb == PatchVerb::Remove { Ok(()) } else { keeps_immutable(attribute, path, &old, item) }
    }

    /// Whether a complex value that replaces a chosen one leaves alone what it does not name.
    fn keeps_unnamed(&self) -> bool {
        self.rules.readings.patch.filtered_replace == FilteredReplace::Merged
    }

    fn reassembled(&self, attribute: &Attribute, mut items: Vec<Value>) -> Option<Value> {
        items.retain(|item| !is_empty(item));
        if attribute.multi_valued {
            Some(Value::Array(items)).filter(|items| !is_empty(items))
        } else {
            items.pop()
        }
    }

    /// What a value has to have for a filter to choose it; nothing where the filter asks for anything but
    /// equality.
    pub(super) fn wanted(&self, attribute: &Attribute, filter: &Filter) -> Option<Map<String, Value>> {
        match filter {
            Filter::And(filters) => {
                let mut wanted: Map<String, Value> = Map::new();
                for filter in filters {
                    for (name, value) in self.wanted(attribute, filter)? {
                        if wanted.get(&name).is_some_and(|other| *other != value) {
                            return None;
                        }
                        wanted.insert(name, value);
                    }
                }
                Some(wanted)
            }
            Filter::Compare { path, operator: Operator::Eq, value } => {
                let sub = attribute.sub_attribute(&path.name)?;
                let value = match value {
                    Literal::Null => return None,
                    Literal::Boolean(value) => Value::Bool(*value),
                    Literal::Number(value) => Value::Number(value.clone()),
                    Literal::Text(value) if sub.kind == Kind::Reference && !is_uri(value) => return None,
                    Literal::Text(value) => self.coerced(sub, Value::from(value.as_str())),
                };
                Some(Map::from_iter([(sub.name.clone(), value)]))
            }
            Filter::Compare { .. }
            | Filter::Or(_)
            | Filter::Not(_)
            | Filter::Present(_)
            | Filter::ValuePath { .. } => None,
        }
    }
}

/// The values of an attribute, of which there may be one without an array.
fn elements(old: Option<Value>) -> Vec<Value> {
    match old {
        None => Vec::new(),
        Some(Value::Array(items)) => items,
        Some(item) => vec![item],
    }
}

fn keeps_immutable(attribute: &Attribute, path: &str, old: &Value, new: &Value) -> Result<(), Reject> {
    let mut immutable = attribute.sub_attributes.iter().filter(|sub| sub.mutability == Mutability::Immutable);
    let changed = |sub: &&Attribute| {
        old.get(&sub.name).is_some_and(|old| !new.is_null() && new.get(&sub.name) != Some(old))
    };
    match immutable.find(changed) {
        Some(sub) => Err(Reject::mutability(&format!("{path}.{}", sub.name))),
        None => Ok(()),
    }
}

/// Whether an attribute, or a part of it in all its values, has no value.
fn is_unset(aim: &Aim<'_>, old: Option<&Value>) -> bool {
    let lacks = |item: &Value| match aim.sub {
        Some(sub) => item.get(&sub.name).is_none_or(is_empty),
        None => is_empty(item),
    };
    match old {
        None => true,
        Some(Value::Array(items)) => items.iter().all(lacks),
        Some(value) => lacks(value),
    }
}

pub(super) fn nothing_found(path: &str) -> Reject {
    Reject::no_target(format!("the filter finds none of the values of {path}")).about(path)
}
