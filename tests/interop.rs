//! The pages about software by others are made of the runs that are stored beside them, and explain all that these found.
//!
//! The software itself is not needed here: that a run still comes to what is stored is held by `tests/peers.rs`.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use support::interop::{PEERS, Redactor, folder, parse, render, table};

/// After a change that is meant, such as one of a requirement's words, run this with `SCIMPROOF_BLESS=1` and review the
/// difference.
#[test]
fn pages_are_made_of_their_stored_runs() {
    for peer in PEERS {
        peer.holds_to_its_runs();
    }
}

#[test]
fn what_is_not_just_passed_has_an_entry() {
    for peer in PEERS {
        for run in peer.runs {
            peer.is_triaged(run);
        }
    }
}

#[test]
fn pages_say_how_they_are_made() {
    const HOW: &str = "](../../CONTRIBUTING.md#software-by-others)";
    assert!(include_str!("../CONTRIBUTING.md").contains("\n## Software by others\n"));
    let pins = [include_str!("../.ci/run"), include_str!("../docs/interop/scimmy/package.json")].concat();
    for peer in PEERS {
        let page = peer.page();
        for run in peer.runs {
            let command = peer.command(run);
            assert!(page.lines().any(|line| line == command), "{}.md does not say {command}", peer.name);
            assert!(page.contains(&format!("]({}/{})", peer.name, run.file)), "{}.md", peer.name);
        }
        assert!(page.contains(HOW), "{}.md does not say where that is told", peer.name);
        let title = page.lines().next().expect("a title");
        let mut versions =
            title.split(' ').filter(|word| word.starts_with(|letter: char| letter.is_ascii_digit()));
        assert!(
            versions.all(|version| pins.contains(version)),
            "the tests have another version than {title}"
        );
    }
}

/// Whoever adds a folder and forgets to list it would be told that all is well.
#[test]
fn every_stored_run_belongs_to_a_page() {
    let mut stored = Vec::new();
    for entry in std::fs::read_dir(folder()).expect("the pages") {
        let path = entry.expect("an entry").path();
        for file in std::fs::read_dir(&path).into_iter().flatten() {
            let file = file.expect("a file").path();
            stored.extend(file.extension().is_some_and(|kind| kind == "tsv").then_some(file));
        }
    }
    stored.sort();
    let mut known: Vec<_> = PEERS
        .iter()
        .flat_map(|peer| peer.runs.iter().map(|run| folder().join(peer.name).join(run.file)))
        .collect();
    known.sort();
    assert_eq!(stored, known);
}

/// What a check finds tomorrow and did not find today is seen.
#[test]
fn another_finding_makes_another_page() {
    for peer in PEERS {
        let page = peer.page();
        for (changed, stored) in peer.runs.iter().enumerate() {
            let mut runs: Vec<_> = peer.runs.iter().map(|run| (run.part, peer.rows(run))).collect();
            let rows = &mut runs.get_mut(changed).expect("the run").1;
            let finding = rows.iter_mut().find(|row| row.verdict == "fail").expect("a failure");
            finding.actual.push_str(" and more");
            assert_ne!(render(&page, &runs), page, "{} {}", peer.name, stored.file);
        }
    }
}

#[test]
fn a_stored_run_is_read_as_it_was_written() {
    let odd = "a.check\tfail\tRFC7643-7-R1\tGET /Users -> 200\t/a\\\\b\ttwo\\nlines\ta\\ttab\n";
    let rows = parse(&format!("{}{odd}", table(&[])));
    let row = rows.first().expect("a row");
    assert_eq!([&row.at, &row.expected, &row.actual], ["/a\\b", "two\nlines", "a\ttab"]);
    assert_eq!(table(&rows), format!("{}{odd}", table(&[])));
    for peer in PEERS {
        for run in peer.runs {
            let text =
                std::fs::read_to_string(folder().join(peer.name).join(run.file)).expect("a stored run");
            assert_eq!(table(&parse(&text)), text);
        }
    }
}

#[test]
fn what_differs_from_run_to_run_is_not_stored() {
    let redacted = |expected: &str, came: &str| {
        let mut redactor = Redactor::of("http://127.0.0.1:43233/v2");
        let expected = redactor.redact(expected);
        redactor.what_came();
        (expected, redactor.redact(came))
    };
    let (one, other) = ("8e12e451-5ae5-4c0f-87a5-c1179efbb853", "add5a434-d478-4456-996e-89ab09b2d7c0");
    for (expected, came, stored) in [
        (
            format!("GET /Users/{one}?count=1"),
            format!("{other}, {one}, {other}"),
            ("GET /Users/ID?count=1", "ID2, ID, ID2"),
        ),
        (
            "DELETE /Groups/7".to_owned(),
            "http://127.0.0.1:43233/v2/Groups/7/x".to_owned(),
            ("DELETE /Groups/ID", "http://127.0.0.1:8080/v2/Groups/ID/x"),
        ),
        (
            format!("{{\"id\":\"{one}\"}}"),
            format!("/Users/{}…", one.split_at(20).0),
            ("{\"id\":\"ID\"}", "/Users/ID…"),
        ),
        (
            "POST /Users/.search".to_owned(),
            "{\"id\":\"urn:a:b\"}".to_owned(),
            ("POST /Users/.search", "{\"id\":\"urn:a:b\"}"),
        ),
        (
            "2026-11-23T07:40:56.568Z".to_owned(),
            "2026-11-23T07:40:56.595Z".to_owned(),
            ("TIME", "ANOTHER TIME"),
        ),
        (
            "2026-11-23T07:40:56+01:00".to_owned(),
            "\"2026-11-23T07:40:56+01:00\"".to_owned(),
            ("TIME", "\"TIME\""),
        ),
        ("a time".to_owned(), "2026-11-23T07:40…".to_owned(), ("a time", "TIME…")),
        (
            "scimproof-interop-lent0016-1".to_owned(),
            "1999 and 2026-11-23".to_owned(),
            ("scimproof-interop-lent", "1999 and 2026-11-23"),
        ),
    ] {
        let (now, then) = redacted(&expected, &came);
        assert_eq!((now.as_str(), then.as_str()), stored);
    }
}
