//! Why a server does not start.

use std::io;

use profiles::ProfileError;

use crate::faults;
use crate::hostile;
use crate::profile::CompileError;
use crate::suggest;
use crate::variants;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// There is no such profile, or it is malformed.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// There is no such fault.
    #[error("there is no fault {name:?}{}; `scimproof faults` lists all", suggestion(near))]
    Fault {
        /// The name asked for.
        name: String,
        /// Names that it resembles, nearest first.
        near: Vec<&'static str>,
    },
    /// There is no such variant.
    #[error("there is no variant {name:?}{}; `scimproof faults --variants` lists all", suggestion(near))]
    Variant {
        /// The name asked for.
        name: String,
        /// Names that it resembles, nearest first.
        near: Vec<&'static str>,
    },
    /// There is no such kind of hostile server.
    #[error(
        "there is no hostile server {name:?}{}; `scimproof faults --hostile` lists all",
        suggestion(near)
    )]
    Hostile {
        /// The name asked for.
        name: String,
        /// Names that it resembles, nearest first.
        near: Vec<&'static str>,
    },
    /// Nobody could see the fault: it is about groups, and the profile has none.
    #[error(
        "the fault {fault} is about groups, and the profile {profile} has none; play a profile that has groups"
    )]
    Unseen {
        /// The fault.
        fault: String,
        /// The profile.
        profile: String,
    },
    /// Nobody could see the fault or the variant: it lies within the server, and another one answers.
    #[error(
        "{name} changes the server itself, and another server answers; name one that changes what passes"
    )]
    Within {
        /// The fault or the variant.
        name: String,
    },
    /// The profile cannot be played.
    #[error(transparent)]
    Rules(#[from] CompileError),
    /// The public address is not one of a server.
    #[error("{url:?} is no address of a server; write scheme, host and port, as in https://scim.example")]
    NoOrigin {
        /// The address asked for.
        url: String,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address asked for.
        address: String,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// Other machines could connect to the admin API.
    #[error("the admin API is for this machine alone, and {address} can be reached by others")]
    Exposed {
        /// The address asked for.
        address: String,
    },
    /// A SCIM token is to open the admin API as well.
    #[error("the credential of the admin API is a SCIM token too; choose another")]
    SharedCredential,
    /// The server's thread cannot be started.
    #[error("cannot start the server's thread")]
    Thread {
        /// What the system says.
        #[source]
        cause: io::Error,
    },
}

impl StartError {
    pub(crate) fn unknown_fault(name: &str) -> Self {
        let near = suggest::near(name, faults::every().map(|fault| fault.name));
        Self::Fault { name: name.to_owned(), near }
    }

    pub(crate) fn unknown_kind(name: &str) -> Self {
        let near = suggest::near(name, hostile::all().iter().map(|kind| kind.name));
        Self::Hostile { name: name.to_owned(), near }
    }

    pub(crate) fn unknown_variant(name: &str) -> Self {
        let near = suggest::near(name, variants::all().iter().map(|variant| variant.name));
        Self::Variant { name: name.to_owned(), near }
    }
}

fn suggestion(near: &[&str]) -> String {
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) }
}
