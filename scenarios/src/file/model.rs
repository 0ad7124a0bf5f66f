use std::collections::BTreeMap;
use std::sync::Arc;

use profiles::Profile;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::directory::{DefaultAccess, Scope};
use crate::entra::Settings;
use crate::file::action::Action;
use crate::file::expect::Expect;
use crate::mapping::Mapping;
use crate::population::Shape;

/// A scenario: a directory, an application, what happens, and what has to come of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Scenario")]
pub(super) struct File {
    /// Its name, which is the name of its file.
    #[schemars(with = "String")]
    pub(super) name: Spanned<String>,
    /// What it is about, in a sentence.
    pub(super) title: String,
    /// Why anybody should look at it, in some sentences.
    #[serde(default)]
    pub(super) about: Option<String>,
    /// The application that is provisioned.
    #[schemars(with = "App")]
    pub(super) app: Spanned<App>,
    /// Made-up people beside those that are named.
    #[schemars(with = "Option<People>")]
    pub(super) population: Option<Spanned<People>>,
    /// People with names of their own.
    #[serde(default)]
    #[schemars(with = "Vec<Person>")]
    pub(super) people: Vec<Spanned<Person>>,
    /// Groups with names of their own.
    #[serde(default)]
    #[schemars(with = "Vec<Group>")]
    pub(super) groups: Vec<Spanned<Group>>,
    /// What happens, in order.
    #[schemars(with = "Vec<Step>")]
    pub(super) steps: Vec<Spanned<Step>>,
}

/// A scenario that was read and can be played.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Its name, which is the name of its file.
    pub name: String,
    /// What it is about, in a sentence.
    pub title: String,
    /// Why anybody should look at it, in some sentences.
    pub about: Option<String>,
    /// The application that is provisioned.
    pub app: App,
    /// Made-up people beside those that are named.
    pub population: Option<People>,
    /// People with names of their own.
    pub people: Vec<Person>,
    /// Groups with names of their own.
    pub groups: Vec<Group>,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// The attribute mapping that [`App::mapping`] names, before any target is registered under another name.
    pub mapping: Arc<Mapping>,
    /// The profile that [`App::profile`] names.
    pub profile: Arc<Profile>,
    /// What it was read from, and the name of that.
    pub(super) text: String,
    pub(super) file: String,
}

/// The application that is provisioned, and how.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// The profile that the target has to serve: one that comes with the program by its name, or a file that ends in
    /// `.toml` by its path from the scenario's folder.
    pub profile: String,
    /// The attribute mapping, by name or by path in the same way.
    pub mapping: String,
    /// Whom it is about.
    #[serde(default)]
    pub scope: Scope,
    /// Whether those are in scope whose only role is Default Access.
    #[serde(default)]
    pub default_access: DefaultAccess,
    /// Whether groups are provisioned, where that is not as the mapping says.
    #[serde(default)]
    pub groups: Option<bool>,
    /// Targets that an administrator registered under another name: from the mapping's to his.
    #[serde(default)]
    pub retarget: BTreeMap<String, String>,
    /// How the provisioning job behaves.
    #[serde(default)]
    pub settings: Settings,
}

/// Made-up people and groups.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// What decides about their names.
    #[serde(default)]
    pub seed: u64,
    /// Whether all of them, and their groups, are assigned to the application.
    #[serde(default = "yes")]
    pub assigned: bool,
    /// How many there are, and what they are like.
    #[serde(default)]
    pub shape: Shape,
}

fn yes() -> bool {
    true
}

/// Somebody with a name.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// What the file calls him.
    pub key: String,
    /// His attributes, by their names in the directory.
    pub attributes: BTreeMap<String, String>,
    /// Whom he reports to from the start, by key.
    #[serde(default)]
    pub manager: Option<String>,
    /// Whether he is assigned to the application from the start.
    #[serde(default)]
    pub assigned: bool,
    /// Whether his account is disabled from the start.
    #[serde(default)]
    pub disabled: bool,
    /// Whether he comes into the directory by a step, and not at the start.
    #[serde(default)]
    pub later: bool,
}

/// A group with a name.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What the file calls it.
    pub key: String,
    /// Its attributes, by their names in the directory.
    pub attributes: BTreeMap<String, String>,
    /// Who is in it from the start, people and groups, by key.
    #[serde(default)]
    pub members: Vec<String>,
    /// Whether it is assigned to the application from the start.
    #[serde(default)]
    pub assigned: bool,
    /// Whether it comes into the directory by a step, and not at the start.
    #[serde(default)]
    pub later: bool,
}

/// Something that happens, perhaps a cycle that follows, and what has to come of it.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What happens, in words.
    pub title: String,
    /// Why the client does what it does then, for somebody who has never seen it.
    #[serde(default)]
    pub because: Option<String>,
    /// What is done, in order.
    #[serde(default, rename = "do")]
    pub actions: Vec<Action>,
    /// Whether the next cycle runs afterwards. The clock moves on to when it is due.
    #[serde(default)]
    pub cycle: bool,
    /// What has to come of it.
    #[serde(default)]
    pub expect: Vec<Expect>,
}
