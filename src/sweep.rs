//! `scimproof sweep`: removes what killed runs left behind.

use std::collections::BTreeSet;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use client::SystemClock;
use harness::sweep::{Remains, SweepError, is_by_hand, remains};
use record::Leftover;
use reports::curl::word;

use crate::args::SweepOptions;
use crate::failure::{Exit, Failure};
use crate::journal::for_hands;
use crate::reached::{self, Reached};
use crate::{consent, console, credential, files, interrupt};

/// How many requests it takes at most to remove one resource, and to find out before that what the server offers.
const REQUESTS_FOR_ONE: u64 = 4;
const REQUESTS_BEFORE: u64 = 20;

pub(crate) fn run(options: &SweepOptions) -> Result<Exit, Failure> {
    let has_token = credential::token(&options.token)?.is_some();
    let Found { remains, unbegun, unreadable } = find(options)?;
    if has_token && options.url.is_none() {
        one_target(&remains)?;
    }
    interrupt::hear(|_| interrupt::leave("stopped: what is left is removed by the same command again"));
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
        consent::obtain(&target, options.target.proxy.as_deref(), options.yes, &plan)?;
        let reached = Reached::open(url, &options.token, &options.target)?;
        swept += 1;
        match sweep(&remains, reached, options)? {
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
fn sweep(remains: &Remains, reached: Reached, options: &SweepOptions) -> Result<Exit, Failure> {
    let target = reached.target.clone();
    let done = match remains.sweep(reached.target, &reached.socket, Arc::new(SystemClock::default())) {
        Ok(done) => done,
        Err(SweepError::Unusable(_)) if target.spent().is_some() => {
            let what = at_the_limit(remains.len(), remains, options);
            console::error(&format!("{}: nothing swept: {what}", remains.path.display()));
            return Ok(Exit::Failed);
        }
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
    let limit = target.spent();
    for Leftover { resource, reason } in &done.leftovers {
        let reason = if limit.as_ref() == Some(reason) { "its turn did not come" } else { reason };
        console::out(&format!("  {resource}: {reason}\n"));
    }
    if limit.is_some() && !done.leftovers.is_empty() {
        console::error(&at_the_limit(done.leftovers.len(), remains, options));
    }
    if !done.leftovers.is_empty() {
        if done.leftovers.iter().all(is_by_hand) {
            let left = for_hands(done.leftovers.len());
            console::info(&format!("{left}, and then the journal {}", remains.path.display()));
        }
        return Ok(Exit::Failed);
    }
    forget(&remains.path)?;
    Ok(Exit::Pass)
}

/// What to do where the limit of requests kept a sweep from its end.
fn at_the_limit(left: usize, remains: &Remains, options: &SweepOptions) -> String {
    let number = options.target.max_requests.map_or(0, NonZeroU64::get);
    let mut words = vec!["scimproof sweep".to_owned(), word(&remains.target)];
    words.push(format!("--out {}", word(&options.out.to_string_lossy())));
    words.extend(credential::words(&options.token));
    let left = u64::try_from(left).unwrap_or(u64::MAX);
    let enough = left.saturating_mul(REQUESTS_FOR_ONE).saturating_add(REQUESTS_BEFORE);
    words.extend(options.target.limited_to(enough).words());
    words.extend(options.yes.then(|| "--yes".to_owned()));
    format!("the limit of {number} requests is reached; what is left is removed with: {}", words.join(" "))
}

fn forget(journal: &Path) -> Result<(), Failure> {
    std::fs::remove_file(journal).map_err(|error| {
        Failure::mishap(format!("everything is gone, but not the journal {}: {error}", journal.display()))
    })
}
