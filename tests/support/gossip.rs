//! A target that tells whoever asks what it was told.

use serde_json::{Value, json};

use super::{Confidences, Message, Seen};

/// A JSON text with every letter of every string escaped.
fn escaped(value: &Value) -> String {
    match value {
        Value::String(text) => {
            let units: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            format!("\"{units}\"")
        }
        Value::Array(items) => format!("[{}]", items.iter().map(escaped).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let members = members.iter().map(|(name, member)| {
                format!("{}:{}", escaped(&Value::from(name.as_str())), escaped(member))
            });
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

/// Repeats everything in headers, error texts and bodies, in a way that changes from answer to answer.
pub(crate) fn repeat(confidences: &Confidences, seen: &Seen, mut answer: Message) -> Message {
    confidences.hear(&seen.request);
    let gossip = confidences.gossip();
    for name in ["x-debug", "set-cookie", "content-location", "warning"] {
        answer.add(name, &gossip);
    }
    answer.add("www-authenticate", &format!("Bearer realm=\"{gossip}\""));
    if let Value::Object(mut body) = answer.json() {
        body.insert("detail".to_owned(), json!(format!("you said {gossip}")));
        body.insert("password".to_owned(), json!(gossip));
        body.insert(gossip.clone(), json!([{ "deep": { "down": gossip } }]));
        let body = Value::Object(body);
        answer.body =
            if seen.number.is_multiple_of(3) { escaped(&body) } else { body.to_string() }.into_bytes();
    }
    if seen.number.is_multiple_of(7) {
        let stack = format!("Traceback: password={gossip} \"password\": \"{gossip}\" <b>{gossip}</b>");
        return Message::response(500, "text/html", stack);
    }
    answer
}
