//! What applications do beyond schemas and readings, in terms of paths into the canonical form of a resource.

use engine::{Before, Behaviour, Reject};
use profiles::Otherwise;
use serde_json::{Map, Value};

use crate::profile::path::{Path, texts};
use crate::profile::values;

/// The path of a value in a resource, and what is done with the text there.
#[derive(Debug)]
struct Normal {
    name: &'static str,
    path: Path,
    kind: Form,
}

/// What text is brought into.
#[derive(Debug)]
enum Form {
    Country(Otherwise),
    Language(Vec<String>),
    Date,
    DayOfYear,
    Canonical { values: Vec<String>, default: Option<String> },
}

/// The behaviour as the engine takes it; nothing for what takes place after a commit.
pub(super) fn compiled(behaviour: &profiles::Behaviour) -> Option<Box<dyn Behaviour>> {
    let normal = |name, at: &str, kind| Some(Box::new(Normal { name, path: Path::new(at), kind }) as Box<_>);
    match behaviour {
        profiles::Behaviour::CountryCode { at, otherwise } => {
            normal("country-code", at, Form::Country(*otherwise))
        }
        profiles::Behaviour::Language { at, known } => normal("language", at, Form::Language(known.clone())),
        profiles::Behaviour::Date { at } => normal("date", at, Form::Date),
        profiles::Behaviour::DayOfYear { at } => normal("day-of-year", at, Form::DayOfYear),
        profiles::Behaviour::Default { at, value } => {
            Some(Box::new(Preset { path: Path::new(at), value: value.clone() }))
        }
        profiles::Behaviour::CanonicalOnly { at, values, default } => {
            let form = Form::Canonical { values: values.clone(), default: default.clone() };
            normal("canonical-only", at, form)
        }
        profiles::Behaviour::OneType { at, kept } => {
            Some(Box::new(OneType { at: at.clone(), kept: kept.clone() }))
        }
        profiles::Behaviour::SameAs { at, of_type, other } => {
            Some(Box::new(SameAs { path: Path::new(at), of_type: of_type.clone(), other: Path::new(other) }))
        }
        profiles::Behaviour::Manager { at, oneself } => {
            Some(Box::new(NotOneself { path: Path::new(at), oneself: *oneself }))
        }
        profiles::Behaviour::WelcomeMail {} => None,
    }
}

/// Behaviours are about people; groups have nothing that they could be about.
fn is_user(resource_type: &str) -> bool {
    resource_type == "User"
}

impl Behaviour for Normal {
    fn name(&self) -> &'static str {
        self.name
    }

    fn concerns(&self, resource_type: &str) -> bool {
        is_user(resource_type)
    }

    fn keeps_secret(&self, path: &str) -> bool {
        matches!(self.kind, Form::DayOfYear) && self.path.text == path
    }

    /// The form that is kept is no form to send: whoever tried one day after the other could tell from the answers which
    /// it is.
    fn admit(&self, path: &str, value: &Value) -> Result<(), Reject> {
        match (&self.kind, value.as_str()) {
            (Form::DayOfYear, Some(text)) if self.path.text == path && values::date(text).is_none() => {
                Err(no_birthday(path))
            }
            _ => Ok(()),
        }
    }

    fn settle(&self, body: &mut Map<String, Value>, before: Option<Before<'_>>) -> Result<(), Reject> {
        let before = before.and_then(|before| texts(before.body, &self.path.keys).into_iter().next());
        if let Form::Canonical { default: Some(default), .. } = &self.kind
            && texts(body, &self.path.keys).is_empty()
        {
            insert(body, &self.path.keys, Value::from(default.clone()));
        }
        edit(body, &self.path.keys, &mut |text| self.normal(text, before.as_deref()))?;
        drop_husks(body, &self.path.keys);
        tidy(body);
        Ok(())
    }
}

impl Normal {
    /// The text as it is kept; nothing where it is not.
    fn normal(&self, text: &str, before: Option<&str>) -> Result<Option<String>, Reject> {
        let unfit = |complaint: &str| Err(Reject::value(&self.path.text, complaint));
        match &self.kind {
            Form::Country(otherwise) => match (values::country_code(text), otherwise) {
                (Some(code), _) => Ok(Some(code.to_owned())),
                (None, Otherwise::Ignored) => Ok(before.map(str::to_owned)),
                (None, Otherwise::Refused) => unfit("names no country; send its name or its ISO 3166-1 code"),
            },
            Form::Language(known) => Ok(values::language(text, known).or_else(|| before.map(str::to_owned))),
            Form::Date => match values::date(text) {
                Some(date) => Ok(Some(date)),
                None => unfit("is a date; send YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ"),
            },
            Form::DayOfYear => match values::day_of_year(text) {
                Some(day) => Ok(Some(day)),
                None => Err(no_birthday(&self.path.text)),
            },
            Form::Canonical { values, .. } if values.iter().any(|value| value == text) => {
                Ok(Some(text.to_owned()))
            }
            Form::Canonical { values, .. } => unfit(&format!("is none of {}", values.join(", "))),
        }
    }
}

fn no_birthday(path: &str) -> Reject {
    Reject::value(path, "is a date; send YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ")
}

/// Gives a value to what has none.
#[derive(Debug)]
struct Preset {
    path: Path,
    value: Value,
}

impl Behaviour for Preset {
    fn name(&self) -> &'static str {
        "default"
    }

    fn concerns(&self, resource_type: &str) -> bool {
        is_user(resource_type)
    }

    fn settle(&self, body: &mut Map<String, Value>, _: Option<Before<'_>>) -> Result<(), Reject> {
        let mut keys = self.path.keys.iter();
        let first = keys.next().and_then(|key| body.get(key));
        if keys.try_fold(first, |found, key| Some(found?.get(key))).flatten().is_none() {
            insert(body, &self.path.keys, self.value.clone());
            tidy(body);
        }
        Ok(())
    }
}

/// Keeps the values of one type.
#[derive(Debug)]
struct OneType {
    at: String,
    kept: String,
}

impl Behaviour for OneType {
    fn name(&self) -> &'static str {
        "one-type"
    }

    fn concerns(&self, resource_type: &str) -> bool {
        is_user(resource_type)
    }

    fn settle(&self, body: &mut Map<String, Value>, _: Option<Before<'_>>) -> Result<(), Reject> {
        if let Some(Value::Array(items)) = body.get_mut(&self.at) {
            items.retain(|item| is_of_type(item, &self.kept));
            tidy(body);
        }
        Ok(())
    }
}

fn is_of_type(item: &Value, kind: &str) -> bool {
    item.get("type").and_then(Value::as_str).is_some_and(|found| found.eq_ignore_ascii_case(kind))
}

/// Demands that two values are the same text, where both are there.
#[derive(Debug)]
struct SameAs {
    path: Path,
    of_type: Option<String>,
    other: Path,
}

impl Behaviour for SameAs {
    fn name(&self) -> &'static str {
        "same-as"
    }

    fn concerns(&self, resource_type: &str) -> bool {
        is_user(resource_type)
    }

    fn settle(&self, body: &mut Map<String, Value>, _: Option<Before<'_>>) -> Result<(), Reject> {
        let Some(other) = texts(body, &self.other.keys).into_iter().next() else { return Ok(()) };
        let judged = match (&self.of_type, self.path.keys.split_first()) {
            (Some(kind), Some((array, rest))) => {
                let items = body.get(array).and_then(Value::as_array).into_iter().flatten();
                let items = items.filter(|item| is_of_type(item, kind)).filter_map(Value::as_object);
                items.flat_map(|item| texts(item, rest)).collect()
            }
            _ => texts(body, &self.path.keys),
        };
        match judged.into_iter().find(|text| text.to_lowercase() != other.to_lowercase()) {
            None => Ok(()),
            Some(_) => {
                let complaint = format!("has to equal {}; send the same text in both", self.other.text);
                Err(Reject::value(&self.path.text, &complaint))
            }
        }
    }
}

/// A user is not his own manager.
#[derive(Debug)]
struct NotOneself {
    path: Path,
    oneself: Otherwise,
}

impl Behaviour for NotOneself {
    fn name(&self) -> &'static str {
        "manager"
    }

    fn concerns(&self, resource_type: &str) -> bool {
        is_user(resource_type)
    }

    fn settle(&self, body: &mut Map<String, Value>, before: Option<Before<'_>>) -> Result<(), Reject> {
        let own: Vec<String> = [&["externalId"][..], &["userName"], &["emails", "value"]]
            .into_iter()
            .flat_map(|keys| texts(body, &keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>()))
            .chain(before.map(|before| before.id.to_owned()))
            .map(|text| text.to_lowercase())
            .collect();
        edit(body, &self.path.keys, &mut |text| match self.oneself {
            _ if text.is_empty() => Ok(None),
            _ if !own.contains(&text.to_lowercase()) => Ok(Some(text.to_owned())),
            Otherwise::Ignored => Ok(None),
            Otherwise::Refused => Err(Reject::value(
                &self.path.text,
                "names the user himself; name somebody else, or leave it out",
            )),
        })?;
        tidy(body);
        Ok(())
    }
}

/// Puts another text in the place of each text at a path, or nothing.
fn edit(
    object: &mut Map<String, Value>,
    keys: &[String],
    change: &mut dyn FnMut(&str) -> Result<Option<String>, Reject>,
) -> Result<(), Reject> {
    fn within(
        value: &mut Value,
        keys: &[String],
        change: &mut dyn FnMut(&str) -> Result<Option<String>, Reject>,
    ) -> Result<(), Reject> {
        match (&mut *value, keys.is_empty()) {
            (Value::Array(items), _) => items.iter_mut().try_for_each(|item| within(item, keys, change)),
            (Value::Object(object), false) => edit(object, keys, change),
            (Value::String(text), true) => {
                *value = change(text)?.map_or(Value::Null, Value::String);
                Ok(())
            }
            _ => Ok(()),
        }
    }
    match keys.split_first() {
        Some((key, rest)) => object.get_mut(key).map_or(Ok(()), |value| within(value, rest, change)),
        None => Ok(()),
    }
}

/// Takes away the values of an array without this part that say no more than of which type they are: it was no text to
/// keep, or was cleared.
fn drop_husks(object: &mut Map<String, Value>, keys: &[String]) {
    if let [array, part] = keys
        && let Some(Value::Array(items)) = object.get_mut(array)
    {
        let says_more = |(key, _): (&String, &Value)| key != part && key != "type" && key != "primary";
        items.retain(|item| {
            item.get(part).is_some_and(|part| !part.is_null())
                || item.as_object().is_some_and(|item| item.iter().any(says_more))
        });
    }
}

/// Puts a value at a path through objects, which are made where they are missing.
fn insert(object: &mut Map<String, Value>, keys: &[String], value: Value) {
    match keys {
        [] => {}
        [key] => drop(object.insert(key.clone(), value)),
        [key, rest @ ..] => {
            let inner = object.entry(key.clone()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

/// Takes away what has become empty, so that the resource stays in canonical form, with the extensions that it has
/// in `schemas`.
fn tidy(body: &mut Map<String, Value>) {
    fn pruned(value: &mut Value) -> bool {
        match value {
            Value::Null => false,
            Value::Array(items) => {
                items.retain_mut(pruned);
                !items.is_empty()
            }
            Value::Object(object) => {
                object.retain(|_, value| pruned(value));
                !object.is_empty()
            }
            Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        }
    }
    body.retain(|_, value| pruned(value));
    let extensions: Vec<Value> =
        body.keys().filter(|key| key.starts_with("urn:")).map(|urn| Value::from(urn.clone())).collect();
    if let Some(Value::Array(schemas)) = body.get_mut("schemas") {
        let lost = |schema: &Value| !extensions.contains(schema);
        let first = schemas.first().cloned();
        schemas.retain(|schema| first.as_ref() == Some(schema) || !lost(schema));
        for extension in extensions {
            if !schemas.contains(&extension) {
                schemas.push(extension);
            }
        }
    }
}
