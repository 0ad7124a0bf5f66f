use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One request and its response, redacted when recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exchange {
    /// Number within the run, from 1.
    pub number: u32,
    /// The id of the check that sent it; none for discovery and clean-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// What was sent.
    pub request: RequestLog,
    /// What came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<ResponseLog>,
    /// Why nothing usable came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// When it happened.
    pub times: Times,
    /// Expectations that held on this exchange: success is evidence too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Held>,
}

/// A request as it was sent, less its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestLog {
    /// The method.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Headers in the order sent; credentials are replaced.
    pub headers: Vec<Header>,
    /// Whether the credential is one that the check made up, in place of the run's own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub made_up_credential: bool,
    /// The body, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
}

/// A response as it came, less its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResponseLog {
    /// The status code.
    pub status: u16,
    /// Headers in the order received.
    pub headers: Vec<Header>,
    /// The body, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
}

/// One header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Header {
    /// Lower-case name.
    pub name: String,
    /// Value; bytes that are no UTF-8 are replaced.
    pub value: String,
}

/// A body, cut off where it grew too long to keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Body {
    /// The text kept; bytes that are no UTF-8 are replaced.
    pub text: String,
    /// Length in bytes of the whole body as far as it was read.
    pub bytes: u64,
    /// Whether `text` holds less than was read.
    pub truncated: bool,
}

/// Four moments, in microseconds since the run began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Times {
    /// When the request was due.
    pub intended_us: u64,
    /// When it was handed to the transport.
    pub sent_us: u64,
    /// When the response's head was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_byte_us: Option<u64>,
    /// When the response's last byte was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_byte_us: Option<u64>,
}

/// An expectation that held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Held {
    /// The check that asked, by id.
    pub check: String,
    /// The requirement it stands under, by id.
    pub requirement: String,
    /// What was expected, in words.
    pub expectation: String,
}
