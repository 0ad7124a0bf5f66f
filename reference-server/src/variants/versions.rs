//! Versions of other kinds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::HeaderName;
use http::header::{ETAG, HeaderValue, IF_MATCH, IF_NONE_MATCH};

use super::Variant;
use crate::ask::Ask;
use crate::faults::edit::{each_resource, reword, reword_header};
use crate::faults::{Answering, Bend, Gate, Next};

pub(super) const VARIANTS: &[Variant] = &[Variant::new(
    "versions-change-with-every-read",
    "each answer gives another version, and every one since the last change meets a condition",
    "RFC 9110 §8.8.1: a weak validator may change although nothing that matters has",
    &[Bend::Gate(|| Arc::new(Restless::default()))],
)];

/// Adds the number of the answer to each version.
#[derive(Default)]
struct Restless(AtomicU64);

impl Gate for Restless {
    fn pass(&self, mut ask: Ask, next: Next) -> Answering {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        for name in [IF_MATCH, IF_NONE_MATCH] {
            settle(&mut ask, &name);
        }
        Box::pin(async move {
            let mut reply = next.call(ask.clone()).await;
            let restless = |tag: &str| match tag.strip_suffix('"') {
                Some(open) => format!("{open}.{number}\""),
                None => tag.to_owned(),
            };
            reword_header(&mut reply, ETAG, restless);
            each_resource(&ask, &mut reply, |resource| reword(resource, "/meta/version", restless));
            reply
        })
    }
}

/// Takes the numbers of answers out of a condition.
fn settle(ask: &mut Ask, name: &HeaderName) {
    let given = ask.headers.get(name).and_then(|value| value.to_str().ok());
    let settled =
        given.map(|tags| tags.split(',').map(|tag| bare(tag.trim())).collect::<Vec<_>>().join(", "));
    if let Some(Ok(settled)) = settled.map(HeaderValue::try_from) {
        ask.headers.insert(name, settled);
    }
}

fn bare(tag: &str) -> String {
    let open = tag.strip_suffix('"').and_then(|open| open.rsplit_once('.'));
    match open {
        Some((tag, number)) if number.chars().all(|digit| digit.is_ascii_digit()) => format!("{tag}\""),
        _ => tag.to_owned(),
    }
}
