//! The page in a browser: it asks for nothing, says nothing in the console, and can be filtered with a keyboard; whatever a
//! server answers, nothing of it acts. Where no browser is installed, only the word that lets the script run is looked at.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, like tests"
)]

mod support;

use std::path::PathBuf;

use record::Run;
use serde_json::Value;
use support::{Browser, Hook, Message, Proxy, Served, browser, run};

/// The ids of the checks that are shown.
const SHOWN: &str = "[...document.querySelectorAll('#checks .check')].filter(one => one.offsetParent !== null)\
    .map(one => one.querySelector('.id').textContent)";

/// A browser with the page of a run in it; none where there is no browser.
fn opened(run: &Run) -> Option<(Browser, tempfile::TempDir)> {
    let program = program()?;
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("report.html");
    std::fs::write(&file, reports::html::render(run).expect("a page")).expect("a file");
    let mut browser = Browser::start(&program);
    browser.open(&file);
    Some((browser, dir))
}

fn program() -> Option<PathBuf> {
    let program = browser::installed();
    if program.is_none() {
        use std::io::Write as _;
        // Past the test runner's capture.
        let told = writeln!(
            std::io::stderr(),
            "NOT TESTED: the page in a browser; none is installed (see CONTRIBUTING.md)"
        );
        told.expect("standard error is there");
    }
    program
}

fn names(shown: &Value) -> Vec<&str> {
    shown.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

/// Fails unless the page was the one thing that was asked for, and nothing was complained about.
fn is_quiet(browser: &Browser) {
    let asked = browser.requests();
    let outside: Vec<_> =
        asked.iter().filter(|url| !url.starts_with("file://") && !url.starts_with("data:")).collect();
    assert!(outside.is_empty(), "{outside:?}");
    assert_eq!(asked.iter().filter(|url| url.starts_with("file://")).count(), 1, "{asked:?}");
    assert_eq!(browser.console(), Vec::<String>::new());
}

#[test]
fn the_page_asks_for_nothing_and_says_nothing_in_the_console() {
    let Some((mut browser, _dir)) = opened(&Run::fixture_proof()) else { return };
    assert_eq!(browser.value("document.querySelector('.word').textContent"), "NOT PROOF");
    is_quiet(&browser);
}

#[test]
fn checks_are_filtered_by_verdict_level_and_area_with_the_keyboard() {
    let Some((mut browser, _dir)) = opened(&Run::fixture()) else { return };
    assert_eq!(names(&browser.value(SHOWN)).len(), 9);
    browser.value("document.getElementById('show-all').focus()");
    browser.press("ArrowRight", 39);
    assert_eq!(browser.value("document.activeElement.id"), "show-fail");
    assert_eq!(names(&browser.value(SHOWN)), ["delete.answers-204", "patch.replace-sets-the-value"]);
    assert_eq!(browser.value("document.getElementById('shown').textContent"), "2 of 9 checks are shown");

    browser.press("Tab", 9);
    assert_eq!(browser.value("document.activeElement.name"), "level");
    browser.press("S", 83);
    assert_eq!(browser.value("document.activeElement.value"), "SHOULD");
    assert_eq!(names(&browser.value(SHOWN)), [""; 0]);
    browser.press("Escape", 27);
    assert_eq!(names(&browser.value(SHOWN)).len(), 9);
    assert_eq!(browser.value("document.getElementById('shown').textContent"), "");

    browser.press("Tab", 9);
    assert_eq!(browser.value("document.activeElement.name"), "area");
    browser.press("g", 71);
    let groups = ["groups.create-answers-201", "groups.created-group-is-readable"];
    assert_eq!(names(&browser.value(SHOWN)), groups);
    is_quiet(&browser);
}

#[test]
fn findings_are_open_others_folded_and_a_key_unfolds_them() {
    let Some((mut browser, _dir)) = opened(&Run::fixture()) else { return };
    let open = |number: u32| format!("document.getElementById('x{number}').closest('.exchange').open");
    assert_eq!(browser.value(&open(3)), true, "the exchange of a finding");
    assert_eq!(browser.value(&open(1)), false, "one that nothing points to");
    let marked = "document.getElementById('x4').querySelector('.body mark').textContent";
    assert!(browser.value(marked).as_str().is_some_and(|text| text.contains("PASS")));
    browser.value("document.getElementById('x1').closest('.exchange').querySelector('summary').focus()");
    browser.press("Enter", 13);
    assert_eq!(browser.value(&open(1)), true);
    is_quiet(&browser);
}

/// Where scripts are turned off, everything is there, and the verdicts choose by style alone.
#[test]
fn the_page_works_without_its_script() {
    let Some(program) = program() else { return };
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("report.html");
    std::fs::write(&file, reports::html::render(&Run::fixture()).expect("a page")).expect("a file");
    let mut browser = Browser::start(&program);
    browser.ask("Emulation.setScriptExecutionDisabled", &serde_json::json!({ "value": true }));
    browser.open(&file);
    assert_eq!(names(&browser.value(SHOWN)).len(), 9);
    assert_eq!(
        browser.value("document.querySelector('.narrow').offsetParent === null"),
        true,
        "it would not work"
    );
    browser.value("document.getElementById('show-warn').checked = true");
    assert_eq!(names(&browser.value(SHOWN)), ["wire.media-type-is-scim-json"]);
}

/// A link on the first screen leads to its check even where a filter hides that.
#[test]
fn a_link_shows_its_check_whatever_is_chosen() {
    let Some((mut browser, _dir)) = opened(&Run::fixture()) else { return };
    browser.value("document.getElementById('show-pass').click()");
    assert_eq!(names(&browser.value(SHOWN)), ["create.sends-location"]);
    browser.value("document.querySelector('.repairs a[href=\"#c-delete.answers-204\"]').click()");
    let shown = "new Promise(done => setTimeout(() => done(document.getElementById('c-delete.answers-204').offsetParent !== null), 0))";
    let asked = serde_json::json!({ "expression": shown, "returnByValue": true, "awaitPromise": true });
    assert_eq!(browser.ask("Runtime.evaluate", &asked)["result"]["value"], true);
    is_quiet(&browser);
}

/// Nothing is wider than the narrowest screen but what scrolls by itself.
#[test]
fn the_page_fits_a_narrow_screen() {
    let Some((mut browser, _dir)) = opened(&Run::fixture_proof()) else { return };
    let screen = serde_json::json!({ "width": 400, "height": 800, "deviceScaleFactor": 1, "mobile": false });
    browser.ask("Emulation.setDeviceMetricsOverride", &screen);
    // What is left beside the bar that scrolls up and down.
    let wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(browser.value(wider), 0);
    assert!(browser.value("document.documentElement.clientWidth").as_u64().is_some_and(|width| width <= 400));
}

/// Everything that this server answers with is markup that would act.
#[test]
fn a_server_that_answers_with_markup_and_script_acts_nowhere() {
    const MARKUP: &str = "</pre></script></style><script>document.title='pwned'</script>\
        <img src=http://127.0.0.1:9/x onerror=\"document.title='pwned'\"><svg onload=\"document.title='pwned'\">";
    let Some(program) = program() else { return };
    let served = Served::start(&[]);
    let hook = Hook {
        after: Box::new(|seen, mut answer: Message| {
            answer.add("x-debug", MARKUP);
            if let Value::Object(mut body) = answer.json() {
                body.insert(MARKUP.to_owned(), MARKUP.into());
                body.insert("displayName".to_owned(), MARKUP.into());
                body.insert("detail".to_owned(), MARKUP.into());
                answer.body = Value::Object(body).to_string().into_bytes();
            }
            let turn = seen.number.is_multiple_of(5);
            Some(if turn { Message::response(500, "text/html", MARKUP) } else { answer })
        }),
        ..Hook::default()
    };
    let proxy = Proxy::start_with(&served, hook);
    let dir = tempfile::tempdir().expect("a directory");
    let mut check = served.check(&proxy.url);
    run(check.args(["--only", "create,read,list,errors,delete", "--out"]).arg(dir.path())).exits(1);
    let file = dir.path().join("report.html");
    let text = std::fs::read_to_string(&file).expect("a page");
    assert!(text.contains("&lt;img src=http") || text.contains("&lt;img src="), "the answers are not shown");
    let mut browser = Browser::start(&program);
    browser.open(&file);
    assert_ne!(browser.value("document.title"), "pwned");
    assert_eq!(browser.value("document.querySelectorAll('img, script').length"), 1, "its own script alone");
    is_quiet(&browser);
}

/// The word is the script's: without it no browser would run the one, and with a wrong one no filter would work.
#[test]
fn the_policy_names_the_script() {
    let page = reports::html::render(&Run::fixture()).expect("a page");
    let (_, rest) = page.rsplit_once("<script>").expect("a script");
    let (script, _) = rest.split_once("</script>").expect("its end");
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, script.as_bytes());
    let word = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, digest.as_ref());
    assert!(
        page.contains(&format!("script-src 'sha256-{word}'")),
        "the script's SHA-256 is {word}: write it into script.rs"
    );
}
