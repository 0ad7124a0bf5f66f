//! Whether users are what a check takes them for. A target need not have every attribute, may fix its value, and may
//! drop what it is sent: none of that is the fault of what is done next.

use harness::expect::{pointer_that, success};
use harness::{Given, Outcome, Probe, Reply, Stop, Template};
use serde_json::Value;

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

/// An attribute that holds plain text of a client's choosing; the check makes no sense without one.
pub(crate) fn plain_text(probe: &Probe) -> Result<&'static str, Stop> {
    const CANDIDATES: [&str; 4] = ["displayName", "title", "nickName", "userType"];
    let mut candidates = CANDIDATES.into_iter();
    let found = candidates.find(|name| writable(probe, &[name]).is_ok());
    found.ok_or_else(|| Stop::NotSupported("an attribute of plain text that can be written".to_owned()))
}

/// Somebody with the text `Before`, and the attribute that holds it.
pub(crate) fn with_text(probe: &Probe, template: Template) -> Result<(Given, &'static str), Stop> {
    let attribute = plain_text(probe)?;
    Ok((probe.given(template.with(attribute, "Before"))?.keeps(&[attribute])?, attribute))
}

/// The check makes no sense unless resources can do without these attributes.
pub(crate) fn removable(probe: &Probe, paths: &[&str]) -> Outcome {
    let published = &probe.service().published;
    match paths.iter().find(|path| published.requires(path)) {
        Some(path) => Err(Stop::NotSupported(format!("a resource without {path}"))),
        None => Ok(()),
    }
}

/// What a read shows of somebody, once it is sure that these attributes stand there as they were sent.
pub(crate) fn kept(probe: &Probe, given: &Given, paths: &[&str]) -> Result<Reply, Stop> {
    let stored = probe.get(given.path())?;
    stored.require(success())?;
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
        let words = format!("{path} as it was sent: {sent:?}");
        let same = sent == shown;
        stored.require(pointer_that("", words, move |_| same))?;
    }
    Ok(stored)
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
