use record::At;

use super::{Expectation, Miss, View};

/// Exactly this status code.
#[must_use]
pub fn status(code: u16) -> Expectation {
    status_among(&[code])
}

/// One of these status codes.
#[must_use]
pub fn status_among(codes: &[u16]) -> Expectation {
    let codes = codes.to_vec();
    let words = codes.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ");
    Expectation::new(words, At::Status, move |view| {
        if codes.contains(&view.answer.status) { Ok(()) } else { Err(seen(view)) }
    })
}

/// Any status of the 2xx class.
#[must_use]
pub fn success() -> Expectation {
    Expectation::new("a status of the 2xx class", At::Status, |view| {
        if (200..300).contains(&view.answer.status) { Ok(()) } else { Err(seen(view)) }
    })
}

fn seen(view: &View<'_>) -> Miss {
    let detail = view.json.and_then(|body| body.get("detail")).and_then(|detail| detail.as_str());
    match detail {
        Some(detail) if !detail.trim().is_empty() => Miss::from(format!("{} ({detail})", view.answer.status)),
        _ => Miss::from(view.answer.status.to_string()),
    }
}
