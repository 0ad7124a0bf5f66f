//! The readings: one named choice for each point that the text leaves open. The default of each is what the
//! text says most plainly; what is friendlier than that is the default only where no strict client can tell.

mod filter;
mod patch;

pub use filter::{
    EmptyText, FilterReadings, InstantEquality, Misfit, NotEqual, NullComparison, ReferenceOrder,
    SecretFilter, UnknownAttribute, UnsetBoolean, UnsetDiffers,
};
pub use patch::{
    AnswerToPatch, BareValue, FilteredReplace, IdleReplace, ListOfOne, NullValue, PatchReadings, PathKeys,
    RemoveUnset, RemoveValue, UnknownTarget, Unmatched, UnmatchedRemove, VerbMatching,
};

use crate::schema::Attribute;

/// How the open points of the text are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readings {
    /// How the names of attributes in a body are matched.
    pub names: NameMatching,
    /// How paths and filters name the attributes of an extension.
    pub extension_names: ExtensionNames,
    /// What stands between the URI of a schema and a name, in paths and filters.
    pub separator: Separator,
    /// Whether text can stand for a Boolean, in bodies, PATCH values and filters.
    pub string_booleans: StringBooleans,
    /// What a body comes to that names a schema which its resource type does not have.
    pub unknown_schemas: UnknownSchemas,
    /// What a replace does to attributes that it leaves out.
    pub put_omitted: PutOmitted,
    /// What is left of a resource that is deleted.
    pub deleted: Deleted,
    /// What the URI of an extension alone comes to in a list of attributes to show.
    pub extension_projection: ExtensionProjection,
    /// By what a list is put in order where a complex attribute is named.
    pub sort_complex: BareComplex,
    /// In which order letters stand.
    pub sort_letters: LetterOrder,
    /// What filters mean.
    pub filter: FilterReadings,
    /// What PATCH means.
    pub patch: PatchReadings,
}

impl Default for Readings {
    /// RFC 7643 §2.4 calls `value` the significant one of the sub-attributes, so that a list is put in order by it.
    fn default() -> Self {
        Self {
            names: NameMatching::default(),
            extension_names: ExtensionNames::default(),
            separator: Separator::default(),
            string_booleans: StringBooleans::default(),
            unknown_schemas: UnknownSchemas::default(),
            put_omitted: PutOmitted::default(),
            deleted: Deleted::default(),
            extension_projection: ExtensionProjection::default(),
            sort_complex: BareComplex::Value,
            sort_letters: LetterOrder::default(),
            filter: FilterReadings::default(),
            patch: PatchReadings::default(),
        }
    }
}

/// A complex attribute without a sub-attribute, where a filter compares or a list is put in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BareComplex {
    /// One with several values stands for its `value`, as RFC 7644 §3.4.2.2 figure 2 has it; others are refused.
    #[default]
    ValueOfMultiValued,
    /// Every one that has a sub-attribute `value` stands for it.
    Value,
    /// It is refused.
    Refused,
}

impl BareComplex {
    /// Whether this complex attribute stands for its `value`.
    pub(crate) fn is_by_value(self, attribute: &Attribute) -> bool {
        match self {
            Self::ValueOfMultiValued => attribute.multi_valued,
            Self::Value => true,
            Self::Refused => false,
        }
    }
}

/// The order of letters in a list that is put in order, RFC 7644 §3.4.2.3: "Unicode alphabetic" is no order that Unicode
/// defines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LetterOrder {
    /// That of their code points: those beyond ASCII stand behind `z`.
    #[default]
    CodePoints,
    /// That of the letters that they are made from, as dictionaries have it: `é` stands among the `e`.
    BaseLetters,
}

/// How attribute names are matched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameMatching {
    /// Without regard to letter case, RFC 7643 §2.1.
    #[default]
    AnyCase,
    /// Letter by letter.
    Exact,
}

impl NameMatching {
    pub(crate) fn same(self, one: &str, other: &str) -> bool {
        match self {
            Self::AnyCase => one.eq_ignore_ascii_case(other),
            Self::Exact => one == other,
        }
    }
}

/// The name of an extension's attribute in a path or a filter, RFC 7644 §3.10.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExtensionNames {
    /// It stands behind the URI of its schema.
    #[default]
    Qualified,
    /// It may stand alone where the base schema has no such attribute, as in `manager[value eq "1"]`: of several
    /// extensions that have it, the first is meant.
    Bare,
}

/// What divides the URI of a schema from the name of an attribute, RFC 7644 §3.10.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Separator {
    /// A colon.
    #[default]
    Colon,
    /// A colon or a dot: `urn:example:User.tag`, as old jobs of identity providers write it.
    ColonOrDot,
}

/// Whether `"True"` and `"false"`, in any letter case, can stand for a Boolean. RFC 7643 §2.3.2 says no;
/// identity providers send them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StringBooleans {
    /// They are refused.
    #[default]
    Refused,
    /// They become Booleans, and are stored as such.
    Accepted,
}

/// A URI in `schemas` that the resource type does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownSchemas {
    /// 400 invalidValue.
    #[default]
    Refused,
    /// It is ignored, with all that stands under it.
    Ignored,
}

/// Attributes that a replace leaves out, RFC 7644 §3.5.1. Null and empty arrays clear in any reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PutOmitted {
    /// They are cleared.
    #[default]
    Cleared,
    /// They stay as they are.
    Kept,
}

/// What a server knows of a resource that was deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deleted {
    /// Nothing.
    #[default]
    Forgotten,
    /// Whom it stood for: a create with the same unique value brings back the same id.
    Remembered,
}

/// The URI of an extension in `attributes` and `excludedAttributes`, RFC 7644 §3.9.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExtensionProjection {
    /// It names all attributes of the extension.
    #[default]
    Whole,
    /// It names no attribute, and is ignored like other unknown names.
    Nothing,
}
