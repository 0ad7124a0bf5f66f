//! The other reading, where the text has two.

use engine::{
    BareComplex, BareValue, ExtensionNames, ListOfOne, Misfit, NotEqual, NullComparison, RemoveValue,
    SecretFilter, Separator, StringBooleans, UnknownAttribute, UnknownTarget, Unmatched, UnmatchedRemove,
    UnsetDiffers, VerbMatching,
};

use super::{Variant, rules};

pub(super) const VARIANTS: &[Variant] = &[
    Variant::new(
        "unknown-filter-names-match-nothing",
        "a filter on an attribute that there is not matches nothing",
        "RFC 7644 §3.4.2.1 has it so across all types; §3.12 lists invalidFilter",
        &[rules(|rules| rules.readings.filter.unknown = UnknownAttribute::HasNoValue)],
    ),
    Variant::new(
        "unfit-comparisons-match-nothing",
        "a comparison that an attribute's type does not have matches nothing",
        "RFC 7644 §3.12 table 9 lists invalidFilter; §3.4.2.2 demands it of ordering alone",
        &[rules(|rules| rules.readings.filter.misfit = Misfit::NoMatch)],
    ),
    Variant::new(
        "ne-wants-every-value-to-differ",
        "ne on several values wants all of them to differ, and does not find those without one",
        "RFC 7644 §3.4.2.2 can be read both ways",
        &[rules(|rules| {
            rules.readings.filter.not_equal = NotEqual::EveryValue;
            rules.readings.filter.unset_differs = UnsetDiffers::No;
        })],
    ),
    Variant::new(
        "complex-attributes-are-not-compared",
        "a complex attribute is compared by its sub-attributes alone, and nothing is compared with null",
        "RFC 7644 §3.4.2.2: its text demands a sub-attribute, its figure 2 does without",
        &[rules(|rules| {
            rules.readings.filter.bare_complex = BareComplex::Refused;
            rules.readings.filter.null = NullComparison::Refused;
        })],
    ),
    Variant::new(
        "secret-filters-are-403",
        "a filter on the password answers 403 with sensitive",
        "RFC 7644 §7.5.2",
        &[rules(|rules| rules.readings.filter.secret = SecretFilter::Sensitive)],
    ),
    Variant::new(
        "patch-is-strict",
        "a PATCH finds no target where a filter selects nothing, and takes op in lower case alone",
        "RFC 7644 §3.5.2: op is one of add, remove and replace; §3.12 table 9: noTarget",
        &[rules(|rules| {
            let patch = &mut rules.readings.patch;
            patch.verbs = VerbMatching::Exact;
            patch.unmatched_add = Unmatched::NoTarget;
            patch.unmatched_remove = UnmatchedRemove::NoTarget;
            patch.remove_value = RemoveValue::Refused;
        })],
    ),
    Variant::new(
        "patch-is-lenient",
        "a PATCH ignores attributes that there are not, takes text for Booleans and text and lists of one for complex \
         values, and the names of extensions need no URI",
        "RFC 7644 §3.5.2 leaves open what naming an unknown attribute comes to",
        &[rules(|rules| {
            rules.readings.string_booleans = StringBooleans::Accepted;
            rules.readings.patch.unknown = UnknownTarget::Ignored;
            rules.readings.patch.bare_value = BareValue::Accepted;
            rules.readings.patch.list_of_one = ListOfOne::Accepted;
            rules.readings.extension_names = ExtensionNames::Bare;
            rules.readings.separator = Separator::ColonOrDot;
        })],
    ),
];
