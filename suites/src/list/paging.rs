//! RFC 7644 §3.4.2.4: pages.

use std::collections::BTreeSet;

use client::Request;
use harness::expect::{equals, holds, integer, page_of_at_most, pointer_that, status, success};
use harness::{Check, Outcome, Probe, Reply, Stop, sound};
use serde_json::Value;

use super::{LISTS, items, plain, three, users};
use crate::places;
use crate::requirements::rfc7644;

pub(crate) const CHECKS: &[Check] = &[
    Check::active("list.holds-to-count", &holds_to_count)
        .title("a page holds no more resources than count asks for")
        .verifies(&[rfc7644::PAGE_NEVER_EXCEEDS_COUNT])
        .needs(LISTS),
    Check::active("list.count-zero-gives-the-total", &count_zero_gives_the_total)
        .title("count=0 gives the total and no resources")
        .verifies(&[rfc7644::COUNT_ZERO_RETURNS_TOTAL_ONLY])
        .needs(LISTS),
    Check::active("list.negative-count-is-zero", &negative_count_is_zero)
        .title("a negative count is read as 0")
        .verifies(&[rfc7644::NEGATIVE_COUNT_IS_ZERO])
        .needs(LISTS),
    Check::active("list.start-below-one-is-one", &start_below_one_is_one)
        .title("a startIndex below 1 is read as 1")
        .verifies(&[rfc7644::STARTINDEX_BELOW_ONE_IS_ONE])
        .needs(LISTS),
    Check::active("list.page-describes-itself", &page_describes_itself)
        .title("a partial list says where it starts and how many resources it holds")
        .verifies(&[
            rfc7644::ITEMSPERPAGE_IS_PAGE_SIZE,
            rfc7644::PARTIAL_LIST_HAS_STARTINDEX,
            rfc7644::PARTIAL_LIST_HAS_ITEMSPERPAGE,
            rfc7644::ECHOED_STARTINDEX_IS_PAGE_START,
        ])
        .needs(LISTS),
    Check::active("list.pages-cover-everything", &pages_cover_everything)
        .title("pages joined by startIndex hold every resource, and none twice")
        .verifies(&[rfc7644::PAGES_COVER_WHOLE_RESULT, rfc7644::TOTALRESULTS_COUNTS_ALL_MATCHES])
        .needs(LISTS)
        .alone(),
];
const _: () = sound(CHECKS);

fn holds_to_count(probe: &mut Probe) -> Outcome {
    three(probe)?;
    for count in [1_usize, 2] {
        let reply = probe.send(users(probe).query("count", &count.to_string()))?;
        reply.require(success())?;
        reply.expect(page_of_at_most(count))?;
    }
    Ok(())
}

fn total_without_resources(reply: &Reply) -> Outcome {
    reply.expect(page_of_at_most(0))?;
    reply.expect(pointer_that("/totalResults", "at least the 3 created", |total| total.as_u64() >= Some(3)))
}

fn count_zero_gives_the_total(probe: &mut Probe) -> Outcome {
    three(probe)?;
    let reply = probe.send(users(probe).query("count", "0"))?;
    reply.require(success())?;
    total_without_resources(&reply)
}

fn negative_count_is_zero(probe: &mut Probe) -> Outcome {
    three(probe)?;
    plain(probe)?;
    let reply = probe.send(users(probe).query("count", "-1"))?;
    reply.expect(status(200))?;
    total_without_resources(&reply)
}

fn start_below_one_is_one(probe: &mut Probe) -> Outcome {
    three(probe)?;
    probe.send(users(probe).query("startIndex", "1").query("count", "1"))?.require(success())?;
    for start in ["0", "-5"] {
        let reply = probe.send(users(probe).query("startIndex", start).query("count", "1"))?;
        reply.expect(status(200))?;
        if reply.at("/startIndex").is_some() {
            reply.expect(equals("/startIndex", 1))?;
        }
    }
    Ok(())
}

fn page_describes_itself(probe: &mut Probe) -> Outcome {
    three(probe)?;
    let reply = probe.send(users(probe).query("startIndex", "2").query("count", "1"))?;
    reply.require(success())?;
    reply.expect(integer("/startIndex").under(rfc7644::PARTIAL_LIST_HAS_STARTINDEX))?;
    reply.expect(integer("/itemsPerPage").under(rfc7644::PARTIAL_LIST_HAS_ITEMSPERPAGE))?;
    reply.expect(equals("/startIndex", 2).under(rfc7644::ECHOED_STARTINDEX_IS_PAGE_START))?;
    reply.expect(equals("/itemsPerPage", items(&reply).len()))?;
    // A page that runs past the end holds less than was asked for, and has to say so.
    let total = reply.at("/totalResults").and_then(Value::as_u64).unwrap_or(1);
    let last = probe.send(users(probe).query("startIndex", &total.to_string()).query("count", "50"))?;
    last.require(success())?;
    last.expect(equals("/itemsPerPage", items(&last).len()))
}

fn pages_cover_everything(probe: &mut Probe) -> Outcome {
    let created: Vec<String> = three(probe)?.resources.iter().map(|user| user.id.clone()).collect();
    match cover(probe, &probe.service().endpoint("User"), &created)? {
        Some((last, count)) => {
            last.expect(equals("/totalResults", count).under(rfc7644::TOTALRESULTS_COUNTS_ALL_MATCHES))
        }
        None => Ok(()),
    }
}

/// Walks a list in pages while nobody else writes, until a page brings nothing new. Holds where it comes across all
/// that was created, and across nothing twice; gives the last page and how many there are, unless somebody else was
/// seen to write.
pub(crate) fn cover(
    probe: &Probe,
    endpoint: &str,
    created: &[String],
) -> Result<Option<(Reply, usize)>, Stop> {
    let before = whole_size(probe, endpoint)?;
    let page_size = page_size(before);
    let mut seen = 0;
    let mut distinct = BTreeSet::new();
    loop {
        let request = Request::get(endpoint).query("startIndex", &(seen + 1).to_string());
        let page = probe.send(request.query("count", &page_size.to_string()))?;
        page.require(success())?;
        let known = distinct.len();
        let ids = items(&page).iter().filter_map(|item| item.get("id")?.as_str().map(str::to_owned));
        for id in ids {
            seen += 1;
            distinct.insert(id);
        }
        if distinct.len() > known {
            continue;
        }
        let missing = created.iter().filter(|id| !distinct.contains(*id)).count();
        if whole_size(probe, endpoint)? != before {
            // Somebody else writes here; pages by index shift then, and nobody is to blame.
            page.note("the number of resources changed while the pages were read, so they were not compared");
            return Ok(None);
        }
        let outcome = match (missing, seen - distinct.len()) {
            (0, 0) => Ok(()),
            (0, twice) => Err(format!("{twice} resources came twice")),
            (missing, _) => Err(format!("{missing} of the {} created never came", created.len())),
        };
        page.expect(holds("every resource created, once", places::resources(), outcome))?;
        return Ok(Some((page, distinct.len())));
    }
}

fn whole_size(probe: &Probe, endpoint: &str) -> Result<u64, Stop> {
    let reply = probe.send(Request::get(endpoint).query("count", "1"))?;
    reply.require(success())?;
    Ok(reply.at("/totalResults").and_then(Value::as_u64).unwrap_or(0))
}

/// Two for a small directory, so that there are pages to join; more for a large one, so that there are not too many.
fn page_size(total: u64) -> u64 {
    const PAGES_ABOUT: u64 = 20;
    (total / PAGES_ABOUT).max(2)
}
