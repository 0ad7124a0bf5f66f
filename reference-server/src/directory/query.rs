//! Queries: the shortest way to what can match, then the filter itself, then the order, then the page.

use engine::{Links, Lookup, Matcher, Reject, ResourceType, SortKey, Sorter};
use uuid::Uuid;

use crate::command::{Answer, Look, Query, Resource};
use crate::directory::{Directory, canonical};
use crate::store::{GroupsMark, Position, Record};

/// How many resources are read before others get their turn.
const SCANNED_AT_ONCE: u64 = 1_024;

/// What one resource type contributes to a query.
struct Search<'a> {
    resource_type: &'a ResourceType,
    matcher: Option<Matcher>,
    sorter: Option<Sorter>,
}

impl Directory<'_> {
    pub(super) fn query(&self, query: &Query<'_>, look: &dyn Look) -> Result<Answer, Reject> {
        let start_index = query.page.start_index;
        if let (None, None, [resource_type]) = (&query.filter, &query.sort, query.resource_types.as_slice()) {
            let page = self.store.page(self.tenant, &resource_type.name, start_index, query.page.count);
            let resources = page.records.into_iter().map(|record| self.resource(resource_type, record, look));
            return Ok(Answer::Listed { total: page.total, start_index, resources: resources.collect() });
        }
        let mut found: Vec<(Option<SortKey>, usize, Record)> = Vec::new();
        let searches = self.searches(query)?;
        for (position, search) in searches.iter().enumerate() {
            self.search(search, look, &mut |key, record| found.push((key, position, record)));
        }
        if query.sort.is_some() {
            found.sort_by(|(one, ..), (other, ..)| one.cmp(other));
        }
        let total = found.len() as u64;
        let limit = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let page = found.into_iter().skip(limit(start_index - 1)).take(limit(query.page.count));
        let resources = page
            .filter_map(|(_, position, record)| {
                let resource_type = searches.get(position)?.resource_type;
                Some(self.resource(resource_type, record, look))
            })
            .collect();
        Ok(Answer::Listed { total, start_index, resources })
    }

    /// Everything about the query that can be refused is refused here, before anything is read.
    fn searches<'a>(&self, query: &Query<'a>) -> Result<Vec<Search<'a>>, Reject> {
        let several = query.resource_types.len() > 1;
        let mut searches = Vec::new();
        for resource_type in &query.resource_types {
            let matcher = match &query.filter {
                Some(filter) if several => Some(self.rules.matcher_across(resource_type, filter)?),
                Some(filter) => Some(self.rules.matcher(resource_type, filter)?),
                None => None,
            };
            let sorter = match &query.sort {
                Some(sort) => self.rules.sorter(resource_type, &sort.by, sort.order.as_deref())?,
                None => None,
            };
            searches.push(Search { resource_type, matcher, sorter });
        }
        if query.sort.is_some() && searches.iter().all(|search| search.sorter.is_none()) {
            return Err(Reject::value("sortBy", "names an attribute that is not served here; name another"));
        }
        Ok(searches)
    }

    fn search(&self, search: &Search<'_>, look: &dyn Look, hit: &mut dyn FnMut(Option<SortKey>, Record)) {
        let mut attempt = |record: Record| {
            let Some(key) = self.attempt(search, &record, look) else { return };
            hit(key, record);
        };
        if let Some(lookups) = search.matcher.as_ref().and_then(Matcher::lookups) {
            return self.looked_up(search.resource_type, lookups).into_iter().for_each(attempt);
        }
        let mut position = Position::default();
        loop {
            let (records, next) =
                self.store.scan(self.tenant, &search.resource_type.name, position, SCANNED_AT_ONCE);
            records.into_iter().for_each(&mut attempt);
            match next {
                Some(next) => position = next,
                None => return,
            }
        }
    }

    /// Where a resource stands in the order, if it matches; inside, nothing where there is no order.
    fn attempt(&self, search: &Search<'_>, record: &Record, look: &dyn Look) -> Option<Option<SortKey>> {
        let none = Links { members: false, groups: false };
        let links = |links: Option<Links>| links.unwrap_or(none);
        let filtered = links(search.matcher.as_ref().map(Matcher::links));
        let sorted = links(search.sorter.as_ref().map(Sorter::links));
        let needed =
            Links { members: filtered.members || sorted.members, groups: filtered.groups || sorted.groups };
        if search.matcher.is_none() && search.sorter.is_none() {
            return Some(None);
        }
        let whole = look.whole(self.linked(record.clone(), needed));
        let matches = search.matcher.as_ref().is_none_or(|matcher| matcher.matches(&whole));
        matches.then(|| search.sorter.as_ref().map(|sorter| sorter.key(&whole)))
    }

    /// What can match at all, in the order of creation, each once.
    fn looked_up(&self, resource_type: &ResourceType, lookups: &[Lookup]) -> Vec<Record> {
        let mut records: Vec<Record> = lookups.iter().flat_map(|lookup| self.found(lookup)).collect();
        records.retain(|record| *record.resource_type == *resource_type.name);
        records.sort_by_key(|record| record.slot);
        records.dedup_by_key(|record| record.slot);
        records
    }

    fn found(&self, lookup: &Lookup) -> Vec<Record> {
        let get = |id: Uuid| self.store.get(self.tenant, id);
        match lookup {
            Lookup::Id(id) => canonical(id).and_then(get).into_iter().collect(),
            Lookup::Unique(key) => self.store.holder(self.tenant, key).and_then(get).into_iter().collect(),
            Lookup::Member(id) => {
                canonical(id).map(|id| self.store.groups(self.tenant, id)).unwrap_or_default()
            }
            Lookup::Index(key) => self.store.indexed(self.tenant, key),
        }
    }

    /// A record with the ends of the membership graph that are asked for.
    pub(super) fn linked(&self, record: Record, links: Links) -> Resource {
        // The version is the same however much of the resource is asked for.
        let groups = self.groups(&record);
        Resource {
            body: record.object(),
            members: if links.members { self.store.members(self.tenant, record.id) } else { Vec::new() },
            groups_mark: GroupsMark::of(&groups),
            groups: if links.groups { groups } else { Vec::new() },
            record,
        }
    }

    /// The groups of a resource whose type shows them.
    pub(super) fn groups(&self, record: &Record) -> Vec<Record> {
        let shows = |resource_type| self.rules.links(resource_type).groups;
        if self.rules.resource_type(&record.resource_type).is_some_and(shows) {
            self.store.groups(self.tenant, record.id)
        } else {
            Vec::new()
        }
    }
}
