//! Removes what dead runs left behind, by their journals.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use client::{AnswerLimit, Client, Clock, Connect, Recorder, Silence, Target};
use record::{Leftover, Redactor};

use crate::discovery::discover;
use crate::journal::{self, Entry, JournalError};
use crate::ledger::{Standing, Told};
use crate::removal::{Removal, Removed};
use crate::search::{Pages, Whereabouts};
use crate::session::{leftover, runtime};
use crate::unusable::Unusable;

/// How many answers share what a run may hold at a time: lists may be long here, and memory is bounded as in a run.
pub(crate) const SHARES: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);

/// What one journal tells: whose it is, and what may still stand.
#[derive(Debug)]
pub struct Remains {
    /// The journal.
    pub path: PathBuf,
    /// The run that wrote it.
    pub run: String,
    /// The base URL it wrote to.
    pub target: String,
    standing: Vec<Standing>,
}

/// What a sweep came to.
#[derive(Debug, Default)]
pub struct Swept {
    /// How many resources the sweep removed.
    pub removed: u32,
    /// How many were not there any more.
    pub gone: u32,
    /// What could not be removed.
    pub leftovers: Vec<Leftover>,
}

/// Why a sweep could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The target is not the one that it was, so nothing it says of a resource can be believed.
    #[error(transparent)]
    Unusable(#[from] Unusable),
    /// The sweep's own machinery failed.
    #[error("cannot sweep: {0}")]
    Mishap(String),
}

/// Whether a sweep would leave this too, for the reason that is told with it: it carries no name of the run, or nobody can find it. Ids
/// are the target's word and may be given anew, so that a journal alone proves nothing to be the run's.
#[must_use]
pub fn is_by_hand(left: &Leftover) -> bool {
    left.reason.ends_with("by hand")
}

/// Reads what a run may have left behind; nothing if it was killed before it could send anything.
///
/// # Errors
///
/// When the file is no journal.
pub fn remains(path: &Path) -> Result<Option<Remains>, JournalError> {
    let entries = journal::read(path)?;
    let (run, target) = match entries.first() {
        None => return Ok(None),
        Some(Entry::Run { run, target }) => (run.clone(), target.clone()),
        Some(_) => return Err(JournalError::Headless { path: path.to_owned() }),
    };
    let mut pending: BTreeMap<u64, (String, Option<String>, bool)> = BTreeMap::new();
    // By path, with the place of its entry: an id that was given anew stands again.
    let mut standing: BTreeMap<(String, bool), usize> = BTreeMap::new();
    for (place, entry) in entries.into_iter().enumerate() {
        match entry {
            Entry::Run { .. } => {}
            Entry::Intent { number, endpoint, name, abroad } => {
                pending.insert(number, (endpoint, name, abroad));
            }
            Entry::Created { number, resources } => {
                let abroad = pending.remove(&number).is_some_and(|(_, _, abroad)| abroad);
                standing.extend(resources.into_iter().map(|resource| ((resource, abroad), place)));
            }
            Entry::Refused { number } => {
                pending.remove(&number);
            }
            Entry::Removed { resource, abroad } => {
                standing.remove(&(resource, abroad));
            }
        }
    }
    let there = |standing, abroad| if abroad { Standing::Abroad(Box::new(standing)) } else { standing };
    let mut placed: Vec<((String, bool), usize)> = standing.into_iter().collect();
    placed.sort_by_key(|(_, place)| std::cmp::Reverse(*place));
    let placed = placed.into_iter().map(|((path, abroad), _)| there(Standing::At(path), abroad));
    let pending = pending.into_values().map(|(endpoint, name, abroad)| match name {
        Some(name) => there(Standing::Named { endpoint, name, told: Told::Nothing }, abroad),
        None => there(Standing::Nameless { endpoint }, abroad),
    });
    let standing = placed.chain(pending).collect();
    Ok(Some(Remains { path: path.to_owned(), run, target, standing }))
}

impl Remains {
    /// How many resources may still stand.
    #[must_use]
    pub fn len(&self) -> usize {
        self.standing.len()
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.standing.is_empty()
    }

    /// Removes what still stands and carries the run's name. Whatever does not is left alone and listed.
    ///
    /// # Errors
    ///
    /// When no request could be sent at all, or the target proves to be no usable SCIM server: a web page answers
    /// 404 for every resource, and none of them is gone for that.
    pub fn sweep(
        &self,
        target: Target,
        connect: &dyn Connect,
        clock: Arc<dyn Clock>,
    ) -> Result<Swept, SweepError> {
        let runtime = runtime().map_err(SweepError::Mishap)?;
        let target = target.answers_up_to(AnswerLimit::shared_by(SHARES));
        let redactor = Redactor::default();
        let client = Client::new(target, connect, Recorder::new(redactor.clone()), clock);
        let client = client.map_err(|error| SweepError::Mishap(error.to_string()))?.ignoring_case();
        if !self.is_empty() {
            runtime.block_on(discover(&client)).map_err(|unusable| unusable.scrubbed(&redactor))?;
        }
        let silence = Silence::default();
        let pages = Pages::of_a_sweep();
        let removal =
            Removal { client: &client, silence: &silence, pages: &pages, run: &self.run, shown: None };
        let found = runtime.block_on(removal.look_for(&self.standing));
        let (mut swept, mut left) = (Swept::default(), Vec::new());
        let (mut known, mut doubtful) = (BTreeSet::new(), BTreeSet::new());
        for standing in &self.standing {
            let removed = runtime.block_on(async {
                if let Standing::At(path) = standing
                    && !silence.lasts()
                    && let Err(doubt) = removal.confirm_ours(path).await
                {
                    return Removed::kept(doubt.reason());
                }
                removal.remove(standing, &found).await
            });
            known.extend(Self::places(standing, &found));
            let Removed { gone, missing, kept } = removed;
            if let Standing::At(path) = standing
                && missing > 0
            {
                doubtful.extend(path.rsplit_once('/').map(|(endpoint, _)| endpoint.to_owned()));
            }
            let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            swept.removed = swept.removed.saturating_add(count(gone.len().saturating_sub(missing)));
            swept.gone = swept.gone.saturating_add(count(missing));
            left.extend(kept.map(|kept| (standing, kept)));
        }
        for (standing, kept) in left {
            match runtime.block_on(removal.went_all_the_same(standing, &kept)) {
                Some(_) => swept.removed = swept.removed.saturating_add(1),
                None => swept.leftovers.push(told(standing, &kept.reason, &redactor)),
            }
        }
        let strays = runtime.block_on(strays(&doubtful, &removal, &found));
        for path in strays.into_iter().filter(|path| !known.contains(path)) {
            match runtime.block_on(removal.remove_ours(&path)) {
                Ok(stood) => swept.removed = swept.removed.saturating_add(stood.into()),
                Err(kept) => swept.leftovers.push(told(&Standing::At(path), &kept.reason, &redactor)),
            }
        }
        Ok(swept)
    }

    /// Where something was looked for that the journal names.
    fn places(standing: &Standing, found: &Whereabouts) -> Vec<String> {
        match standing {
            Standing::At(path) => vec![path.clone()],
            Standing::Named { endpoint, name, .. } => found.of(endpoint, name).unwrap_or_default(),
            Standing::Nameless { .. } | Standing::Abroad(_) => Vec::new(),
        }
    }
}

/// What carries a name of the run in the lists that were walked through, and in those of which something was not where the journal
/// said: a target that mixes up its answers tells wrongly what became of a create.
async fn strays(doubtful: &BTreeSet<String>, removal: &Removal<'_>, found: &Whereabouts) -> BTreeSet<String> {
    let mut strays: BTreeSet<String> = found.of_run().cloned().collect();
    for endpoint in doubtful.iter().filter(|endpoint| !found.knows(endpoint)) {
        strays.extend(removal.of_the_run(endpoint).await);
    }
    strays
}

/// What stays, and why. The target chooses addresses and reasons, and may quote what it was told.
fn told(standing: &Standing, reason: &str, redactor: &Redactor) -> Leftover {
    let Leftover { resource, reason } = leftover(standing, reason);
    Leftover { resource: redactor.scrub(&resource), reason: redactor.scrub(&reason) }
}
