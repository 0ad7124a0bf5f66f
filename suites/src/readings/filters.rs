//! RFC 7644 §3.4.2.2: filters that can be read in several ways.

use harness::{Check, Template, minimal_user, sound};
use serde_json::json;

use super::question::Comes::{Finds, Forbidden, Refused};
use super::question::{Question, Reading};
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    NULL.check("readings.null-in-filters", "how is eq null read"),
    UNSET_BOOLEAN
        .check("readings.unset-booleans-in-filters", "what is a Boolean without a value compared as"),
    EMPTY_TEXT.check("readings.pr-on-empty-text", "does pr find empty text"),
    NE.check("readings.ne-on-several-values", "what does ne mean on several values, and on none"),
    COMPLEX.check("readings.complex-attributes-in-filters", "what is a complex attribute compared by"),
    BRACKETS.check("readings.comparison-behind-brackets", "how is a comparison behind brackets read"),
    UNKNOWN.check("readings.unknown-names-in-filters", "how is an unknown attribute in a filter read"),
    MISFIT.check("readings.unfit-comparisons", "how is a comparison of text with a number read"),
    TIMES.check("readings.equal-times", "are times equal that are written with another offset"),
    REFERENCES.check("readings.order-of-references", "have references an order"),
    PASSWORD.check("readings.filters-on-the-password", "how is a filter on the password read"),
];
const _: () = sound(CHECKS);

/// A question about people of whom nothing is special.
const PLAIN: Question = Question {
    asks: &[],
    lawful: &[],
    twin: (r#"displayName eq "{tag}""#, &["ada", "grace", "alan"]),
    about: &[],
    people: |_| [minimal_user(), minimal_user(), minimal_user()],
    without: &[],
    odd: None,
    under: &[rfc7644::FILTER_RETURNS_ONLY_MATCHES],
};

const NULL: &Question = &Question {
    asks: &[r#"displayName eq "{tag}" and title eq null"#],
    lawful: &[("no value", &[Finds(&["grace"])]), ("no filter: it is refused", &[Refused])],
    twin: (r#"displayName eq "{tag}" and title eq "Doctor""#, &["alan"]),
    about: &["title"],
    people: |_| [titled("Engineer"), minimal_user(), titled("Doctor")],
    without: &[("grace", "title")],
    under: &[rfc7644::FILTER_VALUES_ARE_JSON],
    ..PLAIN
};
const UNSET_BOOLEAN: &Question = &Question {
    asks: &[r#"displayName eq "{tag}" and active eq false"#, r#"displayName eq "{tag}" and active eq true"#],
    lawful: &[
        ("no value, which is equal to nothing", &[Finds(&["grace"]), Finds(&["ada"])]),
        ("false", &[Finds(&["grace", "alan"]), Finds(&["ada"])]),
        ("true", &[Finds(&["grace"]), Finds(&["ada", "alan"])]),
    ],
    twin: (r#"userName eq "{ada}" and active eq true"#, &["ada"]),
    about: &["active"],
    people: |_| [minimal_user().with("active", true), minimal_user().with("active", false), minimal_user()],
    without: &[("alan", "active")],
    ..PLAIN
};
const EMPTY_TEXT: &Question = &Question {
    asks: &[r#"displayName eq "{tag}" and title pr"#],
    lawful: &[("no value", &[Finds(&["ada"])]), ("a value", &[Finds(&["ada", "grace"])])],
    twin: (r#"userName eq "{ada}" and displayName pr"#, &["ada"]),
    about: &["title"],
    people: |_| [titled("Engineer"), titled(""), minimal_user()],
    without: &[("alan", "title")],
    odd: Some(("grace", "title", "empty text that is kept")),
    under: &[rfc7644::PR_MATCHES_NONEMPTY],
};
const NE: &Question = &Question {
    asks: &[r#"displayName eq "{tag}" and emails.value ne "ada-{tag}@{domain}""#],
    lawful: &[
        ("some value differs, and nothing differs from everything", &[Finds(&["ada", "grace", "alan"])]),
        ("some value differs, and who has none is not found", &[Finds(&["ada", "grace"])]),
        ("no value is equal, also where there is none", &[Finds(&["grace", "alan"])]),
        ("no value is equal, and there is one", &[Finds(&["grace"])]),
    ],
    twin: (r#"emails.value eq "ada-{tag}-b@{domain}" and displayName ne "{tag} Other""#, &["ada"]),
    about: &["emails.value", "emails.type"],
    people: reachable,
    without: &[("alan", "emails.value")],
    under: &[rfc7644::NE_MATCHES_DIFFERENT],
    ..PLAIN
};
const COMPLEX: &Question = &Question {
    asks: &[r#"emails eq "ada-{tag}@{domain}""#],
    lawful: &[("its value", &[Finds(&["ada"])]), ("nothing: it is refused", &[Refused])],
    under: &[rfc7644::BARE_MULTIVALUED_FILTERS_ON_VALUE],
    ..BRACKETS_ASK
};
const BRACKETS: &Question = &BRACKETS_ASK;
const BRACKETS_ASK: Question = Question {
    asks: &[r#"emails[type eq "work"].value eq "ada-{tag}@{domain}""#],
    lawful: &[("one condition more", &[Finds(&["ada"])]), ("no filter: it is refused", &[Refused])],
    twin: (r#"emails.value eq "ada-{tag}@{domain}""#, &["ada"]),
    about: &["emails.value", "emails.type"],
    people: reachable,
    ..PLAIN
};
const UNKNOWN: &Question = &Question {
    asks: &[r#"noSuchAttribute eq "{tag}""#],
    lawful: &[("no filter: it is refused", &[Refused]), ("an attribute without a value", &[Finds(&[])])],
    ..PLAIN
};
const MISFIT: &Question = &Question { asks: &["displayName eq 5"], lawful: &NO_MATCH, ..PLAIN };
const TIMES: &Question = &Question {
    asks: &[
        r#"userName eq "{ada}" and meta.created eq "{created}""#,
        r#"userName eq "{ada}" and meta.created eq "{before}""#,
    ],
    lawful: &[
        ("equal where they are the same instant", &[Finds(&["ada"]), Finds(&[])]),
        ("equal where their text is, or to the last digit", &[Finds(&[]), Finds(&[])]),
    ],
    twin: (r#"userName eq "{ada}" and displayName eq "{tag}""#, &["ada"]),
    under: &[rfc7644::EQ_MATCHES_IDENTICAL],
    ..PLAIN
};
const REFERENCES: &Question = &Question {
    asks: &[r#"displayName eq "{tag}" and profileUrl gt "https://example.com/m""#],
    lawful: &[("that of text", &[Finds(&["grace"])]), ("none: it is refused", &[Refused])],
    twin: (r#"userName eq "{ada}" and displayName ge "{tag}""#, &["ada"]),
    about: &["profileUrl"],
    people: |_| {
        [
            minimal_user().with("profileUrl", "https://example.com/a"),
            minimal_user().with("profileUrl", "https://example.com/z"),
            minimal_user(),
        ]
    },
    without: &[("alan", "profileUrl")],
    ..PLAIN
};
const PASSWORD: &Question = &Question {
    asks: &[r#"password eq "nobody-{tag}-has-this""#],
    lawful: &[
        ("no filter: it is refused", &[Refused]),
        ("too sensitive: it is refused", &[Forbidden]),
        ("one that can be asked", &[Finds(&[])]),
    ],
    ..PLAIN
};
const NO_MATCH: [Reading; 2] =
    [("no filter: it is refused", &[Refused]), ("what is true of nobody", &[Finds(&[])])];

fn titled(title: &str) -> Template {
    minimal_user().with("title", title)
}

/// Two addresses, one, and none.
fn reachable(tag: &str) -> [Template; 3] {
    let at = |name: &str, kind: &str| json!({ "value": format!("{name}"), "type": kind });
    let [work, home] = [format!("ada-{tag}@{{domain}}"), format!("ada-{tag}-b@{{domain}}")];
    [
        minimal_user().with("emails", json!([at(&work, "work"), at(&home, "home")])),
        minimal_user().with("emails", json!([at(&format!("grace-{tag}-b@{{domain}}"), "work")])),
        minimal_user(),
    ]
}
