use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::reject::Reject;
use crate::rules::Limits;

/// Reads a request body: one JSON object, in UTF-8, without duplicate names, nested no deeper than allowed.
///
/// `serde_json::Value` silently keeps the last of two equal names. What a client meant by sending both is
/// unknowable, so it is told instead.
///
/// # Errors
/// 400 invalidSyntax, with line and column where the text breaks off.
pub fn parse_object(bytes: &[u8], limits: &Limits) -> Result<Map<String, Value>, Reject> {
    let text =
        std::str::from_utf8(bytes).map_err(|_| Reject::syntax("the body is not UTF-8; send UTF-8 JSON"))?;
    let mut source = serde_json::Deserializer::from_str(text);
    let value = Strict { levels_left: limits.depth_levels }
        .deserialize(&mut source)
        .and_then(|value| source.end().map(|()| value))
        .map_err(|error| Reject::syntax(explained(&error)))?;
    match value {
        Value::Object(object) => Ok(object),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(Reject::syntax("the body is not a JSON object; send one resource as an object"))
        }
    }
}

/// serde_json's own message can quote the client's text, and with it a password; only our own wording, which
/// quotes names alone, and the position are passed on.
fn explained(error: &serde_json::Error) -> String {
    let place = format!("line {} column {}", error.line(), error.column());
    let text = error.to_string();
    match text.split_once(OURS).and_then(|(_, rest)| rest.split_once(OURS)) {
        Some((message, _)) => format!("{message}, at {place}"),
        None => format!("the body is not well-formed JSON, at {place}"),
    }
}

/// Brackets our own messages inside an error of serde_json.
const OURS: char = '\u{1}';

fn complaint<E: Error>(message: &str) -> E {
    E::custom(format_args!("{OURS}{message}{OURS}"))
}

#[derive(Clone, Copy)]
struct Strict {
    levels_left: usize,
}

impl Strict {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        let levels_left = self
            .levels_left
            .checked_sub(1)
            .ok_or_else(|| complaint("the body is nested too deeply; send fewer levels"))?;
        Ok(Self { levels_left })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(inner)?;
            if object.contains_key(&name) {
                return Err(complaint("a name occurs twice in one object; send each name once"));
            }
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}
