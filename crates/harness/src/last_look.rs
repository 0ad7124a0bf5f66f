//! A last look, when all checks are done: a target that refuses a create may have carried it out all the same, and then what
//! it made stays for ever, since no check knows of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use record::Leftover;

use crate::journal::Entry;
use crate::ledger::Standing;
use crate::removal::Removal;
use crate::search::Pages;
use crate::session::{CleanUp, Session, Shared, leftover};

/// What checks tell of creates that were refused.
#[derive(Default)]
pub(crate) struct Refusals {
    /// What each would have made, by its name.
    pub(crate) refused: Vec<Standing>,
    /// Where everything was that checks knew of, and dealt with.
    pub(crate) places: BTreeSet<String>,
}

impl Refusals {
    pub(crate) fn extend(&mut self, others: Self) {
        self.refused.extend(others.refused);
        self.places.extend(others.places);
    }
}

/// What is said of what was found and removed.
const FOUND: &str = "what stood although its create was refused was found by its name and removed";

/// Looks once for what was refused, and removes what stands all the same. Gives what that came to, and what is to be said
/// of it.
pub(crate) fn last_look(
    shared: &Arc<Shared>,
    refusals: &Refusals,
    left: &[Leftover],
) -> (CleanUp, BTreeSet<String>) {
    if refusals.refused.is_empty() {
        return <(CleanUp, BTreeSet<String>)>::default();
    }
    if shared.silence.lasts() {
        refusals.refused.iter().for_each(|standing| shared.leave_to_a_sweep(standing));
        return <(CleanUp, BTreeSet<String>)>::default();
    }
    match Session::new(shared) {
        Ok(session) => session.look_again(refusals, left),
        Err(mishap) => (CleanUp::default(), BTreeSet::from([untold(&mishap)])),
    }
}

fn untold(reason: &str) -> String {
    format!("creates were refused, and whether one was carried out all the same cannot be told: {reason}")
}

impl Shared {
    /// Lets a sweep, should there be one, look for what may stand. Where the journal cannot be written, the reports still tell.
    pub(crate) fn leave_to_a_sweep(&self, standing: &Standing) {
        if let (Some(journal), Standing::Named { endpoint, name, .. }) = (&self.journal, standing) {
            let redactor = self.recorder.redactor();
            let _ = journal.intent(&redactor.scrub(endpoint), Some(&redactor.scrub(name)));
        }
    }
}

impl Session {
    fn look_again(&self, refusals: &Refusals, left: &[Leftover]) -> (CleanUp, BTreeSet<String>) {
        let Shared { silence, factory, recorder, .. } = self.shared.as_ref();
        let pages = Pages::of_a_last_look();
        let removal =
            Removal { client: self.client(), silence, pages: &pages, run: factory.run(), shown: None };
        let found = self.block_on(async {
            self.client().caught_up().await;
            self.find(&refusals.refused, &removal).await
        });
        let scrub = |text: &str| recorder.redactor().scrub(text);
        let mut seen: BTreeSet<String> = left.iter().map(|left| left.resource.clone()).collect();
        let (mut cleaned, mut notes) = <(CleanUp, BTreeSet<String>)>::default();
        for standing in &refusals.refused {
            let Standing::Named { endpoint, name, .. } = standing else { continue };
            let paths = found.of(endpoint, name).unwrap_or_else(|reason| {
                notes.insert(scrub(&untold(&reason)));
                self.shared.leave_to_a_sweep(standing);
                Vec::new()
            });
            for path in paths {
                if refusals.places.contains(&path) || !seen.insert(scrub(&path)) {
                    continue;
                }
                self.write_down(endpoint, name, &path);
                let kept = match self.block_on(removal.remove_ours(&path)) {
                    // It went while it was looked for.
                    Ok(false) => continue,
                    Ok(true) => None,
                    Err(kept) => Some(kept.reason),
                };
                cleaned.created += 1;
                match kept {
                    None => {
                        cleaned.removed += 1;
                        self.cross_out(&path);
                        notes.insert(FOUND.to_owned());
                    }
                    Some(reason) => {
                        let Leftover { resource, reason } = leftover(&Standing::At(path), &reason);
                        cleaned
                            .leftovers
                            .push(Leftover { resource: scrub(&resource), reason: scrub(&reason) });
                    }
                }
            }
        }
        (cleaned, notes)
    }

    /// Tells a later sweep of what was found. Where the journal cannot be written, the reports still do.
    pub(crate) fn write_down(&self, endpoint: &str, name: &str, path: &str) {
        let Some(journal) = &self.shared.journal else { return };
        let redactor = self.shared.recorder.redactor();
        let number = journal.intent(&redactor.scrub(endpoint), Some(&redactor.scrub(name)));
        // Without a place the intent stands, and a sweep looks for the name.
        if let Ok(number) = number
            && redactor.scrub(path) == path
        {
            let _ = journal.write(&Entry::Created { number, resources: vec![path.to_owned()] });
        }
    }

    pub(crate) fn cross_out(&self, path: &str) {
        if let Some(journal) = &self.shared.journal {
            let resource = self.shared.recorder.redactor().scrub(path);
            let _ = journal.write(&Entry::Removed { resource, abroad: false });
        }
    }
}
