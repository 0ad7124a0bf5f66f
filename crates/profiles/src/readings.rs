//! The open points of the text, by name, with the readings that a profile can choose from; the first is the
//! default.

use crate::near::hint;

/// Names of the points, each with its readings. The default comes first.
pub const READINGS: &[(&str, &[&str])] = &[
    ("names", &["any-case", "exact"]),
    ("extension-names", &["qualified", "bare"]),
    ("separator", &["colon", "colon-or-dot"]),
    ("string-booleans", &["refused", "accepted"]),
    ("unknown-schemas", &["refused", "ignored"]),
    ("put-omitted", &["cleared", "kept"]),
    ("deleted", &["forgotten", "remembered"]),
    ("extension-projection", &["whole", "nothing"]),
    ("sort-complex", &["value", "value-of-multi-valued", "refused"]),
    ("sort-letters", &["code-points", "base-letters"]),
    ("filter.unknown", &["refused", "has-no-value"]),
    ("filter.misfit", &["refused", "no-match"]),
    ("filter.bare-complex", &["value-of-multi-valued", "value", "refused"]),
    ("filter.not-equal", &["some-value", "every-value"]),
    ("filter.unset-differs", &["yes", "no"]),
    ("filter.unset-boolean", &["no-value", "false"]),
    ("filter.empty-text", &["absent", "present"]),
    ("filter.instants", &["as-instants", "as-text"]),
    ("filter.reference-order", &["as-text", "refused"]),
    ("filter.after-brackets", &["read", "refused"]),
    ("filter.null", &["presence", "refused"]),
    ("filter.secret", &["invalid-filter", "sensitive"]),
    ("patch.verbs", &["any-case", "exact"]),
    ("patch.unknown", &["refused", "ignored"]),
    ("patch.unmatched-add", &["created", "no-target"]),
    ("patch.unmatched-replace", &["no-target", "created"]),
    ("patch.filtered-replace", &["merged", "replaced"]),
    ("patch.unmatched-remove", &["nothing", "no-target"]),
    ("patch.remove-value", &["listed", "refused"]),
    ("patch.bare-value", &["refused", "accepted"]),
    ("patch.list-of-one", &["refused", "accepted"]),
    ("patch.remove-unset", &["nothing", "no-target"]),
    ("patch.path-keys", &["as-paths", "names"]),
    ("patch.null", &["no-value", "refused"]),
    ("patch.idle-replace", &["untouched", "counted"]),
    ("patch.answer", &["resource-unless-members", "resource", "no-content"]),
];

/// What is wrong with a reading, where something is, and what to do.
pub(crate) fn complaint(point: &str, reading: &str) -> Option<(String, String)> {
    const CHOOSE: &str = "choose one of those listed, or remove the line";
    let Some((_, known)) = READINGS.iter().find(|(name, _)| *name == point) else {
        let names: Vec<&str> = READINGS.iter().map(|(name, _)| *name).collect();
        let message = format!("there is no open point `{point}`; these are: {}", names.join(", "));
        return Some((message, hint(point, names, CHOOSE)));
    };
    let message = format!("`{point}` has no reading `{reading}`; it has {}", known.join(", "));
    (!known.contains(&reading)).then(|| (message, hint(reading, known.iter().copied(), CHOOSE)))
}
