//! Waivers files: failures of a target that are known, and until when they excuse it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};
use toml::value::Datetime;

use crate::error::ProfileError;
use crate::near::hint;
use crate::place::Place;
use crate::sound::Complaint;

/// Where it is described what belongs into such a file.
const SCHEMA: &str = "docs/waivers.schema.json";
/// Where a place in an exchange is written.
const WHERE: &str = "where";

/// The failures that somebody knows of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waivers {
    /// One for each failure that is known.
    #[serde(default)]
    pub waiver: Vec<Waiver>,
}

/// A failure that is known: a check's, or every one of a requirement at a place. What it does not name it does not ask for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The id of the check, such as `delete.answers-204`.
    #[serde(default)]
    pub check: Option<String>,
    /// The id of the requirement that is broken, such as `RFC7644-3.6-R6`.
    #[serde(default)]
    pub requirement: Option<String>,
    /// Where in the exchange, as reports have it: `status`, `body`, `header etag`, or a JSON pointer, in which `*` stands for
    /// any position in a list.
    #[serde(default, rename = "where")]
    pub place: Option<String>,
    /// Why it is let pass, for whoever reads the report.
    pub reason: String,
    /// Who decided so.
    #[serde(default)]
    pub by: Option<String>,
    /// The last day on which it excuses anything.
    pub expires: Day,
}

impl Waiver {
    /// What it is about in a line, such as `delete.answers-204 RFC7644-3.6-R6 status`.
    #[must_use]
    pub fn what(&self) -> String {
        let named = [&self.check, &self.requirement, &self.place];
        named.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Whether it is about a finding of this check under this requirement at one of these spellings of its place.
    #[must_use]
    pub fn is_about(&self, check: &str, requirement: &str, places: [&str; 2]) -> bool {
        self.check.as_deref().is_none_or(|wanted| wanted == check)
            && self.requirement.as_deref().is_none_or(|wanted| wanted == requirement)
            && self.place.as_deref().is_none_or(|wanted| places.contains(&wanted))
    }
}

/// A day of the calendar, as `2027-01-31`. Their order is that of time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(transparent)]
pub struct Day(#[schemars(extend("format" = "date"))] String);

impl Day {
    /// A day by its numbers; none where there is no such month or day.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let is_day = (1..=12).contains(&month) && (1..=31).contains(&day);
        is_day.then(|| Self(format!("{year:04}-{month:02}-{day:02}")))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Datetime::deserialize(deserializer)?;
        let day = read.date.filter(|_| read.time.is_none() && read.offset.is_none());
        day.and_then(|day| Self::new(day.year, day.month, day.day)).ok_or_else(|| {
            serde::de::Error::custom("invalid value: a time, expected a day such as 2027-01-31")
        })
    }
}

/// What waivers can be about.
#[derive(Clone, Copy, Debug)]
pub struct Waivable<'a> {
    /// The ids of the checks.
    pub checks: &'a [&'a str],
    /// The ids of the requirements.
    pub requirements: &'a [&'a str],
}

impl Waivers {
    /// Reads a waivers file; `file_name` stands in messages.
    ///
    /// # Errors
    /// When the text is no TOML, lacks something, holds something unknown, or names a check or a requirement that there is
    /// not. The message opens with `file:line:column`.
    pub fn parse(text: &str, file_name: &str, waivable: Waivable<'_>) -> Result<Self, ProfileError> {
        let waivers: Self =
            toml::from_str(text).map_err(|cause| ProfileError::malformed(text, file_name, &cause, SCHEMA))?;
        let complaint = waivers.waiver.iter().enumerate().find_map(|(index, waiver)| {
            let at = Place::value(&["waiver"]).element(index);
            complaint(waiver, at, waivable)
        });
        match complaint {
            Some(complaint) => Err(ProfileError::unsound(text, file_name, complaint)),
            None => Ok(waivers),
        }
    }

    /// The published JSON Schema of a waivers file.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

fn complaint(waiver: &Waiver, at: Place, waivable: Waivable<'_>) -> Option<Complaint> {
    let unknown = |key: &str, name: &Option<String>, known: &[&str], otherwise: &str| {
        let wrong = name.as_deref().filter(|name| !known.contains(name))?;
        let message = format!("there is no {key} {wrong}");
        Some(Complaint::new(at.clone().of(key), message, hint(wrong, known.iter().copied(), otherwise)))
    };
    if waiver.check.is_none() && waiver.requirement.is_none() {
        let message = "a waiver has to say what it waives";
        return Some(Complaint::new(
            at,
            message,
            "add check = \"…\", or requirement = \"…\", as reports name them",
        ));
    }
    if waiver.reason.trim().is_empty() {
        let message = "a waiver without a reason";
        return Some(Complaint::new(at.of("reason"), message, "say why: it stands in every report"));
    }
    if waiver.place.as_deref().is_some_and(|place| place.trim().is_empty()) {
        let message = "an empty place";
        return Some(Complaint::new(
            at.of(WHERE),
            message,
            "leave it away, or write it as reports do, such as \"status\"",
        ));
    }
    unknown("check", &waiver.check, waivable.checks, "`scimproof check --list` shows the checks").or_else(
        || {
            let otherwise =
                "name it by its id, such as RFC7644-3.6-R6, as reports and `scimproof explain` do";
            unknown("requirement", &waiver.requirement, waivable.requirements, otherwise)
        },
    )
}
