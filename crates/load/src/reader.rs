//! Requests that belong to no load: for the audit and the clean-up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use client::{Client, Recorder, Request, Target};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::error::LoadError;
use crate::options::Options;

/// How many requests are under way at a time.
pub(crate) const TOGETHER: usize = 8;
/// After so many failures in a row the target is taken to be gone.
const SILENCE_MAX: u32 = 20;

/// A client for questions, which notices when nobody answers any more.
pub(crate) struct Reader {
    client: Client,
    silent: AtomicU32,
}

/// A reader and the runtime that it belongs to.
pub(crate) struct Reading {
    // Connections go before the runtime that drives them.
    pub(crate) reader: Reader,
    pub(crate) runtime: Runtime,
}

impl Reading {
    pub(crate) fn open(target: &Target, options: &Options) -> Result<Self, LoadError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|cause| LoadError::Start { what: "a runtime", cause })?;
        let guard = runtime.enter();
        let recorder = Recorder::forgetful(options.redactor.clone());
        let clock = Arc::clone(&options.clock);
        let client = Client::new(target.clone(), options.connect.as_ref(), recorder, clock)?;
        drop(guard);
        Ok(Self { reader: Reader::new(client), runtime })
    }
}

/// What an answer comes to.
pub(crate) struct Read {
    pub(crate) status: u16,
    /// The version that the answer is about (RFC 7644 §3.14).
    pub(crate) version: Option<String>,
    pub(crate) json: Option<Arc<Value>>,
}

impl Read {
    /// A list's `totalResults`.
    pub(crate) fn total(&self) -> Option<u64> {
        self.json.as_ref()?.get("totalResults")?.as_u64().filter(|_| self.status == 200)
    }

    /// The resources of a list.
    pub(crate) fn resources(&self) -> &[Value] {
        let resources = self.json.as_ref().and_then(|json| json.get("Resources")).and_then(Value::as_array);
        resources.map(Vec::as_slice).unwrap_or_default()
    }
}

impl Reader {
    pub(crate) fn new(client: Client) -> Self {
        Self { client, silent: AtomicU32::new(0) }
    }

    /// Whether nobody has answered for a while.
    pub(crate) fn is_silent(&self) -> bool {
        self.silent.load(Ordering::Relaxed) >= SILENCE_MAX
    }

    /// Asks, patiently, and says why there is no answer.
    pub(crate) async fn ask(&self, request: Request) -> Result<Read, String> {
        if self.is_silent() {
            return Err("the target stopped answering".to_owned());
        }
        let sent = self.client.send(request, None).await;
        match sent.outcome {
            Ok(answer) => {
                self.silent.store(0, Ordering::Relaxed);
                let version = answer.version(sent.json.as_deref());
                Ok(Read { status: answer.status, version, json: sent.json })
            }
            Err(error) => {
                self.silent.fetch_add(1, Ordering::Relaxed);
                Err(error.to_string())
            }
        }
    }

    /// How many resources of an endpoint a filter finds; none where the target cannot tell.
    pub(crate) async fn total(&self, endpoint: &str, filter: &str) -> Option<u64> {
        let request = Request::get(endpoint).query("filter", filter).query("count", "1");
        self.ask(request).await.ok()?.total()
    }

    /// The ids of the resources that a filter finds.
    pub(crate) async fn ids(&self, endpoint: &str, filter: &str) -> Result<Vec<String>, String> {
        let read = self.ask(Request::get(endpoint).query("filter", filter)).await?;
        if read.status != 200 {
            return Err(format!("looking for it answered {}", read.status));
        }
        let ids = read.resources().iter().filter_map(|resource| resource.get("id")?.as_str());
        Ok(ids.map(str::to_owned).collect())
    }
}
