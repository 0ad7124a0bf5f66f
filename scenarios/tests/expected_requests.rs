//! The requests of the simulator against those that were written by hand: every case of every file in `requests/`.

#![expect(clippy::expect_used, reason = "helpers of tests fail by panicking, like tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use client::Request;
use scenarios::entra::{ClientKind, Difference, ManagerClear, MembersChange, ObjectKind, Settings, Writer};
use scenarios::{Apply, Reference, Wanted, WantedAttribute};
use serde::Deserialize;
use serde_json::Value;

/// Every operation, so that none is left out for a client.
const OPERATIONS: &[&str] = &[
    "test-connection",
    "match",
    "get",
    "create",
    "update",
    "disable",
    "enable",
    "delete",
    "manager-set",
    "manager-change",
    "manager-clear",
    "group-match",
    "group-get",
    "group-create",
    "group-rename",
    "group-delete",
    "members-add",
    "members-remove",
    "schema-discovery",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    client: ClientKind,
    operation: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    source: String,
    says: String,
    evidence: String,
    given: Given,
    requests: Vec<Expected>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Given {
    id: String,
    guid: String,
    wanted: Vec<Attribute>,
    current: Option<String>,
    members: Vec<String>,
    links: BTreeMap<String, String>,
    clear: String,
    settings: Overrides,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attribute {
    target: String,
    value: Option<toml::Value>,
    matching: Option<u32>,
    #[serde(default)]
    case_exact: bool,
    apply: Option<String>,
    #[serde(default)]
    references: Vec<Pointer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pointer {
    source: String,
    value: Option<String>,
}

/// What a case sets otherwise than the client's defaults.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Overrides {
    send_flag_in_query: bool,
    group_probe: bool,
    emit_nulls: bool,
    empty_roles: bool,
    empty_members: Option<bool>,
    member_ref_null: bool,
    member_batch_size: Option<u32>,
    manager_clear: Option<ManagerClear>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    method: String,
    path: String,
    body: Option<String>,
}

#[test]
fn every_expected_request_is_made() {
    let mut cases = 0;
    for path in files() {
        let text = fs::read_to_string(&path).expect("a readable file");
        let file: File = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in &file.cases {
            let place = format!("{} / {}", path.display(), case.name);
            assert!(!case.says.is_empty() && !case.evidence.is_empty(), "{place}");
            // A page alone is long; captures and answers are found by the list in the README, or by their number.
            let is_found = |source: &str| {
                let headed = source.split_once(": ").is_some_and(|(page, heading)| {
                    !page.is_empty() && !page.contains(' ') && !heading.is_empty()
                });
                let numbered = source.strip_prefix("Microsoft Q&A ").map(str::parse::<u32>);
                headed || source == "captures" || numbered.is_some_and(|number| number.is_ok())
            };
            assert!(case.source.split("; ").all(is_found), "{place}: {}", case.source);
            let made = made(&file, case);
            assert_eq!(made.len(), case.requests.len(), "{place}: {:#?}", shown(&made));
            for (made, expected) in made.iter().zip(&case.requests) {
                compare(made, expected, &place);
            }
            cases += 1;
        }
    }
    assert!(cases > 100, "only {cases} cases were found");
}

#[test]
fn every_client_has_a_file_for_every_operation() {
    let found: Vec<(String, String)> =
        files().iter().map(|path| (named(path.parent()), stem(path))).collect();
    for client in [ClientKind::EntraDefault, ClientKind::EntraFlag] {
        let mut operations: Vec<&str> = found
            .iter()
            .filter(|(folder, _)| folder == client.name())
            .map(|(_, operation)| operation.as_str())
            .collect();
        operations.sort_unstable();
        let mut expected = OPERATIONS.to_vec();
        expected.sort_unstable();
        assert_eq!(operations, expected, "{}", client.name());
    }
}

#[test]
fn every_file_is_where_it_says() {
    for path in files() {
        let file: File =
            toml::from_str(&fs::read_to_string(&path).expect("a readable file")).expect("a file");
        assert_eq!(named(path.parent()), file.client.name(), "{}", path.display());
        assert_eq!(stem(&path), file.operation, "{}", path.display());
    }
}

fn made(file: &File, case: &Case) -> Vec<Request> {
    let settings = settings(file.client, &case.given.settings);
    let writer = Writer::new(&settings);
    let given = &case.given;
    let wanted = wanted(&given.wanted);
    let current = || -> Value {
        serde_json::from_str(given.current.as_deref().expect("what the server has")).expect("JSON")
    };
    let update = |kind, differences: &[Difference]| writer.update(kind, &given.id, differences);
    let searches = |kind| writer.matches(kind, &wanted).into_iter().map(|(.., request)| request).collect();
    match file.operation.as_str() {
        "test-connection" => writer.probes(first_matching(&wanted), "displayName", &given.guid),
        "schema-discovery" => vec![writer.schemas()],
        "match" => searches(ObjectKind::User),
        "group-match" => searches(ObjectKind::Group),
        "get" => vec![writer.get(ObjectKind::User, &given.id)],
        "group-get" => vec![writer.get(ObjectKind::Group, &given.id)],
        "create" => vec![writer.create(ObjectKind::User, &wanted)],
        "group-create" => vec![writer.create(ObjectKind::Group, &wanted)],
        "delete" => vec![writer.delete(ObjectKind::User, &given.id)],
        "group-delete" => vec![writer.delete(ObjectKind::Group, &given.id)],
        "update" | "enable" => {
            update(ObjectKind::User, &writer.differences(&wanted, &current())).into_iter().collect()
        }
        "group-rename" => {
            update(ObjectKind::Group, &writer.differences(&wanted, &current())).into_iter().collect()
        }
        "disable" => {
            let alone = writer.disabling(&wanted, &current());
            update(ObjectKind::User, alone.as_slice()).into_iter().collect()
        }
        "manager-set" | "manager-change" => references(&writer, given, &wanted, &current()),
        "manager-clear" => {
            let difference = writer.reference(&given.clear, None, &current());
            let refer = |one: Difference| writer.refer(ObjectKind::User, &given.id, &one);
            difference.into_iter().map(refer).collect()
        }
        "members-add" => members(&writer, MembersChange::Add, given),
        "members-remove" => members(&writer, MembersChange::Remove, given),
        other => panic!("{other} is no operation"),
    }
}

fn first_matching(wanted: &Wanted) -> &str {
    let matching = wanted.attributes.iter().filter_map(|attribute| Some((attribute.matching?, attribute)));
    &matching.min_by_key(|(place, _)| *place).expect("a matching attribute").1.target
}

fn references(writer: &Writer<'_>, given: &Given, wanted: &Wanted, current: &Value) -> Vec<Request> {
    let pointers = wanted.attributes.iter().flat_map(|attribute| {
        attribute.references.iter().map(move |reference| (attribute.target.as_str(), reference))
    });
    let known = pointers.filter_map(|(target, reference)| {
        let id = given.links.get(&reference.source)?;
        Some((target, reference.value.as_ref().unwrap_or(id)))
    });
    let differences = known.filter_map(|(target, value)| writer.reference(target, Some(value), current));
    differences.map(|one| writer.refer(ObjectKind::User, &given.id, &one)).collect()
}

fn members(writer: &Writer<'_>, change: MembersChange, given: &Given) -> Vec<Request> {
    let made = writer.members(&given.id, change, &given.members);
    let told: Vec<&String> = made.iter().flat_map(|(_, members)| members.iter()).collect();
    assert_eq!(told, given.members.iter().collect::<Vec<_>>(), "each request tells whom it is about");
    made.into_iter().map(|(request, _)| request).collect()
}

fn compare(made: &Request, expected: &Expected, place: &str) {
    assert_eq!(made.method().as_str(), expected.method, "{place}");
    assert_eq!(made.path(), expected.path, "{place}");
    let body = made.bytes().map(|bytes| String::from_utf8(bytes.to_vec()).expect("UTF-8"));
    // Parsed and written again, a text keeps the order of its members and loses its blanks.
    let expected_body = expected.body.as_ref().map(|text| {
        serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{place}: {error}")).to_string()
    });
    assert_eq!(body, expected_body, "{place}");
    let content_type = made.headers().iter().find(|(name, _)| name == "content-type");
    let content_type = content_type.map(|(_, value)| value.as_str());
    assert_eq!(
        content_type,
        expected.body.as_ref().map(|_| "application/scim+json; charset=utf-8"),
        "{place}"
    );
    for absent in ["user-agent", "accept"] {
        assert!(made.left_out().iter().any(|name| name == absent), "{place}: {absent} is sent");
    }
}

fn settings(client: ClientKind, given: &Overrides) -> Settings {
    let default = Settings::of(client);
    Settings {
        send_flag_in_query: given.send_flag_in_query,
        group_probe: given.group_probe,
        emit_nulls: given.emit_nulls,
        empty_roles: given.empty_roles,
        empty_members: given.empty_members.unwrap_or(default.empty_members),
        member_ref_null: given.member_ref_null,
        member_batch_size: given.member_batch_size.unwrap_or(default.member_batch_size),
        manager_clear: given.manager_clear.or(default.manager_clear),
        ..default
    }
}

fn wanted(attributes: &[Attribute]) -> Wanted {
    let attribute = |given: &Attribute| WantedAttribute {
        target: given.target.clone(),
        value: given
            .value
            .as_ref()
            .map_or(Value::Null, |value| serde_json::to_value(value).expect("a value that JSON has too")),
        apply: match given.apply.as_deref() {
            None => Apply::Always,
            Some("on-create") => Apply::OnCreate,
            Some(other) => panic!("{other} is no way to apply"),
        },
        matching: given.matching,
        case_exact: given.case_exact,
        references: given
            .references
            .iter()
            .map(|pointer| Reference { source: pointer.source.clone(), value: pointer.value.clone() })
            .collect(),
    };
    Wanted {
        source: "ada".to_owned(),
        name: "Ada".to_owned(),
        attributes: attributes.iter().map(attribute).collect(),
        unset: Vec::new(),
    }
}

fn shown(requests: &[Request]) -> Vec<String> {
    let body = |request: &Request| request.json_body().map(|body| body.to_string()).unwrap_or_default();
    requests
        .iter()
        .map(|request| format!("{} {} {}", request.method(), request.path(), body(request)))
        .collect()
}

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("requests");
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        paths
    };
    let folders = entries(&root).into_iter().filter(|path| path.is_dir());
    folders.flat_map(|folder| entries(&folder)).collect()
}

fn named(path: Option<&Path>) -> String {
    path.and_then(Path::file_name).expect("a name").to_string_lossy().into_owned()
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}
