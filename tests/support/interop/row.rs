use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use record::{At, CheckResult, Exchange, Finding, Run, Verdict};
use serde_json::Value;

use super::Redactor;

/// The names of the columns.
const COLUMNS: [&str; 7] = ["check", "verdict", "requirement", "request", "at", "expected", "actual"];

/// A line of a stored run: a finding, a note, or how a check without a finding ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) check: String,
    /// The check's verdict, or `note` for one of its notes.
    pub(crate) verdict: String,
    /// The requirement that a finding is about.
    pub(crate) requirement: String,
    /// The request that shows it, and how it was answered.
    pub(crate) request: String,
    /// Where in the answer.
    pub(crate) at: String,
    /// What the requirement asks for; of what is not offered, its name.
    pub(crate) expected: String,
    /// What came; what stood in the way; the note.
    pub(crate) actual: String,
}

impl Row {
    fn columns(&self) -> [&String; 7] {
        let Self { check, verdict, requirement, request, at, expected, actual } = self;
        [check, verdict, requirement, request, at, expected, actual]
    }
}

/// What is kept of a run file: nothing that another run of the same command on the same server says otherwise.
pub(crate) fn kept(run: &Value) -> Vec<Row> {
    let run: Run = serde_json::from_value(run.clone()).expect("a run file");
    let checks = run.checks.as_ref().expect("checks");
    let base = run.target.url.trim_end_matches('/');
    let request = |number: Option<u32>| {
        let exchange = checks.exchanges.iter().find(|exchange| Some(exchange.number) == number);
        exchange.map(|exchange| told(exchange, base)).unwrap_or_default()
    };
    checks.results.iter().flat_map(|result| of(result, base, &request)).collect()
}

/// The lines of one check.
fn of(result: &CheckResult, base: &str, request: &dyn Fn(Option<u32>) -> String) -> Vec<Row> {
    let row = |verdict: &str| Row { check: result.id.clone(), verdict: verdict.to_owned(), ..Row::default() };
    let kind = result.verdict.kind().as_str();
    let mut rows: Vec<Row> = match &result.verdict {
        Verdict::Warn { findings } | Verdict::Fail { findings } | Verdict::Waived { findings, .. } => {
            findings.iter().map(|finding| found(row(kind), finding, request(finding.exchange))).collect()
        }
        Verdict::NotSupported { capability, offered } => {
            let is = if *offered { "offered" } else { "not offered" };
            vec![Row { expected: capability.clone(), actual: is.to_owned(), ..row(kind) }]
        }
        Verdict::Blocked { cause } => {
            let actual = decoded(&cause.message).into_owned();
            vec![Row { request: request(cause.exchange), actual, ..row(kind) }]
        }
        Verdict::Error { mishap } => vec![Row { actual: mishap.clone(), ..row(kind) }],
        Verdict::Pass => vec![row(kind)],
    };
    rows.extend(result.notes.iter().map(|note| Row { actual: note.clone(), ..row("note") }));
    for row in &mut rows {
        let mut redactor = Redactor::of(base);
        for text in [&mut row.request, &mut row.expected] {
            *text = redactor.redact(text);
        }
        redactor.what_came();
        row.actual = redactor.redact(&row.actual);
    }
    rows
}

fn found(row: Row, finding: &Finding, request: String) -> Row {
    let at = match &finding.at {
        At::Pointer { pointer } if !pointer.is_empty() => pointer.clone(),
        at => at.to_string(),
    };
    Row {
        requirement: finding.requirement.id.clone(),
        request,
        at,
        expected: finding.expected.clone(),
        actual: finding.actual.clone(),
        ..row
    }
}

/// A request and its answer, such as `GET /Users?count=1 -> 200`.
fn told(exchange: &Exchange, base: &str) -> String {
    let url = exchange.request.url.as_str();
    let path = url.strip_prefix(base).unwrap_or(url);
    let answer = exchange.response.as_ref().map(|response| response.status.to_string());
    format!("{} {} -> {}", exchange.request.method, decoded(path), answer.as_deref().unwrap_or("no answer"))
}

/// A text with its addresses as people write them.
fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8().unwrap_or(Cow::Borrowed(text))
}

/// A stored run as a file.
pub(crate) fn table(rows: &[Row]) -> String {
    let cell = |text: &str| {
        text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
    };
    let line = |row: &Row| row.columns().map(|text| cell(text)).join("\t").trim_end().to_owned();
    let rows: String = rows.iter().map(|row| line(row) + "\n").collect();
    format!("{}\n{rows}", COLUMNS.join("\t"))
}

/// A stored run as it was read.
pub(crate) fn parse(text: &str) -> Vec<Row> {
    let (head, rows) = text.split_once('\n').expect("a head");
    assert_eq!(head, COLUMNS.join("\t"));
    let row = |line: &str| {
        let mut cells = line.split('\t').map(unescaped);
        let mut next = || cells.next().unwrap_or_default();
        Row {
            check: next(),
            verdict: next(),
            requirement: next(),
            request: next(),
            at: next(),
            expected: next(),
            actual: next(),
        }
    };
    rows.lines().map(row).collect()
}

fn unescaped(cell: &str) -> String {
    let mut letters = cell.chars();
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        text.push(match (letter, letter == '\\') {
            (_, true) => match letters.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                other => other.unwrap_or('\\'),
            },
            (letter, false) => letter,
        });
    }
    text
}
