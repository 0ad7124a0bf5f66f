//! What a client asks for when it queries, in the address or in a body, RFC 7644 §3.4.2 and §3.4.3.

use engine::{PageRequest, Reject, ResourceType, Rules, parse_filter};
use protocol::{ScimType, urn};
use serde_json::{Map, Value};

use crate::ask::Ask;
use crate::command::{Query, Sort};

/// The parameters of a query as text.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) attributes: Option<String>,
    pub(super) excluded: Option<String>,
    filter: Option<String>,
    sort_by: Option<String>,
    sort_order: Option<String>,
    start_index: Option<String>,
    count: Option<String>,
    /// The parameter of an address that is there more than once.
    twice: Option<&'static str>,
}

const FILTER: &str = "filter";
/// What an address can ask for, RFC 7644 §3.4.2 and §3.9.
const PARAMETERS: [&str; 7] =
    [FILTER, "attributes", "excludedAttributes", "sortBy", "sortOrder", "startIndex", "count"];

impl Asked {
    /// Those of an address.
    pub(super) fn in_address(ask: &Ask) -> Self {
        Self {
            attributes: ask.parameter("attributes"),
            excluded: ask.parameter("excludedAttributes"),
            filter: ask.parameter(FILTER),
            sort_by: ask.parameter("sortBy"),
            sort_order: ask.parameter("sortOrder"),
            start_index: ask.parameter("startIndex"),
            count: ask.parameter("count"),
            twice: PARAMETERS
                .into_iter()
                .find(|name| ask.parameters().filter(|(key, _)| key == name).count() > 1),
        }
    }

    /// Of a parameter that is there twice nobody can say which one is meant.
    ///
    /// # Errors
    /// 400: invalidFilter for the filter, invalidValue for anything else.
    pub(super) fn expect_once(&self) -> Result<(), Reject> {
        let Some(name) = self.twice else { return Ok(()) };
        let reject = Reject::value(name, "is in the address more than once; send it once");
        let scim_type = if name == FILTER { Some(ScimType::InvalidFilter) } else { reject.scim_type };
        Err(Reject { scim_type, ..reject })
    }

    /// Those of a SearchRequest message.
    pub(super) fn in_body(body: Map<String, Value>) -> Result<Self, Reject> {
        let mut asked = Self::default();
        let mut is_search = false;
        for (name, value) in body {
            let is = |known: &str| name.eq_ignore_ascii_case(known);
            if value.is_null() {
            } else if is("schemas") {
                let mut uris = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                is_search = uris.any(|uri| uri.eq_ignore_ascii_case(urn::SEARCH_REQUEST));
            } else if is("attributes") {
                asked.attributes = Some(names("attributes", value)?);
            } else if is("excludedAttributes") {
                asked.excluded = Some(names("excludedAttributes", value)?);
            } else if is("filter") {
                asked.filter = Some(text("filter", value)?);
            } else if is("sortBy") {
                asked.sort_by = Some(text("sortBy", value)?);
            } else if is("sortOrder") {
                asked.sort_order = Some(text("sortOrder", value)?);
            } else if is("startIndex") {
                asked.start_index = Some(number("startIndex", &value)?);
            } else if is("count") {
                asked.count = Some(number("count", &value)?);
            }
        }
        if is_search {
            return Ok(asked);
        }
        Err(Reject::syntax(format!("schemas has to be an array that holds {}", urn::SEARCH_REQUEST))
            .about("schemas"))
    }

    pub(super) fn query<'a>(
        &self,
        rules: &Rules,
        resource_types: Vec<&'a ResourceType>,
    ) -> Result<Query<'a>, Reject> {
        self.expect_once()?;
        let read = |filter: &String| parse_filter(filter, &rules.limits, rules.readings.filter.leniency);
        let sort = self.sort_by.as_ref().filter(|by| !by.is_empty());
        Ok(Query {
            resource_types,
            filter: self.filter.as_ref().map(read).transpose()?,
            sort: sort.map(|by| Sort { by: by.clone(), order: self.sort_order.clone() }),
            page: PageRequest::parse(self.start_index.as_deref(), self.count.as_deref(), &rules.limits)?,
        })
    }
}

fn text(name: &str, value: Value) -> Result<String, Reject> {
    match value {
        Value::String(text) => Ok(text),
        _ => Err(Reject::value(name, "is text; send a JSON string")),
    }
}

/// 2^63: from here on, on one side of zero or the other, JSON's integers are no longer read as integers.
const BEYOND_INTEGERS: f64 = 9_223_372_036_854_775_808.0;

fn number(name: &str, value: &Value) -> Result<String, Reject> {
    match value {
        Value::Number(number) if !number.is_f64() => Ok(number.to_string()),
        // Digits of more than 64 bits are read as a float; that is a whole number still, as it is in an address.
        Value::Number(number) if number.as_f64().is_some_and(|float| float.abs() >= BEYOND_INTEGERS) => {
            Ok(format!("{:.0}", number.as_f64().unwrap_or_default()))
        }
        _ => Err(Reject::value(name, "is a whole number; send a JSON number without a fraction")),
    }
}

/// A list of names, as an address would have it.
fn names(name: &str, value: Value) -> Result<String, Reject> {
    let Value::Array(items) = value else {
        return Err(Reject::value(name, "is a list of names; send an array of strings"));
    };
    let names: Result<Vec<String>, Reject> = items.into_iter().map(|item| text(name, item)).collect();
    Ok(names?.join(","))
}
