//! What an expression comes to.

use std::cmp::Ordering;

use crate::expression::function::Function;
use crate::expression::node::{Node, Operator, Term};
use crate::expression::replace::{self, Pattern};
use crate::expression::value::{Value, View};

pub(super) fn evaluate(node: &Node, view: &impl View) -> Value {
    match &node.term {
        Term::Empty => Value::Null,
        Term::Attribute(name) => view.attribute(name),
        Term::Text(text) => Value::from(text.as_str()),
        Term::Number(number) => Value::from(number.to_string()),
        Term::Call { function, arguments, pattern } => call(*function, arguments, pattern.as_ref(), view),
        Term::Comparison { left, operator, right } => {
            Value::boolean(compare(left, *operator, right, view).unwrap_or(false))
        }
    }
}

fn call(function: Function, arguments: &[Node], pattern: Option<&Pattern>, view: &impl View) -> Value {
    let nth = |place: usize| arguments.get(place).map_or(Value::Null, |node| evaluate(node, view));
    match function {
        // Without a text there is nothing to append to.
        Function::Append => match (nth(0).text(), nth(1).text()) {
            (Some(text), suffix) => format!("{text}{}", suffix.unwrap_or_default()).into(),
            (None, _) => Value::Null,
        },
        Function::Coalesce => {
            let all = arguments.iter().map(|argument| evaluate(argument, view));
            all.into_iter().find(|value| *value != Value::Null).unwrap_or(Value::Null)
        }
        Function::Iif => nth(if nth(0).text() == Some("True") { 1 } else { 2 }),
        Function::IsPresent => Value::boolean(nth(0).is_present()),
        Function::Join => join(arguments, view),
        Function::Not => match nth(0).text() {
            Some("True") => Value::boolean(false),
            Some("False") => Value::boolean(true),
            Some(_) | None => Value::Null,
        },
        Function::Replace => replace::replace(arguments, pattern, view),
        Function::Switch => switch(arguments, view),
        Function::ToLower => nth(0).text().map_or(Value::Null, |text| lower(text).into()),
    }
}

/// Parts that are null or empty leave no separator behind; lists are joined value by value.
fn join(arguments: &[Node], view: &impl View) -> Value {
    let mut values = arguments.iter().map(|argument| evaluate(argument, view));
    let separator = values.next().unwrap_or(Value::Null);
    let parts = values.flat_map(|value| match value {
        Value::Null => Vec::new(),
        Value::Text(text) => vec![text],
        Value::List(texts) => texts,
    });
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { Value::Null } else { parts.join(separator.text().unwrap_or_default()).into() }
}

/// The empty text as a key stands for null too.
fn switch(arguments: &[Node], view: &impl View) -> Value {
    let (head, pairs) = arguments.split_at(arguments.len().min(2));
    let evaluated = |node: Option<&Node>| node.map_or(Value::Null, |node| evaluate(node, view));
    let source = evaluated(head.first());
    let source = source.text().unwrap_or_default();
    let hit = pairs.chunks(2).find(|pair| evaluated(pair.first()).text().unwrap_or_default() == source);
    evaluated(hit.map_or(head.get(1), |pair| pair.get(1)))
}

/// Letter by letter, in no language: what would become several letters stays as it is.
fn lower(text: &str) -> String {
    let one = |letter: char| {
        let mut lowered = letter.to_lowercase();
        match (lowered.next(), lowered.next()) {
            (Some(lowered), None) => lowered,
            _ => letter,
        }
    };
    text.chars().map(one).collect()
}

/// None where a side that is read from the object is null or empty: then the condition fails, whatever it asks.
fn compare(left: &Node, operator: Operator, right: &Node, view: &impl View) -> Option<bool> {
    let read = |node: &Node| {
        let value = evaluate(node, view);
        (node.is_literal() || value.is_present()).then(|| value.text().unwrap_or_default().to_owned())
    };
    let (left, right) = (read(left)?, read(right)?);
    let order = match (left.parse::<i64>(), right.parse::<i64>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        _ => left.cmp(&right),
    };
    Some(match operator {
        Operator::Equal => order == Ordering::Equal,
        Operator::NotEqual => order != Ordering::Equal,
        Operator::Greater => order == Ordering::Greater,
        Operator::GreaterOrEqual => order != Ordering::Less,
        Operator::Less => order == Ordering::Less,
        Operator::LessOrEqual => order != Ordering::Greater,
    })
}
