//! The names of SCIM, and nothing that acts on them: URNs, media types, error keywords, endpoints, the
//! names and characteristics of attributes, and the syntax trees of filters and PATCH paths with their printers.
//!
//! Both sides may use these names. What a server *does* with them is `engine`'s; what a judge makes of an
//! answer is the suites' own.
//!
//! ```
//! assert!(protocol::urn::ERROR.starts_with("urn:ietf:params:scim:api:messages:2.0:"));
//! assert_eq!(protocol::ScimType::InvalidValue.as_str(), "invalidValue");
//! ```

pub mod endpoint;
pub mod media;
pub mod standard;
pub mod urn;

mod attr_path;
mod characteristics;
mod filter;
mod patch;
mod scim_type;

pub use attr_path::AttrPath;
pub use characteristics::{Kind, Mutability, Returned, Uniqueness};
pub use filter::{Filter, Literal, Operator};
pub use patch::{PatchPath, PatchVerb};
pub use scim_type::ScimType;
