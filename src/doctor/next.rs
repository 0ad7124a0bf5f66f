//! The command that a look proposes: what whoever typed the look would type next. It has every option that still matters, the ones
//! that help, and each once.

use std::path::Path;

use record::{Diagnosis, Symptom};
use reports::curl::word;

use super::{STANDARD_OUTPUT, withheld};
use crate::args::DoctorOptions;
use crate::invocation::Subject;
use crate::{consent, credential};

/// The directory that nobody has to name.
const OUT_USUAL: &str = "scimproof-report";
/// How many requests a look is let send at least that was kept from sending more.
const REQUESTS_MIN: u64 = 1_000;

pub(super) fn next(options: &DoctorOptions, subject: &Subject, diagnosis: &Diagnosis) -> String {
    let file = options.write.as_deref().filter(|path| *path != Path::new(STANDARD_OUTPUT));
    let line = match (diagnosis.obstacle(), file) {
        (obstacle, _) if obstacle.is_some() || diagnosis.interrupted => again(options, diagnosis, obstacle),
        (_, Some(file)) => {
            let mut line = Line::new("check");
            line.set(format!("--target {}", word(&file.to_string_lossy())));
            with_reads(line, options, subject, diagnosis)
        }
        _ => with_reads(as_said("check", options, diagnosis), options, subject, diagnosis),
    };
    line.words()
}

/// The same look, with what helps.
fn again(options: &DoctorOptions, diagnosis: &Diagnosis, obstacle: Option<&Symptom>) -> Line {
    let mut line = as_said("doctor", options, diagnosis);
    if options.read_only {
        line.set("--read-only".to_owned());
    }
    if options.run.yes {
        line.set("--yes".to_owned());
    }
    if let Some(file) = &options.write {
        line.set(format!("--write {}", word(&file.to_string_lossy())));
        // What this look writes is there when the next one begins.
        let is_written = file.as_path() != Path::new(STANDARD_OUTPUT) && withheld(diagnosis).is_none();
        if options.force || is_written {
            line.set("--force".to_owned());
        }
    }
    if options.json {
        line.set("--json".to_owned());
    }
    let given = &options.run.target;
    // As few as that may be what ended this one.
    let few =
        given.max_requests.filter(|_| diagnosis.interrupted).is_some_and(|most| most.get() < REQUESTS_MIN);
    if few {
        line.set(format!("--max-requests {REQUESTS_MIN}"));
    }
    match obstacle.and_then(|obstacle| obstacle.flag.as_deref()) {
        Some(flag) if flag.starts_with("--max-requests ") => {
            let most = given.max_requests.map_or(0, |most| most.get().saturating_mul(2));
            line.set(format!("--max-requests {}", most.max(REQUESTS_MIN)));
        }
        // Whoever asks for less already is told no other pace.
        Some(flag) if flag.starts_with("--rps ") && given.rps.is_some_and(|rate| rate <= 1.0) => {}
        Some(flag) if flag.starts_with("--") => line.help(flag),
        Some(url) => line.url = Some(word(url)),
        None => {}
    }
    line
}

/// What was said of the server and what was found of it, for a command line that has it from nowhere else.
fn as_said(verb: &'static str, options: &DoctorOptions, diagnosis: &Diagnosis) -> Line {
    let (run, found) = (&options.run, &diagnosis.settings);
    let mut line = Line::new(verb);
    line.url = found.url.as_deref().or(options.url.as_deref()).map(word);
    credential::words(&run.token).into_iter().for_each(|words| line.set(words));
    run.target.words().for_each(|words| line.set(words));
    let profile = found.profile.as_deref().or(options.profile.profile.as_deref());
    profile.into_iter().for_each(|profile| line.set(format!("--profile {}", word(profile))));
    let lag = found.lag_s.max(run.lag.filter(|seconds| *seconds > 0));
    lag.into_iter().for_each(|seconds| line.set(format!("--lag {seconds}")));
    let timeout = run.timeout.or(found.timeout_s);
    timeout.into_iter().for_each(|seconds| line.set(format!("--timeout {seconds}")));
    if run.target.rps.is_none() {
        found.requests_per_second.into_iter().for_each(|rate| line.set(format!("--rps {rate}")));
    }
    let domain = found.domain.as_ref().or(run.domain.as_ref());
    domain.into_iter().for_each(|domain| line.set(format!("--domain {domain}")));
    if run.out != Path::new(OUT_USUAL) {
        line.set(format!("--out {}", word(&run.out.to_string_lossy())));
    }
    line
}

/// A check that reads alone, where the look did so and nobody said that more may be done, and where what is created stays.
fn with_reads(mut line: Line, options: &DoctorOptions, subject: &Subject, diagnosis: &Diagnosis) -> Line {
    let elsewhere = !consent::is_here(subject.target(), subject.proxy(&options.run.target))
        && diagnosis.read_only.is_some();
    if options.read_only || elsewhere || !diagnosis.leftovers.is_empty() {
        line.set("--read-only".to_owned());
    }
    line
}

/// A command line.
struct Line {
    verb: &'static str,
    url: Option<String>,
    /// Each with its value.
    options: Vec<String>,
}

impl Line {
    fn new(verb: &'static str) -> Self {
        Self { verb, url: None, options: Vec::new() }
    }

    /// Gives an option; in place of the same one, where it can be given once.
    fn set(&mut self, words: String) {
        let option = |words: &str| words.split(' ').next().unwrap_or_default().to_owned();
        let same = |known: &String| option(known) == option(&words) && option(&words) != "--header";
        match self.options.iter().position(same).and_then(|at| self.options.get_mut(at)) {
            Some(known) => *known = words,
            None => self.options.push(words),
        }
    }

    /// Takes up what helps. What stands for something that whoever reads has to fill in takes the place of nothing that is given.
    fn help(&mut self, flag: &str) {
        let (option, value) = flag.split_once(' ').unwrap_or((flag, ""));
        let is_to_fill_in = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_uppercase());
        let has = |option: &str| self.options.iter().any(|known| known.split(' ').next() == Some(option));
        // Of these two there is one.
        let is_given = has(option) || option == "--token-env" && has("--token-file");
        if !(is_to_fill_in && is_given) {
            self.set(flag.to_owned());
        }
    }

    fn words(self) -> String {
        let head = ["scimproof".to_owned(), self.verb.to_owned()];
        head.into_iter().chain(self.url).chain(self.options).collect::<Vec<_>>().join(" ")
    }
}
