//! RFC 7643 §3.1: what a change does to the times of a resource.

use std::time::Duration;

use harness::expect::{equals, holds, success};
use harness::{Check, Given, Outcome, Probe, Procedure, Reply, Stop, capability, minimal_user, sound};
use jiff::Timestamp;
use record::At;
use serde_json::{Value, json};

use crate::kept::{self, Plain, shown};
use crate::patch::{PATCHES, patch};
use crate::requirements::rfc7643;
use crate::times::instant;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("replace.moves-last-modified", &Change(put))
        .title("a PUT that changes something moves meta.lastModified, and leaves meta.created")
        .verifies(UNDER)
        .needs(&[capability::CREATE_USER, capability::READ_USER, capability::REPLACE_USER]),
    Check::active("patch.moves-last-modified", &Change(replaced))
        .title("a PATCH that changes something moves meta.lastModified, and leaves meta.created")
        .verifies(UNDER)
        .needs(PATCHES),
];
const _: () = sound(CHECKS);

const UNDER: &[record::ReqId] = &[rfc7643::LASTMODIFIED_MOVES_ON_CHANGE];
/// How often a server with a coarse clock is waited for, and how long each time: together longer than a second.
const TRIES: usize = 5;
const PAUSE: Duration = Duration::from_millis(300);
/// How long before that, so that a clock of milliseconds needs one try, however fast the server is.
const MOMENT: Duration = Duration::from_millis(10);

/// A way to give an attribute of somebody a text.
struct Change(fn(&Probe, &Given, Plain, &str) -> Result<Reply, Stop>);

fn put(probe: &Probe, user: &Given, plain: Plain, text: &str) -> Result<Reply, Stop> {
    probe.put(user.path(), &plain.within(&user.sent, text))
}

fn replaced(probe: &Probe, user: &Given, plain: Plain, text: &str) -> Result<Reply, Stop> {
    patch(probe, user.path(), &json!([{ "op": "replace", "path": plain.path, "value": text }]))
}

fn time(reply: &Reply, member: &str) -> Option<Timestamp> {
    reply.at(&format!("/meta/{member}")).and_then(Value::as_str).and_then(instant)
}

impl Procedure for Change {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let (user, plain) = kept::with_text(probe, minimal_user())?;
        let before = shown(probe, user.path())?;
        let Some(old) = time(&before, "lastModified") else {
            return Err(Stop::NotSupported("attribute meta.lastModified".to_owned()));
        };
        // Somebody new shows what time it is. A clock that shows the same time still has not moved as far as it can tell.
        probe.pause(MOMENT)?;
        let mut ticked = false;
        for _ in 0..TRIES {
            let now = shown(probe, probe.given(minimal_user())?.path())?;
            ticked = time(&now, "created").is_none_or(|now| now > old);
            if ticked {
                break;
            }
            probe.pause(PAUSE)?;
        }
        (self.0)(probe, &user, plain, "After")?.require(success())?;
        let after = shown(probe, user.path())?;
        if after.at(&plain.pointer()).is_none_or(|text| text != "After") {
            // What is not stored is no change, and the business of other checks.
            after.note("the change was not stored, so that nothing is to be moved");
            return Ok(());
        }
        if let Some(created) = before.at("/meta/created") {
            after.expect(equals("/meta/created", created.clone()))?;
        }
        let moved = time(&after, "lastModified");
        if !ticked && moved == Some(old) {
            return Err(Stop::NotSupported("a clock that tells a change from what was before".to_owned()));
        }
        let outcome = match moved {
            Some(new) if new > old => Ok(()),
            Some(new) => Err(new.to_string()),
            None => Err("nothing there".to_owned()),
        };
        let at = At::Pointer { pointer: "/meta/lastModified".to_owned() };
        after.expect(holds(format!("a time after {old}"), at, outcome))
    }
}
