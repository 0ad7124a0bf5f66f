//! What a look at a server came to, for a terminal.

use std::time::Duration;

use record::{Diagnosis, Feature, Symptom, VerdictKind, Weight, Works};

use super::paint::Paint;
use super::{NARROWEST, Style};
use crate::text;

/// Behind this many characters the words of a feature or document begin at least.
const NAMES_MIN: usize = 12;

/// What the server is, what it claims and what works, what would block a run and what helps, and what to type next: one line each,
/// where that can be.
#[must_use]
pub fn diagnosis(diagnosis: &Diagnosis, style: Style) -> String {
    let style = Style { width: style.width.max(NARROWEST), ..style };
    let paint = Paint::new(style.color);
    let weighing = |weight| diagnosis.symptoms.iter().filter(move |symptom| symptom.weight == weight);
    let told = |title: &str, weight| {
        let mut lines: Vec<String> =
            weighing(weight).flat_map(|symptom| told(symptom, paint, style.width)).collect();
        if !lines.is_empty() {
            lines.insert(0, paint.strong(title));
        }
        lines
    };
    let mut sections = vec![
        server(diagnosis, paint, style.width),
        features(diagnosis, paint, style.width),
        told("What would block a run", Weight::Blocks),
        told("What a run should be told", Weight::Hinders),
        told("Good to know", Weight::Tells),
        left(diagnosis, style.width),
        next(diagnosis, paint),
        text::wrap(&sentence(diagnosis), style.width)
            .iter()
            .map(|line| paint.verdict(verdict(diagnosis), line))
            .collect(),
    ];
    sections.retain(|lines| !lines.is_empty());
    let mut report = sections.iter().map(|lines| lines.join("\n")).collect::<Vec<_>>().join("\n\n");
    report.push('\n');
    report
}

fn verdict(diagnosis: &Diagnosis) -> VerdictKind {
    match diagnosis.obstacle() {
        Some(_) => VerdictKind::Fail,
        None if !diagnosis.leftovers.is_empty() || diagnosis.interrupted => VerdictKind::Fail,
        None => VerdictKind::Pass,
    }
}

/// What it comes to in one sentence.
fn sentence(diagnosis: &Diagnosis) -> String {
    let count = |weight| diagnosis.symptoms.iter().filter(|symptom| symptom.weight == weight).count();
    if diagnosis.limit.is_some() {
        return "LIMIT REACHED: not everything was looked at".to_owned();
    }
    if diagnosis.interrupted {
        return "INTERRUPTED: not everything was looked at".to_owned();
    }
    if let Some(obstacle) = diagnosis.obstacle() {
        return format!("NOT READY: {}: {}", obstacle.name, obstacle.advice);
    }
    if !diagnosis.leftovers.is_empty() {
        return "NOT CLEAN: something that was created could not be removed, and a run would leave much more behind".to_owned();
    }
    match count(Weight::Hinders) {
        0 => "READY: a run can begin".to_owned(),
        number => {
            format!(
                "READY: a run can begin, and {} to be told",
                text::count(number, "thing has", "things have")
            )
        }
    }
}

fn server(diagnosis: &Diagnosis, paint: Paint, width: usize) -> Vec<String> {
    let manner = &diagnosis.manner;
    let mut lines = vec![paint.strong("Server")];
    let mut say = |said: String| {
        lines.extend(text::wrap(&said, width.saturating_sub(2)).into_iter().map(|line| format!("  {line}")));
    };
    let calls = manner.product.as_ref().map(|product| format!(", calls itself {product}"));
    say(format!(
        "{}{}, held to the profile {}",
        diagnosis.target.url,
        calls.unwrap_or_default(),
        diagnosis.target.profile
    ));
    let time = |us: u64| text::duration(Duration::from_micros(us));
    let took = manner.median_us.zip(manner.slowest_us).map(|(median, slowest)| {
        format!(", half of them answered within {}, the slowest in {}", time(median), time(slowest))
    });
    say(format!(
        "{}{}",
        text::count(manner.requests as usize, "request", "requests"),
        took.unwrap_or_default()
    ));
    let holds = manner.holds.iter().map(|(name, number)| format!("{name}: {}", text::grouped(*number)));
    let holds: Vec<String> = holds.chain(manner.limits.iter().cloned()).collect();
    if !holds.is_empty() {
        say(holds.join("; "));
    }
    match &diagnosis.read_only {
        Some(why) => say(format!("nothing was written: {why}")),
        None if diagnosis.created > 0 => {
            say(format!("{} created and {} removed", diagnosis.created, diagnosis.removed));
        }
        None => {}
    }
    let names = diagnosis.documents.iter().map(|document| document.path.chars().count());
    let names = names.max().unwrap_or_default().max(NAMES_MIN);
    for document in &diagnosis.documents {
        let mark = if document.readable { " " } else { "!" };
        let said = format!("{mark} {:names$}  {}", document.path, text::line(&document.said));
        let said = text::fit(&said, width);
        lines.push(if document.readable { said } else { paint.verdict(VerdictKind::Warn, &said) });
    }
    lines
}

fn features(diagnosis: &Diagnosis, paint: Paint, width: usize) -> Vec<String> {
    if diagnosis.features.is_empty() {
        return Vec::new();
    }
    let names = diagnosis.features.iter().map(|feature| feature.name.chars().count());
    let names = names.max().unwrap_or_default().max(NAMES_MIN);
    let mut lines = vec![
        paint.strong("What is claimed and what works"),
        paint.dim(&format!("  {:names$}  claimed  works", "")),
    ];
    lines.extend(diagnosis.features.iter().map(|feature| row(diagnosis, feature, names, paint, width)));
    lines
}

fn row(diagnosis: &Diagnosis, feature: &Feature, names: usize, paint: Paint, width: usize) -> String {
    let claimed = match feature.claimed {
        Some(true) => "yes",
        Some(false) => "no",
        None => "·",
    };
    let works = match feature.works {
        Works::Yes => "yes",
        Works::No => "no",
        Works::Unknown => "?",
    };
    let capability = feature.capability.as_deref().unwrap_or_default();
    let (mark, kind) = if feature.is_broken() {
        ("!", VerdictKind::Fail)
    } else if diagnosis.settings.capabilities.contains_key(capability) {
        ("+", VerdictKind::Warn)
    } else {
        (" ", VerdictKind::Pass)
    };
    let said = text::line(&feature.said);
    let line = text::fit(&format!("{mark} {:names$}  {claimed:7}  {works:5}  {said}", feature.name), width);
    if mark == " " { line } else { paint.verdict(kind, &line) }
}

fn told(symptom: &Symptom, paint: Paint, width: usize) -> Vec<String> {
    let kind = match symptom.weight {
        Weight::Blocks => VerdictKind::Fail,
        Weight::Hinders => VerdictKind::Warn,
        Weight::Tells => VerdictKind::Pass,
    };
    let mut lines = vec![format!("  {}", paint.verdict(kind, &symptom.name))];
    let mut say = |said: &str| {
        lines.extend(text::wrap(said, width.saturating_sub(4)).into_iter().map(|line| format!("    {line}")));
    };
    say(&symptom.said);
    say(&format!("-> {}", symptom.advice));
    let label = |label: &str| format!("    {}", paint.dim(label));
    if let Some(flag) = &symptom.flag {
        lines.push(format!("{} {}", label("command line:"), text::line(flag)));
    }
    if let Some(setting) = &symptom.setting {
        let mut setting = setting.trim_end().lines();
        let first = setting.next().unwrap_or_default();
        lines.push(format!("{}  {}", label("target file:"), text::line(first)));
        lines.extend(setting.map(|line| format!("{:18}{}", "", text::line(line))));
    }
    lines
}

fn left(diagnosis: &Diagnosis, width: usize) -> Vec<String> {
    if diagnosis.leftovers.is_empty() {
        return Vec::new();
    }
    let said = diagnosis.leftovers.iter().map(|left| format!("  {}: {}", left.resource, left.reason));
    let said = said.flat_map(|line| text::wrap(&line, width.saturating_sub(2)));
    std::iter::once("Left behind on the server".to_owned())
        .chain(said.map(|line| format!("  {line}")))
        .collect()
}

fn next(diagnosis: &Diagnosis, paint: Paint) -> Vec<String> {
    match diagnosis.next.is_empty() {
        true => Vec::new(),
        false => vec![paint.strong("Next"), format!("  {}", text::line(&diagnosis.next))],
    }
}
