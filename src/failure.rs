use std::fmt;
use std::io::{self, ErrorKind};
use std::process::ExitCode;

use record::Conclusion;

/// What the process ends with. The numbers are part of the interface (`README.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything holds.
    Pass,
    /// Checks failed, a check of something the target offers was blocked, or something was left behind.
    Failed,
    /// The command line is wrong, or consent is missing.
    Usage,
    /// The target cannot be reached, or is no SCIM server.
    Unusable,
    /// We stumbled.
    Mishap,
    /// Something that held in the baseline does not any more, and nothing else is worse.
    Regression,
    /// The baseline is of another target or profile.
    Incomparable,
    /// Not everything could be judged, and the run was strict about it or as long as it may be.
    Inconclusive,
    /// The target was not as fast as was demanded.
    ObjectiveMissed,
    /// The load generator could not keep up with its own plan.
    Unhealthy,
    /// Somebody stopped the run.
    Interrupted,
}

impl Exit {
    /// The exit code.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Unusable => 3,
            Self::Mishap => 4,
            Self::Regression => 10,
            Self::Incomparable => 13,
            Self::Inconclusive => 11,
            Self::ObjectiveMissed => 12,
            Self::Unhealthy => 14,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

impl From<Conclusion> for Exit {
    fn from(conclusion: Conclusion) -> Self {
        match conclusion {
            Conclusion::Pass | Conclusion::Known => Self::Pass,
            Conclusion::Regression => Self::Regression,
            Conclusion::Failed | Conclusion::Blocked | Conclusion::LeftBehind => Self::Failed,
            Conclusion::Mishap => Self::Mishap,
            Conclusion::Interrupted => Self::Interrupted,
            Conclusion::Inconclusive => Self::Inconclusive,
            Conclusion::ObjectiveMissed => Self::ObjectiveMissed,
            Conclusion::Unhealthy => Self::Unhealthy,
        }
    }
}

/// Why a verb ends early: a message that says what to do, and the exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    message: String,
}

impl Failure {
    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self { exit: Exit::Usage, message: message.to_string() }
    }

    pub(crate) fn unusable(message: impl fmt::Display) -> Self {
        Self { exit: Exit::Unusable, message: message.to_string() }
    }

    pub(crate) fn incomparable(message: impl fmt::Display) -> Self {
        Self { exit: Exit::Incomparable, message: message.to_string() }
    }

    pub(crate) fn interrupted(message: impl fmt::Display) -> Self {
        Self { exit: Exit::Interrupted, message: message.to_string() }
    }

    pub(crate) fn inconclusive(message: impl fmt::Display) -> Self {
        Self { exit: Exit::Inconclusive, message: message.to_string() }
    }

    /// Something cannot be written. That may be because of the name that was given for it; a full disk is nobody's mistake.
    pub(crate) fn unwritten(message: impl fmt::Display, error: &io::Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound
            | ErrorKind::PermissionDenied
            | ErrorKind::AlreadyExists
            | ErrorKind::NotADirectory
            | ErrorKind::IsADirectory
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::InvalidInput
            | ErrorKind::InvalidFilename => Self::usage(message),
            _ => Self::mishap(message),
        }
    }

    pub(crate) fn mishap(message: impl fmt::Display) -> Self {
        Self { exit: Exit::Mishap, message: message.to_string() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
