//! How an expression is written.

use std::fmt;

use crate::expression::node::{Node, Term};

impl fmt::Display for Node {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.term {
            Term::Empty => Ok(()),
            Term::Attribute(name) => write!(formatter, "[{name}]"),
            Term::Text(text) => write!(formatter, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")),
            Term::Number(number) => write!(formatter, "{number}"),
            Term::Call { function, arguments, .. } => {
                write!(formatter, "{}(", function.name())?;
                for (place, argument) in arguments.iter().enumerate() {
                    let separator = if place == 0 { "" } else { ", " };
                    write!(formatter, "{separator}{argument}")?;
                }
                formatter.write_str(")")
            }
            Term::Comparison { left, operator, right } => {
                write!(formatter, "{left} {} {right}", operator.spelling())
            }
        }
    }
}
