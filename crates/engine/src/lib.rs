//! SCIM behaviour for servers, without I/O: what a server makes of a body, a filter and a PATCH, and what it
//! shows of a resource.
//!
//! Everything here is a function of its arguments. There is no runtime, no HTTP, no clock and no randomness:
//! ids, times and membership are the store's, and are spliced in by whoever answers.
//!
//! ```
//! use engine::{Rules, parse_object};
//!
//! let rules = Rules::rfc().unwrap();
//! let user = rules.resource_type_at("/Users").unwrap();
//! let body = parse_object(br#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"]}"#, &rules.limits);
//! let reject = rules.accept(user, body.unwrap(), None).unwrap_err();
//! assert_eq!(reject.attribute.as_deref(), Some("userName"));
//! ```

mod accept;
mod admit;
mod behaviour;
mod checked;
mod evaluate;
mod filter;
mod given;
mod json;
mod keys;
mod page;
mod patch;
mod project;
mod put;
mod readings;
mod references;
mod reject;
mod resolve;
mod rules;
mod schema;
mod sort;
mod spelt;
mod time;

pub use accept::Draft;
pub use behaviour::{Before, Behaviour};
pub use evaluate::{Lookup, Matcher};
pub use filter::{Leniency, parse_filter, parse_patch_path};
pub use json::parse_object;
pub use keys::{IndexKey, UniqueKey};
pub use page::PageRequest;
pub use patch::{Current, Edges, Edit, Patched};
pub use project::{Projection, Selector};
pub use readings::{
    AnswerToPatch, BareComplex, BareValue, Deleted, EmptyText, ExtensionNames, ExtensionProjection,
    FilterReadings, FilteredReplace, IdleReplace, InstantEquality, LetterOrder, ListOfOne, Misfit,
    NameMatching, NotEqual, NullComparison, NullValue, PatchReadings, PathKeys, PutOmitted, Readings,
    ReferenceOrder, RemoveUnset, RemoveValue, SecretFilter, Separator, StringBooleans, UnknownAttribute,
    UnknownSchemas, UnknownTarget, Unmatched, UnmatchedRemove, UnsetBoolean, UnsetDiffers, VerbMatching,
};
pub use reject::Reject;
pub use rules::{Extension, Limits, Links, ResourceType, Rules, RulesError};
pub use schema::{Attribute, Kind, Link, Mutability, Returned, Schema, Uniqueness};
pub use sort::{SortKey, Sorter};
pub use time::{is_date_time, timestamp};
