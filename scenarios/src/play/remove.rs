//! Removes what a scenario created.

use client::{Client, Request, resource_path};
use record::Leftover;

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Removal {
    pub(super) created: u32,
    pub(super) removed: u32,
    pub(super) leftovers: Vec<Leftover>,
}

/// Deletes resources by endpoint and id, the last that was created first.
pub(super) async fn all(client: &Client, mut created: Vec<(String, String)>) -> Removal {
    let mut seen = std::collections::BTreeSet::new();
    created.retain(|resource| seen.insert(resource.clone()));
    let mut removal = Removal::default();
    for (endpoint, id) in created.into_iter().rev() {
        removal.created = removal.created.saturating_add(1);
        let path = resource_path(&format!("/{endpoint}"), &id);
        let mut sent = client.send(Request::delete(&path), None).await;
        if sent.outcome.as_ref().is_ok_and(|answer| matches!(answer.status, 412 | 428))
            && let Some(version) = version(client, &path).await
        {
            sent = client.send(Request::delete(path).header("if-match", &version), None).await;
        }
        let reason = match sent.outcome.as_ref() {
            // What is gone already is gone.
            Ok(answer) if matches!(answer.status, 200..300 | 404 | 410) => None,
            Ok(answer) => Some(format!("DELETE was answered with {}", answer.status)),
            Err(error) => Some(error.to_string()),
        };
        match reason {
            None => removal.removed = removal.removed.saturating_add(1),
            Some(reason) => removal.leftovers.push(Leftover { resource: sent.url.clone(), reason }),
        }
    }
    removal
}

/// The version of what stands there: some servers delete nothing without it (RFC 6585 §3).
async fn version(client: &Client, path: &str) -> Option<String> {
    let shown = client.send(Request::get(path), None).await;
    let answer = shown.outcome.as_ref().ok().filter(|answer| answer.status == 200)?;
    answer.version(shown.json.as_deref())
}
