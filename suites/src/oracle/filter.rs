//! A filter as a tree, and its canonical text (RFC 7644 §3.4.2.2).

use std::fmt;

use serde_json::Value;

use super::path::Path;
use super::spelling::Spelling;

/// A filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// Both hold.
    And(Box<Filter>, Box<Filter>),
    /// At least one holds.
    Or(Box<Filter>, Box<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// An attribute against a value.
    Compare {
        /// The attribute.
        path: Path,
        /// How to compare.
        operator: Operator,
        /// A JSON literal.
        value: Value,
    },
    /// An attribute has a value.
    Present(Path),
    /// Some element of an attribute fulfils a filter on its sub-attributes.
    Each {
        /// The attribute.
        path: Path,
        /// What the element fulfils.
        filter: Box<Filter>,
        /// A further comparison on the elements that do, which the grammar does not have.
        then: Option<Then>,
    },
}

/// A comparison behind the brackets of a value path (ambiguity 27).
#[derive(Clone, Debug, PartialEq)]
pub struct Then {
    /// The sub-attribute.
    pub sub: String,
    /// How to compare.
    pub operator: Operator,
    /// A JSON literal.
    pub value: Value,
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the text")]
pub enum Operator {
    Eq,
    Ne,
    Co,
    Sw,
    Ew,
    Gt,
    Ge,
    Lt,
    Le,
}

impl Operator {
    /// Every operator.
    pub const ALL: [Self; 9] =
        [Self::Eq, Self::Ne, Self::Co, Self::Sw, Self::Ew, Self::Gt, Self::Ge, Self::Lt, Self::Le];

    /// The word on the wire.
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

    pub(super) const fn orders(self) -> bool {
        matches!(self, Self::Gt | Self::Ge | Self::Lt | Self::Le)
    }

    pub(super) const fn searches(self) -> bool {
        matches!(self, Self::Co | Self::Sw | Self::Ew)
    }
}

impl Filter {
    /// A comparison.
    #[must_use]
    pub const fn compare(path: Path, operator: Operator, value: Value) -> Self {
        Self::Compare { path, operator, value }
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::And(Box::new(self), Box::new(other))
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::Or(Box::new(self), Box::new(other))
    }

    /// It does not hold.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::Not(Box::new(self))
    }

    /// Some element of an attribute fulfils `filter`.
    #[must_use]
    pub fn each(path: Path, filter: Self) -> Self {
        Self::Each { path, filter: Box::new(filter), then: None }
    }

    /// The text with a particular spelling; all spellings mean the same.
    #[must_use]
    pub fn wire(&self, spelling: Spelling) -> String {
        match self {
            Self::And(one, other) => {
                let side = |side: &Self| side.wrapped(matches!(side, Self::Or(..)), spelling);
                format!("{} {} {}", side(one), spelling.word("and"), side(other))
            }
            Self::Or(one, other) => {
                format!(
                    "{} {} {}",
                    one.wrapped(false, spelling),
                    spelling.word("or"),
                    other.wrapped(false, spelling)
                )
            }
            Self::Not(inner) => {
                let space = if spelling.space_after_not { " " } else { "" };
                format!("{}{space}({})", spelling.word("not"), inner.wire(spelling))
            }
            Self::Compare { path, operator, value } => {
                format!("{path} {} {value}", spelling.word(operator.as_str()))
            }
            Self::Present(path) => format!("{path} {}", spelling.word("pr")),
            Self::Each { path, filter, then } => {
                let then = then.as_ref().map_or_else(String::new, |then| {
                    format!(".{} {} {}", then.sub, spelling.word(then.operator.as_str()), then.value)
                });
                format!("{path}[{}]{then}", filter.wire(spelling))
            }
        }
    }

    fn wrapped(&self, needed: bool, spelling: Spelling) -> String {
        let text = self.wire(spelling);
        if needed || spelling.parentheses { format!("({text})") } else { text }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.wire(Spelling::default()))
    }
}
