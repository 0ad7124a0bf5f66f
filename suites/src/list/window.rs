//! RFC 7644 §3.4.2.4: pages of a result set that is known to the last resource.

use std::rc::Rc;

use client::Request;
use harness::expect::{absent, equals, holds, status, success};
use harness::{Capability, Check, Lent, Outcome, Probe, Reply, Stop, capability, minimal_user, sound};
use record::At;

use super::is_too_many;
use crate::places;
use crate::requirements::rfc7644;
use crate::walk::{Walked, items, walk, walk_pages};

pub(crate) const CHECKS: &[Check] = &[
    Check::active("paging.pages-join", &pages_join)
        .title("pages of two join to the whole of what a filter finds, without gap or overlap")
        .verifies(&[rfc7644::PAGES_COVER_WHOLE_RESULT])
        .needs(PAGES),
    Check::active("paging.total-is-stable", &total_is_stable)
        .title("totalResults is the number of matches on every page, whatever its size")
        .verifies(&[rfc7644::TOTALRESULTS_COUNTS_ALL_MATCHES])
        .needs(PAGES),
    Check::active("paging.beyond-the-end-is-empty", &beyond_the_end_is_empty)
        .title("a page beyond the end holds nothing, and still tells the total")
        .verifies(&[rfc7644::TOTALRESULTS_COUNTS_ALL_MATCHES])
        .needs(PAGES),
    Check::active("paging.count-zero-finds-the-total", &count_zero_finds_the_total)
        .title("count=0 tells how many match a filter, and shows none")
        .verifies(&[rfc7644::COUNT_ZERO_RETURNS_TOTAL_ONLY])
        .needs(PAGES),
    Check::active("paging.starts-at-one", &starts_at_one)
        .title("without startIndex a list starts at 1")
        .verifies(&[rfc7644::STARTINDEX_DEFAULTS_TO_ONE])
        .needs(PAGES),
    Check::active("paging.negative-start-is-one", &negative_start_is_one)
        .title("with a negative startIndex a list starts at 1")
        .verifies(&[rfc7644::STARTINDEX_BELOW_ONE_IS_ONE])
        .needs(PAGES),
    Check::active("paging.counts-its-page", &counts_its_page)
        .title("itemsPerPage is the number of resources in the page, asked for or not")
        .verifies(&[rfc7644::ITEMSPERPAGE_IS_PAGE_SIZE])
        .needs(PAGES),
    Check::active("paging.tells-where-it-starts", &tells_where_it_starts)
        .title("startIndex of an answer is the position of its first resource")
        .verifies(&[rfc7644::ECHOED_STARTINDEX_IS_PAGE_START])
        .needs(PAGES),
    Check::active("paging.holds-to-count", &holds_to_count)
        .title("a page of what a filter finds holds no more than count asks for")
        .verifies(&[rfc7644::PAGE_NEVER_EXCEEDS_COUNT])
        .needs(PAGES),
];
const _: () = sound(CHECKS);

const PAGES: &[Capability] =
    &[capability::CREATE_USER, capability::READ_USER, capability::LIST_USERS, capability::FILTER_USER];

/// Five people that one filter finds.
struct Five {
    lent: Rc<Lent>,
    filter: String,
}

impl Five {
    fn given(probe: &Probe) -> Result<Self, Stop> {
        let lent = probe.lent(|_| vec![minimal_user(); 5])?;
        // Names differ in what stands behind their last hyphen.
        let name = lent.resources.first().map_or("", |person| person.name.as_str());
        let tag = name.rsplit_once('-').map_or(name, |(tag, _)| tag);
        let five = Self { filter: format!("userName sw \"{tag}-\""), lent };
        // A filter that does not find them says nothing of pages.
        let all = walk(probe, 5, &five.page(probe, &[]))?;
        if is_too_many(&all.first) {
            return Err(Stop::NotSupported("lists of five resources for which no count is asked".to_owned()));
        }
        all.first.require(success())?;
        all.first.require(holds("the five people created", At::Body, five.each_once(&all)))?;
        Ok(five)
    }

    fn page(&self, probe: &Probe, parameters: &[(&str, &str)]) -> Request {
        let list = Request::get(probe.service().endpoint("User")).query("filter", &self.filter);
        parameters.iter().fold(list, |list, (name, value)| list.query(name, value))
    }

    fn ask(&self, probe: &Probe, parameters: &[(&str, &str)]) -> Result<Reply, Stop> {
        let page = probe.send(self.page(probe, parameters))?;
        page.require(success())?;
        Ok(page)
    }

    fn each_once(&self, walked: &Walked) -> Result<(), String> {
        let mut seen = walked.ids();
        let mut wanted: Vec<&str> = self.lent.resources.iter().map(|person| person.id.as_str()).collect();
        seen.sort_unstable();
        wanted.sort_unstable();
        if seen == wanted { Ok(()) } else { Err(format!("{} resources: {}", seen.len(), seen.join(", "))) }
    }
}

fn pages_join(probe: &mut Probe) -> Outcome {
    let five = Five::given(probe)?;
    let pages = five.page(probe, &[("count", "2")]);
    probe.send(pages.clone())?.require(success())?;
    let second = probe.send(pages.clone().query("startIndex", "3"))?;
    if !second.succeeded() {
        // What stands behind the first page is out of reach then. Other checks only need it.
        return second.expect(success());
    }
    let walked = walk_pages(probe, 5, &pages)?;
    walked.first.expect(holds("each of the five once", places::resources(), five.each_once(&walked)))
}

fn total_is_stable(probe: &mut Probe) -> Outcome {
    let five = Five::given(probe)?;
    for (start, count) in [("1", "1"), ("1", "2"), ("3", "2"), ("5", "2"), ("1", "100")] {
        let page = five.ask(probe, &[("startIndex", start), ("count", count)])?;
        page.expect(equals("/totalResults", 5))?;
    }
    Ok(())
}

fn beyond_the_end_is_empty(probe: &mut Probe) -> Outcome {
    let five = Five::given(probe)?;
    five.ask(probe, &[("startIndex", "5"), ("count", "2")])?;
    let page = probe.send(five.page(probe, &[("startIndex", "6"), ("count", "2")]))?;
    page.expect(status(200))?;
    page.expect(absent("/Resources/0"))?;
    page.expect(equals("/totalResults", 5))
}

fn count_zero_finds_the_total(probe: &mut Probe) -> Outcome {
    let page = Five::given(probe)?.ask(probe, &[("count", "0")])?;
    page.expect(absent("/Resources/0"))?;
    if page.at("/Resources").is_none() {
        page.note("a list that shows nobody has no Resources");
    }
    page.expect(equals("/totalResults", 5))
}

/// Both answers begin with the same resource.
fn begins_like(page: &Reply, first: &Reply) -> Outcome {
    let id =
        |reply: &Reply| items(reply).first().and_then(|item| item.get("id")).cloned().unwrap_or_default();
    page.expect(equals("/Resources/0/id", id(first)))
}

fn starts_at_one(probe: &mut Probe) -> Outcome {
    let five = Five::given(probe)?;
    let first = five.ask(probe, &[("startIndex", "1"), ("count", "1")])?;
    begins_like(&five.ask(probe, &[("count", "1")])?, &first)
}

fn negative_start_is_one(probe: &mut Probe) -> Outcome {
    let five = Five::given(probe)?;
    let first = five.ask(probe, &[("startIndex", "1"), ("count", "1")])?;
    let page = probe.send(five.page(probe, &[("startIndex", "-3"), ("count", "1")]))?;
    page.expect(status(200))?;
    begins_like(&page, &first)
}

fn counts_its_page(probe: &mut Probe) -> Outcome {
    let five = Five::given(probe)?;
    for parameters in [&[("count", "2")][..], &[("startIndex", "5"), ("count", "2")], &[]] {
        let page = five.ask(probe, parameters)?;
        if page.at("/itemsPerPage").is_some() {
            page.expect(equals("/itemsPerPage", items(&page).len()))?;
        } else {
            page.note("itemsPerPage is not given");
        }
    }
    Ok(())
}

fn tells_where_it_starts(probe: &mut Probe) -> Outcome {
    let five = Five::given(probe)?;
    for start in [2_u32, 4, 5] {
        let page = five.ask(probe, &[("startIndex", &start.to_string()), ("count", "1")])?;
        page.expect(equals("/startIndex", start))?;
    }
    Ok(())
}

fn holds_to_count(probe: &mut Probe) -> Outcome {
    let five = Five::given(probe)?;
    for count in [1_usize, 2, 4] {
        let page = five.ask(probe, &[("count", &count.to_string())])?;
        page.expect(harness::expect::page_of_at_most(count))?;
        let shown = items(&page).len();
        if shown < count {
            page.note(&format!("of five resources a page of {count} shows {shown}"));
        }
    }
    Ok(())
}
