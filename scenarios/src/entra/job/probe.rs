//! The connection test.

use client::{Client, Request};

use super::failure::{Aim, Failure};
use super::row::Row;
use super::source::Source;
use super::state::State;
use super::wire::Wire;
use crate::entra::{ObjectKind, Writer};

/// What a connection test came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Whether the configuration can be saved.
    pub authorized: bool,
    /// What the administrator is told.
    pub message: String,
    /// The exchanges that it took.
    pub exchanges: Vec<u32>,
}

/// What the administrator is told when all is well (D).
pub(crate) const AUTHORIZED: &str = "The supplied credentials are authorized to enable provisioning.";

/// Searches for somebody who does not exist, and says whether somebody was found all the same.
pub(super) async fn test(
    wire: &mut Wire<'_>,
    source: &dyn Source,
    state: &mut State,
    row: &mut Row,
) -> Result<bool, Failure> {
    state.probes = state.probes.saturating_add(1);
    let guid = guid(wire.client, state.probes);
    let first =
        |kind, other: &str| source.matching(kind).into_iter().next().unwrap_or_else(|| other.to_owned());
    let (user, group) = (first(ObjectKind::User, "userName"), first(ObjectKind::Group, "displayName"));
    let probes: Vec<Request> = Writer::new(wire.settings).probes(&user, &group, &guid);
    let mut is_found = false;
    for probe in probes {
        is_found |= !wire.found(&probe, Aim::Probe, row).await?.is_empty();
    }
    Ok(is_found)
}

/// The GUID of a connection test: it follows from the target and the number of the test, so that a run can be repeated.
fn guid(client: &Client, number: u64) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("scimproof entra connection test 1");
    hasher.update(client.target().base().as_bytes());
    hasher.update(&number.to_le_bytes());
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// What the administrator is told, with the likeliest cause where the address gives it away.
pub(super) fn outcome(client: &Client, outcome: Result<bool, Failure>, exchanges: Vec<u32>) -> Connection {
    match outcome {
        Ok(false) => Connection { authorized: true, message: AUTHORIZED.to_owned(), exchanges },
        Ok(true) => {
            let message = format!(
                "{AUTHORIZED} But a search for somebody who does not exist found somebody: the server does not heed the filter."
            );
            Connection { authorized: true, message, exchanges }
        }
        Err(failure) => {
            let hint = hint(client.target().base(), &failure);
            let message = format!(
                "You appear to have entered invalid credentials. Please confirm you are using the correct information \
                 for an administrative account. Error code: {}. Details: {}{hint}",
                failure.code, failure.reason
            );
            Connection { authorized: false, message, exchanges }
        }
    }
}

fn hint(base: &str, failure: &Failure) -> &'static str {
    let last = base.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    if last.contains("scim11") || last == "v1" || last == "v1.1" {
        " Hint: the tenant URL looks like that of a SCIM 1.1 endpoint; this client speaks SCIM 2.0."
    } else if failure.reason.contains("urn:scim:schemas:core:1.0") {
        " Hint: the answer is SCIM 1.1; this client speaks SCIM 2.0."
    } else if failure.code == super::failure::INCOMPATIBLE {
        " Hint: the tenant URL has to be the base under which /Users lies."
    } else {
        ""
    }
}
