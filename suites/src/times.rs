//! RFC 7643 §2.3.5 and §3.1: when a resource was created and changed.

use harness::expect::{pointer_that, success, text};
use harness::{Check, Outcome, Probe, Stop, capability, minimal_user, sound};
use jiff::civil::DateTime;
use jiff::{Timestamp, tz::Offset};
use serde_json::Value;

use crate::requirements::rfc7643;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("read.times-are-date-times", &times_are_date_times)
        .title("meta.created and meta.lastModified are xsd:dateTime strings")
        .verifies(&[
            rfc7643::DATETIME_IS_XSD_DATETIME,
            rfc7643::JSON_DATETIME_IS_STRING,
            rfc7643::DATETIME_HAS_DATE_AND_TIME,
            rfc7643::META_CREATED_IS_DATETIME,
        ])
        .needs(READS),
    Check::active("read.starts-unmodified", &starts_unmodified)
        .title("a new resource's lastModified equals its created")
        .verifies(&[rfc7643::LASTMODIFIED_STARTS_AS_CREATED])
        .needs(READS),
];
const _: () = sound(CHECKS);

const READS: &[harness::Capability] = &[capability::CREATE_USER, capability::READ_USER];

fn times_are_date_times(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let reply = probe.get(user.path())?;
    reply.require(success())?;
    for (pointer, created) in [("/meta/created", true), ("/meta/lastModified", false)] {
        if reply.at(pointer).is_none() {
            reply.note(&format!("{pointer} is not given"));
            continue;
        }
        reply.expect(text(pointer).under(rfc7643::JSON_DATETIME_IS_STRING))?;
        let has_both = pointer_that(pointer, "a date and a time", |value| {
            value.as_str().is_some_and(|text| text.contains('T'))
        });
        reply.expect(has_both.under(rfc7643::DATETIME_HAS_DATE_AND_TIME))?;
        let is_one =
            pointer_that(pointer, "an xsd:dateTime", |value| value.as_str().is_some_and(is_date_time));
        let is_one = if created { is_one.under(rfc7643::META_CREATED_IS_DATETIME) } else { is_one };
        reply.expect(is_one)?;
        if reply.at(pointer).and_then(Value::as_str).is_some_and(|text| text.parse::<Timestamp>().is_err()) {
            reply.note(&format!(
                "{pointer} has no zone, as xsd:dateTime allows: nobody else can tell the moment"
            ));
        }
    }
    Ok(())
}

/// The lexical form of xsd:dateTime: `yyyy-mm-ddThh:mm:ss`, then a fraction and an offset, both optional.
fn is_date_time(text: &str) -> bool {
    let shaped = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(seen, wanted)| match wanted {
                b'0' => seen.is_ascii_digit(),
                other => seen == other,
            })
    };
    let Some((main, rest)) = text.split_at_checked(19) else { return false };
    let rest = match rest.strip_prefix('.') {
        None => rest,
        Some(fraction) => {
            let offset = fraction.trim_start_matches(|digit: char| digit.is_ascii_digit());
            if offset.len() == fraction.len() {
                return false;
            }
            offset
        }
    };
    let offset = rest.is_empty() || rest == "Z" || shaped(rest, "+00:00") || shaped(rest, "-00:00");
    // The form alone would let a thirteenth month pass.
    let exists = text.parse::<Timestamp>().is_ok() || (rest.is_empty() && text.parse::<DateTime>().is_ok());
    shaped(main, "0000-00-00T00:00:00") && offset && exists
}

fn starts_unmodified(probe: &mut Probe) -> Outcome {
    let user = probe.given(minimal_user())?;
    let reply = probe.get(user.path())?;
    reply.require(success())?;
    let Some(created) = reply.at("/meta/created").cloned() else {
        reply.note("meta.created is not given");
        return Ok(());
    };
    reply.expect(pointer_that("/meta/lastModified", format!("the instant of {created}"), move |modified| {
        match (modified.as_str().and_then(instant), created.as_str().and_then(instant)) {
            (Some(modified), Some(created)) => modified == created,
            _ => *modified == created,
        }
    }))
}

/// The moment that a time of a resource tells. Where it has no zone it is taken for UTC, which is enough to compare what one
/// server tells.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let local = || {
        let time = text.parse::<DateTime>().ok().filter(|_| is_date_time(text))?;
        Offset::UTC.to_timestamp(time).ok()
    };
    text.parse().ok().or_else(local)
}

/// Why nothing can be asked about a time of a resource.
pub(crate) fn untold(path: &str, shown: Option<&Value>) -> Stop {
    let is_local = shown.and_then(Value::as_str).is_some_and(|text| instant(text).is_some());
    Stop::NotSupported(if is_local { "times with a zone".to_owned() } else { format!("attribute {path}") })
}
