//! What is demanded of a load: a small language of one line each.
//!
//! `p99<200ms for create-user` (also p50, p90, p99.9, max; from the moment due to the last byte, of answers as expected),
//! `errors<0.1%`, `errors<1% for add-member`, `rate>=100/s`, `growth(add-member)<=0.2`. Some operations have a name together:
//! `p99<200ms for create`.

use crate::error::ObjectiveError;
use crate::operation;

/// A demand.
#[derive(Clone, Debug, PartialEq)]
pub struct Objective {
    /// As it was written.
    pub text: String,
    pub(crate) measure: Measure,
    pub(crate) bound: Bound,
    /// The operations that it is about; all of them where there is none.
    pub(crate) operations: &'static [&'static str],
}

impl Objective {
    /// Whether it says how many requests of an operation may fail.
    pub(crate) fn bounds_errors_of(&self, operation: &str) -> bool {
        let all = self.operations.is_empty();
        self.measure == Measure::Errors && (all || self.operations.contains(&operation))
    }

    /// Whether it is about the target's speed.
    pub(crate) fn is_timed(&self) -> bool {
        self.measure != Measure::Errors
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Measure {
    /// Latency at a quantile, in microseconds.
    Latency(f64),
    /// Requests that failed or got no usable answer, in a hundred.
    Errors,
    /// Requests as expected, a second.
    Rate,
    /// The exponent of the growth of an operation.
    Growth,
}

impl Measure {
    /// What is wrong with a bound that every load meets, or none, and which ones there are: a demand that decides nothing is a
    /// slip of the pen, and would be read as a proof. `ceiling` is how many requests a second are sent at most.
    fn unlawful(self, bound: Bound, ceiling: Option<f64>) -> Option<(&'static str, String)> {
        const NEVER: &str = "this can never hold";
        const ALWAYS: &str = "this always holds";
        let Bound { value, inclusive, .. } = bound;
        // Whether what lies at the very end of what can be measured is on the side of what is wanted.
        let beyond = |least: f64| value < least || (value == least && !inclusive);
        // What is sent at all bounds what is answered.
        if let Some(ceiling) = ceiling.filter(|_| self == Self::Rate)
            && (value > ceiling || (value == ceiling && !inclusive))
        {
            let hint = format!(
                "no more than {ceiling}/s is sent (caps.rate, --rps): demand less, or let more be sent"
            );
            return Some((NEVER, hint));
        }
        let (hint, never, always) = match self {
            // Times are whole microseconds, and nobody waits for a day.
            Self::Latency(_) => (
                "a latency is held to a bound from 1us (with <=; with < above it) up to 86400s, such as 200ms",
                beyond(1.0),
                value > 86_400_000_000.0,
            ),
            Self::Errors => (
                "errors are held to a bound from 0% (with <=; with < above it) up to 100% (with <), such as 0.1%",
                beyond(0.0),
                value > 100.0 || (value == 100.0 && inclusive),
            ),
            // No load may send more than that.
            Self::Rate => (
                "a rate is held to a bound from 0/s (with >; with >= above it) up to 1000000/s, such as 100/s",
                value > 1_000_000.0 || (value == 1_000_000.0 && !inclusive),
                value == 0.0 && inclusive,
            ),
            Self::Growth => (
                "growth is held to a bound from 0 (with <=; with < above it) up to 10: 0 is constant, 1 linear, 2 quadratic",
                beyond(0.0),
                value > 10.0,
            ),
        };
        if never {
            return Some((NEVER, hint.to_owned()));
        }
        always.then(|| (ALWAYS, hint.to_owned()))
    }
}

/// What a measured value is held to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bound {
    pub(crate) value: f64,
    pub(crate) upper: bool,
    pub(crate) inclusive: bool,
}

impl Bound {
    pub(crate) fn holds(self, measured: f64) -> bool {
        (self.inclusive && measured == self.value)
            || if self.upper { measured < self.value } else { measured > self.value }
    }
}

/// Reads an objective.
///
/// # Errors
/// When it is none; the error says where and what to write instead.
pub fn parse(text: &str) -> Result<Objective, ObjectiveError> {
    Reader { text, rest: text, ceiling: None }.objective()
}

/// Reads an objective of a load that sends no more requests a second than this.
///
/// # Errors
/// As [`parse`], and when more are demanded.
pub fn parse_under(ceiling: f64, text: &str) -> Result<Objective, ObjectiveError> {
    Reader { text, rest: text, ceiling: Some(ceiling) }.objective()
}

struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
    ceiling: Option<f64>,
}

impl<'a> Reader<'a> {
    fn objective(mut self) -> Result<Objective, ObjectiveError> {
        self.space();
        let (measure, of) = self.measure()?;
        let (upper, inclusive) = self.comparison()?;
        if upper == (measure == Measure::Rate) {
            let hint = if upper { "write rate>=100/s" } else { "write < or <=" };
            return Err(self.error("this is the wrong way round", hint));
        }
        let written = self.rest;
        let bound = Bound { value: self.value(measure)?, upper, inclusive };
        if let Some((message, hint)) = measure.unlawful(bound, self.ceiling) {
            self.rest = written;
            return Err(self.error(message, hint));
        }
        self.space();
        let mut operations = of;
        if operations.is_empty()
            && let Some(rest) = self.rest.strip_prefix("for ")
        {
            self.rest = rest;
            self.space();
            operations = self.operations()?;
            self.space();
        }
        if !self.rest.is_empty() {
            return Err(self.error(
                "something is left over",
                "an objective ends here, or goes on with `for create-user`",
            ));
        }
        Ok(Objective { text: self.text.trim().to_owned(), measure, bound, operations })
    }

    fn measure(&mut self) -> Result<(Measure, &'static [&'static str]), ObjectiveError> {
        let begun = self.rest;
        let word = self.take(|c| c.is_ascii_alphanumeric() || c == '.');
        let measure = match word {
            "p50" => Measure::Latency(0.5),
            "p90" => Measure::Latency(0.9),
            "p99" => Measure::Latency(0.99),
            "p99.9" | "p999" => Measure::Latency(0.999),
            "max" => Measure::Latency(1.0),
            "errors" => Measure::Errors,
            "rate" => Measure::Rate,
            "growth" => return self.growth(),
            _ => {
                self.rest = begun;
                return Err(self.error(
                    "this is nothing that is measured",
                    "write p50, p90, p99, p99.9, max, errors, rate, or growth(add-member)",
                ));
            }
        };
        Ok((measure, &[]))
    }

    fn growth(&mut self) -> Result<(Measure, &'static [&'static str]), ObjectiveError> {
        const HINT: &str = "write growth(add-member)<=0.2";
        let Some(rest) = self.rest.strip_prefix('(') else {
            return Err(self.error("growth of what?", HINT));
        };
        self.rest = rest;
        let begun = self.rest;
        let operations = self.operations()?;
        if operations.len() > 1 {
            self.rest = begun;
            return Err(self.error("growth is of one operation", HINT));
        }
        if !operations.iter().all(|name| operation::SIZED.contains(name)) {
            self.rest = begun;
            let hint = format!("what works on groups grows with them: {}", operation::SIZED.join(", "));
            return Err(self.error("this operation works on nothing that grows", hint));
        }
        let Some(rest) = self.rest.strip_prefix(')') else {
            return Err(self.error("the bracket is not closed", HINT));
        };
        self.rest = rest;
        Ok((Measure::Growth, operations))
    }

    fn operations(&mut self) -> Result<&'static [&'static str], ObjectiveError> {
        let word = self.take(|c| c.is_ascii_lowercase() || c == '-');
        if let Some(operations) = operation::named(word) {
            return Ok(operations);
        }
        self.rest = self.text.get(self.text.len() - self.rest.len() - word.len()..).unwrap_or_default();
        Err(self.error("this is no operation", operation::listed()))
    }

    /// Whether it bounds from above, and whether the bound itself is still well.
    fn comparison(&mut self) -> Result<(bool, bool), ObjectiveError> {
        self.space();
        for (sign, upper, inclusive) in
            [("<=", true, true), (">=", false, true), ("<", true, false), (">", false, false)]
        {
            if let Some(rest) = self.rest.strip_prefix(sign) {
                self.rest = rest;
                self.space();
                return Ok((upper, inclusive));
            }
        }
        Err(self.error("a comparison is missing", "write < or <=; of a rate, > or >="))
    }

    fn value(&mut self, measure: Measure) -> Result<f64, ObjectiveError> {
        let begun = self.rest;
        let number = self.take(|c| c.is_ascii_digit() || c == '.');
        let Some(number) = number.parse::<f64>().ok().filter(|number| number.is_finite()) else {
            self.rest = begun;
            return Err(self.error("a number is missing", "write it with digits and a point, such as 0.5"));
        };
        let begun = self.rest;
        let unit = self.take(|c| c.is_ascii_alphabetic() || c == '%' || c == '/');
        let scale = match (measure, unit) {
            (Measure::Latency(_), "us")
            | (Measure::Errors, "%")
            | (Measure::Rate, "/s")
            | (Measure::Growth, "") => 1.0,
            (Measure::Latency(_), "ms") => 1_000.0,
            (Measure::Latency(_), "s") => 1_000_000.0,
            _ => {
                self.rest = begun;
                let hint = match measure {
                    Measure::Latency(_) => "latency is in us, ms or s, such as 200ms",
                    Measure::Errors => "errors are in percent, such as 0.1%",
                    Measure::Rate => "a rate is per second, such as 100/s",
                    Measure::Growth => "growth is an exponent without a unit, such as 0.2",
                };
                return Err(self.error("the unit does not fit", hint));
            }
        };
        Ok(number * scale)
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        word
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn error(&self, message: &str, hint: impl Into<String>) -> ObjectiveError {
        let before = self.text.len().saturating_sub(self.rest.len());
        let at = self.text.get(..before).map_or(0, |before| before.chars().count());
        ObjectiveError { text: self.text.to_owned(), at, message: message.to_owned(), hint: hint.into() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bound(value: f64, upper: bool, inclusive: bool) -> Bound {
        Bound { value, upper, inclusive }
    }

    #[test]
    fn objectives_are_read() {
        let read = |text: &str| parse(text).map(|read| (read.measure, read.bound, read.operations)).unwrap();
        let create: &[&str] = &["create-user"];
        assert_eq!(
            read("p99<200ms for create-user"),
            (Measure::Latency(0.99), bound(200_000.0, true, false), create)
        );
        assert_eq!(read(" errors <= 0.1% "), (Measure::Errors, bound(0.1, true, true), &[] as &[&str]));
        assert_eq!(
            read("p99.9<1.5s"),
            (Measure::Latency(0.999), bound(1_500_000.0, true, false), &[] as &[&str])
        );
        assert_eq!(read("rate>=100/s"), (Measure::Rate, bound(100.0, false, true), &[] as &[&str]));
        assert_eq!(read("p99<200ms for create").2, ["create-user", "create-group"]);
        assert_eq!(read("errors<1% for writes").2.len(), 7);
        let member: &[&str] = &["add-member"];
        assert_eq!(read("growth(add-member)<=0.2"), (Measure::Growth, bound(0.2, true, true), member));
    }

    const LATENCY: &str =
        "a latency is held to a bound from 1us (with <=; with < above it) up to 86400s, such as 200ms";
    const ERRORS: &str =
        "errors are held to a bound from 0% (with <=; with < above it) up to 100% (with <), such as 0.1%";
    const RATE: &str =
        "a rate is held to a bound from 0/s (with >; with >= above it) up to 1000000/s, such as 100/s";
    const GROWTH: &str = "growth is held to a bound from 0 (with <=; with < above it) up to 10: 0 is constant, 1 linear, 2 quadratic";

    #[test]
    fn bounds_that_some_load_meets_and_some_does_not_are_read() {
        for text in [
            "p99<=1us",
            "p99<1.5us",
            "max<=86400s",
            "errors<=0%",
            "errors<100%",
            "rate>0/s",
            "rate>=1000000/s",
            "growth(add-member)<=0",
            "growth(add-member)<10",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_shown_with_what_to_do() {
        for (text, at, hint) in [
            ("p95<200ms", 0, "write p50, p90, p99, p99.9, max, errors, rate, or growth(add-member)"),
            ("p99=200ms", 3, "write < or <=; of a rate, > or >="),
            ("p99<ms", 4, "write it with digits and a point, such as 0.5"),
            ("p99<200", 7, "latency is in us, ms or s, such as 200ms"),
            ("errors>1%", 7, "write < or <="),
            ("rate<1/s", 5, "write rate>=100/s"),
            ("growth<=0.2", 6, "write growth(add-member)<=0.2"),
            ("growth(member)<=0.2", 7, "write growth(add-member)<=0.2"),
            ("growth(probe)<=0.2", 7, "what works on groups grows with them: add-member, remove-member"),
            ("growth(find-user)<=0.2", 7, "what works on groups grows with them: add-member, remove-member"),
            ("p99<0ms", 4, LATENCY),
            ("p99<=0ms", 5, LATENCY),
            ("p99<0.5us", 4, LATENCY),
            ("p99<1us", 4, LATENCY),
            ("max<86401s for create", 4, LATENCY),
            ("errors<0%", 7, ERRORS),
            ("errors<200%", 7, ERRORS),
            ("errors<=100% for reads", 8, ERRORS),
            ("rate>=0/s", 6, RATE),
            ("rate>1000000/s", 5, RATE),
            ("growth(add-member)<0", 19, GROWTH),
            ("growth(add-member)<=11", 20, GROWTH),
            ("errors<1% today", 10, "an objective ends here, or goes on with `for create-user`"),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!((error.at, error.hint.as_str()), (at, hint), "{text}");
        }
        let error = parse("p99<1s for create-users").unwrap_err();
        assert!(
            error.to_string().starts_with("p99<1s for create-users\n           ^ this is no operation\n"),
            "{error}"
        );
        assert!(error.hint.contains("create (create-user, create-group)"), "{error}");
    }

    #[test]
    fn nobody_demands_more_than_is_sent() {
        for (text, at) in [("rate>=450.5/s", 6), ("rate>450/s for create-user", 5)] {
            let error = parse_under(450.0, text).unwrap_err();
            assert_eq!((error.at, error.message.as_str()), (at, "this can never hold"), "{text}");
            assert!(error.hint.contains("no more than 450/s is sent"), "{error}");
        }
        let lawful = ["rate>=450/s", "rate>449/s", "errors<99%", "p99<500ms"];
        assert!(lawful.iter().all(|text| parse_under(450.0, text).is_ok()));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in ".{0,40}") {
            let _ = parse(&text);
        }

        #[test]
        fn near_misses_do_not_panic(text in "(p99|errors|growth|rate|é)?[(<>=]{0,2}(add-member)?[)]?[0-9.]{0,4}(ms|%|/s|é)?( for )?[a-z-]{0,6}") {
            let _ = parse(&text);
        }
    }
}
