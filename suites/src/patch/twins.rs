//! What has to be taken before a refusal says anything: a target that refuses a whole class of operations has not looked
//! at what is wrong or odd about one of them.

use harness::expect::success;
use harness::{Given, Outcome, Probe, Reply, Stop};
use serde_json::{Value, json};

use super::{Change, add, given, patch, remove, replace, rules};
use crate::kept;
use crate::parts::Parts;

/// A class of PATCH requests by their operations, and the row of the plainest among them, which is to blame where all are
/// refused.
struct Class {
    holds: fn(&[Value]) -> bool,
    plainest: &'static Change,
}

const CLASSES: &[Class] = &[
    Class { holds: |operations| operations.iter().any(|one| does(one, "add")), plainest: add::SIMPLE },
    Class { holds: removes, plainest: remove::SIMPLE },
    Class {
        holds: |operations| has_path(operations, |path| path.contains('[')),
        plainest: replace::VALUE_SUB,
    },
    Class {
        holds: |operations| has_path(operations, |path| path.starts_with("urn:")),
        plainest: replace::EXTENSION_SUB,
    },
    Class {
        holds: |operations| operations.iter().any(|operation| operation.get("path").is_none()),
        plainest: replace::PATHLESS,
    },
    Class { holds: |operations| operations.len() > 1, plainest: rules::ORDER },
];

fn does(operation: &Value, op: &str) -> bool {
    operation.get("op").is_some_and(|found| found == op)
}

/// Whether operations take something away.
pub(super) fn removes(operations: &[Value]) -> bool {
    operations.iter().any(|operation| does(operation, "remove"))
}

fn has_path(operations: &[Value], holds: fn(&str) -> bool) -> bool {
    operations.iter().filter_map(|operation| operation.get("path")?.as_str()).any(holds)
}

/// Makes sure that the target takes a PATCH of this person at all, by one that changes nothing; gives what a read shows
/// afterwards. A refusal of another PATCH means nothing else.
pub(crate) fn patched(probe: &Probe, person: &Given) -> Result<Reply, Stop> {
    let plain = kept::plain_text(probe)?;
    let operations = json!([{ "op": "replace", "path": plain.path, "value": plain.usual }]);
    patch(probe, person.path(), &operations)?.require(success())?;
    let stored = probe.get(person.path())?;
    stored.require(success())?;
    Ok(stored)
}

/// Makes sure that the target takes the plainest operation of every class that one of these belongs to, on somebody else;
/// not-supported where it has nothing to try that on.
pub(super) fn classes_are_taken(probe: &Probe, operations: &Value) -> Outcome {
    let listed = operations.as_array().map(Vec::as_slice).unwrap_or_default();
    let classes = CLASSES.iter().filter(|class| (class.holds)(listed));
    classes.map(|class| class.plainest).try_for_each(|plainest| is_taken(probe, plainest, operations))
}

/// Both of these, as far as the target has something to try them on; gives what a read shows of this person afterwards.
/// Operations that are themselves the plainest of a class are about that class.
pub(crate) fn rest_is_taken(probe: &Probe, person: &Given, operations: &Value) -> Result<Reply, Stop> {
    let stored = patched(probe, person)?;
    match classes_are_taken(probe, operations) {
        Ok(()) | Err(Stop::NotSupported(_)) => Ok(stored),
        Err(stop) => Err(stop),
    }
}

fn is_taken(probe: &Probe, plainest: &Change, judged: &Value) -> Outcome {
    let parts = Parts::of(probe, plainest.about);
    if (plainest.operations)(&parts.of_nobody()) == *judged {
        return Ok(());
    }
    kept::removable(probe, &parts.paths(plainest.unsets))?;
    let (person, _) = given(probe, &parts, plainest.about)?;
    patch(probe, person.path(), &(plainest.operations)(&parts))?.require(success())
}
