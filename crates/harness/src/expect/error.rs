use protocol::{ScimType, urn};
use record::At;
use serde_json::Value;

use super::{Expectation, Miss, pointer_that};

/// The body is a SCIM error: a JSON object that names the error schema (RFC 7644 §3.12).
#[must_use]
pub fn error_body() -> Expectation {
    pointer_that("/schemas", format!("a SCIM error that names {}", urn::ERROR), |value| {
        value.as_array().is_some_and(|uris| uris.iter().any(|uri| uri == urn::ERROR))
    })
}

/// The error carries this detail keyword.
#[must_use]
pub fn scim_type(wanted: ScimType) -> Expectation {
    scim_type_among(&[wanted])
}

/// The error carries one of these detail keywords.
#[must_use]
pub fn scim_type_among(wanted: &[ScimType]) -> Expectation {
    let wanted: Vec<&'static str> = wanted.iter().map(|keyword| keyword.as_str()).collect();
    let words = format!("scimType {}", wanted.join(" or "));
    let at = At::Pointer { pointer: "/scimType".to_owned() };
    Expectation::new(words, at, move |view| match view.json.and_then(|body| body.get("scimType")) {
        Some(Value::String(seen)) if wanted.contains(&seen.as_str()) => Ok(()),
        Some(other) => Err(Miss::from(other.to_string())),
        None => Err(Miss::from("no scimType".to_owned())),
    })
}
