use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::requirement::{Breach, RequirementRef};

/// What a check found out about the target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Verdict {
    /// Every expectation held.
    #[serde(deserialize_with = "nothing_more")]
    Pass,
    /// Something that should hold does not.
    Warn {
        /// What was seen instead.
        findings: Vec<Finding>,
    },
    /// Something that must hold does not.
    Fail {
        /// What was seen instead; at least one of them is a failure.
        findings: Vec<Finding>,
    },
    /// Something that should or must hold does not, and the profile of the run says that it is meant so.
    Waived {
        /// What was seen instead.
        findings: Vec<Finding>,
        /// Who says so, such as `profile NAME, rule B-19`.
        by: String,
        /// What is done instead.
        reason: String,
    },
    /// The target does not offer what the check is about.
    NotSupported {
        /// The capability that is missing.
        capability: String,
        /// Whether the target does offer it, and the check is about those that do not.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        offered: bool,
    },
    /// The check could not get as far as its claim.
    Blocked {
        /// What stood in the way.
        cause: Cause,
    },
    /// A mishap of our own: it says nothing about the target.
    Error {
        /// What went wrong.
        mishap: String,
    },
}

/// A verdict without its evidence, for counting and sorting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VerdictKind {
    /// [`Verdict::Pass`].
    Pass,
    /// [`Verdict::Warn`].
    Warn,
    /// [`Verdict::Fail`].
    Fail,
    /// [`Verdict::Waived`].
    Waived,
    /// [`Verdict::NotSupported`].
    NotSupported,
    /// [`Verdict::Blocked`].
    Blocked,
    /// [`Verdict::Error`].
    Error,
}

impl VerdictKind {
    /// Every kind, in the order reports list them.
    pub const ALL: [Self; 7] =
        [Self::Fail, Self::Error, Self::Blocked, Self::Warn, Self::Waived, Self::NotSupported, Self::Pass];

    /// The word that reports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Fail => "fail",
            Self::Waived => "waived",
            Self::NotSupported => "not-supported",
            Self::Blocked => "blocked",
            Self::Error => "error",
        }
    }
}

impl Verdict {
    /// The verdict without its evidence.
    #[must_use]
    pub const fn kind(&self) -> VerdictKind {
        match self {
            Self::Pass => VerdictKind::Pass,
            Self::Warn { .. } => VerdictKind::Warn,
            Self::Fail { .. } => VerdictKind::Fail,
            Self::Waived { .. } => VerdictKind::Waived,
            Self::NotSupported { .. } => VerdictKind::NotSupported,
            Self::Blocked { .. } => VerdictKind::Blocked,
            Self::Error { .. } => VerdictKind::Error,
        }
    }

    /// Why a check does not apply to the target, as a sentence about the check.
    ///
    /// ```
    /// let verdict = record::Verdict::NotSupported { capability: "User.version".to_owned(), offered: false };
    /// assert_eq!(verdict.inapplicable().as_deref(), Some("the target does not offer User.version"));
    /// ```
    #[must_use]
    pub fn inapplicable(&self) -> Option<String> {
        match self {
            Self::NotSupported { capability, offered: true } => {
                Some(format!("applies only where {capability} is not offered"))
            }
            Self::NotSupported { capability, offered: false } => Some(
                not_given(capability)
                    .map_or_else(|| format!("the target does not offer {capability}"), str::to_owned),
            ),
            Self::Pass
            | Self::Warn { .. }
            | Self::Fail { .. }
            | Self::Waived { .. }
            | Self::Blocked { .. }
            | Self::Error { .. } => None,
        }
    }

    /// Whether a check had no claim to make because the run was not given a credential that it needs; and what to give,
    /// and where.
    #[must_use]
    pub fn not_given(&self) -> Option<&'static str> {
        match self {
            Self::NotSupported { capability, offered: false } => not_given(capability),
            _ => None,
        }
    }

    /// The findings, where the verdict has any.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Warn { findings } | Self::Fail { findings } | Self::Waived { findings, .. } => findings,
            Self::Pass | Self::NotSupported { .. } | Self::Blocked { .. } | Self::Error { .. } => &[],
        }
    }
}

/// One broken requirement: where, what was expected, what was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Finding {
    /// The one requirement that this finding is about.
    pub requirement: RequirementRef,
    /// What breaking it amounts to in this run (`--strict` turns a warning into a failure).
    pub breach: Breach,
    /// The exchange that shows it, by number; none where the evidence lies between exchanges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<u32>,
    /// Where in that exchange.
    pub at: At,
    /// Where else in it, where the same is wrong in several places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<At>,
    /// What the requirement asks for.
    pub expected: String,
    /// What the target did.
    pub actual: String,
}

impl Finding {
    /// Every place that it points at, the first one first.
    pub fn places(&self) -> impl Iterator<Item = &At> {
        std::iter::once(&self.at).chain(&self.also)
    }

    /// What makes it the same finding in another run, where ids, names and order differ.
    ///
    /// ```
    /// let run = record::Run::fixture();
    /// let checks = run.checks.ok_or("no checks")?;
    /// let finding = checks.results.iter().flat_map(|result| result.verdict.findings()).next().ok_or("no finding")?;
    /// assert_eq!(finding.mark("delete.answers-204").to_string(), "delete.answers-204 RFC7644-8.1-R1 header content-type");
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn mark(&self, check: &str) -> Mark {
        Mark {
            check: check.to_owned(),
            requirement: self.requirement.id.clone(),
            place: self.at.without_positions(),
        }
    }
}

/// What makes a finding, or what a scenario or a load misses, the same one in another run: the check, the requirement and the
/// place, and nothing that was said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Mark {
    /// The check's id, `sync.` and a scenario's name, or `load.` and a load's name.
    pub check: String,
    /// The requirement's id; empty where none stands behind it.
    pub requirement: String,
    /// Where in the exchange, with `*` for positions in lists; or what of the scenario or the load.
    pub place: String,
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [&self.check, &self.requirement, &self.place].map(String::as_str);
        let told: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        f.write_str(&told.join(" "))
    }
}

/// A place in an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum At {
    /// The status code.
    #[serde(deserialize_with = "nothing_more")]
    Status,
    /// A response header.
    Header {
        /// Its name.
        name: String,
    },
    /// The body as a whole.
    #[serde(deserialize_with = "nothing_more")]
    Body,
    /// A value in the JSON body.
    Pointer {
        /// A JSON pointer (RFC 6901).
        pointer: String,
    },
}

impl At {
    /// The place as it reads, with `*` for positions in lists: the order of a list is chance.
    #[must_use]
    pub fn without_positions(&self) -> String {
        let Self::Pointer { pointer } = self else { return self.to_string() };
        let is_position = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let parts: Vec<&str> =
            pointer.split('/').map(|part| if is_position(part) { "*" } else { part }).collect();
        parts.join("/")
    }
}

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Status => f.write_str("status"),
            Self::Header { name } => write!(f, "header {name}"),
            Self::Body => f.write_str("body"),
            // The empty pointer is the whole document (RFC 6901 §5).
            Self::Pointer { pointer } if pointer.is_empty() => f.write_str("body"),
            Self::Pointer { pointer } => f.write_str(pointer),
        }
    }
}

/// That an answer does not show an attribute as it was sent, in words that go on from the request which shows it. [`lost`] reads
/// them. Values are JSON; `shown` is empty where there is none.
///
/// ```
/// let told = format!("POST /Users {}", record::not_shown("title", "\"Before\"", ""));
/// assert_eq!(told, "POST /Users does not show what was sent as title: expected \"Before\", the answer lacks it");
/// assert_eq!(record::lost(&told), Some(("POST /Users", "title")));
/// ```
#[must_use]
pub fn not_shown(attribute: &str, sent: &str, shown: &str) -> String {
    let instead = if shown.is_empty() { "the answer lacks it".to_owned() } else { format!("got {shown}") };
    format!("{NOT_SHOWN} {attribute}: expected {sent}, {instead}")
}

/// The request and the attribute, where a cause is that the target does not show what it was sent. Whichever request shows that,
/// it is one thing that the target does not do.
#[must_use]
pub fn lost(message: &str) -> Option<(&str, &str)> {
    let (request, rest) = message.split_once(NOT_SHOWN)?;
    let (attribute, _) = rest.split_once(": ")?;
    Some((request.trim_end(), attribute.trim_start()))
}

const NOT_SHOWN: &str = "does not show what was sent as";

/// What to say of a capability that the tester gives to a run, and no target offers: what to give, and where.
///
/// ```
/// assert!(record::not_given("Service.expired-token").is_some_and(|told| told.contains("[credentials] expired")));
/// assert_eq!(record::not_given("User.version"), None);
/// ```
#[must_use]
pub fn not_given(capability: &str) -> Option<&'static str> {
    match capability {
        "Service.authentication" => Some(
            "the run was given no credential: give one with --token-env, or as [auth] in the target file",
        ),
        "Service.expired-token" => Some(
            "the run was given no token that has ended: [credentials] expired = { env = \"EXPIRED_TOKEN\" } in the \
             target file gives one",
        ),
        "Service.read-only-token" => Some(
            "the run was given no token that only reads: [credentials] read_only = { env = \"READ_ONLY_TOKEN\" } in \
             the target file gives one",
        ),
        "Service.second-tenant" => Some(
            "the run was given no token of a second tenant: [credentials] second_tenant = { env = \"OTHER_TOKEN\" } \
             in the target file gives one",
        ),
        _ => None,
    }
}

/// Why a check could not get as far as its claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cause {
    /// What sort of obstacle it was.
    pub kind: CauseKind,
    /// The obstacle in a sentence fragment.
    pub message: String,
    /// The exchange that shows it, by number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<u32>,
}

/// What sort of obstacle blocked a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CauseKind {
    /// A step that the check needs, but is not about, did not work.
    Precondition,
    /// No answer in time.
    Timeout,
    /// The connection failed, or the answer was no HTTP that could be read.
    Transport,
    /// The run was stopped before the check was through.
    Cancelled,
}

/// Refuses unknown fields where there is nothing but the tag; there, `deny_unknown_fields` alone lets them pass.
fn nothing_more<'de, D: Deserializer<'de>>(rest: D) -> Result<(), D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}
    Nothing::deserialize(rest).map(|Nothing {}| ())
}
