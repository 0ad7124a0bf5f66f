/// A moment as SCIM writes it: UTC, three decimals, `Z`. Moments that the calendar cannot hold are drawn to
/// its nearest end.
///
/// ```
/// assert_eq!(engine::timestamp(1_767_323_045_006), "2026-01-02T03:04:05.006Z");
/// ```
#[must_use]
pub fn timestamp(unix_ms: i64) -> String {
    let moment = jiff::Timestamp::from_millisecond(unix_ms).unwrap_or(if unix_ms < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    });
    format!("{moment:.3}")
}

/// Whether a text is an `xsd:dateTime` with both a date and a time, RFC 7643 §2.3.5. The offset may be
/// missing.
#[must_use]
pub fn is_date_time(text: &str) -> bool {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00";
    let shaped = text.len() >= SHAPE.len()
        && text.bytes().zip(SHAPE).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            _ => byte == *shape,
        });
    let ending = text.get(SHAPE.len()..).unwrap_or_default();
    let zoned = ending.contains(['Z', '+', '-']);
    shaped
        && ending.bytes().all(|byte| byte.is_ascii_digit() || b".Z+-:".contains(&byte))
        && if zoned {
            text.parse::<jiff::Timestamp>().is_ok()
        } else {
            text.parse::<jiff::civil::DateTime>().is_ok()
        }
}

/// The instant that an `xsd:dateTime` names; without an offset it is taken for UTC.
pub(crate) fn instant(text: &str) -> Option<jiff::Timestamp> {
    if !is_date_time(text) {
        return None;
    }
    text.parse().ok().or_else(|| {
        let local: jiff::civil::DateTime = text.parse().ok()?;
        local.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    })
}
