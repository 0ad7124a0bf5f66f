//! The three endpoints that describe the server, RFC 7644 §4. They publish the healthy rules and nothing
//! else.

use http::Method;
use protocol::{endpoint, urn};
use serde_json::{Value, json};

use crate::app::App;
use crate::ask::{Ask, Reply};
use crate::scim20::refusal::Refusal;
use crate::scim20::reply;

pub(crate) fn config(app: &App, ask: &Ask) -> Result<Reply, Refusal> {
    expect_plain_get(ask)?;
    let location = format!("{}{}", ask.base, endpoint::SERVICE_PROVIDER_CONFIG);
    let supported = json!({ "supported": true });
    let body = json!({
        "schemas": [urn::SERVICE_PROVIDER_CONFIG],
        "patch": supported,
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": true, "maxResults": app.published.limits.page_max },
        "changePassword": supported,
        "sort": supported,
        "etag": supported,
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "OAuth Bearer Token",
            "description": "A token in the Authorization header, as RFC 6750 describes it.",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }],
        "meta": { "resourceType": "ServiceProviderConfig", "location": location },
    });
    Ok(reply::json(200, &body))
}

pub(crate) fn resource_types(app: &App, ask: &Ask) -> Result<Reply, Refusal> {
    expect_plain_get(ask)?;
    let published =
        app.published.resource_types.iter().map(|resource_type| resource_type.published(&ask.base));
    Ok(whole_list(&published.collect::<Vec<_>>()))
}

pub(crate) fn resource_type(app: &App, ask: &Ask, name: &str) -> Result<Reply, Refusal> {
    expect_plain_get(ask)?;
    let found = app.published.resource_type(name);
    let found = found
        .ok_or_else(|| Refusal::new(404, "there is no such resource type; /ResourceTypes lists them"))?;
    Ok(reply::json(200, &found.published(&ask.base)))
}

pub(crate) fn schemas(app: &App, ask: &Ask) -> Result<Reply, Refusal> {
    expect_plain_get(ask)?;
    let published = app.published.schemas.iter().map(|schema| schema.published(&ask.base));
    Ok(whole_list(&published.collect::<Vec<_>>()))
}

pub(crate) fn schema(app: &App, ask: &Ask, uri: &str) -> Result<Reply, Refusal> {
    expect_plain_get(ask)?;
    let found = app.published.schema(uri);
    let found = found.ok_or_else(|| Refusal::new(404, "there is no such schema; /Schemas lists them"))?;
    Ok(reply::json(200, &found.published(&ask.base)))
}

/// These lists always come whole: paging and sorting do not apply to them.
fn whole_list(resources: &[Value]) -> Reply {
    reply::list(resources.len() as u64, 1, resources)
}

fn expect_plain_get(ask: &Ask) -> Result<(), Refusal> {
    if !matches!(ask.method, Method::GET | Method::HEAD) {
        return Err(Refusal::method("GET, HEAD"));
    }
    if ask.parameter("filter").is_some() {
        return Err(Refusal::new(403, "filters do not apply to discovery; leave the filter out"));
    }
    Ok(())
}
