//! Whether users are what a check takes them for. A target need not have every attribute, may fix its value, and may
//! drop what it is sent: none of that is the fault of what is done next.

use harness::expect::success;
use harness::{Given, Outcome, PREFIX, Probe, Reply, Stop, Template};
use serde_json::{Value, json};

use crate::rich;

/// The check makes no sense unless the target lets clients write these attributes, with whatever values they like.
pub(crate) fn writable(probe: &Probe, paths: &[&str]) -> Outcome {
    let published = &probe.service().published;
    if let Some(path) = paths.iter().find(|path| published.binds(path)) {
        return Err(Stop::NotSupported(format!("free values of {path}")));
    }
    match paths.iter().find(|path| !published.can_be_written(path)) {
        Some(path) => Err(Stop::NotSupported(format!("an attribute {path} that can be written"))),
        None => Ok(()),
    }
}

/// The plainest thing to write: a text of a client's choosing, in an attribute or in a part of one.
#[derive(Clone, Copy)]
pub(crate) struct Plain {
    /// Its path, as PATCH and filters name it.
    pub(crate) path: &'static str,
    /// What those have there who were given anything: a write of it changes nothing.
    pub(crate) usual: &'static str,
}

/// An attribute of plain text, or else the given name; the check makes no sense where neither can be written.
pub(crate) fn plain_text(probe: &Probe) -> Result<Plain, Stop> {
    const CANDIDATES: [(&str, &str); 5] = [
        ("displayName", "Before"),
        ("title", "Before"),
        ("nickName", "Before"),
        ("userType", "Before"),
        ("name.givenName", "Ada"),
    ];
    let found = CANDIDATES.into_iter().find(|(path, _)| writable(probe, &[path]).is_ok());
    let found = found.map(|(path, usual)| Plain { path, usual });
    found.ok_or_else(|| Stop::NotSupported("an attribute of plain text that can be written".to_owned()))
}

impl Plain {
    /// The attribute at the top of a resource that holds it.
    pub(crate) fn top(&self) -> &'static str {
        self.path.split_once('.').map_or(self.path, |(whole, _)| whole)
    }

    /// Where it stands in a body.
    pub(crate) fn pointer(&self) -> String {
        format!("/{}", self.path.replace('.', "/"))
    }

    /// Somebody to be who has a text there.
    pub(crate) fn of(&self, template: Template, text: &str) -> Template {
        match self.path.split_once('.') {
            Some((whole, part)) => template.with(whole, json!({ part: text })),
            None => template.with(self.path, text),
        }
    }

    /// A body with another text there, or with nothing.
    pub(crate) fn within(&self, body: &Value, text: impl Into<Value>) -> Value {
        let text = text.into();
        let Some((whole, part)) = self.path.split_once('.') else {
            return edited(body, json!({ self.path: text }));
        };
        let held = body.get(whole).cloned().unwrap_or_else(|| json!({}));
        edited(body, json!({ whole: edited(&held, json!({ part: text })) }))
    }
}

/// A body with some members exchanged.
pub(crate) fn edited(body: &Value, changes: Value) -> Value {
    let mut body = body.clone();
    if let (Some(body), Value::Object(changes)) = (body.as_object_mut(), changes) {
        body.extend(changes);
    }
    body
}

/// Somebody with the text `Before`, and the attribute that holds it.
pub(crate) fn with_text(probe: &Probe, template: Template) -> Result<(Given, Plain), Stop> {
    let plain = plain_text(probe)?;
    Ok((probe.given(plain.of(template, "Before"))?.keeps(&[plain.top()])?, plain))
}

/// The check makes no sense unless resources can do without these attributes.
pub(crate) fn removable(probe: &Probe, paths: &[&str]) -> Outcome {
    let published = &probe.service().published;
    match paths.iter().find(|path| published.requires(path)) {
        Some(path) => Err(Stop::NotSupported(format!("a resource without {path}"))),
        None => Ok(()),
    }
}

/// A short text that nobody else's values hold, for where a whole name would be too long: the run, and a hash of the rest,
/// which is the same in each run with the same seed.
pub(crate) fn mark(probe: &Probe) -> String {
    let tag = rich::tag(probe);
    let named = tag.strip_prefix(PREFIX).and_then(|own| own.split_once('-'));
    let (run, rest) = named.unwrap_or(("", &tag));
    let hash = rest.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{run}-{hash:016x}")
}

/// An address that nobody else has, by the word that it begins with.
pub(crate) fn address(probe: &Probe, word: &str) -> String {
    probe.service().address(&format!("{word}-{}", mark(probe)))
}

/// What an independent read shows.
pub(crate) fn shown(probe: &Probe, path: &str) -> Result<Reply, Stop> {
    let reply = probe.get(path)?;
    reply.require(success())?;
    Ok(reply)
}

/// What a read shows of somebody, once it is sure that these attributes stand there as they were sent.
pub(crate) fn kept(probe: &Probe, given: &Given, paths: &[&str]) -> Result<Reply, Stop> {
    let stored = shown(probe, given.path())?;
    for path in paths {
        let sent = values(&given.sent, path);
        let shown = stored.at("").map(|body| values(body, path)).unwrap_or_default();
        // Who is not said to be primary is not (RFC 7643 §2.4), and some say so.
        let told = |values: Vec<String>| {
            let not_primary = |value: &String| path.ends_with(".primary") && value == "false";
            values.into_iter().filter(|value| !not_primary(value)).collect::<Vec<_>>()
        };
        let (sent, shown) = (told(sent), told(shown));
        if sent != shown && shown.is_empty() && !probe.service().published.contains(path) {
            return Err(Stop::NotSupported(format!("attribute {path}")));
        }
        if sent != shown {
            return Err(stored.lacking(&otherwise(path, &sent, &shown)));
        }
    }
    Ok(stored)
}

/// That values do not come back as they were sent, in words that go on from the read that shows it.
fn otherwise(path: &str, sent: &[String], shown: &[String]) -> String {
    let [sent, seen] = [sent, shown].map(|values| values.join(", "));
    if sent.is_empty() {
        format!("shows {seen} as {path}, where nothing was sent")
    } else {
        record::not_shown(path, &sent, &seen)
    }
}

/// The values at a path such as `title`, `emails.value` or one behind a URI, as text in order.
pub(crate) fn values(resource: &Value, path: &str) -> Vec<String> {
    let (schema, name) = path.rsplit_once(':').map_or((None, path), |(schema, name)| (Some(schema), name));
    let steps = schema.into_iter().chain(name.split('.'));
    let mut found = vec![resource];
    for step in steps {
        let below = found.into_iter().filter_map(|value| value.get(step));
        found = below
            .flat_map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice))
            .collect();
    }
    let mut values: Vec<String> =
        found.into_iter().filter(|value| !value.is_null()).map(Value::to_string).collect();
    values.sort();
    values
}
