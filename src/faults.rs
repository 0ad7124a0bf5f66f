//! `scimproof faults`: the defects that the reference server can be started with, and the correct servers of other
//! kinds and the hostile ones that it can be started as.

use reference_server::faults::{self, Fault, Seam};
use reference_server::hostile::{self, Kind};
use reference_server::variants::{self, Variant};
use serde_json::{Value, json};
use suites::matrix;

use crate::args::FaultsOptions;
use crate::console;
use crate::failure::{Exit, Failure};

pub(crate) fn run(options: &FaultsOptions) -> Result<Exit, Failure> {
    console::out(&match (options.variants, options.hostile, options.json) {
        (true, _, false) => variants_as_text(),
        (true, _, true) => variants_as_json(),
        (_, true, false) => hostile_as_text(),
        (_, true, true) => hostile_as_json(),
        (_, _, false) => as_text(),
        (_, _, true) => as_json(),
    });
    Ok(Exit::Pass)
}

/// The seam's name.
pub(crate) fn seam(fault: &Fault) -> &'static str {
    match fault.seam() {
        Seam::Wire => "wire",
        Seam::Framing => "framing",
        Seam::Rules => "rules",
        Seam::Store => "store",
    }
}

fn as_text() -> String {
    let all: Vec<&Fault> = faults::every().collect();
    let width = all.iter().map(|fault| fault.name.len()).max().unwrap_or_default();
    let mut text: String = all
        .iter()
        .map(|fault| {
            let profile = faults::profile_of(fault);
            let under = match profile {
                _ if faults::shows_under_load(fault) => " (under load)".to_owned(),
                profiles::DEFAULT => String::new(),
                profile => format!(" (--profile {profile})"),
            };
            format!("{:width$}  {:5}  {}{under}\n", fault.name, seam(fault), fault.title)
        })
        .collect();
    text.push_str(&format!("{} faults; start one with `scimproof serve --fault NAME`\n", all.len()));
    text
}

fn as_json() -> String {
    let rows = faults::every().map(|fault| {
        json!({
            "name": fault.name,
            "title": fault.title,
            "seam": seam(fault),
            "profile": faults::profile_of(fault),
            "underLoad": faults::shows_under_load(fault),
            "breaks": fault.breaks,
            "collateral": reasons("check", fault.collateral),
            "hinders": reasons("capability", fault.hinders),
            "caughtBy": matrix::catching(fault.name).map(|flip| flip.check).collect::<Vec<_>>(),
        })
    });
    format!("{:#}\n", rows.collect::<serde_json::Value>())
}

/// A line for each name with its title.
fn titles(rows: &[(&str, &str)]) -> String {
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    rows.iter().map(|(name, title)| format!("{name:width$}  {title}\n")).collect()
}

fn variants_as_text() -> String {
    let all = variants::all();
    let rows: Vec<_> = all.iter().map(|variant| (variant.name, variant.title)).collect();
    let mut text = titles(&rows);
    text.push_str(&format!("{} variants; start one with `scimproof serve --variant NAME`\n", all.len()));
    text
}

fn variants_as_json() -> String {
    let row = |variant: &Variant| {
        json!({
            "name": variant.name,
            "title": variant.title,
            "lawful": variant.lawful,
            "warns": reasons("check", variant.warns),
            "lacks": reasons("capability", variant.lacks),
            "lagMs": variant.lag_ms,
        })
    };
    format!("{:#}\n", variants::all().iter().map(row).collect::<Value>())
}

fn hostile_as_text() -> String {
    let all = hostile::all();
    let rows: Vec<_> = all.iter().map(|kind| (kind.name, kind.title)).collect();
    let mut text = titles(&rows);
    text.push_str(&format!(
        "{} hostile servers; start one with `scimproof serve --hostile NAME`\n",
        all.len()
    ));
    text
}

fn hostile_as_json() -> String {
    let row = |kind: &Kind| {
        json!({
            "name": kind.name,
            "title": kind.title,
            "strikes": kind.strikes.to_string(),
            "options": kind.options,
            "exit": kind.ends.exit,
            "says": kind.ends.says,
            "secondsMax": kind.seconds_max,
            "mibMax": kind.mib_max,
        })
    };
    format!("{:#}\n", hostile::all().iter().map(row).collect::<Value>())
}

fn reasons(of: &str, listed: &[(&str, &str)]) -> Value {
    listed.iter().map(|(name, reason)| json!({ of: name, "reason": reason })).collect()
}
