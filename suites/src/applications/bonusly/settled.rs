//! Values that the application brings into a form of its own, or only keeps: what is sent, and what is shown of it.

use harness::{Probe, Stop};
use serde_json::{Value, json};

use super::{EXTENSION, locales, pointer};

/// Attributes of a request.
pub(super) type Sent = Vec<(&'static str, Value)>;
/// Pointers into a user, with the value there.
pub(super) type Shown = Vec<(String, Value)>;

/// What a request sends, and what every answer shows then.
pub(super) type Settled = fn(&Probe) -> Result<(Sent, Shown), Stop>;

/// Given and family name.
pub(super) fn names(_: &Probe) -> Result<(Sent, Shown), Stop> {
    let sent = ("name", json!({ "givenName": "Zoë", "familyName": "O’Neill-Åström" }));
    let shown = [("/name/givenName", "Zoë"), ("/name/familyName", "O’Neill-Åström")];
    Ok((vec![sent], shown.map(|(pointer, name)| (pointer.to_owned(), json!(name))).into()))
}

/// The country of the work address.
pub(super) fn country(_: &Probe) -> Result<(Sent, Shown), Stop> {
    let sent = ("addresses", json!([{ "type": "work", "country": "Norway" }]));
    Ok((vec![sent], vec![("/addresses/0/country".to_owned(), json!("NO"))]))
}

/// A language tag with a region.
pub(super) fn locale(probe: &Probe) -> Result<(Sent, Shown), Stop> {
    let (sent, kept) = locales(probe)?.swap_remove(0);
    Ok((vec![("locale", json!(sent))], vec![("/locale".to_owned(), json!(kept))]))
}

/// An instant in the place of a date.
pub(super) fn hired_on(_: &Probe) -> Result<(Sent, Shown), Stop> {
    let sent = (EXTENSION, json!({ "hiredOn": "2026-02-28T09:30:00Z" }));
    Ok((vec![sent], vec![(pointer("hiredOn"), json!("2026-02-28"))]))
}

/// How the user takes part.
pub(super) fn user_mode(_: &Probe) -> Result<(Sent, Shown), Stop> {
    Ok((vec![(EXTENSION, json!({ "userMode": "receiver" }))], vec![(pointer("userMode"), json!("receiver"))]))
}
