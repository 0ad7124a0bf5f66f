//! Whether the attributes that a target file gives values for are anybody's.

use std::sync::Arc;

use client::SystemClock;
use profiles::Profile;
use profiles::target::PublishedNames;

use crate::args::RunArguments;
use crate::console;
use crate::reached::Reached;

/// Warns of samples that name what neither the standard nor the profile nor the server knows; gives what was said. The server is
/// asked for its schemas only where the others do not know a name.
pub(crate) fn doubts(run: &RunArguments, reached: &Reached, profile: &Profile) -> Vec<String> {
    let Some(said) = &run.target.said else { return Vec::new() };
    if said.unknown(profile, &PublishedNames::new()).is_empty() {
        return Vec::new();
    }
    let clock = Arc::new(SystemClock::default());
    let published = harness::published_names(reached.target.clone(), &reached.socket, clock);
    let doubts = said.unknown(profile, &published.unwrap_or_default());
    doubts.iter().for_each(|doubt| console::info(&format!("warning: {doubt}")));
    doubts
}
