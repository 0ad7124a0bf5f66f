use record::{CauseKind, CheckResult, Checks, Finding, RequirementRef, Verdict};

use super::paint::Paint;
use crate::digest::Cause;
use crate::{digest, text};

/// What stands before each line of a problem but the first.
const INDENT: &str = "     ";
/// The longest verdict, so that ids stand in one column.
const VERDICT_WIDTH: usize = "not-supported".len();

/// How many lines an advice may take.
const ADVICE_LINES_MAX: usize = 3;

/// A problem in at most twelve lines: what, the claim, what causes it where that is more, expected, actual, the waiver that let it
/// pass before, what to change, the exchange, which other checks it keeps from passing, how to look.
pub(super) fn lines(checks: &Checks, cause: &Cause<'_>, paint: Paint, width: usize) -> Vec<String> {
    let result = cause.lead;
    let lead = digest::lead(result);
    let requirement = lead.map(|finding| &finding.requirement).or_else(|| result.requirements.first());
    let mut lines =
        vec![head(checks, cause, requirement, paint), text::fit(&format!("{INDENT}{}", result.title), width)];
    let mut put = |name: &str, said: &str| {
        let room = width.saturating_sub(INDENT.len() + name.len() + 1);
        lines.push(format!("{INDENT}{} {}", paint.dim(name), text::fit(said, room)));
    };
    if let Some(told) = &cause.told {
        put("cause   ", told);
    }
    let (number, more) = match &result.verdict {
        Verdict::Fail { findings } | Verdict::Warn { findings } | Verdict::Waived { findings, .. } => {
            if let Some(finding @ Finding { expected, actual, exchange, .. }) = lead {
                put("expected", &format!("{expected} ({})", digest::places(finding)));
                put("but got ", actual);
                (*exchange, findings.len().saturating_sub(1))
            } else {
                (None, 0)
            }
        }
        Verdict::Blocked { cause } => {
            let told = match obstacle(cause.kind) {
                Some(lead) => format!("{lead}: {}", cause.message),
                None => cause.message.clone(),
            };
            // What blocks is a sentence, with what was needed at its end.
            let mut told = text::wrap(&told, width.saturating_sub(INDENT.len() + "blocked ".len() + 1));
            let rest = told.split_off(told.len().min(1)).join(" ");
            put("blocked ", &told.concat());
            if !rest.is_empty() {
                put("        ", &rest);
            }
            (cause.exchange, 0)
        }
        Verdict::Error { mishap } => {
            put("mishap  ", mishap);
            put("        ", "this is ours, and says nothing about the target");
            (None, 0)
        }
        Verdict::Pass | Verdict::NotSupported { .. } => (None, 0),
    };
    if let Some(lapsed) = digest::lapsed(checks, result) {
        put("waiver  ", &lapsed);
    }
    for (line, name) in advice(checks, cause, width).iter().zip(["advice  ", "        ", "        "]) {
        put(name, line);
    }
    if let Some(exchange) = number.and_then(|number| checks.exchange(number)) {
        let request = &exchange.request;
        let after = format!(" -> {}", digest::outcome(exchange));
        let taken = INDENT.len() + "exchange ".len() + request.method.len() + 1 + after.chars().count();
        let url = text::fit(&request.url, width.saturating_sub(taken).max(super::NARROWEST / 2));
        put("exchange", &format!("{} {url}{after}", text::line(&request.method)));
    }
    if let Some(others) = cause.also(super::NAMES_SHOWN_MAX) {
        if cause.only_blocks() {
            put("blocks  ", &format!("{} checks, also {others}", cause.size()));
        } else {
            put("also    ", &format!("{}: {others}", text::count(cause.others.len(), "check", "checks")));
        }
    }
    // The command is there to be copied: it is never cut, and rather wraps.
    let more = if more > 0 { format!("  +{more} more in the report") } else { String::new() };
    lines.push(format!(
        "{INDENT}{} scimproof explain {}{more}",
        paint.dim("look at "),
        text::line(&result.id)
    ));
    lines
}

/// What to change, in a few lines; on a narrow terminal the last of them is cut, and `explain` tells the rest.
fn advice(checks: &Checks, cause: &Cause<'_>, width: usize) -> Vec<String> {
    let room = width.saturating_sub(INDENT.len() + "advice  ".len() + 1);
    let told = digest::advice_on(checks, cause).unwrap_or_default();
    let mut lines = text::wrap(&told, room);
    let rest = lines.split_off(lines.len().min(ADVICE_LINES_MAX - 1));
    lines.extend((!rest.is_empty()).then(|| rest.join(" ")));
    lines
}

fn head(checks: &Checks, cause: &Cause<'_>, requirement: Option<&RequirementRef>, paint: Paint) -> String {
    let result = cause.lead;
    let label = digest::label(result);
    let label = label.strip_prefix("fail").map_or_else(|| label.to_uppercase(), |rest| format!("FAIL{rest}"));
    let label = paint.verdict(result.verdict.kind(), &label);
    let cited = requirement
        .map(|cited| format!("  {} {}", cited.level, text::line(&cited.section)))
        .unwrap_or_default();
    let novelty = digest::novelty_of(checks, cause).map(|word| format!("  {word}")).unwrap_or_default();
    format!("{label} {}{cited}{novelty}", paint.strong(&text::line(&result.id)))
}

/// What sort of obstacle it was, where the message does not say so itself.
const fn obstacle(kind: CauseKind) -> Option<&'static str> {
    match kind {
        CauseKind::Precondition => None,
        CauseKind::Timeout => Some("timed out"),
        CauseKind::Transport => Some("no readable answer"),
        CauseKind::Cancelled => Some("the run was stopped"),
    }
}

/// A finished check on one line; what is no pass says why.
pub(super) fn brief(result: &CheckResult, paint: Paint, width: usize) -> String {
    let kind = result.verdict.kind();
    let label = digest::label(result);
    let why = match &result.verdict {
        Verdict::Pass => String::new(),
        Verdict::Warn { .. } | Verdict::Fail { .. } => digest::lead(result)
            .map(|finding| format!("expected {}, got {}", finding.expected, finding.actual))
            .unwrap_or_default(),
        Verdict::Waived { by, reason, .. } => format!("{by}: {reason}"),
        verdict @ Verdict::NotSupported { .. } => verdict.inapplicable().unwrap_or_default(),
        Verdict::Blocked { cause } => cause.message.clone(),
        Verdict::Error { mishap } => mishap.clone(),
    };
    let id = text::line(&result.id);
    let verdict = paint.verdict(kind, &format!("{label:VERDICT_WIDTH$}"));
    let room = width.saturating_sub(VERDICT_WIDTH + 2 + id.chars().count() + 2);
    // A stump of a reason tells nothing.
    if why.is_empty() || room < 12 {
        return format!("{verdict}  {id}");
    }
    format!("{verdict}  {id}  {}", paint.dim(&text::fit(&why, room)))
}
