//! The order of a list, RFC 7644 §3.4.2.3.

use std::cmp::{Ordering, Reverse};

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
use serde_json::{Map, Number, Value};

use crate::filter::attr_path;
use crate::keys::folded;
use crate::readings::LetterOrder;
use crate::reject::Reject;
use crate::rules::{Links, ResourceType, Rules};
use crate::schema::{Attribute, Kind, Link};
use crate::time::instant;

/// An order that a client asks for.
#[derive(Clone, Debug)]
pub struct Sorter {
    keys: Vec<String>,
    kind: Kind,
    case_exact: bool,
    descending: bool,
    letters: LetterOrder,
    links: Links,
}

/// Where a resource stands in the order; equal places keep the order that they had.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortKey(Direction);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Direction {
    Ascending(Place),
    Descending(Reverse<Place>),
}

/// What has no value comes last, and first where the order is turned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Boolean(bool),
    Number(Float),
    Instant(jiff::Timestamp),
    Text(String),
    Unset,
}

#[derive(Clone, Debug)]
struct Float(f64);

impl Ord for Float {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Float {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Float {}

impl Rules {
    /// Reads `sortBy` and `sortOrder`. A complex attribute that is named without a sub-attribute is sorted by
    /// `value`, as the reading has it. Across several types, one that does not have the attribute has no value for it.
    ///
    /// # Errors
    /// 400 invalidValue for an attribute that cannot be sorted by, and for an unknown order.
    pub fn sorter(
        &self,
        resource_type: &ResourceType,
        sort_by: &str,
        sort_order: Option<&str>,
    ) -> Result<Option<Sorter>, Reject> {
        let descending = match sort_order {
            None => false,
            Some(order) if order.eq_ignore_ascii_case("ascending") => false,
            Some(order) if order.eq_ignore_ascii_case("descending") => true,
            Some(_) => return Err(Reject::value("sortOrder", "is unknown; send ascending or descending")),
        };
        let path = attr_path(sort_by, 0)
            .map_err(|_| Reject::value("sortBy", "is not the path of an attribute; send one"))?;
        let Some(mut resolved) = self.resolve(resource_type, &path) else { return Ok(None) };
        let complex = |attribute: &Attribute| attribute.kind == Kind::Complex;
        let by_value = |leaf: &&Attribute| complex(leaf) && self.readings.sort_complex.is_by_value(leaf);
        if resolved.sub.is_none() && resolved.attribute.filter(by_value).is_some() {
            resolved.sub = resolved.attribute.and_then(|attribute| attribute.sub_attribute("value"));
        }
        let sortable = |leaf: &&Attribute| !complex(leaf) && leaf.kind != Kind::Binary;
        let leaf = resolved.sub.or(resolved.attribute).filter(sortable).filter(|_| !resolved.is_secret());
        let Some(leaf) = leaf else {
            return Err(Reject::value("sortBy", "names an attribute that has no order; name another"));
        };
        let link = resolved.attribute.and_then(|attribute| attribute.link);
        Ok(Some(Sorter {
            keys: resolved.keys(),
            kind: leaf.kind,
            case_exact: leaf.case_exact,
            descending,
            letters: self.readings.sort_letters,
            links: Links { members: link == Some(Link::Members), groups: link == Some(Link::Groups) },
        }))
    }
}

impl Sorter {
    /// The place of a whole resource.
    #[must_use]
    pub fn key(&self, resource: &Map<String, Value>) -> SortKey {
        let place =
            value_at(resource, &self.keys).and_then(|value| self.place(value)).unwrap_or(Place::Unset);
        SortKey(if self.descending {
            Direction::Descending(Reverse(place))
        } else {
            Direction::Ascending(place)
        })
    }

    /// Which ends of the membership graph the order looks at.
    #[must_use]
    pub fn links(&self) -> Links {
        self.links
    }

    fn text(&self, text: &str) -> String {
        let text = folded(text, self.case_exact);
        match self.letters {
            LetterOrder::CodePoints => text.into_owned(),
            LetterOrder::BaseLetters => base_letters(&text),
        }
    }

    fn place(&self, value: &Value) -> Option<Place> {
        match (self.kind, value) {
            (Kind::DateTime, Value::String(text)) => instant(text).map(Place::Instant),
            (_, Value::String(text)) => Some(Place::Text(self.text(text))),
            (_, Value::Bool(value)) => Some(Place::Boolean(*value)),
            (_, Value::Number(number)) => Number::as_f64(number).map(|number| Place::Number(Float(number))),
            (_, Value::Null | Value::Array(_) | Value::Object(_)) => None,
        }
    }
}

/// The letters that a text is made from, and the text itself, which tells apart what is the same but for its marks.
fn base_letters(text: &str) -> String {
    let marks = CanonicalCombiningClassMapBorrowed::new();
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let letters = decomposed.chars().filter(|letter| marks.get_u8(*letter) == 0);
    letters.chain(['\0']).chain(text.chars()).collect()
}

/// The value that stands for the resource: of several, the primary one, or else the first.
fn value_at<'a>(object: &'a Map<String, Value>, keys: &[String]) -> Option<&'a Value> {
    let (key, rest) = keys.split_first()?;
    let value = match object.get(key)? {
        Value::Array(items) => {
            items.iter().find(|item| item.get("primary") == Some(&Value::Bool(true))).or(items.first())?
        }
        value => value,
    };
    match value {
        Value::Object(object) if !rest.is_empty() => value_at(object, rest),
        value => rest.is_empty().then_some(value),
    }
}
