//! The requests in `requests/` against a server that claims to be ready for their client: whatever they ask for has to show
//! in a read of its own. A request that is answered with success and comes to nothing is the worst of answers.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use client::{Client, InProcess, Method, Recorder, Request, SystemClock, Target, resource_path};
use record::Redactor;
use reference_server::ReferenceServer;
use serde_json::{Map, Value, json};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// The customer's own extension that some of the cases name.
const CUSTOM: &str = r#"
name = "custom"
title = "A schema of the customer's own"
base_path = ""

[[schemas]]
id = "urn:ietf:params:scim:schemas:extension:CustomExt:2.0:User"
name = "Custom"
description = "What the customer knows beyond the account."

[[schemas.attributes]]
name = "tag"
description = "A word."

[[schemas.attributes]]
name = "level"
description = "A number."
type = "integer"

[[schemas.attributes]]
name = "managerEmail"
description = "The manager's e-mail."
"#;

/// A server of its own for each case, and the ids that it gave to those of the case.
struct Stage {
    client: Client,
    runtime: tokio::runtime::Runtime,
    ids: BTreeMap<String, String>,
}

impl Stage {
    fn new(profile: &str, fault: Option<&str>) -> Self {
        let mut profile = profiles::find(profile).expect("a profile");
        if let Some(users) = profile.types.get_mut("User") {
            let custom = profiles::parse(CUSTOM, "custom.toml").expect("a schema").schemas;
            let uris = custom.iter().map(|schema| schema.id.clone());
            users.extensions = Some(std::iter::once(ENTERPRISE.to_owned()).chain(uris).collect());
            // The profile may know less of it.
            profile.schemas.retain(|schema| custom.iter().all(|custom| custom.id != schema.id));
            profile.schemas.extend(custom);
        }
        let mut builder = ReferenceServer::builder().plays(profile);
        if let Some(fault) = fault {
            builder = builder.fault(fault);
        }
        let service = builder.seed(1).service().expect("a server");
        let base = format!("http://localhost{}", service.base_path());
        let target = Target::new(&base).expect("a base URL").bearer(service.token().clone());
        let recorder = Recorder::new(Redactor::default());
        let clock = Arc::new(SystemClock::new());
        let client = Client::new(target, &InProcess::new(service), recorder, clock).expect("a client");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Self { client, runtime: runtime.expect("a runtime"), ids: BTreeMap::new() }
    }

    fn send(&self, method: &str, path: &str, body: Option<&str>) -> (u16, Value) {
        let method: Method = method.parse().expect("a method");
        let mut request = Request::new(method, self.translated(path)).without("accept").without("user-agent");
        if let Some(body) = body {
            request = request.body("application/scim+json; charset=utf-8", self.translated(body));
        }
        let sent = self.runtime.block_on(self.client.send(request, None));
        let body = sent.json.as_deref().cloned().unwrap_or_default();
        (sent.outcome.expect("an answer").status, body)
    }

    fn get(&self, path: &str) -> Value {
        self.send("GET", path, None).1
    }

    /// The ids of a case are not those of the server.
    fn translated(&self, text: &str) -> String {
        self.ids.iter().fold(text.to_owned(), |text, (known, id)| text.replace(known, id))
    }

    /// Creates a resource that a case calls by an id.
    fn given(&mut self, endpoint: &str, id: &str, body: &Value) {
        let (status, created) = self.send("POST", endpoint, Some(&body.to_string()));
        assert_eq!(status, 201, "{created}");
        let made = created["id"].as_str().expect("an id").to_owned();
        self.ids.insert(resource_path("", id).trim_start_matches('/').to_owned(), made.clone());
        self.ids.insert(id.to_owned(), made);
    }
}

#[test]
fn every_request_of_the_client_takes_effect() {
    let problems = problems("entra-ready", None);
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}

#[test]
fn a_server_that_overlooks_what_it_is_sent_is_noticed() {
    // By the standard alone none of these has to be understood.
    let strict = problems("rfc", None).join("\n");
    for operation in ["manager-set", "manager-clear / removes the value", "disable", "create / "] {
        assert!(strict.contains(operation), "{operation} is not noticed in\n{strict}");
    }
    let overlooked = problems("entra-ready", Some("bug-p05-dotted-keys-are-overlooked")).join("\n");
    assert!(overlooked.contains("entra-flag/update"), "{overlooked}");
}

fn problems(profile: &str, fault: Option<&str>) -> Vec<String> {
    let (mut problems, mut requests) = (Vec::new(), 0);
    for path in files() {
        let text = fs::read_to_string(&path).expect("a readable file");
        let file: Value = serde_json::to_value(text.parse::<toml::Table>().expect("TOML")).expect("JSON");
        let operation = file["operation"].as_str().expect("an operation");
        for case in list(&file["cases"]) {
            let mut stage = Stage::new(profile, fault);
            prepare(&mut stage, operation, &case["given"]);
            for request in list(&case["requests"]) {
                requests += 1;
                if let Some(problem) = problem(&stage, operation, request) {
                    let client = file["client"].as_str().unwrap_or_default();
                    problems.push(format!("{client}/{operation} / {}: {problem}", text_of(&case["name"])));
                }
            }
        }
    }
    assert!(requests > 80, "only {requests} requests were found");
    problems
}

/// Brings about what a case says the server has.
fn prepare(stage: &mut Stage, operation: &str, given: &Value) {
    let is_group = operation.starts_with("group-") || operation.starts_with("members-");
    let members: Vec<&str> = list(&given["members"]).filter_map(Value::as_str).collect();
    for (at, member) in members.iter().enumerate() {
        let body = json!({ "schemas": [USER], "userName": format!("member-{at}") });
        stage.given("/Users", member, &body);
    }
    let current = given["current"].as_str().map(|text| serde_json::from_str(text).expect("JSON"));
    let mut body: Map<String, Value> = current.unwrap_or_default();
    body.remove("id");
    if operation == "members-remove" {
        body.insert("members".to_owned(), members.iter().map(|id| json!({ "value": id })).collect());
    }
    let (endpoint, schema, name) =
        if is_group { ("/Groups", GROUP, "displayName") } else { ("/Users", USER, "userName") };
    body.insert("schemas".to_owned(), json!([schema]));
    if operation.ends_with("create") {
        return;
    }
    body.entry(name).or_insert_with(|| "ada.berg@contoso.example".into());
    stage.given(endpoint, given["id"].as_str().unwrap_or("the one"), &Value::Object(body));
    if operation.ends_with("match") {
        let wanted = list(&given["wanted"]).filter(|wanted| wanted["value"] != "");
        let add = |wanted: &Value| json!({ "op": "add", "path": wanted["target"], "value": wanted["value"] });
        let operations: Vec<Value> = wanted.map(add).collect();
        let body = json!({ "schemas": [PATCH_OP], "Operations": operations }).to_string();
        let path = format!("{endpoint}/{}", given["id"].as_str().unwrap_or("the one"));
        assert!(stage.send("PATCH", &path, Some(&body)).0 < 300, "{body}");
    }
}

/// What is wrong with the answer to a request, or with what came of it.
fn problem(stage: &Stage, operation: &str, request: &Value) -> Option<String> {
    let (method, path) = (text_of(&request["method"]), text_of(&request["path"]));
    let body = request["body"].as_str();
    let (status, answer) = stage.send(method, path, body);
    if !(200..300).contains(&status) {
        return Some(format!("{method} {path} {body:?} is answered with {status} {answer}"));
    }
    let sent: Value =
        body.map_or(Value::Null, |body| serde_json::from_str(&stage.translated(body)).expect("JSON"));
    let is_fine = match method {
        "PATCH" => {
            let shown = stage.get(path);
            list(&sent["Operations"]).all(|operation| took_effect(&shown, operation))
        }
        "POST" => created(&stage.get(&format!("{path}/{}", text_of(&answer["id"]))), &sent),
        "DELETE" => stage.send("GET", path, None).0 == 404,
        _ if operation.ends_with("match") => answer["totalResults"] == 1,
        _ if operation == "test-connection" => answer["totalResults"] == 0,
        _ => answer.is_object(),
    };
    (!is_fine).then(|| format!("{method} {path} {sent} is answered with {status} and does not show"))
}

/// Whether a new resource shows what its create sent. An extension without a value need not be among its schemas.
fn created(resource: &Value, sent: &Value) -> bool {
    sent.as_object().is_some_and(|sent| {
        let mut sent = sent.clone();
        sent.remove("schemas").is_some() && covers(resource, &Value::Object(sent))
    })
}

/// Whether a resource shows what an operation asks for.
fn took_effect(resource: &Value, operation: &Value) -> bool {
    let value = &operation["value"];
    let removes = text_of(&operation["op"]).eq_ignore_ascii_case("remove");
    match operation["path"].as_str() {
        None => value.as_object().is_some_and(|named| {
            named.iter().all(|(path, value)| at(resource, path).iter().any(|shown| covers(shown, value)))
        }),
        Some(path) if removes && value.is_array() => {
            let left = at(resource, path);
            list(value).all(|gone| !left.iter().flat_map(|left| list(left)).any(|left| covers(left, gone)))
        }
        Some(path) if removes || value == "" => at(resource, path).is_empty(),
        Some(path) => at(resource, path).iter().any(|shown| covers(shown, value)),
    }
}

/// What stands at a path as this client writes it: behind a URN, behind a dot, behind a filter for one equality.
fn at<'a>(resource: &'a Value, path: &str) -> Vec<&'a Value> {
    let (head, filter, tail) = match (path.find('['), path.find(']')) {
        (Some(open), Some(close)) => (&path[..open], Some(&path[open + 1..close]), &path[close + 1..]),
        _ => (path, None, ""),
    };
    let (holder, name) = match head.rsplit_once(':') {
        Some((urn, name)) => (&resource[urn], name),
        None if resource.get(head.split('.').next().unwrap_or(head)).is_some() => (resource, head),
        None => (&resource[ENTERPRISE], head),
    };
    let whole = name.split('.').try_fold(holder, |holder, name| holder.get(name));
    let Some(filter) = filter else { return whole.into_iter().collect() };
    let (sub, wanted) = filter.split_once(" eq ").expect("an equality");
    let wanted = wanted.trim_matches('"');
    let elements = whole.into_iter().flat_map(|whole| match whole {
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    });
    elements
        .filter(|element| element[sub] == wanted || element[sub].to_string().eq_ignore_ascii_case(wanted))
        .filter_map(|element| match tail.strip_prefix('.') {
            Some(part) => element.get(part),
            None => Some(element),
        })
        .collect()
}

/// Whether what is shown has all that was sent, in the types of the standard.
fn covers(shown: &Value, sent: &Value) -> bool {
    match (shown, sent) {
        (Value::Object(shown), Value::Object(sent)) => sent.iter().all(|(name, sent)| {
            let empty = sent.is_null() || *sent == json!([]);
            empty || shown.get(name).is_some_and(|shown| covers(shown, sent))
        }),
        (Value::Array(shown), Value::Array(sent)) => {
            sent.iter().all(|sent| shown.iter().any(|shown| covers(shown, sent)))
        }
        (Value::Bool(shown), Value::String(sent)) => sent.eq_ignore_ascii_case(&shown.to_string()),
        (Value::Object(shown), Value::String(sent)) => shown.get("value").is_some_and(|shown| shown == sent),
        (shown, sent) => shown == sent,
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn files() -> Vec<PathBuf> {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        paths
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("requests");
    entries(&root).iter().filter(|path| path.is_dir()).flat_map(|folder| entries(folder)).collect()
}
