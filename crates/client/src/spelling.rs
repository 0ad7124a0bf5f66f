//! Names of attributes in the letter case of the standard: case carries no meaning in them (RFC 7643 §2.1).

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use protocol::{standard, urn};
use serde_json::{Map, Value};

/// What a message of the protocol is known by (RFC 7644 §8.2). Its own members are no attributes of a resource.
const MESSAGES: &str = "urn:ietf:params:scim:api:messages:";

/// The members of resource types and schemas (RFC 7643 §6 and §7) that nothing else has, and the URIs of the schemas, behind
/// which extensions stand.
const MORE: &[&str] = &[
    "endpoint",
    "schema",
    "schemaExtensions",
    "required",
    "attributes",
    "subAttributes",
    "multiValued",
    "canonicalValues",
    "caseExact",
    "mutability",
    "returned",
    "uniqueness",
    "referenceTypes",
    urn::USER,
    urn::GROUP,
    urn::ENTERPRISE_USER,
];

static BY_LOWER_CASE: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let resources = [standard::COMMON, standard::USER, standard::GROUP, standard::ENTERPRISE_USER];
    let tables = resources.into_iter().chain([standard::SERVICE_PROVIDER_CONFIG]);
    let named = tables.flatten().flat_map(|(name, parts)| [name].into_iter().chain(*parts));
    named.chain(MORE).map(|name| (name.to_ascii_lowercase(), *name)).collect()
});

/// The names themselves: most are found without a look at their letter case.
static SPELT: LazyLock<HashSet<&'static str>> = LazyLock::new(|| BY_LOWER_CASE.values().copied().collect());

/// The same body with every name of the standard's attributes as the standard writes it. The members of messages, such as
/// `totalResults`, stay as they are: they have to be as RFC 7644 has them.
#[must_use]
pub fn respelled(body: Value) -> Value {
    // Nearly every body has them so already.
    if is_spelt(&body) { body } else { respell(body) }
}

/// Whether every name in a value is none of the standard's, or as the standard writes it.
fn is_spelt(value: &Value) -> bool {
    match value {
        Value::Object(members) => members
            .iter()
            .all(|(name, value)| known(name).is_none_or(|known| known == name) && is_spelt(value)),
        Value::Array(items) => items.iter().all(is_spelt),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// How the standard writes a name.
fn known(name: &str) -> Option<&'static str> {
    SPELT.get(name).or_else(|| BY_LOWER_CASE.get(&name.to_ascii_lowercase())).copied()
}

fn respell(body: Value) -> Value {
    match body {
        Value::Object(members) if is_message(&members) => {
            members.into_iter().map(|(name, value)| (name, respell(value))).collect()
        }
        Value::Object(members) => of_resource(members),
        Value::Array(items) => items.into_iter().map(respell).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => body,
    }
}

fn is_message(members: &Map<String, Value>) -> bool {
    let schemas = members.iter().filter(|(name, _)| name.eq_ignore_ascii_case("schemas"));
    schemas
        .filter_map(|(_, uris)| uris.as_array())
        .flatten()
        .any(|uri| uri.as_str().is_some_and(|uri| uri.starts_with(MESSAGES)))
}

fn of_resource(members: Map<String, Value>) -> Value {
    let known: Vec<Option<&str>> = members.keys().map(|name| known(name)).collect();
    let mut often: HashMap<&str, u32> = HashMap::new();
    for known in known.iter().flatten() {
        *often.entry(known).or_default() += 1;
    }
    // Those that differ by their letter case alone stay as they are, or one would take the other's place.
    let spelt = |(known, (name, value)): (Option<&str>, (String, Value))| {
        let spelt = known.filter(|known| often.get(known) == Some(&1));
        (spelt.map_or(name, str::to_owned), respell(value))
    };
    known.into_iter().zip(members).map(spelt).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::respelled;

    #[test]
    fn names_of_attributes_are_spelt_as_the_standard_does_at_any_depth() {
        let odd = json!({
            "ID": "1", "UserName": "ada", "META": { "Version": "1" }, "EMAILS": [{ "VALUE": "a@b", "Own": 1 }],
            "URN:ietf:params:scim:schemas:extension:enterprise:2.0:user": { "Manager": { "Value": "2" } },
        });
        let plain = json!({
            "id": "1", "userName": "ada", "meta": { "version": "1" }, "emails": [{ "value": "a@b", "Own": 1 }],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "manager": { "value": "2" } },
        });
        assert_eq!(respelled(odd), plain);
        assert_eq!(respelled(plain.clone()), plain);
    }

    #[test]
    fn what_stands_there_twice_stays_twice() {
        for twice in
            [json!({ "userName": "ada", "USERNAME": "bob" }), json!({ "USERNAME": "ada", "UserName": "bob" })]
        {
            assert_eq!(respelled(twice.clone()), twice);
        }
    }

    #[test]
    fn members_of_messages_stay_as_they_are_and_what_they_hold_does_not() {
        let schemas = ["urn:ietf:params:scim:api:messages:2.0:ListResponse"];
        let list = json!({ "schemas": schemas, "resources": [{ "Id": "1" }], "TOTALRESULTS": 1, "ID": "x" });
        let read = json!({ "schemas": schemas, "resources": [{ "id": "1" }], "TOTALRESULTS": 1, "ID": "x" });
        assert_eq!(respelled(list), read);
        let no_list = json!({ "resources": [{ "Id": "1" }] });
        assert_eq!(respelled(no_list), json!({ "resources": [{ "id": "1" }] }));
    }
}
