//! How PATCH is read.

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
    /// Replacing values that a filter finds by a complex value.
    pub filtered_replace: FilteredReplace,
    /// Removing values that a filter does not find.
    pub unmatched_remove: UnmatchedRemove,
    /// Removing with a list of values.
    pub remove_value: RemoveValue,
    /// Whether plain text can stand for a complex value, in bodies too.
    pub bare_value: BareValue,
    /// Whether an array of one can stand for a complex value, in bodies too.
    pub list_of_one: ListOfOne,
    /// Removing an attribute that has no value.
    pub remove_unset: RemoveUnset,
    /// What names in a value without path are.
    pub path_keys: PathKeys,
    /// What `null` is as the value of `add` and `replace`.
    pub null: NullValue,
    /// What a `replace` that changes nothing does to version and time.
    pub idle_replace: IdleReplace,
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
            filtered_replace: FilteredReplace::default(),
            unmatched_remove: UnmatchedRemove::default(),
            remove_value: RemoveValue::default(),
            bare_value: BareValue::default(),
            list_of_one: ListOfOne::default(),
            remove_unset: RemoveUnset::default(),
            path_keys: PathKeys::default(),
            null: NullValue::default(),
            idle_replace: IdleReplace::default(),
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

/// A filter in the path of a `replace` finds values, and a complex value is to take their place. RFC 7644 §3.5.2.3 says
/// both that such values are replaced and that sub-attributes that are not specified are left unchanged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FilteredReplace {
    /// The sub-attributes that it names are set, and the others stay: what chose the value goes on choosing it.
    #[default]
    Merged,
    /// It is the whole of the value afterwards.
    Replaced,
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

/// A `remove` of an attribute, a sub-attribute or an extension without a value. Members are removed without complaint
/// in any reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RemoveUnset {
    /// Success: it has no value afterwards.
    #[default]
    Nothing,
    /// 400 noTarget.
    NoTarget,
}

/// The names of members where `add` or `replace` has a value and no path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PathKeys {
    /// Any path can be one, as identity providers send `name.givenName` and the attributes of extensions.
    #[default]
    AsPaths,
    /// They are the names of attributes and the URIs of extensions; others are unknown.
    Names,
}

/// `null` as the value of `add` or `replace`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NullValue {
    /// It is no value, RFC 7643 §2.5: what it replaces is removed.
    #[default]
    NoValue,
    /// 400 invalidValue.
    Refused,
}

/// A `replace` by what is there. RFC 7644 §3.5.2.1 keeps the time where `add` changes nothing, and says no more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IdleReplace {
    /// Version and time stay.
    #[default]
    Untouched,
    /// It counts as a change.
    Counted,
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
