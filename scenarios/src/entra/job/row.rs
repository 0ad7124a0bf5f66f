//! The rows of the provisioning log, while they are written.

use record::{Identity, LogRow, LogStatus, LogStep, Modified};
use serde_json::Value;

use super::clock::rfc3339;
use super::failure::Failure;
use super::source::Object;
use crate::entra::Difference;

/// How many changes of one kind a row lists; a group may have any number of members.
const MODIFIED_MAX: usize = 50;

/// Where the rows of a provisioning log go.
///
/// ```
/// let mut log: Vec<record::LogRow> = Vec::new();
/// let _: &mut dyn scenarios::entra::Log = &mut log;
/// ```
pub trait Log {
    /// A row is complete.
    fn row(&mut self, row: LogRow);
}

impl Log for Vec<LogRow> {
    fn row(&mut self, row: LogRow) {
        self.push(row);
    }
}

/// The label of the exchanges of connection tests, which leave no row if they go well.
pub const CONNECTION_TEST: &str = "connection-test";

/// The label of the exchanges that a log row caused, in place of a check's id.
#[must_use]
pub fn label(row: u32) -> String {
    format!("log-{row}")
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    Update,
    Disable,
    Delete,
    StagedDelete,
    Other,
}

impl Action {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Disable => "disable",
            Self::Delete => "delete",
            Self::StagedDelete => "stageddelete",
            Self::Other => "other",
        }
    }

    /// The last step of a row that got so far (W for the first, I for the others).
    const fn export(self) -> &'static str {
        match self {
            Self::Create => "EntryExportAdd",
            Self::Update | Self::Disable | Self::Other => "EntryExportUpdate",
            Self::Delete | Self::StagedDelete => "EntryExportDelete",
        }
    }
}

/// A row that is being written.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) number: u32,
    /// What the exchanges are labelled with.
    pub(crate) label: String,
    pub(crate) cycle: u32,
    pub(crate) action: Action,
    pub(crate) source: Identity,
    pub(crate) target: Option<String>,
    pub(crate) modified: Vec<Modified>,
    pub(crate) steps: Vec<LogStep>,
    pub(crate) exchanges: Vec<u32>,
}

/// What came of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    /// Done, but for something.
    Partly {
        code: &'static str,
        reason: String,
    },
    Skipped {
        code: &'static str,
        reason: String,
    },
    /// Not done; and when it is tried again.
    Failed {
        failure: Failure,
        again: String,
    },
}

impl Row {
    pub(crate) fn new(number: u32, cycle: u32, object: &Object, name: String) -> Self {
        let kind = object.kind.resource_type().to_owned();
        Self {
            number,
            label: label(number),
            cycle,
            action: Action::Other,
            source: Identity { id: object.id.clone(), name, kind },
            target: None,
            modified: Vec::new(),
            steps: Vec::new(),
            exchanges: Vec::new(),
        }
    }

    /// The row of a connection test. It is written only if that fails.
    pub(crate) fn of_test(cycle: u32) -> Self {
        let mut row = Self::new(0, cycle, &Object::user("job"), String::new());
        row.source = of_job("connection test");
        CONNECTION_TEST.clone_into(&mut row.label);
        row
    }

    /// A step that went well.
    pub(crate) fn step(&mut self, name: &str, detail: impl Into<String>) {
        self.steps.push(LogStep { name: name.to_owned(), status: LogStatus::Success, detail: detail.into() });
    }

    /// A step that went on after something had to be put up with.
    pub(crate) fn warn(&mut self, name: &str, detail: String) {
        self.steps.push(LogStep { name: name.to_owned(), status: LogStatus::Warning, detail });
    }

    pub(crate) fn modifies(&mut self, differences: &[Difference]) {
        self.modified.extend(differences.iter().map(|one| Modified {
            attribute: one.target.clone(),
            old: one.old.as_ref().map(text),
            new: one.new.as_ref().map(text),
        }));
    }

    /// Members who were added or removed.
    pub(crate) fn modifies_members(&mut self, ids: &[String], added: bool) {
        let named = |id: String| {
            let (old, new) = if added { (None, Some(id)) } else { (Some(id), None) };
            Modified { attribute: "members".to_owned(), old, new }
        };
        let known = self.modified.len();
        let room = MODIFIED_MAX.saturating_sub(known);
        self.modified.extend(ids.iter().take(room).cloned().map(named));
        let rest = ids.len().saturating_sub(room);
        if rest > 0 && room > 0 {
            self.modified.push(named(format!("and {rest} more")));
        }
    }

    pub(crate) fn end(mut self, now_ms: i64, end: End) -> LogRow {
        let (status, error_code, reason) = match end {
            End::Done => (LogStatus::Success, None, None),
            End::Partly { code, reason } => (LogStatus::Warning, Some(code), Some(reason)),
            End::Skipped { code, reason } => (LogStatus::Skipped, Some(code), Some(reason)),
            End::Failed { failure, again } => {
                (LogStatus::Failure, Some(failure.code), Some(format!("{}{again}", failure.reason)))
            }
        };
        let last = match status {
            LogStatus::Skipped => "EntrySynchronizationSkip",
            LogStatus::Success | LogStatus::Warning | LogStatus::Failure => self.action.export(),
        };
        let detail = reason.clone().unwrap_or_else(|| "done".to_owned());
        self.steps.push(LogStep { name: last.to_owned(), status, detail });
        let target = self.target.map(|id| Identity {
            id,
            name: self.source.name.clone(),
            kind: self.source.kind.clone(),
        });
        LogRow {
            number: self.number,
            at: rfc3339(now_ms),
            cycle: self.cycle,
            action: self.action.name().to_owned(),
            status,
            source: self.source,
            target,
            modified: self.modified,
            steps: self.steps,
            error_code: error_code.map(str::to_owned),
            reason,
            exchanges: self.exchanges,
        }
    }
}

/// The row of a job that is switched off, with the reason of its quarantine. It is about no object of the directory, so it
/// counts for nothing that the cycle did.
pub(super) fn switched_off(number: u32, cycle: u32, now_ms: i64, quarantine: String) -> LogRow {
    let reason =
        "the job was in quarantine for four weeks and is switched off: no cycle runs until it is restarted";
    let step =
        LogStep { name: "JobSwitchedOff".to_owned(), status: LogStatus::Failure, detail: reason.to_owned() };
    LogRow {
        number,
        at: rfc3339(now_ms),
        cycle,
        action: Action::Other.name().to_owned(),
        status: LogStatus::Failure,
        source: of_job("provisioning job"),
        target: None,
        modified: Vec::new(),
        steps: vec![step],
        error_code: Some(quarantine),
        reason: Some(reason.to_owned()),
        exchanges: Vec::new(),
    }
}

/// The job in the place of an object, by what it does.
fn of_job(name: &str) -> Identity {
    Identity { id: "job".to_owned(), name: name.to_owned(), kind: "Job".to_owned() }
}

/// A value as the log writes it.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        other => other.to_string(),
    }
}
