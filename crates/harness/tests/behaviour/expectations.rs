//! What each expectation accepts, and where and how it misses what it refuses.

use crate::support::{MUST, Stage, check, text};
use harness::Expectation;
use harness::expect::{
    absent, array_of_objects, boolean, differs, empty_body, equals, error_body, header_is, header_present,
    holds, integer, list_response, lists, lists_exactly, lists_none_of, media_type, no_member_named, object,
    one_of, page_of_at_most, present, same_as, schemas_name, scim_type, scim_type_among, status,
    status_among, success, unset,
};
use protocol::ScimType;
use record::{At, Verdict};
use serde_json::{Value, json};

type Make = fn() -> Expectation;

/// What an expectation makes of an answer: nothing, or where it misses what.
fn judge(code: u16, body: &str, expectation: Make) -> Option<String> {
    let body = body.to_owned();
    let stage = Stage::scripted(move |call, _| {
        let answer = || text(code, "application/scim+json; charset=utf-8", &body).header("etag", "W/\"1\"");
        call.is("GET", "/Users/u1").then(answer)
    });
    let result =
        stage.judge(check("a.check", &[MUST], move |probe| probe.get("/Users/u1")?.expect(expectation())));
    match result.verdict {
        Verdict::Pass => None,
        Verdict::Fail { findings } => Some(format!("{}: {}", findings[0].at, findings[0].actual)),
        other => panic!("{other:?}"),
    }
}

/// Every place where an expectation misses something.
fn places(body: &Value, make: impl Fn() -> Expectation + Sync + 'static) -> Vec<String> {
    let body = body.to_string();
    let stage = Stage::scripted(move |call, _| {
        call.is("GET", "/Users/u1").then(|| text(200, "application/scim+json", &body))
    });
    let result = stage.judge(check("a.check", &[MUST], move |probe| probe.get("/Users/u1")?.expect(make())));
    let findings = result.verdict.findings();
    findings.iter().flat_map(|finding| finding.places().map(ToString::to_string)).collect()
}

fn accepts(body: &Value, expectations: &[Make]) {
    for expectation in expectations {
        assert_eq!(judge(200, &body.to_string(), *expectation), None, "{} in {body}", expectation().words());
    }
}

fn refuses(body: &Value, cases: &[(Make, &str)]) {
    for (expectation, miss) in cases {
        let found = judge(200, &body.to_string(), *expectation);
        assert_eq!(found.as_deref(), Some(*miss), "{} in {body}", expectation().words());
    }
}

#[test]
fn values_at_pointers() {
    let body = json!({ "a": "x", "b": true, "n": 5, "list": [{}], "none": null, "empty": [], "a/b~": 1 });
    accepts(
        &body,
        &[
            || present("/a"),
            || harness::expect::text("/a"),
            || boolean("/b"),
            || integer("/n"),
            || array_of_objects("/list"),
            || equals("/n", 5),
            || equals("/a~1b~0", 1),
            || one_of("/a", &["w", "x"]),
            || differs("/a", "y"),
            || differs("/nowhere", "x"),
            || absent("/nowhere"),
            || unset("/nowhere"),
            || unset("/none"),
            || unset("/empty"),
            object,
        ],
    );
    refuses(
        &body,
        &[
            (|| present("/none"), "/none: null"),
            (|| present("/nowhere"), "/nowhere: nothing there"),
            (|| harness::expect::text("/n"), "/n: 5"),
            (|| boolean("/a"), "/a: \"x\""),
            (|| integer("/a"), "/a: \"x\""),
            (|| array_of_objects("/empty"), "/empty: []"),
            (|| equals("/n", "5"), "/n: 5"),
            (|| one_of("/a", &["w", "y"]), "/a: \"x\""),
            (|| differs("/a", "x"), "/a: just that"),
            (|| absent("/none"), "/none: null"),
            (|| unset("/list"), "/list: [{}]"),
        ],
    );
    refuses(&json!([1]), &[(object, "body: [1]")]);
}

#[test]
fn members_anywhere() {
    let body = json!({ "a": [{ "PassWord": "x" }], "password2": 1 });
    accepts(&body, &[|| no_member_named("pass")]);
    refuses(&body, &[(|| no_member_named("password"), "/a/0/password: it is there")]);
    refuses(&json!({ "a/b": { "x~y": 1 } }), &[(|| no_member_named("x~y"), "/a~1b/x~0y: it is there")]);
    let twice = json!({ "x": 1, "a": [{}, { "X": { "x": 1 } }], "b": { "x": 2 } });
    let mut places = places(&twice, || no_member_named("x"));
    places.sort();
    assert_eq!(places, ["/a/1/X", "/b/x", "/x"], "each is told, and nothing inside of one");
}

#[test]
fn resources_as_scim_compares_them() {
    let same = || {
        same_as(
            &json!({ "id": "1", "emails": ["a", "b"], "meta": { "created": 1, "version": "2" } }),
            "a read",
        )
    };
    let body =
        |emails: Value| json!({ "emails": emails, "id": "1", "nick": null, "meta": { "version": "2" } });
    accepts(&body(json!(["b", "a"])), &[same]);
    refuses(&body(json!(["b"])), &[(same, "/emails: [\"b\"] where the other has [\"a\",\"b\"]")]);
    refuses(&json!({ "id": "1", "meta": { "version": "2" } }), &[(same, "/emails: missing")]);
    let more = json!({ "id": "1", "emails": ["a", "b"], "meta": { "version": "2", "x/y": 0 } });
    refuses(&more, &[(same, "/meta/x~1y: an additional 0")]);
    let several = json!({ "id": "2", "nick": "N", "meta": { "version": "2" } });
    let told = "/emails: /emails: missing; /id: \"2\" where the other has \"1\"; /nick: an additional \"N\"";
    refuses(&several, &[(same, told)]);
    assert_eq!(places(&several, same), ["/emails", "/id", "/nick"]);
    // Of one value the place is known; several are compared in an order of their own.
    let of = |shown: Value, other: Value| {
        places(&json!({ "emails": shown }), move || same_as(&json!({ "emails": other.clone() }), "a read"))
    };
    assert_eq!(of(json!([{ "value": "a" }]), json!([{ "value": "b" }])), ["/emails/0/value"]);
    assert_eq!(of(json!(["a", "c"]), json!(["b", "c"])), ["/emails"]);
}

#[test]
fn lists_of_resources() {
    let uri = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    let body = json!({ "schemas": [uri], "totalResults": 2, "Resources": [{ "id": "b" }, { "id": "a" }] });
    accepts(
        &body,
        &[
            list_response,
            || lists(&["a".to_owned()]),
            || lists_exactly(&["a".to_owned(), "b".to_owned()]),
            || lists_none_of(&["c".to_owned()]),
            || page_of_at_most(2),
        ],
    );
    refuses(
        &body,
        &[
            (|| lists(&["a".to_owned(), "c".to_owned()]), "/Resources: 1 of 2 missing"),
            (|| lists_exactly(&["a".to_owned()]), "/Resources: 2 resources: a, b"),
            (|| lists_none_of(&["b".to_owned()]), "/Resources: b is still listed"),
            (|| page_of_at_most(1), "/Resources: 2 resources"),
        ],
    );
    // With nothing to list, the member may be left out.
    accepts(&json!({}), &[|| lists_exactly(&[]), || page_of_at_most(0)]);
    refuses(&json!({ "Resources": 5 }), &[(|| lists_exactly(&[]), "/Resources: no list of resources")]);
    refuses(&json!({ "schemas": ["x"] }), &[(list_response, "/schemas: [\"x\"]")]);
    let twice = json!({ "Resources": [{ "id": "a" }, { "id": "a" }] });
    refuses(&twice, &[(|| lists_exactly(&["a".to_owned()]), "/Resources: 2 resources: a, a")]);
}

#[test]
fn errors() {
    let uri = "urn:ietf:params:scim:api:messages:2.0:Error";
    let body = json!({ "schemas": [uri], "scimType": "uniqueness" });
    accepts(
        &body,
        &[
            error_body,
            || scim_type(ScimType::Uniqueness),
            || scim_type_among(&[ScimType::InvalidValue, ScimType::Uniqueness]),
            || schemas_name("urn:ietf:params:scim:api:messages:2.0:Error"),
        ],
    );
    refuses(&body, &[(|| scim_type(ScimType::InvalidValue), "/scimType: \"uniqueness\"")]);
    refuses(&json!({}), &[(|| scim_type(ScimType::Uniqueness), "/scimType: no scimType")]);
    refuses(
        &json!({ "schemas": uri }),
        &[(error_body, "/schemas: \"urn:ietf:params:scim:api:messages:2.0:Error\"")],
    );
}

#[test]
fn headers_and_status() {
    accepts(
        &json!({}),
        &[
            || status(200),
            || status_among(&[201, 200]),
            success,
            || header_present("ETag"),
            || header_is("etag", "W/\"1\""),
            || media_type("application/SCIM+json"),
            || holds("so", At::Body, Ok::<(), String>(())),
        ],
    );
    refuses(
        &json!({ "detail": "all well" }),
        &[
            (|| status(201), "status: 200 (all well)"),
            (|| header_present("location"), "header location: no such header"),
            (|| header_is("etag", "W/\"2\""), "header etag: \"W/\\\"1\\\"\""),
            (
                || media_type("application/json"),
                "header content-type: \"application/scim+json; charset=utf-8\"",
            ),
            (empty_body, "body: a body of 21 bytes"),
            (|| holds("so", At::Body, Err("not so".to_owned())), "body: not so"),
        ],
    );
    for (code, expectation) in [(299, success as Make), (204, empty_body)] {
        assert_eq!(judge(code, "", expectation), None);
    }
    assert_eq!(judge(300, "", success).as_deref(), Some("status: 300"));
    assert_eq!(judge(500, "{}", || status_among(&[200, 404])).as_deref(), Some("status: 500"));
}
