//! What TOML cannot say of a target file: that its parts fit together, and that no secret stands in it.

use crate::near::hint;
use crate::place::Place;
use crate::sound::{Complaint, TYPES};
use crate::target::TargetFile;
use crate::target::secret::{HeaderText, INSTEAD};

/// How long a request may be allowed at most, in seconds.
pub const TIMEOUT_S_MAX: u64 = 600;
/// How far reads may be said to lag at most, in seconds.
pub const LAG_S_MAX: u64 = 60;
/// How many requests a second there may be: one in a quarter of an hour at least, or nothing would ever end.
pub const RATES: std::ops::RangeInclusive<f64> = 0.001..=1_000_000.0;

/// Headers that every request has for reasons of its own, some of which checks are about.
const OURS: [&str; 11] = [
    "accept",
    "connection",
    "content-length",
    "content-type",
    "host",
    "if-match",
    "if-none-match",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// What is in the names of headers that carry secrets.
const SECRET_WORDS: [&str; 9] =
    ["apikey", "auth", "cookie", "credential", "key", "passw", "secret", "session", "token"];

/// The first thing that is wrong with a target file.
pub(super) fn complaint(file: &TargetFile) -> Option<Complaint> {
    crate::domain::complaint(file.domain.as_deref())
        .or_else(|| numbers(file))
        .or_else(|| auth(file))
        .or_else(|| pairs(file))
        .or_else(|| headers(file))
        .or_else(|| samples(file))
}

fn numbers(file: &TargetFile) -> Option<Complaint> {
    let complain = |key, message: String, hint: String| Complaint::new(Place::value(&[key]), message, hint);
    if let Some(seconds) = file.timeout_s.filter(|seconds| !(1..=TIMEOUT_S_MAX).contains(seconds)) {
        let hint = format!("from 1 to {TIMEOUT_S_MAX} seconds");
        return Some(complain("timeout_s", format!("{seconds} seconds for a request"), hint));
    }
    if let Some(rate) = file.limits.requests_per_second.filter(|rate| !RATES.contains(rate)) {
        let at = Place::value(&["limits", "requests_per_second"]);
        let hint = format!("from {} to {}", RATES.start(), RATES.end());
        return Some(Complaint::new(at, format!("{rate} requests a second"), hint));
    }
    let seconds = file.lag_s.filter(|seconds| *seconds > LAG_S_MAX)?;
    Some(complain(
        "lag_s",
        format!("reads that lag {seconds} seconds"),
        format!("from 0 to {LAG_S_MAX} seconds"),
    ))
}

fn auth(file: &TargetFile) -> Option<Complaint> {
    let auth = file.auth.as_ref()?;
    let ways = [auth.bearer.is_some(), auth.basic.is_some(), auth.oauth2.is_some()];
    let ways = ways.into_iter().filter(|way| *way).count();
    if ways != 1 {
        let hint = "give just one of [auth.bearer], [auth.basic] and [auth.oauth2]";
        return Some(Complaint::new(Place::key(&["auth"]), format!("{ways} ways to be let in"), hint));
    }
    let user = auth.basic.as_ref().map(|basic| &basic.user);
    let at = Place::value(&["auth", "basic", "user"]);
    user.filter(|user| user.contains(':')).map(|_| unusable_user(at))
}

/// The colon ends the name where the two are put together (RFC 7617 §2).
fn unusable_user(at: Place) -> Complaint {
    Complaint::new(at, "a user name with a colon", "Basic authentication cannot tell it from the password")
}

/// What says nothing alone.
fn pairs(file: &TargetFile) -> Option<Complaint> {
    let lone = |keys: [&str; 2], other: &str| {
        let message = format!("`{}` without `{other}`", keys[1]);
        Some(Complaint::new(Place::key(&keys), message, format!("add `{other}`, or leave both out")))
    };
    match (&file.tls.certificate, &file.tls.key) {
        (Some(_), None) => return lone(["tls", "certificate"], "key"),
        (None, Some(_)) => return lone(["tls", "key"], "certificate"),
        _ => {}
    }
    let proxy = file.proxy.as_ref()?;
    match (&proxy.user, &proxy.password) {
        (Some(user), Some(_)) if user.contains(':') => Some(unusable_user(Place::value(&["proxy", "user"]))),
        (Some(_), None) => lone(["proxy", "user"], "password"),
        (None, Some(_)) => lone(["proxy", "password"], "user"),
        _ => None,
    }
}

fn headers(file: &TargetFile) -> Option<Complaint> {
    file.headers.iter().find_map(|(name, text)| {
        let (message, hint) = header_complaint(name, matches!(text, HeaderText::Secret(_)))?;
        Some(Complaint::new(Place::key(&["headers", name]), message, hint))
    })
}

fn samples(file: &TargetFile) -> Option<Complaint> {
    let name = file.samples.keys().find(|name| !TYPES.contains(&name.as_str()))?;
    let hint = hint(name, TYPES, "samples are of User and Group");
    Some(Complaint::new(Place::key(&["samples", name]), format!("there is no resource type `{name}`"), hint))
}

/// What is wrong with a header that every request is to have, by its name and whether it comes from where secrets come from;
/// and what to do.
#[must_use]
pub fn header_complaint(name: &str, is_secret: bool) -> Option<(String, String)> {
    let lower = name.to_ascii_lowercase();
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(token) {
        return Some((format!("{name:?} cannot name a header"), "letters, digits and hyphens".to_owned()));
    }
    let message = || format!("the header {name} is not to be set here");
    if lower == "authorization" {
        return Some((
            message(),
            "say in [auth] of a target file what the run shows to be let in".to_owned(),
        ));
    }
    if lower == "proxy-authorization" {
        return Some((message(), "say in [proxy] of a target file what the proxy wants to see".to_owned()));
    }
    if OURS.contains(&lower.as_str()) {
        return Some((message(), "leave it out: every request has its own for a reason".to_owned()));
    }
    let sounds_secret = SECRET_WORDS.iter().any(|word| lower.replace(['-', '_'], "").contains(word));
    (sounds_secret && !is_secret)
        .then(|| (format!("the header {name} sounds as if it held a secret"), INSTEAD.to_owned()))
}
