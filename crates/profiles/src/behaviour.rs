use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// What an application does with users that no schema can say. Paths are SCIM attribute paths; values of an array
/// are all meant.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(tag = "does", rename_all = "kebab-case", rename_all_fields = "snake_case", deny_unknown_fields)]
pub enum Behaviour {
    /// Names of countries become codes of ISO 3166-1 alpha-2.
    CountryCode {
        /// The attribute.
        at: String,
        /// What becomes of text that names no country.
        otherwise: Otherwise,
    },
    /// Language tags lose what stands behind language and script, RFC 5646.
    Language {
        /// The attribute.
        at: String,
        /// The languages that are known, in lower case; another one is ignored.
        known: Vec<String>,
    },
    /// Dates and instants become dates.
    Date {
        /// The attribute.
        at: String,
    },
    /// Of dates and instants, month and day are kept and the year is not.
    DayOfYear {
        /// The attribute.
        at: String,
    },
    /// What has no value gets one, whether it was left out, taken away, or null.
    Default {
        /// The attribute.
        at: String,
        /// The value.
        value: Value,
    },
    /// Only canonical values are taken.
    CanonicalOnly {
        /// The attribute.
        at: String,
        /// The values.
        values: Vec<String>,
        /// What it is where nothing is said.
        default: Option<String>,
    },
    /// Of an attribute with several values, those of one type alone are kept.
    OneType {
        /// The attribute.
        at: String,
        /// The value of its `type`.
        kept: String,
    },
    /// A value equals another one, whatever the letter case, wherever both are there.
    SameAs {
        /// The attribute that is judged; values of an array by the type behind.
        at: String,
        /// The `type` of the value that is meant, in an array.
        of_type: Option<String>,
        /// The attribute that it is to equal.
        other: String,
    },
    /// Whom a user reports to, named by externalId, e-mail or id; resolved when that user is there.
    Manager {
        /// The attribute that names the manager.
        at: String,
        /// What becomes of a user who names himself.
        oneself: Otherwise,
    },
    /// A mail to each new user, into an outbox.
    WelcomeMail {},
}

impl Behaviour {
    /// The attribute whose values it decides on, where there is one: not everything that its schema allows is taken
    /// there, or kept as it was sent.
    #[must_use]
    pub fn binds(&self) -> Option<&str> {
        match self {
            Self::CountryCode { at, .. }
            | Self::Language { at, .. }
            | Self::Date { at }
            | Self::DayOfYear { at }
            | Self::CanonicalOnly { at, .. }
            | Self::OneType { at, .. }
            | Self::SameAs { at, .. }
            | Self::Manager { at, .. } => Some(at),
            Self::Default { .. } | Self::WelcomeMail {} => None,
        }
    }

    /// The attribute that it is about, where there is one.
    #[must_use]
    pub fn at(&self) -> Option<&str> {
        match self {
            Self::Default { at, .. } => Some(at),
            other => other.binds(),
        }
    }
}

/// What becomes of a value that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Otherwise {
    /// 400 invalidValue.
    Refused,
    /// It is as if it had not been sent.
    Ignored,
}
