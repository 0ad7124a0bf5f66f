//! The other reading of filters, orders and projections, where the text has two.

use engine::{
    BareComplex, EmptyText, ExtensionProjection, InstantEquality, LetterOrder, Misfit, NotEqual,
    NullComparison, ReferenceOrder, SecretFilter, UnknownAttribute, UnsetBoolean, UnsetDiffers,
};

use super::{Variant, around, rules};
use crate::faults::edit::{error, reading, refusal};

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
        "unset-booleans-are-false",
        "a Boolean without a value is compared as false",
        "RFC 7644 §3.4.2.2 does not say what an unset Boolean is compared as",
        &[rules(|rules| rules.readings.filter.unset_boolean = UnsetBoolean::False)],
    ),
    Variant::new(
        "empty-text-is-a-value",
        "pr finds attributes whose value is empty text",
        "RFC 7644 §3.4.2.2 table 3 speaks of a non-empty value, RFC 7643 §2.5 of null and empty arrays alone",
        &[rules(|rules| rules.readings.filter.empty_text = EmptyText::Present)],
    ),
    Variant::new(
        "times-equal-as-text",
        "eq and ne compare times as they are written",
        "RFC 7644 §3.4.2.2 asks for chronological order of the ordering operators alone",
        &[rules(|rules| rules.readings.filter.instants = InstantEquality::AsText)],
    ),
    Variant::new(
        "references-have-no-order",
        "an ordering operator on a reference is refused",
        "RFC 7644 §3.4.2.2 gives an order to text, times and numbers",
        &[rules(|rules| rules.readings.filter.reference_order = ReferenceOrder::Refused)],
    ),
    Variant::new(
        "nothing-follows-brackets",
        "a filter that goes on with a sub-attribute behind its brackets is refused",
        "RFC 7644 §3.4.2.2: no rule of the grammar has it",
        &[rules(|rules| rules.readings.filter.leniency.comparison_after_value_path = false)],
    ),
    Variant::new(
        "dollars-are-no-letters",
        "a filter that names $ref is refused",
        "RFC 7644 §3.4.2.2: no letter of a name there is a dollar",
        &[around(|ask, next| {
            if ask.parameter("filter").is_some_and(|filter| filter.contains('$')) {
                Box::pin(std::future::ready(refusal("invalidFilter")))
            } else {
                next.call(ask)
            }
        })],
    ),
    Variant::new(
        "filters-on-one-resource-are-refused",
        "a filter in a request for one resource answers 403",
        "RFC 7644 §3.4.1 says nothing of filters there",
        &[around(|ask, next| {
            if reading(&ask) && ask.parameter("filter").is_some() {
                Box::pin(std::future::ready(error(403)))
            } else {
                next.call(ask)
            }
        })],
    ),
    Variant::new(
        "complex-attributes-have-no-order",
        "sortBy with a complex attribute and no sub-attribute is refused",
        "RFC 7644 §3.4.2.3 does not say by which sub-attribute such a list is put in order",
        &[rules(|rules| rules.readings.sort_complex = BareComplex::Refused)],
    ),
    Variant::new(
        "letters-with-marks-stand-among-the-others",
        "a list is sorted by the letters without their marks, as dictionaries are",
        "RFC 7644 §3.4.2.3: Unicode alphabetic order is not defined",
        &[rules(|rules| rules.readings.sort_letters = LetterOrder::BaseLetters)],
    ),
    Variant::new(
        "uris-of-extensions-show-nothing",
        "the URI of an extension alone in attributes is an unknown name",
        "RFC 7644 §3.9 and §3.10: attributes are named, and no notation names all of a schema",
        &[rules(|rules| rules.readings.extension_projection = ExtensionProjection::Nothing)],
    ),
];
