use std::fmt;

use serde_json::{Number, Value};

use crate::attr_path::AttrPath;

/// A filter as a tree, RFC 7644 §3.4.2.2. Printing it gives canonical text: lower-case operators, single
/// spaces, and parentheses only where they keep the tree as it is.
///
/// ```
/// use protocol::{AttrPath, Filter, Literal, Operator};
///
/// let active = Filter::Compare {
///     path: AttrPath::new("active"),
///     operator: Operator::Eq,
///     value: Literal::Boolean(true),
/// };
/// let named = Filter::Present(AttrPath::new("name").with_sub("familyName"));
/// let either = Filter::Or(vec![active, Filter::Not(Box::new(named))]);
/// assert_eq!(either.to_string(), "active eq true or not (name.familyName pr)");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of these match; there are two at least.
    And(Vec<Self>),
    /// One of these matches; there are two at least.
    Or(Vec<Self>),
    /// This does not match.
    Not(Box<Self>),
    /// A comparison with a value.
    Compare {
        /// What is compared.
        path: AttrPath,
        /// How.
        operator: Operator,
        /// With what.
        value: Literal,
    },
    /// The attribute has a value (`pr`).
    Present(AttrPath),
    /// One value of a complex attribute matches; the paths inside name its sub-attributes.
    ValuePath {
        /// The complex attribute.
        path: AttrPath,
        /// What must hold of one of its values.
        filter: Box<Self>,
    },
}

/// How an attribute is compared, RFC 7644 §3.4.2.2 table 3. `pr` is [`Filter::Present`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Contains.
    Co,
    /// Starts with.
    Sw,
    /// Ends with.
    Ew,
    /// Greater than.
    Gt,
    /// Greater than or equal.
    Ge,
    /// Less than.
    Lt,
    /// Less than or equal.
    Le,
}

impl Operator {
    /// Every operator.
    pub const ALL: [Self; 9] =
        [Self::Eq, Self::Ne, Self::Co, Self::Sw, Self::Ew, Self::Gt, Self::Ge, Self::Lt, Self::Le];

    /// The keyword on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Co => "co",
            Self::Sw => "sw",
            Self::Ew => "ew",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }
}

/// A value in a filter: a JSON literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(String),
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(terms) => joined(f, terms, " and ", |term| matches!(term, Self::And(_) | Self::Or(_))),
            Self::Or(terms) => joined(f, terms, " or ", |term| matches!(term, Self::Or(_))),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Compare { path, operator, value } => write!(f, "{path} {operator} {value}"),
            Self::Present(path) => write!(f, "{path} pr"),
            Self::ValuePath { path, filter } => write!(f, "{path}[{filter}]"),
        }
    }
}

fn joined(
    f: &mut fmt::Formatter<'_>,
    terms: &[Filter],
    word: &str,
    grouped: impl Fn(&Filter) -> bool,
) -> fmt::Result {
    for (position, term) in terms.iter().enumerate() {
        if position > 0 {
            f.write_str(word)?;
        }
        if grouped(term) { write!(f, "({term})") } else { write!(f, "{term}") }?;
    }
    Ok(())
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value}"),
            Self::Text(value) => write!(f, "{}", Value::from(value.as_str())),
        }
    }
}
