//! Where a run writes down what it creates, so that `scimproof sweep` finds it should the run be killed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use client::{Connect, Recorder, Target};
use harness::sweep::{Swept, is_by_hand, remains};
use harness::{Confirmed, Journal, JournalError, Journaled};
use record::{Leftover, Redactor};
use reports::curl::word;

use crate::args::RunArguments;
use crate::failure::Failure;
use crate::invocation::Invocation;
use crate::reached::Reached;
use crate::{console, credential, files};

/// Begins the journal of a run, or of a part of it, about a target.
pub(crate) fn begin(invocation: &Invocation, part: &str, target: &Target) -> Result<Journal, Failure> {
    let path = files::journal(&invocation.out, &format!("{}{part}", invocation.id));
    invocation.so_far.writes_down(&path);
    Journal::create(&path, &invocation.id, target.base()).map_err(|error| not_begun(invocation, &error))
}

fn not_begun(invocation: &Invocation, error: &JournalError) -> Failure {
    match error {
        JournalError::Write { cause, .. } if cause.kind() == std::io::ErrorKind::AlreadyExists => {
            Failure::usage(format!(
                "run {} has left its journal in {}; remove what it left with: {}, or choose another --run-id",
                invocation.id,
                invocation.out.display(),
                invocation.sweep
            ))
        }
        JournalError::Write { cause, .. } => Failure::unwritten(error, cause),
        _ => Failure::usage(error),
    }
}

/// Removes the journal of a run that left nothing behind; of one that did, says how to remove that.
pub(crate) fn forget(journal: &Path, leftovers: &[Leftover], invocation: &Invocation) {
    if leftovers.is_empty() {
        // A journal that stays only makes a later sweep ask in vain.
        let _ = std::fs::remove_file(journal);
        return;
    }
    if leftovers.iter().any(|left| !is_by_hand(left)) {
        console::info(&format!("something was left behind; remove it with: {}", invocation.sweep));
    }
    let by_hand = leftovers.iter().filter(|left| is_by_hand(left)).count();
    if by_hand > 0 {
        console::info(&format!("{}; {} lists where they are", for_hands(by_hand), journal.display()));
    }
}

/// What to do about so many resources that a sweep leaves alone too.
pub(crate) fn for_hands(number: usize) -> String {
    let (what, it) =
        if number == 1 { ("1 resource was", "it") } else { (&*format!("{number} resources were"), "each") };
    format!(
        "{what} left behind that `scimproof sweep` leaves too, for the reason told: look at {it}, and remove by hand what is the run's"
    )
}

/// The command that removes what a run left.
pub(crate) fn sweep_command(run: &RunArguments) -> String {
    let out = word(&run.out.to_string_lossy());
    let words = ["scimproof sweep".to_owned(), format!("--out {out}")].into_iter();
    let words = words.chain(credential::words(&run.token)).chain(run.target.words_and_url());
    words.collect::<Vec<_>>().join(" ")
}

/// The journal of a part of a run that is no check, and the way to the target on which it is written.
pub(crate) struct Kept {
    path: PathBuf,
    reached: Reached,
    pub(crate) connect: Arc<dyn Connect>,
}

impl Kept {
    /// Begins it. What the redactor would not show is not written down.
    pub(crate) fn begin(
        invocation: &Invocation,
        part: &str,
        reached: &Reached,
        redactor: Redactor,
    ) -> Result<Self, Failure> {
        let Reached { target, socket, .. } = reached;
        let journal = begin(invocation, part, target)?;
        let path = journal.path().to_owned();
        let connect = Journaled::new(Arc::new(socket.clone()), Arc::new(journal), target, redactor);
        Ok(Self { path, reached: reached.clone(), connect: Arc::new(connect) })
    }

    /// A way on which nothing is changed but what was seen to be the run's own. What it reads for that is no request of the
    /// client that is played, and stays off the record of what that one sends.
    pub(crate) fn guarded(&self, invocation: &Invocation, redactor: &Redactor) -> Arc<dyn Connect> {
        let clock = Arc::clone(&invocation.clock) as Arc<dyn client::Clock>;
        let connect = Arc::clone(&self.connect);
        let recorder = Recorder::forgetful(redactor.clone());
        Arc::new(Confirmed::new(connect, &invocation.id, &self.reached.target, recorder, clock))
    }

    /// Removes what the part did not remove itself, such as what was created without an answer.
    pub(crate) fn sweep(&self, invocation: &Invocation) -> Result<Swept, Failure> {
        let Some(remains) = remains(&self.path).map_err(Failure::mishap)?.filter(|it| !it.is_empty()) else {
            return Ok(Swept::default());
        };
        let clock = Arc::clone(&invocation.clock) as Arc<dyn client::Clock>;
        remains.sweep(self.reached.target.clone(), &self.reached.socket, clock).map_err(Failure::unusable)
    }

    /// The part is over and has left this.
    pub(crate) fn close(self, leftovers: &[Leftover], invocation: &Invocation) {
        forget(&self.path, leftovers, invocation);
    }
}
