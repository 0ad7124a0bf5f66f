//! RFC 7644 §3.5.2 and §3.12: operations that have to be refused, and leave everything as it was.

use harness::expect::{equals, error_body, same_as, scim_type_among, status, status_among, success};
use harness::{Check, Outcome, Probe, Procedure, minimal_user, sound};
use protocol::{ScimType, urn};
use record::ReqId;
use serde_json::{Value, json};

use super::twins::{classes_are_taken, patched};
use super::{PATCHES, given, patch};
use crate::kept;
use crate::parts::Parts;
use crate::requirements::{rfc7643, rfc7644};

pub(crate) const CHECKS: &[Check] = &[
    NO_PATH.check("patch.remove-needs-a-path", "remove without path is refused with noTarget"),
    NO_MATCH.check(
        "patch.replace-needs-a-match",
        "replace of a value that the filter does not select is refused with noTarget",
    ),
    REQUIRED.check("patch.required-cannot-be-removed", "the required userName cannot be removed"),
    READ_ONLY.check("patch.read-only-cannot-be-replaced", "the id cannot be replaced"),
    META.check("patch.meta-cannot-be-replaced", "meta cannot be replaced"),
    WRONG_TYPE.check("patch.value-must-fit", "a value of the wrong type is refused"),
    BAD_PATH.check(
        "patch.path-must-be-well-formed",
        "a path whose filter breaks off is refused with invalidPath or invalidFilter",
    ),
    ARRAY_INDEX.check("patch.no-array-indexes", "a path with an array index is refused"),
    UNKNOWN_OP.check(
        "patch.unknown-op-is-refused",
        "an operation that does not exist is refused with invalidSyntax",
    ),
    NO_OP.check("patch.op-is-needed", "an operation without op is refused with invalidSyntax"),
    Check::active("patch.operations-are-needed", &operations_are_needed)
        .title("a PATCH without operations is refused")
        .verifies(&[rfc7644::PATCH_HAS_OPERATIONS_ARRAY])
        .needs(PATCHES),
    Check::active("patch.unknown-id-is-404", &unknown_id_is_404)
        .title("PATCH of an unknown id answers 404")
        .verifies(&[rfc7644::UNKNOWN_RESOURCE_IS_404])
        .needs(PATCHES),
    Check::active("patch.respects-uniqueness", &respects_uniqueness)
        .title("a PATCH onto another user's userName is refused and changes nothing")
        .verifies(&[rfc7643::USERNAME_UNIQUE_IN_SERVICE, rfc7644::UNIQUENESS_MARKS_TAKEN_VALUE])
        .needs(PATCHES),
];
const _: () = sound(CHECKS);

/// An operation that no server may carry out.
struct Refused {
    operation: fn(&Parts) -> Value,
    /// The attributes that it is aimed at, beyond the userName.
    about: &'static [&'static str],
    keywords: &'static [ScimType],
    /// Under what it is refused, told by a keyword, and told at all.
    under: &'static [ReqId],
}

const NO_PATH: &Refused = &Refused {
    operation: |_| json!({ "op": "remove" }),
    about: &[],
    keywords: &[ScimType::NoTarget],
    under: &[rfc7644::REMOVE_WITHOUT_PATH_IS_NOTARGET, rfc7644::NOTARGET_MARKS_UNMATCHED_PATH],
};
const NO_MATCH: &Refused = &Refused {
    operation: |parts| json!({ "op": "replace", "path": r#"emails[type eq "none"].value"#, "value": parts.mail("x") }),
    about: &["emails.value", "emails.type"],
    keywords: &[ScimType::NoTarget],
    under: &[rfc7644::UNMATCHED_REPLACE_IS_NOTARGET, rfc7644::NOTARGET_MARKS_UNMATCHED_PATH],
};
const REQUIRED: &Refused = &Refused {
    operation: |_| json!({ "op": "remove", "path": "userName" }),
    about: &[],
    keywords: &[ScimType::Mutability, ScimType::InvalidValue],
    under: &[rfc7644::REMOVE_REQUIRED_OR_READONLY_FAILS, rfc7644::MUTABILITY_MARKS_FORBIDDEN_CHANGE],
};
const READ_ONLY: &Refused = &Refused {
    operation: |_| json!({ "op": "replace", "path": "id", "value": "forged" }),
    about: &[],
    keywords: &[ScimType::Mutability],
    under: &[
        rfc7644::PATCH_RESPECTS_MUTABILITY_AND_SCHEMA,
        rfc7644::MUTABILITY_MARKS_FORBIDDEN_CHANGE,
        rfc7644::INCOMPATIBLE_PATCH_GETS_JSON_ERROR,
    ],
};
const META: &Refused = &Refused {
    operation: |_| json!({ "op": "replace", "path": "meta.created", "value": "1999-12-31T23:59:59Z" }),
    about: &[],
    keywords: &[ScimType::Mutability],
    under: &[
        rfc7644::PATCH_RESPECTS_MUTABILITY_AND_SCHEMA,
        rfc7644::MUTABILITY_MARKS_FORBIDDEN_CHANGE,
        rfc7644::INCOMPATIBLE_PATCH_GETS_JSON_ERROR,
    ],
};
const WRONG_TYPE: &Refused = &Refused {
    operation: |parts| json!({ "op": "replace", "path": parts.path("displayName"), "value": { "not": "a string" } }),
    about: &["displayName"],
    keywords: &[ScimType::InvalidValue, ScimType::InvalidSyntax],
    under: &[
        rfc7644::PATCH_RESPECTS_MUTABILITY_AND_SCHEMA,
        rfc7644::INVALIDVALUE_MARKS_UNFIT_VALUE,
        rfc7644::INCOMPATIBLE_PATCH_GETS_JSON_ERROR,
    ],
};
const BAD_PATH: &Refused = &Refused {
    operation: |_| json!({ "op": "replace", "path": "emails[", "value": "x" }),
    about: &["emails.value", "emails.type"],
    keywords: &[ScimType::InvalidPath, ScimType::InvalidFilter],
    under: &[rfc7644::PATCH_PATH_GRAMMAR, rfc7644::INVALIDPATH_MARKS_BAD_PATCH_PATH],
};
const ARRAY_INDEX: &Refused = &Refused {
    operation: |parts| json!({ "op": "replace", "path": "emails[0].value", "value": parts.mail("x") }),
    about: &["emails.value", "emails.type"],
    keywords: &[ScimType::InvalidPath, ScimType::InvalidFilter, ScimType::NoTarget],
    under: &[rfc7644::JSON_PATCH_FORMS_UNSUPPORTED, rfc7644::INVALIDPATH_MARKS_BAD_PATCH_PATH],
};
const UNKNOWN_OP: &Refused = &Refused {
    operation: |parts| json!({ "op": "move", "path": parts.path("displayName"), "value": "x" }),
    about: &["displayName"],
    keywords: &[ScimType::InvalidSyntax, ScimType::InvalidValue],
    under: &[rfc7644::JSON_PATCH_FORMS_UNSUPPORTED, rfc7644::INVALIDSYNTAX_MARKS_BAD_BODY],
};
const NO_OP: &Refused = &Refused {
    operation: |parts| json!({ "path": parts.path("displayName"), "value": "x" }),
    about: &["displayName"],
    keywords: &[ScimType::InvalidSyntax, ScimType::InvalidValue],
    under: &[rfc7644::PATCH_OPERATION_HAS_ONE_OP, rfc7644::INVALIDSYNTAX_MARKS_BAD_BODY],
};

impl Refused {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(PATCHES)
    }
}

impl Procedure for Refused {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let parts = Parts::of(probe, self.about);
        let (person, _) = given(probe, &parts, self.about)?;
        let operations = json!([(self.operation)(&parts)]);
        classes_are_taken(probe, &operations)?;
        let before = patched(probe, &person)?;
        let reply = patch(probe, person.path(), &operations)?;
        reply.expect(status(400))?;
        let stored = probe.get(person.path())?;
        stored.require(success())?;
        stored.expect(same_as(before.json()?, "before the refusal"))?;
        if let [_, _, told] = self.under {
            reply.expect(error_body().under(*told))?;
        }
        if let ([_, _, ..], Some(said)) = (self.keywords, reply.at("/scimType").and_then(Value::as_str)) {
            reply.note(&format!("it is refused with {said}"));
        }
        match self.under {
            [_, keyword, ..] => reply.expect(scim_type_among(self.keywords).under(*keyword)),
            _ => Ok(()),
        }
    }
}

fn operations_are_needed(probe: &mut Probe) -> Outcome {
    let (person, _) = given(probe, &Parts::of(probe, &[]), &[])?;
    patched(probe, &person)?;
    for body in
        [json!({ "schemas": [urn::PATCH_OP] }), json!({ "schemas": [urn::PATCH_OP], "Operations": {} })]
    {
        probe.patch(person.path(), &body)?.expect(status(400))?;
    }
    Ok(())
}

fn unknown_id_is_404(probe: &mut Probe) -> Outcome {
    let path = format!("{}/00000000-0000-4000-8000-00000000dead", probe.service().endpoint("User"));
    let (person, _) = given(probe, &Parts::of(probe, &[]), &[])?;
    patched(probe, &person)?;
    let operations = json!([{ "op": "replace", "path": "displayName", "value": "x" }]);
    patch(probe, &path, &operations)?.expect(status(404))
}

fn respects_uniqueness(probe: &mut Probe) -> Outcome {
    kept::writable(probe, &["userName"])?;
    let taken = probe.given(minimal_user())?;
    let (person, _) = given(probe, &Parts::of(probe, &[]), &[])?;
    patched(probe, &person)?;
    let name = taken.body.get("userName").cloned().unwrap_or_default();
    let reply =
        patch(probe, person.path(), &json!([{ "op": "replace", "path": "userName", "value": name }]))?;
    reply.expect(status_among(&[409, 400]))?;
    reply.note(&format!("a userName that is taken is refused with {}", reply.status()));
    reply.expect(scim_type_among(&[ScimType::Uniqueness]).under(rfc7644::UNIQUENESS_MARKS_TAKEN_VALUE))?;
    let stored = probe.get(person.path())?;
    stored.require(success())?;
    stored.expect(equals("/userName", person.body.get("userName").cloned().unwrap_or_default()))
}
