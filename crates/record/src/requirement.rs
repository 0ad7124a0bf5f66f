use std::fmt;
use std::ops::Deref;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How binding a requirement is (RFC 2119 words, synonyms folded).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// MUST, SHALL, REQUIRED.
    Must,
    /// MUST NOT, SHALL NOT.
    MustNot,
    /// SHOULD, RECOMMENDED.
    Should,
    /// SHOULD NOT.
    ShouldNot,
    /// MAY, OPTIONAL.
    May,
    /// Stated in plain prose, without an upper-case keyword.
    Stated,
}

impl Level {
    /// The word as the standard writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::MustNot => "MUST NOT",
            Self::Should => "SHOULD",
            Self::ShouldNot => "SHOULD NOT",
            Self::May => "MAY",
            Self::Stated => "STATED",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What breaking a requirement amounts to. It follows from the requirement, never from a check's author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Breach {
    /// Worth knowing, held against nobody.
    Note,
    /// The server should do better.
    Warn,
    /// The server is wrong.
    Fail,
}

/// One normative statement, as the catalogue holds it.
#[derive(Debug)]
pub struct Requirement {
    /// Stable id, `<document>-<section>-R<n>`.
    pub id: &'static str,
    /// Short stable name.
    pub slug: &'static str,
    /// The document, such as `RFC7644`.
    pub document: &'static str,
    /// The section, such as `3.6`.
    pub section: &'static str,
    /// How binding it is.
    pub level: Level,
    /// Whom it binds: `server`, `client`, `both`.
    pub binds: &'static str,
    /// `yes`, `partly` or `no`: whether a black-box check can tell.
    pub testable: &'static str,
    /// Capability tags joined with `+`.
    pub capability: &'static str,
    /// The statement in our own words.
    pub paraphrase: &'static str,
    /// How a check can observe it; for an untestable one, why it cannot.
    pub how_to_test: &'static str,
}

impl Requirement {
    /// What a breach of this requirement counts as.
    ///
    /// Plain prose is a warning, save where a whole feature is defined by prose alone (filter operators, PATCH
    /// semantics): there it is a failure.
    #[must_use]
    pub fn breach(&self) -> Breach {
        match self.level {
            Level::Must | Level::MustNot => Breach::Fail,
            Level::Should | Level::ShouldNot => Breach::Warn,
            Level::May => Breach::Note,
            Level::Stated if self.capability.split('+').any(|tag| matches!(tag, "filter" | "patch")) => {
                Breach::Fail
            }
            Level::Stated => Breach::Warn,
        }
    }

    /// Where to read the original.
    #[must_use]
    pub fn link(&self) -> String {
        self.document.strip_prefix("RFC").map_or_else(String::new, |number| {
            format!("https://www.rfc-editor.org/rfc/rfc{number}#section-{}", self.section)
        })
    }
}

/// A requirement's name in code: a generated constant such as `rfc7644::DELETE_ANSWERS_204`.
#[derive(Clone, Copy)]
pub struct ReqId(&'static Requirement);

impl ReqId {
    /// Names a requirement. Only the generated catalogue and tests call this.
    #[must_use]
    pub const fn new(requirement: &'static Requirement) -> Self {
        Self(requirement)
    }
}

impl Deref for ReqId {
    type Target = Requirement;

    fn deref(&self) -> &Requirement {
        self.0
    }
}

impl PartialEq for ReqId {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Eq for ReqId {}

impl fmt::Debug for ReqId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.id)
    }
}

/// A requirement as a run file carries it, so that a report needs no catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequirementRef {
    /// Stable id.
    pub id: String,
    /// How binding it is.
    pub level: Level,
    /// The document and section, such as `RFC 7644 §3.6`.
    pub section: String,
    /// Where to read the original; empty where there is no public text.
    pub link: String,
    /// The statement in our own words.
    pub paraphrase: String,
}

impl From<ReqId> for RequirementRef {
    fn from(requirement: ReqId) -> Self {
        let document = requirement
            .document
            .strip_prefix("RFC")
            .map_or_else(|| requirement.document.to_owned(), |number| format!("RFC {number}"));
        Self {
            id: requirement.id.to_owned(),
            level: requirement.level,
            section: if requirement.document.starts_with("RFC") {
                format!("{document} §{}", requirement.section)
            } else {
                format!("{document} rule {}", requirement.section)
            },
            link: requirement.link(),
            paraphrase: requirement.paraphrase.to_owned(),
        }
    }
}
