//! Turns `requirements/rfc.tsv` and the rules of the profiles into constants, so that a check can only cite what is
//! there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

const CATALOGUE: &str = "requirements/rfc.tsv";
const COLUMNS: [&str; 10] = [
    "id",
    "slug",
    "document",
    "section",
    "level",
    "binds",
    "testable",
    "capability",
    "paraphrase",
    "how_to_test",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed={CATALOGUE}");
    let text = std::fs::read_to_string(CATALOGUE)?;
    #[expect(clippy::disallowed_methods, reason = "how cargo tells a build script where to write")]
    let out = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&out).join("requirements.rs"), generate(&text)?)?;
    std::fs::write(Path::new(&out).join("rules.rs"), rules()?)?;
    Ok(())
}

fn generate(text: &str) -> Result<String, String> {
    let mut lines = text.lines().enumerate();
    let header: Vec<&str> = lines.next().map(|(_, line)| line.split('\t').collect()).unwrap_or_default();
    if header != COLUMNS {
        return Err(format!("{CATALOGUE}:1: expected the columns {COLUMNS:?}"));
    }
    let mut modules: BTreeMap<String, String> = BTreeMap::new();
    let mut all = String::new();
    for (index, line) in lines {
        let row: Vec<&str> = line.split('\t').collect();
        let [id, slug, document, section, level, binds, testable, capability, paraphrase, how] = row[..]
        else {
            return Err(format!(
                "{CATALOGUE}:{}: expected {} columns, found {}",
                index + 1,
                COLUMNS.len(),
                row.len()
            ));
        };
        let variant = match level {
            "MUST" => "Must",
            "MUST NOT" => "MustNot",
            "SHOULD" => "Should",
            "SHOULD NOT" => "ShouldNot",
            "MAY" => "May",
            "STATED" => "Stated",
            other => return Err(format!("{CATALOGUE}:{}: unknown level {other:?}", index + 1)),
        };
        let module = document.to_lowercase().replace(['-', '.'], "_");
        let name = slug.to_uppercase().replace('-', "_");
        let doc = format!("{level}, {document} section {section}: {paraphrase}.");
        let code = modules.entry(module.clone()).or_default();
        writeln!(
            code,
            "    #[doc = {doc:?}]\n    pub const {name}: ReqId = ReqId::new(&Requirement {{ id: {id:?}, slug: {slug:?}, \
             document: {document:?}, section: {section:?}, level: Level::{variant}, binds: {binds:?}, testable: {testable:?}, \
             capability: {capability:?}, paraphrase: {paraphrase:?}, how_to_test: {how:?} }});"
        )
        .map_err(|error| error.to_string())?;
        writeln!(all, "    {module}::{name},").map_err(|error| error.to_string())?;
    }
    let mut out = String::new();
    for (module, code) in &modules {
        let _ = write!(
            out,
            "/// Requirements of {}.\npub mod {module} {{\n    use super::{{Level, ReqId, Requirement}};\n\n{code}}}\n\n",
            module.to_uppercase().replace('_', "-")
        );
    }
    let _ = write!(
        out,
        "/// Every requirement, in the order of the catalogue.\npub const ALL: &[ReqId] = &[\n{all}];\n"
    );
    Ok(out)
}

/// One module for each profile that has rules, with a constant for each of them. Whoever claims the profile has to
/// keep its rules, so that breaking one is a failure.
fn rules() -> Result<String, Box<dyn std::error::Error>> {
    let mut out = String::new();
    let mut all = String::new();
    for name in profiles::names() {
        let profile = profiles::find(name)?;
        if profile.rules.is_empty() {
            continue;
        }
        let module = name.replace('-', "_");
        write!(
            out,
            "/// Rules of {}.\npub mod {module} {{\n    use super::{{Level, ReqId, Requirement}};\n\n",
            profile.title
        )?;
        for profiles::Rule { id, seen, source, text, .. } in &profile.rules {
            let constant = id.replace('-', "_");
            let doc = format!("{id} ({source}): {text}");
            let testable = if seen.over_scim() { "yes" } else { "no" };
            let binds = if *seen == profiles::Seen::Client { "client" } else { "server" };
            let how = format!("seen by: {}; source: {source}", seen.as_str());
            writeln!(
                out,
                "    #[doc = {doc:?}]\n    pub const {constant}: ReqId = ReqId::new(&Requirement {{ id: {id:?}, slug: {slug:?}, \
                 document: {name:?}, section: {id:?}, level: Level::Must, binds: {binds:?}, testable: {testable:?}, \
                 capability: {name:?}, paraphrase: {text:?}, how_to_test: {how:?} }});",
                slug = format!("{name}-{}", id.to_lowercase()),
            )?;
            writeln!(all, "    {module}::{constant},")?;
        }
        out.push_str("}\n\n");
    }
    write!(out, "/// Every rule, by profile.\npub const RULES: &[ReqId] = &[\n{all}];\n")?;
    Ok(out)
}
