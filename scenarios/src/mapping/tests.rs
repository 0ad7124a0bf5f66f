use serde_json::json;

use super::{find, json_schema, names, parse};
use crate::directory::{Directory, DirectoryError, NewGroup, NewUser, Scope};
use crate::wanted::Apply;

/// A mapping of one more row for users, from line 7 on.
fn with_row(row: &str) -> String {
    let head = "name = \"x\"\ntitle = \"X\"\n[[users]]\nattribute = \"userPrincipalName\"\n";
    format!("{head}target = \"userName\"\nmatching = 1\n[[users]]\n{row}\n")
}

fn complaint(text: &str) -> String {
    parse(text, "x.toml").expect_err(text).to_string()
}

#[test]
fn every_mapping_is_found_by_its_own_name() {
    for name in names() {
        assert_eq!(find(name).unwrap().name, name);
    }
    assert_eq!(
        find("bonusli").unwrap_err().to_string(),
        "there is no mapping \"bonusli\"; known mappings: blogin, bonusly, entra-default, promapp"
    );
}

/// A row that cannot be, and what is said of it.
const UNSOUND: &[(&str, &str)] = &[
    (
        "attribute = \"jobtitle\"\ntarget = \"title\"",
        "x.toml:8:13: the directory has no attribute `jobtitle`\n  hint: did you mean jobTitle?",
    ),
    (
        "attribute = \"shoeSize\"\ntarget = \"title\"",
        "x.toml:8:13: the directory has no attribute `shoeSize`\n  hint: attributes of the tenant's own are \
             extensionAttribute1 to 15 and extension_<application>_<name>",
    ),
    (
        "expression = 'Join(\" \", [givenName], [sirname])'\ntarget = \"title\"",
        "x.toml:8:38: the directory has no attribute `sirname`\n  hint: did you mean surname?",
    ),
    (
        "expression = 'Joyn(\" \", [givenName])'\ntarget = \"title\"",
        "x.toml:8:15: there is no function Joyn\n  hint: did you mean Join?",
    ),
    (
        "expression = '''\nJoin(\" \",\n  [givenName] [surname])'''\ntarget = \"title\"",
        "x.toml:10:15: a comma is missing before this\n  hint: separate arguments by commas",
    ),
    (
        "expression = \"Joyn(\\\" \\\", [givenName])\"\ntarget = \"title\"",
        "x.toml:8:14: there is no function Joyn\n  hint: did you mean Join?",
    ),
    (
        "expression = 'ToLower([manager])'\ntarget = \"title\"",
        "x.toml:8:23: `manager` is a reference, and no value to make texts of\n  hint: map it by itself, with \
             type = \"reference\"",
    ),
    (
        "attribute = \"jobTitle\"\nconstant = \"x\"\ntarget = \"title\"",
        "x.toml:7:1: a row has exactly one of attribute, constant and expression\n  hint: say in one way where the \
             value comes from",
    ),
    (
        "attribute = \"mail\"\ntarget = \"Username\"",
        "x.toml:9:10: `Username` is mapped in line 5 already\n  hint: remove one of the two rows",
    ),
    (
        "attribute = \"mail\"\ntarget = \"id\"",
        "x.toml:9:10: `id` cannot be mapped\n  hint: remove the row: the target gives out its ids itself",
    ),
    (
        "attribute = \"mail\"\ntarget = \" title\"",
        "x.toml:9:10: the target begins or ends with a blank, or is empty\n  hint: write it without: a blank \
             belongs to the name, and makes another attribute of it",
    ),
    (
        "attribute = \"mail\"\ntarget = \"emails[work].value\"",
        "x.toml:9:10: the brackets of the target hold no filter\n  hint: write it as in emails[type eq \
             \"work\"].value",
    ),
    (
        "attribute = \"mail\"\ntarget = \"emails[type eq \\\"work\\\"]\"",
        "x.toml:9:10: the filter of the target chooses an element and no value of it\n  hint: name the part, as in \
             emails[type eq \"work\"].value",
    ),
    (
        "attribute = \"mail\"\ntarget = \"e mail\"",
        "x.toml:9:10: the target names no attribute\n  hint: write it as userName, name.givenName, emails[type eq \
             \"work\"].value, or after the URN of an extension and a colon",
    ),
    (
        "attribute = \"displayName\"\ntarget = \"name\"\n[[users]]\nattribute = \"givenName\"\ntarget = \
             \"Name.givenName\"",
        "x.toml:12:10: `Name.givenName` overlaps with `name`, which is mapped in line 9\n  hint: map the whole attribute, \
             or its parts, and not both",
    ),
    (
        "attribute = \"mail\"\ntarget = 'emails[type eq \"work\"].value'\n[[users]]\nattribute = \"mail\"\ntarget = \
             \"emails\"",
        "x.toml:12:10: `emails` overlaps with `emails[type eq \"work\"].value`, which is mapped in line 9\n  hint: map the \
             whole attribute, or its parts, and not both",
    ),
    (
        "attribute = \"mail\"\ntarget = \"title\"\nmatching = 1",
        "x.toml:10:12: the matching precedence 1 is taken by line 6\n  hint: give each its own",
    ),
    (
        "attribute = \"mail\"\ntarget = \"title\"\nmatching = 0",
        "x.toml:10:12: the precedence counts from 1\n  hint: remove it where objects are not matched by this \
             attribute",
    ),
    (
        "attribute = \"manager\"\ntarget = \"title\"",
        "x.toml:9:10: only manager and members are references, and they are nothing else\n  hint: type = \
             \"reference\" goes with attribute = \"manager\" or \"members\", and with no other",
    ),
    (
        "attribute = \"manager\"\ntarget = \"title\"\ntype = \"reference\"\nreferenced = \"nickName\"",
        "x.toml:11:14: `nickName` is mapped to no value\n  hint: name the target of another row of [[users]], such \
             as emails[type eq \"work\"].value",
    ),
    (
        "attribute = \"mail\"\ntarget = \"title\"\nreferenced = \"userName\"",
        "x.toml:10:14: only a manager is sent by another attribute\n  hint: remove it: it goes with attribute = \
             \"manager\"",
    ),
    (
        "constant = \"yes\"\ntarget = \"active\"\ntype = \"boolean\"",
        "x.toml:8:12: \"yes\" is no value of this type\n  hint: write \"True\" or \"False\"",
    ),
];

#[test]
fn what_cannot_be_is_placed_and_explained() {
    for (row, expected) in UNSOUND.iter().copied() {
        assert_eq!(complaint(&with_row(row)), expected);
    }
}

#[test]
fn what_toml_finds_is_placed_too() {
    let unknown = complaint(&with_row("attribute = \"mail\"\ntarget = \"title\"\n  flow = \"always\""));
    assert!(unknown.starts_with("x.toml:10:3: unknown field `flow`"), "{unknown}");
    assert!(unknown.contains("hint: remove it, or correct its name"), "{unknown}");
    let missing = complaint("name = \"x\"");
    assert!(missing.contains("missing field `title`"), "{missing}");
    assert!(missing.contains("docs/mapping.schema.json lists what belongs where"), "{missing}");
    let variant = complaint(&with_row("attribute = \"mail\"\ntarget = \"title\"\ntype = \"date\""));
    assert!(variant.starts_with("x.toml:10:8: unknown variant `date`"), "{variant}");
}

#[test]
fn objects_have_to_be_matched_by_something() {
    let text = "name = \"x\"\ntitle = \"X\"\n[[users]]\nattribute = \"mail\"\ntarget = \"title\"\n";
    assert_eq!(
        complaint(text),
        "x.toml:3:1: objects are matched by nothing\n  hint: add matching = 1 to the row of the attribute that tells \
         them apart"
    );
    let groups =
        "groups_enabled = true\n[[users]]\nattribute = \"mail\"\ntarget = \"userName\"\nmatching = 1\n";
    let text = format!("name = \"x\"\ntitle = \"X\"\n{groups}");
    assert!(complaint(&text).starts_with("x.toml:3:1: groups are provisioned and nothing of them is mapped"));
}

#[test]
fn values_take_the_form_that_the_target_takes() {
    let mut directory = Directory::new(Scope::All);
    let ada = NewUser::new("ada", "ada@example.com").with("employeeId", "0042").with("city", "Oslo");
    directory.add_user(ada.with("otherMails", vec!["a@example.com", "b@example.com"])).unwrap();
    let value = |row: &str| {
        let mapping = parse(&with_row(&format!("{row}\ntarget = \"t\"")), "x.toml").unwrap();
        let wanted = mapping.user(&directory, "ada").unwrap();
        wanted.attributes.into_iter().find(|row| row.target == "t").map(|row| (row.value, row.apply))
    };
    let always = |value| Some((value, Apply::Always));
    assert_eq!(value("attribute = \"employeeId\"\ntype = \"integer\""), always(json!(42)));
    assert_eq!(value("attribute = \"employeeId\""), always(json!("0042")));
    assert_eq!(value("attribute = \"city\"\ntype = \"integer\""), always(json!("Oslo")));
    assert_eq!(value("attribute = \"accountEnabled\"\ntype = \"boolean\""), always(json!(true)));
    assert_eq!(value("attribute = \"accountEnabled\""), always(json!("True")));
    assert_eq!(value("attribute = \"otherMails\""), always(json!("a@example.com")));
    assert_eq!(value("constant = \"7\"\ntype = \"integer\""), always(json!(7)));
    assert_eq!(value("attribute = \"state\""), None);
    // A default is for the creation alone, and only where there is no value.
    assert_eq!(value("attribute = \"state\"\ndefault = \"n/a\""), Some((json!("n/a"), Apply::OnCreate)));
    assert_eq!(value("attribute = \"city\"\ndefault = \"n/a\""), always(json!("Oslo")));
    assert_eq!(value("attribute = \"city\"\napply = \"on-create\""), Some((json!("Oslo"), Apply::OnCreate)));
}

#[test]
fn what_flows_always_and_has_no_value_is_told() {
    let mut directory = Directory::new(Scope::All);
    directory.add_user(NewUser::new("ada", "ada@example.com").with("city", "Oslo")).unwrap();
    let unset = |row: &str| {
        let mapping = parse(&with_row(&format!("{row}\ntarget = \"t\"")), "x.toml").unwrap();
        mapping.user(&directory, "ada").unwrap().unset
    };
    assert_eq!(unset("attribute = \"state\""), ["t"]);
    assert_eq!(unset("attribute = \"state\"\ndefault = \"n/a\""), ["t"]);
    for row in [
        "attribute = \"city\"",
        "attribute = \"state\"\napply = \"on-create\"",
        "constant = \"x\"",
        "attribute = \"manager\"\ntype = \"reference\"",
    ] {
        assert_eq!(unset(row), [""; 0], "{row}");
    }
}

#[test]
fn users_are_no_groups() {
    let mut directory = Directory::new(Scope::All);
    directory.add_user(NewUser::new("ada", "ada@example.com")).unwrap();
    directory.add_group(NewGroup::new("sales", "Sales")).unwrap();
    let mapping = find("entra-default").unwrap();
    assert!(matches!(mapping.user(&directory, "sales"), Err(DirectoryError::WrongKind { .. })));
    assert!(matches!(mapping.group(&directory, "ada"), Err(DirectoryError::WrongKind { .. })));
}

#[test]
fn the_published_schema_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/mapping.schema.json");
    let current = format!("{}\n", serde_json::to_string_pretty(&json_schema()).unwrap());
    #[expect(clippy::disallowed_methods, reason = "a test may read how it was started")]
    if std::env::var_os("SCIMPROOF_BLESS").is_some() {
        std::fs::write(path, &current).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(published, current, "run this test with SCIMPROOF_BLESS=1 where the change is meant");
}
