//! What a filter and a PATCH cost without a server around them: `cargo bench --bench engine`.

#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use engine::{Current, Leniency, Limits, Rules, parse_filter};
use serde_json::{Map, Value, json};

const FILTERS: [(&str, &str); 3] = [
    ("equality", r#"userName eq "mara.lindqvist@example.com""#),
    ("value-path", r#"emails[type eq "work" and value ew "@example.com"]"#),
    (
        "ten-terms",
        r#"(title pr and active eq true) or (not (nickName sw "m") and (name.givenName co "ar" or name.familyName eq "x")) or (meta.created gt "2026-01-01T00:00:00Z" and (displayName ne "y" or locale eq "de" or externalId pr or userType le "z"))"#,
    ),
];

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn person() -> Map<String, Value> {
    object(json!({
        "schemas": [protocol::urn::USER],
        "userName": "mara.lindqvist@example.com",
        "name": { "givenName": "Mara", "familyName": "Lindqvist" },
        "displayName": "Mara Lindqvist",
        "title": "Engineer",
        "active": true,
        "emails": [
            { "value": "mara@home.example", "type": "home" },
            { "value": "mara.lindqvist@example.com", "type": "work", "primary": true },
        ],
    }))
}

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("filter-parse");
    for (name, text) in FILTERS {
        group.bench_with_input(BenchmarkId::from_parameter(name), text, |bench, text| {
            bench.iter(|| parse_filter(black_box(text), &Limits::default(), Leniency::default()).unwrap());
        });
    }
    group.finish();
}

fn matching(criterion: &mut Criterion) {
    let rules = Rules::rfc().unwrap();
    let user = rules.resource_type_at("/Users").unwrap();
    let person = person();
    let mut group = criterion.benchmark_group("filter-match");
    for (name, text) in FILTERS {
        let filter = parse_filter(text, &Limits::default(), Leniency::default()).unwrap();
        let matcher = rules.matcher(user, &filter).unwrap();
        group.bench_function(BenchmarkId::from_parameter(name), |bench| {
            bench.iter(|| matcher.matches(black_box(&person)));
        });
    }
    group.finish();
}

fn patch(criterion: &mut Criterion) {
    let rules = Rules::rfc().unwrap();
    let user = rules.resource_type_at("/Users").unwrap();
    let person = person();
    let nobody = Vec::new;
    let current = Current { id: "2819c223-7f76-453a-919d-413861904646", body: &person, members: &nobody };
    let operations = [
        ("simple", json!([{ "op": "replace", "path": "displayName", "value": "M." }])),
        (
            "value-path",
            json!([{ "op": "replace", "path": "emails[type eq \"work\"].value", "value": "m@example.com" }]),
        ),
        (
            "without-path",
            json!([{ "op": "replace", "value": { "title": "Lead", "name.givenName": "M.", "active": false } }]),
        ),
    ];
    let mut group = criterion.benchmark_group("patch");
    for (name, operations) in operations {
        let message = object(json!({ "schemas": [protocol::urn::PATCH_OP], "Operations": operations }));
        group.bench_function(BenchmarkId::from_parameter(name), |bench| {
            bench.iter(|| {
                let edits = rules.edits(black_box(message.clone())).unwrap();
                rules.patch(user, &current, &edits).unwrap()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, parse, matching, patch);
criterion_main!(benches);
