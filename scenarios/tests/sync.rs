//! Every scenario file, played against the bundled server in this process: each is a trial of its own.

#![expect(clippy::expect_used, reason = "a trial fails by panicking, like a test")]

use std::sync::Arc;

use client::{InProcess, Recorder, Silence, SystemClock, Target};
use libtest_mimic::{Arguments, Failed, Trial};
use record::ExpectationOutcome;
use reference_server::ReferenceServer;
use scenarios::entra::ClientKind;
use scenarios::file;
use scenarios::play::{Options, Played, Venue, play};

fn main() {
    let mut trials = Vec::new();
    for name in file::names() {
        trials.push(Trial::test(name, move || ends_as_it_says(name, None)));
        let flag = Some(ClientKind::EntraFlag);
        trials.push(Trial::test(format!("{name}, with the flag"), move || ends_as_it_says(name, flag)));
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Plays a scenario against the server of its profile.
fn played(name: &str, client: Option<ClientKind>) -> Played {
    let scenario = file::find(name).expect("a scenario");
    let service =
        ReferenceServer::builder().profile(&scenario.app.profile).seed(1).service().expect("a server");
    let base = format!("http://localhost{}", service.base_path());
    let venue = Venue {
        target: Target::new(&base).expect("a base URL").bearer(service.token().clone()),
        connect: Arc::new(InProcess::new(service)),
        recorder: Recorder::new(record::Redactor::default()),
        clock: Arc::new(SystemClock::new()),
        silence: Silence::default(),
    };
    let options = Options { run: "r7f3".to_owned(), client, domain: None, timeout: None };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime
        .block_on(play(&scenario, &venue, &options, &client::Cancel::default()))
        .expect("a scenario that begins")
}

/// What is wrong where a title names a day of the week and the step's date is another.
fn another_day(step: &record::Step) -> Option<String> {
    let at: jiff::Timestamp = step.at.parse().expect("a moment");
    let day = at.strftime("%A").to_string();
    let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let named = days.into_iter().find(|day| step.title.contains(day))?;
    (named != day).then(|| format!("{:?} begins at {}, on a {day}", step.title, step.at))
}

fn ends_as_it_says(name: &str, client: Option<ClientKind>) -> Result<(), Failed> {
    let played = played(name, client);
    let mut said = Vec::new();
    said.extend(played.scenario.stopped.iter().map(|stopped| format!("stopped: {}", stopped.reason)));
    for step in &played.scenario.steps {
        said.extend(another_day(step));
        for expectation in &step.expectations {
            let claim = format!("{}: {}", step.title, expectation.claim);
            match &expectation.outcome {
                ExpectationOutcome::Held => {}
                ExpectationOutcome::Missed { expected, actual } => {
                    said.push(format!("{claim}\n  expected {expected}\n  actually {actual}"));
                }
                ExpectationOutcome::Unjudged { reason } => {
                    said.push(format!("{claim}\n  unjudged: {reason}"));
                }
            }
        }
    }
    said.extend(played.leftovers.iter().map(|leftover| format!("left over: {leftover:?}")));
    if played.created != played.removed {
        said.push(format!("{} were created and {} removed", played.created, played.removed));
    }
    if said.is_empty() { Ok(()) } else { Err(said.join("\n").into()) }
}
