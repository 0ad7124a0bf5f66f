//! The operations of a PATCH.

use client::Request;
use protocol::urn;
use serde_json::{Map, Value, json};

use super::Writer;
use crate::entra::path::{TargetPath, is_blank, is_same_text, member, truth};
use crate::entra::{ClientKind, ManagerClear, ObjectKind};
use crate::wanted::{Apply, Wanted, WantedAttribute};

/// An attribute whose value in the target is not what it should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The attribute, as the mapping writes it.
    pub target: String,
    /// What the target has, if anything.
    pub old: Option<Value>,
    /// What it should have; nothing for a reference that is taken away.
    pub new: Option<Value>,
}

impl Difference {
    /// Whether it takes somebody's access away.
    #[must_use]
    pub fn disables(&self) -> bool {
        let off = match &self.new {
            Some(Value::Bool(truth)) => !truth,
            Some(Value::String(text)) => truth(text) == Some(false),
            _ => false,
        };
        off && self.target.eq_ignore_ascii_case("active")
    }
}

/// What happens to members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembersChange {
    /// They are added.
    Add,
    /// They are removed.
    Remove,
}

#[derive(Clone, Copy)]
enum Verb {
    Add,
    Replace,
    Remove,
}

impl Writer<'_> {
    /// How an object in the target differs from what is wanted, references apart, in the order of the mapping. What has no
    /// value in the directory is no difference: nulls are not provisioned (D).
    #[must_use]
    pub fn differences(&self, wanted: &Wanted, current: &Value) -> Vec<Difference> {
        let compared = wanted.attributes.iter().filter(|attribute| {
            attribute.apply == Apply::Always && attribute.references.is_empty() && !is_blank(&attribute.value)
        });
        compared.filter_map(|attribute| difference(attribute, current)).collect()
    }

    /// What the target keeps although it is cleared in the directory, with its value: nulls are not provisioned (D). A default
    /// that came with the create is no such thing, since there was no value that could have been cleared.
    #[must_use]
    pub fn kept<'w>(&self, wanted: &'w Wanted, current: &'w Value) -> Vec<(&'w str, &'w Value)> {
        let is_default = |target: &str, value: &Value| {
            wanted.attributes.iter().any(|sent| sent.target == *target && sent.value == *value)
        };
        let values = wanted.unset.iter().filter_map(|target| {
            Some((target.as_str(), TargetPath::of(target).read(current).filter(|value| !is_blank(value))?))
        });
        values.filter(|(target, value)| !is_default(target, value)).collect()
    }

    /// The difference that disables somebody, by itself: `active`, where it is to be false (I: alone). Nothing if the target
    /// shows it false already.
    #[must_use]
    pub fn disabling(&self, wanted: &Wanted, current: &Value) -> Option<Difference> {
        self.differences(wanted, current).into_iter().find(Difference::disables)
    }

    /// The one PATCH that brings an object in line; nothing if there are no differences.
    #[must_use]
    pub fn update(&self, kind: ObjectKind, id: &str, differences: &[Difference]) -> Option<Request> {
        let operations = match self.settings.client {
            ClientKind::EntraDefault => differences.iter().map(|one| self.by_path(one)).collect(),
            ClientKind::EntraFlag => self.merged(differences),
        };
        let operations: Vec<Value> = operations;
        (!operations.is_empty()).then(|| self.patch(kind, id, operations))
    }

    /// How a reference in the target differs from what it should be: the id or the value of the object referred to, or
    /// nothing.
    #[must_use]
    pub fn reference(&self, target: &str, wanted: Option<&str>, current: &Value) -> Option<Difference> {
        let old = TargetPath::of(target).read(current).and_then(referred);
        if old == wanted {
            return None;
        }
        let old = old.map(Value::from);
        Some(Difference { target: target.to_owned(), old, new: wanted.map(Value::from) })
    }

    /// The PATCH that sets or clears a reference, by itself. A value is a plain text for either client (W, M).
    #[must_use]
    pub fn refer(&self, kind: ObjectKind, id: &str, reference: &Difference) -> Request {
        let path = reference.target.as_str();
        let operation = match (&reference.new, self.settings.manager_clear()) {
            (Some(_), _) => self.by_path(reference),
            (None, ManagerClear::EmptyText) => self.operation(Verb::Replace, Some(path), Some(json!(""))),
            (None, ManagerClear::Remove) => self.operation(Verb::Remove, Some(path), None),
            (None, ManagerClear::ValuePath) => {
                let attribute = TargetPath::of(path).attribute;
                let old = reference.old.as_ref().and_then(Value::as_str).unwrap_or_default();
                self.operation(Verb::Remove, Some(&by_value(attribute, old)), None)
            }
        };
        self.patch(kind, id, vec![operation])
    }

    /// The PATCHes that change members, each with those whom it is about. Adding and removing are never mixed.
    #[must_use]
    pub fn members<'m>(
        &self,
        group: &str,
        change: MembersChange,
        members: &'m [String],
    ) -> Vec<(Request, &'m [String])> {
        let most = usize::try_from(self.settings.member_batch_size).unwrap_or(usize::MAX).max(1);
        let request = |some: &'m [String]| {
            (self.patch(ObjectKind::Group, group, self.member_operations(change, some)), some)
        };
        members.chunks(most).map(request).collect()
    }

    fn member_operations(&self, change: MembersChange, members: &[String]) -> Vec<Value> {
        let element = |id: &String| match self.settings.member_ref_null {
            true => json!({ "$ref": null, "value": id }),
            false => json!({ "value": id }),
        };
        let all = || Some(members.iter().map(element).collect());
        match (change, self.settings.client) {
            (MembersChange::Add, _) => vec![self.operation(Verb::Add, Some("members"), all())],
            (MembersChange::Remove, ClientKind::EntraDefault) => {
                vec![self.operation(Verb::Remove, Some("members"), all())]
            }
            (MembersChange::Remove, ClientKind::EntraFlag) => {
                let one = |id: &String| self.operation(Verb::Remove, Some(&by_value("members", id)), None);
                members.iter().map(one).collect()
            }
        }
    }

    /// With the flag, simple attributes that are replaced become one operation without a path, after the others; a single
    /// one keeps its path (D, I).
    fn merged(&self, differences: &[Difference]) -> Vec<Value> {
        let is_simple = |one: &&Difference| one.old.is_some() && !TargetPath::of(&one.target).is_filtered();
        if differences.iter().filter(is_simple).count() < 2 {
            return differences.iter().map(|one| self.by_path(one)).collect();
        }
        let (simple, others): (Vec<&Difference>, Vec<&Difference>) = differences.iter().partition(is_simple);
        let flat: Map<String, Value> =
            simple.into_iter().map(|one| (one.target.clone(), self.value(one))).collect();
        let mut operations: Vec<Value> = others.into_iter().map(|one| self.by_path(one)).collect();
        operations.push(self.operation(Verb::Replace, None, Some(Value::Object(flat))));
        operations
    }

    fn by_path(&self, one: &Difference) -> Value {
        let verb = if one.old.is_some() { Verb::Replace } else { Verb::Add };
        self.operation(verb, Some(&one.target), Some(self.value(one)))
    }

    /// A value as this client writes it: without the flag, a boolean is a text (D, W).
    fn value(&self, one: &Difference) -> Value {
        match (&one.new, self.settings.client) {
            (Some(Value::Bool(true)), ClientKind::EntraDefault) => json!("True"),
            (Some(Value::Bool(false)), ClientKind::EntraDefault) => json!("False"),
            (new, _) => new.clone().unwrap_or_default(),
        }
    }

    fn operation(&self, verb: Verb, path: Option<&str>, value: Option<Value>) -> Value {
        let op = match (self.settings.client, verb) {
            (ClientKind::EntraDefault, Verb::Add) => "Add",
            (ClientKind::EntraDefault, Verb::Replace) => "Replace",
            (ClientKind::EntraDefault, Verb::Remove) => "Remove",
            (ClientKind::EntraFlag, Verb::Add) => "add",
            (ClientKind::EntraFlag, Verb::Replace) => "replace",
            (ClientKind::EntraFlag, Verb::Remove) => "remove",
        };
        let path = path.map(|path| ("path".to_owned(), json!(path)));
        let value = value.map(|value| ("value".to_owned(), value));
        Value::Object([("op".to_owned(), json!(op))].into_iter().chain(path).chain(value).collect())
    }
}

pub(super) fn message(operations: Vec<Value>) -> Value {
    json!({ "schemas": [urn::PATCH_OP], "Operations": operations })
}

fn difference(attribute: &WantedAttribute, current: &Value) -> Option<Difference> {
    let old = TargetPath::of(&attribute.target).read(current);
    if old.is_some_and(|old| is_same(old, &attribute.value, attribute.case_exact)) {
        return None;
    }
    Some(Difference {
        target: attribute.target.clone(),
        old: old.cloned(),
        new: Some(attribute.value.clone()),
    })
}

/// Whether the target has what is wanted. Servers return some values in another type than they were sent in.
fn is_same(old: &Value, wanted: &Value, case_exact: bool) -> bool {
    match (old, wanted) {
        (Value::String(old), Value::String(wanted)) => {
            old == wanted || (!case_exact && is_same_text(old, wanted))
        }
        (Value::String(old), Value::Bool(wanted)) => truth(old) == Some(*wanted),
        (Value::Bool(old), Value::String(wanted)) => truth(wanted) == Some(*old),
        (Value::String(text), Value::Number(number)) | (Value::Number(number), Value::String(text)) => {
            *text == number.to_string()
        }
        (old, wanted) => old == wanted,
    }
}

/// What a reference refers to: the value of an object, or the text itself.
fn referred(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| member(value, "value")?.as_str())
}

fn by_value(attribute: &str, id: &str) -> String {
    format!("{attribute}[value eq {}]", Value::from(id))
}
