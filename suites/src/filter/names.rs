//! How attributes and operators are written.

use client::Request;
use harness::expect::{lists_exactly, success};
use harness::{Check, Outcome, Probe, minimal_user, sound};

use super::{FILTERS, FilterRow};
use crate::kept;
use crate::requirements::{rfc7643, rfc7644};
use crate::rich;

pub(crate) const CHECKS: &[Check] = &[
    NAME_CASE.check("filter.names-ignore-case", "attribute names are matched without regard to letter case"),
    OPERATOR_CASE
        .check("filter.operators-ignore-case", "operators are matched without regard to letter case"),
    URN.check("filter.urn-prefix-is-understood", "an attribute can be written with the URI of its schema"),
    SCHEMAS.check("filter.schemas-can-be-asked-for", "users are found by a schema that they name"),
    Check::active("filter.case-follows-the-schema", &case_follows_the_schema)
        .title("a text is compared as caseExact in its published schema says")
        .verifies(&[rfc7643::CASEEXACT_GOVERNS_FILTERS])
        .needs(FILTERS),
];
const _: () = sound(CHECKS);

const NAME_CASE: &FilterRow =
    &FilterRow::new(r#"USERNAME eq "{ada}""#, &["ada"], &[], &[rfc7644::FILTER_NAMES_IGNORE_CASE]);
const OPERATOR_CASE: &FilterRow =
    &FilterRow::new(r#"userName Eq "{ada}""#, &["ada"], &[], &[rfc7644::FILTER_OPERATORS_IGNORE_CASE]);
const URN: &FilterRow = &FilterRow::new(
    r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "{ada}""#,
    &["ada"],
    &[],
    &[rfc7644::FILTER_PATH_ACCEPTS_URN_PREFIX],
);
const SCHEMAS: &FilterRow = &FilterRow::new(
    r#"schemas eq "urn:ietf:params:scim:schemas:core:2.0:User" and userName eq "{ada}""#,
    &["ada"],
    &[],
    &[rfc7644::MULTIVALUED_MATCHES_ANY_VALUE],
);

fn case_follows_the_schema(probe: &mut Probe) -> Outcome {
    let plain = kept::plain_text(probe)?;
    let text = format!("Case {}", rich::tag(probe));
    let user = probe.given(plain.of(minimal_user(), &text))?.keeps(&[plain.top()])?;
    let find = |text: &str| {
        let list = Request::get(probe.service().endpoint("User"));
        probe.send(list.query("filter", &format!("{} eq \"{text}\"", plain.path)))
    };
    let as_it_is = find(&text)?;
    as_it_is.require(success())?;
    as_it_is.require(lists_exactly(std::slice::from_ref(&user.id)))?;
    let turned = find(&text.to_uppercase())?;
    turned.require(success())?;
    // Where nothing is said of it, letter case carries no meaning (RFC 7643 §2.2).
    let exact = probe.service().published.case_exact(plain.path) == Some(true);
    turned.expect(lists_exactly(if exact { &[] } else { std::slice::from_ref(&user.id) }))
}
