//! The open points of the text, by name, with the readings that a profile can choose from; the first is the
//! default.

/// Names of the points, each with its readings. The default comes first.
pub const READINGS: &[(&str, &[&str])] = &[
    ("names", &["any-case", "exact"]),
    ("string-booleans", &["refused", "accepted"]),
    ("unknown-schemas", &["refused", "ignored"]),
    ("put-omitted", &["cleared", "kept"]),
    ("deleted", &["forgotten", "remembered"]),
    ("filter.unknown", &["refused", "has-no-value"]),
    ("filter.misfit", &["refused", "no-match"]),
    ("filter.bare-complex", &["value-of-multi-valued", "value", "refused"]),
    ("filter.not-equal", &["some-value", "every-value"]),
    ("filter.unset-differs", &["yes", "no"]),
    ("filter.null", &["presence", "refused"]),
    ("filter.secret", &["invalid-filter", "sensitive"]),
    ("patch.verbs", &["any-case", "exact"]),
    ("patch.unknown", &["refused", "ignored"]),
    ("patch.unmatched-add", &["created", "no-target"]),
    ("patch.unmatched-replace", &["no-target", "created"]),
    ("patch.unmatched-remove", &["nothing", "no-target"]),
    ("patch.remove-value", &["listed", "refused"]),
    ("patch.bare-value", &["refused", "accepted"]),
    ("patch.answer", &["resource-unless-members", "resource", "no-content"]),
];

/// What is wrong with a reading, where something is.
pub(crate) fn complaint(point: &str, reading: &str) -> Option<String> {
    let Some((_, known)) = READINGS.iter().find(|(name, _)| *name == point) else {
        let names: Vec<&str> = READINGS.iter().map(|(name, _)| *name).collect();
        return Some(format!("there is no open point `{point}`; these are: {}", names.join(", ")));
    };
    (!known.contains(&reading))
        .then(|| format!("`{point}` has no reading `{reading}`; it has {}", known.join(", ")))
}
