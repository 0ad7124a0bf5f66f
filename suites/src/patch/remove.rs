//! RFC 7644 §3.5.2.2: remove, by the form of its path.

use harness::expect::{equals, status_among, success, unset};
use harness::{Check, Outcome, Probe, sound};
use protocol::urn;
use serde_json::json;

use super::{COST_CENTER, Change, DEPARTMENT, PATCHES, addresses, enterprise, given, patch};
use crate::kept;
use crate::parts::Parts;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    SIMPLE.check("patch.remove-simple", "remove leaves a single-valued attribute without value"),
    SUB.check("patch.remove-sub-attribute", "remove takes a sub-attribute away and keeps the others"),
    MULTI.check("patch.remove-multi-valued", "remove without filter takes all values away"),
    VALUE.check("patch.remove-a-value", "remove takes only the selected value away"),
    RECORD.check(
        "patch.remove-by-two-conditions",
        "remove by a filter of two conditions takes the matching value away",
    ),
    LAST.check("patch.remove-the-last-value", "remove of the last value leaves the attribute without value"),
    Check::active("patch.remove-the-last-record", &remove_the_last_record)
        .title("once filters of two conditions have taken all values away, the attribute is without value")
        .verifies(&[rfc7644::EMPTIED_COMPLEX_IS_UNASSIGNED])
        .needs(PATCHES),
    VALUE_SUB.check(
        "patch.remove-in-a-value",
        "remove of a sub-attribute of a selected value keeps the value itself",
    ),
    EXTENSION.enterprise("patch.remove-extension", "remove takes a whole extension away"),
    EXTENSION_SUB.enterprise(
        "patch.remove-extension-attribute",
        "remove takes an extension attribute away by its URN",
    ),
    CORE_URN
        .check("patch.remove-by-core-urn", "remove understands a core attribute with the URN of its schema"),
    COMPLEX.check("patch.remove-complex", "remove takes a complex attribute away"),
];
const _: () = sound(CHECKS);

pub(super) const SIMPLE: &Change = &Change::new(
    |parts| json!([{ "op": "remove", "path": parts.path("userType") }]),
    |parts| vec![unset(&parts.pointer("userType")), equals(&parts.pointer("displayName"), "Before")],
    &["userType", "displayName"],
    &[rfc7644::REMOVE_SINGLE_VALUED_UNASSIGNS],
)
.unsetting(&["userType"]);
const SUB: &Change = &Change::new(
    |_| json!([{ "op": "remove", "path": "name.givenName" }]),
    |_| vec![unset("/name/givenName"), equals("/name/familyName", "Lovelace")],
    &["name.givenName", "name.familyName"],
    &[rfc7644::REMOVE_SINGLE_VALUED_UNASSIGNS],
)
.unsetting(&["name.givenName"]);
const MULTI: &Change = &Change::new(
    |_| json!([{ "op": "remove", "path": "emails" }]),
    |_| vec![unset("/emails")],
    &["emails.value", "emails.type"],
    &[rfc7644::REMOVE_MULTIVALUED_REMOVES_ALL],
)
.unsetting(&["emails"]);
const VALUE: &Change = &Change::new(
    |_| json!([{ "op": "remove", "path": r#"emails[type eq "home"]"# }]),
    |parts| vec![addresses(parts, &["work"])],
    &["emails.value", "emails.type"],
    &[rfc7644::FILTERED_REMOVE_ONLY_MATCHES],
);
const RECORD: &Change = &Change::new(
    |parts| {
        let path = format!("emails[type eq \"home\" and value ew \"{}\"]", parts.ending());
        json!([{ "op": "remove", "path": path }])
    },
    |parts| vec![addresses(parts, &["work"])],
    &["emails.value", "emails.type"],
    &[rfc7644::FILTERED_REMOVE_DROPS_RECORDS],
);
const LAST: &Change = &Change::new(
    |_| {
        json!([
            { "op": "remove", "path": r#"emails[type eq "home"]"# },
            { "op": "remove", "path": r#"emails[type eq "work"]"# },
        ])
    },
    |_| vec![unset("/emails")],
    &["emails.value", "emails.type"],
    &[rfc7644::REMOVE_OF_LAST_VALUE_UNASSIGNS],
)
.unsetting(&["emails"]);
const VALUE_SUB: &Change = &Change::new(
    |parts| json!([{ "op": "remove", "path": format!("emails[value eq \"{}\"].type", parts.mail("home")) }]),
    |parts| {
        vec![
            addresses(parts, &["home", "work"]),
            harness::expect::pointer_that("/emails", "no address of type home", |emails| {
                emails.as_array().into_iter().flatten().all(|email| email.get("type") != Some(&json!("home")))
            }),
        ]
    },
    &["emails.value", "emails.type"],
    &[rfc7644::REMOVED_SUBATTRIBUTES_UNASSIGNED],
)
.unsetting(&["emails.type"]);
const EXTENSION: &Change = &Change::new(
    |_| json!([{ "op": "remove", "path": urn::ENTERPRISE_USER }]),
    |_| vec![unset(&enterprise("department")), unset(&enterprise("costCenter"))],
    &[DEPARTMENT, COST_CENTER],
    &[rfc7644::REMOVE_SINGLE_VALUED_UNASSIGNS],
)
.unsetting(&[DEPARTMENT, COST_CENTER])
.open_to_reading();
const EXTENSION_SUB: &Change = &Change::new(
    |_| json!([{ "op": "remove", "path": format!("{}:department", urn::ENTERPRISE_USER) }]),
    |_| vec![unset(&enterprise("department")), equals(&enterprise("costCenter"), "7")],
    &[DEPARTMENT, COST_CENTER],
    &[rfc7644::REMOVE_SINGLE_VALUED_UNASSIGNS],
)
.unsetting(&[DEPARTMENT]);
const CORE_URN: &Change = &Change::new(
    |parts| json!([{ "op": "remove", "path": format!("{}:{}", urn::USER, parts.path("userType")) }]),
    |parts| vec![unset(&parts.pointer("userType"))],
    &["userType"],
    &[rfc7644::REMOVE_SINGLE_VALUED_UNASSIGNS],
)
.unsetting(&["userType"]);
const COMPLEX: &Change = &Change::new(
    |_| json!([{ "op": "remove", "path": "name" }]),
    |_| vec![unset("/name/givenName"), unset("/name/familyName")],
    &["name.givenName", "name.familyName"],
    &[rfc7644::REMOVE_SINGLE_VALUED_UNASSIGNS],
)
.unsetting(&["name", "name.givenName", "name.familyName"]);

fn remove_the_last_record(probe: &mut Probe) -> Outcome {
    let about = &["emails.value", "emails.type"];
    kept::removable(probe, &["emails"])?;
    let parts = Parts::of(probe, about);
    let (person, _) = given(probe, &parts, about)?;
    let remove = |kind: &str| {
        let path = format!("emails[type eq \"{kind}\" and value ew \"{}\"]", parts.ending());
        patch(probe, person.path(), &json!([{ "op": "remove", "path": path }]))
    };
    // As long as something is left, such a filter takes away what it matches.
    remove("home")?.require(success())?;
    let one_left = probe.get(person.path())?;
    one_left.require(addresses(&parts, &["work"]))?;
    remove("work")?.expect(status_among(&[200, 204]))?;
    let stored = probe.get(person.path())?;
    stored.require(success())?;
    stored.expect(unset("/emails"))
}
