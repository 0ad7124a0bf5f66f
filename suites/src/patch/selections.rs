//! RFC 7644 §3.5.2: what a filter in a path may be made of, beside `eq`, `ew` and `and`.

use harness::expect::{equals, status_among, success};
use harness::{Check, Outcome, Probe, Procedure, sound};
use serde_json::json;

use super::{PATCHES, addresses, given, patch, twins};
use crate::parts::Parts;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    OR.check("patch.selects-by-or", "remove by a filter with or takes what either side selects"),
    NOT.check("patch.selects-by-not", "remove by a filter with not takes what its group does not select"),
    NE.check("patch.selects-by-ne", "remove by a filter with ne takes the values that differ"),
    SW.check("patch.selects-by-sw", "remove by a filter with sw takes the values that begin with the text"),
    PR.check("patch.selects-by-pr", "remove by a filter with pr takes the values that have the attribute"),
];
const _: () = sound(CHECKS);

/// A path that selects the one of two addresses which is at home.
struct Selection {
    path: &'static str,
}

const OR: &Selection = &Selection { path: r#"emails[type eq "none" or type eq "home"]"# };
const NOT: &Selection = &Selection { path: r#"emails[not (type eq "work")]"# };
const NE: &Selection = &Selection { path: r#"emails[type ne "work"]"# };
const SW: &Selection = &Selection { path: r#"emails[value sw "home-"]"# };
const PR: &Selection = &Selection { path: r#"emails[type eq "home" and value pr]"# };

const ABOUT: &[&str] = &["emails.value", "emails.type"];

impl Selection {
    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(&[rfc7644::FILTERED_REMOVE_ONLY_MATCHES]).needs(PATCHES)
    }
}

impl Procedure for Selection {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let parts = Parts::of(probe, ABOUT);
        let (person, before) = given(probe, &parts, ABOUT)?;
        let operations = json!([{ "op": "remove", "path": self.path }]);
        let reply = patch(probe, person.path(), &operations)?;
        if !reply.succeeded() {
            twins::rest_is_taken(probe, &person, &operations)?;
        }
        reply.expect(status_among(&[200, 204]))?;
        let stored = probe.get(person.path())?;
        stored.require(success())?;
        stored.expect(addresses(&parts, &["work"]))?;
        // Whatever else was done, what nobody named is as it was.
        stored.expect(equals("/userName", before.at("/userName").cloned().unwrap_or_default()))
    }
}
