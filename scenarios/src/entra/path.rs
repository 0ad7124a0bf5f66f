//! Attributes as mappings write them, and what a resource has there.

use serde_json::{Map, Value};

/// An attribute of the target, taken apart: `urn:…:User:attribute`, `name.givenName`, `emails[type eq "work"].value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TargetPath<'a> {
    /// The schema of an extension.
    pub(crate) urn: Option<&'a str>,
    pub(crate) attribute: &'a str,
    pub(crate) selector: Option<Selector<'a>>,
    pub(crate) sub: Option<&'a str>,
}

/// Which element of a multi-valued attribute: `type eq "work"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selector<'a> {
    pub(crate) attribute: &'a str,
    /// What it has to equal, without the quotes.
    pub(crate) value: &'a str,
}

impl<'a> TargetPath<'a> {
    /// Takes a target apart. What follows none of the forms is taken for an attribute of that name.
    pub(crate) fn of(text: &'a str) -> Self {
        let (urn, rest) = without_urn(text);
        let plain = Self { urn, attribute: rest, selector: None, sub: None };
        let Some((attribute, filtered)) = rest.split_once('[') else {
            return match rest.split_once('.') {
                Some((attribute, sub)) => Self { attribute, sub: Some(sub), ..plain },
                None => plain,
            };
        };
        let Some((filter, after)) = filtered.split_once(']') else { return plain };
        let Some(selector) = Selector::of(filter) else { return plain };
        Self { attribute, selector: Some(selector), sub: after.strip_prefix('.'), ..plain }
    }

    /// Whether it selects an element by a filter.
    pub(crate) const fn is_filtered(&self) -> bool {
        self.selector.is_some()
    }

    /// What a resource has there; nothing where that is null, an empty text or an empty list.
    pub(crate) fn read<'v>(&self, resource: &'v Value) -> Option<&'v Value> {
        let holder = match self.urn {
            Some(urn) if !is_core(urn) => member(resource, urn)?,
            _ => resource,
        };
        let found = member(holder, self.attribute)?;
        let element = match &self.selector {
            None => found,
            Some(selector) => found.as_array()?.iter().find(|element| selector.selects(element))?,
        };
        let value = match self.sub {
            None => element,
            Some(sub) => member(element, sub)?,
        };
        (!is_blank(value)).then_some(value)
    }
}

impl<'a> Selector<'a> {
    fn of(filter: &'a str) -> Option<Self> {
        let (attribute, rest) = filter.trim().split_once(' ')?;
        let (operator, value) = rest.trim_start().split_once(' ')?;
        let value = value.trim();
        let text = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        operator.eq_ignore_ascii_case("eq").then(|| Self { attribute, value: text.unwrap_or(value) })
    }

    fn selects(&self, element: &Value) -> bool {
        member(element, self.attribute).is_some_and(|value| match value {
            Value::String(text) => is_same_text(text, self.value),
            Value::Bool(truth) => self.truth() == Some(*truth),
            _ => false,
        })
    }

    /// The truth that it names, quoted or not, in any letter case.
    pub(crate) fn truth(&self) -> Option<bool> {
        truth(self.value)
    }
}

/// The truth that a text names in any letter case.
pub(crate) fn truth(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else {
        text.eq_ignore_ascii_case("false").then_some(false)
    }
}

/// Whether two texts are the same but for letter case.
pub(crate) fn is_same_text(one: &str, other: &str) -> bool {
    one == other || one.to_lowercase() == other.to_lowercase()
}

/// Whether a value counts as none.
pub(crate) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

/// A member of an object, by its name in whatever letter case: servers differ.
pub(crate) fn member<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    let members: &Map<String, Value> = object.as_object()?;
    members
        .get(name)
        .or_else(|| members.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, v)| v))
}

/// A URN before the last colon that is not within a filter.
fn without_urn(text: &str) -> (Option<&str>, &str) {
    let head = text.split('[').next().unwrap_or(text);
    let is_urn = head.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:"));
    let colon = if is_urn { head.rfind(':') } else { None };
    match colon.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?))) {
        Some((urn, rest)) => (Some(urn), rest),
        None => (None, text),
    }
}

/// Whether a schema's attributes stand at the top of a resource.
pub(crate) fn is_core(urn: &str) -> bool {
    [protocol::urn::USER, protocol::urn::GROUP].iter().any(|core| core.eq_ignore_ascii_case(urn))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_forms_of_a_target_are_told_apart() {
        let plain = TargetPath { urn: None, attribute: "userName", selector: None, sub: None };
        assert_eq!(TargetPath::of("userName"), plain);
        let sub = TargetPath { attribute: "name", sub: Some("givenName"), ..plain.clone() };
        assert_eq!(TargetPath::of("name.givenName"), sub);
        let work = Selector { attribute: "type", value: "work" };
        let filtered =
            TargetPath { attribute: "emails", selector: Some(work), sub: Some("value"), ..plain.clone() };
        assert_eq!(TargetPath::of(r#"emails[type eq "work"].value"#), filtered);
        let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let extension = TargetPath { urn: Some(urn), attribute: "department", ..plain.clone() };
        assert_eq!(TargetPath::of(&format!("{urn}:department")), extension);
        let primary = Selector { attribute: "primary", value: "True" };
        let roles = TargetPath { attribute: "roles", selector: Some(primary), sub: Some("value"), ..plain };
        assert_eq!(TargetPath::of(r#"roles[primary eq "True"].value"#), roles);
    }

    #[test]
    fn what_has_no_known_form_is_a_name() {
        for odd in ["emails[type", "emails[type eq]", "urn", "", "[]"] {
            assert_eq!(TargetPath::of(odd).attribute, odd);
        }
    }

    #[test]
    fn a_value_is_found_wherever_a_server_keeps_it() {
        let resource = json!({
            "userName": "ada", "NAME": {"givenname": "Ada"}, "title": "", "nickName": null, "roles": [],
            "emails": [{"type": "home", "value": "h"}, {"type": "WORK", "value": "w"}],
            "phoneNumbers": [{"primary": true, "value": "1"}],
            "urn:a:b": {"tag": 7},
        });
        let read = |path: &str| TargetPath::of(path).read(&resource).cloned();
        assert_eq!(read("userName"), Some(json!("ada")));
        assert_eq!(read("name.givenName"), Some(json!("Ada")));
        assert_eq!(read(r#"emails[type eq "work"].value"#), Some(json!("w")));
        assert_eq!(read(r#"phoneNumbers[primary eq "True"].value"#), Some(json!("1")));
        assert_eq!(read("urn:a:b:tag"), Some(json!(7)));
        assert_eq!(read("urn:ietf:params:scim:schemas:core:2.0:User:userName"), Some(json!("ada")));
        for blank in ["title", "nickName", "roles", "absent", "urn:a:c:tag", r#"emails[type eq "x"].value"#] {
            assert_eq!(read(blank), None, "{blank}");
        }
    }
}
