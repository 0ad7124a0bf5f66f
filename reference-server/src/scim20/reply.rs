use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use http::{HeaderName, StatusCode};
use protocol::{media, urn};
use serde_json::{Value, json};

use crate::ask::Reply;

/// An answer with a body.
pub(crate) fn json(status: u16, body: &Value) -> Reply {
    // What is JSON already can always be written.
    let mut reply = Reply::new(Bytes::from(serde_json::to_vec(body).unwrap_or_default()));
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media::SCIM_JSON));
    reply
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Reply {
    let mut reply = Reply::new(Bytes::new());
    *reply.status_mut() = status;
    reply
}

/// Adds a header. A value that cannot stand in a header is left out, as no header is better than a broken
/// one.
pub(crate) fn with_header(mut reply: Reply, name: HeaderName, value: &str) -> Reply {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
    reply
}

/// A list, RFC 7644 §3.4.2.
pub(crate) fn list(total: u64, start_index: u64, resources: &[Value]) -> Reply {
    json(
        200,
        &json!({
            "schemas": [urn::LIST_RESPONSE],
            "totalResults": total,
            "startIndex": start_index,
            "itemsPerPage": resources.len(),
            "Resources": resources,
        }),
    )
}

/// What HEAD answers where GET would have answered this.
pub(crate) fn headers_only(mut reply: Reply) -> Reply {
    let length = std::mem::take(reply.body_mut()).len();
    if length == 0 { reply } else { with_header(reply, CONTENT_LENGTH, &length.to_string()) }
}
