//! The other reading of PATCH, where the text has two.

use engine::{
    BareValue, ExtensionNames, IdleReplace, ListOfOne, NullValue, PathKeys, RemoveUnset, RemoveValue,
    Separator, StringBooleans, UnknownTarget, Unmatched, UnmatchedRemove, VerbMatching,
};
use serde_json::{Value, json};

use super::{Variant, reply, rules};
use crate::faults::edit::{is, json, patching, set, shown};

pub(super) const VARIANTS: &[Variant] = &[
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
    )
    .lacks(&[(
        "adds that make a value of what their filter says",
        "an add finds no target where a filter selects nothing",
    )]),
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
    )
    .warns(&[("readings.unknown-names-in-patches", "who asked for it is not told that it was ignored")]),
    Variant::new(
        "removes-of-nothing-find-no-target",
        "a remove of an attribute without a value answers 400 with noTarget",
        "RFC 7644 §3.5.2.2 and §3.12: whether nothing can be removed is said of values that a filter selects",
        &[rules(|rules| rules.readings.patch.remove_unset = RemoveUnset::NoTarget)],
    ),
    Variant::new(
        "names-in-values-are-no-paths",
        "name.givenName and the URI of an attribute are unknown names in a value without path",
        "RFC 7644 §3.5.2.1: a value without path is a set of attributes",
        &[rules(|rules| rules.readings.patch.path_keys = PathKeys::Names)],
    ),
    Variant::new(
        "null-is-no-value-to-set",
        "add and replace with null answer 400 with invalidValue",
        "RFC 7644 §3.5.2: remove is the operation that unassigns; what null does is not described",
        &[rules(|rules| rules.readings.patch.null = NullValue::Refused)],
    ),
    Variant::new(
        "idle-replaces-count",
        "a replace that changes nothing gives a new version and a new meta.lastModified",
        "RFC 7644 §3.5.2.1 keeps the time where add changes nothing, and says no more",
        &[rules(|rules| rules.readings.patch.idle_replace = IdleReplace::Counted)],
    ),
    Variant::new(
        "required-values-are-told-by-value",
        "a remove of a required attribute answers 400 with invalidValue",
        "RFC 7644 §3.12 table 9: invalidValue, a required value was missing; §3.5.2.2 asks for mutability",
        &[reply(|ask, reply| {
            let required = |error: &Value| {
                error["detail"]
                    .as_str()
                    .is_some_and(|detail| detail.contains("required and cannot be removed"))
            };
            if patching(ask) && is(reply, 400) && required(&shown(reply)) {
                json(reply, |error| set(error, "/scimType", json!("invalidValue")));
            }
        })],
    ),
];
