//! `scimproof sweep`: removes what killed runs left behind.

use std::path::Path;
use std::sync::Arc;

use client::{Socket, SystemClock, Target};
use harness::sweep::{Remains, remains};

use crate::args::SweepOptions;
use crate::failure::{Exit, Failure};
use crate::{consent, console, credential, files};

pub(crate) fn run(options: &SweepOptions) -> Result<Exit, Failure> {
    let token = credential::token(&options.token)?;
    let journals = files::journals(&options.out)?;
    let mut exit = Exit::Pass;
    let mut swept = 0;
    let mut unreadable = 0;
    for path in journals {
        let remains = match remains(&path) {
            Ok(Some(remains)) => remains,
            Ok(None) => {
                swept += 1;
                never_began(options, &path)?;
                continue;
            }
            Err(error) => {
                // What other runs left behind need not wait for this one.
                console::error(&error.to_string());
                unreadable += 1;
                continue;
            }
        };
        let url = options.url.as_deref().unwrap_or(&remains.target);
        let target = Target::new(url).map_err(Failure::usage)?;
        if target.base() != remains.target {
            console::info(&format!("{}: made against {}, left alone", path.display(), remains.target));
            continue;
        }
        let plan = format!(
            "{}: run {} may have left {} resources on {}\n",
            path.display(),
            remains.run,
            remains.len(),
            remains.target
        );
        if options.dry_run {
            console::out(&plan);
            continue;
        }
        consent::obtain(&target, options.yes, &plan)?;
        let target = match &token {
            Some(token) => target.bearer(token.clone()),
            None => target,
        };
        swept += 1;
        if !sweep(&remains, target)? {
            exit = Exit::Failed;
        }
    }
    if unreadable > 0 {
        return Ok(Exit::Usage);
    }
    if swept == 0 && !options.dry_run {
        console::out(&format!("no journal of a killed run in {}: nothing to sweep\n", options.out.display()));
    }
    Ok(exit)
}

/// A run that was killed before it could send anything left its journal and nothing else.
fn never_began(options: &SweepOptions, path: &Path) -> Result<(), Failure> {
    console::out(&format!("{}: this run was killed before it sent anything\n", path.display()));
    if options.dry_run { Ok(()) } else { forget(path) }
}

/// Whether everything is gone; then the journal goes too.
fn sweep(remains: &Remains, target: Target) -> Result<bool, Failure> {
    let done = remains.sweep(target, &Socket, Arc::new(SystemClock::default())).map_err(Failure::mishap)?;
    console::out(&format!("run {}: {} removed, {} left\n", remains.run, done.removed, done.leftovers.len()));
    for leftover in &done.leftovers {
        console::out(&format!("  {}: {}\n", leftover.resource, leftover.reason));
    }
    if !done.leftovers.is_empty() {
        return Ok(false);
    }
    forget(&remains.path)?;
    Ok(true)
}

fn forget(journal: &Path) -> Result<(), Failure> {
    std::fs::remove_file(journal).map_err(|error| {
        Failure::mishap(format!("everything is gone, but not the journal {}: {error}", journal.display()))
    })
}
