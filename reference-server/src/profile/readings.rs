use engine::{
    AnswerToPatch, BareComplex, BareValue, Deleted, EmptyText, ExtensionNames, ExtensionProjection,
    FilterReadings, FilteredReplace, IdleReplace, InstantEquality, LetterOrder, ListOfOne, Misfit,
    NameMatching, NotEqual, NullComparison, NullValue, PatchReadings, PathKeys, PutOmitted, Readings,
    ReferenceOrder, RemoveUnset, RemoveValue, SecretFilter, Separator, StringBooleans, UnknownAttribute,
    UnknownSchemas, UnknownTarget, Unmatched, UnmatchedRemove, UnsetBoolean, UnsetDiffers, VerbMatching,
};

/// Takes a reading, by the names that profiles use. Whether there is such a point and such a reading was seen to
/// when the profile was read; here, every reading but the default one of its point is put in place.
///
/// Tells whether the reading is known, for the test that holds this table to the one of the profiles.
pub(super) fn take(readings: &mut Readings, point: &str, reading: &str) -> bool {
    match point.split_once('.') {
        Some(("filter", point)) => return take_of_filters(&mut readings.filter, point, reading),
        Some(("patch", point)) => return take_of_patch(&mut readings.patch, point, reading),
        _ => {}
    }
    match (point, reading) {
        ("names", "any-case") => readings.names = NameMatching::AnyCase,
        ("names", "exact") => readings.names = NameMatching::Exact,
        ("extension-names", "qualified") => readings.extension_names = ExtensionNames::Qualified,
        ("extension-names", "bare") => readings.extension_names = ExtensionNames::Bare,
        ("separator", "colon") => readings.separator = Separator::Colon,
        ("separator", "colon-or-dot") => readings.separator = Separator::ColonOrDot,
        ("string-booleans", "refused") => readings.string_booleans = StringBooleans::Refused,
        ("string-booleans", "accepted") => readings.string_booleans = StringBooleans::Accepted,
        ("unknown-schemas", "refused") => readings.unknown_schemas = UnknownSchemas::Refused,
        ("unknown-schemas", "ignored") => readings.unknown_schemas = UnknownSchemas::Ignored,
        ("put-omitted", "cleared") => readings.put_omitted = PutOmitted::Cleared,
        ("put-omitted", "kept") => readings.put_omitted = PutOmitted::Kept,
        ("deleted", "forgotten") => readings.deleted = Deleted::Forgotten,
        ("deleted", "remembered") => readings.deleted = Deleted::Remembered,
        ("extension-projection", "whole") => readings.extension_projection = ExtensionProjection::Whole,
        ("extension-projection", "nothing") => readings.extension_projection = ExtensionProjection::Nothing,
        ("sort-complex", "value") => readings.sort_complex = BareComplex::Value,
        ("sort-complex", "value-of-multi-valued") => readings.sort_complex = BareComplex::ValueOfMultiValued,
        ("sort-complex", "refused") => readings.sort_complex = BareComplex::Refused,
        ("sort-letters", "code-points") => readings.sort_letters = LetterOrder::CodePoints,
        ("sort-letters", "base-letters") => readings.sort_letters = LetterOrder::BaseLetters,
        _ => return false,
    }
    true
}

fn take_of_filters(filter: &mut FilterReadings, point: &str, reading: &str) -> bool {
    match (point, reading) {
        ("unknown", "refused") => filter.unknown = UnknownAttribute::Refused,
        ("unknown", "has-no-value") => filter.unknown = UnknownAttribute::HasNoValue,
        ("misfit", "refused") => filter.misfit = Misfit::Refused,
        ("misfit", "no-match") => filter.misfit = Misfit::NoMatch,
        ("bare-complex", "value-of-multi-valued") => {
            filter.bare_complex = BareComplex::ValueOfMultiValued;
        }
        ("bare-complex", "value") => filter.bare_complex = BareComplex::Value,
        ("bare-complex", "refused") => filter.bare_complex = BareComplex::Refused,
        ("not-equal", "some-value") => filter.not_equal = NotEqual::SomeValue,
        ("not-equal", "every-value") => filter.not_equal = NotEqual::EveryValue,
        ("unset-differs", "yes") => filter.unset_differs = UnsetDiffers::Yes,
        ("unset-differs", "no") => filter.unset_differs = UnsetDiffers::No,
        ("unset-boolean", "no-value") => filter.unset_boolean = UnsetBoolean::NoValue,
        ("unset-boolean", "false") => filter.unset_boolean = UnsetBoolean::False,
        ("empty-text", "absent") => filter.empty_text = EmptyText::Absent,
        ("empty-text", "present") => filter.empty_text = EmptyText::Present,
        ("instants", "as-instants") => filter.instants = InstantEquality::AsInstants,
        ("instants", "as-text") => filter.instants = InstantEquality::AsText,
        ("reference-order", "as-text") => filter.reference_order = ReferenceOrder::AsText,
        ("reference-order", "refused") => filter.reference_order = ReferenceOrder::Refused,
        ("after-brackets", "read") => filter.leniency.comparison_after_value_path = true,
        ("after-brackets", "refused") => filter.leniency.comparison_after_value_path = false,
        ("null", "presence") => filter.null = NullComparison::Presence,
        ("null", "refused") => filter.null = NullComparison::Refused,
        ("secret", "invalid-filter") => filter.secret = SecretFilter::InvalidFilter,
        ("secret", "sensitive") => filter.secret = SecretFilter::Sensitive,
        _ => return false,
    }
    true
}

fn take_of_patch(patch: &mut PatchReadings, point: &str, reading: &str) -> bool {
    match (point, reading) {
        ("verbs", "any-case") => patch.verbs = VerbMatching::AnyCase,
        ("verbs", "exact") => patch.verbs = VerbMatching::Exact,
        ("unknown", "refused") => patch.unknown = UnknownTarget::Refused,
        ("unknown", "ignored") => patch.unknown = UnknownTarget::Ignored,
        ("unmatched-add", "created") => patch.unmatched_add = Unmatched::Created,
        ("unmatched-add", "no-target") => patch.unmatched_add = Unmatched::NoTarget,
        ("unmatched-replace", "no-target") => patch.unmatched_replace = Unmatched::NoTarget,
        ("unmatched-replace", "created") => patch.unmatched_replace = Unmatched::Created,
        ("filtered-replace", "merged") => patch.filtered_replace = FilteredReplace::Merged,
        ("filtered-replace", "replaced") => patch.filtered_replace = FilteredReplace::Replaced,
        ("unmatched-remove", "nothing") => patch.unmatched_remove = UnmatchedRemove::Nothing,
        ("unmatched-remove", "no-target") => patch.unmatched_remove = UnmatchedRemove::NoTarget,
        ("remove-value", "listed") => patch.remove_value = RemoveValue::Listed,
        ("remove-value", "refused") => patch.remove_value = RemoveValue::Refused,
        ("bare-value", "refused") => patch.bare_value = BareValue::Refused,
        ("bare-value", "accepted") => patch.bare_value = BareValue::Accepted,
        ("list-of-one", "refused") => patch.list_of_one = ListOfOne::Refused,
        ("list-of-one", "accepted") => patch.list_of_one = ListOfOne::Accepted,
        ("remove-unset", "nothing") => patch.remove_unset = RemoveUnset::Nothing,
        ("remove-unset", "no-target") => patch.remove_unset = RemoveUnset::NoTarget,
        ("path-keys", "as-paths") => patch.path_keys = PathKeys::AsPaths,
        ("path-keys", "names") => patch.path_keys = PathKeys::Names,
        ("null", "no-value") => patch.null = NullValue::NoValue,
        ("null", "refused") => patch.null = NullValue::Refused,
        ("idle-replace", "untouched") => patch.idle_replace = IdleReplace::Untouched,
        ("idle-replace", "counted") => patch.idle_replace = IdleReplace::Counted,
        ("answer", "resource-unless-members") => patch.answer = AnswerToPatch::ResourceUnlessMembers,
        ("answer", "resource") => patch.answer = AnswerToPatch::Resource,
        ("answer", "no-content") => patch.answer = AnswerToPatch::NoContent,
        _ => return false,
    }
    true
}
