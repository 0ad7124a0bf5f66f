use std::collections::BTreeSet;

use protocol::{PatchPath, PatchVerb, ScimType};
use serde_json::{Map, Value};

use crate::evaluate::Matcher;
use crate::filter::parse_patch_path;
use crate::patch::{Current, Edges, Edit};
use crate::readings::{NullValue, PathKeys, RemoveUnset, UnknownTarget};
use crate::reject::Reject;
use crate::resolve::Resolved;
use crate::rules::{ResourceType, Rules};
use crate::schema::{Attribute, Kind, Link, Mutability, Returned, Schema};

/// A resource under change. A mistake leaves it half done, which nobody sees: the original is untouched.
pub(super) struct Patcher<'a> {
    pub(super) rules: &'a Rules,
    pub(super) resource_type: &'a ResourceType,
    pub(super) current: Current<'a>,
    body: Map<String, Value>,
    pub(super) edges: Edges,
    secret_removed: bool,
}

/// Which values of an attribute an edit is aimed at, and how deep.
pub(super) struct Aim<'a> {
    pub(super) attribute: &'a Attribute,
    /// The path as the schema writes it, without filter.
    pub(super) path: String,
    pub(super) filter: Option<Chosen>,
    pub(super) sub: Option<&'a Attribute>,
}

/// Values chosen by a filter.
pub(super) struct Chosen {
    pub(super) matcher: Matcher,
    /// What a value has to have to be chosen, where the filter asks for equality alone.
    pub(super) wanted: Option<Map<String, Value>>,
}

impl<'a> Patcher<'a> {
    pub(super) fn new(rules: &'a Rules, resource_type: &'a ResourceType, current: Current<'a>) -> Self {
        let body = current.body.clone();
        Self { rules, resource_type, current, body, edges: Edges::default(), secret_removed: false }
    }

    pub(super) fn into_parts(self) -> (Map<String, Value>, Edges, bool) {
        (self.body, self.edges, self.secret_removed)
    }

    pub(super) fn apply(&mut self, edit: &Edit) -> Result<(), Reject> {
        match (&edit.path, &edit.value) {
            (Some(path), value) => self.aimed(edit.verb, path, value.clone()),
            (None, Some(Value::Object(attributes))) if edit.verb != PatchVerb::Remove => {
                self.expect_each_once(None, attributes)?;
                attributes
                    .iter()
                    .try_for_each(|(name, value)| self.keyed(edit.verb, None, name, value.clone()))
            }
            (None, _) if edit.verb == PatchVerb::Remove => {
                Err(Reject::no_target("remove needs a path; name the attribute to remove"))
            }
            (None, _) => {
                Err(Reject::value("value", "has to be an object of attributes where there is no path"))
            }
        }
    }

    /// Of two names that mean the same attribute nobody can say which one is meant, as in a body that is created.
    fn expect_each_once(
        &self,
        extension: Option<&Schema>,
        attributes: &Map<String, Value>,
    ) -> Result<(), Reject> {
        if extension.is_some_and(|schema| schema.exact_names) {
            return Ok(());
        }
        let mut seen = BTreeSet::new();
        // A filter can hold values whose letter case counts.
        let mut names = attributes.keys().filter(|name| !name.contains('['));
        let is_second = |name: &&String| {
            !seen.insert(name.to_ascii_lowercase()) && self.is_known(extension, name.as_str())
        };
        match names.find(is_second) {
            Some(twice) => {
                let detail =
                    format!("{twice} occurs twice under names that differ in letter case; send it once");
                Err(Reject::syntax(detail).about(twice))
            }
            None => Ok(()),
        }
    }

    fn is_known(&self, extension: Option<&Schema>, name: &str) -> bool {
        let path = extension.map_or_else(|| name.to_owned(), |schema| format!("{}:{name}", schema.id));
        let path = parse_patch_path(&path, &self.rules.limits).ok();
        path.is_some_and(|path| self.rules.resolve(self.resource_type, &path.attribute).is_some())
    }

    /// One member of a value that came without a path, or of an extension in it.
    fn keyed(
        &mut self,
        verb: PatchVerb,
        extension: Option<&str>,
        key: &str,
        value: Value,
    ) -> Result<(), Reject> {
        let is_uri = || self.resource_type.schema_uris().any(|uri| uri.eq_ignore_ascii_case(key));
        let is_name = !key.contains(['.', ':', '[']);
        if self.rules.readings.patch.path_keys == PathKeys::Names && !is_name && !is_uri() {
            return self.unknown();
        }
        match extension {
            Some(uri) => self.named(verb, &format!("{uri}:{key}"), value),
            None => self.named(verb, key, value),
        }
    }

    /// One attribute of a value that came without a path. Its name can be any path, as clients write them:
    /// `name.givenName`, or an extension's attribute behind the URI.
    fn named(&mut self, verb: PatchVerb, name: &str, value: Value) -> Result<(), Reject> {
        let Ok(path) = parse_patch_path(name, &self.rules.limits) else { return self.unknown() };
        let resolved = self.rules.resolve(self.resource_type, &path.attribute);
        if let Some(attribute) = resolved.and_then(|resolved| resolved.attribute)
            && attribute.mutability == Mutability::ReadOnly
            && (says_nothing(attribute, &value) || self.is_own_id(attribute, &value))
        {
            // Identity providers send the id along with whatever they change, and `groups: []`.
            return Ok(());
        }
        self.aimed(verb, &path, Some(value))
    }

    fn is_own_id(&self, attribute: &Attribute, value: &Value) -> bool {
        attribute.name == "id" && value.as_str() == Some(self.current.id)
    }

    fn aimed(&mut self, verb: PatchVerb, path: &PatchPath, value: Option<Value>) -> Result<(), Reject> {
        let Some(resolved) = self.rules.resolve(self.resource_type, &path.attribute) else {
            return self.unknown();
        };
        let Some(attribute) = resolved.attribute else {
            return match (resolved.extension, &path.filter) {
                (Some((key, schema)), None) => self.extension(verb, key, schema, value),
                _ => Err(Reject::path("path has a filter where there is nothing to choose from")),
            };
        };
        if attribute.mutability == Mutability::ReadOnly {
            return Err(Reject::protected(&resolved.path(), "is read-only; leave it out"));
        }
        let aim = self.aim(resolved, attribute, path)?;
        let Some(aim) = aim else { return self.unknown() };
        if let Some(sub) = aim.sub.filter(|sub| sub.mutability == Mutability::ReadOnly) {
            let path = format!("{}.{}", aim.path, sub.name);
            return Err(Reject::protected(&path, "is read-only; leave it out"));
        }
        self.expect_no_null(verb, &aim.path, value.as_ref())?;
        self.expect_patchable(verb, &aim, path.filter.as_ref(), value.as_ref())?;
        if let Some(value) = value.as_ref().filter(|_| verb != PatchVerb::Remove) {
            self.rules.admit(&aim.path, value)?;
        }
        let value = value.map(|value| self.coerced(aim.sub.unwrap_or(attribute), value));
        if attribute.link == Some(Link::Members) {
            return self.membership(verb, &aim, path.filter.as_ref(), value);
        }
        if attribute.returned == Returned::Never {
            self.secret_removed = verb == PatchVerb::Remove || value == Some(Value::Null);
        }
        let slot = self.slot(resolved).and_then(|container| container.remove(&attribute.name));
        let changed = self.changed(verb, &aim, slot, value)?;
        self.put(resolved, attribute, changed);
        Ok(())
    }

    fn expect_no_null(&self, verb: PatchVerb, path: &str, value: Option<&Value>) -> Result<(), Reject> {
        let refused = self.rules.readings.patch.null == NullValue::Refused && verb != PatchVerb::Remove;
        if refused && value == Some(&Value::Null) {
            return Err(Reject::value(path, "cannot become null; remove it instead"));
        }
        Ok(())
    }

    /// Nothing where the path names a sub-attribute that there is not.
    fn aim(
        &self,
        resolved: Resolved<'a>,
        attribute: &'a Attribute,
        path: &PatchPath,
    ) -> Result<Option<Aim<'a>>, Reject> {
        let whole = Resolved { sub: None, ..resolved }.path();
        let Some(filter) = &path.filter else {
            return Ok(Some(Aim { attribute, path: whole, filter: None, sub: resolved.sub }));
        };
        if resolved.sub.is_some() || attribute.kind != Kind::Complex {
            return Err(Reject::path("path has a filter behind an attribute that is not complex"));
        }
        let sub = match path.sub.as_deref().map(|name| attribute.sub_attribute(name)) {
            Some(None) => return Ok(None),
            Some(Some(sub)) => Some(sub),
            None => None,
        };
        let matcher = self.rules.element_matcher(self.resource_type, attribute, filter)?;
        let chosen = Chosen { matcher, wanted: self.wanted(attribute, filter) };
        Ok(Some(Aim { attribute, path: whole, filter: Some(chosen), sub }))
    }

    /// Where few attributes can be patched, those that there are not are among the others.
    fn unknown(&self) -> Result<(), Reject> {
        match self.rules.readings.patch.unknown {
            UnknownTarget::Ignored => Ok(()),
            UnknownTarget::Refused if self.resource_type.patchable.is_some() => Err(Reject {
                scim_type: Some(ScimType::Mutability),
                ..Reject::new(400, "the operation names an attribute that PATCH cannot change; leave it out")
            }),
            UnknownTarget::Refused => Err(Reject::path(
                "the operation names an attribute that this resource type does not have; /Schemas lists those \
                 that it has",
            )),
        }
    }

    /// A whole extension is a set of attributes, each of which is edited by itself.
    fn extension(
        &mut self,
        verb: PatchVerb,
        key: &str,
        schema: &Schema,
        value: Option<Value>,
    ) -> Result<(), Reject> {
        self.expect_no_null(verb, key, value.as_ref())?;
        let strict = self.rules.readings.patch.remove_unset == RemoveUnset::NoTarget;
        match value {
            _ if verb == PatchVerb::Remove && strict && !self.body.contains_key(key) => {
                Err(Reject::no_target(format!("{key} has no value that could be removed")).about(key))
            }
            _ if verb == PatchVerb::Remove => self.drop_extension(key, schema),
            None | Some(Value::Null) if verb == PatchVerb::Replace => self.drop_extension(key, schema),
            None | Some(Value::Null) => Ok(()),
            // Some clients write an extension as if it were a resource of its own, with its schema in it.
            Some(Value::Object(attributes)) => {
                self.expect_each_once(Some(schema), &attributes)?;
                attributes
                    .into_iter()
                    .filter(|(name, _)| !name.eq_ignore_ascii_case("schemas"))
                    .try_for_each(|(name, value)| self.keyed(verb, Some(key), &name, value))
            }
            Some(_) => Err(Reject::value(key, "is an extension; send an object")),
        }
    }

    fn drop_extension(&mut self, key: &str, schema: &Schema) -> Result<(), Reject> {
        let Some(Value::Object(old)) = self.body.remove(key) else { return Ok(()) };
        let mut needed = schema.attributes.iter().filter(|attribute| attribute.required);
        match needed.find(|attribute| old.contains_key(&attribute.name)) {
            Some(attribute) => Err(required(&format!("{key}:{}", attribute.name))),
            None => Ok(()),
        }
    }

    /// The object that holds an attribute, where there is one.
    fn slot(&mut self, resolved: Resolved<'_>) -> Option<&mut Map<String, Value>> {
        match resolved.extension {
            Some((key, _)) => self.body.get_mut(key)?.as_object_mut(),
            None => Some(&mut self.body),
        }
    }

    fn put(&mut self, resolved: Resolved<'_>, attribute: &Attribute, value: Option<Value>) {
        let Some(value) = value.filter(|value| !is_empty(value)) else { return };
        if let Some((key, _)) = resolved.extension {
            self.body.entry(key).or_insert_with(|| Value::Object(Map::new()));
        }
        if let Some(container) = self.slot(resolved) {
            container.insert(attribute.name.clone(), value);
        }
    }
}

/// Whether a value says of an attribute that it has none, RFC 7643 §2.5.
fn says_nothing(attribute: &Attribute, value: &Value) -> bool {
    value.is_null() || (attribute.multi_valued && value.as_array().is_some_and(Vec::is_empty))
}

/// Whether a value is as good as absent, RFC 7643 §2.5.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

pub(super) fn required(path: &str) -> Reject {
    Reject::protected(path, "is required and cannot be removed; replace it instead")
}
