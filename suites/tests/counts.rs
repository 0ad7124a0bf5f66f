//! What there is of each area, and what there has to be.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use harness::Action;
use protocol::ScimType;
use record::CheckKind;
use reference_server::faults::{self, Seam};

/// An area: its name, what the ids of its checks begin with, and how many active checks it has at least.
const AREAS: &[(&str, &[&str], usize)] = &[
    ("schema quality", &["discovery.schema-", "discovery.schemas-", "discovery.attribute-"], 8),
    ("discovery", &["discovery."], 10),
    ("representation", &["read."], 12),
    ("create", &["create."], 10),
    ("list", &["list."], 8),
    ("replace", &["replace."], 8),
    ("PATCH", &["patch."], 36),
    ("delete", &["delete."], 6),
    ("filter", &["filter."], 30),
    ("sort", &["sort."], 6),
    ("page walk", &["paging."], 8),
    ("projection", &["projection."], 8),
    (".search", &["search."], 4),
    ("ETag", &["versions."], 6),
    ("errors", &["errors."], 10),
    ("groups", &["groups."], 14),
    ("authentication", &["authentication.", "credentials."], 6),
    ("content negotiation", &["content."], 8),
    ("readings", &["readings."], 24),
    ("robustness", &["robustness.", "framing.", "races."], 6),
];
/// How many checks may be rows of one function.
const ROWS_MAX: usize = 40;
/// Every keyword of an error (RFC 7644 §3.12 table 9), and the requirement that says when it is sent.
const KEYWORDS: &[(ScimType, &str)] = &[
    (ScimType::InvalidFilter, "RFC7644-3.12-R19"),
    (ScimType::TooMany, "RFC7644-3.12-R20"),
    (ScimType::Uniqueness, "RFC7644-3.12-R22"),
    (ScimType::Mutability, "RFC7644-3.12-R23"),
    (ScimType::InvalidSyntax, "RFC7644-3.12-R24"),
    (ScimType::InvalidPath, "RFC7644-3.12-R25"),
    (ScimType::NoTarget, "RFC7644-3.12-R26"),
    (ScimType::InvalidValue, "RFC7644-3.12-R27"),
    (ScimType::InvalidVers, "RFC7644-3.12-R28"),
    (ScimType::Sensitive, "RFC7644-3.12-R29"),
];
/// Those that no check can demand, and why.
const UNREACHABLE: &[(ScimType, &str)] = &[
    (
        ScimType::TooMany,
        "nobody has to refuse a long list, and no run creates as many users as would be too many for whoever does; checks of \
         lists take the refusal, and the variant long-lists-are-refused sends it",
    ),
    (
        ScimType::Sensitive,
        "what is sensitive is the server's to say (RFC 7644 §7.5.2); a filter on password may as well be an invalidFilter, and \
         the reading filter.secret has both",
    ),
];
const PASSIVE_MIN: usize = 12;
const FAULTS_MIN: usize = 120;
const STATE_FAULTS_MIN: usize = 30;

/// The checks of PATCH by operation and form of path: a simple attribute, a sub-attribute, all values, selected values, a
/// part of selected values, an extension or one of its attributes by URN, a part of such an attribute, no path, a core
/// attribute by URN, a whole complex attribute.
const CELLS: &[(&str, [&str; 10])] = &[
    (
        "add",
        [
            "add-simple",
            "add-sub-attribute",
            "add-multi-valued",
            // What adding to a selection comes to the standard does not say.
            "",
            "add-in-a-value",
            "add-extension-attribute",
            "add-manager-value",
            "add-without-path",
            "add-by-core-urn",
            "add-complex",
        ],
    ),
    (
        "replace",
        [
            "replace-simple",
            "replace-sub-attribute",
            "replace-multi-valued",
            "replace-a-value",
            "replace-in-a-value",
            "replace-extension-attribute",
            "replace-manager-value",
            "replace-without-path",
            "replace-by-core-urn",
            "replace-complex",
        ],
    ),
    (
        "remove",
        [
            "remove-simple",
            "remove-sub-attribute",
            "remove-multi-valued",
            "remove-a-value",
            "remove-in-a-value",
            "remove-extension-attribute",
            "remove-manager-value",
            "remove-needs-a-path",
            "remove-by-core-urn",
            "remove-complex",
        ],
    ),
];

/// The rules that hold for every PATCH.
const RULES: &[&str] = &[
    "answers-with-what-is-stored",
    "honours-attributes",
    "operations-are-needed",
    "op-is-needed",
    "unknown-op-is-refused",
    "path-must-be-well-formed",
    "no-array-indexes",
    "required-cannot-be-removed",
    "read-only-cannot-be-replaced",
    "meta-cannot-be-replaced",
    "groups-are-read-only",
    "replace-needs-a-match",
    "replace-every-match",
    "replace-missing",
    "repeated-add-changes-nothing",
    "primary-moves",
    "operations-run-in-order",
    "is-atomic",
    "unknown-id-is-404",
    "value-must-fit",
    "remove-by-two-conditions",
    "paths-ignore-case",
    "null-clears",
    "respects-uniqueness",
    "schemas-name-a-new-extension",
    "names-need-no-urn",
    "schemas-are-needed",
    "selects-by-or",
    "selects-by-not",
    "selects-by-ne",
    "selects-by-sw",
    "selects-by-pr",
];

fn active_by_area() -> BTreeMap<&'static str, usize> {
    let active = suites::all().iter().filter(|check| check.kind() == CheckKind::Active);
    let mut counts = BTreeMap::new();
    for check in active {
        let of = |prefixes: &[&str]| prefixes.iter().any(|prefix| check.id.starts_with(prefix));
        let area = AREAS.iter().find(|(_, prefixes, _)| of(prefixes));
        let (area, ..) = area.unwrap_or_else(|| panic!("{} belongs to no area", check.id));
        *counts.entry(*area).or_default() += 1;
    }
    counts
}

fn passive() -> usize {
    suites::all().iter().filter(|check| check.kind() == CheckKind::Passive).count()
}

fn all_faults() -> impl Iterator<Item = &'static faults::Fault> {
    faults::all().iter().chain(faults::of_connections())
}

#[test]
fn the_committed_counts_are_current() {
    let counts = active_by_area();
    let mut lines = vec!["what\tcount".to_owned()];
    lines.extend(AREAS.iter().map(|(area, ..)| format!("{area}\t{}", counts.get(area).unwrap_or(&0))));
    lines.push(format!("passive\t{}", passive()));
    for (seam, name) in
        [(Seam::Wire, "wire"), (Seam::Framing, "framing"), (Seam::Rules, "rules"), (Seam::Store, "store")]
    {
        lines.push(format!(
            "faults at the {name}\t{}",
            all_faults().filter(|fault| fault.seam() == seam).count()
        ));
    }
    let of_state = all_faults().filter(|fault| fault.changes_state()).count();
    lines.push(format!("faults that change what is stored\t{of_state}"));
    common::compare("counts.tsv", &lines);
}

#[test]
fn no_area_is_below_its_floor() {
    let counts = active_by_area();
    for (area, _, floor) in AREAS {
        let count = counts.get(area).copied().unwrap_or(0);
        assert!(count >= *floor, "{area}: {count} of {floor}");
    }
    assert!(passive() >= PASSIVE_MIN, "{} passive checks", passive());
    assert!(all_faults().count() >= FAULTS_MIN, "{} faults", all_faults().count());
    let of_state = all_faults().filter(|fault| fault.changes_state()).count();
    assert!(of_state >= STATE_FAULTS_MIN, "{of_state} faults change what is stored");
}

#[test]
fn every_cell_and_every_rule_of_patch_has_its_check() {
    let cells = CELLS.iter().flat_map(|(_, cells)| cells).filter(|cell| !cell.is_empty());
    let missing = cells.chain(RULES).filter(|id| suites::find(&format!("patch.{id}")).is_none());
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&&str>::new());
    let distinct: BTreeSet<&str> = RULES.iter().copied().collect();
    assert_eq!(distinct.len(), RULES.len());
}

#[test]
fn no_function_makes_up_the_catalogue() {
    let mut rows = BTreeMap::<&str, usize>::new();
    for check in suites::all() {
        if let Action::Active(procedure) = check.action {
            *rows.entry(procedure.family()).or_default() += 1;
        }
    }
    let many: Vec<_> = rows.into_iter().filter(|(_, rows)| *rows > ROWS_MAX).collect();
    assert!(many.is_empty(), "{many:?}");
}

/// Rows are told apart by the type that judges them. One that leaves its judging to another would hide how many rows that
/// one has.
#[test]
fn no_row_leaves_its_judging_to_another() {
    let (mut dirs, mut found) = (vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")], Vec::new());
    let mut seen = 0;
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                dirs.push(path);
                continue;
            }
            seen += 1;
            let text = std::fs::read_to_string(&path).unwrap();
            let lends = |line: &&str| line.contains(".run(probe)") || line.contains("::run(");
            found.extend(text.lines().filter(lends).map(|line| format!("{}: {line}", path.display())));
        }
    }
    assert!(seen > 100, "{seen} files");
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_keyword_of_an_error_is_demanded_or_says_why_not() {
    let demanded = |requirement: &str| {
        suites::all().iter().any(|check| check.requirements.iter().any(|cited| cited.id == requirement))
    };
    for (keyword, requirement) in KEYWORDS {
        let excused = UNREACHABLE.iter().any(|(unreachable, _)| unreachable == keyword);
        assert_ne!(demanded(requirement), excused, "{keyword}");
    }
}

/// Where there are no groups it would show nothing, and nobody should be let start with it.
#[test]
fn a_fault_that_checks_of_groups_alone_notice_is_about_groups() {
    let of_groups = |id: &str| {
        let needs = suites::find(id).map_or(&[][..], |check| check.needs);
        needs.iter().any(|need| need.to_string().starts_with("Group."))
    };
    let mut noticed = BTreeMap::<&str, Vec<&str>>::new();
    for line in include_str!("../matrix.tsv").lines().skip(1) {
        let [fault, check, verdict, ..] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        if matches!(verdict, "fail" | "warn") {
            noticed.entry(fault).or_default().push(check);
        }
    }
    let about = |name: &str| faults::is_about_groups(faults::find(name).unwrap());
    let missed =
        noticed.iter().filter(|(name, checks)| checks.iter().all(|id| of_groups(id)) && !about(name));
    assert_eq!(missed.map(|(name, _)| *name).collect::<Vec<_>>(), Vec::<&str>::new());
}
