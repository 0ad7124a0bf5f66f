//! `scimproof doctor`: what a server is, what it claims and what works, what would block a run, and the target file that goes
//! around that.

mod next;
mod target_file;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use harness::RunError;
use harness::doctor::{Look, look};
use record::{Diagnosis, Tool};

use crate::args::DoctorOptions;
use crate::failure::{Exit, Failure};
use crate::invocation::{Invocation, Subject};
use crate::{consent, console, files, journal, profile, samples};

/// The file that is standard output.
const STANDARD_OUTPUT: &str = "-";

pub(crate) fn run(options: &DoctorOptions) -> Result<Exit, Failure> {
    let profile = profile::load_for(options.profile.name(), &options.run)?;
    can_write(options)?;
    let subject = Subject::open(options.url.as_deref(), &options.run, &profile)?;
    let read_only = read_only(options, &subject);
    if options.run.dry_run {
        console::out(&plan(options, &subject, read_only.as_deref())?);
        return Ok(Exit::Pass);
    }
    samples::doubts(&options.run, &subject.reached, &profile);
    let out = KeepsJournals::prepare(&options.run.out, read_only.is_none())?;
    let invocation = Invocation::begin(&options.run, None)?;
    invocation.within_limits_of(subject.target());
    let begun = read_only.is_none().then(|| journal::begin(&invocation, "", subject.target())).transpose();
    let journal = match begun {
        Ok(journal) => journal.map(Arc::new),
        Err(failure) => {
            out.close();
            return Err(failure);
        }
    };
    let how = Look {
        tool: Tool { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        info: subject.info(&profile.name),
        run: invocation.id.clone(),
        seed: invocation.seed,
        read_only,
        profile,
        by_proxy: options.run.target.proxy.is_some(),
        journal: journal.clone(),
        overrides: options.run.target.overrides()?,
        cancel: invocation.cancel.clone(),
    };
    let clock = Arc::clone(&invocation.clock) as Arc<dyn client::Clock>;
    let target = subject.target().clone();
    let seen = look(target, Arc::new(subject.reached.socket.clone()), clock, how);
    match (journal, &seen) {
        (Some(journal), Ok(seen)) => journal::forget(journal.path(), &seen.leftovers, &invocation),
        // Nothing was created yet.
        (Some(journal), Err(RunError::Cancelled)) => journal::forget(journal.path(), &[], &invocation),
        // What a mishap left, nobody counted: the journal tells a sweep.
        (Some(_), Err(_)) => {
            console::info(&format!("what may be left behind is removed with: {}", invocation.sweep));
        }
        (None, _) => {}
    }
    out.close();
    let mut diagnosis = seen.map_err(|error| unseen(&error, &invocation))?;
    diagnosis.next = next::next(options, &subject, &diagnosis);
    tell(options, &subject, &diagnosis)?;
    subject.close();
    Ok(exit(&diagnosis, &invocation))
}

/// Why nothing was seen.
fn unseen(error: &RunError, invocation: &Invocation) -> Failure {
    match (error, invocation.cancel.reason()) {
        (RunError::Cancelled, Some(reason)) => Failure::inconclusive(reason),
        (RunError::Cancelled, None) => {
            Failure::interrupted("INTERRUPTED: stopped before anything was known of the server")
        }
        _ => Failure::mishap(error),
    }
}

/// The directory of the journal; one that is made for it goes with it.
struct KeepsJournals {
    made: Option<PathBuf>,
}

impl KeepsJournals {
    fn prepare(dir: &Path, writes: bool) -> Result<Self, Failure> {
        if !writes || dir.exists() {
            return Ok(Self { made: None });
        }
        std::fs::create_dir_all(dir)
            .map_err(|error| files::unwritten(&format!("--out {}", dir.display()), &error))?;
        Ok(Self { made: Some(dir.to_owned()) })
    }

    /// Where a journal stays, the directory is not empty and stays with it.
    fn close(self) {
        if let Some(dir) = self.made {
            let _ = std::fs::remove_dir(dir);
        }
    }
}

/// Why nothing may be written; none where it may.
fn read_only(options: &DoctorOptions, subject: &Subject) -> Option<String> {
    if options.read_only {
        return Some("--read-only".to_owned());
    }
    let may = consent::is_here(subject.target(), subject.proxy(&options.run.target)) || options.run.yes;
    (!may).then(|| {
        "the server is not on this machine; with --yes two users and a group are created, tried and removed".to_owned()
    })
}

fn plan(options: &DoctorOptions, subject: &Subject, read_only: Option<&str>) -> Result<String, Failure> {
    let what = if subject.is_bundled() { "the bundled server" } else { subject.target().base() };
    let writes = match read_only {
        Some(why) => format!("nothing is written: {why}"),
        None => format!(
            "two users and a group are created under names that begin with {:?}, tried and removed; some more users where the \
             first is refused",
            harness::PREFIX
        ),
    };
    let settings = options.run.plan(Some(subject.target()))?;
    let timeout_s = options.run.timeout_s();
    Ok(format!(
        "Plan for {what}:\n  discovery documents and lists are read, some 20 requests, {timeout_s} s for each\n  {writes}\n{settings}"
    ))
}

/// Makes sure, before anything is sent, that the target file can be written.
fn can_write(options: &DoctorOptions) -> Result<(), Failure> {
    let Some(path) = options.write.as_deref() else { return Ok(()) };
    if path == Path::new(STANDARD_OUTPUT) {
        return match options.json {
            true => {
                Err(Failure::usage("--json and --write - both write to standard output: name a file for one"))
            }
            false => Ok(()),
        };
    }
    if path.exists() && !options.force {
        return Err(Failure::usage(format!(
            "--write {}: it is there already; --force replaces it",
            path.display()
        )));
    }
    match path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        Some(folder) => Err(Failure::usage(format!(
            "--write {}: there is no folder {}",
            path.display(),
            folder.display()
        ))),
        None => Ok(()),
    }
}

/// What keeps everything from being known of a server, its port included: a target file would only repeat the command line.
const UNHEARD: &[&str] = &["nobody-listens", "name-unknown"];

/// Whether nothing is known of a server but that nobody answered.
fn is_unheard(diagnosis: &Diagnosis) -> bool {
    diagnosis.obstacle().is_some_and(|obstacle| UNHEARD.contains(&obstacle.name.as_str()))
}

/// Why no target file is written of what is known; none where one is.
fn withheld(diagnosis: &Diagnosis) -> Option<&'static str> {
    if is_unheard(diagnosis) {
        return Some("nothing answered, so there is nothing to say of it");
    }
    // Who set a limit knew that the look might end there, and gets what it came to.
    let is_stopped = diagnosis.interrupted && diagnosis.limit.is_none();
    is_stopped.then_some("it was stopped, and half of what there is to say would be taken for all of it")
}

fn tell(options: &DoctorOptions, subject: &Subject, diagnosis: &Diagnosis) -> Result<(), Failure> {
    let report = || reports::terminal::diagnosis(diagnosis, console::style());
    let show = || -> Result<(), Failure> {
        match options.json {
            true => console::document(&json(diagnosis)?),
            false => console::out(&report()),
        }
        Ok(())
    };
    let Some(path) = options.write.as_deref() else { return show() };
    let withheld = withheld(diagnosis);
    if path == Path::new(STANDARD_OUTPUT) {
        if withheld.is_none() {
            console::document(&target_file::render(options, subject, diagnosis, None));
        }
        console::info(report().trim_end());
        return Ok(());
    }
    if let Some(why) = withheld {
        show()?;
        console::info(&format!("not written: {}: {why}", path.display()));
        return Ok(());
    }
    let text = target_file::render(options, subject, diagnosis, path.parent());
    files::put(path, &text)
        .map_err(|error| Failure::mishap(format!("cannot write {}: {error}", path.display())))?;
    show()?;
    if !options.json {
        console::out(&format!("written: {}\n", path.display()));
    }
    Ok(())
}

fn json(diagnosis: &Diagnosis) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(diagnosis)
        .map_err(|error| Failure::mishap(format!("cannot render the diagnosis: {error}")))?;
    Ok(format!("{text}\n"))
}

fn exit(diagnosis: &Diagnosis, invocation: &Invocation) -> Exit {
    if diagnosis.interrupted {
        return match invocation.cancel.reason() {
            Some(reason) => {
                console::error(reason);
                Exit::Inconclusive
            }
            None => Exit::Interrupted,
        };
    }
    match diagnosis.obstacle() {
        Some(_) => Exit::Unusable,
        None if !diagnosis.leftovers.is_empty() => Exit::Failed,
        None => Exit::Pass,
    }
}
