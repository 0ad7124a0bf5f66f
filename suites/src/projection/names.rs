//! How the attributes to show are named.

use client::Request;
use harness::expect::{Miss, holds, status_among, success};
use harness::{Capability, Check, Outcome, Probe, Procedure, capability, sound};
use record::{At, ReqId};

use super::{ABOUT, given, plainly, shows};
use crate::parts::Parts;
use crate::requirements::rfc7644;
use crate::{kept, places};

pub(crate) const CHECKS: &[Check] = &[
    URN.check("projection.by-urn-name", "an attribute to show can be named with the URI of its schema"),
    EXTENSION.enterprise("projection.by-extension-urn", "one attribute of an extension can be asked for"),
    PART.check("projection.by-sub-attribute", "of a complex attribute one part can be asked for"),
    WITHOUT_PART.check("projection.without-sub-attribute", "of a complex attribute one part can be excluded"),
    WITHOUT_ONE.enterprise(
        "projection.exclusion-spares-extensions",
        "excluding an attribute of the user takes nothing of an extension away",
    ),
    SEVERAL.check("projection.by-several-names", "several attributes can be asked for, divided by commas"),
    CASE.check("projection.names-ignore-case", "the attributes to show are named in any letter case"),
    Check::active("projection.parameters-are-supported", &parameters_are_supported)
        .title("a read honours attributes as well as excludedAttributes")
        .verifies(&[rfc7644::PROJECTION_PARAMETERS_SUPPORTED])
        .needs(READS),
    Check::active("projection.both-parameters-are-not-ignored", &both_are_not_ignored)
        .title("attributes and excludedAttributes together are refused, or one of them is honoured")
        .verifies(&[rfc7644::PROJECTION_PARAMETERS_EXCLUSIVE])
        .needs(READS),
];
const _: () = sound(CHECKS);

const READS: &[Capability] = &[capability::CREATE_USER, capability::READ_USER];

/// A parameter of a read, and what the answer is to show.
struct Named {
    parameter: &'static str,
    names: &'static str,
    shown: &'static [&'static str],
    hidden: &'static [&'static str],
    under: &'static [ReqId],
}

macro_rules! named {
    ($name:ident, $parameter:literal, $names:expr, $shown:expr, $hidden:expr, $requirement:ident) => {
        const $name: &Named = &Named {
            parameter: $parameter,
            names: $names,
            shown: $shown,
            hidden: $hidden,
            under: &[rfc7644::$requirement],
        };
    };
}

const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const COST_CENTER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter";

named!(
    URN,
    "attributes",
    "urn:ietf:params:scim:schemas:core:2.0:User:displayName",
    &["displayName"],
    &["userType"],
    PROJECTION_NAMES_STANDARD_NOTATION
);
named!(
    EXTENSION,
    "attributes",
    DEPARTMENT,
    &[DEPARTMENT],
    &[COST_CENTER, "displayName"],
    PROJECTION_NAMES_STANDARD_NOTATION
);
named!(
    PART,
    "attributes",
    "name.givenName",
    &["name.givenName"],
    &["name.familyName", "displayName"],
    ATTRIBUTES_YIELDS_ALWAYS_PLUS_NAMED
);
named!(
    WITHOUT_PART,
    "excludedAttributes",
    "name.familyName",
    &["name.givenName", "displayName"],
    &["name.familyName"],
    EXCLUSION_TRIMS_DEFAULT_SET
);
named!(
    WITHOUT_ONE,
    "excludedAttributes",
    "displayName",
    &["userType", DEPARTMENT, COST_CENTER],
    &["displayName"],
    EXCLUSION_TRIMS_DEFAULT_SET
);
named!(
    SEVERAL,
    "attributes",
    "displayName,userType",
    &["displayName", "userType"],
    &["name.givenName"],
    PROJECTION_LIST_COMMA_SEPARATED
);
named!(CASE, "attributes", "DISPLAYNAME", &["displayName"], &["userType"], ATTRIBUTE_NOTATION_IGNORES_CASE);

impl Named {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(READS)
    }

    #[track_caller]
    const fn enterprise(&'static self, id: &'static str, title: &'static str) -> Check {
        self.check(id, title).needs(&[
            capability::CREATE_USER,
            capability::READ_USER,
            capability::ENTERPRISE_USER,
        ])
    }
}

impl Procedure for Named {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let about: Vec<&'static str> = self.shown.iter().chain(self.hidden).copied().collect();
        let parts = Parts::of(probe, &about);
        let person = given(probe, &parts, &about)?;
        let reply =
            probe.send(Request::get(person.path()).query(self.parameter, &parts.spelt(self.names)))?;
        if !reply.succeeded() {
            // Who takes no name at all does not refuse this way of writing one.
            plainly(probe, person.path(), self.parameter)?;
        }
        reply.expect(success())?;
        reply.expect(shows(&reply, "", &parts.paths(self.shown), &parts.paths(self.hidden)))
    }
}

fn parameters_are_supported(probe: &mut Probe) -> Outcome {
    let parts = Parts::of(probe, ABOUT);
    let person = given(probe, &parts, ABOUT)?;
    let (shown, hidden) = (parts.path("displayName"), parts.path("userType"));
    for (parameter, name) in [("attributes", shown), ("excludedAttributes", hidden)] {
        let reply = probe.send(Request::get(person.path()).query(parameter, name))?;
        reply.expect(success())?;
        reply.expect(shows(&reply, "", &[shown], &[hidden]))?;
    }
    Ok(())
}

/// The standard calls them exclusive and does not say what follows.
fn both_are_not_ignored(probe: &mut Probe) -> Outcome {
    let parts = Parts::of(probe, ABOUT);
    let person = given(probe, &parts, ABOUT)?;
    let excluded = parts.path("userType");
    // Who refuses either by itself says nothing of the two together.
    plainly(probe, person.path(), "attributes")?;
    plainly(probe, person.path(), "excludedAttributes")?;
    let read = Request::get(person.path()).query("attributes", &parts.spelt("displayName,userType"));
    let reply = probe.send(read.query("excludedAttributes", excluded))?;
    if !reply.succeeded() {
        reply.note(&format!("both parameters together are refused with {}", reply.status()));
        return reply.expect(status_among(&[400]));
    }
    let has = |path: &str| reply.at("").is_some_and(|body| !kept::values(body, path).is_empty());
    let ignored = has(excluded) && has("userName");
    let counts = if has(excluded) { "attributes alone counts" } else { "excludedAttributes counts" };
    reply.note(&format!("of both parameters together {counts}"));
    let places = [excluded, "userName"].map(|path| places::wanted("", path));
    let outcome =
        if ignored { Err(Miss::places(places, format!("{excluded} and userName too"))) } else { Ok(()) };
    reply.expect(holds("what one of the parameters leaves", At::Body, outcome))
}
