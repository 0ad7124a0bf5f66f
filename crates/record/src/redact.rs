use std::sync::{Arc, RwLock};

use crate::secret::Secret;

/// What stands where a secret was.
pub const REDACTED: &str = "<redacted>";

/// Shorter secrets would make ordinary text unreadable; they are still never written where they are known to
/// stand (headers, password values).
const SHORTEST_SCRUBBED_BYTES: usize = 4;

/// The one gate through which text enters the run log. It knows the run's secrets and takes them out, in the
/// forms in which they can come back: plain, escaped as JSON, percent-encoded, as form data, escaped as HTML.
///
/// ```
/// use record::{Redactor, Secret};
///
/// let redactor = Redactor::default();
/// redactor.learn(&Secret::new("tok/en 1".to_owned()));
/// assert_eq!(redactor.scrub("saw tok/en 1 and tok%2Fen%201"), "saw <redacted> and <redacted>");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    forms: Arc<RwLock<Vec<Form>>>,
}

#[derive(Debug)]
struct Form(Secret);

impl Redactor {
    /// Adds a secret to those that are taken out from now on.
    pub fn learn(&self, secret: &Secret) {
        let text = secret.expose();
        if text.len() < SHORTEST_SCRUBBED_BYTES {
            return;
        }
        let percent = percent_encoded(text);
        let json = json_escaped(text);
        let forms = [
            text.to_owned(),
            json.replace('/', "\\/"),
            ascii_escaped(&json),
            json,
            percent.replace("%20", "+"),
            lower_escapes(&percent),
            percent,
            html_escaped(text),
        ];
        let Ok(mut known) = self.forms.write() else { return };
        for form in forms {
            if !known.iter().any(|Form(known)| known.expose() == form) {
                known.push(Form(Secret::new(form)));
            }
        }
        // Longest first, so that a secret that contains another one disappears whole.
        known.sort_by_key(|Form(secret)| std::cmp::Reverse(secret.expose().len()));
    }

    /// The text without any known secret.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        let Ok(known) = self.forms.read() else { return REDACTED.to_owned() };
        let mut clean = text.to_owned();
        for Form(secret) in known.iter() {
            if clean.contains(secret.expose()) {
                clean = clean.replace(secret.expose(), REDACTED);
            }
        }
        clean
    }
}

/// As in a JSON text, less the quotes around it.
fn json_escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or(&quoted).to_owned()
}

/// JSON in ASCII alone, as many libraries write it.
fn ascii_escaped(json: &str) -> String {
    use std::fmt::Write as _;
    json.encode_utf16().fold(String::new(), |mut out, unit| {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
        out
    })
}

fn html_escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// `%2f` for `%2F`: both are in use.
fn lower_escapes(percent: &str) -> String {
    let mut pieces = percent.split('%');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |mut out, piece| {
        let (escape, rest) = piece.split_at_checked(2).unwrap_or((piece, ""));
        out.push('%');
        out.push_str(&escape.to_ascii_lowercase());
        out.push_str(rest);
        out
    })
}

fn percent_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}
