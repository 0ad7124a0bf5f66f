//! From words to what they mean, by recursive descent: everything but the condition of IIF is a term.

use std::ops::Range;

use crate::expression::error::ExpressionError;
use crate::expression::function::Function;
use crate::expression::lexer::{Kind, Token, tokens};
use crate::expression::node::{Node, Term};
use crate::expression::replace;
use crate::expression::{ARGUMENTS_MAX, DEPTH_MAX, LENGTH_MAX};

pub(super) fn parse(text: &str) -> Result<Node, ExpressionError> {
    let length = text.chars().count();
    if length > LENGTH_MAX {
        let message = format!("the expression has {length} characters; {LENGTH_MAX} are allowed");
        return Err(ExpressionError::new(0..text.len(), message, "shorten it"));
    }
    let mut parser = Parser { tokens: tokens(text)?, position: 0, depth: 0 };
    let root = parser.term()?;
    if root.is_empty() {
        let (message, hint) = ("the expression is empty", "write a function, a [name] or a \"text\"");
        return Err(ExpressionError::new(0..text.len(), message, hint));
    }
    let next = parser.next();
    match next.kind {
        Kind::End => Ok(root),
        Kind::Operator(_) => Err(comparison_elsewhere(next.span)),
        _ => Err(ExpressionError::new(
            next.span.start..text.len(),
            "the expression has ended before this",
            "remove what follows, or put both into one function, such as Join",
        )),
    }
}

struct Parser {
    tokens: Vec<Token>,
    position: usize,
    depth: usize,
}

impl Parser {
    /// The next word, which stays the next.
    fn peek(&self) -> Token {
        let end = || Token { kind: Kind::End, span: 0..0 };
        self.tokens.get(self.position).or(self.tokens.last()).cloned().unwrap_or_else(end)
    }

    fn next(&mut self) -> Token {
        let token = self.peek();
        self.position = self.position.saturating_add(1);
        token
    }

    /// A text, an attribute, a number, a call, or nothing where a comma or a parenthesis follows.
    fn term(&mut self) -> Result<Node, ExpressionError> {
        let Token { kind, span } = self.peek();
        let term = match kind {
            Kind::Name(name) => {
                self.next();
                return self.call(&name, span);
            }
            Kind::Attribute(name) => Term::Attribute(name),
            Kind::Text(text) => Term::Text(text),
            Kind::Number(number) => Term::Number(number),
            Kind::Comma | Kind::Close | Kind::End | Kind::Operator(_) => {
                return Ok(Node { span: span.start..span.start, term: Term::Empty });
            }
            Kind::Open => {
                let hint = "parentheses stand after the name of a function only";
                return Err(ExpressionError::new(span, "this parenthesis belongs to no function", hint));
            }
        };
        self.next();
        Ok(Node { span, term })
    }

    fn call(&mut self, name: &str, span: Range<usize>) -> Result<Node, ExpressionError> {
        if self.peek().kind != Kind::Open {
            return Err(no_call(name, span));
        }
        let function = Function::named(name, span.clone())?;
        self.next();
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let message = format!("functions are nested more than {DEPTH_MAX} deep");
            return Err(ExpressionError::new(span, message, "divide the expression"));
        }
        let arguments = self.arguments(function, &span)?;
        self.depth -= 1;
        let end = self.position.checked_sub(1).and_then(|last| self.tokens.get(last));
        let span = span.start..end.map_or(span.end, |token| token.span.end);
        function.check(&arguments, &span)?;
        let pattern = if function == Function::Replace { replace::pattern(&arguments)? } else { None };
        Ok(Node { span, term: Term::Call { function, arguments, pattern } })
    }

    /// The arguments, and the parenthesis that ends them.
    fn arguments(&mut self, function: Function, name: &Range<usize>) -> Result<Vec<Node>, ExpressionError> {
        let mut arguments = Vec::new();
        if self.peek().kind == Kind::Close {
            self.next();
            return Ok(arguments);
        }
        loop {
            let condition = function == Function::Iif && arguments.is_empty();
            arguments.push(if condition { self.condition()? } else { self.term()? });
            if arguments.len() > ARGUMENTS_MAX {
                let message = format!("{} has more than {ARGUMENTS_MAX} arguments", function.name());
                return Err(ExpressionError::new(name.clone(), message, "divide the expression"));
            }
            let next = self.next();
            match next.kind {
                Kind::Comma => {}
                Kind::Close => return Ok(arguments),
                Kind::Operator(_) => return Err(comparison_elsewhere(next.span)),
                Kind::End => {
                    let message = format!("the parenthesis of {} is not closed", function.name());
                    return Err(ExpressionError::new(name.clone(), message, "end the arguments with )"));
                }
                Kind::Name(word) if is_connective(&word) => return Err(no_call(&word, next.span)),
                Kind::Name(_) | Kind::Attribute(_) | Kind::Text(_) | Kind::Number(_) | Kind::Open => {
                    let hint = "separate arguments by commas";
                    return Err(ExpressionError::new(next.span, "a comma is missing before this", hint));
                }
            }
        }
    }

    fn condition(&mut self) -> Result<Node, ExpressionError> {
        let left = self.term()?;
        let Token { kind: Kind::Operator(operator), span } = self.peek() else { return Ok(left) };
        self.next();
        let right = self.term()?;
        if left.is_empty() || right.is_empty() {
            let hint = "write what is compared on both sides, as in [country] = \"USA\"";
            return Err(ExpressionError::new(span, "one side of the comparison is missing", hint));
        }
        let span = left.span.start..right.span.end;
        Ok(Node { span, term: Term::Comparison { left: left.into(), operator, right: right.into() } })
    }
}

fn is_connective(word: &str) -> bool {
    ["and", "or"].contains(&word.to_lowercase().as_str())
}

/// A word that nothing follows which would make it a call.
fn no_call(word: &str, span: Range<usize>) -> ExpressionError {
    if is_connective(word) {
        let message = format!("there is no {} in the language", word.to_uppercase());
        return ExpressionError::new(span, message, "put one IIF into the other");
    }
    if ["true", "false"].contains(&word.to_lowercase().as_str()) {
        let hint = "booleans are the texts \"True\" and \"False\"";
        return ExpressionError::new(span, format!("{word} stands without quotes"), hint);
    }
    let hint = format!("write [{word}] for an attribute, \"{word}\" for a text, {word}(…) for a function");
    ExpressionError::new(span, format!("{word} is neither a function nor anything else"), hint)
}

fn comparison_elsewhere(span: Range<usize>) -> ExpressionError {
    let hint = "write IIF(a = b, value if true, value if false)";
    ExpressionError::new(span, "a comparison stands only in the condition of IIF", hint)
}
