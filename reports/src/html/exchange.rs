use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use minijinja::Value;
use record::{
    At, Body, CheckKind, CheckResult, Checks, Exchange, Finding, Header, Run, Sync, TargetInfo, Verdict,
};
use serde::Serialize;

use super::room::{Room, Wrong};
use super::{body, diff};
use crate::{curl, digest, text};

/// In a run of more exchanges than this, those of checks that nothing is wrong with are shown by their first line.
const FULL_EXCHANGES_MAX: usize = 400;
/// How many held expectations an exchange lists; the others are counted.
const HELD_SHOWN_MAX: usize = 12;
/// The longest command shown; a longer one is better made from the run file.
const CURL_CHARS_MAX: usize = 4_000;
/// The same for an exchange that nothing is wrong with.
const CURL_OTHER_CHARS_MAX: usize = 1_200;
/// How many headers a message shows, and how much of each.
const HEADERS_SHOWN_MAX: usize = 40;
const HEADER_CHARS_MAX: usize = 1_000;

/// What decides how an exchange is shown.
pub(super) struct Evidence<'a> {
    target: &'a TargetInfo,
    exchanges: BTreeMap<u32, &'a Exchange>,
    /// What the anchors of the exchanges begin with: those of each part are numbered from 1.
    prefix: &'static str,
    /// Where findings point, by exchange.
    places: BTreeMap<u32, Vec<&'a At>>,
    /// What is open from the start: whatever a problem is first shown with.
    open: BTreeSet<u32>,
    /// Whether the run is so big that what nothing is wrong with is shown by its first line.
    abridged: bool,
    wrong: Wrong,
    room: Room,
}

impl<'a> Evidence<'a> {
    pub(super) fn of(run: &'a Run, checks: &'a Checks) -> Self {
        let mut places: BTreeMap<u32, Vec<&At>> = BTreeMap::new();
        let (mut open, mut wrong) = (BTreeSet::new(), Wrong::default());
        for result in &checks.results {
            let steps = steps(checks, result);
            match &result.verdict {
                Verdict::Fail { .. } | Verdict::Blocked { .. } | Verdict::Error { .. } => {
                    wrong.failing.extend(steps);
                }
                Verdict::Warn { .. } | Verdict::Waived { .. } => wrong.warning.extend(steps),
                Verdict::Pass | Verdict::NotSupported { .. } => {}
            }
            for finding in result.verdict.findings() {
                if let Some(number) = finding.exchange {
                    places.entry(number).or_default().extend(finding.places());
                }
            }
            open.extend(digest::lead(result).and_then(|finding| finding.exchange));
            if let Verdict::Blocked { cause } = &result.verdict {
                open.extend(cause.exchange);
            }
        }
        Self::new(run, &checks.exchanges, "x", places, open, wrong)
    }

    /// The exchanges of the scenarios: evidence is what missed expectations point to.
    pub(super) fn of_sync(run: &'a Run, sync: &'a Sync) -> Self {
        let missed = || digest::missed(sync).map(|missed| &missed.expectation.exchanges);
        let places: BTreeMap<u32, Vec<&At>> =
            missed().flatten().map(|number| (*number, Vec::new())).collect();
        let wrong = Wrong { failing: places.keys().copied().collect(), warning: BTreeSet::new() };
        let open = missed().filter_map(|exchanges| exchanges.first().copied()).collect();
        Self::new(run, &sync.exchanges, "s", places, open, wrong)
    }

    fn new(
        run: &'a Run,
        exchanges: &'a [Exchange],
        prefix: &'static str,
        places: BTreeMap<u32, Vec<&'a At>>,
        open: BTreeSet<u32>,
        wrong: Wrong,
    ) -> Self {
        Self {
            target: &run.target,
            exchanges: exchanges.iter().map(|exchange| (exchange.number, exchange)).collect(),
            prefix,
            room: Room::of(exchanges, &wrong),
            wrong,
            places,
            open,
            abridged: exchanges.len() > FULL_EXCHANGES_MAX,
        }
    }

    /// An exchange by its number.
    pub(super) fn exchange(&self, number: u32) -> Option<&'a Exchange> {
        self.exchanges.get(&number).copied()
    }

    /// Whether the run is so big that some exchanges are shown by their first line.
    pub(super) const fn is_abridged(&self) -> bool {
        self.abridged
    }

    fn in_full(&self, exchange: &Exchange) -> bool {
        !self.abridged || self.wrong.contains(exchange.number) || self.open.contains(&exchange.number)
    }
}

/// The exchanges that tell what a check did: those it caused, and those of others that it used and that its place on the page links
/// to. Of a passive one, which may have judged all there are, those that its findings point to.
fn steps<'a>(checks: &'a Checks, result: &'a CheckResult) -> Vec<u32> {
    let evidence = result.verdict.findings().iter().filter_map(|finding| finding.exchange);
    let blocked_by = match &result.verdict {
        Verdict::Blocked { cause } => cause.exchange,
        _ => None,
    };
    let evidence = evidence.chain(blocked_by);
    if result.kind == CheckKind::Passive {
        return evidence.collect();
    }
    let own = |exchange: &&Exchange| exchange.check.as_deref() == Some(&result.id);
    let own = checks.exchanges.iter().filter(own).map(|exchange| exchange.number);
    evidence.chain(own).chain(super::check::used(checks, result).map(|exchange| exchange.number)).collect()
}

/// A link to an exchange.
#[derive(Serialize)]
pub(super) struct Link {
    number: u32,
    anchor: String,
    line: String,
    /// The same as people read it: its query decoded.
    plain: String,
    outcome: String,
}

impl Link {
    pub(super) fn to(evidence: &Evidence<'_>, exchange: &Exchange) -> Self {
        Self {
            number: exchange.number,
            anchor: format!("{}{}", evidence.prefix, exchange.number),
            line: digest::line(exchange, &evidence.target.url),
            plain: digest::plain_line(exchange, &evidence.target.url),
            outcome: digest::outcome(exchange),
        }
    }

    pub(super) fn of(evidence: &Evidence<'_>, number: Option<u32>) -> Option<Self> {
        number.and_then(|number| evidence.exchange(number)).map(|exchange| Self::to(evidence, exchange))
    }
}

/// An exchange: its first line, and all of it where it is shown in full.
#[derive(Serialize)]
pub(super) struct View {
    link: Link,
    bad: bool,
    took: String,
    open: bool,
    detail: Option<Detail>,
}

#[derive(Serialize)]
struct Detail {
    request: Message,
    response: Option<Message>,
    error: Option<String>,
    held: Vec<String>,
    held_more: usize,
    curl: Option<String>,
}

#[derive(Serialize)]
struct Message {
    start: String,
    start_marked: bool,
    headers: Vec<HeaderView>,
    headers_more: usize,
    body: Option<BodyView>,
}

#[derive(Serialize)]
struct HeaderView {
    name: String,
    value: String,
    marked: bool,
}

#[derive(Serialize)]
struct BodyView {
    html: Value,
    marked: bool,
    note: String,
}

impl View {
    pub(super) fn of(evidence: &Evidence<'_>, exchange: &Exchange) -> Self {
        let times = exchange.times;
        Self {
            // A refusal may be just what was asked for; only no answer and a broken server stand out.
            bad: exchange.error.is_some()
                || exchange.response.as_ref().is_none_or(|response| response.status >= 500),
            took: times
                .last_byte_us
                .map(|last| text::duration(Duration::from_micros(last.saturating_sub(times.sent_us))))
                .unwrap_or_default(),
            open: evidence.open.contains(&exchange.number),
            detail: evidence.in_full(exchange).then(|| Detail::of(evidence, exchange)),
            link: Link::to(evidence, exchange),
        }
    }
}

impl Detail {
    fn of(evidence: &Evidence<'_>, exchange: &Exchange) -> Self {
        let places = evidence.places.get(&exchange.number).map(Vec::as_slice).unwrap_or_default();
        let limit = evidence.room.for_bodies(&evidence.wrong, exchange.number);
        let is_wrong = evidence.wrong.contains(exchange.number);
        let curl_limit = if is_wrong { CURL_CHARS_MAX } else { CURL_OTHER_CHARS_MAX };
        let request = &exchange.request;
        let mut held: Vec<String> = exchange
            .held
            .iter()
            .filter(|held| exchange.check.as_ref() == Some(&held.check))
            .map(|held| text::line(&format!("{} ({})", held.expectation, held.requirement)))
            .collect();
        held.truncate(HELD_SHOWN_MAX);
        let curl = curl::line(exchange, evidence.target);
        Self {
            request: Message::of(
                text::line(&format!("{} {}", request.method, request.url)),
                &request.headers,
                request.body.as_ref(),
                &[],
                limit,
            ),
            response: exchange.response.as_ref().map(|response| {
                Message::of(
                    response.status.to_string(),
                    &response.headers,
                    response.body.as_ref(),
                    places,
                    limit,
                )
            }),
            error: exchange.error.as_deref().map(text::line),
            held_more: exchange.held.len() - held.len(),
            held,
            curl: (curl.chars().count() <= curl_limit).then_some(curl),
        }
    }
}

impl Message {
    fn of(start: String, headers: &[Header], body: Option<&Body>, places: &[&At], limit: usize) -> Self {
        let named = |header: &Header| {
            places
                .iter()
                .any(|at| matches!(at, At::Header { name } if name.eq_ignore_ascii_case(&header.name)))
        };
        Self {
            start,
            start_marked: places.contains(&&At::Status),
            headers: headers
                .iter()
                .take(HEADERS_SHOWN_MAX)
                .map(|header| HeaderView {
                    name: text::fit(&header.name, HEADER_CHARS_MAX),
                    value: text::fit(&header.value, HEADER_CHARS_MAX),
                    marked: named(header),
                })
                .collect(),
            headers_more: headers.len().saturating_sub(HEADERS_SHOWN_MAX),
            body: body.map(|body| BodyView::of(body, places, limit)),
        }
    }
}

impl BodyView {
    fn of(body: &Body, places: &[&At], limit: usize) -> Self {
        let pointers: Vec<&str> = places
            .iter()
            .filter_map(|at| match at {
                At::Pointer { pointer } => Some(pointer.as_str()),
                At::Status | At::Header { .. } | At::Body => None,
            })
            .collect();
        let drawn = body::draw(&body.text, &pointers, limit);
        let mut note = vec![text::count(usize::try_from(body.bytes).unwrap_or(usize::MAX), "byte", "bytes")];
        if drawn.laid_out {
            note.push("white space changed for reading".to_owned());
        }
        if drawn.cut {
            note.push("cut here; the run file holds more".to_owned());
        }
        if body.truncated {
            note.push("cut off when it was recorded".to_owned());
        }
        Self {
            html: Value::from_safe_string(drawn.html),
            marked: places.contains(&&At::Body),
            note: note.join(", "),
        }
    }
}

/// A finding as the page shows it.
#[derive(Serialize)]
pub(super) struct FindingView {
    requirement: super::check::RequirementView,
    breach: &'static str,
    at: String,
    /// What was expected and what came, with what differs marked.
    expected: Value,
    actual: Value,
    exchange: Option<Link>,
}

impl FindingView {
    pub(super) fn of(evidence: &Evidence<'_>, finding: &Finding, limit: usize) -> Self {
        let (expected, actual) =
            diff::marked(&text::fit(&finding.expected, limit), &text::fit(&finding.actual, limit));
        Self {
            requirement: super::check::RequirementView::of(&finding.requirement),
            breach: match finding.breach {
                record::Breach::Note => "note",
                record::Breach::Warn => "warn",
                record::Breach::Fail => "fail",
            },
            at: digest::places(finding),
            expected,
            actual,
            exchange: Link::of(evidence, finding.exchange),
        }
    }
}
