//! What the server says of itself (RFC 7644 §4).

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::output::{self, Refusal, Scim};
use crate::{Answer, Parameters, Shared};

/// The URI of the User schema.
pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// The User schema as far as this server goes; bodies are held against it too.
pub(crate) fn user_schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> =
        LazyLock::new(|| serde_json::from_str(include_str!("user-schema.json")).unwrap_or_default());
    &SCHEMA
}

pub(crate) async fn config(State(server): Shared) -> Scim {
    let off = json!({ "supported": false });
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": off,
        "bulk": { "supported": false, "maxOperations": 0, "maxPayloadSize": 0 },
        "filter": { "supported": false, "maxResults": 0 },
        "changePassword": off,
        "sort": off,
        "etag": off,
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "A token in the Authorization header",
        }],
    });
    Scim(with_meta(body, "ServiceProviderConfig", &format!("{}/ServiceProviderConfig", server.base)))
}

pub(crate) async fn resource_types(State(server): Shared, Query(query): Parameters) -> Answer {
    everything(&query, the_resource_type(&server.base))
}

pub(crate) async fn resource_type(State(server): Shared, Path(name): Path<String>) -> Result<Scim, Refusal> {
    if name == "User" { Ok(Scim(the_resource_type(&server.base))) } else { Err(Refusal::not_found()) }
}

pub(crate) async fn schemas(State(server): Shared, Query(query): Parameters) -> Answer {
    everything(&query, the_schema(&server.base))
}

pub(crate) async fn schema(State(server): Shared, Path(uri): Path<String>) -> Result<Scim, Refusal> {
    if uri == USER { Ok(Scim(the_schema(&server.base))) } else { Err(Refusal::not_found()) }
}

/// Discovery knows no filters (RFC 7644 §4) and takes no notice of paging.
fn everything(query: &HashMap<String, String>, only: Value) -> Answer {
    if query.contains_key("filter") {
        return Err(Refusal::new(StatusCode::FORBIDDEN, None, "discovery cannot be filtered"));
    }
    Ok(Scim(output::list(vec![only], 1, 1)).into_response())
}

fn the_resource_type(base: &str) -> Value {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
        "id": "User",
        "name": "User",
        "endpoint": "/Users",
        "schema": USER,
    });
    with_meta(body, "ResourceType", &format!("{base}/ResourceTypes/User"))
}

fn the_schema(base: &str) -> Value {
    with_meta(user_schema().clone(), "Schema", &format!("{base}/Schemas/{USER}"))
}

fn with_meta(mut body: Value, kind: &str, location: &str) -> Value {
    if let Some(body) = body.as_object_mut() {
        body.insert("meta".to_owned(), json!({ "resourceType": kind, "location": location }));
    }
    body
}
