//! `scimproof faults`: the defects that the reference server can be started with.

use reference_server::faults::{self, Fault, Seam};
use serde_json::json;
use suites::matrix;

use crate::args::FaultsOptions;
use crate::console;
use crate::failure::{Exit, Failure};

pub(crate) fn run(options: &FaultsOptions) -> Result<Exit, Failure> {
    console::out(&if options.json { as_json() } else { as_text() });
    Ok(Exit::Pass)
}

/// The seam's name.
pub(crate) fn seam(fault: &Fault) -> &'static str {
    match fault.seam() {
        Seam::Wire => "wire",
        Seam::Rules => "rules",
        Seam::Store => "store",
    }
}

fn as_text() -> String {
    let all = faults::all();
    let width = all.iter().map(|fault| fault.name.len()).max().unwrap_or_default();
    let mut text: String = all
        .iter()
        .map(|fault| format!("{:width$}  {:5}  {}\n", fault.name, seam(fault), fault.title))
        .collect();
    text.push_str(&format!("{} faults; start one with `scimproof serve --fault NAME`\n", all.len()));
    text
}

fn as_json() -> String {
    let rows = faults::all().iter().map(|fault| {
        json!({
            "name": fault.name,
            "title": fault.title,
            "seam": seam(fault),
            "breaks": fault.breaks,
            "collateral": fault.collateral.iter().map(|(check, reason)| json!({ "check": check, "reason": reason })).collect::<Vec<_>>(),
            "caughtBy": matrix::catching(fault.name).map(|flip| flip.check).collect::<Vec<_>>(),
        })
    });
    format!("{:#}\n", rows.collect::<serde_json::Value>())
}
