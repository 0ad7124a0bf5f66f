//! The provisioning log as the provider's own interface tells it.

use record::{Identity, LogRow, LogStatus, LogStep};
use serde_json::{Value, json};

/// What a provisioning log says of users in the target (D).
const USER_TYPE: &str = protocol::urn::ENTERPRISE_USER;

/// Writes a provisioning log as newline-delimited JSON, with the field names of Microsoft Graph's
/// `provisioningObjectSummary`. Ids follow from the job's name and the numbers of rows and cycles.
///
/// ```
/// let log: Vec<record::LogRow> = Vec::new();
/// let text: String = log.iter().map(|row| scenarios::entra::Ndjson::new("bonusly").line(row)).collect();
/// assert_eq!(text, "");
/// ```
#[derive(Clone, Debug)]
pub struct Ndjson {
    job: String,
}

impl Ndjson {
    /// A writer for the log of the job that provisions this application.
    #[must_use]
    pub fn new(application: &str) -> Self {
        Self { job: application.to_owned() }
    }

    /// A row as one line, its end included.
    #[must_use]
    pub fn line(&self, row: &LogRow) -> String {
        let system = |name: &str| json!({ "id": self.id(name, 0), "displayName": name, "details": {} });
        let line = json!({
            "id": self.id("row", row.number),
            "activityDateTime": row.at,
            "tenantId": self.id("tenant", 0),
            "jobId": format!("scim.{}.{}", self.id("job", 0).replace('-', ""), self.id("instance", 0)),
            "cycleId": self.id("cycle", row.cycle),
            "changeId": self.id("change", row.number),
            "provisioningAction": row.action,
            // The job's own clock stands still while it works.
            "durationInMilliseconds": null,
            "initiatedBy": { "id": "", "displayName": "Azure AD Provisioning Service", "initiatorType": "system" },
            "servicePrincipal": { "id": self.id("principal", 0), "displayName": self.job },
            "sourceSystem": system("Azure Active Directory"),
            "targetSystem": system("customappsso"),
            "sourceIdentity": identity(&row.source, &row.source.kind),
            "targetIdentity": row.target.as_ref().map(|target| identity(target, target_type(&target.kind))),
            "modifiedProperties": row.modified.iter().map(|modified| json!({
                "displayName": modified.attribute, "oldValue": modified.old, "newValue": modified.new,
            })).collect::<Vec<_>>(),
            "provisioningSteps": row.steps.iter().map(step).collect::<Vec<_>>(),
            "provisioningStatusInfo": { "status": status(row.status), "errorInformation": error(row) },
        });
        format!("{line}\n")
    }

    fn id(&self, what: &str, number: u32) -> String {
        let mut hasher = blake3::Hasher::new_derive_key("scimproof entra log ids 1");
        for part in [self.job.as_bytes(), b"\0", what.as_bytes(), b"\0", &number.to_le_bytes()] {
            hasher.update(part);
        }
        let mut bytes = [0; 16];
        hasher.finalize_xof().fill(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }
}

fn identity(identity: &Identity, kind: &str) -> Value {
    json!({ "id": identity.id, "displayName": identity.name, "identityType": kind, "details": {} })
}

fn target_type(kind: &str) -> &str {
    if kind == "User" { USER_TYPE } else { protocol::urn::GROUP }
}

fn step(step: &LogStep) -> Value {
    let kind = match step.name.as_str() {
        "EntrySynchronizationScoping" => "scoping",
        "EntryMatch" => "matching",
        "ReferenceResolution" => "referenceResolution",
        name if name.starts_with("EntryImport") => "import",
        name if name.starts_with("EntryExport") => "export",
        _ => "processing",
    };
    json!({
        "name": step.name, "provisioningStepType": kind, "status": status(step.status), "description": step.detail,
        "details": {},
    })
}

fn error(row: &LogRow) -> Value {
    if row.error_code.is_none() && row.reason.is_none() {
        return Value::Null;
    }
    json!({
        "errorCode": row.error_code, "reason": row.reason, "additionalDetails": null,
        "errorCategory": if row.status == LogStatus::Failure { "failure" } else { "nonServiceFailure" },
        "recommendedAction": null,
    })
}

const fn status(status: LogStatus) -> &'static str {
    match status {
        LogStatus::Success => "success",
        LogStatus::Warning => "warning",
        LogStatus::Failure => "failure",
        LogStatus::Skipped => "skipped",
    }
}
