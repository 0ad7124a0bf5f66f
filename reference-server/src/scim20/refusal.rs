use engine::Reject;
use http::header::{ALLOW, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use protocol::{ScimType, urn};
use serde_json::{Map, Value};

use crate::ask::Reply;
use crate::scim20::reply;
use crate::tokens::{Shut, State};

/// A refusal with the header that belongs to its status. This file alone turns refusals into responses.
#[derive(Debug)]
pub(crate) struct Refusal {
    reject: Reject,
    header: Option<(HeaderName, &'static str)>,
}

impl From<Reject> for Refusal {
    fn from(reject: Reject) -> Self {
        Self { reject, header: None }
    }
}

impl Refusal {
    pub(crate) fn new(status: u16, detail: impl Into<String>) -> Self {
        Reject::new(status, detail).into()
    }

    pub(crate) fn unknown_endpoint() -> Self {
        Self::new(404, "there is no such endpoint; /ResourceTypes lists those that there are")
    }

    pub(crate) fn unknown_version() -> Self {
        let detail = "this version of the protocol is not served; leave the version out of the address";
        Reject { scim_type: Some(ScimType::InvalidVers), ..Reject::new(400, detail) }.into()
    }

    pub(crate) fn unsupported(what: &str) -> Self {
        Self::new(501, format!("{what} are not supported; /ServiceProviderConfig says what is"))
    }

    pub(crate) fn unauthorized(shut: Shut) -> Self {
        let detail = match shut {
            Shut::Unknown | Shut::Spent(State::Valid) => {
                "credentials are missing or not valid; send a bearer token in Authorization"
            }
            Shut::Spent(State::Revoked) => "the token was revoked; ask an administrator for another",
            Shut::Spent(State::Expired) => "the token has expired; ask an administrator for another",
            Shut::Spent(State::Orphaned) => {
                "the owner of the token is no administrator; ask an administrator for a token"
            }
        };
        Self { header: Some((WWW_AUTHENTICATE, "Bearer realm=\"scim\"")), ..Self::new(401, detail) }
    }

    pub(crate) fn method(allowed: &'static str) -> Self {
        Self {
            header: Some((ALLOW, allowed)),
            ..Self::new(405, format!("the method is not served here; these are: {allowed}"))
        }
    }

    pub(crate) fn body_too_large(bytes_max: usize) -> Self {
        Self::new(413, format!("the body is too large; send {bytes_max} bytes at most"))
    }

    pub(crate) fn media_type() -> Self {
        Self::new(415, "the media type is not served here; send application/scim+json")
    }

    pub(crate) fn into_reply(self) -> Reply {
        let status = self.reject.status;
        let mut body = Map::new();
        body.insert("schemas".to_owned(), Value::from(vec![urn::ERROR]));
        body.insert("status".to_owned(), status.to_string().into());
        if let Some(scim_type) = self.reject.scim_type {
            body.insert("scimType".to_owned(), scim_type.as_str().into());
        }
        body.insert("detail".to_owned(), self.reject.detail.into());
        let mut reply = reply::json(status, &Value::Object(body));
        if let Some((name, value)) = self.header {
            reply.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        reply
    }
}
