//! `scimproof sweep`: removes what killed runs left behind.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use client::SystemClock;
use harness::sweep::{Remains, SweepError, remains};

use crate::args::SweepOptions;
use crate::failure::{Exit, Failure};
use crate::reached::{self, Reached};
use crate::{consent, console, credential, files};

pub(crate) fn run(options: &SweepOptions) -> Result<Exit, Failure> {
    let has_token = credential::token(&options.token)?.is_some();
    let Found { remains, unbegun, unreadable } = find(options)?;
    if has_token && options.url.is_none() {
        one_target(&remains)?;
    }
    for path in &unbegun {
        never_began(options, path)?;
    }
    let mut exit = Exit::Pass;
    let mut swept = unbegun.len();
    let mut elsewhere = 0_usize;
    for remains in remains {
        let url = options.url.as_deref().unwrap_or(&remains.target);
        let target = reached::at(url, &options.target)?;
        if target.base() != remains.target {
            let path = remains.path.display();
            console::info(&format!("{path}: made against {}, left alone", remains.target));
            elsewhere += 1;
            continue;
        }
        let plan = plan(&remains);
        if options.dry_run {
            console::out(&plan);
            continue;
        }
        consent::obtain(&target, options.yes, &plan)?;
        let reached = Reached::open(url, &options.token, &options.target)?;
        swept += 1;
        match sweep(&remains, reached)? {
            Exit::Pass => {}
            // What cannot be reached matters more than what could not be removed.
            worse if exit != Exit::Unusable => exit = worse,
            _ => {}
        }
    }
    if unreadable > 0 {
        return Ok(Exit::Usage);
    }
    if elsewhere > 0 && swept == 0 {
        let journals = if elsewhere == 1 { "1 journal is" } else { &format!("{elsewhere} journals are") };
        let advice = "name the server that it was made against: scimproof sweep <URL>";
        return Err(Failure::usage(format!("nothing was swept: {journals} of another server; {advice}")));
    }
    if swept == 0 && !options.dry_run {
        console::out(&format!("no journal of a killed run in {}: nothing to sweep\n", options.out.display()));
    }
    Ok(exit)
}

/// What a directory holds.
struct Found {
    remains: Vec<Remains>,
    /// Journals of runs that were killed before they could send anything.
    unbegun: Vec<PathBuf>,
    /// How many files are no journals for all their names.
    unreadable: usize,
}

fn find(options: &SweepOptions) -> Result<Found, Failure> {
    let mut found = Found { remains: Vec::new(), unbegun: Vec::new(), unreadable: 0 };
    for path in files::journals(&options.out)? {
        match remains(&path) {
            Ok(Some(remains)) => found.remains.push(remains),
            Ok(None) => found.unbegun.push(path),
            Err(error) => {
                // What other runs left behind need not wait for this one.
                console::error(&error.to_string());
                found.unreadable += 1;
            }
        }
    }
    Ok(found)
}

/// A journal is a file that anybody may have written: it does not choose where a credential travels.
fn one_target(remains: &[Remains]) -> Result<(), Failure> {
    let targets: BTreeSet<&str> = remains.iter().map(|remains| remains.target.as_str()).collect();
    if targets.len() < 2 {
        return Ok(());
    }
    let targets: Vec<&str> = targets.into_iter().collect();
    Err(Failure::usage(format!(
        "the journals name more than one server: {}; name the one that the token is for: scimproof sweep <URL>",
        targets.join(", ")
    )))
}

fn plan(remains: &Remains) -> String {
    format!(
        "{}: run {} may have left {} resources on {}\n",
        remains.path.display(),
        remains.run,
        remains.len(),
        remains.target
    )
}

/// A run that was killed before it could send anything left its journal and nothing else.
fn never_began(options: &SweepOptions, path: &Path) -> Result<(), Failure> {
    console::out(&format!("{}: this run was killed before it sent anything\n", path.display()));
    if options.dry_run { Ok(()) } else { forget(path) }
}

/// Where everything is gone the journal goes too.
fn sweep(remains: &Remains, reached: Reached) -> Result<Exit, Failure> {
    let done = match remains.sweep(reached.target, &reached.socket, Arc::new(SystemClock::default())) {
        Ok(done) => done,
        Err(SweepError::Unusable(unusable)) => {
            console::error(&format!("{}: nothing swept: {unusable}", remains.path.display()));
            return Ok(Exit::Unusable);
        }
        Err(error) => return Err(Failure::mishap(error)),
    };
    let already = if done.gone > 0 { format!("{} already gone, ", done.gone) } else { String::new() };
    console::out(&format!(
        "run {}: {} removed, {already}{} left\n",
        remains.run,
        done.removed,
        done.leftovers.len()
    ));
    for leftover in &done.leftovers {
        console::out(&format!("  {}: {}\n", leftover.resource, leftover.reason));
    }
    if !done.leftovers.is_empty() {
        return Ok(Exit::Failed);
    }
    forget(&remains.path)?;
    Ok(Exit::Pass)
}

fn forget(journal: &Path) -> Result<(), Failure> {
    std::fs::remove_file(journal).map_err(|error| {
        Failure::mishap(format!("everything is gone, but not the journal {}: {error}", journal.display()))
    })
}
