//! Removes what a scenario created.

use client::{Client, Request, Sent, Shown, resource_path, with_version_if_asked};
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
        let ask = async |request: Request| client.send(request.cleaning_up(), None).await;
        let sent = with_version_if_asked(Request::delete(path), None, ask, shown).await;
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

fn shown(sent: &Sent) -> Option<Shown> {
    sent.outcome.as_ref().ok().map(|answer| answer.shown(sent.json.as_deref()))
}
