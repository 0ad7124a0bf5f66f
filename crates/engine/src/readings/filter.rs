//! How filters are read.

use super::BareComplex;
use crate::filter::Leniency;

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
    /// What an unset Boolean is compared as.
    pub unset_boolean: UnsetBoolean,
    /// Whether empty text is a value for `pr`.
    pub empty_text: EmptyText,
    /// When two times are equal.
    pub instants: InstantEquality,
    /// Whether references have an order.
    pub reference_order: ReferenceOrder,
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

/// A Boolean without a value, compared with `true` or `false`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnsetBoolean {
    /// It has no value, like any other attribute.
    #[default]
    NoValue,
    /// It is false.
    False,
}

/// `pr` where there is text, and nothing in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmptyText {
    /// There is no "non-empty value", RFC 7644 §3.4.2.2 table 3.
    #[default]
    Absent,
    /// There is a value.
    Present,
}

/// `eq` and `ne` on times. RFC 7644 §3.4.2.2 speaks of chronological order for the ordering operators alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InstantEquality {
    /// The same instant, however it is written.
    #[default]
    AsInstants,
    /// The same text.
    AsText,
}

/// `gt`, `ge`, `lt` and `le` on references. RFC 7644 §3.4.2.2 refuses them to Booleans and binary values alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReferenceOrder {
    /// They have the order of text.
    #[default]
    AsText,
    /// 400 invalidFilter.
    Refused,
}
