//! Values that were cleared in the directory, and values that never were there.

use scenarios::entra::ClientKind::{EntraDefault, EntraFlag};
use scenarios::file;

use crate::common::{Theatre, misses};

/// Entra sends no empty value, so the target keeps what was cleared, and the log does not call that the same.
#[test]
fn a_value_that_was_cleared_stays_and_the_log_says_so() {
    let scenario = crate::about_ada(
        "[[steps]]\ntitle = \"one\"\ndo = [{ set = { of = \"ada\", attributes = { jobTitle = \"Eng\" } } }]\ncycle = \
         true\n[[steps]]\ntitle = \"two\"\ndo = [{ set = { of = \"ada\", attributes = { jobTitle = \"\" } } }]\ncycle = \
         true\nexpect = [{ log = { of = \"ada\", status = \"skipped\", reason = \"title has no value in the directory\" \
         } }, { log = { reason = \"the target keeps Eng\" } }, { attribute = { of = \"ada\", target = \"title\", is = \
         \"Eng\" } }, { same-as-model = {} }]\n[[steps]]\ntitle = \"three\"\ndo = [{ set = { of = \"ada\", attributes = \
         { city = \"Oslo\" } } }]\ncycle = true\nexpect = [{ log = { of = \"ada\", status = \"success\", step = \"the \
         target keeps Eng\", count = 1 } }, { escrowed = 0 }]",
    );
    for client in [EntraDefault, EntraFlag] {
        let played = Theatre::of("entra-ready").play_by(client, &scenario);
        assert_eq!(misses(&played), Vec::<String>::new());
        let last = played.scenario.steps.last().and_then(|step| step.expectations.last()).expect("a claim");
        assert_eq!(last.claim, "no object waits for another attempt");
    }
}

/// A mapping whose titles have a default, and what the log says of a title that the directory does not have.
const WITH_DEFAULT: &str = r#"
name = "m"
title = "M"
[[users]]
attribute = "userPrincipalName"
target = "userName"
matching = 1
[[users]]
attribute = "displayName"
target = "displayName"
[[users]]
attribute = "jobTitle"
target = "title"
default = "none yet"
"#;
const CLEARED_TITLE: &str = r#"
name = "x"
title = "X"
app = { profile = "entra-ready", mapping = "m.toml" }
[[people]]
key = "ada"
assigned = true
attributes = { userPrincipalName = "ada@contoso.example" }
[[steps]]
title = "She comes without a title"
cycle = true
expect = [{ attribute = { of = "ada", target = "title", is = "none yet" } }]
[[steps]]
title = "She gets another name, and still no title"
do = [{ set = { of = "ada", attributes = { displayName = "Ada" } } }]
cycle = true
expect = [{ log = { of = "ada", status = "success", count = 1 } }, { log = { step = "the target keeps", count = 0 } }]
[[steps]]
title = "She gets a title"
do = [{ set = { of = "ada", attributes = { jobTitle = "Engineer" } } }]
cycle = true
[[steps]]
title = "It is taken from her"
do = [{ set = { of = "ada", attributes = { jobTitle = "" } } }]
cycle = true
expect = [{ log = { of = "ada", reason = "the target keeps Engineer", count = 1 } }]
"#;

#[test]
fn a_default_that_came_with_the_create_is_no_cleared_value() {
    let mapping = |_: &std::path::Path| Ok(WITH_DEFAULT.to_owned());
    let scenario =
        file::parse_with(CLEARED_TITLE, "x.toml", &mapping).unwrap_or_else(|error| panic!("{error}"));
    let played = Theatre::of("entra-ready").play(&scenario);
    assert_eq!((misses(&played), played.scenario.held()), (Vec::new(), 4), "{:#?}", played.scenario.log);
}
