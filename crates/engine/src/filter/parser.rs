use protocol::{AttrPath, Filter, Literal, Operator, PatchPath};
use serde_json::Number;

use crate::filter::lexer::{Kind, Token, tokens};
use crate::filter::{Leniency, Misread, attr_path};
use crate::rules::Limits;

/// A Pratt parser: `or` binds weaker than `and`, `not` stands before a group and binds strongest.
pub(super) struct Parser {
    tokens: Vec<Token>,
    position: usize,
    leniency: Leniency,
    levels_left: usize,
    terms_left: usize,
    in_brackets: bool,
}

/// What joins two terms, weakest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Joiner {
    Or,
    And,
}

impl Parser {
    pub(super) fn new(text: &str, limits: &Limits, leniency: Leniency) -> Result<Self, Misread> {
        if text.len() > limits.filter_bytes {
            let expected = format!("it is longer than {} bytes", limits.filter_bytes);
            return Err(Misread::new(limits.filter_bytes, expected));
        }
        Ok(Self {
            tokens: tokens(text)?,
            position: 0,
            leniency,
            levels_left: limits.filter_depth_levels,
            terms_left: limits.filter_terms,
            in_brackets: false,
        })
    }

    pub(super) fn filter(mut self) -> Result<Filter, Misread> {
        let filter = self.expression(None)?;
        self.expect_end("and, or, or the end has to follow")?;
        Ok(filter)
    }

    pub(super) fn patch_path(mut self) -> Result<PatchPath, Misread> {
        self.expect_unspaced()?;
        let attribute = self.path()?;
        self.expect_unspaced()?;
        if self.kind() != &Kind::OpenBracket {
            self.expect_end("the path has to end, or a filter in brackets has to follow")?;
            return Ok(attribute.into());
        }
        let filter = self.brackets().map_err(|misread| Misread { in_filter: true, ..misread })?;
        let sub = self.sub_attribute()?;
        self.expect_unspaced()?;
        self.expect_end("the path has to end, or a dot and a sub-attribute have to follow")?;
        Ok(PatchPath { attribute, filter: Some(filter), sub })
    }

    /// Terms joined by what binds stronger than `floor`.
    fn expression(&mut self, floor: Option<Joiner>) -> Result<Filter, Misread> {
        let mut left = self.operand()?;
        while let Some(joiner) = self.joiner()
            && Some(joiner) > floor
        {
            let mut terms = vec![left];
            while self.joiner() == Some(joiner) {
                self.expect_spaced()?;
                self.position += 1;
                self.expect_spaced()?;
                terms.push(self.expression(Some(joiner))?);
            }
            left = match joiner {
                Joiner::And => Filter::And(terms),
                Joiner::Or => Filter::Or(terms),
            };
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<Filter, Misread> {
        match self.kind() {
            Kind::Open => self.group(),
            Kind::Word(word) if word.eq_ignore_ascii_case("not") && self.next_kind() == &Kind::Open => {
                self.position += 1;
                Ok(Filter::Not(Box::new(self.group()?)))
            }
            Kind::Word(_) => self.term(),
            Kind::Close | Kind::OpenBracket | Kind::CloseBracket | Kind::Text(_) | Kind::End => {
                Err(self.misread("an attribute name, not, or an opening parenthesis has to stand here"))
            }
        }
    }

    fn group(&mut self) -> Result<Filter, Misread> {
        self.deeper()?;
        self.position += 1;
        let inner = self.expression(None)?;
        self.expect(&Kind::Close, "and, or, or a closing parenthesis has to follow")?;
        self.levels_left += 1;
        Ok(inner)
    }

    /// `[` … `]`. What stands inside cannot hold brackets itself, errata 4690 and 7322.
    fn brackets(&mut self) -> Result<Filter, Misread> {
        if self.in_brackets {
            return Err(self.misread("brackets cannot stand inside brackets"));
        }
        self.deeper()?;
        self.position += 1;
        self.in_brackets = true;
        let inner = self.expression(None)?;
        self.in_brackets = false;
        self.expect(&Kind::CloseBracket, "and, or, or a closing bracket has to follow")?;
        self.levels_left += 1;
        Ok(inner)
    }

    /// A comparison, a test for presence, or a value path.
    fn term(&mut self) -> Result<Filter, Misread> {
        let path = self.path()?;
        if self.kind() != &Kind::OpenBracket {
            return self.comparison(path);
        }
        let inner = self.brackets()?;
        let sub_at = self.position;
        let Some(sub) = self.sub_attribute()? else {
            return Ok(Filter::ValuePath { path, filter: Box::new(inner) });
        };
        if !self.leniency.comparison_after_value_path {
            self.position = sub_at;
            return Err(self.misread("nothing can follow the brackets but and, or, or the end"));
        }
        let comparison = self.comparison(AttrPath::new(sub))?;
        let terms = match inner {
            Filter::And(mut terms) => {
                terms.push(comparison);
                terms
            }
            other => vec![other, comparison],
        };
        Ok(Filter::ValuePath { path, filter: Box::new(Filter::And(terms)) })
    }

    fn path(&mut self) -> Result<AttrPath, Misread> {
        let Token { kind: Kind::Word(word), start, .. } = self.token() else {
            return Err(self.misread("an attribute name has to stand here"));
        };
        let path = attr_path(word, *start)?;
        self.position += 1;
        Ok(path)
    }

    /// The `.name` behind a closing bracket, where there is one.
    fn sub_attribute(&mut self) -> Result<Option<String>, Misread> {
        let Token { kind: Kind::Word(word), start, spaced: false } = self.token() else { return Ok(None) };
        let Some(name) = word.strip_prefix('.') else {
            return Err(self.misread("a dot and a sub-attribute have to follow the bracket"));
        };
        let path = attr_path(name, start + 1)?;
        if path.urn.is_some() || path.sub.is_some() {
            return Err(self.misread("one sub-attribute has to follow the dot"));
        }
        self.position += 1;
        Ok(Some(path.name))
    }

    fn comparison(&mut self, path: AttrPath) -> Result<Filter, Misread> {
        const OPERATOR: &str = "an operator has to stand here: eq, ne, co, sw, ew, pr, gt, ge, lt or le";
        let Some(terms_left) = self.terms_left.checked_sub(1) else {
            return Err(self.misread("it holds more comparisons than this server reads"));
        };
        self.terms_left = terms_left;
        let Kind::Word(word) = self.kind() else { return Err(self.misread(OPERATOR)) };
        let present = word.eq_ignore_ascii_case("pr");
        let operator = Operator::ALL.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(word));
        if operator.is_none() && !present {
            return Err(self.misread(OPERATOR));
        }
        self.expect_spaced()?;
        self.position += 1;
        let Some(operator) = operator else { return Ok(Filter::Present(path)) };
        let value = self.literal()?;
        self.expect_spaced()?;
        self.position += 1;
        Ok(Filter::Compare { path, operator, value })
    }

    /// The literal that stands here; the caller moves on.
    fn literal(&self) -> Result<Literal, Misread> {
        const VALUE: &str = "a value has to stand here: a string in quotes, a number, true, false or null";
        match self.kind() {
            Kind::Text(text) => Ok(Literal::Text(text.clone())),
            Kind::Word(word) => match (word.as_str(), serde_json::from_str::<Number>(word)) {
                ("null", _) => Ok(Literal::Null),
                ("true", _) => Ok(Literal::Boolean(true)),
                ("false", _) => Ok(Literal::Boolean(false)),
                (_, Ok(number)) => Ok(Literal::Number(number)),
                (text, Err(_)) if self.leniency.text_without_quotes => Ok(Literal::Text(text.to_owned())),
                (_, Err(_)) => Err(self.misread(VALUE)),
            },
            Kind::Open | Kind::Close | Kind::OpenBracket | Kind::CloseBracket | Kind::End => {
                Err(self.misread(VALUE))
            }
        }
    }

    fn joiner(&self) -> Option<Joiner> {
        let Kind::Word(word) = self.kind() else { return None };
        if word.eq_ignore_ascii_case("and") {
            Some(Joiner::And)
        } else if word.eq_ignore_ascii_case("or") {
            Some(Joiner::Or)
        } else {
            None
        }
    }

    fn deeper(&mut self) -> Result<(), Misread> {
        match self.levels_left.checked_sub(1) {
            Some(levels_left) => {
                self.levels_left = levels_left;
                Ok(())
            }
            None => Err(self.misread("it is nested more deeply than this server reads")),
        }
    }

    fn token(&self) -> &Token {
        static END: Token = Token { kind: Kind::End, start: 0, spaced: false };
        self.tokens.get(self.position).or(self.tokens.last()).unwrap_or(&END)
    }

    fn kind(&self) -> &Kind {
        &self.token().kind
    }

    fn next_kind(&self) -> &Kind {
        self.tokens.get(self.position + 1).map_or(&Kind::End, |token| &token.kind)
    }

    fn expect(&mut self, kind: &Kind, expected: &str) -> Result<(), Misread> {
        if self.kind() != kind {
            return Err(self.misread(expected));
        }
        self.position += 1;
        Ok(())
    }

    fn expect_end(&self, expected: &str) -> Result<(), Misread> {
        if self.kind() == &Kind::End { Ok(()) } else { Err(self.misread(expected)) }
    }

    /// At the end of the text something else is missing first.
    fn expect_spaced(&self) -> Result<(), Misread> {
        if self.token().spaced || self.kind() == &Kind::End {
            Ok(())
        } else {
            Err(self.misread("a space is missing before this"))
        }
    }

    /// Outside of brackets a path has no blank.
    fn expect_unspaced(&self) -> Result<(), Misread> {
        if self.token().spaced { Err(self.misread("a blank cannot stand before this")) } else { Ok(()) }
    }

    fn misread(&self, expected: &str) -> Misread {
        Misread::new(self.token().start, expected)
    }
}
