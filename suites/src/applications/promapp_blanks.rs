//! What Promapp needs of a user has to say something: empty text is no name, and no address.

use harness::{Check, Outcome, Probe, Procedure, capability, sound};
use serde_json::{Value, json};

use crate::applications::promapp::{is_too_little, person};
use crate::requirements::promapp as rules;

pub(super) const CHECKS: &[Check] = &[
    GIVEN_NAME.check("promapp.empty-given-name-is-none", "a create with an empty name.givenName is refused"),
    FAMILY_NAME
        .check("promapp.empty-family-name-is-none", "a create with an empty name.familyName is refused"),
    ADDRESS.check("promapp.empty-address-is-none", "a create with an empty e-mail is refused"),
    TYPE_ALONE
        .check("promapp.email-needs-an-address", "a create with an e-mail without its address is refused"),
];
const _: () = sound(CHECKS);

/// A create where one value has nothing in it.
struct Blank {
    pointer: &'static str,
    value: fn() -> Value,
}

static GIVEN_NAME: Blank = Blank { pointer: "/name/givenName", value: || json!("") };
static FAMILY_NAME: Blank = Blank { pointer: "/name/familyName", value: || json!("") };
static ADDRESS: Blank = Blank { pointer: "/emails/0/value", value: || json!("") };
static TYPE_ALONE: Blank = Blank { pointer: "/emails/0", value: || json!({ "type": "work" }) };

impl Blank {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(&[rules::P_03]).needs(&[capability::CREATE_USER])
    }
}

impl Procedure for Blank {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let whole = person(probe)?;
        let mut lacking = whole.clone();
        if let Some(value) = lacking.pointer_mut(self.pointer) {
            *value = (self.value)();
        }
        is_too_little(probe, &lacking, &whole)
    }
}
