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
