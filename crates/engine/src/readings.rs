//! The readings: one named choice for each point that the text leaves open. The default of each is what the
//! text says most plainly; what is friendlier than that is the default only where no strict client can tell.

use crate::filter::Leniency;

/// How the open points of the text are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// What filters mean.
    pub filter: FilterReadings,
    /// What PATCH means.
    pub patch: PatchReadings,
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

/// How filters are read, RFC 7644 §3.4.2.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FilterReadings {
    /// What is read beyond the grammar.
    pub leniency: Leniency,
    /// What the name of an attribute that the resource type does not have comes to.
    pub unknown: UnknownAttribute,
    /// What a comparison comes to that the attribute's type does not have.
    pub misfit: Misfit,
    /// What a complex attribute is compared by where no sub-attribute is named.
    pub bare_complex: BareComplex,
    /// When an attribute with several values differs from one.
    pub not_equal: NotEqual,
    /// Whether an attribute without a value differs from every value.
    pub unset_differs: UnsetDiffers,
    /// What a comparison with `null` means.
    pub null: NullComparison,
    /// How a filter on an attribute that nobody may read is refused.
    pub secret: SecretFilter,
}

/// An attribute that the resource type does not have, in a filter over one type. Across all types it has no
/// value, RFC 7644 §3.4.2.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownAttribute {
    /// 400 invalidFilter: a misspelt name is found.
    #[default]
    Refused,
    /// It is an attribute without a value.
    HasNoValue,
}

/// A comparison that an attribute's type does not have, such as text with a number. Ordering on Boolean and
/// binary attributes is refused whatever the reading, RFC 7644 §3.4.2.2 table 3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Misfit {
    /// 400 invalidFilter, RFC 7644 §3.12 table 9.
    #[default]
    Refused,
    /// It matches nothing.
    NoMatch,
}

/// A complex attribute compared without a sub-attribute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BareComplex {
    /// One with several values is compared by `value`, as RFC 7644 §3.4.2.2 figure 2 has it; others are refused.
    #[default]
    ValueOfMultiValued,
    /// Every one that has a sub-attribute `value` is compared by it.
    Value,
    /// 400 invalidFilter.
    Refused,
}

/// What `ne` means on several values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NotEqual {
    /// Some value differs: "if any value matches", RFC 7644 §3.4.2.2.
    #[default]
    SomeValue,
    /// Every value differs.
    EveryValue,
}

/// What `ne` means on no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnsetDiffers {
    /// It matches: nothing is not identical with something.
    #[default]
    Yes,
    /// It does not.
    No,
}

/// What `eq null` and `ne null` mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NullComparison {
    /// The same as `not (… pr)` and `… pr`.
    #[default]
    Presence,
    /// 400 invalidFilter.
    Refused,
}

/// A filter on an attribute that is never returned, such as a password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecretFilter {
    /// 400 invalidFilter.
    #[default]
    InvalidFilter,
    /// 403 sensitive, RFC 7644 §7.5.2.
    Sensitive,
}

/// How PATCH is read, RFC 7644 §3.5.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatchReadings {
    /// How the names of operations are matched.
    pub verbs: VerbMatching,
    /// What an attribute that the resource type does not have comes to.
    pub unknown: UnknownTarget,
    /// Adding to values that a filter does not find.
    pub unmatched_add: Unmatched,
    /// Replacing values that a filter does not find.
    pub unmatched_replace: Unmatched,
    /// Removing values that a filter does not find.
    pub unmatched_remove: UnmatchedRemove,
    /// Removing with a list of values.
    pub remove_value: RemoveValue,
    /// Whether plain text can stand for a complex value, in bodies too.
    pub bare_value: BareValue,
    /// Whether an array of one can stand for a complex value, in bodies too.
    pub list_of_one: ListOfOne,
    /// How success is answered.
    pub answer: AnswerToPatch,
}

impl Default for PatchReadings {
    /// An `add` goes to "a target location that does not exist" (RFC 7644 §3.5.2.1), so it makes what it does
    /// not find; a `replace` shall not (§3.5.2.3).
    fn default() -> Self {
        Self {
            verbs: VerbMatching::default(),
            unknown: UnknownTarget::default(),
            unmatched_add: Unmatched::Created,
            unmatched_replace: Unmatched::NoTarget,
            unmatched_remove: UnmatchedRemove::default(),
            remove_value: RemoveValue::default(),
            bare_value: BareValue::default(),
            list_of_one: ListOfOne::default(),
            answer: AnswerToPatch::default(),
        }
    }
}

/// How `add`, `remove` and `replace` are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VerbMatching {
    /// In any letter case, as identity providers do. No strict client can tell.
    #[default]
    AnyCase,
    /// In lower case only.
    Exact,
}

/// An attribute in a PATCH that the resource type does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownTarget {
    /// 400 invalidPath.
    #[default]
    Refused,
    /// The operation does nothing for it.
    Ignored,
}

/// A filter in the path of an `add` or `replace` finds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmatched {
    /// 400 noTarget.
    NoTarget,
    /// A value is made that has what the filter asks for. Where the filter asks for anything but equality,
    /// 400 noTarget.
    Created,
}

/// A filter in the path of a `remove` finds nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnmatchedRemove {
    /// Success: what is to be gone is gone, as RFC 7644 §3.5.2.2 says of members.
    #[default]
    Nothing,
    /// 400 noTarget, RFC 7644 §3.12 table 9. Members are still removed without complaint.
    NoTarget,
}

/// What `remove` means where a list of values comes along, which the text does not foresee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RemoveValue {
    /// Those values alone are removed, as identity providers mean it. Removing all of them would lose data.
    #[default]
    Listed,
    /// 400 invalidValue.
    Refused,
}

/// Whether plain text can stand for a complex value that has a sub-attribute `value`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BareValue {
    /// 400 invalidValue.
    #[default]
    Refused,
    /// It is the `value`, as identity providers write managers; empty text removes the attribute.
    Accepted,
}

/// Whether an array that holds one value can stand for the complex value of an attribute that has only one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListOfOne {
    /// 400 invalidValue.
    #[default]
    Refused,
    /// It is what it holds, as old jobs of identity providers write managers: `[{"value": "1"}]`.
    Accepted,
}

/// How a PATCH that succeeded is answered, RFC 7644 §3.5.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnswerToPatch {
    /// 200 with the resource; where members changed, 204: nobody who adds one member wants to be told of all.
    #[default]
    ResourceUnlessMembers,
    /// 200 with the resource.
    Resource,
    /// 204, unless the client asks for attributes.
    NoContent,
}
