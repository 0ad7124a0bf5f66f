//! A result set over all its pages: a page may hold less than it was asked for.

use client::Request;
use harness::expect::success;
use harness::{Probe, Reply, Stop};
use serde_json::Value;

/// What a query came to.
pub(crate) struct Walked {
    /// The answer, or the first of several that the target gave in pages.
    pub(crate) first: Reply,
    last: Option<Reply>,
    pub(crate) resources: Vec<Value>,
}

impl Walked {
    /// The answer after which nothing more came.
    pub(crate) fn last(&self) -> &Reply {
        self.last.as_ref().unwrap_or(&self.first)
    }

    /// The ids of all resources, in order.
    pub(crate) fn ids(&self) -> Vec<&str> {
        self.resources.iter().filter_map(|resource| resource.get("id")?.as_str()).collect()
    }
}

/// Asks for a list, and for what follows while `totalResults` promises more. Whoever gets more than `enough` resources
/// knows that there are strangers among them, and need not see them all. Only what follows is asked for by `startIndex`,
/// so that a target that refuses the parameter still answers what fits in a page.
pub(crate) fn walk(probe: &Probe, enough: usize, list: &Request) -> Result<Walked, Stop> {
    let first = probe.send(list.clone())?;
    follow(probe, enough, list, first)
}

/// The same for who is about pages: the first is asked for by its `startIndex` too.
pub(crate) fn walk_pages(probe: &Probe, enough: usize, list: &Request) -> Result<Walked, Stop> {
    let first = probe.send(starting(list, 1))?;
    follow(probe, enough, list, first)
}

fn starting(list: &Request, start: usize) -> Request {
    list.clone().query("startIndex", &start.to_string())
}

fn follow(probe: &Probe, enough: usize, list: &Request, first: Reply) -> Result<Walked, Stop> {
    let mut resources = items(&first).to_vec();
    // A number written as text promises as much as a number.
    let total = first.at("/totalResults").and_then(|total| total.to_string().trim_matches('"').parse().ok());
    let total: u64 = total.unwrap_or(0);
    let mut last = None;
    while resources.len() <= enough && (resources.len() as u64) < total {
        let page = probe.send(starting(list, resources.len() + 1))?;
        page.require(success())?;
        let found = items(&page).len();
        resources.extend_from_slice(items(&page));
        last = Some(page);
        if found == 0 {
            break;
        }
    }
    Ok(Walked { first, last, resources })
}

/// The resources of one page.
pub(crate) fn items(reply: &Reply) -> &[Value] {
    reply.at("/Resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
