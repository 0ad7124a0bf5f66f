//! The work e-mail, as one value among the e-mails.

use harness::expect::{pointer_that, success};
use harness::{Check, Expectation, Outcome, Probe, sound};
use serde_json::{Value, json};

use super::{MODIFIES, address, with_work_email};
use crate::applications::{modify, shown};
use crate::requirements::bonusly as rules;

pub(super) const CHECKS: &[Check] = &[Check::active("bonusly.patched-email-stays", &patched_email_stays)
    .title("a PATCH of the work e-mail and the userName that names the address alone loses no e-mail")
    .verifies(&[rules::B_31])
    .needs(MODIFIES)];
const _: () = sound(CHECKS);

fn patched_email_stays(probe: &mut Probe) -> Outcome {
    let name = address(probe);
    let user = probe.given(with_work_email(&name))?;
    shown(probe, user.path())?.require(emails_at_work(&name))?;
    let moved = address(probe);
    let operations = json!([
        { "op": "replace", "path": "userName", "value": moved },
        { "op": "replace", "path": r#"emails[type eq "work"]"#, "value": { "value": moved } },
    ]);
    modify(probe, user.path(), operations)?.expect(success())?;
    shown(probe, user.path())?.expect(emails_at_work(&moved))
}

/// One e-mail, at work, with this address in any letter case.
fn emails_at_work(address: &str) -> Expectation {
    let wanted = address.to_lowercase();
    pointer_that("/emails", format!("the work e-mail {address} alone"), move |emails| {
        match emails.as_array() {
            Some(emails) if emails.len() == 1 => emails.iter().all(|email| {
                let value = email.get("value").and_then(Value::as_str).unwrap_or_default();
                email.get("type") == Some(&json!("work")) && value.to_lowercase() == wanted
            }),
            _ => false,
        }
    })
}
