//! Identity providers that are played: the directory that they read, the mapping that says what of it goes where, and
//! the cycles in which they bring a SCIM server up to date.

pub mod directory;
pub mod entra;
pub mod expression;
pub mod file;
mod malformed;
pub mod mapping;
pub mod play;
pub mod population;
mod wanted;

pub use wanted::{Apply, Reference, Wanted, WantedAttribute};
