//! Reading a filter as another one: by its tree where it has one, by its words where it has none.

use engine::{Leniency, Limits, parse_filter};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use protocol::{AttrPath, Filter, Literal, Operator};

use crate::ask::Ask;
use crate::faults::edit::{ask_for, listing};

/// Attributes with several values, each complex.
const SEVERAL: &[&str] =
    &["emails", "phoneNumbers", "ims", "photos", "addresses", "groups", "entitlements", "roles"];

/// The checks that look somebody up by the userName.
pub(super) const BY_USER_NAME: &[(&str, &str)] = &[
    ("list.never-ignores-a-filter", "it looks up by userName"),
    ("filter.username-ignores-case", "it looks up by userName"),
    ("filter.no-match-is-an-empty-list", "it looks up by userName"),
    ("filter.names-ignore-case", "it looks up by userName"),
    ("filter.operators-ignore-case", "it looks up by userName"),
    ("filter.urn-prefix-is-understood", "it looks up by userName"),
    ("filter.urn-ignores-case", "it looks up by userName"),
    ("framing.broken-off-bodies-count-for-nothing", "it looks up by userName"),
    ("filter.schemas-can-be-asked-for", "it looks up by userName"),
    ("paging.pages-join", "it finds its own people by userName"),
    ("paging.total-is-stable", "it finds its own people by userName"),
    ("paging.beyond-the-end-is-empty", "it finds its own people by userName"),
    ("paging.count-zero-finds-the-total", "it finds its own people by userName"),
    ("paging.starts-at-one", "it finds its own people by userName"),
    ("paging.negative-start-is-one", "it finds its own people by userName"),
    ("paging.counts-its-page", "it finds its own people by userName"),
    ("paging.tells-where-it-starts", "it finds its own people by userName"),
    ("paging.holds-to-count", "it finds its own people by userName"),
    ("search.finds-what-get-finds", "it finds its own people by userName"),
    ("search.pages-like-get", "it finds its own people by userName"),
    ("projection.list-honours-attributes", "it finds its own people by userName"),
    ("projection.list-honours-exclusion", "it finds its own people by userName"),
    ("readings.unset-booleans-in-filters", "it looks up by userName"),
    ("readings.pr-on-empty-text", "it looks up by userName"),
    ("readings.equal-times", "it looks up by userName"),
    ("readings.order-of-references", "it looks up by userName"),
    ("readings.filters-on-one-resource", "it looks up by userName"),
];

/// The checks of other things whose filter finds nobody.
pub(super) const OF_NOBODY: &[(&str, &str)] = &[
    ("filter.external-id-respects-case", "its filter finds nobody"),
    ("framing.broken-off-bodies-count-for-nothing", "its filter finds nobody"),
    ("filter.nothing-is-older-than-the-run", "its filter finds nobody"),
    ("filter.date-times-compare-in-time", "one of its filters finds nobody"),
    ("filter.last-modified-is-compared", "one of its filters finds nobody"),
    ("filter.ge-on-a-date-time", "one of its filters finds nobody"),
    ("filter.le-on-a-date-time", "one of its filters finds nobody"),
    ("filter.not-binds-before-and", "its filter finds nobody"),
    ("filter.parentheses-group", "its filter finds nobody"),
    ("filter.brackets-mean-one-element", "its filter finds nobody"),
    ("filter.missing-primary-is-false", "its filter finds nobody"),
    ("filter.eq-takes-no-beginning", "nobody is to be found"),
    ("filter.eq-takes-no-end", "nobody is to be found"),
    ("filter.sw-takes-no-middle", "nobody is to be found"),
    ("filter.ew-takes-no-middle", "nobody is to be found"),
    ("filter.percent-is-no-wildcard", "nobody is to be found"),
    ("filter.underscore-is-no-wildcard", "nobody is to be found"),
    ("readings.equal-times", "nobody is to be found"),
];

/// The checks of other things that keep to their own people by a prefix.
pub(super) const BY_PREFIX: &[(&str, &str)] = &[
    ("groups.are-sorted", "it finds its groups by what their names begin with"),
    ("filter.ne-finds-the-others", "it keeps to its own people by a prefix"),
    ("filter.pr-finds-what-is-set", "it keeps to its own people by a prefix"),
    ("filter.pr-finds-multi-valued", "it keeps to its own people by a prefix"),
    ("filter.gt-orders-strings", "it keeps to its own people by a prefix"),
    ("filter.ge-orders-strings", "it keeps to its own people by a prefix"),
    ("filter.lt-orders-strings", "it keeps to its own people by a prefix"),
    ("filter.le-orders-strings", "it keeps to its own people by a prefix"),
    ("filter.eq-on-a-boolean", "it keeps to its own people by a prefix"),
    ("filter.ne-on-a-boolean", "it keeps to its own people by a prefix"),
    ("filter.pr-on-a-boolean", "it keeps to its own people by a prefix"),
    ("filter.pr-on-a-date-time", "it keeps to its own people by a prefix"),
    ("filter.pr-on-a-reference", "it keeps to its own people by a prefix"),
    ("filter.sw-on-a-reference", "it compares references by sw"),
    ("filter.pr-on-an-extension-attribute", "it keeps to its own people by a prefix"),
    ("filter.ge-on-a-date-time", "it keeps to its own people by a prefix"),
    ("filter.le-on-a-date-time", "it keeps to its own people by a prefix"),
    ("filter.ne-on-a-date-time", "it keeps to its own people by a prefix"),
    ("filter.last-modified-is-compared", "it keeps to its own people by a prefix"),
    ("filter.date-times-compare-in-time", "it keeps to its own people by a prefix"),
    ("filter.nothing-is-older-than-the-run", "it keeps to its own people by a prefix"),
    ("filter.not-inverts", "it keeps to its own people by a prefix"),
    ("filter.not-needs-no-space", "it keeps to its own people by a prefix"),
    ("filter.groups-nest", "it keeps to its own people by a prefix"),
    ("sort.ascending", "it keeps to its own people by a prefix"),
    ("sort.descending", "it keeps to its own people by a prefix"),
    ("sort.is-ascending-by-default", "it keeps to its own people by a prefix"),
    ("sort.by-sub-attribute", "it keeps to its own people by a prefix"),
    ("sort.by-urn-name", "it keeps to its own people by a prefix"),
    ("sort.ignores-case", "it keeps to its own people by a prefix"),
    ("sort.missing-values-come-last", "it keeps to its own people by a prefix"),
    ("sort.missing-values-come-first", "it keeps to its own people by a prefix"),
    ("sort.by-primary-value", "it keeps to its own people by a prefix"),
    ("sort.by-time", "it keeps to its own people by a prefix"),
    ("sort.holds-over-pages", "it keeps to its own people by a prefix"),
    ("paging.pages-join", "it keeps to its own people by a prefix"),
    ("paging.total-is-stable", "it keeps to its own people by a prefix"),
    ("paging.beyond-the-end-is-empty", "it keeps to its own people by a prefix"),
    ("paging.count-zero-finds-the-total", "it keeps to its own people by a prefix"),
    ("paging.starts-at-one", "it keeps to its own people by a prefix"),
    ("paging.negative-start-is-one", "it keeps to its own people by a prefix"),
    ("paging.counts-its-page", "it keeps to its own people by a prefix"),
    ("paging.tells-where-it-starts", "it keeps to its own people by a prefix"),
    ("paging.holds-to-count", "it keeps to its own people by a prefix"),
];

/// The checks of other things that join conditions by and.
pub(super) const BY_AND: &[(&str, &str)] = &[
    ("filter.ne-finds-the-others", "it joins conditions by and"),
    ("filter.pr-finds-what-is-set", "it joins conditions by and"),
    ("filter.pr-finds-multi-valued", "it joins conditions by and"),
    ("filter.gt-orders-strings", "it joins conditions by and"),
    ("filter.ge-orders-strings", "it joins conditions by and"),
    ("filter.lt-orders-strings", "it joins conditions by and"),
    ("filter.le-orders-strings", "it joins conditions by and"),
    ("filter.eq-on-a-boolean", "it joins conditions by and"),
    ("filter.ne-on-a-boolean", "it joins conditions by and"),
    ("filter.pr-on-a-date-time", "it joins conditions by and"),
    ("filter.ne-on-a-reference", "it joins conditions by and"),
    ("filter.pr-on-a-reference", "it joins conditions by and"),
    ("filter.pr-on-an-extension-attribute", "it joins conditions by and"),
    ("filter.ge-on-a-date-time", "it joins conditions by and"),
    ("filter.le-on-a-date-time", "it joins conditions by and"),
    ("filter.ne-on-a-date-time", "it joins conditions by and"),
    ("filter.nothing-is-older-than-the-run", "it joins conditions by and"),
    ("filter.not-inverts", "it joins conditions by and"),
    ("filter.not-needs-no-space", "it joins conditions by and"),
    ("filter.and-binds-before-or", "it joins conditions by and"),
    ("filter.not-binds-before-and", "it joins conditions by and"),
    ("filter.parentheses-group", "it joins conditions by and"),
    ("filter.groups-nest", "it joins conditions by and"),
    ("filter.brackets-mean-one-element", "it joins conditions by and"),
    ("filter.missing-primary-is-false", "it joins conditions by and"),
    ("filter.brackets-find-an-element", "it joins conditions by and"),
    ("filter.schemas-can-be-asked-for", "it joins conditions by and"),
    ("readings.null-in-filters", "it joins conditions by and"),
    ("readings.unset-booleans-in-filters", "it joins conditions by and"),
    ("readings.pr-on-empty-text", "it joins conditions by and"),
    ("readings.ne-on-several-values", "it joins conditions by and"),
    ("readings.comparison-behind-brackets", "it joins conditions by and"),
    ("readings.equal-times", "it joins conditions by and"),
    ("readings.order-of-references", "it joins conditions by and"),
];

/// The checks of other things that compare a Boolean.
pub(super) const BY_BOOLEAN: &[(&str, &str)] = &[
    ("filter.and-needs-both", "it compares a Boolean too"),
    ("filter.not-binds-before-and", "it compares a Boolean too"),
    ("filter.parentheses-group", "it compares a Boolean too"),
    ("filter.groups-nest", "it compares a Boolean too"),
    ("filter.missing-primary-is-false", "it compares a Boolean too"),
];

/// The checks of other types that ask by `ne`.
pub(super) const BY_NE: &[(&str, &str)] = &[
    ("readings.ne-on-several-values", "it asks by ne"),
    ("filter.ne-on-a-boolean", "it asks by ne"),
    ("filter.ne-on-a-reference", "it asks by ne"),
    ("filter.ne-on-a-date-time", "it asks by ne"),
];

/// The checks of other types that ask by `pr`.
pub(super) const BY_PR: &[(&str, &str)] = &[
    ("readings.pr-on-empty-text", "it asks by pr"),
    ("filter.pr-on-a-boolean", "it asks by pr"),
    ("filter.pr-on-a-date-time", "it asks by pr"),
    ("filter.pr-on-a-reference", "it asks by pr"),
    ("filter.pr-on-an-extension-attribute", "it asks by pr"),
];

/// The checks of other things that name an attribute by a URI.
pub(super) const BY_URN: &[(&str, &str)] = &[
    ("filter.urn-ignores-case", "it names an attribute by a URI"),
    ("filter.extension-attribute-is-compared", "it names an attribute by a URI"),
    ("filter.pr-on-an-extension-attribute", "it names an attribute by a URI"),
];

/// The checks that compare times by other operators.
pub(super) const IN_TIME: &[(&str, &str)] = &[
    ("filter.ge-on-a-date-time", "it asks with an offset too"),
    ("filter.le-on-a-date-time", "it asks with an offset too"),
];

/// The checks of malformed filters.
pub(super) const MALFORMED: &[(&str, &str)] = &[
    ("filter.lone-name-is-refused", "it looks at the keyword"),
    ("filter.missing-value-is-refused", "it looks at the keyword"),
    ("filter.open-group-is-refused", "it looks at the keyword"),
    ("filter.single-quotes-are-refused", "it looks at the keyword"),
    ("filter.unknown-operator-is-refused", "it looks at the keyword"),
    ("filter.gt-on-a-boolean-is-refused", "it looks at the keyword"),
    ("filter.ge-on-a-boolean-is-refused", "it looks at the keyword"),
    ("filter.lt-on-a-boolean-is-refused", "it looks at the keyword"),
    ("filter.le-on-a-boolean-is-refused", "it looks at the keyword"),
];

/// The checks that find people by each of several values.
pub(super) const BY_EACH_VALUE: &[(&str, &str)] = &[
    ("readings.ne-on-several-values", "it asks for each value"),
    ("readings.complex-attributes-in-filters", "it asks for each value"),
    ("readings.comparison-behind-brackets", "it asks for each value"),
];

/// The filter of a list, as text.
pub(super) fn filter(ask: &Ask) -> Option<String> {
    ask.parameter("filter").filter(|_| listing(ask))
}

pub(super) fn parsed(text: &str) -> Option<Filter> {
    parse_filter(text, &Limits::default(), Leniency::default()).ok()
}

/// Asks by another text, where `read` gives one.
pub(super) fn reword(ask: &mut Ask, read: impl Fn(&str) -> Option<String>) {
    if let Some(other) = filter(ask).and_then(|filter| read(&filter)) {
        ask_for(ask, "filter", &utf8_percent_encode(&other, NON_ALPHANUMERIC).to_string());
    }
}

/// Asks by another tree, in which each node is what `read` makes of it.
pub(super) fn reread(ask: &mut Ask, read: &dyn Fn(Filter) -> Filter) {
    reword(ask, |text| {
        let filter = parsed(text)?;
        let other = each(filter.clone(), read);
        (other != filter).then(|| other.to_string())
    });
}

/// Changes every node, those below first.
fn each(filter: Filter, read: &dyn Fn(Filter) -> Filter) -> Filter {
    let all = |terms: Vec<Filter>| terms.into_iter().map(|term| each(term, read)).collect();
    read(match filter {
        Filter::And(terms) => Filter::And(all(terms)),
        Filter::Or(terms) => Filter::Or(all(terms)),
        Filter::Not(inner) => Filter::Not(Box::new(each(*inner, read))),
        Filter::ValuePath { path, filter } => {
            Filter::ValuePath { path, filter: Box::new(each(*filter, read)) }
        }
        Filter::Compare { .. } | Filter::Present(_) => filter,
    })
}

/// Compares by another operator, where the comparison is of this kind.
pub(super) fn operate(
    filter: Filter,
    from: Operator,
    to: Operator,
    which: fn(&AttrPath, &Literal) -> bool,
) -> Filter {
    match filter {
        Filter::Compare { path, operator, value } if operator == from && which(&path, &value) => {
            Filter::Compare { path, operator: to, value }
        }
        filter => filter,
    }
}

/// Lets a character in the text of `co` stand for any text.
pub(super) fn pieces(filter: Filter, wildcard: char) -> Filter {
    match filter {
        Filter::Compare { path, operator: Operator::Co, value: Literal::Text(text) }
            if text.contains(wildcard) =>
        {
            let piece = |piece: &str| Filter::Compare {
                path: path.clone(),
                operator: Operator::Co,
                value: Literal::Text(piece.into()),
            };
            Filter::And(text.split(wildcard).map(piece).collect())
        }
        filter => filter,
    }
}

/// Lets a comparison of an attribute find nobody.
pub(super) fn lose(filter: Filter, name: &str) -> Filter {
    match filter {
        Filter::Compare { path, .. } if path.name.eq_ignore_ascii_case(name) => never(path),
        filter => filter,
    }
}

/// What is true of nobody.
pub(super) fn never(path: AttrPath) -> Filter {
    let has = Filter::Present(path);
    Filter::And(vec![has.clone(), Filter::Not(Box::new(has))])
}

pub(super) fn any(_: &AttrPath, _: &Literal) -> bool {
    true
}

pub(super) fn of_text(path: &AttrPath, value: &Literal) -> bool {
    matches!(value, Literal::Text(_)) && !of_time(path, value)
}

pub(super) fn of_time(path: &AttrPath, _: &Literal) -> bool {
    path.name == "meta"
}

pub(super) fn of_boolean(_: &AttrPath, value: &Literal) -> bool {
    matches!(value, Literal::Boolean(_))
}

pub(super) fn has_several(path: &AttrPath) -> bool {
    SEVERAL.iter().any(|name| path.name.eq_ignore_ascii_case(name))
}

/// The conditions of a bracket, each on the attribute itself.
pub(super) fn unbracketed(filter: Filter) -> Filter {
    let Filter::ValuePath { path, filter } = filter else { return filter };
    each(*filter, &|node| {
        let below = |inner: AttrPath| path.clone().with_sub(inner.name);
        match node {
            Filter::Compare { path, operator, value } => {
                Filter::Compare { path: below(path), operator, value }
            }
            Filter::Present(path) => Filter::Present(below(path)),
            node => node,
        }
    })
}

/// The last of several alternatives, as if the others were not there.
pub(super) fn last_of_group(term: Filter) -> Filter {
    match term {
        Filter::Or(mut terms) => terms.pop().unwrap_or(Filter::Or(terms)),
        term => term,
    }
}

/// Every path in a filter.
pub(super) fn paths(filter: &Filter) -> Vec<&AttrPath> {
    match filter {
        Filter::And(terms) | Filter::Or(terms) => terms.iter().flat_map(paths).collect(),
        Filter::Not(inner) => paths(inner),
        Filter::Compare { path, .. } | Filter::Present(path) => vec![path],
        Filter::ValuePath { path, filter } => std::iter::once(path).chain(paths(filter)).collect(),
    }
}

/// The text without its parentheses, save those of `not`.
pub(super) fn without_groups(text: &str) -> String {
    let (mut kept, mut quoted, mut open) = (String::new(), false, Vec::new());
    for letter in text.chars() {
        quoted ^= letter == '"';
        let keep = match letter {
            '(' if !quoted => {
                open.push(kept.trim_end().ends_with("not"));
                open.last().copied()
            }
            ')' if !quoted => open.pop(),
            _ => Some(true),
        };
        if keep != Some(false) {
            kept.push(letter);
        }
    }
    kept
}
