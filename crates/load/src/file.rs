//! Files that describe loads.

use scenarios::population::Population;

use crate::description::{Action, Description, Step};
use crate::error::DescriptionError;
use crate::objective;
use crate::place::{Way, place};

/// The loads that come with the program: name and text.
const BUILT_IN: &[(&str, &str)] = &[
    ("incremental-herd", include_str!("../../../scenarios/load/incremental-herd.toml")),
    ("initial-bulk-sync", include_str!("../../../scenarios/load/initial-bulk-sync.toml")),
    ("large-group", include_str!("../../../scenarios/load/large-group.toml")),
    ("membership-storm", include_str!("../../../scenarios/load/membership-storm.toml")),
    ("short-proof", include_str!("../../../scenarios/load/short-proof.toml")),
];

/// More threads and sockets than one machine has good use for.
const JOBS_MAX: u32 = 10_000;
const TOGETHER_MAX: u32 = 1_000;

/// The names of the loads that come with the program, in alphabetical order.
#[must_use]
pub fn names() -> Vec<&'static str> {
    BUILT_IN.iter().map(|(name, _)| *name).collect()
}

/// A load that comes with the program.
///
/// # Errors
/// When there is none of this name; the message lists those that there are.
pub fn find(name: &str) -> Result<Description, DescriptionError> {
    let Some((file, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) else {
        return Err(DescriptionError::Unknown { name: name.to_owned(), known: names() });
    };
    parse(text, &format!("{file}.toml"))
}

/// Reads the description of a load; `file_name` stands in messages.
///
/// # Errors
/// When the text is no TOML, lacks something, holds something unknown, or says something that cannot be. The message opens
/// with `file:line:column`.
pub fn parse(text: &str, file_name: &str) -> Result<Description, DescriptionError> {
    parse_within(text, file_name, None)
}

/// The same, where so many requests a second may be sent and no more: no objective of the file may ask for more than that either.
///
/// # Errors
/// As [`parse`].
pub fn parse_within(
    text: &str,
    file_name: &str,
    per_second: Option<f64>,
) -> Result<Description, DescriptionError> {
    let description: Description =
        toml::from_str(text).map_err(|cause| malformed(text, file_name, &cause))?;
    match complaint(&description, per_second) {
        None => Ok(description),
        Some(Complaint { shows, message, hint }) => {
            Err(at(text, file_name, place(text, &shows), message, hint))
        }
    }
}

/// The published JSON Schema of such a file.
#[must_use]
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(Description).to_value()
}

/// Something that cannot be, with the way to what shows it best.
pub(crate) struct Complaint {
    shows: Vec<Way>,
    pub(crate) message: String,
    hint: String,
}

fn complain(shows: Vec<Way>, message: impl Into<String>, hint: impl Into<String>) -> Option<Complaint> {
    Some(Complaint { shows, message: message.into(), hint: hint.into() })
}

/// A complaint about a key of the root.
fn about(key: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Option<Complaint> {
    complain(vec![Way::Key(key)], message, hint)
}

/// A complaint about a key of a table.
fn within(table: &'static str, key: &'static str, message: &str, hint: &str) -> Option<Complaint> {
    complain(vec![Way::Key(table), Way::Key(key)], message, hint)
}

/// What is wrong with a description although its form is right.
pub(crate) fn complaint(description: &Description, per_second: Option<f64>) -> Option<Complaint> {
    let Description { jobs, together, population, pace, caps, .. } = description;
    if !(1..=JOBS_MAX).contains(jobs) {
        return about("jobs", format!("{jobs} jobs"), format!("from 1 to {JOBS_MAX}"));
    }
    if !(1..=TOGETHER_MAX).contains(together) {
        return about("together", format!("{together} at a time"), format!("from 1 to {TOGETHER_MAX}"));
    }
    if !(0.001..=100_000.0).contains(&pace.rate) {
        return within("pace", "rate", "a rate out of range", "from 0.001 to 100000 a second");
    }
    if !(0.001..=1_000_000.0).contains(&caps.rate) {
        return within("caps", "rate", "a ceiling out of range", "from 0.001 to 1000000 requests a second");
    }
    if !(0.0..=86_400.0).contains(&pace.ramp_s) {
        return within("pace", "ramp_s", "a ramp out of range", "from 0 seconds to a day");
    }
    for (table, key, number) in [
        ("pace", "in_flight", u64::from(pace.in_flight)),
        ("caps", "requests", caps.requests),
        ("caps", "seconds", caps.seconds),
    ] {
        if number == 0 {
            return within(table, key, "nothing could be sent", "at least 1");
        }
    }
    if let Err(error) = Population::new(0, population.clone()) {
        return about("population", error.to_string(), "smaller numbers, or other ones that go together");
    }
    if description.steps.is_empty() {
        return about("steps", "there is nothing to do", "add [[steps]] with an action");
    }
    let ceiling = per_second.map_or(caps.rate, |rate| rate.min(caps.rate));
    for (index, text) in description.objectives.iter().enumerate() {
        if let Err(error) = objective::parse_under(ceiling, text) {
            return complain(vec![Way::Key("objectives"), Way::At(index)], error.message, error.hint);
        }
    }
    steps(description).find_map(|(way, step)| unsuitable(way, step)).or_else(|| missing(description))
}

/// Every step, and the way to it.
fn steps(description: &Description) -> impl Iterator<Item = ([Way; 2], &Step)> {
    let of = |key, steps: &'_ [Step]| {
        (0..steps.len()).map(move |index| [Way::Key(key), Way::At(index)]).collect::<Vec<_>>()
    };
    let ways = of("prepare", &description.prepare).into_iter().chain(of("steps", &description.steps));
    ways.zip(description.prepare.iter().chain(&description.steps))
}

/// A setting that an action knows nothing of, or a number that makes no sense.
fn unsuitable(way: [Way; 2], step: &Step) -> Option<Complaint> {
    let action = step.action.as_str();
    let at = |key: &'static str| [way.as_slice(), &[Way::Key(key)]].concat();
    let odd = |setting: &'static str, of: &str| {
        complain(at(setting), format!("{action} has no {setting}"), format!("{setting} belongs to {of}"))
    };
    match step.action {
        Action::CreateUsers | Action::CreateGroups => {}
        _ if step.probe.is_some() => return odd("probe", "create-users and create-groups"),
        _ => {}
    }
    if step.action != Action::AddMembers && step.per_request.is_some() {
        return odd("per_request", "add-members");
    }
    let repeats = matches!(step.action, Action::FindUsers | Action::ReadUsers | Action::Cycles);
    if !repeats && step.times.is_some() {
        return odd("times", "find-users, read-users and cycles");
    }
    if step.per_request.is_some_and(|number| !(1..=10_000).contains(&number)) {
        return complain(at("per_request"), "members of one request out of range", "from 1 to 10000");
    }
    if step.times.is_some_and(|number| !(1..=1_000_000).contains(&number)) {
        return complain(at("times"), "repetitions out of range", "from 1 to 1000000");
    }
    None
}

/// A step that works on what no step before it has made.
fn missing(description: &Description) -> Option<Complaint> {
    let mut done: Vec<Action> = Vec::new();
    for (way, step) in steps(description) {
        let shows = || [way.as_slice(), &[Way::Key("action"), Way::Value]].concat();
        let needs: &[Action] = match step.action {
            Action::CreateUsers | Action::CreateGroups => &[],
            Action::SetManagers | Action::FindUsers | Action::ReadUsers => &[Action::CreateUsers],
            Action::AddMembers => &[Action::CreateUsers, Action::CreateGroups],
            Action::Cycles if description.population.groups == 0 => &[Action::CreateUsers],
            Action::Cycles => &[Action::CreateUsers, Action::CreateGroups, Action::AddMembers],
        };
        let action = step.action.as_str();
        if let Some(need) = needs.iter().find(|need| !done.contains(need)) {
            let need = need.as_str();
            return complain(
                shows(),
                format!("{action} comes before {need}"),
                format!("put {need} before it"),
            );
        }
        let once = !matches!(step.action, Action::FindUsers | Action::ReadUsers);
        if once && done.contains(&step.action) {
            return complain(shows(), format!("{action} comes twice"), "leave one of them out");
        }
        done.push(step.action);
    }
    None
}

fn malformed(text: &str, file: &str, cause: &toml::de::Error) -> DescriptionError {
    let message = cause.message().to_owned();
    let hint = if message.starts_with("unknown field") || message.starts_with("unknown variant") {
        "remove the line, or correct its name to one of those listed"
    } else if message.starts_with("missing field") {
        "add the line; docs/load.schema.json lists what belongs where"
    } else if message.starts_with("invalid type") || message.starts_with("invalid value") {
        "write a value of the form and in the range that are expected"
    } else {
        "the file is TOML; see https://toml.io"
    };
    at(text, file, cause.span().map_or(0, |span| span.start), message, hint.to_owned())
}

fn at(text: &str, file: &str, offset: usize, message: String, hint: String) -> DescriptionError {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    DescriptionError::Malformed { file: file.to_owned(), line, column, message, hint }
}
