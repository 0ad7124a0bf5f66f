//! A type of the oracle's own: few attributes of a user, and an extension of what the core types have too little of: numbers,
//! dates, lists of simple values, and a value that is set once.

use super::core::{EXTERNAL_ID, META, OWN_ID, SCHEMAS, VALUE};
use super::table::{Access, Attribute, Case, Kind, Type};

/// Users with an extension of numbers, dates, lists, and an immutable text.
pub static GAUGED: Type = Type {
    urn: "urn:ietf:params:scim:schemas:core:2.0:User",
    attributes: &[
        SCHEMAS,
        OWN_ID,
        EXTERNAL_ID,
        META,
        Attribute::text("userName").required(),
        Attribute::text("displayName"),
        Attribute::of("active", Kind::Boolean, Case::Exact),
        Attribute::complex(
            "emails",
            true,
            &[VALUE, Attribute::text("type"), Attribute::of("primary", Kind::Boolean, Case::Exact)],
        ),
    ],
    extensions: &[(
        "urn:example:gauged:2.0:User",
        &[
            Attribute::of("level", Kind::Integer, Case::Exact),
            Attribute::of("weight", Kind::Decimal, Case::Exact),
            Attribute::of("checked", Kind::DateTime, Case::Exact),
            Attribute::text("tags").many(),
            Attribute::of("codes", Kind::Integer, Case::Exact).many(),
            Attribute::of("serial", Kind::Text, Case::Exact).access(Access::Immutable),
        ],
    )],
};
