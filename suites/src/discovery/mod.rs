//! RFC 7644 §4 and RFC 7643 §5–7: what a server says of itself.

pub(crate) mod attributes;
pub(crate) mod config;
pub(crate) mod flags;
pub(crate) mod quality;
pub(crate) mod resource_types;
pub(crate) mod schemas;

use harness::Check;

/// Every check of discovery documents.
pub(crate) fn checks() -> Vec<Check> {
    [
        config::CHECKS,
        flags::CHECKS,
        resource_types::CHECKS,
        schemas::CHECKS,
        attributes::CHECKS,
        quality::CHECKS,
    ]
    .concat()
}
