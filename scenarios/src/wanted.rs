//! What a mapping makes of one object of the directory, before anything is sent.

use serde_json::Value;

/// What one object of the directory is to look like in the target.
///
/// The directory and the mapping make it, and know nothing of SCIM messages; the client that is played makes requests of
/// it, and knows nothing of expressions.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The object's id in the directory.
    pub source: String,
    /// What people call it.
    pub name: String,
    /// The attributes, in the order of the mapping's rows. A row without a value for this object has none here.
    pub attributes: Vec<WantedAttribute>,
    /// The targets of the rows that flow whenever they differ and have no value for this object, references apart.
    pub unset: Vec<String>,
}

/// One attribute of the target and the value that it is to have.
#[derive(Clone, Debug, PartialEq)]
pub struct WantedAttribute {
    /// The attribute as mappings write it: `userName`, `name.givenName`, `emails[type eq "work"].value`,
    /// `urn:…:User:department`.
    pub target: String,
    /// Its value: a text, a number or a boolean. Null for a reference, whose value only the client can know.
    pub value: Value,
    /// When it flows.
    pub apply: Apply,
    /// Its place among the attributes that objects are matched by, from 1; none for the others.
    pub matching: Option<u32>,
    /// Whether letters of different case make different values.
    pub case_exact: bool,
    /// The objects of the directory that it points to.
    pub references: Vec<Reference>,
}

/// When an attribute flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apply {
    /// Whenever it differs.
    Always,
    /// Only when the object is created in the target.
    OnCreate,
}

/// An object of the directory that an attribute points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The object's id in the directory. The client puts the target's id in its place, unless `value` is given.
    pub source: String,
    /// What is sent instead of the target's id, where the mapping registers another referenced attribute.
    pub value: Option<String>,
}
