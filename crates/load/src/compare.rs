//! What was sent beside what is shown.

use serde_json::{Map, Value, json};

/// How much of a value is told.
const TOLD_CHARS_MAX: usize = 200;
/// Texts that a target may keep in another letter case: userNames and e-mails are compared without it (RFC 7643 §4.1),
/// languages too (RFC 5646 §2.1.1).
const ANY_CASE: &[&str] = &["userName", "emails.value", "preferredLanguage"];
/// A target should bring telephone numbers into a form of its own (RFC 7643 §4.1.2): the digits stay.
const DIGITS: &str = "phoneNumbers.value";

/// Something that is not as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deviation {
    /// The attribute, such as `name.givenName`.
    pub(crate) path: String,
    pub(crate) expected: String,
    pub(crate) actual: String,
}

/// Everything that was sent and is not shown as it was; what is shown beyond it is the target's own.
pub(crate) fn deviations(sent: &Map<String, Value>, shown: &Value) -> Vec<Deviation> {
    let mut found = Vec::new();
    for (name, value) in sent.iter().filter(|(name, _)| *name != "schemas") {
        match (name.as_str(), value) {
            ("name", Value::Object(parts)) => compare_names(parts, member(shown, name), &mut found),
            _ => compare(name, value, member(shown, name), &mut found),
        }
    }
    found
}

/// A member of an object; the letter case of names does not matter.
pub(crate) fn member<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let object = object.as_object()?;
    object
        .get(name)
        .or_else(|| object.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

fn compare(path: &str, sent: &Value, shown: Option<&Value>, found: &mut Vec<Deviation>) {
    match (sent, shown) {
        (Value::Object(parts), Some(shown @ Value::Object(_))) => {
            for (name, value) in parts {
                compare(&below(path, name), value, member(shown, name), found);
            }
        }
        (Value::Array(values), Some(Value::Array(known))) => {
            for value in values.iter().filter(|value| !known.iter().any(|known| holds(path, value, known))) {
                match twin(path, value, known) {
                    Some(twin) => compare(path, value, Some(twin), found),
                    None => found.push(deviation(path, value, shown)),
                }
            }
        }
        (sent, Some(shown)) if holds(path, sent, shown) => {}
        (sent, shown) => found.push(deviation(path, sent, shown)),
    }
}

/// A target may show the parts of a name, or the whole as one text, or both (RFC 7643 §4.1.1), and make the text of the
/// parts.
fn compare_names(parts: &Map<String, Value>, shown: Option<&Value>, found: &mut Vec<Deviation>) {
    let whole = |name: &str| name == "formatted";
    let shown_parts = shown.and_then(Value::as_object).into_iter().flatten();
    let in_one = shown_parts.clone().count() == 1 && shown_parts.into_iter().all(|(name, _)| whole(name));
    let compared = parts.iter().filter(|(name, _)| whole(name) == in_one || parts.len() == 1);
    for (name, value) in compared {
        compare(&below("name", name), value, shown.and_then(|shown| member(shown, name)), found);
    }
}

/// The one of several values that is the one that was sent, and lacks a part of it or has another.
fn twin<'a>(path: &str, sent: &Value, known: &'a [Value]) -> Option<&'a Value> {
    let (sent, path) = (sent.get("value")?, below(path, "value"));
    known.iter().find(|known| member(known, "value").is_some_and(|known| holds(&path, sent, known)))
}

/// Whether a value has at least what another one has.
fn holds(path: &str, sent: &Value, shown: &Value) -> bool {
    match (sent, shown) {
        (Value::Object(parts), shown @ Value::Object(_)) => parts.iter().all(|(name, value)| {
            member(shown, name).is_some_and(|shown| holds(&below(path, name), value, shown))
        }),
        (Value::String(sent), Value::String(shown)) => same_text(path, sent, shown),
        (sent, shown) => sent == shown,
    }
}

fn same_text(path: &str, sent: &str, shown: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    sent == shown
        || ANY_CASE.contains(&path) && sent.to_lowercase() == shown.to_lowercase()
        || path == DIGITS && digits(sent) == digits(shown)
}

fn below(path: &str, name: &str) -> String {
    let joint = if path.starts_with("urn:") { ':' } else { '.' };
    format!("{path}{joint}{name}")
}

fn deviation(path: &str, sent: &Value, shown: Option<&Value>) -> Deviation {
    let told = |value: &Value| value.to_string().chars().take(TOLD_CHARS_MAX).collect::<String>();
    let gone = shown.is_none_or(|shown| shown.is_null() || *shown == json!([]) || *shown == json!({}));
    let actual = shown.filter(|_| !gone).map_or_else(|| "not there".to_owned(), told);
    Deviation { path: path.to_owned(), expected: told(sent), actual }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(sent: &Value, shown: &Value) -> Vec<String> {
        deviations(sent.as_object().unwrap(), shown).into_iter().map(|found| found.path).collect()
    }

    #[test]
    fn what_is_missing_or_other_is_found() {
        let sent = json!({ "schemas": ["x"], "title": "Lead", "active": false, "urn:x:User": { "department": "Legal" },
            "name": { "givenName": "Ada", "formatted": "Ada L" },
            "emails": [{ "value": "a@x", "type": "work", "primary": true }] });
        assert_eq!(paths(&sent, &sent), [""; 0]);
        let all = ["active", "emails", "name.givenName", "title", "urn:x:User"];
        let mut lost = paths(&sent, &json!({}));
        lost.sort();
        assert_eq!(lost, all);
        let mut other = paths(
            &sent,
            &json!({ "title": "lead", "active": true, "urn:x:User": { "department": "R&D" },
                "name": { "givenName": "Bo" }, "emails": [{ "value": "a@x", "type": "home", "primary": true }] }),
        );
        other.sort();
        assert_eq!(other, ["active", "emails.type", "name.givenName", "title", "urn:x:User:department"]);
    }

    #[test]
    fn a_part_that_is_missing_of_one_of_several_values_is_told_alone() {
        let sent =
            json!({ "emails": [{ "value": "a@x", "type": "work" }, { "value": "b@x", "type": "home" }] });
        let shown = json!({ "emails": [{ "value": "b@x", "type": "home" }, { "value": "a@x" }] });
        let [found] = deviations(sent.as_object().unwrap(), &shown).try_into().unwrap();
        let told = [found.path, found.expected, found.actual];
        assert_eq!(told, ["emails.type", "\"work\"", "not there"]);
        assert_eq!(paths(&sent, &json!({ "emails": [{ "value": "b@x", "type": "home" }] })), ["emails"]);
    }

    #[test]
    fn what_a_target_may_make_of_a_value_is_no_deviation() {
        let sent = json!({ "userName": "Ada@x", "phoneNumbers": [{ "value": "+1 202 555 0100" }],
            "emails": [{ "value": "Ada@X" }], "name": { "givenName": "Ada", "formatted": "Ada L" } });
        let shown = json!({ "USERNAME": "ada@x", "phoneNumbers": [{ "value": "tel:+1-202-555-0100", "type": "work" }],
            "emails": [{ "value": "ada@x" }, { "value": "b@x" }], "name": { "givenName": "Ada", "formatted": "L, Ada" },
            "nickName": "A" });
        assert_eq!(paths(&sent, &shown), [""; 0]);
        let mut whole = shown;
        whole["name"] = json!({ "formatted": "Ada L" });
        assert_eq!(paths(&sent, &whole), [""; 0]);
        whole["name"] = json!({ "formatted": "Bo L" });
        assert_eq!(paths(&sent, &whole), ["name.formatted"]);
    }

    #[test]
    fn what_is_lost_is_said_to_be_not_there() {
        let sent = json!({ "title": "Lead" });
        let [found] = deviations(sent.as_object().unwrap(), &json!({ "title": null })).try_into().unwrap();
        assert_eq!((found.expected.as_str(), found.actual.as_str()), ("\"Lead\"", "not there"));
    }
}
