use std::ops::Range;

use crate::expression::function::Function;
use crate::expression::replace::Pattern;

/// A part of an expression and where it stands, in bytes.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) term: Term,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term {
    /// An argument that was left empty.
    Empty,
    /// `[name]`
    Attribute(String),
    /// A text in quotes, without its escapes.
    Text(String),
    Number(i64),
    Call {
        function: Function,
        arguments: Vec<Node>,
        /// What the regular expression among the arguments was compiled to.
        pattern: Option<Pattern>,
    },
    Comparison {
        left: Box<Node>,
        operator: Operator,
        right: Box<Node>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Operator {
    /// Longer spellings stand before those that they begin with.
    pub(super) const SPELT: [(&'static str, Self); 6] = [
        ("<>", Self::NotEqual),
        (">=", Self::GreaterOrEqual),
        ("<=", Self::LessOrEqual),
        ("=", Self::Equal),
        (">", Self::Greater),
        ("<", Self::Less),
    ];

    pub(super) fn spelling(self) -> &'static str {
        Self::SPELT.iter().find(|(_, operator)| *operator == self).map_or("", |(spelling, _)| spelling)
    }
}

/// Where a part stands says nothing about what it means.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.term == other.term
    }
}

impl Eq for Node {}

impl Node {
    pub(super) fn attributes<'a>(&'a self, found: &mut Vec<(&'a str, Range<usize>)>) {
        match &self.term {
            Term::Attribute(name) => found.push((name, self.span.clone())),
            Term::Call { arguments, .. } => {
                for argument in arguments {
                    argument.attributes(found);
                }
            }
            Term::Comparison { left, right, .. } => {
                left.attributes(found);
                right.attributes(found);
            }
            Term::Empty | Term::Text(_) | Term::Number(_) => {}
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.term == Term::Empty
    }

    /// Whether it is written out, and read from no object.
    pub(super) fn is_literal(&self) -> bool {
        matches!(self.term, Term::Text(_) | Term::Number(_) | Term::Empty)
    }
}
