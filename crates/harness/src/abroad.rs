//! What the token of a second tenant created is removed by that token: in the tenant of the run it is not to be found, or somebody
//! else has its id there (RFC 7644 §6.2).

use client::Sent;

use crate::journal::{Entry, JournalError};
use crate::ledger::{Intent, Ledger, Standing, Told, place};
use crate::removal::{Removal, Removed};
use crate::search::Whereabouts;

/// What is said where nobody gives the token.
pub(crate) const NO_TOKEN: &str =
    "the token of the second tenant created it: give that as `credentials.second_tenant` in a target file";

impl Ledger {
    /// Takes note of what an answer says about a create there. Where it is comes from the answer, or else its name tells.
    pub(crate) fn after_abroad(&mut self, intent: Intent, sent: &Sent) -> Result<(), JournalError> {
        let Intent { number, endpoint, name, .. } = intent;
        let status = sent.outcome.as_ref().ok().map(|answer| answer.status);
        let is_unsent = sent.outcome.as_ref().is_err_and(|error| error.is_unsent());
        // What an earlier try of the same create may have left is looked for by its name, whatever the last one says.
        let is_open = sent.unsettled && name.is_some();
        if !is_open && (is_unsent || matches!(status, Some(..=199 | 300..=499 | 501))) {
            return self.write(&Entry::Refused { number });
        }
        let is_created = matches!(status, Some(200..300));
        self.created += u32::from(is_created);
        let location = sent.outcome.as_ref().ok().and_then(|answer| answer.header("location"));
        let body = sent.json.as_deref().filter(|_| is_created);
        let place = match &name {
            Some(name) if self.shows_another(body, name) => None,
            _ => place(&endpoint, body, location),
        };
        let is_shown = |path: &String| is_created && !is_open && self.redactor.scrub(path) == *path;
        let (standing, written) = match (place.filter(is_shown), name) {
            (Some(path), _) => {
                let written = self.write(&Entry::Created { number, resources: vec![path.clone()] });
                (Standing::At(path), written)
            }
            (None, Some(name)) => {
                let told = if is_created { Told::Created } else { Told::Nothing };
                (Standing::Named { endpoint, name, told }, Ok(()))
            }
            (None, None) => (Standing::Nameless { endpoint }, Ok(())),
        };
        self.standing.push(Standing::Abroad(Box::new(standing)));
        written
    }

    /// What stood there is gone from a path, and was not known to stand there before.
    pub(crate) fn gone_abroad(&mut self, standing: &Standing, is_first: bool) -> Result<(), JournalError> {
        match standing {
            Standing::Named { told, .. } => {
                self.counted_gone(*told, is_first);
                Ok(())
            }
            Standing::At(_) => self.removed_abroad(standing),
            Standing::Nameless { .. } | Standing::Abroad(_) => Ok(()),
        }
    }

    /// What stood there is gone.
    pub(crate) fn removed_abroad(&mut self, standing: &Standing) -> Result<(), JournalError> {
        let before = self.standing.len();
        self.standing.retain(|known| !matches!(known, Standing::Abroad(known) if **known == *standing));
        if self.standing.len() == before {
            return Ok(());
        }
        self.removed += 1;
        match standing {
            Standing::At(path) => {
                self.write(&Entry::Removed { resource: self.redactor.scrub(path), abroad: true })
            }
            _ => Ok(()),
        }
    }
}

impl<'a> Removal<'a> {
    /// The same in the second tenant, where its token is known.
    pub(crate) fn abroad(&self) -> Option<Removal<'a>> {
        let token = self.client.target().others().second_tenant.as_ref()?;
        Some(Removal { shown: Some(token), ..*self })
    }

    /// Removes what stands in the second tenant, once a read there has shown whose it is.
    pub(crate) async fn remove_abroad(&self, standing: &Standing) -> Removed {
        let Some(there) = self.abroad() else { return Removed::kept(NO_TOKEN) };
        match standing {
            Standing::At(path) => match there.remove_ours(path).await {
                Ok(stood) => Removed { gone: vec![path.clone()], missing: usize::from(!stood), kept: None },
                Err(kept) => Removed { kept: Some(kept), ..Removed::default() },
            },
            Standing::Named { .. } => {
                let found = there.look_for(std::slice::from_ref(standing)).await;
                there.remove_here(standing, &found).await
            }
            Standing::Nameless { .. } | Standing::Abroad(_) => {
                there.remove_here(standing, &Whereabouts::default()).await
            }
        }
    }
}
