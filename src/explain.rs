//! `scimproof explain`: what a check claims, what a requirement says, what a fault breaks, why a variant is
//! lawful, what a hostile server does.

use std::fmt::Write as _;

use harness::Check;
use record::{CheckKind, ReqId, RequirementRef};
use reference_server::faults::{self as catalogue_of_faults, Fault};
use reference_server::hostile::{self, Kind};
use reference_server::variants::{self, Variant};
use suites::matrix::Flip;
use suites::{matrix, requirements};

use crate::args::ExplainOptions;
use crate::failure::{Exit, Failure};
use crate::{catalogue, console, faults};

pub(crate) fn run(options: &ExplainOptions) -> Result<Exit, Failure> {
    let name = options.name.as_str();
    let text = if let Some(check) = suites::find(name) {
        check_text(check)
    } else if let Some(requirement) = requirements::find(name) {
        requirement_text(requirement)
    } else if let Some(fault) = catalogue_of_faults::find(name) {
        fault_text(fault)
    } else if let Some(variant) = variants::find(name) {
        variant_text(variant)
    } else if let Some(kind) = hostile::find(name) {
        hostile_text(kind)
    } else {
        return Err(Failure::usage(unknown(name)));
    };
    console::out(&text);
    Ok(Exit::Pass)
}

fn check_text(check: &Check) -> String {
    let mut text = format!("{}: {}\n", check.id, check.title);
    let kind = match check.kind() {
        CheckKind::Active => "sends requests of its own",
        CheckKind::Passive => "judged on every exchange of a run",
    };
    let _ = writeln!(text, "  {kind}; {}", check.source);
    needs(&mut text, check);
    text.push_str("\nIt stands on\n");
    for requirement in check.requirements {
        requirement_lines(&mut text, *requirement);
    }
    section_of_text(&mut text, "What to change in a server that fails it", check.advice);
    let faults: Vec<&str> = matrix::caught_by(check.id).map(|flip| flip.fault).collect();
    text.push_str("\nIt is proven by the faults that it catches\n");
    for fault in faults {
        let title = catalogue_of_faults::find(fault).map_or("", |fault| fault.title);
        let _ = writeln!(text, "  {fault}: {title}");
    }
    let profile = under(check.requirements.first());
    let _ = match check.kind() {
        CheckKind::Active => writeln!(text, "\nRun it alone: scimproof check{profile} --only {}", check.id),
        CheckKind::Passive => writeln!(
            text,
            "\nIt watches what others send. Run it with some: scimproof check{profile} --only {}",
            catalogue::watched(check.id)
        ),
    };
    text
}

/// What the server has to offer, and what the tester has to give.
fn needs(text: &mut String, check: &Check) {
    let needs = check.needs.iter().map(ToString::to_string);
    let (given, offered): (Vec<String>, Vec<String>) =
        needs.partition(|capability| record::not_given(capability).is_some());
    if !offered.is_empty() {
        let _ = writeln!(text, "  needs a server that offers {}", offered.join(", "));
    }
    for told in given.iter().filter_map(|capability| record::not_given(capability)) {
        let _ = writeln!(text, "  is left out where {told}");
    }
}

/// The option that a check of a profile's rules needs.
fn under(rule: Option<&ReqId>) -> String {
    let profile = rule.map(|rule| rule.document).filter(|document| profiles::names().contains(document));
    profile.map_or_else(String::new, |profile| format!(" --profile {profile}"))
}

fn requirement_lines(text: &mut String, requirement: ReqId) {
    let reference = RequirementRef::from(requirement);
    let _ = writeln!(text, "  {}  {}  {}", reference.id, reference.level, reference.section);
    let _ = writeln!(text, "    {}", requirement.paraphrase);
    let _ = writeln!(text, "    tested: {}", requirement.how_to_test);
    if !reference.link.is_empty() {
        let _ = writeln!(text, "    {}", reference.link);
    }
}

fn requirement_text(requirement: ReqId) -> String {
    let mut text = format!("{} ({})\n", requirement.id, requirement.slug);
    requirement_lines(&mut text, requirement);
    let _ =
        writeln!(text, "    binds: {}; testable from outside: {}", requirement.binds, requirement.testable);
    let state = suites::coverage::state(requirement.id).unwrap_or("open");
    let _ = writeln!(text, "    coverage: {state}");
    let checks: Vec<&Check> =
        suites::every().iter().filter(|check| check.requirements.contains(&requirement)).collect();
    section(&mut text, "Checks that cite it", checks.iter().map(|check| (check.id, check.title)));
    let faults = catalogue_of_faults::every().filter(|fault| fault.breaks.contains(&requirement.id));
    section(&mut text, "Faults that break it", faults.map(|fault| (fault.name, fault.title)));
    text
}

fn section_of_text(text: &mut String, title: &str, told: &str) {
    let _ = writeln!(text, "\n{title}\n  {told}");
}

fn section<'a>(text: &mut String, title: &str, rows: impl Iterator<Item = (&'a str, &'a str)>) {
    let rows: Vec<_> = rows.collect();
    let _ = writeln!(text, "\n{title}");
    if rows.is_empty() {
        text.push_str("  none\n");
    }
    for (name, title) in rows {
        let _ = writeln!(text, "  {name}: {title}");
    }
}

fn fault_text(fault: &Fault) -> String {
    let mut text = format!("{}: {}\n", fault.name, fault.title);
    let _ = writeln!(text, "  enters at the {} seam of the reference server", faults::seam(fault));
    if catalogue_of_faults::shows_under_load(fault) {
        text.push_str(
            "\nNo check can catch it: it shows under load, in the audit or by an objective (docs/load.md).\n",
        );
    }
    if fault.breaks.is_empty() {
        text.push_str("\nIt breaks no requirement; what it does takes time and changes nothing else\n");
    } else {
        text.push_str("\nIt breaks\n");
    }
    for id in fault.breaks {
        if let Some(requirement) = requirements::find(id) {
            requirement_lines(&mut text, requirement);
        }
    }
    // Each check is named once. What is declared to come along is no catch, unless it falls under what the fault breaks.
    let is_broken = |flip: &Flip| flip.requirements.split(',').any(|id| fault.breaks.contains(&id));
    let catches =
        |check: &str| matrix::catching(fault.name).any(|flip| flip.check == check && is_broken(&flip));
    let by_the_way: Vec<(&str, &str)> =
        fault.collateral.iter().copied().filter(|(check, _)| !catches(check)).collect();
    let caught = matrix::catching(fault.name)
        .filter(|flip| !by_the_way.iter().any(|(check, _)| *check == flip.check))
        .map(|flip| (flip.check, suites::find(flip.check).map_or("", |check| check.title)));
    section(&mut text, "It is caught by", caught);
    section(&mut text, "Checks that notice it by the way", by_the_way.into_iter());
    if !fault.hinders.is_empty() {
        let title = "Checks that need one of these say nothing";
        section(&mut text, title, fault.hinders.iter().copied());
    }
    let profile = match catalogue_of_faults::profile_of(fault) {
        profiles::DEFAULT => String::new(),
        profile => format!(" --profile {profile}"),
    };
    let _ = writeln!(text, "\nStart it: scimproof serve{profile} --fault {}", fault.name);
    text
}

fn variant_text(variant: &Variant) -> String {
    let mut text = format!("{}: {}\n", variant.name, variant.title);
    let _ = writeln!(text, "  a correct server of another kind; no check may fail it");
    let _ = writeln!(text, "\nIt is lawful by\n  {}", variant.lawful);
    section(&mut text, "Warnings that it raises", variant.warns.iter().copied());
    section(&mut text, "What checks do not find there", variant.lacks.iter().copied());
    let _ = writeln!(text, "\nStart it: scimproof serve --variant {}", variant.name);
    if variant.lag_ms > 0 {
        let seconds = variant.lag_ms.div_ceil(1000);
        let _ = writeln!(text, "Check it with --lag {seconds}: its reads lag {} ms behind", variant.lag_ms);
    }
    text
}

fn hostile_text(kind: &Kind) -> String {
    let mut text = format!("{}: {}\n", kind.name, kind.title);
    let _ = writeln!(text, "  a hostile server; it strikes {}", kind.strikes);
    let _ = writeln!(text, "\nA check of it ends with exit code {} and says", kind.ends.exit);
    let _ = writeln!(text, "  {}", kind.ends.says);
    let _ = writeln!(
        text,
        "  within {} seconds and {} MiB, and whatever it created can be swept",
        kind.seconds_max, kind.mib_max
    );
    let _ = writeln!(text, "\nStart it: scimproof serve --hostile {}", kind.name);
    let options = if kind.options.is_empty() { String::new() } else { format!(" {}", kind.options) };
    let _ = writeln!(text, "Check it: scimproof check URL --token-env TOKEN{options}");
    text
}

fn unknown(name: &str) -> String {
    let checks = suites::every().iter().map(|check| check.id);
    let slugs = requirements::ALL.iter().map(|requirement| requirement.slug);
    let faults = catalogue_of_faults::every().map(|fault| fault.name);
    let variants = variants::all().iter().map(|variant| variant.name);
    let kinds = hostile::all().iter().map(|kind| kind.name);
    let alike = catalogue::near(name, checks.chain(slugs).chain(faults).chain(variants).chain(kinds));
    let hint =
        if alike.is_empty() { String::new() } else { format!("; did you mean {}?", alike.join(" or ")) };
    format!(
        "{name} is neither a check nor a requirement nor a fault nor a variant nor a kind of hostile server{hint}"
    )
}
