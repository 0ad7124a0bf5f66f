//! The core types, written down from RFC 7643 §3.1, §4 and §8.7.1.

use super::table::{Access, Attribute, Case, Kind, Type};

/// A plural attribute of RFC 7643 §2.4 around a value of some type.
macro_rules! plural {
    ($name:literal, $value:expr) => {
        Attribute::complex(
            $name,
            true,
            const {
                &[
                    $value,
                    Attribute::text("display"),
                    Attribute::text("type"),
                    Attribute::of("primary", Kind::Boolean, Case::Exact),
                ]
            },
        )
    };
}

pub(super) const VALUE: Attribute = Attribute::text("value");
const ID: Attribute = Attribute::of("value", Kind::Text, Case::Open);
const REF: Attribute = Attribute::of("$ref", Kind::Reference, Case::Open);
pub(super) const SCHEMAS: Attribute =
    Attribute::of("schemas", Kind::Reference, Case::Open).many().required().common();
pub(super) const OWN_ID: Attribute =
    Attribute::of("id", Kind::Text, Case::Exact).access(Access::ReadOnly).common();
pub(super) const EXTERNAL_ID: Attribute = Attribute::of("externalId", Kind::Text, Case::Exact).common();
pub(super) const META: Attribute = Attribute::complex(
    "meta",
    false,
    &[
        Attribute::of("resourceType", Kind::Text, Case::Exact).access(Access::ReadOnly),
        Attribute::of("created", Kind::DateTime, Case::Exact).access(Access::ReadOnly),
        Attribute::of("lastModified", Kind::DateTime, Case::Exact).access(Access::ReadOnly),
        Attribute::of("location", Kind::Reference, Case::Open).access(Access::ReadOnly),
        Attribute::of("version", Kind::Text, Case::Exact).access(Access::ReadOnly),
    ],
)
.access(Access::ReadOnly)
.common();

/// A user with the enterprise extension, RFC 7643 §4.1 and §4.3.
pub static USER: Type = Type {
    urn: "urn:ietf:params:scim:schemas:core:2.0:User",
    attributes: &[
        SCHEMAS,
        OWN_ID,
        EXTERNAL_ID,
        META,
        Attribute::text("userName").required(),
        Attribute::complex(
            "name",
            false,
            &[
                Attribute::text("formatted"),
                Attribute::text("familyName"),
                Attribute::text("givenName"),
                Attribute::text("middleName"),
                Attribute::text("honorificPrefix"),
                Attribute::text("honorificSuffix"),
            ],
        ),
        Attribute::text("displayName"),
        Attribute::text("nickName"),
        Attribute::of("profileUrl", Kind::Reference, Case::Open),
        Attribute::text("title"),
        Attribute::text("userType"),
        Attribute::text("preferredLanguage"),
        Attribute::text("locale"),
        Attribute::text("timezone"),
        Attribute::of("active", Kind::Boolean, Case::Exact),
        Attribute::text("password").access(Access::WriteOnly),
        plural!("emails", VALUE),
        plural!("phoneNumbers", VALUE),
        plural!("ims", VALUE),
        plural!("photos", Attribute::of("value", Kind::Reference, Case::Open)),
        Attribute::complex(
            "addresses",
            true,
            &[
                Attribute::text("formatted"),
                Attribute::text("streetAddress"),
                Attribute::text("locality"),
                Attribute::text("region"),
                Attribute::text("postalCode"),
                Attribute::text("country"),
                Attribute::text("type"),
                Attribute::of("primary", Kind::Boolean, Case::Exact),
            ],
        ),
        Attribute::complex(
            "groups",
            true,
            &[
                ID.access(Access::ReadOnly),
                REF.access(Access::ReadOnly),
                Attribute::text("display").access(Access::ReadOnly),
                Attribute::text("type").access(Access::ReadOnly),
            ],
        )
        .access(Access::ReadOnly),
        plural!("entitlements", VALUE),
        plural!("roles", VALUE),
        plural!("x509Certificates", Attribute::of("value", Kind::Binary, Case::Open)),
    ],
    extensions: &[(
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        &[
            Attribute::text("employeeNumber"),
            Attribute::text("costCenter"),
            Attribute::text("organization"),
            Attribute::text("division"),
            Attribute::text("department"),
            Attribute::complex(
                "manager",
                false,
                &[ID, REF, Attribute::text("displayName").access(Access::ReadOnly)],
            ),
        ],
    )],
};

/// A group, RFC 7643 §4.2.
pub static GROUP: Type = Type {
    urn: "urn:ietf:params:scim:schemas:core:2.0:Group",
    attributes: &[
        SCHEMAS,
        OWN_ID,
        EXTERNAL_ID,
        META,
        Attribute::text("displayName").required(),
        Attribute::complex(
            "members",
            true,
            &[
                ID.access(Access::Immutable),
                REF.access(Access::Immutable),
                Attribute::text("type").access(Access::Immutable),
            ],
        ),
    ],
    extensions: &[],
};
