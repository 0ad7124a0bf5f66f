//! The names of operations: what measurements are filed under.

pub(crate) const PROBE: &str = "probe";
pub(crate) const FIND_USER: &str = "find-user";
pub(crate) const READ_USER: &str = "read-user";
pub(crate) const CREATE_USER: &str = "create-user";
pub(crate) const UPDATE_USER: &str = "update-user";
pub(crate) const DISABLE_USER: &str = "disable-user";
pub(crate) const SET_MANAGER: &str = "set-manager";
pub(crate) const FIND_GROUP: &str = "find-group";
pub(crate) const CREATE_GROUP: &str = "create-group";
pub(crate) const ADD_MEMBER: &str = "add-member";
pub(crate) const REMOVE_MEMBER: &str = "remove-member";

/// Every operation that a load measures.
pub(crate) const ALL: &[&str] = &[
    PROBE,
    FIND_USER,
    READ_USER,
    CREATE_USER,
    UPDATE_USER,
    DISABLE_USER,
    SET_MANAGER,
    FIND_GROUP,
    CREATE_GROUP,
    ADD_MEMBER,
    REMOVE_MEMBER,
];

/// The operations whose latency is filed by the size of what they work on: only of these there is a growth.
pub(crate) const SIZED: &[&str] = &[ADD_MEMBER, REMOVE_MEMBER];

/// Names that objectives may use for several operations.
const GROUPS: &[(&str, &[&str])] = &[
    ("create", &[CREATE_USER, CREATE_GROUP]),
    ("find", &[FIND_USER, FIND_GROUP, PROBE]),
    ("read", &[READ_USER]),
    ("update", &[UPDATE_USER, DISABLE_USER, SET_MANAGER]),
    ("member", &[ADD_MEMBER, REMOVE_MEMBER]),
    ("reads", &[PROBE, FIND_USER, READ_USER, FIND_GROUP]),
    (
        "writes",
        &[CREATE_USER, UPDATE_USER, DISABLE_USER, SET_MANAGER, CREATE_GROUP, ADD_MEMBER, REMOVE_MEMBER],
    ),
];

/// The operation of a name, or those of a group.
pub(crate) fn named(name: &str) -> Option<&'static [&'static str]> {
    let group = GROUPS.iter().find(|(known, _)| *known == name).map(|(_, operations)| *operations);
    let place = ALL.iter().position(|known| *known == name);
    group.or_else(|| ALL.get(place?..=place?))
}

/// All that there is to name, for people.
pub(crate) fn listed() -> String {
    let groups: Vec<String> =
        GROUPS.iter().map(|(name, operations)| format!("{name} ({})", operations.join(", "))).collect();
    format!("the operations are {}; several together are {}", ALL.join(", "), groups.join(", "))
}
