//! The points that the standard leaves open, as a target reads them.
//!
//! A row asks what can be read in several ways. Every lawful reading passes, and a note says which one it was; what is
//! none of them breaks the requirement that is nearest to the point.

mod crew;
mod edit;
mod filters;
mod letters;
mod lists;
mod patches;
mod question;
mod references;

use harness::expect::holds;
use harness::{Check, Outcome, Reply};
use record::{At, ReqId};
use serde_json::Value;

use crate::places;

/// The questions about filters, lists and PATCH.
pub(crate) fn checks() -> Vec<Check> {
    [filters::CHECKS, references::CHECKS, letters::CHECKS, lists::CHECKS, patches::CHECKS].concat()
}

/// Passes with a note, which answers the question of the check's title, where what came of it is a lawful reading, and
/// says under each requirement which readings there are where it is none.
fn judge(reply: &Reply, read: Option<&str>, lawful: &str, came: &str, under: &[ReqId]) -> Outcome {
    if let Some(name) = read {
        reply.note(name);
    }
    let outcome = if read.is_some() { Ok(()) } else { Err(came.to_owned()) };
    let words = format!("one of the lawful readings: {lawful}");
    let at = if reply.at("/Resources").is_some() { places::resources() } else { At::Body };
    under.iter().try_for_each(|requirement| {
        reply.expect(holds(&words, at.clone(), outcome.clone()).under(*requirement))
    })
}

/// Whether a request is refused as one that the target does not read: with this status, and with this keyword where it
/// gives one at all.
fn refused(reply: &Reply, status: u16, keyword: &str) -> bool {
    reply.status() == status
        && reply.at("/scimType").and_then(Value::as_str).is_none_or(|found| found == keyword)
}

/// The resources of a list.
fn ids(reply: &Reply) -> Option<Vec<&str>> {
    let resources = reply.at("/Resources")?.as_array()?;
    Some(resources.iter().filter_map(|resource| resource.get("id")?.as_str()).collect())
}

/// What came, in few words.
fn came(reply: &Reply) -> String {
    let keyword = reply.at("/scimType").and_then(Value::as_str).unwrap_or_default();
    let found = ids(reply).map_or_else(String::new, |ids| format!("with {} resources", ids.len()));
    format!("{} {keyword}{found}", reply.status()).trim_end().to_owned()
}
