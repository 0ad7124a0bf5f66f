//! Attributes of plain text by the part that they play in a check. A row that wants one names one that most servers have;
//! where a server does not let clients write that one, another plays its part.

use harness::{Given, Probe, Stop, Template};
use serde_json::{Map, Value, json};

use crate::kept;

/// The attributes of plain text that rows name. Each can stand for any other.
const PLAIN: &[&str] = &["displayName", "title", "userType", "nickName"];
/// What plays the part of those that everybody in a check has, where there is no other.
const ALWAYS_SET: &[(&str, &str)] = &[("displayName", "name.familyName"), ("userType", "name.givenName")];

/// Which attribute plays whose part.
pub(crate) struct Parts {
    /// The attributes that a check is about.
    about: Vec<&'static str>,
    /// The part, and who plays it, for each part that another plays.
    played: Vec<(&'static str, &'static str)>,
    /// What the addresses of nobody else hold: a target may ask that each user has his own.
    mark: String,
    /// The domain of all addresses.
    domain: String,
}

impl Parts {
    /// The parts for a check about these attributes, which stay as they are where the target has them.
    pub(crate) fn of(probe: &Probe, about: &[&'static str]) -> Self {
        let free = |path: &&'static str| kept::writable(probe, &[*path]).is_ok();
        let mut taken: Vec<&str> = about.iter().copied().filter(free).collect();
        let mut played = Vec::new();
        for part in about.iter().copied().filter(|path| PLAIN.contains(path) && !free(path)) {
            let set = ALWAYS_SET.iter().filter(|(of, _)| *of == part).map(|(_, path)| *path);
            let mut others = PLAIN.iter().copied().chain(set);
            let named = |path: &str| {
                about.iter().any(|name| name.starts_with(path.split('.').next().unwrap_or(path)))
            };
            let other = others
                .find(|path| free(path) && !taken.contains(path) && (!path.contains('.') || !named(path)));
            if let Some(other) = other {
                taken.push(other);
                played.push((part, other));
            }
        }
        let domain = probe.service().domain().to_owned();
        Self { about: about.to_vec(), played, mark: kept::mark(probe), domain }
    }

    /// The same for whoever compares operations, and not those that they are done to.
    pub(crate) fn of_nobody(&self) -> Self {
        let (about, played) = (self.about.clone(), self.played.clone());
        Self { about, played, mark: String::new(), domain: self.domain.clone() }
    }

    /// An e-mail address that nobody else has, by the word that it begins with.
    pub(crate) fn mail(&self, word: &str) -> String {
        format!("{word}-{}{}", self.mark, self.ending())
    }

    /// How every address ends.
    pub(crate) fn ending(&self) -> String {
        format!("@{}", self.domain)
    }

    /// Whether the check is about an attribute, or about a part of it.
    pub(crate) fn speak_of(&self, attribute: &str) -> bool {
        self.about.iter().any(|path| path.split('.').next() == Some(attribute))
    }

    /// Who plays the part of an attribute: itself, unless another does.
    pub(crate) fn path(&self, part: &'static str) -> &'static str {
        self.played.iter().find(|(played, _)| *played == part).map_or(part, |(_, by)| *by)
    }

    /// The same of several.
    pub(crate) fn paths(&self, parts: &[&'static str]) -> Vec<&'static str> {
        parts.iter().map(|part| self.path(part)).collect()
    }

    /// A pointer to whoever plays the part.
    pub(crate) fn pointer(&self, part: &'static str) -> String {
        format!("/{}", self.path(part).replace('.', "/"))
    }

    /// Creates somebody from a template that sets the parts, where clients can write them, and makes sure that they are
    /// kept.
    pub(crate) fn given(&self, probe: &Probe, template: Template) -> Result<Given, Stop> {
        let about = self.paths(&self.about);
        kept::writable(probe, &about)?;
        let tops: Vec<&str> = about.iter().map(|path| path.split('.').next().unwrap_or(path)).collect();
        probe.given(self.cast(template))?.keeps(&tops)
    }

    /// A body in which whoever plays the part has another value.
    pub(crate) fn with(&self, body: &Value, part: &'static str, value: impl Into<Value>) -> Value {
        let mut body = body.clone();
        for (name, value) in self.member(part, value) {
            match (body.get_mut(&name), value) {
                (Some(Value::Object(old)), Value::Object(new)) => old.extend(new),
                (_, value) => {
                    if let Some(body) = body.as_object_mut() {
                        body.insert(name, value);
                    }
                }
            }
        }
        body
    }

    /// A value of whoever plays the part, as a body has it.
    pub(crate) fn member(&self, part: &'static str, value: impl Into<Value>) -> Map<String, Value> {
        let value = value.into();
        let body = match self.path(part).split_once('.') {
            Some((top, inner)) => json!({ top: { inner: value } }),
            None => json!({ self.path(part): value }),
        };
        body.as_object().cloned().unwrap_or_default()
    }

    /// The template with every attribute under the name of whoever plays its part.
    pub(crate) fn cast(&self, template: Template) -> Template {
        template.moved(|name| {
            let path = self.path(name);
            let lent = self.played.iter().any(|(_, by)| *by == name) && !self.about.contains(&name);
            (!lent).then_some(path)
        })
    }

    /// A text, such as a filter or the value of a parameter, with other names where others play. Letter case is kept
    /// where it is upper case throughout.
    pub(crate) fn spelt(&self, text: &str) -> String {
        let mut spelt = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            let (word, behind) =
                rest.split_at(if word == 0 { rest.chars().next().map_or(1, char::len_utf8) } else { word });
            let part = self.played.iter().find(|(part, _)| part.eq_ignore_ascii_case(word));
            match part {
                Some((_, by)) if word.chars().all(char::is_uppercase) => spelt.push_str(&by.to_uppercase()),
                Some((_, by)) => spelt.push_str(by),
                None => spelt.push_str(word),
            }
            rest = behind;
        }
        spelt
    }
}
