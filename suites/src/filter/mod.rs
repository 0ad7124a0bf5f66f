//! RFC 7644 §3.4.2.2: filters.
//!
//! Every row asks about three people of its own, by values that nobody else has: who else comes back is a stranger.

mod cast;
mod decoys;
mod errors;
mod groups;
mod logic;
mod names;
mod operators;
mod types;
mod words;

use client::Request;
use harness::expect::{equals, holds, success};
use harness::{Capability, Check, Expectation, Outcome, Probe, Procedure, Stop, capability};
use record::ReqId;

use crate::places;
use crate::walk::Walked;
use cast::Cast;

/// What a row needs of the target.
pub(crate) const FILTERS: &[Capability] =
    &[capability::CREATE_USER, capability::READ_USER, capability::FILTER_USER];

/// Every check of filters.
pub(crate) fn checks() -> Vec<Check> {
    [
        operators::CHECKS,
        decoys::CHECKS,
        types::CHECKS,
        logic::CHECKS,
        words::CHECKS,
        names::CHECKS,
        errors::CHECKS,
        groups::CHECKS,
    ]
    .concat()
}

/// A filter and the people that it is to find.
pub(crate) struct FilterRow {
    filter: &'static str,
    finds: &'static [&'static str],
    /// The attributes that it asks about, beyond those that everybody has.
    about: &'static [&'static str],
    under: &'static [ReqId],
    /// A filter of the same form and whom it finds: where that finds nobody, finding nobody means nothing.
    control: Option<(&'static str, &'static [&'static str])>,
    /// Whether `totalResults` is judged too.
    counted: bool,
    /// Whether the standard leaves it to servers to have filters of this form.
    optional: bool,
}

impl FilterRow {
    pub(super) const fn new(
        filter: &'static str,
        finds: &'static [&'static str],
        about: &'static [&'static str],
        under: &'static [ReqId],
    ) -> Self {
        Self { filter, finds, about, under, control: None, counted: false, optional: false }
    }

    pub(super) const fn while_finding(self, filter: &'static str, finds: &'static [&'static str]) -> Self {
        Self { control: Some((filter, finds)), ..self }
    }

    pub(super) const fn counted(self) -> Self {
        Self { counted: true, ..self }
    }

    pub(super) const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    #[track_caller]
    pub(super) const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(FILTERS)
    }
}

impl FilterRow {
    /// Who refuses the plainest filter, or to list at all, is not to blame for refusing what is asked beyond that. Nor is
    /// one who refuses an operator that another row is about.
    fn rest_is_answered(&self, probe: &Probe, cast: &Cast) -> Outcome {
        probe.send(list(probe))?.require(success())?;
        if self.filter == PLAINEST {
            return Ok(());
        }
        cast.search(probe, PLAINEST)?.first.require(success())?;
        for (operator, owner) in OWNERS {
            if owner.filter != self.filter && uses(self.filter, operator) {
                cast.search(probe, &plainest(operator))?.first.require(success())?;
            }
        }
        Ok(())
    }
}

impl Procedure for FilterRow {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let cast = Cast::given(probe, self.about)?;
        let answer = cast.search(probe, self.filter)?;
        let reply = &answer.first;
        if !reply.succeeded() {
            self.rest_is_answered(probe, &cast)?;
        }
        if self.optional && reply.status() == 400 {
            // Lawful, and still a surprise for whoever read the announcement.
            reply.note(
                "filters with brackets are refused, though filters are announced: clients that match people by \
                 emails[type eq \"work\"] find nobody",
            );
            return Err(Stop::NotSupported("filters of this form, though it announces filters".to_owned()));
        }
        let exactly = exactly(&cast, &answer, self.finds);
        if exactly.is_err() || !reply.succeeded() {
            cast.confirm(probe, self.about)?;
        }
        for requirement in self.under {
            reply.expect(success().under(*requirement))?;
            reply.expect(found(self.finds, exactly.clone()).under(*requirement))?;
            if self.counted {
                reply.expect(equals("/totalResults", self.finds.len()).under(*requirement))?;
            }
        }
        let Some((filter, finds)) = self.control else { return Ok(()) };
        let control = cast.search(probe, filter)?;
        control.first.require(success())?;
        control.first.require(found(finds, self::exactly(&cast, &control, finds)))
    }
}

/// Whether exactly these people came, and who did otherwise.
fn exactly(cast: &Cast, answer: &Walked, wanted: &[&str]) -> Result<(), String> {
    let (found, strangers) = cast.among(answer);
    match (found == wanted, strangers) {
        (true, 0) => Ok(()),
        (_, 0) => Err(format!("{found:?}")),
        (_, strangers) => Err(format!("{found:?} and {strangers} others")),
    }
}

fn found(wanted: &[&str], outcome: Result<(), String>) -> Expectation {
    holds(format!("of its three people {wanted:?}, and nobody else"), places::resources(), outcome)
}

/// The filter that every target has which has any.
pub(super) const PLAINEST: &str = r#"userName eq "{ada}""#;

/// The operators that rows use beside what they are about, and the row that is to blame where one is refused.
const OWNERS: &[(&str, &FilterRow)] = &[
    ("and", logic::AND),
    ("or", logic::OR),
    ("not", logic::NOT),
    ("sw", operators::SW),
    ("co", operators::CO),
    ("ew", operators::EW),
    ("pr", operators::PR),
    ("gt", operators::GT),
    ("lt", operators::LT),
];

fn uses(filter: &str, operator: &str) -> bool {
    filter.split([' ', '(']).any(|word| word == operator)
}

/// A filter of one operator and little else. Each finds somebody: not every target lets nobody be found.
fn plainest(operator: &str) -> String {
    match operator {
        "and" | "or" => format!("{PLAINEST} {operator} {PLAINEST}"),
        "not" => "not (userName eq \"{tag}\")".to_owned(),
        "pr" => "userName pr".to_owned(),
        // Ada's name begins with the tag, and so comes after it.
        "gt" | "ge" | "ne" => format!("userName {operator} \"{{tag}}\""),
        "lt" | "le" => format!("userName {operator} \"{{ada}}z\""),
        _ => format!("userName {operator} \"{{ada}}\""),
    }
}

fn list(probe: &Probe) -> Request {
    Request::get(probe.service().endpoint("User")).query("count", "100")
}
