//! How attributes and operators are written.

use client::Request;
use harness::expect::{lists_exactly, success};
use harness::{Check, Outcome, Probe, Procedure, minimal_user, sound};
use record::ReqId;

use super::cast::Cast;
use super::{FILTERS, FilterRow, PLAINEST, exactly, found};
use crate::kept;
use crate::requirements::{rfc7643, rfc7644};
use crate::rich;

pub(crate) const CHECKS: &[Check] = &[
    NAME_CASE.check("filter.names-ignore-case", "attribute names are matched without regard to letter case"),
    OPERATOR_CASE
        .check("filter.operators-ignore-case", "operators are matched without regard to letter case"),
    URN.check("filter.urn-prefix-is-understood", "an attribute can be written with the URI of its schema"),
    URN_CASE.check("filter.urn-ignores-case", "the URI before an attribute is read in any letter case"),
    NOT_TIGHT.check("filter.not-needs-no-space", "not is read with a space before its group and without"),
    SCHEMAS.check("filter.schemas-can-be-asked-for", "users are found by a schema that they name"),
    Check::active("filter.case-follows-the-schema", &case_follows_the_schema)
        .title("a text is compared as caseExact in its published schema says")
        .verifies(&[rfc7643::CASEEXACT_GOVERNS_FILTERS])
        .needs(FILTERS),
];
const _: () = sound(CHECKS);

/// A filter as it is usually written, and written otherwise: it means the same.
pub(super) struct Spelt {
    usual: &'static str,
    pub(super) other: &'static str,
    finds: &'static [&'static str],
    about: &'static [&'static str],
    under: &'static [ReqId],
}

const NAME_CASE: &Spelt = &Spelt {
    usual: PLAINEST,
    other: r#"USERNAME eq "{ada}""#,
    finds: &["ada"],
    about: &[],
    under: &[rfc7644::FILTER_NAMES_IGNORE_CASE],
};
const OPERATOR_CASE: &Spelt =
    &Spelt { other: r#"userName Eq "{ada}""#, under: &[rfc7644::FILTER_OPERATORS_IGNORE_CASE], ..*NAME_CASE };
pub(super) const URN: &Spelt = &Spelt {
    other: r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "{ada}""#,
    under: &[rfc7644::FILTER_PATH_ACCEPTS_URN_PREFIX],
    ..*NAME_CASE
};
const URN_CASE: &Spelt = &Spelt {
    usual: URN.other,
    other: r#"URN:IETF:params:scim:schemas:core:2.0:USER:userName eq "{ada}""#,
    under: &[rfc7644::ATTRIBUTE_NOTATION_IGNORES_CASE],
    ..*NAME_CASE
};
const NOT_TIGHT: &Spelt = &Spelt {
    usual: r#"displayName sw "{tag} " and not (displayName eq "{tag} Ada")"#,
    other: r#"displayName sw "{tag} " and not(displayName eq "{tag} Ada")"#,
    finds: &["grace", "alan"],
    about: &["displayName"],
    under: &[rfc7644::NOT_INVERTS_GROUP],
};

impl Spelt {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(FILTERS)
    }
}

impl Procedure for Spelt {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let cast = Cast::given(probe, self.about)?;
        // Who does not understand what is usual has not been asked anything by what is not.
        let usual = cast.search(probe, self.usual)?;
        usual.first.require(success())?;
        usual.first.require(found(self.finds, exactly(&cast, &usual, self.finds)))?;
        let other = cast.search(probe, self.other)?;
        let same = exactly(&cast, &other, self.finds);
        self.under.iter().try_for_each(|requirement| {
            other.first.expect(success().under(*requirement))?;
            other.first.expect(found(self.finds, same.clone()).under(*requirement))
        })
    }
}

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
