use crate::reject::Reject;
use crate::rules::Limits;

/// Which part of a list is asked for, RFC 7644 §3.4.2.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The position of the first resource, counting from 1.
    pub start_index: u64,
    /// How many resources at most; 0 asks for the total alone.
    pub count: u64,
}

impl PageRequest {
    /// Reads `startIndex` and `count`. Below 1 the start is 1; a negative count is 0; the count is capped.
    ///
    /// # Errors
    /// 400 invalidValue for text that is no whole number, and for a start that the answer could not repeat as it is.
    pub fn parse(start_index: Option<&str>, count: Option<&str>, limits: &Limits) -> Result<Self, Reject> {
        let start_index = whole("startIndex", start_index)?.unwrap_or(1).max(1);
        if start_index > EXACT_MAX {
            return Err(Reject::value("startIndex", "is beyond the end of any list; send a smaller number"));
        }
        let count = whole("count", count)?.unwrap_or(limits.page_default).min(limits.page_max);
        Ok(Self { start_index, count })
    }
}

/// The largest number that every reader of JSON keeps apart from its neighbours, RFC 8259 §6.
const EXACT_MAX: u64 = (1 << 53) - 1;

/// A whole number, drawn to the range of u64: numbers too small or too large to matter are still numbers.
fn whole(name: &str, text: Option<&str>) -> Result<Option<u64>, Reject> {
    let Some(text) = text else { return Ok(None) };
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Reject::value(name, "is not a whole number; send digits"));
    }
    Ok(Some(if text.starts_with('-') { 0 } else { digits.parse().unwrap_or(u64::MAX) }))
}
