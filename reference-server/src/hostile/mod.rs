//! Hostile servers: what answers at an address may hang, flood, lie about lengths, or speak no HTTP at all.
//!
//! A fault is a defect of a server that still answers well-formed SCIM; a hostile server breaks what lies below that, or
//! does it to whoever asks. It writes raw bytes on its sockets, and where it is hostile in a phase only, a good server stands
//! behind it. Each kind says how `scimproof check` has to end against it, which a test holds it to.

mod answers;
mod breaks;
mod elsewhere;
mod flaws;
mod floods;
mod framing;
mod front;
mod ids;
mod json;
mod request;
mod silence;
mod tls;
mod visit;

use std::fmt;
use std::io;
use std::sync::LazyLock;

pub use elsewhere::Visits;
pub(crate) use front::Front;
pub use front::Health;
use tls::Certificate;
use visit::{Then, Visit};

/// What a kind does with a visit.
type Act = fn(&mut Visit<'_>) -> io::Result<Then>;

/// One way to be hostile.
#[derive(Clone, Copy)]
pub struct Kind {
    /// The name that selects it.
    pub name: &'static str,
    /// What it does, in a sentence about the server.
    pub title: &'static str,
    /// When it does that.
    pub strikes: Strikes,
    /// How a check of it has to end.
    pub ends: Ending,
    /// The options of a check that shows it best, besides URL and credential.
    pub options: &'static str,
    /// How many seconds that check may take at most.
    pub seconds_max: u32,
    /// How much memory it may allocate at most, in MiB.
    pub mib_max: u32,
    /// Whether its address begins with https.
    is_https: bool,
    certificate: Option<Certificate>,
    act: Act,
}

/// When a hostile server strikes. Before and beside that it is as good as any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strikes {
    /// When somebody connects, before any of a request is read.
    OnConnecting,
    /// At every request.
    Always,
    /// At every request after so many good answers.
    After(usize),
    /// At every request of a phase.
    On(Phase),
}

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Users or groups are created.
    Create,
    /// A user or a group is read.
    Read,
    /// Users or groups are listed.
    List,
    /// A user or a group is deleted.
    Delete,
}

/// How a check has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The exit code.
    pub exit: u8,
    /// What it has to say, among other things.
    pub says: &'static str,
    /// Whether checks fail, where that does not depend on which of them come first. A server that gives no answer is accused of
    /// nothing else.
    pub fails: Option<bool>,
}

/// Nothing can be judged there, and this is said.
const fn unusable(says: &'static str) -> Ending {
    Ending { exit: 3, says, fails: Some(false) }
}

/// Checks fail, and this is said.
const fn failed(says: &'static str) -> Ending {
    Ending { exit: 1, says, fails: Some(true) }
}

/// Checks are blocked and none fails, and this is said.
const fn blocked(says: &'static str) -> Ending {
    Ending { exit: 1, says, fails: Some(false) }
}

/// Checks fail or are blocked, and this is said.
const fn judged(says: &'static str) -> Ending {
    Ending { exit: 1, says, fails: None }
}

/// Everything that SCIM asks for holds, and this is noted.
const fn noted(says: &'static str) -> Ending {
    Ending { exit: 0, says, fails: Some(false) }
}

/// How long a check may take, on a machine that does other things too.
const SECONDS_MAX: u32 = 30;
/// How much memory it may allocate that hears nothing long.
const MIB_MAX: u32 = 128;
/// How much where answers take all that they may.
const MIB_MAX_FLOODED: u32 = 320;

impl Kind {
    const fn new(
        name: &'static str,
        title: &'static str,
        strikes: Strikes,
        ends: Ending,
        options: &'static str,
        act: Act,
    ) -> Self {
        Self {
            name,
            title,
            strikes,
            ends,
            options,
            seconds_max: SECONDS_MAX,
            mib_max: MIB_MAX,
            is_https: false,
            certificate: None,
            act,
        }
    }
}

impl Kind {
    /// The same kind, whose answers fill the memory that is set aside for answers.
    const fn floods(mut self) -> Self {
        self.mib_max = MIB_MAX_FLOODED;
        self
    }

    /// The same kind at an address of https; what it says there is sealed if it has a certificate.
    const fn at_https(mut self, certificate: Option<Certificate>) -> Self {
        self.is_https = true;
        self.certificate = certificate;
        self
    }

    /// How its address begins.
    pub(crate) const fn scheme(&self) -> &'static str {
        if self.is_https { "https" } else { "http" }
    }
}

impl fmt::Display for Strikes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnConnecting => f.write_str("when somebody connects, before any of a request is read"),
            Self::Always => f.write_str("at every request"),
            Self::After(good) => write!(f, "at every request after {good} good answers"),
            Self::On(Phase::Create) => f.write_str("where users or groups are created"),
            Self::On(Phase::Read) => f.write_str("where a user or a group is read"),
            Self::On(Phase::List) => f.write_str("where users or groups are listed"),
            Self::On(Phase::Delete) => f.write_str("where a user or a group is deleted"),
        }
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kind").field("name", &self.name).finish_non_exhaustive()
    }
}

static ALL: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    [
        silence::KINDS,
        breaks::KINDS,
        framing::KINDS,
        floods::KINDS,
        answers::KINDS,
        json::KINDS,
        flaws::KINDS,
        ids::KINDS,
        tls::KINDS,
    ]
    .concat()
});

/// Every kind, by what it is about.
#[must_use]
pub fn all() -> &'static [Kind] {
    &ALL
}

/// The kind of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Kind> {
    all().iter().find(|kind| kind.name == name)
}
