use harness::expect::{holds, success};
use harness::{Check, Outcome, Probe, Procedure, Template};
use record::{At, ReqId};

use super::crew::Crew;
use super::{judge, refused};
use crate::filter::FILTERS;
use crate::walk::Walked;

/// What comes of one filter.
pub(super) enum Comes {
    Finds(&'static [&'static str]),
    /// 400 invalidFilter.
    Refused,
    /// 403 sensitive.
    Forbidden,
}

/// A lawful reading: its name, and what comes of each filter by it.
pub(super) type Reading = (&'static str, &'static [Comes]);
/// A filter and whom it finds.
pub(super) type Found = (&'static str, &'static [&'static str]);

/// Filters that can be read in several ways, asked about three people.
pub(super) struct Question {
    pub(super) asks: &'static [&'static str],
    pub(super) lawful: &'static [Reading],
    /// A filter of the same form that can be read in one way.
    pub(super) twin: Found,
    /// The attributes that people differ in.
    pub(super) about: &'static [&'static str],
    pub(super) people: fn(&str) -> [Template; 3],
    /// Who is to have no value of what.
    pub(super) without: &'static [(&'static str, &'static str)],
    /// Who has a value that servers need not keep, at which attribute, and what a server lacks that does not.
    pub(super) odd: Option<(&'static str, &'static str, &'static str)>,
    pub(super) under: &'static [ReqId],
}

impl Question {
    #[track_caller]
    pub(super) const fn check(&'static self, id: &'static str, title: &'static str) -> Check {
        Check::active(id, self).title(title).verifies(self.under).needs(FILTERS)
    }
}

impl Procedure for Question {
    fn run(&self, probe: &mut Probe) -> Outcome {
        let crew = Crew::given(probe, self)?;
        let (twin, finds) = self.twin;
        let known = crew.search(probe, twin)?;
        known.first.require(success())?;
        let is_found = crew.among(&known) == (finds.to_vec(), 0);
        let found = if is_found { Ok(()) } else { Err(told(&crew, &known)) };
        known.first.require(holds(format!("{finds:?} and nobody else"), At::Body, found))?;
        let mut answers = Vec::new();
        for filter in self.asks {
            answers.push(crew.search(probe, filter)?);
        }
        let Some(last) = answers.last() else { return Ok(()) };
        let is =
            |(_, comes): &&Reading| comes.iter().zip(&answers).all(|(comes, answer)| comes.is(&crew, answer));
        let read = self.lawful.iter().find(is).map(|(name, _)| *name);
        let came: Vec<String> = answers.iter().map(|answer| told(&crew, answer)).collect();
        judge(
            &last.first,
            read,
            &self.lawful.iter().map(in_words).collect::<Vec<_>>().join("; "),
            &came.join(", then "),
            self.under,
        )
    }
}

impl Comes {
    fn is(&self, crew: &Crew, answer: &Walked) -> bool {
        match self {
            Self::Finds(wanted) => answer.first.status() == 200 && crew.among(answer) == (wanted.to_vec(), 0),
            Self::Refused => refused(&answer.first, 400, "invalidFilter"),
            Self::Forbidden => refused(&answer.first, 403, "sensitive"),
        }
    }
}

fn in_words((name, comes): &Reading) -> String {
    let each = comes.iter().map(|comes| match comes {
        Comes::Finds(wanted) => format!("{wanted:?}"),
        Comes::Refused => "400 invalidFilter".to_owned(),
        Comes::Forbidden => "403 sensitive".to_owned(),
    });
    format!("{name} ({})", each.collect::<Vec<_>>().join(", then "))
}

fn told(crew: &Crew, answer: &Walked) -> String {
    match crew.among(answer) {
        _ if !answer.first.succeeded() => {
            let keyword = answer.first.at("/scimType").and_then(|found| found.as_str()).unwrap_or_default();
            format!("{} {keyword}", answer.first.status()).trim_end().to_owned()
        }
        (found, 0) => format!("{found:?}"),
        (found, strangers) => format!("{found:?} and {strangers} others"),
    }
}
