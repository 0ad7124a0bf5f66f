use std::collections::BTreeMap;

use record::LogStatus;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::entra::ClientKind;

/// Something that has to be so after a step: exactly one of these, and the rule behind it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Expect {
    /// The rule of the profile that stands behind it.
    pub rule: Option<String>,
    /// Everybody whom the job has provisioned looks in the target as the model says, and nobody else is there: asked by
    /// requests of our own.
    pub same_as_model: Option<SameAsModel>,
    /// An attribute in the target.
    pub attribute: Option<AttributeIs>,
    /// The members of a group in the target.
    pub members: Option<MembersAre>,
    /// This person or group is not in the target.
    pub gone: Option<String>,
    /// Rows of the provisioning log that the step wrote.
    pub log: Option<LogRows>,
    /// How many requests the cycle sent, after the probe that it begins with.
    pub requests: Option<Requests>,
    /// The requests of the cycle, after the probe that it begins with, each as it was sent, and no other: by the client
    /// that sends them. For a client that nothing is written out for, this is not judged.
    pub exactly: Option<BTreeMap<ClientKind, Vec<Sent>>>,
    /// The cycle sent its probe and nothing else.
    pub only_the_probe: Option<bool>,
    /// Why the job is in quarantine, by the provider's code; the empty text where it is not.
    pub quarantine: Option<String>,
    /// When the next cycle is due, on the client's clock, as RFC 3339 in UTC; the empty text where the job is switched
    /// off.
    pub next: Option<String>,
    /// For how many seconds the cycle waited because the target had asked it to.
    pub waited_s: Option<u32>,
    /// How many objects wait for another attempt.
    pub escrowed: Option<u32>,
    /// Whether the cycle read everything, or what changed.
    pub cycle: Option<record::CycleKind>,
}

/// The target against the model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SameAsModel {
    /// Targets of the mapping that the application keeps otherwise than they are sent, or not at all.
    pub except: Vec<String>,
    /// People and groups who are not as the model has them, and are left out.
    pub without: Vec<String>,
}

/// An attribute of somebody, or of a group, in the target.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributeIs {
    /// Whose.
    pub of: String,
    /// The attribute, as mappings write it.
    pub target: String,
    /// Its value; it has none where this is left out.
    #[serde(default)]
    pub is: Option<Value>,
}

/// The members of a group in the target.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MembersAre {
    /// The group.
    pub of: String,
    /// Who is in it, in any order, and nobody else.
    pub are: Vec<String>,
}

/// Rows of the provisioning log: those of the step to which all that is said here applies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LogRows {
    /// About whom.
    pub of: Option<String>,
    /// What the client meant to do.
    pub action: Option<String>,
    /// What came of it.
    pub status: Option<LogStatus>,
    /// The provider's code.
    pub code: Option<String>,
    /// Text that the reason holds.
    pub reason: Option<String>,
    /// The name of one of the steps that led there, or text that its detail holds.
    pub step: Option<String>,
    /// Targets of the mapping that the row says were changed, perhaps among others.
    pub modified: Vec<String>,
    /// How many there are; at least one where it is left out.
    pub count: Option<u32>,
}

/// How many requests a cycle sent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requests {
    /// By this method; by any where it is left out.
    #[serde(default)]
    pub method: Option<Method>,
    /// To paths that begin so, with placeholders as in [`Sent`]; to any where it is left out.
    #[serde(default)]
    pub path: Option<String>,
    /// How many.
    pub count: u32,
}

/// A request, written out. `{ada}` stands for the id that the target gave to the person or group with this key,
/// `{ada.objectId}` for the id in the directory.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// The method.
    pub method: Method,
    /// Path and query below the base of the target, as they were sent.
    pub path: String,
    /// The JSON of the body. The order of its members does not count.
    #[serde(default)]
    pub body: Option<String>,
}

/// A method that provisioning jobs use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// PATCH.
    Patch,
    /// DELETE.
    Delete,
}

impl Method {
    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl Expect {
    /// How many things it says beside the rule.
    pub(super) fn claims(&self) -> usize {
        let said = [
            self.same_as_model.is_some(),
            self.attribute.is_some(),
            self.members.is_some(),
            self.gone.is_some(),
            self.log.is_some(),
            self.requests.is_some(),
            self.exactly.is_some(),
            self.only_the_probe.is_some(),
            self.quarantine.is_some(),
            self.next.is_some(),
            self.waited_s.is_some(),
            self.escrowed.is_some(),
            self.cycle.is_some(),
        ];
        said.into_iter().filter(|said| *said).count()
    }

    /// Whether it is about a cycle, and needs one.
    pub(crate) fn is_about_a_cycle(&self) -> bool {
        self.log.is_some()
            || self.requests.is_some()
            || self.exactly.is_some()
            || self.only_the_probe.is_some()
            || self.waited_s.is_some()
            || self.escrowed.is_some()
            || self.cycle.is_some()
    }

    /// The keys of the people and groups that it names.
    #[must_use]
    pub fn keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = Vec::new();
        keys.extend(self.gone.as_deref());
        keys.extend(self.attribute.as_ref().map(|attribute| attribute.of.as_str()));
        keys.extend(self.log.as_ref().and_then(|log| log.of.as_deref()));
        if let Some(members) = &self.members {
            keys.push(&members.of);
            keys.extend(members.are.iter().map(String::as_str));
        }
        if let Some(same) = &self.same_as_model {
            keys.extend(same.without.iter().map(String::as_str));
        }
        keys
    }
}
