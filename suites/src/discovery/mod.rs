//! RFC 7644 §4 and RFC 7643 §5–7: what a server says of itself.

pub(crate) mod attributes;
pub(crate) mod config;
pub(crate) mod flags;
pub(crate) mod quality;
pub(crate) mod resource_types;
pub(crate) mod schemas;
