//! Scenario files that cannot be played, and what is said of each.

use super::tests::{complaint, with};

/// What stands in the head, what in the step, and what is said of it.
const UNSOUND: &[(&str, &str, &str)] = &[
    (
        "",
        "do = []",
        "x.toml:1:8: no cycle ever runs\n  hint: add cycle = true to the steps after which the client is to act",
    ),
    (
        "[app.settings]\nclient = \"entra-flagged\"",
        "cycle = true",
        "x.toml:7:10: unknown variant `entra-flagged`, expected `entra-default` or `entra-flag`\n  hint: remove it, or \
         correct its name to one of those listed",
    ),
    (
        "retarget = { userNam = \"login\" }",
        "cycle = true",
        "x.toml:6:14: the mapping entra-default has no target \"userNam\"\n  hint: did you mean userName?",
    ),
    (
        "",
        "do = [{ assign = \"adda\" }]\ncycle = true",
        "x.toml:17:18: nobody has the key \"adda\"\n  hint: did you mean ada?",
    ),
    (
        "",
        "do = [{ set = { of = \"ada\", attributes = { jobtitle = \"Lead\" } } }]\ncycle = true",
        "x.toml:17:44: the directory keeps no attribute \"jobtitle\"\n  hint: did you mean jobTitle?",
    ),
    (
        "",
        "do = [{ set = { of = \"ada\", attributes = { userPrincipalName = \"ada@example.com\" } } }]",
        "x.toml:17:44: the userPrincipalName \"ada@example.com\" is not under contoso.example\n  hint: end it with that \
         domain: it becomes one of the run's own, so that nobody else's account is touched",
    ),
    (
        "",
        "do = [{ set = { of = \"sales\", attributes = { displayName = \"Marketing\" } } }]",
        "x.toml:17:46: the displayName \"Marketing\" does not say whose it is\n  hint: put {run} into it: it becomes the \
         run's label, so that nobody else's group is touched",
    ),
    (
        "",
        "do = [{ leave = { group = \"sales\", who = \"ada\" } }, { leave = { group = \"sales\", who = \"ada\" } }]\ncycle = true",
        "x.toml:15:1: \"ada\" is no member of the group \"sales\"\n  hint: the file is tried out in its own order; correct \
         this, or what stands before it",
    ),
    (
        "",
        "do = [{ manager = { of = \"ada\", is = \"ada\" } }]",
        "x.toml:17:9: \"ada\" would be his own manager\n  hint: name somebody else, or leave the manager out",
    ),
    (
        "[[people]]\nkey = \"bo\"\nmanager = \"bo\"\nattributes = { userPrincipalName = \"bo@contoso.example\" }",
        "cycle = true",
        "x.toml:8:1: \"bo\" would be his own manager",
    ),
    (
        "[[groups]]\nkey = \"hr\"\nmembers = [\"ada\", \"ada\"]\nattributes = { displayName = \"HR {run}\" }",
        "cycle = true",
        "x.toml:8:1: \"ada\" is a member of the group \"hr\" twice\n  hint: name each member once",
    ),
    (
        "",
        "do = [{ join = { group = \"sales\", who = \"ada\" } }]\ncycle = true",
        "x.toml:15:1: \"ada\" is a member of the group \"sales\" already\n  hint: the file is tried out in its own order; \
         correct this, or what stands before it",
    ),
    (
        "",
        "do = [{ mend = true }]\ncycle = true",
        "x.toml:17:16: expected table, found boolean\n  hint: it stands by itself: write \"mend\", or mend = {}",
    ),
    (
        "",
        "do = [\"mend\", { mend = {} }, { revoke-token = { at = 1 } }]\ncycle = true",
        "x.toml:17:47: expected empty table\n  hint: it stands by itself: write \"revoke-token\", or revoke-token = {}",
    ),
    (
        "",
        "do = [3]\ncycle = true",
        "x.toml:17:7: wanted string or table\n  hint: write the value in the form that is expected; \
         docs/scenario.schema.json says which",
    ),
    (
        "",
        "do = [{ assign = \"ada\", unassign = \"ada\" }]\ncycle = true",
        "x.toml:17:7: wanted exactly 1 element, more than 1 element\n  hint: write the value in the form that is expected",
    ),
    (
        "",
        "do = [\"mend\"\ncycle = true",
        "x.toml:18:1: missing comma between array elements, expected `,`\n  hint: the file is TOML; see https://toml.io",
    ),
    (
        "",
        "expect = [{ only-the-probe = true }]",
        "x.toml:17:1: this is about a cycle, and the step has none\n  hint: add cycle = true to the step",
    ),
    (
        "",
        "cycle = true\nexpect = [{ gone = \"ada\", escrowed = 0 }]",
        "x.toml:18:1: an expectation says 2 things; it says one\n  hint: divide it, and remove what says nothing",
    ),
    (
        "",
        "cycle = true\nexpect = [{ rule = \"E-20\", gone = \"ada\" }]",
        "x.toml:18:21: the profile has no rule \"E-20\"\n  hint: did you mean E-02?",
    ),
    (
        "",
        "cycle = true\nexpect = [{ log = { action = \"remove\" } }]",
        "x.toml:18:31: the log knows no action \"remove\"\n  hint: there are create, update, delete, disable, \
         stageddelete, other",
    ),
    (
        "",
        "cycle = true\nexpect = [{ exactly = { entra-flag = [{ method = \"GET\", path = \"/Users/{bo}\" }] } }]",
        "x.toml:18:72: nobody has the key \"bo\"\n  hint: there are ada, sales",
    ),
    (
        "",
        "cycle = true\nexpect = [{ exactly = { entra-default = [{ method = \"POST\", path = \"/Users\", body = '{\"schemas\": }' }] } }]",
        "x.toml:18:86: the body is no JSON: expected value at line 1 column 13\n  hint: correct it",
    ),
    (
        "",
        "cycle = true\nexpect = [{ log = { modified = [\"title\", \"no.such.attribute\"] } }]",
        "x.toml:18:43: the mapping entra-default has no target \"no.such.attribute\"\n  hint: there are active, \
         addresses[type eq \"work\"].country, addresses[type eq \"work\"].formatted, addresses[type eq \"work\"].locality, ",
    ),
    (
        "",
        "cycle = true\nexpect = [{ same-as-model = { except = [\"titel\"] } }]",
        "x.toml:18:42: the mapping entra-default has no target \"titel\"\n  hint: did you mean title?",
    ),
    (
        "",
        "cycle = true\nexpect = [{ members = { of = \"ada\", are = [] } }]",
        "x.toml:18:30: \"ada\" is nobody's group: it has no members\n  hint: name a group; there are sales",
    ),
    (
        "",
        "cycle = true\nexpect = [{ attribute = { of = \"ada\", target = \"dispalyName\", is = \"Ada\" } }]",
        "x.toml:18:49: no user has an attribute \"dispalyName\"\n  hint: did you mean displayName?",
    ),
    (
        "",
        "cycle = true\nexpect = [{ attribute = { of = \"sales\", target = \"userName\", is = \"Sales\" } }]",
        "x.toml:18:51: no group has an attribute \"userName\"",
    ),
    (
        "",
        "cycle = true\nexpect = [{ attribute = { of = \"ada\", target = \"name.zzz\" } }]",
        "x.toml:18:49: no user has an attribute \"name.zzz\"",
    ),
    (
        "",
        "cycle = true\nexpect = [{ attribute = { of = \"ada\", target = \"title\", is = \"{adda}\" } }]",
        "x.toml:18:63: nobody has the key \"adda\"\n  hint: did you mean ada?",
    ),
    (
        "",
        "cycle = true\nexpect = [{ requests = { path = \"Users\", count = 0 } }]",
        "x.toml:18:34: no request has the path \"Users\"\n  hint: begin it with a slash, as in /Users",
    ),
    (
        "",
        "cycle = true\nexpect = [{ requests = { path = \"/Users/{bo}\", count = 0 } }]",
        "x.toml:18:41: nobody has the key \"bo\"\n  hint: there are ada, sales",
    ),
    (
        "",
        "do = [{ retarget = { target = \"displayname\", to = \"x\" } }]\ncycle = true",
        "x.toml:17:32: the mapping entra-default has no target \"displayname\"\n  hint: did you mean displayName?",
    ),
    (
        "",
        "cycle = true\nexpect = [{ next = \"Monday\" }]",
        "x.toml:18:21: \"Monday\" is no moment in UTC\n  hint: write it as 2026-11-23T08:40:00Z",
    ),
    (
        "",
        "do = [{ break = { kind = \"unreachable\", retry_after_s = 3 } }]",
        "x.toml:17:41: this asks nobody to wait\n  hint: remove it: it goes with throttled and unavailable",
    ),
    (
        "",
        "do = [{ advance = {} }]",
        "x.toml:17:9: no time passes\n  hint: say how many days, hours or minutes pass",
    ),
    (
        "settings = { timeout_s = 0 }",
        "cycle = true",
        "x.toml:6:14: timeout_s cannot be 0\n  hint: say how many seconds a request may take; 100 is the default",
    ),
    (
        "[app.settings]\ninterval_min = 40\nmember_batch_size = 0",
        "cycle = true",
        "x.toml:8:1: member_batch_size cannot be 0\n  hint: say how many members go into one request; 1 is the default",
    ),
    (
        "settings = { interval_min = 0 }",
        "cycle = true",
        "x.toml:6:14: interval_min cannot be 0\n  hint: say how many minutes lie between two cycles; 40 is the default",
    ),
];

#[test]
fn what_cannot_be_is_placed_and_explained() {
    for (head, step, expected) in UNSOUND {
        let complaint = complaint(&with(head, step));
        assert!(complaint.starts_with(expected), "{complaint}\nexpected {expected}");
    }
}
