use std::collections::BTreeMap;
use std::rc::Rc;

use client::{Method, Request, Sent};

use crate::factory::{Given, Template};
use crate::lag::reads;
use crate::ledger::bare;

/// Resources that checks only look at, made once and lent to each that asks for their like.
#[derive(Debug)]
pub struct Lent {
    /// A text that stands in values of these resources and in nobody else's.
    pub tag: String,
    /// The resources, in the order of their templates.
    pub resources: Vec<Given>,
}

impl Lent {
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.resources.iter().map(Given::path)
    }
}

/// How long a document may be to be kept; those of large servers have some 100 kB.
const DOCUMENT_BYTES_MAX: usize = 256 * 1024;

/// What one worker lends to its checks.
#[derive(Default)]
pub(crate) struct Lending {
    loans: Vec<Loan>,
    /// Documents that nobody changes, by their paths.
    documents: BTreeMap<String, Sent>,
    /// Whether the check at hand has looked at any.
    used: bool,
}

struct Loan {
    /// What they were made of, but for the tag.
    kind: Vec<Template>,
    lent: Rc<Lent>,
    made_us: u64,
    /// Whether the check at hand has looked at them.
    in_use: bool,
}

impl Lending {
    /// Those of a kind, and when they were made.
    pub(crate) fn find(&mut self, kind: &[Template]) -> Option<(Rc<Lent>, u64)> {
        let loan = self.loans.iter_mut().find(|loan| loan.kind == kind)?;
        loan.in_use = true;
        self.used = true;
        Some((Rc::clone(&loan.lent), loan.made_us))
    }

    pub(crate) fn add(&mut self, kind: Vec<Template>, lent: Rc<Lent>, made_us: u64) {
        self.loans.push(Loan { kind, lent, made_us, in_use: true });
        self.used = true;
    }

    /// A document as an earlier check was shown it.
    pub(crate) fn document(&mut self, path: &str) -> Option<Sent> {
        let sent = self.documents.get(path)?;
        self.used = true;
        Some(sent.clone())
    }

    /// Keeps a document for the checks that come next, unless it is long.
    pub(crate) fn remember(&mut self, path: &str, sent: &Sent) {
        let short = sent
            .outcome
            .as_ref()
            .is_ok_and(|answer| answer.status == 200 && answer.body.len() <= DOCUMENT_BYTES_MAX);
        if short {
            self.documents.insert(path.to_owned(), sent.clone());
            self.used = true;
        }
    }

    /// Whether the check at hand has looked at anything lent.
    pub(crate) const fn is_used(&self) -> bool {
        self.used
    }

    /// The next check begins.
    pub(crate) fn rest(&mut self) {
        self.used = false;
        self.loans.iter_mut().for_each(|loan| loan.in_use = false);
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.loans.iter().any(|loan| loan.lent.paths().any(|lent| lent == path))
    }

    /// Lends no more of what the check at hand has looked at.
    pub(crate) fn withdraw_used(&mut self) -> Vec<Rc<Lent>> {
        self.documents.clear();
        self.withdraw(|loan| loan.in_use)
    }

    /// Lends no more of what a request changes.
    pub(crate) fn withdraw_written(&mut self, request: &Request) -> Vec<Rc<Lent>> {
        if reads(request) || *request.method() == Method::POST {
            return Vec::new();
        }
        let path = bare(request.path());
        self.withdraw(|loan| loan.lent.paths().any(|lent| lent == path))
    }

    pub(crate) fn withdraw_all(&mut self) -> Vec<Rc<Lent>> {
        self.withdraw(|_| true)
    }

    fn withdraw(&mut self, which: impl Fn(&Loan) -> bool) -> Vec<Rc<Lent>> {
        let (withdrawn, left) = std::mem::take(&mut self.loans).into_iter().partition(|loan| which(loan));
        self.loans = left;
        let withdrawn: Vec<Loan> = withdrawn;
        withdrawn.into_iter().map(|loan| loan.lent).collect()
    }
}
