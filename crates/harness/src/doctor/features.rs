//! What can be asked of a SCIM server.

use crate::capability::{self, Capability};
use crate::discovery::Service;
use crate::doctor::chart::Chart;

/// One of them.
pub(super) struct Known {
    /// How it is called here.
    pub(super) key: &'static str,
    /// What it is, in words.
    pub(super) name: &'static str,
    /// The capability by which checks need it.
    pub(super) capability: Option<Capability>,
}

const fn row(key: &'static str, name: &'static str, capability: Option<Capability>) -> Known {
    Known { key, name, capability }
}

/// All of them, in the order in which they are told.
pub(super) const FEATURES: &[Known] = &[
    row("list", "list users", Some(capability::LIST_USERS)),
    row("create", "create users", Some(capability::CREATE_USER)),
    row("read", "read users", Some(capability::READ_USER)),
    row("patch", "PATCH users", Some(capability::MODIFY_USER)),
    row("replace", "PUT users", Some(capability::REPLACE_USER)),
    row("delete", "delete users", Some(capability::DELETE_USER)),
    row("enterprise", "Enterprise extension", Some(capability::ENTERPRISE_USER)),
    row("filter", "filter", Some(capability::FILTER_USER)),
    row("sort", "sort", Some(capability::SORT_USER)),
    row("paging", "pages (count)", None),
    row("projection", "attributes=", None),
    row("search", "POST /.search", None),
    row("etag", "versions (ETag)", Some(capability::VERSION_USER)),
    row("changePassword", "change passwords", None),
    row("bulk", "bulk", None),
    row("group-create", "create groups", Some(capability::CREATE_GROUP)),
    row("group-read", "read groups", Some(capability::READ_GROUP)),
    row("group-patch", "PATCH members", Some(capability::MODIFY_GROUP)),
    row("group-delete", "delete groups", Some(capability::DELETE_GROUP)),
];

/// What discovery claims. `types` says whether `/ResourceTypes` could be read.
pub(super) fn claims(service: &Service, types: bool, chart: &mut Chart) {
    let config = service.claimed.is_some();
    for feature in ["patch", "filter", "sort", "etag", "bulk", "changePassword"] {
        chart.claim(feature, config.then(|| service.claims(feature)));
    }
    let offers = |name: &str| types.then(|| service.resource_types.iter().any(|known| known.name == name));
    for feature in ["list", "create", "read", "replace", "delete"] {
        chart.claim(feature, offers("User"));
    }
    for feature in ["group-create", "group-read", "group-delete"] {
        chart.claim(feature, offers("Group"));
    }
    let patches = chart.claims("patch");
    chart.claim("group-patch", offers("Group").zip(patches).map(|(group, patch)| group && patch));
    let extended = service.capabilities.contains(&capability::ENTERPRISE_USER);
    chart.claim("enterprise", types.then_some(extended));
}

/// What works although checks would think that it does not: a target file has to say so.
pub(super) fn unclaimed(service: &Service, chart: &mut Chart) {
    for known in FEATURES {
        let Some(capability) = known.capability else { continue };
        if chart.works(known.key) && !service.capabilities.contains(&capability) {
            chart.settings.capabilities.insert(capability.to_string(), true);
        }
    }
}
