//! What RFC 7643 and RFC 7644 make of a filter and of a PATCH, reckoned by the plainest means.
//!
//! The oracle shares no code with the reference server, whose engine it judges: it has its own attribute
//! table, filter tree, evaluator and PATCH, all over [`serde_json::Value`]. Speed and memory count for
//! nothing here. Where the text leaves several readings, each of them is followed and the lawful results form
//! a set: see [`Point`] and [`explore`].
//!
//! ```
//! use serde_json::json;
//! use suites::oracle::{Filter, Operator, Path, USER, explore, holds};
//!
//! // Whether "ne" asks that some value differs or that none is equal is open.
//! let user = json!({ "emails": [{ "type": "work" }, { "type": "home" }] });
//! let filter = Filter::compare(Path::parse("emails.type"), Operator::Ne, json!("work"));
//! assert_eq!(filter.to_string(), r#"emails.type ne "work""#);
//! let lawful = explore(|readings| holds(&USER, &filter, &user, readings));
//! assert!(lawful.admits(&Ok(true)) && lawful.admits(&Ok(false)));
//! ```

mod canonical;
mod compare;
mod core;
mod elements;
mod filter;
mod filtered;
mod gauged;
mod instant;
mod lawful;
mod matching;
mod operation;
mod patch;
mod path;
mod plain;
mod point;
mod rewrite;
mod shape;
mod single;
mod spelling;
mod spread;
mod table;
mod values;

pub use canonical::settled;
pub use core::{GROUP, USER};
pub use filter::{Filter, Operator, Then};
pub use gauged::GAUGED;
pub use lawful::{Choice, Lawful, Readings, Refusal, explain, explore};
pub use matching::{holds, selected};
pub use operation::{Address, Operation, Request, Target};
pub use patch::patched;
pub use path::Path;
pub use point::Point;
pub use spelling::Spelling;
pub use table::{Access, Attribute, Case, Kind, Type};
