//! The command line `scimproof`: is your server SCIM-proof?

mod args;
mod catalogue;
mod check;
mod consent;
mod console;
mod credential;
mod doctor;
mod explain;
mod failure;
mod faults;
mod files;
mod interrupt;
mod invocation;
mod journal;
mod judging;
mod load;
mod profile;
mod progress;
mod prove;
mod random;
mod reached;
mod rehearsal;
mod report;
mod samples;
mod serve;
mod served;
mod so_far;
mod sweep;
mod sync;
mod target;
mod theatre;

use std::process::ExitCode;

use crate::args::{Arguments, Verb};
use crate::failure::{Exit, Failure};

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let outcome = watched(&arguments.verb).and_then(|()| match arguments.verb {
        Verb::Check(mut options) => options.settle().and_then(|()| check::run(&options)),
        Verb::Prove(mut options) => options.settle().and_then(|()| prove::run(&options)),
        Verb::Sync(mut options) => options.settle().and_then(|()| sync::run(&options)),
        Verb::Load(mut options) => options.settle().and_then(|()| load::run(&options)),
        Verb::Doctor(mut options) => options.settle().and_then(|()| doctor::run(&options)),
        Verb::Report(options) => report::run(&options),
        Verb::Serve(options) => serve::run(&options),
        Verb::Explain(options) => explain::run(&options),
        Verb::Faults(options) => faults::run(&options),
        Verb::Sweep(mut options) => options.settle().and_then(|()| sweep::run(&options)),
    });
    let exit = outcome.unwrap_or_else(|failure: Failure| {
        console::error(&failure.to_string());
        failure.exit
    });
    if console::was_heard() { exit.into() } else { unheard(exit).into() }
}

/// Hears signals from the start, where anything is sent.
fn watched(verb: &Verb) -> Result<(), Failure> {
    match verb {
        Verb::Check(_)
        | Verb::Prove(_)
        | Verb::Sync(_)
        | Verb::Load(_)
        | Verb::Doctor(_)
        | Verb::Sweep(_) => interrupt::watch_from_the_start(),
        Verb::Report(_) | Verb::Serve(_) | Verb::Explain(_) | Verb::Faults(_) => Ok(()),
    }
}

/// What becomes of an end that nobody could read: a mishap goes before all but wrong usage and an interruption (`README.md`). What
/// it would have been is said all the same.
fn unheard(exit: Exit) -> Exit {
    match exit {
        Exit::Usage | Exit::Interrupted | Exit::Mishap => exit,
        Exit::Pass => Exit::Mishap,
        worse => {
            console::error(&format!("what is lost would have ended with exit code {}", worse.code()));
            Exit::Mishap
        }
    }
}

/// Help and version are answers, not errors; everything else is wrong usage.
fn usage(error: &clap::Error) -> ExitCode {
    // Should the terminal be gone, the exit code still tells.
    let _ = error.print();
    if error.use_stderr() { Exit::Usage.into() } else { Exit::Pass.into() }
}
