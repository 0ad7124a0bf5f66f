//! The page: whole, safe, self-contained, and small enough.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking, like tests")]

use record::{At, Body, Run, Verdict, VerdictKind};
use reports::html;

fn page(run: &Run) -> String {
    html::render(run).unwrap()
}

/// The page less the one script of its own, at its end.
fn without_script(page: &str) -> String {
    let (before, own) = page.rsplit_once("<script>").unwrap();
    let (script, after) = own.split_once("</script>").unwrap();
    assert!(script.starts_with("// Shows of the checks") && after == "\n</body>\n</html>\n", "{own}");
    format!("{before}{after}")
}

/// The page less its style sheet, which is no contract.
fn without_style(page: &str) -> String {
    let (before, rest) = page.split_once("<style>").unwrap();
    let (_, after) = rest.split_once("</style>").unwrap();
    format!("{before}<style></style>{after}")
}

#[test]
fn the_page_holds_every_verdict() {
    insta::assert_snapshot!(without_style(&page(&Run::fixture())));
}

#[test]
fn nothing_a_server_sends_becomes_markup() {
    let hostile = "</pre></style><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u{202e}\u{1b}[0m";
    let mut run = Run::fixture();
    run.target.url = hostile.to_owned();
    run.command = hostile.to_owned();
    let checks = run.checks.as_mut().unwrap();
    checks.capabilities.push(hostile.to_owned());
    for exchange in &mut checks.exchanges {
        exchange.request.url.push_str(hostile);
        exchange.error = Some(hostile.to_owned());
        if let Some(response) = &mut exchange.response {
            for header in &mut response.headers {
                header.name.push_str(hostile);
                header.value.push_str(hostile);
            }
            let json = serde_json::json!({ hostile: [hostile] }).to_string();
            response.body = Some(Body { bytes: json.len() as u64, text: json, truncated: false });
        }
    }
    for result in &mut checks.results {
        result.id.push_str(hostile);
        result.notes.push(hostile.to_owned());
        for requirement in &mut result.requirements {
            requirement.link = "javascript:alert(1)".to_owned();
        }
        match &mut result.verdict {
            Verdict::Waived { reason, .. } => reason.push_str(hostile),
            Verdict::Fail { findings } | Verdict::Warn { findings } => {
                for finding in findings {
                    finding.actual = hostile.to_owned();
                    finding.at = At::Pointer { pointer: format!("/{}", hostile.replace('/', "~1")) };
                }
            }
            Verdict::Blocked { cause } => cause.message = hostile.to_owned(),
            Verdict::Error { mishap } => mishap.push_str(hostile),
            Verdict::NotSupported { capability, .. } => capability.push_str(hostile),
            Verdict::Pass => {}
        }
    }
    let page = page(&run);
    let page = without_script(&page);
    for forbidden in ["<script", "<img", "href=\"javascript", "\u{202e}", "\u{1b}"] {
        assert!(!page.contains(forbidden), "{forbidden} came through");
    }
    assert_eq!(page.matches("</style>").count(), 1);
}

#[test]
fn a_deviation_that_never_showed_has_a_place_of_its_own() {
    let mut run = Run::fixture();
    assert!(!page(&run).contains("Declared and not seen"));
    run.checks.as_mut().unwrap().unseen.push(record::Unseen {
        requirement: "RFC7644-3.9-R4".to_owned(),
        rule: "A-2".to_owned(),
        behaviour: "A create answers with <all>.".to_owned(),
    });
    let page = page(&run);
    assert!(page.contains("Declared and not seen") && !page.contains("<all>"));
    assert!(
        page.contains("A create answers with &lt;all&gt;. <span class=\"cite\">A-2, RFC7644-3.9-R4</span>")
    );
}

/// An answer says nothing without its question, even where several checks noted the same words.
#[test]
fn every_reading_taken_stands_beside_its_question() {
    let mut run = Run::fixture();
    let results = &mut run.checks.as_mut().unwrap().results;
    for (result, title) in
        results.iter_mut().zip(["whether <dogs> bark", "whether cats do", "whether cats do"])
    {
        title.clone_into(&mut result.title);
        result.notes = vec!["taken as silence".to_owned()];
    }
    let page = page(&run);
    let (_, readings) = page.split_once("<h2>Readings taken</h2>").unwrap();
    let (readings, _) = readings.split_once("</section>").unwrap();
    assert_eq!(readings.matches("<li>whether &lt;dogs&gt; bark: taken as silence").count(), 1);
    assert_eq!(readings.matches("<li>whether cats do: taken as silence").count(), 1);
}

/// Everything in these parts that a target, a directory or a file can decide.
#[test]
fn nothing_becomes_markup_in_scenarios_and_loads() {
    let hostile =
        "</pre></style></svg><script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u{202e}\u{1b}[0m";
    let mut file: serde_json::Value = serde_json::to_value(Run::fixture_proof()).unwrap();
    for part in ["/sync", "/load"] {
        taint(file.pointer_mut(part).unwrap(), hostile);
    }
    let page = without_script(&page(&serde_json::from_value(file).unwrap()));
    for forbidden in ["<script", "<img", "\u{202e}", "\u{1b}"] {
        let at = page.find(forbidden).map(|at| page[..at].chars().rev().take(200).collect::<Vec<_>>());
        let before = at.map(|before| before.into_iter().rev().collect::<String>());
        assert_eq!(before, None, "{forbidden} came through");
    }
    assert_eq!(page.matches("</style>").count(), 1);
    assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
}

/// Adds to every text that is free.
fn taint(value: &mut serde_json::Value, hostile: &str) {
    match value {
        serde_json::Value::Object(members) => {
            for (name, value) in members {
                let fixed = ["kind", "status", "outcome", "model", "at", "ended", "histogram"];
                match value {
                    serde_json::Value::String(text) if !fixed.contains(&name.as_str()) => {
                        text.push_str(hostile);
                    }
                    serde_json::Value::String(text) if name == "kind" && text == "User" => {
                        text.push_str(hostile);
                    }
                    other => taint(other, hostile),
                }
            }
        }
        serde_json::Value::Array(elements) => elements.iter_mut().for_each(|element| match element {
            serde_json::Value::String(text) => text.push_str(hostile),
            other => taint(other, hostile),
        }),
        _ => {}
    }
}

#[test]
fn scenarios_and_loads_are_on_the_page() {
    let run = Run { checks: None, ..Run::fixture_proof() };
    insta::assert_snapshot!(without_style(&page(&run)));
}

#[test]
fn every_figure_says_what_it_is_and_in_which_units() {
    let page = page(&Run::fixture_proof());
    let figures: Vec<&str> =
        page.split("<svg class=\"chart\"").skip(1).map(|rest| rest.split("</svg>").next().unwrap()).collect();
    // A timeline; four figures of the closed load, three of the open one.
    assert_eq!(figures.len(), 8);
    for figure in figures {
        assert!(
            figure.contains("role=\"img\"") && figure.contains("<title id=") && figure.contains("<desc id=")
        );
        let units =
            ["requests/s", "ms, from due to last byte", "ms, from sent to last byte", "client's clock, UTC"];
        assert!(units.iter().any(|unit| figure.contains(unit)), "{figure}");
        assert!(!figure.contains("NaN") && !figure.contains("inf"), "{figure}");
    }
    assert_eq!(page.matches("<summary>As a table</summary>").count(), 7);
}

#[test]
fn a_distribution_that_cannot_be_read_is_drawn_from_its_quantiles() {
    let mut run = Run::fixture_load();
    let path = |run: &Run| {
        let page = page(run);
        let figure = page.split("id=\"load-1-hdr-t\"").nth(1).unwrap();
        figure.split("</svg>").next().unwrap().matches('L').count()
    };
    let whole = path(&run);
    for operation in &mut run.load.as_mut().unwrap().runs[0].operations {
        operation.histogram = "HISTFAAAAWR42i2".to_owned();
    }
    let few = path(&run);
    assert!((10..40).contains(&few) && whole > 3 * few, "{few} of {whole}");
}

#[test]
fn times_that_cannot_be_read_and_sizes_of_nothing_do_no_harm() {
    let mut run = Run::fixture_proof();
    run.sync.as_mut().unwrap().scenarios[0].steps[1].at = "yesterday".to_owned();
    for load in &mut run.load.as_mut().unwrap().runs {
        load.intervals.clear();
        load.duration_ms = 0;
        for growth in &mut load.growth {
            growth.exponent = 1e308;
            growth.points.iter_mut().for_each(|point| point.size = 0);
        }
        for operation in &mut load.operations {
            (operation.count, operation.response) = (u64::MAX, record::Latency::default());
        }
    }
    let page = page(&run);
    assert!(!page.contains("NaN") && page.contains("yesterday"));
}

#[test]
fn a_run_that_came_to_nothing_says_why() {
    let reason = "nobody listens at <b>this</b> address";
    let run = Run { checks: None, unjudged: Some(reason.to_owned()), ..Run::fixture() };
    let page = page(&run);
    assert!(
        page.contains("NOT TESTED") && page.contains("nobody listens at &lt;b&gt;this&lt;&#x2f;b&gt;"),
        "{page}"
    );
}

#[test]
fn what_applies_to_other_servers_only_reads_as_such() {
    let mut run = Run::fixture();
    let results = &mut run.checks.as_mut().unwrap().results;
    let unsupported = results.iter_mut().find(|result| result.verdict.kind() == VerdictKind::NotSupported);
    unsupported.unwrap().verdict = Verdict::NotSupported { capability: "bulk".to_owned(), offered: true };
    let told = [
        page(&run),
        reports::junit::render(&run).unwrap(),
        reports::terminal::render(&run, Default::default()),
    ];
    for text in told {
        assert!(text.contains("applies only where bulk is not offered"), "{text}");
    }
}

#[test]
fn the_page_needs_nothing_from_outside() {
    let page = without_script(&page(&Run::fixture_proof()));
    assert!(page.contains("default-src 'none'"));
    for forbidden in
        ["<script", " src=\"", "url(http", "url(\"", "@import", "<iframe", "http-equiv=\"refresh\""]
    {
        assert!(!page.contains(forbidden), "the page holds {forbidden}");
    }
    for link in page.split("href=\"").skip(1) {
        let allowed = ["#", "data:,", "https:&#x2f;&#x2f;www.rfc-editor.org"];
        assert!(allowed.iter().any(|start| link.starts_with(start)), "a link leads to {:.40}", link);
    }
}

#[test]
fn every_exchange_is_drawn_once_and_every_link_leads_somewhere() {
    let run = Run::fixture_proof();
    let page = page(&run);
    let checks = run.checks.unwrap().exchanges.into_iter().map(|exchange| format!("x{}", exchange.number));
    let sync = run.sync.unwrap().exchanges.into_iter().map(|exchange| format!("s{}", exchange.number));
    for anchor in checks.chain(sync) {
        assert_eq!(page.matches(&format!("id=\"{anchor}\"")).count(), 1, "{anchor}");
    }
    for link in page.split("href=\"#").skip(1) {
        let anchor = link.split('"').next().unwrap();
        assert_eq!(page.matches(&format!("id=\"{anchor}\"")).count(), 1, "#{anchor}");
    }
}

#[test]
fn elements_are_closed_in_order() {
    let page = page(&Run::fixture_proof());
    let void = ["meta", "link", "input", "path", "rect", "circle", "!doctype"];
    let mut open = Vec::new();
    for tag in without_style(&page).split('<').skip(1) {
        let (tag, _) = tag.split_once('>').unwrap();
        let name: String = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap().to_owned();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !void.contains(&name.as_str()) {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<String>::new());
}

/// A run with many large exchanges; a passive check has something to say about the first few hundred.
fn big(exchanges: u32) -> Run {
    let mut run = Run::fixture();
    let checks = run.checks.as_mut().unwrap();
    let pattern = checks.exchanges.clone();
    let text = format!("{{\"schemas\":[\"urn:x\"],\"text\":\"{}\"}}", "quoted \\\" <text> ".repeat(4_000));
    checks.exchanges = (1..=exchanges)
        .zip(pattern.iter().cycle())
        .map(|(number, like)| {
            let mut exchange = record::Exchange { number, ..like.clone() };
            if number > 250 {
                exchange.check = Some("create.sends-location".to_owned());
            }
            if let Some(body) = exchange.response.as_mut().and_then(|response| response.body.as_mut()) {
                body.text.clone_from(&text);
            }
            exchange
        })
        .collect();
    for result in &mut checks.results {
        result.exchanges = (1..=exchanges).collect();
        if let Verdict::Warn { findings } = &mut result.verdict {
            let like = findings.remove(0);
            *findings =
                (1..=250).map(|number| record::Finding { exchange: Some(number), ..like.clone() }).collect();
        }
    }
    run
}

#[test]
fn a_run_of_some_size_stays_a_page_that_can_be_mailed() {
    let bytes = page(&big(250)).len();
    // Two of five exchanges are those of checks that fail, each with a body of 72 kB.
    assert!(bytes < 1_500_000, "{bytes} bytes");
}

#[test]
fn a_big_run_shows_in_full_only_what_went_wrong() {
    let page = page(&big(3_000));
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
    assert_eq!(page.matches("<details class=\"exchange").count(), 250);
    assert_eq!(page.matches("<p class=\"exchange short").count(), 2_750);
}

#[test]
fn a_run_without_checks_is_a_page_too() {
    let page = page(&Run { checks: None, ..Run::fixture() });
    assert!(page.contains("INCONCLUSIVE") && page.contains("the run holds no checks"));
}

#[test]
fn without_failures_the_first_screen_tells_of_the_warnings() {
    let mut run = Run::fixture();
    if let Some(checks) = &mut run.checks {
        checks
            .results
            .retain(|result| matches!(result.verdict.kind(), VerdictKind::Pass | VerdictKind::Warn));
    }
    let page = html::render(&run).unwrap();
    assert!(page.contains("What to improve first") && !page.contains("What to repair first"));
    assert!(page.contains("wire.media-type-is-scim-json"));
}
