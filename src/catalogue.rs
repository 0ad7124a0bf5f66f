//! Which checks are meant, and the list of all.

use std::collections::BTreeSet;

use harness::Check;
use record::{CheckKind, Excluded, Level};
use serde_json::json;

use crate::args::{CheckOptions, LevelOption};
use crate::failure::Failure;

/// The checks that the options select of those that a profile is held to, and those that they leave out.
pub(crate) fn select(options: &CheckOptions, profile: &str) -> Result<(Vec<Check>, Vec<Excluded>), Failure> {
    let all = suites::held_to(profile);
    for name in &options.only {
        if name.is_empty() {
            return Err(Failure::usage("--only without a name; `scimproof check --list` lists all checks"));
        }
        if !all.iter().any(|check| meant(check, name)) {
            return Err(Failure::usage(unknown(name, &all, profile)));
        }
    }
    let mut chosen = Vec::new();
    let mut excluded = Vec::new();
    for check in &all {
        let reason = if !options.only.is_empty() && !options.only.iter().any(|name| meant(check, name)) {
            Some(("--only", "not selected (--only)"))
        } else if options.level == Some(LevelOption::Must) && !cites_a_must(check) {
            Some(("--level must", "cites no MUST (--level must)"))
        } else {
            None
        };
        match reason {
            None => chosen.push(*check),
            Some((option, reason)) => excluded.push(Excluded {
                check: check.id.to_owned(),
                option: option.to_owned(),
                reason: reason.to_owned(),
            }),
        }
    }
    if chosen.is_empty() {
        return Err(Failure::usage("--only and --level together select no check"));
    }
    if let Some(passive) = chosen.first().filter(|_| chosen.iter().all(is_passive)) {
        return Err(Failure::usage(format!(
            "{} watches what other checks send, and none is selected that sends anything; add some, such as --only {}",
            passive.id,
            watched(&options.only.join(","))
        )));
    }
    Ok((chosen, excluded))
}

fn is_passive(check: &Check) -> bool {
    check.kind() == CheckKind::Passive
}

/// A selection in which a passive check has much to watch.
pub(crate) fn watched(passive: &str) -> String {
    format!("create,read,list,{passive}")
}

fn meant(check: &Check, name: &str) -> bool {
    check.id == name || check.area() == name
}

fn cites_a_must(check: &Check) -> bool {
    check.requirements.iter().any(|requirement| matches!(requirement.level, Level::Must | Level::MustNot))
}

/// The areas, in the order in which the catalogue first comes to them.
fn areas(checks: &[Check]) -> Vec<&'static str> {
    let mut met = BTreeSet::new();
    checks.iter().map(Check::area).filter(|area| met.insert(*area)).collect()
}

fn unknown(name: &str, checks: &[Check], profile: &str) -> String {
    let elsewhere = suites::every().iter().find(|check| meant(check, name));
    if let Some(profile) = elsewhere.and_then(|check| check.requirements.first()).map(|rule| rule.document) {
        return format!("--only {name}: it belongs to another profile; add --profile {profile}");
    }
    let areas = areas(checks);
    let alike = near(name, checks.iter().map(|check| check.id).chain(areas.iter().copied()));
    let hint =
        if alike.is_empty() { String::new() } else { format!("did you mean {}? ", alike.join(" or ")) };
    format!(
        "--only {name}: no such check or area; {hint}areas are {}; `scimproof check --list --profile {profile}` lists all \
         checks",
        areas.join(", ")
    )
}

/// Up to three names that resemble a wrong one, nearest first.
pub(crate) fn near<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    const ALIKE_MIN: f64 = 0.75;
    let mut scored: Vec<(f64, &str)> =
        known.into_iter().map(|known| (strsim::jaro_winkler(name, known), known)).collect();
    scored.retain(|(score, _)| *score >= ALIKE_MIN);
    scored.sort_by(|left, right| right.0.total_cmp(&left.0));
    scored.into_iter().take(3).map(|(_, known)| known).collect()
}

/// One line for each check.
pub(crate) fn text(checks: &[Check]) -> String {
    let width = checks.iter().map(|check| check.id.len()).max().unwrap_or_default();
    let mut lines: String = checks
        .iter()
        .map(|check| {
            let level = check.requirements.first().map_or("", |requirement| requirement.level.as_str());
            format!("{:width$}  {level:10}  {}\n", check.id, check.title)
        })
        .collect();
    let passive = checks.iter().filter(|check| check.kind() == CheckKind::Passive).count();
    lines.push_str(&format!(
        "{} checks, {} active and {passive} passive\n",
        checks.len(),
        checks.len() - passive
    ));
    lines
}

/// The same for programs.
pub(crate) fn json(checks: &[Check]) -> String {
    let rows = checks.iter().map(|check| {
        json!({
            "id": check.id,
            "area": check.area(),
            "title": check.title,
            "kind": check.kind(),
            "requirements": check.requirements.iter().map(|requirement| requirement.id).collect::<Vec<_>>(),
            "needs": check.needs.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "readsOnly": check.reads_only,
            "alone": check.alone,
            "source": check.source,
        })
    });
    format!("{:#}\n", rows.collect::<serde_json::Value>())
}
