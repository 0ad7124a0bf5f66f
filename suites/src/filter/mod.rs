//! RFC 7644 §3.4.2.2: filters.
//!
//! Every row asks about three people of its own, by values that nobody else has: who else comes back is a stranger.

mod cast;
mod decoys;
mod errors;
mod groups;
mod logic;
mod moments;
mod names;
mod operators;
mod references;
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
        references::CHECKS,
        moments::CHECKS,
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
    /// Whether `totalResults` is judged too.
    counted: bool,
    /// Whether the standard leaves it to servers to have filters of this form.
    optional: bool,
}

impl FilterRow {
    const fn new(
        filter: &'static str,
        finds: &'static [&'static str],
        about: &'static [&'static str],
        under: &'static [ReqId],
    ) -> Self {
        Self { filter, finds, about, under, counted: false, optional: false }
    }

    const fn counted(self) -> Self {
        Self { counted: true, ..self }
    }

    const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    #[track_caller]
    const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(FILTERS)
    }
}

impl Procedure for FilterRow {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let cast = Cast::given(probe, self.about)?;
        let answer = asked(probe, &cast, self.filter, self.optional)?;
        let reply = &answer.first;
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
        Ok(())
    }
}

/// What a filter comes to. Where it is refused, what it is made of must not be. To have none with brackets is lawful, and a
/// surprise for whoever read the announcement.
fn asked(probe: &Probe, cast: &Cast, filter: &str, optional: bool) -> Result<Walked, Stop> {
    let answer = cast.search(probe, filter)?;
    if !answer.first.succeeded() {
        rest_is_answered(probe, cast, filter)?;
    }
    if optional && answer.first.status() == 400 {
        answer.first.note(
            "filters with brackets are refused, though filters are announced: clients that match people by \
             emails[type eq \"work\"] find nobody",
        );
        return Err(Stop::NotSupported("filters of this form, though it announces filters".to_owned()));
    }
    Ok(answer)
}

/// Who refuses to list, or the plainest filter, is not to blame for refusing what is asked beyond that. Nor is one who refuses
/// an operator that another row is about, or every name with a URI.
fn rest_is_answered(probe: &Probe, cast: &Cast, filter: &str) -> Outcome {
    probe.send(list(probe))?.require(success())?;
    if filter == PLAINEST {
        return Ok(());
    }
    cast.search(probe, PLAINEST)?.first.require(success())?;
    if filter.starts_with("urn:") && filter != names::URN.other {
        cast.search(probe, names::URN.other)?.first.require(success())?;
    }
    for (operator, owner) in OWNERS {
        if owner.filter != filter && uses(filter, operator) {
            cast.search(probe, &plainest(operator))?.first.require(success())?;
        }
    }
    Ok(())
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
    ("ne", operators::NE),
    ("gt", operators::GT),
    ("ge", operators::GE),
    ("lt", operators::LT),
    ("le", operators::LE),
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
