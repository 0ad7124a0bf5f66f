//! Target files: how a server is reached and what it asks of whoever tests it, as data.
//!
//! `docs/target.schema.json` describes their form. No secret stands in one: each says where it comes from.
//!
//! ```
//! let text = "url = \"https://scim.example/v2\"\n[auth.bearer]\ntoken = { env = \"SCIM_TOKEN\" }\n";
//! let file = profiles::target::parse(text, "target.toml")?;
//! assert_eq!(file.url.as_deref(), Some("https://scim.example/v2"));
//! # Ok::<(), profiles::ProfileError>(())
//! ```

mod names;
pub(crate) mod secret;
mod sound;

use std::collections::BTreeMap;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::ProfileError;
use crate::model::Profile;
use crate::near;
use crate::place::Place;
use crate::sound::Complaint;
use crate::values;

pub use names::{PublishedNames, unknown};
pub use secret::{HeaderText, SecretSource};
pub use sound::{LAG_S_MAX, RATES, TIMEOUT_S_MAX, header_complaint};

/// The file that lists what belongs where.
const SCHEMA: &str = "docs/target.schema.json";

/// A server under test, as a file tells of it. Everything may be missing: the command line and the environment say the rest.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Target")]
pub struct TargetFile {
    /// The base URL: the part before `/Users`.
    pub url: Option<String>,
    /// The profile to hold the server to: a name, or a profile file (.toml) by its path from this file.
    pub profile: Option<String>,
    /// How many seconds a request may take.
    #[schemars(range(min = 1, max = 600))]
    pub timeout_s: Option<u64>,
    /// How many seconds reads may lag behind writes.
    #[schemars(range(max = 60))]
    pub lag_s: Option<u64>,
    /// The version of HTTP that is spoken, and no other.
    #[serde(default)]
    pub http: Http,
    /// What the run shows to be let in.
    pub auth: Option<Auth>,
    /// Further headers of every request, by name: a text, or where a secret comes from.
    #[serde(default)]
    pub headers: BTreeMap<String, HeaderText>,
    /// Whom the run trusts, and how it shows who it is, where the server speaks TLS.
    #[serde(default)]
    pub tls: Tls,
    /// The proxy through which the server is reached. None is taken from the environment's usual variables.
    pub proxy: Option<Proxy>,
    /// Credentials that open less than that of the run. Checks that need one are not run without it.
    #[serde(default)]
    pub credentials: Credentials,
    /// What may be asked of the server.
    #[serde(default)]
    pub limits: Limits,
    /// The waivers file (.toml) of failures that are known, by its path from this file.
    pub waivers: Option<PathBuf>,
    /// What the server offers, by capability such as `User.sort`, where its discovery does not tell the truth: `true` to check
    /// it all the same, `false` to leave it alone.
    #[serde(default)]
    pub capabilities: BTreeMap<String, bool>,
    /// The domain that e-mail addresses are made up in, where the server takes those of its own alone; without it that of the
    /// profile, or `example.com`. `{domain}` stands for it in samples.
    pub domain: Option<String>,
    /// By resource type: attributes that the server demands on create, with a value for each, as in a profile; they stand
    /// beside those of the profile and in place of those of the same name.
    #[serde(default)]
    pub samples: BTreeMap<String, Map<String, Value>>,
}

/// What a run shows to be let in: one of these.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub struct Auth {
    /// A bearer token (RFC 6750).
    pub bearer: Option<Bearer>,
    /// A user name and a password (RFC 7617).
    pub basic: Option<Basic>,
    /// A bearer token that is asked for with client credentials (RFC 6749 §4.4), and renewed before it ends or when it is
    /// refused in the middle of a run.
    pub oauth2: Option<OAuth2>,
}

/// Client credentials.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OAuth2 {
    /// The token endpoint.
    pub token_url: String,
    /// The client's id.
    pub client_id: String,
    /// Where the client's secret comes from.
    pub client_secret: SecretSource,
    /// What is asked for, where the token endpoint has to be told.
    pub scope: Option<String>,
    /// Where the client's secret is sent.
    #[serde(default)]
    pub secret_in: SecretIn,
}

/// Where a client's secret is sent (RFC 6749 §2.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecretIn {
    /// In the header, by HTTP Basic authentication.
    #[default]
    Header,
    /// In the body.
    Body,
}

/// A version of HTTP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Http {
    /// HTTP/1.1.
    #[default]
    #[serde(rename = "1.1")]
    One,
    /// HTTP/2. Checks of how requests are cut up on the wire are not run.
    #[serde(rename = "2")]
    Two,
}

/// A proxy.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proxy {
    /// Its URL, such as `http://proxy.example:3128`.
    pub url: Option<String>,
    /// The user that it knows.
    pub user: Option<String>,
    /// Where the user's password comes from.
    pub password: Option<SecretSource>,
}

/// Credentials that open less than that of the run.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// A bearer token that was valid once.
    pub expired: Option<SecretSource>,
    /// A bearer token that opens what reads and nothing that writes.
    pub read_only: Option<SecretSource>,
    /// A bearer token of another tenant of the same server.
    pub second_tenant: Option<SecretSource>,
}

/// What may be asked of a server.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// How many requests a second, by all clients of the run together.
    pub requests_per_second: Option<f64>,
    /// How many requests at a time.
    pub concurrency: Option<NonZeroUsize>,
    /// How many requests in all. So many are kept back as it takes to remove what was created; the run ends before those.
    pub requests: Option<NonZeroU64>,
}

/// A bearer token.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bearer {
    /// Where the token comes from.
    pub token: SecretSource,
}

/// A user name and a password.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basic {
    /// The user name.
    pub user: String,
    /// Where the password comes from.
    pub password: SecretSource,
}

/// How TLS is spoken.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// A file of certificates (PEM) that are trusted beside those of the system, by its path from this file.
    pub ca: Option<PathBuf>,
    /// The certificate (PEM) that the run shows, with its chain, by its path from this file.
    pub certificate: Option<PathBuf>,
    /// The private key of the certificate (PEM), by its path from this file.
    pub key: Option<PathBuf>,
}

impl TargetFile {
    /// A profile with the samples that the file has beside its own, and with its domain.
    #[must_use]
    pub fn with_samples(&self, profile: Profile) -> Profile {
        let mut profile = profile.in_domain(self.domain.as_deref());
        for (resource_type, sample) in &self.samples {
            let whole = profile.samples.entry(resource_type.clone()).or_default();
            whole.extend(sample.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        profile
    }
}

/// Reads a target file; `file_name` stands in messages.
///
/// # Errors
/// When the text is no TOML, holds something unknown or a secret, or says something that cannot be. The message opens with
/// `file:line:column`.
pub fn parse(text: &str, file_name: &str) -> Result<TargetFile, ProfileError> {
    let file: TargetFile =
        toml::from_str(text).map_err(|cause| ProfileError::malformed(text, file_name, &cause, SCHEMA))?;
    match sound::complaint(&file) {
        Some(complaint) => Err(ProfileError::unsound(text, file_name, complaint)),
        None => Ok(file),
    }
}

/// Holds the samples of a file to the schemas of the profile that it goes with.
///
/// # Errors
/// When a value is not of the type that its attribute has, or what stands in braces stands for nothing.
pub fn fits(file: &TargetFile, profile: &Profile, text: &str, file_name: &str) -> Result<(), ProfileError> {
    let alone = Profile { samples: file.samples.clone(), ..profile.clone() };
    match values::complaint(&alone) {
        Some(complaint) => Err(ProfileError::unsound(text, file_name, complaint)),
        None => Ok(()),
    }
}

/// A complaint about what stands behind these keys of a file, for whoever knows more of it than its form.
#[must_use]
pub fn complaint(
    text: &str,
    file_name: &str,
    keys: &[&str],
    message: impl Into<String>,
    hint: impl Into<String>,
) -> ProfileError {
    ProfileError::unsound(text, file_name, Complaint::new(Place::value(keys), message, hint))
}

/// What to do about a name that is not there: write the one that was meant, or something else.
pub fn hint<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    near::hint(wrong, known, otherwise)
}

/// Attributes with their values, a line for each, as they stand in a table of a target file.
#[must_use]
pub fn table(values: &Map<String, Value>) -> String {
    let line = |(name, value): (&String, &Value)| {
        let name = toml::Value::String(name.clone());
        let bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        let name = match name.as_str().filter(|name| !name.is_empty() && name.bytes().all(bare)) {
            Some(bare) => bare.to_owned(),
            None => name.to_string(),
        };
        Some(format!("{name} = {}\n", toml::Value::try_from(value).ok()?))
    };
    values.iter().filter_map(line).collect()
}

/// A text as it stands in a target file, in quotation marks.
#[must_use]
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The published JSON Schema of a target file.
#[must_use]
pub fn json_schema() -> Value {
    schemars::schema_for!(TargetFile).to_value()
}

#[cfg(test)]
mod tests;
