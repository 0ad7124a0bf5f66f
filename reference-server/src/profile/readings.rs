use engine::{
    AnswerToPatch, BareComplex, BareValue, Deleted, ExtensionNames, ListOfOne, Misfit, NameMatching,
    NotEqual, NullComparison, PutOmitted, Readings, RemoveValue, SecretFilter, Separator, StringBooleans,
    UnknownAttribute, UnknownSchemas, UnknownTarget, Unmatched, UnmatchedRemove, UnsetDiffers, VerbMatching,
};

/// Takes a reading, by the names that profiles use. Whether there is such a point and such a reading was seen to
/// when the profile was read; here, every reading but the default one of its point is put in place.
///
/// Tells whether the reading is known, for the test that holds this table to the one of the profiles.
pub(super) fn take(readings: &mut Readings, point: &str, reading: &str) -> bool {
    let Readings { filter, patch, .. } = readings;
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
        ("filter.unknown", "refused") => filter.unknown = UnknownAttribute::Refused,
        ("filter.unknown", "has-no-value") => filter.unknown = UnknownAttribute::HasNoValue,
        ("filter.misfit", "refused") => filter.misfit = Misfit::Refused,
        ("filter.misfit", "no-match") => filter.misfit = Misfit::NoMatch,
        ("filter.bare-complex", "value-of-multi-valued") => {
            filter.bare_complex = BareComplex::ValueOfMultiValued;
        }
        ("filter.bare-complex", "value") => filter.bare_complex = BareComplex::Value,
        ("filter.bare-complex", "refused") => filter.bare_complex = BareComplex::Refused,
        ("filter.not-equal", "some-value") => filter.not_equal = NotEqual::SomeValue,
        ("filter.not-equal", "every-value") => filter.not_equal = NotEqual::EveryValue,
        ("filter.unset-differs", "yes") => filter.unset_differs = UnsetDiffers::Yes,
        ("filter.unset-differs", "no") => filter.unset_differs = UnsetDiffers::No,
        ("filter.null", "presence") => filter.null = NullComparison::Presence,
        ("filter.null", "refused") => filter.null = NullComparison::Refused,
        ("filter.secret", "invalid-filter") => filter.secret = SecretFilter::InvalidFilter,
        ("filter.secret", "sensitive") => filter.secret = SecretFilter::Sensitive,
        ("patch.verbs", "any-case") => patch.verbs = VerbMatching::AnyCase,
        ("patch.verbs", "exact") => patch.verbs = VerbMatching::Exact,
        ("patch.unknown", "refused") => patch.unknown = UnknownTarget::Refused,
        ("patch.unknown", "ignored") => patch.unknown = UnknownTarget::Ignored,
        ("patch.unmatched-add", "created") => patch.unmatched_add = Unmatched::Created,
        ("patch.unmatched-add", "no-target") => patch.unmatched_add = Unmatched::NoTarget,
        ("patch.unmatched-replace", "no-target") => patch.unmatched_replace = Unmatched::NoTarget,
        ("patch.unmatched-replace", "created") => patch.unmatched_replace = Unmatched::Created,
        ("patch.unmatched-remove", "nothing") => patch.unmatched_remove = UnmatchedRemove::Nothing,
        ("patch.unmatched-remove", "no-target") => patch.unmatched_remove = UnmatchedRemove::NoTarget,
        ("patch.remove-value", "listed") => patch.remove_value = RemoveValue::Listed,
        ("patch.remove-value", "refused") => patch.remove_value = RemoveValue::Refused,
        ("patch.bare-value", "refused") => patch.bare_value = BareValue::Refused,
        ("patch.bare-value", "accepted") => patch.bare_value = BareValue::Accepted,
        ("patch.list-of-one", "refused") => patch.list_of_one = ListOfOne::Refused,
        ("patch.list-of-one", "accepted") => patch.list_of_one = ListOfOne::Accepted,
        ("patch.answer", "resource-unless-members") => patch.answer = AnswerToPatch::ResourceUnlessMembers,
        ("patch.answer", "resource") => patch.answer = AnswerToPatch::Resource,
        ("patch.answer", "no-content") => patch.answer = AnswerToPatch::NoContent,
        _ => return false,
    }
    true
}
