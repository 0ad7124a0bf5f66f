//! A result set over all its pages: a page may hold less than it was asked for.

use client::Request;
use harness::expect::{holds, success};
use harness::{Probe, Reply, Stop};
use record::At;
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
    let total = promised(&first);
    let mut last = None;
    while resources.len() <= enough && (resources.len() as u64) < total {
        let page = page_of(probe, &starting(list, resources.len() + 1))?;
        let found = items(&page).len();
        resources.extend_from_slice(items(&page));
        last = Some(page);
        if found == 0 {
            break;
        }
    }
    Ok(Walked { first, last, resources })
}

/// How many pages anybody looks through. Who is not found on so many stands among strangers without number.
const PAGES_MAX: usize = 50;

/// A resource that is looked for in a list by whoever sees each of its pages.
pub(crate) struct Sought<'a> {
    pub(crate) list: &'a Request,
    /// The attribute that holds its name, and the name. A list that is too long is narrowed to it, where the target
    /// has filters.
    pub(crate) key: &'a str,
    pub(crate) name: &'a str,
}

impl Sought<'_> {
    /// The same list, narrowed to the name.
    pub(crate) fn narrowed(&self) -> Request {
        self.list.clone().query("filter", &format!("{} eq {}", self.key, Value::from(self.name)))
    }

    /// Shows the pages of the list, until there are no more or it is enough; whether it was. Blocks where there are more
    /// than can be looked through. Only what follows the first page is asked for by `startIndex`.
    pub(crate) fn look_through(
        &self,
        probe: &Probe,
        mut enough: impl FnMut(&Reply) -> Result<bool, Stop>,
    ) -> Result<Found, Stop> {
        let mut list = self.list.clone();
        let mut page = page_of(probe, &list)?;
        if is_too_long(&page) && probe.service().claims("filter") {
            list = self.narrowed();
            page = page_of(probe, &list)?;
        }
        let long = if is_too_long(&page) { Err(promised(&page).to_string()) } else { Ok(()) };
        page.require(holds(format!("no more resources than stand on {PAGES_MAX} pages"), At::Body, long))?;
        let mut passed = 0;
        for _ in 0..PAGES_MAX {
            if enough(&page)? {
                return Ok(Found::Enough);
            }
            passed += items(&page).len();
            if items(&page).is_empty() || passed as u64 >= promised(&page) {
                return Ok(Found::All(page));
            }
            page = page_of(probe, &starting(&list, passed + 1))?;
        }
        let endless = Err("yet another".to_owned());
        page.require(holds(format!("no more than {PAGES_MAX} pages"), At::Body, endless))?;
        Ok(Found::All(page))
    }
}

fn page_of(probe: &Probe, list: &Request) -> Result<Reply, Stop> {
    let page = probe.send(list.clone())?;
    page.require(success())?;
    Ok(page)
}

/// How somebody got to the end of a list.
pub(crate) enum Found {
    /// He had seen enough.
    Enough,
    /// There was no more; this was the last page.
    All(Reply),
}

/// Whether the pages that a first one promises are too many, if they are all as long.
fn is_too_long(first: &Reply) -> bool {
    promised(first) > (items(first).len() * PAGES_MAX) as u64 && !items(first).is_empty()
}

/// How many resources a list says that there are. A number written as text promises as much as a number.
fn promised(page: &Reply) -> u64 {
    let total = page.at("/totalResults").map(Value::to_string);
    total.and_then(|total| total.trim_matches('"').parse().ok()).unwrap_or(0)
}

/// The resources of one page.
pub(crate) fn items(reply: &Reply) -> &[Value] {
    reply.at("/Resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
