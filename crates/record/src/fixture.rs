mod load;
mod sync;

use crate::exchange::{Body, Exchange, Header, Held, RequestLog, ResponseLog, Times};
use crate::redact::REDACTED;
use crate::requirement::{Breach, Level, RequirementRef};
use crate::run::{
    CheckKind, CheckResult, Checks, CredentialSource, Excluded, Leftover, Run, TargetInfo, Tool,
};
use crate::verdict::{At, Cause, CauseKind, Finding, Verdict};

const BASE: &str = "http://127.0.0.1:8080/scim/v2";
const DISCOVERY: u32 = 1;
const CREATED: u32 = 2;
const DELETED: u32 = 3;
const PATCHED: u32 = 4;
const UNANSWERED: u32 = 5;

impl Run {
    /// One small run that holds every verdict and awkward text, for tests and snapshots of renderers.
    #[must_use]
    pub fn fixture() -> Self {
        Self {
            version: Self::VERSION,
            tool: Tool { name: "scimproof".to_owned(), version: "0.0.0".to_owned() },
            id: "f1x7ure0".to_owned(),
            seed: 7,
            started: "2026-01-02T03:04:05Z".to_owned(),
            duration_ms: 10_412,
            target: TargetInfo {
                url: BASE.to_owned(),
                profile: "rfc".to_owned(),
                bundled: false,
                credential: Some(CredentialSource::Variable { name: "TOKEN".to_owned() }),
            },
            command: format!("scimproof check {BASE} --profile rfc --seed 7 --token-env TOKEN"),
            sentence:
                "NOT PROOF: 2 of 9 checks failed, 1 error of our own, 1 blocked, 1 warning, 1 waived, 2 not supported, \
                       1 left behind on the target; 2 were left out (--only)"
                    .to_owned(),
            unjudged: None,
            limit: None,
            checks: Some(Checks {
                version: Checks::VERSION,
                strict: false,
                interrupted: false,
                capabilities: ["User.create", "User.delete", "User.read", "User.patch"]
                    .map(str::to_owned)
                    .to_vec(),
                results: results(),
                excluded: ["list.pages-cover-everything", "list.start-index-is-one-based"]
                    .map(|check| Excluded {
                        check: check.to_owned(),
                        option: "--only".to_owned(),
                        reason: "not selected (--only)".to_owned(),
                    })
                    .to_vec(),
                unseen: Vec::new(),
                waivers: Vec::new(),
                baseline: None,
                exchanges: exchanges(),
                created: 3,
                removed: 2,
                leftovers: vec![Leftover {
                    resource: "/Users/42".to_owned(),
                    reason: "DELETE answered 405".to_owned(),
                }],
                notes: Vec::new(),
            }),
            sync: None,
            load: None,
        }
    }
}

fn requirement(id: &str, level: Level, section: &str, paraphrase: &str) -> RequirementRef {
    RequirementRef {
        id: id.to_owned(),
        level,
        section: format!("RFC 7644 §{section}"),
        link: format!("https://www.rfc-editor.org/rfc/rfc7644#section-{section}"),
        paraphrase: paraphrase.to_owned(),
    }
}

fn delete_answers_204() -> RequirementRef {
    requirement("RFC7644-3.6-R6", Level::Must, "3.6", "A successful DELETE answers 204 without a body")
}

fn replace_sets_value() -> RequirementRef {
    let text = "A replace operation sets the attribute that its path names";
    requirement("RFC7644-3.5.2.3-R2", Level::Stated, "3.5.2.3", text)
}

fn media_type() -> RequirementRef {
    requirement("RFC7644-8.1-R1", Level::Should, "8.1", "SCIM applications use application/scim+json")
}

fn result(id: &str, title: &str, cites: RequirementRef, exchanges: &[u32], verdict: Verdict) -> CheckResult {
    let area = id.split('.').next().unwrap_or(id).to_owned();
    CheckResult {
        id: id.to_owned(),
        title: title.to_owned(),
        kind: CheckKind::Active,
        source: format!("suites/src/{area}.rs"),
        requirements: vec![cites],
        advice: (!verdict.findings().is_empty()).then(|| advice(id).to_owned()),
        verdict,
        notes: Vec::new(),
        exchanges: exchanges.to_vec(),
        duration_us: 1_250,
    }
}

/// What whoever makes the server would change.
fn advice(id: &str) -> &'static str {
    match id {
        "delete.answers-204" => {
            "Answer a successful DELETE with 204 and no body at all, rather than with 200 and the resource."
        }
        "patch.replace-sets-the-value" => "Let replace set the attribute at its path to the new value.",
        "wire.media-type-is-scim-json" => {
            "Send Content-Type: application/scim+json with every body, errors included."
        }
        _ => "Look attribute names up without regard to letter case when a body is read.",
    }
}

fn finding(cites: RequirementRef, breach: Breach, exchange: u32, at: At, told: [&str; 2]) -> Finding {
    let [expected, actual] = told.map(str::to_owned);
    Finding { requirement: cites, breach, exchange: Some(exchange), at, also: Vec::new(), expected, actual }
}

fn results() -> Vec<CheckResult> {
    let group = || requirement("RFC7644-3.3-R7", Level::Must, "3.3", "A successful create answers 201");
    let not_supported = || Verdict::NotSupported { capability: "Group.create".to_owned(), offered: false };
    vec![
        passed(),
        delete_failed(),
        patch_failed(),
        result("groups.create-answers-201", "a group can be created", group(), &[], not_supported()),
        result("groups.created-group-is-readable", "a created group is there", group(), &[], not_supported()),
        result(
            "replace.answers-200",
            "a successful PUT answers 200 with the resource",
            requirement("RFC7644-3.5.1-R14", Level::Stated, "3.5.1", "A successful PUT answers 200"),
            &[UNANSWERED],
            Verdict::Blocked {
                cause: Cause {
                    kind: CauseKind::Timeout,
                    message: "no answer to POST /Users within 10 s".to_owned(),
                    exchange: Some(UNANSWERED),
                },
            },
        ),
        result(
            "read.unknown-id-is-404",
            "an unknown id answers 404",
            requirement("RFC7644-3.12-R13", Level::Stated, "3.12", "404 is for an unknown resource"),
            &[],
            Verdict::Error { mishap: "the check panicked: index out of bounds".to_owned() },
        ),
        wire_warned(),
        waived(),
    ]
}

fn waived() -> CheckResult {
    let names = || {
        let says = "Attribute names match without regard to letter case";
        requirement("RFC7644-3.10-R1", Level::Stated, "3.10", says)
    };
    let at = At::Pointer { pointer: "/title".to_owned() };
    let told = ["\"Engineer\"", "nothing"];
    result(
        "create.names-ignore-case",
        "attribute names match in any letter case",
        names(),
        &[CREATED],
        Verdict::Waived {
            findings: vec![finding(names(), Breach::Warn, CREATED, at, told)],
            by: "profile acme, rule A-7".to_owned(),
            reason: "names match letter by letter".to_owned(),
        },
    )
}

fn passed() -> CheckResult {
    let location = "The new URI is in the Location header";
    let mut passed = result(
        "create.sends-location",
        "a create names the new resource in the Location header",
        requirement("RFC7644-3.3-R9", Level::Must, "3.3", location),
        &[CREATED],
        Verdict::Pass,
    );
    passed.notes.push("the server answers 409 for a userName that differs only in case".to_owned());
    passed
}

/// Several findings of one check, markup and quotes in what the server sent, and one without an exchange.
fn delete_failed() -> CheckResult {
    let hostile = "200 with <script>alert(1)</script> & \"quotes\"";
    let mut lasting = finding(
        delete_answers_204(),
        Breach::Fail,
        DELETED,
        At::Body,
        ["the user gone", "the user still listed"],
    );
    lasting.exchange = None;
    result(
        "delete.answers-204",
        "a successful DELETE answers 204 and sends no body",
        delete_answers_204(),
        &[DELETED],
        Verdict::Fail {
            findings: vec![
                finding(
                    media_type(),
                    Breach::Warn,
                    DELETED,
                    header("content-type"),
                    ["no media type", "text/html"],
                ),
                finding(delete_answers_204(), Breach::Fail, DELETED, At::Status, ["204", hostile]),
                lasting,
            ],
        },
    )
}

/// A failure under plain prose, with terminal escapes, a line break and an overlong text in what came back.
fn patch_failed() -> CheckResult {
    let name = format!("\u{1b}[2J\u{1b}[32mPASS\u{1b}[0m\nLovelace {}", "and so on ".repeat(60));
    let pointer = At::Pointer { pointer: "/name/familyName".to_owned() };
    let mut failed = result(
        "patch.replace-sets-the-value",
        "a replace operation sets the value that its path names",
        replace_sets_value(),
        &[PATCHED],
        Verdict::Fail {
            findings: vec![finding(
                replace_sets_value(),
                Breach::Fail,
                PATCHED,
                pointer,
                ["\"King\"", &name],
            )],
        },
    );
    failed.requirements.push(requirement(
        "RFC7644-3.5.2-R24",
        Level::Must,
        "3.5.2",
        "PATCH answers 200 or 204",
    ));
    failed
}

fn wire_warned() -> CheckResult {
    let told = ["application/scim+json", "application/json"];
    let findings = [CREATED, PATCHED]
        .map(|exchange| finding(media_type(), Breach::Warn, exchange, header("content-type"), told))
        .to_vec();
    let mut warned = result(
        "wire.media-type-is-scim-json",
        "every body is announced as application/scim+json",
        media_type(),
        &[DISCOVERY, CREATED, DELETED, PATCHED],
        Verdict::Warn { findings },
    );
    warned.kind = CheckKind::Passive;
    warned
}

fn header(name: &str) -> At {
    At::Header { name: name.to_owned() }
}

fn exchange(
    number: u32,
    check: Option<&str>,
    line: &str,
    sent: Option<&str>,
    answer: Option<ResponseLog>,
) -> Exchange {
    let start = u64::from(number) * 1_000;
    let (method, path) = line.split_once(' ').unwrap_or((line, ""));
    let credential = Header { name: "authorization".to_owned(), value: format!("Bearer {REDACTED}") };
    let headers = [("accept", "application/scim+json"), ("content-type", "application/scim+json")]
        .into_iter()
        .take(if sent.is_some() { 2 } else { 1 })
        .map(|(name, value)| Header { name: name.to_owned(), value: value.to_owned() });
    Exchange {
        number,
        check: check.map(str::to_owned),
        request: RequestLog {
            made_up_credential: false,
            method: method.to_owned(),
            url: format!("{BASE}{path}"),
            headers: std::iter::once(credential).chain(headers).collect(),
            body: sent.map(body),
        },
        error: answer.is_none().then(|| "no answer within 10 s".to_owned()),
        times: Times {
            intended_us: start,
            sent_us: start + 10,
            first_byte_us: answer.as_ref().map(|_| start + 700),
            last_byte_us: answer.as_ref().map(|_| start + 900),
        },
        response: answer,
        held: Vec::new(),
    }
}

fn answer(status: u16, media: &str, text: &str) -> Option<ResponseLog> {
    let headers = vec![Header { name: "content-type".to_owned(), value: media.to_owned() }];
    Some(ResponseLog { status, headers, body: Some(body(text)) })
}

fn body(text: &str) -> Body {
    Body { text: text.to_owned(), bytes: text.len() as u64, truncated: false }
}

fn exchanges() -> Vec<Exchange> {
    let user = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"scimproof-it's-1","password":"<redacted>"}"#;
    let created = r#"{"id":"42","userName":"scimproof-it's-1","emails":[],"meta":{"resourceType":"User"}}"#;
    let edit = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"name.familyName","value":"King"}]}"#;
    let edited = r#"{"id":"42","name":{"givenName":"Ada","familyName":"\u001b[32mPASS"},"userName":"scimproof-it's-1"}"#;

    let mut discovery = exchange(
        DISCOVERY,
        None,
        "GET /ServiceProviderConfig",
        None,
        answer(200, "application/scim+json", r#"{"patch":{"supported":true},"bulk":{"supp"#),
    );
    if let Some(body) = discovery.response.as_mut().and_then(|response| response.body.as_mut()) {
        body.bytes = 70_000;
        body.truncated = true;
    }
    let mut post = exchange(
        CREATED,
        Some("create.sends-location"),
        "POST /Users",
        Some(user),
        answer(201, "application/json", created),
    );
    post.held.push(Held {
        check: "create.sends-location".to_owned(),
        requirement: "RFC7644-3.3-R9".to_owned(),
        expectation: "header location is present".to_owned(),
    });
    post.held.push(Held {
        check: "wire.status-is-three-digits".to_owned(),
        requirement: "RFC7644-3.12-R1".to_owned(),
        expectation: "status is known".to_owned(),
    });
    let markup = answer(200, "text/html", "<script>alert(1)</script>");
    let patched = answer(200, "application/json", edited);
    vec![
        discovery,
        post,
        exchange(DELETED, Some("delete.answers-204"), "DELETE /Users/42", None, markup),
        exchange(PATCHED, Some("patch.replace-sets-the-value"), "PATCH /Users/42", Some(edit), patched),
        exchange(UNANSWERED, Some("replace.answers-200"), "POST /Users", Some(user), None),
    ]
}
