use std::collections::BTreeMap;

use record::{Breach, CheckResult, Checks, Exchange, Header, Level, Run, Verdict};

use super::model::{
    ArtifactLocation, Configuration, Content, Help, Location, LogicalLocation, Message, Outcome,
    PhysicalLocation, Rule, Suppression, Tags, WebRequest, WebResponse,
};
use super::{ERROR, WARNING};
use crate::digest::{self, Cause, Demand, Operation};
use crate::text;

/// How much of what was expected, and of what came, a message tells.
const TOLD_CHARS_MAX: usize = 600;
/// How much of a body is shown; the run file holds the rest.
const BODY_CHARS_MAX: usize = 4_000;
/// How many checks that have the same cause are named.
const RELATED_MAX: usize = 100;
/// What a fingerprint is called; a new number would make every result a new one.
const FINGERPRINT: &str = "scimproof/v1";
/// The format's words for a result that accuses, and for one that cannot tell.
const FAIL: &str = "fail";
const OPEN: &str = "open";
const NONE: &str = "none";

/// The results and the rules that they are about.
#[derive(Default)]
pub(super) struct Found {
    pub(super) results: Vec<Outcome>,
    pub(super) rules: Vec<Rule>,
}

pub(super) fn of(run: &Run) -> Found {
    let mut found = Found::default();
    if let Some(checks) = &run.checks {
        let told = Told { run, checks };
        let causes = digest::causes(run, checks);
        // A mishap of our own is told among the notifications.
        for cause in causes.iter().filter(|cause| !matches!(cause.lead.verdict, Verdict::Error { .. })) {
            let rule_index = found.rule(&cause.lead.id, || rule(cause.lead));
            found.results.push(told.cause(cause, rule_index));
        }
        for result in &checks.results {
            if let Verdict::Waived { by, reason, .. } = &result.verdict {
                let rule_index = found.rule(&result.id, || rule(result));
                found.results.push(told.waived(result, rule_index, by, reason));
            }
        }
    }
    for demand in digest::demands(run) {
        let id = format!("{}.{}", demand.part, text::line(demand.of));
        let rule_index = found.rule(&id, || rule_of(&id, &demand));
        found.results.push(self::demand(&demand, id, rule_index));
    }
    found
}

impl Found {
    /// Where a rule stands in the list; one that is not there yet is added.
    fn rule(&mut self, id: &str, rule: impl FnOnce() -> Rule) -> usize {
        let id = text::line(id);
        self.rules.iter().position(|known| known.id == id).unwrap_or_else(|| {
            self.rules.push(rule());
            self.rules.len() - 1
        })
    }
}

/// What a result about checks is told from.
struct Told<'a> {
    run: &'a Run,
    checks: &'a Checks,
}

impl Told<'_> {
    fn cause(&self, cause: &Cause<'_>, rule_index: usize) -> Outcome {
        let result = cause.lead;
        let mut outcome = self.result(result, rule_index);
        outcome.baseline_state = digest::novelty_of(self.checks, cause).map(state);
        if let Some(told) = &cause.told {
            outcome.message.text = format!("{told}. {}", outcome.message.text);
        }
        if let Some(others) = cause.also(RELATED_MAX) {
            let count = text::count(cause.others.len(), "other check", "other checks");
            outcome.message.text.push_str(&format!(" The same cause in {count}: {others}."));
        }
        if let Some(operation) = &cause.operation {
            outcome.partial_fingerprints = fingerprint(format!("{operation} does not work"));
        }
        outcome.related_locations = cause
            .others
            .iter()
            .take(RELATED_MAX)
            .map(|other| Location {
                physical_location: None,
                logical_locations: vec![logical(&other.id, &other.id, "member")],
                message: Some(Message::of(text::line(&other.title))),
            })
            .collect();
        outcome
    }

    fn waived(&self, result: &CheckResult, rule_index: usize, by: &str, reason: &str) -> Outcome {
        let suppression = Suppression {
            kind: "external",
            status: "accepted",
            justification: text::line(&format!("{reason} ({by})")),
        };
        Outcome { suppressions: vec![suppression], ..self.result(result, rule_index) }
    }

    fn result(&self, result: &CheckResult, rule_index: usize) -> Outcome {
        let lead = digest::lead(result);
        let (number, mark, place, told) = match (&result.verdict, lead) {
            (Verdict::Blocked { cause }, _) => {
                (cause.exchange, format!("{} blocked", result.id), None, blocked(&cause.message))
            }
            (_, Some(finding)) => {
                let expected = text::fit(&finding.expected, TOLD_CHARS_MAX);
                let actual = text::fit(&finding.actual, TOLD_CHARS_MAX);
                let told = format!("expected {expected} ({}), but got {actual}.", digest::places(finding));
                (
                    finding.exchange,
                    finding.mark(&result.id).to_string(),
                    Some(finding.at.without_positions()),
                    told,
                )
            }
            (_, None) => (None, result.id.clone(), None, "no finding.".to_owned()),
        };
        let lapsed = digest::lapsed(self.checks, result);
        let lapsed = lapsed.map(|lapsed| format!(" Its waiver is {lapsed}.")).unwrap_or_default();
        let exchange = number.and_then(|number| self.checks.exchange(number));
        let is_open = matches!(result.verdict, Verdict::Blocked { .. });
        Outcome {
            rule_id: text::line(&result.id),
            rule_index,
            kind: if is_open { OPEN } else { FAIL },
            level: if is_open { NONE } else { level(lead.map(|finding| finding.breach)) },
            message: Message::of(format!("{}: {told}{lapsed}", text::line(&result.title))),
            locations: [self.location(exchange, place)],
            related_locations: Vec::new(),
            partial_fingerprints: fingerprint(mark),
            baseline_state: None,
            suppressions: Vec::new(),
            web_request: exchange.map(request),
            web_response: exchange.map(response),
        }
    }

    /// Where somebody has to look: the endpoint, the kind of request, and the place in its answer.
    fn location(&self, exchange: Option<&Exchange>, place: Option<String>) -> Location {
        let operation = exchange.map(|exchange| Operation::of(exchange, &self.run.target.url));
        let shown = operation.as_ref().map_or_else(|| "the run".to_owned(), ToString::to_string);
        let mut logical_locations = vec![logical(&shown, &shown, "resource")];
        logical_locations.extend(place.map(|place| logical(&place, &format!("{shown} {place}"), "property")));
        let endpoint = operation.as_ref().map(Operation::endpoint).filter(|endpoint| !endpoint.is_empty());
        Location {
            physical_location: Some(PhysicalLocation {
                artifact_location: ArtifactLocation::below(&text::line(endpoint.unwrap_or("."))),
            }),
            logical_locations,
            message: None,
        }
    }
}

fn blocked(message: &str) -> String {
    format!("could not be judged: {}.", text::fit(message, TOLD_CHARS_MAX))
}

fn demand(demand: &Demand<'_>, rule_id: String, rule_index: usize) -> Outcome {
    let told = |what: &str| text::fit(what, TOLD_CHARS_MAX);
    let [claim, expected, actual] = [&demand.claim, demand.expected, &demand.actual].map(told);
    // The claim of an audit counts what differs, and that is another number in each run.
    let what = if demand.label == "audit" {
        demand.label.to_owned()
    } else {
        format!("{} {expected}", demand.claim)
    };
    Outcome {
        rule_index,
        kind: FAIL,
        level: if demand.tone == record::VerdictKind::Fail { ERROR } else { WARNING },
        message: Message::of(format!("{claim}: expected {expected}, but got {actual}.")),
        locations: [Location {
            physical_location: Some(PhysicalLocation { artifact_location: ArtifactLocation::below(".") }),
            logical_locations: vec![logical(demand.of, &rule_id, "module")],
            message: None,
        }],
        related_locations: Vec::new(),
        partial_fingerprints: fingerprint(format!("{rule_id} {what}")),
        baseline_state: demand.novelty.map(state),
        suppressions: Vec::new(),
        web_request: None,
        web_response: None,
        rule_id,
    }
}

/// The format's word for what is `new` or `known`.
fn state(novelty: &str) -> &'static str {
    if novelty == "known" { "unchanged" } else { "new" }
}

fn fingerprint(mark: String) -> BTreeMap<&'static str, String> {
    BTreeMap::from([(FINGERPRINT, text::line(&mark))])
}

fn logical(name: &str, qualified: &str, kind: &'static str) -> LogicalLocation {
    LogicalLocation { name: text::line(name), fully_qualified_name: text::line(qualified), kind }
}

const fn level(breach: Option<Breach>) -> &'static str {
    match breach {
        Some(Breach::Fail) => ERROR,
        Some(Breach::Warn) => WARNING,
        Some(Breach::Note) | None => "note",
    }
}

/// A check as a rule: what it claims, and what it stands on.
fn rule(result: &CheckResult) -> Rule {
    let first = result.requirements.first();
    let line = |cited: &record::RequirementRef, section: &str| {
        format!("{} {section} ({}): {}", cited.level, text::line(&cited.id), text::line(&cited.paraphrase))
    };
    let linked = |cited: &record::RequirementRef| {
        let section = text::line(&cited.section);
        if is_link(&cited.link) { format!("[{section}]({})", text::line(&cited.link)) } else { section }
    };
    let explain = format!("scimproof explain {}", text::line(&result.id));
    // A rule is about the check, whatever became of it here: the advice is its author's alone.
    let advice = result.advice.as_deref().map(text::line);
    let plain = advice.clone().into_iter();
    let plain = plain.chain(result.requirements.iter().map(|cited| line(cited, &text::line(&cited.section))));
    let marked = advice.map(|advice| format!("{}\n", unmarked(&advice))).into_iter();
    let marked =
        marked.chain(result.requirements.iter().map(|cited| format!("- {}", line(cited, &linked(cited)))));
    let mut tags = vec!["scim".to_owned(), text::line(result.area())];
    tags.extend(first.map(|cited| cited.level.as_str().to_lowercase().replace(' ', "-")));
    Rule {
        id: text::line(&result.id),
        short_description: Message::of(text::line(&result.title)),
        full_description: first.map(|cited| Message::of(text::line(&cited.paraphrase))),
        help_uri: first.map(|cited| text::line(&cited.link)).filter(|link| is_link(link)),
        help: Help {
            text: plain.chain([format!("More: {explain}")]).collect::<Vec<_>>().join("\n"),
            markdown: marked.chain([format!("\nMore: `{explain}`")]).collect::<Vec<_>>().join("\n"),
        },
        default_configuration: Configuration {
            level: match first.map(|cited| cited.level) {
                Some(Level::Must | Level::MustNot) => ERROR,
                _ => WARNING,
            },
        },
        properties: Tags { tags },
    }
}

/// A text in which nothing is Markdown, such as the stars of `*/*`.
fn unmarked(text: &str) -> String {
    let marks =
        |letter: char| matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>').then_some('\\');
    text.chars().flat_map(|letter| marks(letter).into_iter().chain([letter])).collect()
}

fn is_link(link: &str) -> bool {
    link.starts_with("https://")
}

/// A scenario or a load as a rule.
fn rule_of(id: &str, demand: &Demand<'_>) -> Rule {
    let title = text::line(demand.title);
    Rule {
        id: id.to_owned(),
        short_description: Message::of(title.clone()),
        full_description: None,
        help_uri: None,
        help: Help { text: title.clone(), markdown: title },
        default_configuration: Configuration { level: ERROR },
        properties: Tags { tags: vec!["scim".to_owned(), demand.part.to_owned()] },
    }
}

fn request(exchange: &Exchange) -> WebRequest {
    let request = &exchange.request;
    WebRequest {
        method: text::line(&request.method),
        target: text::line(&request.url),
        headers: headers(&request.headers),
        body: request.body.as_ref().map(content),
    }
}

fn response(exchange: &Exchange) -> WebResponse {
    let response = exchange.response.as_ref();
    WebResponse {
        status_code: response.map(|response| response.status),
        headers: response.map(|response| headers(&response.headers)).unwrap_or_default(),
        body: response.and_then(|response| response.body.as_ref()).map(content),
        no_response_received: response.is_none(),
    }
}

/// The format has one value for each name.
fn headers(headers: &[Header]) -> BTreeMap<String, String> {
    let mut one: BTreeMap<String, String> = BTreeMap::new();
    for Header { name, value } in headers {
        let value = text::line(value);
        one.entry(text::line(name)).and_modify(|had| had.push_str(&format!(", {value}"))).or_insert(value);
    }
    one
}

fn content(body: &record::Body) -> Content {
    let shown: String = text::block(&body.text).chars().take(BODY_CHARS_MAX).collect();
    Content { text: shown }
}
