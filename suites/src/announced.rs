//! Media types, as requests ask for them and answers announce them.

use client::Seen;
use harness::Reply;

/// Whether a request names a media type among those that it takes.
pub(crate) fn asks_for(seen: &Seen<'_>, media_type: &str) -> bool {
    let accepts = seen.request.headers().iter().filter(|(name, _)| name == "accept");
    accepts.flat_map(|(_, value)| value.split(',')).any(|range| is(range, media_type))
}

/// Whether the body of an answer is announced as this.
pub(crate) fn announces(reply: &Reply, media_type: &str) -> bool {
    reply.header("content-type").is_some_and(|announced| is(announced, media_type))
}

/// Whether a text is a media type, in any letter case and with whatever parameters (RFC 9110 §8.3.1).
pub(crate) fn is(text: &str, media_type: &str) -> bool {
    text.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(media_type))
}
