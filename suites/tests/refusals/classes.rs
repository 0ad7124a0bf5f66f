//! Classes of requests that a server may refuse, whatever is right or wrong about one of them.

use http::{HeaderMap, Method};
use serde_json::{Value, json};

/// A class of requests, and the answer to every one of them.
#[derive(Clone, Copy)]
pub(crate) struct Refusal {
    pub(crate) name: &'static str,
    pub(crate) class: fn(&Asked<'_>) -> bool,
    pub(crate) status: u16,
    pub(crate) keyword: Option<&'static str>,
}

/// A request to users or groups, or a search of both.
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a Method,
    /// `Users` or `Groups`; empty for a search of both.
    pub(crate) endpoint: &'a str,
    /// Whether it names one of them.
    pub(crate) one: bool,
    /// Whether it is a search by POST.
    pub(crate) search: bool,
    /// What is asked for behind the path, its spaces as spaces.
    pub(crate) query: String,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: Value,
}

impl Asked<'_> {
    fn is(&self, method: &Method, one: bool) -> bool {
        self.method == method && self.one == one && !self.search
    }

    /// Whether a parameter is given, behind the path or in the body of a search.
    fn gives(&self, name: &str) -> bool {
        let behind_path = self.query.split('&').any(|pair| pair.split('=').next() == Some(name));
        behind_path || self.search && self.body.get(name).is_some()
    }

    /// The filter, in either place.
    fn filter(&self) -> Option<&str> {
        let behind_path = self.query.split('&').find_map(|pair| pair.strip_prefix("filter="));
        behind_path.or_else(|| self.body.get("filter").filter(|_| self.search)?.as_str())
    }

    /// The operations of a PATCH.
    fn operations(&self) -> impl Iterator<Item = &Value> {
        let operations = self.body.get("Operations").and_then(Value::as_array);
        operations.filter(|_| self.is(&Method::PATCH, true)).into_iter().flatten()
    }
}

const fn refusal(
    name: &'static str,
    class: fn(&Asked<'_>) -> bool,
    status: u16,
    keyword: Option<&'static str>,
) -> Refusal {
    Refusal { name, class, status, keyword }
}

const READS: fn(&Asked<'_>) -> bool = |asked| asked.is(&Method::GET, true);
const LISTS: fn(&Asked<'_>) -> bool = |asked| asked.is(&Method::GET, false);
const FILTERS: fn(&Asked<'_>) -> bool = |asked| asked.filter().is_some();
/// Those that compare otherwise than by `eq`.
const OPERATORS: fn(&Asked<'_>) -> bool = |asked| {
    let others = ["ne", "co", "sw", "ew", "pr", "gt", "ge", "lt", "le"];
    asked.filter().is_some_and(|filter| filter.split([' ', ')']).any(|word| others.contains(&word)))
};
/// Those that join comparisons, or turn one round.
const LOGIC: fn(&Asked<'_>) -> bool = |asked| {
    asked
        .filter()
        .is_some_and(|filter| filter.split([' ', '(']).any(|word| ["and", "or", "not"].contains(&word)))
};
const COUNTS: fn(&Asked<'_>) -> bool = |asked| asked.gives("count");
const SORTS: fn(&Asked<'_>) -> bool = |asked| asked.gives("sortBy");
const PATHLESS: fn(&Asked<'_>) -> bool =
    |asked| asked.operations().any(|operation| operation.get("path").is_none());
const ADDS: fn(&Asked<'_>) -> bool =
    |asked| asked.operations().any(|operation| operation.get("op") == Some(&json!("add")));
const BATCHES: fn(&Asked<'_>) -> bool = |asked| asked.operations().count() > 1;
const URNS: fn(&Asked<'_>) -> bool = |asked| {
    let path = |operation: &Value| {
        operation.get("path").and_then(Value::as_str).is_some_and(|path| path.starts_with("urn:"))
    };
    asked.operations().any(path)
};
const STARTS: fn(&Asked<'_>) -> bool = |asked| asked.gives("startIndex");
const PROJECTIONS: fn(&Asked<'_>) -> bool =
    |asked| asked.gives("attributes") || asked.gives("excludedAttributes");
const SEARCHES: fn(&Asked<'_>) -> bool = |asked| asked.search;
const CONDITIONS: fn(&Asked<'_>) -> bool = |asked| asked.headers.contains_key("if-match");
const SELECTIONS: fn(&Asked<'_>) -> bool = |asked| {
    let path = |operation: &Value| {
        operation.get("path").and_then(Value::as_str).is_some_and(|path| path.contains('['))
    };
    asked.operations().any(path)
};
const REMOVES: fn(&Asked<'_>) -> bool =
    |asked| asked.operations().any(|operation| operation.get("op") == Some(&json!("remove")));
const CREATES: fn(&Asked<'_>) -> bool = |asked| asked.is(&Method::POST, false);
const GROUPS: fn(&Asked<'_>) -> bool = |asked| asked.is(&Method::POST, false) && asked.endpoint == "Groups";
const REPLACES: fn(&Asked<'_>) -> bool = |asked| asked.is(&Method::PUT, true);
const CHANGES: fn(&Asked<'_>) -> bool = |asked| asked.is(&Method::PATCH, true);
const DELETES: fn(&Asked<'_>) -> bool = |asked| asked.is(&Method::DELETE, true);

/// Each class with the answers that its checks hope for, and with others.
pub(crate) const REFUSALS: &[Refusal] = &[
    refusal("reads-403", READS, 403, None),
    refusal("reads-404", READS, 404, None),
    refusal("lists-403", LISTS, 403, None),
    refusal("lists-400", LISTS, 400, Some("tooMany")),
    refusal("filters-501", FILTERS, 501, None),
    refusal("filters-400", FILTERS, 400, Some("invalidFilter")),
    refusal("operators-400", OPERATORS, 400, Some("invalidFilter")),
    refusal("operators-501", OPERATORS, 501, None),
    refusal("logic-400", LOGIC, 400, Some("invalidFilter")),
    refusal("counts-400", COUNTS, 400, Some("invalidValue")),
    refusal("sorts-400", SORTS, 400, Some("invalidValue")),
    refusal("pathless-400", PATHLESS, 400, Some("invalidSyntax")),
    refusal("pathless-400-target", PATHLESS, 400, Some("noTarget")),
    refusal("pathless-400-value", PATHLESS, 400, Some("invalidValue")),
    refusal("adds-400", ADDS, 400, Some("invalidValue")),
    refusal("adds-400-syntax", ADDS, 400, Some("invalidSyntax")),
    refusal("adds-400-mutability", ADDS, 400, Some("mutability")),
    refusal("batches-400", BATCHES, 400, Some("invalidSyntax")),
    refusal("batches-400-value", BATCHES, 400, Some("invalidValue")),
    refusal("batches-400-mutability", BATCHES, 400, Some("mutability")),
    refusal("urns-400", URNS, 400, Some("invalidPath")),
    refusal("urns-400-value", URNS, 400, Some("invalidValue")),
    refusal("urns-400-mutability", URNS, 400, Some("mutability")),
    refusal("starts-400", STARTS, 400, Some("invalidValue")),
    refusal("starts-403", STARTS, 403, None),
    refusal("projections-400", PROJECTIONS, 400, Some("invalidValue")),
    refusal("projections-403", PROJECTIONS, 403, None),
    refusal("searches-400", SEARCHES, 400, Some("invalidFilter")),
    refusal("searches-403", SEARCHES, 403, None),
    refusal("creates-400", CREATES, 400, Some("invalidValue")),
    refusal("creates-400-syntax", CREATES, 400, Some("invalidSyntax")),
    refusal("creates-403", CREATES, 403, None),
    refusal("creates-409", CREATES, 409, Some("uniqueness")),
    refusal("groups-501", GROUPS, 501, None),
    refusal("groups-400", GROUPS, 400, Some("invalidValue")),
    refusal("replaces-400", REPLACES, 400, Some("invalidValue")),
    refusal("replaces-404", REPLACES, 404, None),
    refusal("replaces-409", REPLACES, 409, Some("uniqueness")),
    refusal("replaces-412", REPLACES, 412, None),
    refusal("changes-400", CHANGES, 400, Some("invalidValue")),
    refusal("changes-400-syntax", CHANGES, 400, Some("invalidSyntax")),
    refusal("changes-400-path", CHANGES, 400, Some("invalidPath")),
    refusal("changes-400-target", CHANGES, 400, Some("noTarget")),
    refusal("changes-400-mutability", CHANGES, 400, Some("mutability")),
    refusal("changes-404", CHANGES, 404, None),
    refusal("changes-409", CHANGES, 409, Some("uniqueness")),
    refusal("removes-400", REMOVES, 400, Some("invalidValue")),
    refusal("removes-400-target", REMOVES, 400, Some("noTarget")),
    refusal("removes-400-mutability", REMOVES, 400, Some("mutability")),
    refusal("selections-400", SELECTIONS, 400, Some("invalidPath")),
    refusal("selections-400-value", SELECTIONS, 400, Some("invalidValue")),
    refusal("selections-400-mutability", SELECTIONS, 400, Some("mutability")),
    refusal("selections-400-target", SELECTIONS, 400, Some("noTarget")),
    refusal("conditions-412", CONDITIONS, 412, None),
    refusal("deletes-403", DELETES, 403, None),
    refusal("deletes-404", DELETES, 404, None),
];
