//! What a check looks at and need not have for itself.

use std::cell::Cell;
use std::rc::Rc;

use client::Request;
use serde_json::Value;

use super::Probe;
use crate::factory::{Template, minimal_user};
use crate::lag::Lag;
use crate::lending::Lent;
use crate::reply::Reply;
use crate::stop::Stop;
use crate::trace::Trace;

/// Where the names of a second attempt begin, so that a target that still holds those of the first says nothing of it.
const SECOND_COUNT: u32 = 100;

impl Probe {
    /// A line for another attempt at the same check, which looks at nothing but what it makes itself.
    pub(crate) fn alone(&self, trace: Rc<Trace>) -> Self {
        let session = Rc::clone(&self.session);
        let lag = Lag::new(session.shared.target.lag());
        let budget = Rc::clone(&self.budget);
        Self { session, trace, counter: Cell::new(SECOND_COUNT), budget, lag, alone: true }
    }

    /// Resources that the check only looks at: those of an earlier check that asked for the like, or else new ones. `make` says
    /// what they are, given a text to tell them from all others by. A check that changes one asks for
    /// [its own](Self::given_all) instead.
    ///
    /// What is lent can prove a server right and never wrong: a check that does not pass with it is made once more, with
    /// resources of its own, and only that counts.
    ///
    /// # Errors
    ///
    /// As [`Probe::given`].
    pub fn lent(&self, make: impl Fn(&str) -> Vec<Template>) -> Result<Rc<Lent>, Stop> {
        let kind = make("");
        if !self.alone
            && let Some((lent, made_us)) = self.session.lent(&kind)
        {
            self.lag.wrote_before(made_us);
            // How they came to be is part of what the check looks at.
            lent.resources.iter().for_each(|resource| self.trace.sent(resource.created_by.1));
            return Ok(lent);
        }
        let set = self.session.shared.factory.set();
        let body = self.filled(&minimal_user(), &format!("{set}-0"));
        let name = body.get("userName").and_then(Value::as_str).unwrap_or_default();
        // Where names are addresses, what stands in front of the sign tells them apart; the whole one would be two in an address.
        let tag = name.split('@').next().unwrap_or(name).to_owned();
        let templates = make(&tag).into_iter().zip(1..);
        let made = templates.map(|(template, number)| self.create(&template, format!("{set}-{number}")));
        let resources = made.collect::<Result<_, _>>()?;
        let lent = Rc::new(Lent { tag, resources });
        if !self.alone {
            self.session.lend(kind, &lent);
        }
        Ok(lent)
    }

    /// What a GET of a path shows that nobody changes, such as a discovery document: as an earlier check was shown it, or else
    /// asked for. As with [what is lent](Self::lent), it can prove a server right and never wrong.
    ///
    /// # Errors
    ///
    /// As [`Probe::send`].
    pub fn document(&self, path: &str) -> Result<Reply, Stop> {
        let request = Request::get(path);
        if self.alone {
            return self.send(request);
        }
        if let Some(sent) = self.session.document(path) {
            self.trace.sent(sent.number);
            return self.reply(sent, &request);
        }
        self.budget.spend(1)?;
        let sent = self.deliver(std::slice::from_ref(&request))?.pop();
        let sent = sent.ok_or_else(|| Stop::Error("a request without an answer".to_owned()))?;
        self.session.remember(path, &sent);
        self.reply(sent, &request)
    }
}
