//! The run as SARIF 2.1.0, as code scanning reads it: a result for each root cause, a rule for each check that it names.

mod model;
mod results;

use std::time::Duration;

use record::{Conclusion, Run};

use crate::{Error, digest, headline, text};
use model::{
    ArtifactLocation, Details, Driver, Invocation, Log, Message, Notification, Properties, Tool, Uris,
};

const VERSION: &str = "2.1.0";
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name that results use for the target's base URL, so that they say the same of a server that has moved.
const BASE: &str = "TARGET";
/// The format's word for what has to be mended, and for what went wrong with the run itself.
const ERROR: &str = "error";
const WARNING: &str = "warning";
const NOTE: &str = "note";

/// The run as a SARIF log. What is broken is a result, the worse ones of level `error`; what is blocked is a result of
/// kind `open`; what is waived is a result that is suppressed, with the reason. Checks with one root cause are one result,
/// which names the others as related locations. A mishap of our own, what was left behind and what could not be tested at
/// all are notifications of the invocation, so that none of them is taken for a defect of the target. `fingerprints` hold
/// what makes a result the same one in another run.
///
/// # Errors
/// [`Error::Json`] if the log cannot be serialised.
pub fn render(run: &Run) -> Result<String, Error> {
    let found = results::of(run);
    let log = Log {
        schema: SCHEMA,
        version: VERSION,
        runs: [model::Run {
            tool: Tool {
                driver: Driver {
                    name: text::line(&run.tool.name),
                    semantic_version: text::line(&run.tool.version),
                    rules: found.rules,
                },
            },
            automation_details: Details {
                id: format!("{}/{}/{}", text::line(&run.tool.name), text::line(&run.target.profile), run.id),
                description: Message::of(headline::sentence(run)),
            },
            invocations: [invocation(run)],
            original_uri_base_ids: Uris { target: ArtifactLocation::base(&run.target.url) },
            results: found.results,
            column_kind: "unicodeCodePoints",
            properties: Properties {
                profile: text::line(&run.target.profile),
                asked: run.sync.as_ref().and_then(digest::asked_in),
                seed: run.seed,
                verdict: headline::sentence(run),
            },
        }],
    };
    let mut text = serde_json::to_string_pretty(&log).map_err(Error::Json)?;
    text.push('\n');
    Ok(text)
}

fn invocation(run: &Run) -> Invocation {
    let unjudged = run.unjudged.iter().map(|reason| Notification::of(ERROR, reason));
    let mishaps = digest::mishaps(run)
        .into_iter()
        .map(|(whose, mishap)| Notification::of(ERROR, &format!("{whose}: a mishap of our own: {mishap}")));
    let left = digest::leftovers(run).map(|left| {
        let told = format!("{} is left behind on the target: {}", left.resource, left.reason);
        Notification::of(WARNING, &told)
    });
    let waivers = run.checks.iter().flat_map(digest::idle_waivers);
    let waivers = waivers.map(|waiver| Notification::of(WARNING, &digest::idle(waiver)));
    // What a result says of itself is `new` or `unchanged`; what fails no more, or only warns now, has nothing to say it by.
    let changes = digest::histories(run).flat_map(|history| {
        let changes = history.changes().into_iter();
        let told =
            changes.filter(|(word, .., marks)| matches!(*word, "lost" | "mended") && !marks.is_empty());
        told.map(move |(word, meaning, marks)| {
            let marks: Vec<String> = marks.iter().map(ToString::to_string).collect();
            format!("{}: {word}, it {meaning}: {}", history.heading(), marks.join(", "))
        })
    });
    let changes = changes.map(|told| Notification::of(NOTE, &told));
    let began = run.started.parse::<jiff::Timestamp>().ok();
    let ended = began.and_then(|began| began.checked_add(Duration::from_millis(run.duration_ms)).ok());
    Invocation {
        command_line: text::line(&run.command),
        execution_successful: run.unjudged.is_none()
            && !matches!(run.conclusion(), Some(Conclusion::Mishap | Conclusion::Interrupted) | None),
        start_time_utc: began.map(|at| at.to_string()),
        end_time_utc: ended.map(|at| at.to_string()),
        tool_execution_notifications: unjudged
            .chain(mishaps)
            .chain(left)
            .chain(waivers)
            .chain(changes)
            .collect(),
    }
}
