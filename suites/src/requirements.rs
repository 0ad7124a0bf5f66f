//! The catalogue of requirements: one constant for each row of `requirements/rfc.tsv`, by document, and one for each
//! rule of a profile that comes with the program, by profile.
//!
//! ```
//! use suites::requirements::rfc7644;
//!
//! assert_eq!(rfc7644::DELETE_ANSWERS_204.id, "RFC7644-3.6-R6");
//! assert_eq!(rfc7644::DELETE_ANSWERS_204.level.as_str(), "MUST");
//! ```

use record::{Level, ReqId, Requirement};

include!(concat!(env!("OUT_DIR"), "/requirements.rs"));
include!(concat!(env!("OUT_DIR"), "/rules.rs"));

/// The requirement with this id or slug, whatever its letter case.
#[must_use]
pub fn find(name: &str) -> Option<ReqId> {
    ALL.iter().chain(RULES).copied().find(|requirement| {
        requirement.id.eq_ignore_ascii_case(name) || requirement.slug.eq_ignore_ascii_case(name)
    })
}
