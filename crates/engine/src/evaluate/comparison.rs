use std::cmp::Ordering;

use protocol::{Literal, Operator};
use serde_json::{Number, Value};

use crate::keys::folded;
use crate::readings::{InstantEquality, Readings, ReferenceOrder, StringBooleans};
use crate::schema::{Attribute, Kind};
use crate::time::instant;

/// One value compared with an operand that was prepared beforehand.
#[derive(Clone, Debug)]
pub(super) struct Comparison {
    operator: Operator,
    operand: Operand,
}

#[derive(Clone, Debug)]
enum Operand {
    Text { folded: String, case_exact: bool },
    Instant(jiff::Timestamp),
    Number(Number),
    Boolean(bool),
}

/// Why an attribute has no such comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// The operator never applies to the type, and the text says how to answer.
    Unordered,
    /// The operator or the operand does not suit the type.
    Misfit,
}

impl Comparison {
    /// Prepares the comparison of a simple attribute with a literal that is not null.
    pub(super) fn new(
        attribute: &Attribute,
        operator: Operator,
        literal: &Literal,
        readings: &Readings,
    ) -> Result<Self, Unfit> {
        let ordering = matches!(operator, Operator::Gt | Operator::Ge | Operator::Lt | Operator::Le);
        let within = matches!(operator, Operator::Co | Operator::Sw | Operator::Ew);
        if ordering && matches!(attribute.kind, Kind::Boolean | Kind::Binary) {
            return Err(Unfit::Unordered);
        }
        if ordering
            && attribute.kind == Kind::Reference
            && readings.filter.reference_order == ReferenceOrder::Refused
        {
            return Err(Unfit::Unordered);
        }
        let by_text = !ordering && readings.filter.instants == InstantEquality::AsText;
        if within && !matches!(attribute.kind, Kind::String | Kind::Reference) {
            return Err(Unfit::Misfit);
        }
        let operand = match (attribute.kind, literal) {
            (Kind::String | Kind::Reference | Kind::Binary, Literal::Text(text)) => {
                // Base64 in other letters is other data, whatever a schema says.
                let case_exact = attribute.case_exact || attribute.kind == Kind::Binary;
                Operand::Text { folded: folded(text, case_exact).into_owned(), case_exact }
            }
            (Kind::DateTime, Literal::Text(text)) if by_text && instant(text).is_some() => {
                Operand::Text { folded: text.clone(), case_exact: true }
            }
            (Kind::DateTime, Literal::Text(text)) => Operand::Instant(instant(text).ok_or(Unfit::Misfit)?),
            (Kind::Integer | Kind::Decimal, Literal::Number(number)) => Operand::Number(number.clone()),
            (Kind::Boolean, Literal::Boolean(value)) => Operand::Boolean(*value),
            (Kind::Boolean, Literal::Text(text)) if readings.string_booleans == StringBooleans::Accepted => {
                Operand::Boolean(text_as_boolean(text).ok_or(Unfit::Misfit)?)
            }
            (
                Kind::String
                | Kind::Reference
                | Kind::Binary
                | Kind::DateTime
                | Kind::Integer
                | Kind::Decimal
                | Kind::Boolean
                | Kind::Complex,
                _,
            ) => return Err(Unfit::Misfit),
        };
        Ok(Self { operator, operand })
    }

    /// The text that a value has to equal, folded; none where the comparison is of another kind.
    pub(super) fn equal_text(&self) -> Option<&str> {
        match (&self.operand, self.operator) {
            (Operand::Text { folded, .. }, Operator::Eq) => Some(folded),
            _ => None,
        }
    }

    pub(super) fn holds(&self, value: &Value) -> bool {
        match (&self.operand, value) {
            (Operand::Text { folded: operand, case_exact }, Value::String(text)) => {
                let text = folded(text, *case_exact);
                match self.operator {
                    Operator::Co => text.contains(operand.as_str()),
                    Operator::Sw => text.starts_with(operand.as_str()),
                    Operator::Ew => text.ends_with(operand.as_str()),
                    Operator::Eq
                    | Operator::Ne
                    | Operator::Gt
                    | Operator::Ge
                    | Operator::Lt
                    | Operator::Le => self.suits(text.as_ref().cmp(operand)),
                }
            }
            (Operand::Instant(operand), Value::String(text)) => {
                instant(text).is_some_and(|instant| self.suits(instant.cmp(operand)))
            }
            (Operand::Number(operand), Value::Number(number)) => {
                compare(number, operand).is_some_and(|order| self.suits(order))
            }
            (Operand::Boolean(operand), Value::Bool(value)) => self.suits(value.cmp(operand)),
            (Operand::Text { .. } | Operand::Instant(_) | Operand::Number(_) | Operand::Boolean(_), _) => {
                false
            }
        }
    }

    fn suits(&self, order: Ordering) -> bool {
        match self.operator {
            Operator::Eq => order.is_eq(),
            Operator::Ne => order.is_ne(),
            Operator::Gt => order.is_gt(),
            Operator::Ge => order.is_ge(),
            Operator::Lt => order.is_lt(),
            Operator::Le => order.is_le(),
            Operator::Co | Operator::Sw | Operator::Ew => false,
        }
    }
}

/// The Boolean that a text stands for, in any letter case.
pub(crate) fn text_as_boolean(text: &str) -> Option<bool> {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("true") {
        Some(true)
    } else if is("false") {
        Some(false)
    } else {
        None
    }
}

/// Whole numbers are compared exactly; a float would take neighbours for equal.
fn compare(one: &Number, other: &Number) -> Option<Ordering> {
    let whole = |number: &Number| number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}
