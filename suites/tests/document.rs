//! `docs/profiles.md`: what each profile says and how that is proven, drawn from the profile files and the committed
//! matrix. After a change that is meant, run this with `SCIMPROOF_BLESS=1` and review the difference.

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use profiles::{Profile, Seen};
use reference_server::faults;
use suites::requirements::RULES;
use suites::{coverage, matrix};

const HEAD: &str = "# Profiles

A profile is the complete set of provisioning rules of one application. The reference server plays it \
(`scimproof serve --profile NAME`), the checks hold a server to it (`scimproof check URL --profile NAME`), and a file of \
one's own does the same for one's own server ([how](own-profile.md)).

This page is drawn from the profile files and from the results of running every check against every fault. *Seen* says \
who can tell whether a rule holds: any client over SCIM (`scim`), administrators of the application (`admin`), each of the two \
a part of it (`admin+scim`), the provisioning client (`client`), or whoever sends much (`load`). *Source* names where a rule is written; `I` marks our \
own reading where the sources are silent, which a line of the profile file changes. The state of every rule, those of endpoints that are not \
played yet among them, is a line of [rules.tsv](../suites/requirements/rules.tsv).
";

#[test]
fn the_document_of_profiles_is_current() {
    let mut text = HEAD.to_owned();
    for name in profiles::names() {
        let profile = profiles::find(name).unwrap();
        if !profile.rules.is_empty() {
            section(&mut text, &profile);
        }
    }
    let lines: Vec<String> = text.trim_end().lines().map(str::to_owned).collect();
    common::compare("../docs/profiles.md", &lines);
}

fn section(text: &mut String, profile: &Profile) {
    let Profile { name, title, base_path, .. } = profile;
    let _ = writeln!(text, "\n## {title}\n\n`--profile {name}`, base path `{base_path}`\n");
    text.push_str("| rule | seen | source | says | proven by | faults |\n|---|---|---|---|---|---|\n");
    for rule in &profile.rules {
        let cited: Vec<&str> = suites::of_profile(name)
            .iter()
            .filter(|check| check.requirements.iter().any(|cited| cited.id == rule.id))
            .map(|check| check.id)
            .collect();
        let broken = faults::every().filter(|fault| fault.breaks.contains(&rule.id.as_str()));
        let faults: Vec<&str> = broken.map(|fault| fault.name).collect();
        let test = rule.proven_by.as_deref().map(|test| test.rsplit("::").next().unwrap_or(test));
        let proofs: Vec<&str> = cited.into_iter().chain(test).collect();
        let proof = match rule.seen {
            _ if !proofs.is_empty() => listed(&proofs),
            Seen::Client => "binds the client".to_owned(),
            _ => coverage::state(&rule.id).unwrap_or("later").to_owned(),
        };
        let proof = match &rule.unproven {
            Some(reason) => format!("{proof}; {reason}"),
            None => proof,
        };
        let says = rule.text.replace('|', "\\|");
        let _ = writeln!(
            text,
            "| {} | {} | {} | {says} | {proof} | {} |",
            rule.id,
            rule.seen.as_str(),
            rule.source,
            listed(&faults)
        );
    }
    if !profile.readings.is_empty() {
        text.push_str("\nReadings that differ from what the standard says most plainly:\n\n");
        for (point, reading) in &profile.readings {
            let _ = writeln!(text, "- `{point}`: {reading}");
        }
    }
    if !profile.deviations.is_empty() {
        text.push_str("\nBroken on purpose, and waived where the profile is claimed:\n\n");
        for deviation in &profile.deviations {
            let _ =
                writeln!(text, "- {} ({}): {}", deviation.requirement, deviation.rule, deviation.behaviour);
        }
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What the page says of proofs is what the matrix says.
#[test]
fn every_proof_on_the_page_is_in_the_matrix() {
    let caught: BTreeSet<&str> = matrix::flips().map(|flip| flip.check).collect();
    let checks = RULES.iter().map(|rule| rule.document).collect::<BTreeSet<_>>();
    for check in checks.into_iter().flat_map(suites::of_profile) {
        assert!(caught.contains(check.id), "{} is proven by no fault", check.id);
    }
}

/// Every rule has a state: those of the profiles, and those of what is not played yet. The numbers stand here so that none
/// goes missing from the profile and from the list together.
#[test]
fn every_rule_of_the_applications_has_a_state() {
    const STATES: [&str; 4] = ["checked", "tested", "client", "later"];
    let rows: Vec<Vec<&str>> = include_str!("../requirements/rules.tsv")
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect())
        .collect();
    for row in &rows {
        assert!(row.len() == 5 && STATES.contains(&row[3]) && row[4].contains(['.', ' ']), "{row:?}");
    }
    let listed: Vec<&str> = rows.iter().map(|row| row[1]).collect();
    let numbered = [
        ("E", vec![1..=12]),
        ("B", vec![1..=33, 40..=43]),
        ("O", vec![1..=11]),
        ("P", vec![1..=5, 7..=8]),
        ("G", vec![1..=7]),
        ("C", vec![1..=5]),
    ];
    let mut every: Vec<String> = numbered
        .into_iter()
        .flat_map(|(series, numbers)| {
            numbers.into_iter().flatten().map(move |number: u32| format!("{series}-{number:02}"))
        })
        .collect();
    let mut once = listed.clone();
    once.sort_unstable();
    every.sort_unstable();
    assert_eq!(once, every);
    for profile in profiles::names().into_iter().map(|name| profiles::find(name).unwrap()) {
        for rule in profile.rules {
            assert!(rows.iter().any(|row| row[0] == profile.name && row[1] == rule.id), "{}", rule.id);
        }
    }
}
