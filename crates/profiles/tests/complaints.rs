//! What is said of a profile that names what there is not: where it stands, what is wrong, and what was meant.
//! Renew the snapshot with `INSTA_UPDATE=always cargo test -p profiles`, and read what changed.

use std::fmt::Write as _;

/// What stands above each of the parts below.
const HEAD: &str = "name = \"x\"\ntitle = \"X\"\nbase_path = \"\"\n";

/// Parts of profiles, each with one mistake.
const MISTAKEN: &[&str] = &[
    r##"[types.User]
honours = ["userName", "emials.value"]"##,
    r##"[types.User]
honours = ["userName", "colour"]"##,
    r##"[types.User]
honours = ["userName", "meta"]"##,
    r##"[types.User]
requires = ["nickname"]"##,
    r##"[types.User]
honours = ["userName"]
requires = ["title"]"##,
    r##"[types.User]
matching = ["nosuch.value"]"##,
    r##"[types.User]
filters = ["userName", "nosuch"]"##,
    r##"[types.Group]
filters = ["userName"]"##,
    r##"[types.User]
patches = ["nosuch"]"##,
    r##"[types.User]
patches = ['emails[typ eq "work"]']"##,
    r##"[types.User]
patches = ['emails[type eq "work"].valeu']"##,
    r##"[types.User]
patches = ['emails[type eq "work"']"##,
    r##"[types.User]
patches = ['email[type eq "work"]']"##,
    r##"[types.User]
replaces = ["nosuch"]"##,
    r##"[types.User]
replaces = ["name", "emails.value"]"##,
    r##"[types.User]
replaces = ["userName", "groups"]"##,
    r##"[types.Group]
replaces = ["displayName", "meta"]"##,
    r##"[types.User.columns]
titel = "job""##,
    r##"types.User.properties = { "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:departement" = "d" }"##,
    r##"[types.User]
extensions = []
matching = ["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"]"##,
    r##"[types.User]
extensions = ["urn:ietf:params:scim:schemas:extension:enterprise:2.0:Usr"]"##,
    r##"[types.Usr]"##,
    r##"[[behaviours]]
does = "country-code"
at = "adresses.country"
otherwise = "ignored""##,
    r##"[[behaviours]]
does = "default"
at = "actve"
value = true"##,
    r##"[[behaviours]]
does = "default"
at = "id"
value = "x""##,
    r##"[[behaviours]]
does = "default"
at = "meta.resourceType"
value = "x""##,
    r##"[[behaviours]]
does = "default"
at = "emails.type"
value = "work""##,
    r##"[[behaviours]]
does = "default"
at = "active"
value = true
[[behaviours]]
does = "default"
at = "title"
value = "x"
[[behaviours]]
does = "default"
at = "active"
value = false"##,
    r##"[[behaviours]]
does = "default"
at = "active"
value = "perhaps""##,
    r##"[[behaviours]]
does = "default"
at = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"
value = { value = 7 }"##,
    r##"[[schemas]]
id = "urn:x"
name = "X"
description = "d"
[[schemas.attributes]]
name = "badge"
description = "d"
type = "integer"
mutability = "readOnly"
[types.User]
extensions = ["urn:x"]
[[behaviours]]
does = "default"
at = "urn:x:badge"
value = 7"##,
    r##"[[behaviours]]
does = "welcome-mail"
[[behaviours]]
does = "same-as"
at = "emails.value"
other = "usrName""##,
    r##"[[behaviours]]
does = "countrycode"
at = "addresses.country"
otherwise = "ignored""##,
    r##"[[behaviours]]
does = "fly""##,
    r##"[[behaviours]]
at = "addresses.country""##,
    r##"[[behaviours]]
does = "country-code"
at = "addresses.country"
otherwise = "ignore""##,
    r##"[[behaviours]]
does = "date"
at = "title"
from = "x""##,
    r##"[[behaviours]]
does = "date""##,
    r##"[[behaviours]]
does = "welcome-mail"

[[behaviours]]
does = "country-code"
at = "addresses.country"
otherwise = "ignore"

[tokens]"##,
    r##"[[behaviours]]
does = "welcome-mail"
[[behaviours]]
does = "date""##,
    r##"[types.User]
honours = ["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"]"##,
    r##"[[schemas]]
id = "urn:x"
name = "X"
description = "d"
[[schemas.attributes]]
name = "a"
description = "d"
kind = "string""##,
    r##"[[rules]]
id = "A"
seen = "scmi"
source = "s"
text = "t""##,
    r##"[[schemas]]
id = "urn:x"
name = "X"
description = "d"
[[schemas.attributes]]
name = "a"
description = "d"
type = "strin""##,
    r##"[[schemas]]
id = "urn:x"
name = "X"
description = "d"
[[schemas.attributes]]
name = "a"
description = "d"
mutability = "readonly""##,
    r##"[tokens]
made_by = "admin""##,
    r##"[tokens]
lifetime_days = "x""##,
    r##"[samples.Userx]
title = "t""##,
    r##"[samples.User]
nosuch = 1"##,
    r##"[samples.User]
name = { given = "x" }"##,
    r##"[samples.User]
emails = [{ value = "a" }, { value = "b", kind = "work" }]"##,
    r##"[samples.User]
emails = [{ value = "a", type = "work" }]
[samples.User."urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]
costcentre = "7""##,
    r##"[[schemas]]
id = "urn:x"
name = "X"
description = "d"
[[schemas.attributes]]
name = "badge"
description = "d"
[samples.User."urn:x"]
bagde = 1"##,
    r##"[samples.User]
title = 1"##,
    r##"[samples.User]
active = "true""##,
    r##"[samples.User]
emails = "{name}@example.com""##,
    r##"[samples.User]
name = [{ givenName = "Mara" }]"##,
    r##"[samples.User]
emails = [{ value = "a", primary = "yes" }]"##,
    r##"[samples.User."urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]
department = ["R&D"]"##,
    r##"[[schemas]]
id = "urn:x"
name = "X"
description = "d"
[[schemas.attributes]]
name = "badges"
description = "d"
type = "integer"
multi_valued = true
[samples.User."urn:x"]
badges = [7, "8"]"##,
    r##"[samples.User]
nickName = "{nmae}""##,
    r##"[samples.User]
emails = [{ value = "{name}@example.com" }, { value = "{id}@example.com" }]"##,
    r##"[readings]
"filter.nul" = "presence""##,
    r##"[readings]
"filter.null" = "presense""##,
    r##"[[rules]]
id = "A"
seen = "scim"
source = "s"
text = "t"
[[rules]]
id = "A"
seen = "scim"
source = "s"
text = "t""##,
    r##"[[rules]]
id = "A-1"
seen = "scim"
source = "s"
text = "t"
[[deviations]]
requirement = "RFC7643-2.1-R2"
rule = "A-1"
behaviour = "b"
checks = []"##,
];

/// Parts of profiles without one.
const SOUND: &[&str] = &[
    r##"[samples.User]
externalId = "{name}"
emails = [{ value = "{name}@example.com", type = "work" }]
[samples.User."urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]
manager = { value = "{name}" }
[samples.User."urn:acme:of-nobody"]
anything = 1"##,
    r##"[types.User]
honours = ["userName", "name", "emails.value", "emails.type"]
requires = ["name.givenName", "emails"]
matching = ["emails.value", "urn:x:badge.number"]
filters = ["id", "meta.created", "name.familyName", "urn:x:badge"]
patches = ["name.givenName", 'emails[type eq "work"]', 'emails[type eq "work"].value', "urn:x:badge"]
extensions = ["urn:x"]
[types.User.columns]
"urn:x:badge.number" = "badge_number"
[[behaviours]]
does = "date"
at = "urn:x:badge.number"
[[schemas]]
id = "urn:x"
name = "X"
description = "d"
[[schemas.attributes]]
name = "badge"
description = "d"
type = "complex"
[[schemas.attributes.sub_attributes]]
name = "number"
description = "d"
[samples.User."urn:x".badge]
number = "7"
[samples.Group]
displayName = "{name}""##,
    r##"[types.User]
replaces = ["name", "emails", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]
[types.Group]
replaces = ["displayName", "members"]
[[behaviours]]
does = "default"
at = "name.formatted"
value = "nobody"
[[behaviours]]
does = "default"
at = "emails"
value = [{ value = "nobody@example.com", primary = true }]
[[behaviours]]
does = "default"
at = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value"
value = "7""##,
];

#[test]
fn every_mistake_is_placed_told_and_mended() {
    let mut told = String::new();
    for part in MISTAKEN {
        let error = profiles::parse(&format!("{HEAD}{part}\n"), "x.toml").unwrap_err();
        let _ = writeln!(told, "{part}\n=> {error}\n");
    }
    insta::assert_snapshot!("complaints", told);
}

#[test]
fn what_names_what_there_is_is_taken() {
    for part in SOUND {
        profiles::parse(&format!("{HEAD}{part}\n"), "x.toml").unwrap();
    }
}
