//! Expressions, by which a mapping makes the value of an attribute out of others, in the language of Microsoft Entra.
//!
//! An expression is a text in quotes, an attribute in brackets, a number, or a function of such. Names are
//! case-sensitive; an argument may be left empty where the function knows what to do without it. A boolean is one of the
//! texts `True` and `False`. `Switch`, `IIF`, `IsPresent`, `Join`, `Append`, `Coalesce`, `Not`, `ToLower` and `Replace`
//! are played.
//!
//! ```
//! use scenarios::expression::{Expression, Value};
//!
//! let read = |name: &str| match name {
//!     "surname" => Value::from("Berg"),
//!     _ => Value::Null,
//! };
//! let name: Expression = r#"Join(" ", [givenName], [surname])"#.parse()?;
//! assert_eq!(name.evaluate(&read), Value::from("Berg"));
//!
//! let error = r#"Swich([country], , "Norway", "NO")"#.parse::<Expression>().unwrap_err();
//! assert_eq!(error.span, 0..5);
//! assert_eq!(error.hint, "did you mean Switch?");
//! # Ok::<(), scenarios::expression::ExpressionError>(())
//! ```

mod error;
mod evaluate;
mod function;
mod lexer;
mod node;
mod parser;
mod print;
mod replace;
mod value;

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

pub use error::ExpressionError;
pub use value::{Value, View};

use node::{Node, Term};

/// How long an expression may be, in characters.
pub const LENGTH_MAX: usize = 10_000;
/// How deep functions may be nested.
pub const DEPTH_MAX: usize = 50;
/// How many arguments a function may have.
pub const ARGUMENTS_MAX: usize = 1_000;

/// An expression that was read. Two are equal that say the same, however they were spaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    root: Node,
}

impl Expression {
    /// The expression that reads one attribute.
    #[must_use]
    pub fn attribute(name: &str) -> Self {
        Self { root: Node { span: 0..0, term: Term::Attribute(name.to_owned()) } }
    }

    /// What the expression comes to for one object. Null and the empty text mean that nothing flows.
    pub fn evaluate(&self, view: &impl View) -> Value {
        evaluate::evaluate(&self.root, view)
    }

    /// The attributes that the expression reads, each time that it does, and where their names stand in bytes.
    #[must_use]
    pub fn attributes(&self) -> Vec<(&str, Range<usize>)> {
        let mut found = Vec::new();
        self.root.attributes(&mut found);
        found
    }
}

impl FromStr for Expression {
    type Err = ExpressionError;

    fn from_str(text: &str) -> Result<Self, ExpressionError> {
        parser::parse(text).map(|root| Self { root })
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(formatter)
    }
}

#[cfg(test)]
mod tests;
