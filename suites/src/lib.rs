//! The checks: what scimproof claims about a SCIM server, one file for each area of the standard.
//!
//! A check is a row and a function; a row names the requirements that it stands on, and the requirement alone
//! decides what breaking it amounts to. Verdicts are reached on raw JSON by code that shares nothing with the
//! reference server. Every check is proven by a fault of that server which it catches (`tests/matrix.rs`).
//!
//! ```
//! let check = suites::find("delete.answers-204").expect("a check");
//! assert_eq!(check.requirements[0].section, "3.6");
//! ```

pub mod advice;
pub mod coverage;
pub mod matrix;
pub mod oracle;
pub mod requirements;

mod active;
mod announced;
mod applications;
mod authentication;
mod common;
mod content;
mod create;
mod credentials;
mod delete;
mod discovery;
mod enterprise;
mod errors;
mod extension_names;
mod extensions;
mod filter;
mod forms;
mod framing;
mod groups;
mod identity;
mod kept;
mod list;
mod loss;
mod members;
mod membership;
mod moved;
mod named_versions;
mod neighbours;
mod numbers;
mod order;
mod parts;
mod patch;
mod places;
mod projection;
mod races;
mod read;
mod readings;
mod replace;
mod requests;
mod rich;
mod robust;
mod search;
mod shape;
mod strangers;
mod tenants;
mod times;
mod versions;
mod walk;
mod wire;

use std::sync::LazyLock;

use harness::Check;
pub use requests::requests;

/// Every check of the standard, in the order in which reports show them.
#[must_use]
pub fn all() -> &'static [Check] {
    static ALL: LazyLock<Vec<Check>> = LazyLock::new(|| {
        [
            &discovery::checks(),
            &create::checks(),
            read::CHECKS,
            times::CHECKS,
            common::CHECKS,
            extensions::CHECKS,
            extension_names::CHECKS,
            membership::CHECKS,
            replace::CHECKS,
            rich::CHECKS,
            moved::CHECKS,
            active::CHECKS,
            enterprise::CHECKS,
            delete::CHECKS,
            list::query::CHECKS,
            list::hits::CHECKS,
            list::paging::CHECKS,
            list::window::CHECKS,
            list::sort::CHECKS,
            search::CHECKS,
            projection::verbs::CHECKS,
            projection::names::CHECKS,
            &filter::checks(),
            patch::add::CHECKS,
            patch::replace::CHECKS,
            patch::remove::CHECKS,
            patch::rules::CHECKS,
            patch::errors::CHECKS,
            patch::values::CHECKS,
            patch::more::CHECKS,
            patch::selections::CHECKS,
            patch::fixed::CHECKS,
            patch::answers::CHECKS,
            groups::CHECKS,
            list::groups::CHECKS,
            strangers::CHECKS,
            patch::members::CHECKS,
            patch::groups::CHECKS,
            races::CHECKS,
            robust::CHECKS,
            versions::CHECKS,
            versions::groups::CHECKS,
            versions::conditional::CHECKS,
            errors::CHECKS,
            named_versions::CHECKS,
            authentication::CHECKS,
            credentials::CHECKS,
            tenants::CHECKS,
            framing::CHECKS,
            content::CHECKS,
            wire::CHECKS,
            identity::CHECKS,
            shape::CHECKS,
            numbers::CHECKS,
            forms::CHECKS,
            order::CHECKS,
            &readings::checks(),
        ]
        .concat()
        .into_iter()
        .map(advice::given)
        .collect()
    });
    &ALL
}

/// The checks of the rules of one profile, by its name; none where it has no rules beyond the standard.
#[must_use]
pub fn of_profile(name: &str) -> Vec<Check> {
    applications::checks(name)
}

/// Everything that a server is held to which claims a profile: the standard, and the profile's rules.
#[must_use]
pub fn held_to(profile: &str) -> Vec<Check> {
    [all(), &applications::checks(profile)].concat()
}

/// Reads a profile, whose deviations have to be from requirements of the standard and of checks that there are;
/// `file_name` stands in messages.
///
/// ```
/// let text = "name = \"mine\"\ntitle = \"Mine\"\nbase_path = \"/scim\"\n[[rules]]\nid = \"M-1\"\nseen = \"scim\"\nsource = \"S\"\n\
///     text = \"t\"\n[[deviations]]\nrequirement = \"RFC7644-3.6-R99\"\nrule = \"M-1\"\nbehaviour = \"b\"\n";
/// let error = suites::parse_profile(text, "mine.toml").unwrap_err();
/// assert!(error.to_string().starts_with("mine.toml:10:1: there is no requirement RFC7644-3.6-R99"));
/// ```
///
/// # Errors
/// As [`profiles::parse_citing`].
pub fn parse_profile(text: &str, file_name: &str) -> Result<profiles::Profile, profiles::ProfileError> {
    let citable = profiles::Citable {
        is_requirement: &|id| requirements::ALL.iter().any(|known| known.id == id),
        is_check: &|id| find(id).is_some(),
    };
    profiles::parse_citing(text, file_name, citable)
}

/// Reads a waivers file, in which only checks and requirements may stand that there are.
///
/// # Errors
/// As [`profiles::Waivers::parse`].
pub fn parse_waivers(text: &str, file_name: &str) -> Result<profiles::Waivers, profiles::ProfileError> {
    let checks: Vec<&str> = every().iter().map(|check| check.id).collect();
    let rules = every().iter().flat_map(|check| check.requirements).map(|cited| cited.id);
    let requirements: Vec<&str> = requirements::ALL.iter().map(|known| known.id).chain(rules).collect();
    let waivable = profiles::Waivable { checks: &checks, requirements: &requirements };
    profiles::Waivers::parse(text, file_name, waivable)
}

/// Every check that there is.
#[must_use]
pub fn every() -> &'static [Check] {
    static EVERY: LazyLock<Vec<Check>> = LazyLock::new(|| {
        [all().to_vec(), applications::names().flat_map(applications::checks).collect()].concat()
    });
    &EVERY
}

/// The check with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Check> {
    every().iter().find(|check| check.id == id)
}
