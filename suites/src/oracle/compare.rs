//! One value against one literal.

use std::cmp::Ordering;

use serde_json::Value;

use super::filter::Operator;
use super::instant::instant;
use super::lawful::{Readings, Refusal, refusal};
use super::point::Point;
use super::table::{Access, Attribute, Case, Kind};

/// How an attribute, an operator and a literal go together, whatever the data.
pub(super) enum Stance {
    Refuse(Refusal),
    Never,
    /// No value is equal to the literal.
    Differs,
    /// The literal is null.
    Null,
    Text {
        folded: bool,
    },
    Instant,
    Identity,
    Number,
}

/// Settles it. Refusals come from here alone, so that they never depend on the data.
pub(super) fn stance(
    leaf: &Attribute,
    operator: Operator,
    literal: &Value,
    readings: &mut Readings,
) -> Stance {
    let refused = || Stance::Refuse(refusal(["invalidFilter"]));
    if leaf.access == Access::WriteOnly {
        return match readings.take(Point::WriteOnlyFilter) {
            0 => Stance::Refuse(refusal(["invalidFilter", "sensitive"])),
            _ => Stance::Never,
        };
    }
    if asks_presence(operator, literal) {
        return if readings.first(Point::NullComparison) { Stance::Null } else { refused() };
    }
    if matches!(leaf.kind, Kind::Boolean | Kind::Binary) && operator.orders() || leaf.kind == Kind::Complex {
        return refused();
    }
    let mut folded = || match leaf.case {
        Case::Exact => false,
        Case::Folded => true,
        Case::Open => !readings.first(Point::OpenCase),
    };
    let fits = match leaf.kind {
        Kind::Boolean => literal.is_boolean(),
        Kind::Integer | Kind::Decimal => literal.is_number(),
        Kind::Text | Kind::DateTime | Kind::Binary | Kind::Reference => literal.is_string(),
        Kind::Complex => false,
    };
    let point = match leaf.kind {
        Kind::Boolean | Kind::Integer | Kind::Decimal if operator.searches() => Point::TextOperatorOnOther,
        _ if !fits => Point::TypeMismatch,
        Kind::Boolean => return Stance::Identity,
        Kind::Integer | Kind::Decimal => return Stance::Number,
        Kind::Reference if operator.orders() => Point::OrderingOnReference,
        Kind::Binary if operator.searches() => Point::TextOperatorOnBinary,
        Kind::DateTime if operator.searches() => Point::TextOperatorOnDateTime,
        Kind::DateTime if literal.as_str().and_then(instant).is_none() => Point::NotADateTime,
        Kind::DateTime if operator.orders() => return Stance::Instant,
        Kind::DateTime => Point::DateTimeEquality,
        Kind::Text | Kind::Reference | Kind::Binary | Kind::Complex => {
            return Stance::Text { folded: folded() };
        }
    };
    let folded = folded();
    let choice = readings.take(point);
    match point.readings().get(choice) {
        Some(&"refuse") => refused(),
        Some(&"differs") => Stance::Differs,
        Some(&"as text") => Stance::Text { folded },
        Some(&"as instants") => Stance::Instant,
        _ => Stance::Never,
    }
}

/// Whether a comparison is one with null that can be read as `pr`.
pub(super) fn asks_presence(operator: Operator, literal: &Value) -> bool {
    literal.is_null() && matches!(operator, Operator::Eq | Operator::Ne)
}

/// Whether a value stands in the relation to the literal. `Ne` is asked as `Eq` by the caller.
pub(super) fn relates(
    stance: &Stance,
    operator: Operator,
    value: &Value,
    literal: &Value,
    readings: &mut Readings,
) -> bool {
    let texts = || Some((value.as_str()?.to_owned(), literal.as_str()?.to_owned()));
    match stance {
        Stance::Refuse(_) | Stance::Never | Stance::Differs | Stance::Null => false,
        Stance::Identity => operator == Operator::Eq && value == literal,
        Stance::Number => {
            // Whole numbers may be larger than what a float keeps apart.
            let order = match value.as_i64().zip(literal.as_i64()) {
                Some((one, other)) => Some(one.cmp(&other)),
                None => value.as_f64().zip(literal.as_f64()).and_then(|(one, other)| one.partial_cmp(&other)),
            };
            order.is_some_and(|order| ordered(operator, order))
        }
        Stance::Instant => {
            let Some((value, literal)) = texts() else { return false };
            let order = instant(&value).zip(instant(&literal)).map(|(one, other)| one.cmp(&other));
            order.is_some_and(|order| ordered(operator, order))
        }
        Stance::Text { folded } => {
            let Some((mut value, mut literal)) = texts() else { return false };
            if *folded {
                let way = if value.is_ascii() && literal.is_ascii() && !operator.orders() {
                    0
                } else {
                    readings.take(Point::Folding)
                };
                (value, literal) = (fold(&value, way), fold(&literal, way));
            }
            match operator {
                Operator::Co => value.contains(&literal),
                Operator::Sw => value.starts_with(&literal),
                Operator::Ew => value.ends_with(&literal),
                Operator::Eq | Operator::Ne | Operator::Gt | Operator::Ge | Operator::Lt | Operator::Le => {
                    ordered(operator, value.cmp(&literal))
                }
            }
        }
    }
}

fn ordered(operator: Operator, order: Ordering) -> bool {
    match operator {
        Operator::Eq => order.is_eq(),
        Operator::Ne => order.is_ne(),
        Operator::Gt => order.is_gt(),
        Operator::Ge => order.is_ge(),
        Operator::Lt => order.is_lt(),
        Operator::Le => order.is_le(),
        Operator::Co | Operator::Sw | Operator::Ew => false,
    }
}

fn fold(text: &str, way: usize) -> String {
    match way {
        0 => text.to_lowercase(),
        1 => text.to_uppercase(),
        _ => text.to_uppercase().to_lowercase(),
    }
}
