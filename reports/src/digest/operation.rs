//! What a request asks of a server, whoever asks it and with which values.

use std::collections::BTreeMap;
use std::fmt;

use record::Exchange;

/// The parameters that ask for something of a list, the most telling first.
const PARAMETERS: &[(&str, &str)] = &[
    ("filter", "filter=…"),
    ("sortBy", "sortBy=…"),
    ("attributes", "attributes=…"),
    ("excludedAttributes", "excludedAttributes=…"),
    ("cursor", "cursor=…"),
    ("startIndex", "startIndex=…"),
    ("count", "count=…"),
];
/// The headers that make another request of it.
const CONDITIONS: &[&str] = &["if-match", "if-none-match"];

/// A kind of request, such as `GET /Users?filter=…`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Operation {
    method: String,
    path: String,
    parameter: Option<&'static str>,
    condition: Option<&'static str>,
}

impl Operation {
    /// The kind of an exchange's request, where `base` is the target's URL.
    pub(crate) fn of(exchange: &Exchange, base: &str) -> Self {
        let request = &exchange.request;
        let (address, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
        let path = address.strip_prefix(base.trim_end_matches('/')).unwrap_or(address);
        let asks = |name: &str| {
            query
                .split('&')
                .any(|pair| pair.split('=').next().is_some_and(|key| key.eq_ignore_ascii_case(name)))
        };
        let sends =
            |name: &&&str| request.headers.iter().any(|header| header.name.eq_ignore_ascii_case(name));
        Self {
            method: request.method.clone(),
            path: resource_type(path),
            parameter: PARAMETERS.iter().find(|(name, _)| asks(name)).map(|(_, shown)| *shown),
            condition: CONDITIONS.iter().find(sends).copied(),
        }
    }

    /// The same whatever it asks for, and on whatever condition.
    pub(crate) fn bare(&self) -> Self {
        Self { parameter: None, condition: None, ..self.clone() }
    }

    /// Where it goes, relative to the base URL, without what names a single resource: `Users`.
    pub(crate) fn endpoint(&self) -> &str {
        self.path.trim_start_matches('/').split("/{id}").next().unwrap_or_default()
    }
}

/// The path with ids left open: `/Users/{id}`.
fn resource_type(path: &str) -> String {
    let mut segments = path.trim_matches('/').split('/');
    let first = segments.next().unwrap_or_default();
    match segments.next() {
        None => format!("/{first}"),
        // Names, where others stand behind what only this run knows.
        Some(second) if second.starts_with('.') || matches!(first, "Schemas" | "ResourceTypes") => {
            format!("/{first}/{second}")
        }
        Some(_) => format!("/{first}/{{id}}"),
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        if let Some(parameter) = self.parameter {
            write!(f, "?{parameter}")?;
        }
        match self.condition {
            Some(condition) => write!(f, " with {condition}"),
            None => Ok(()),
        }
    }
}

/// How the requests of one kind went.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    /// How many were answered how; 0 stands for no answer.
    statuses: BTreeMap<u16, usize>,
}

impl Record {
    pub(crate) fn add(&mut self, exchange: &Exchange) {
        let status = exchange.response.as_ref().map_or(0, |response| response.status);
        *self.statuses.entry(status).or_default() += 1;
    }

    /// Whether not a single one was answered with success.
    pub(crate) fn never_worked(&self) -> bool {
        self.statuses.keys().all(|status| !(200..400).contains(status))
    }

    /// What came instead, such as `12 × 403, 1 × no answer`.
    pub(crate) fn told(&self) -> String {
        let each = self.statuses.iter().map(|(status, count)| match status {
            0 => format!("{count} × no answer"),
            status => format!("{count} × {status}"),
        });
        each.collect::<Vec<_>>().join(", ")
    }
}
