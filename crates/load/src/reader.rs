//! Requests that belong to no load: for the audit and the clean-up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use client::{Client, Clock, Recorder, Request, Sent, Target};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::error::LoadError;
use crate::options::Options;

/// How many requests are under way at a time.
pub(crate) const TOGETHER: usize = 8;
/// After so many failures in a row the target is taken to be gone.
const SILENCE_MAX: u32 = 20;
/// How long a target may put everything off before its answers stand, in microseconds. Each answer that is none begins it anew.
const PUT_OFF_MAX_US: u64 = 60_000_000;
/// The least wait, since a target that asks for none would be asked without end.
const WAIT_MIN: Duration = Duration::from_millis(100);

/// A client for questions, which notices when nobody answers any more.
pub(crate) struct Reader {
    client: Client,
    clock: Arc<dyn Clock>,
    silent: AtomicU32,
    /// Since when the target puts everything off; `NEVER` where its last answer was one.
    put_off_us: AtomicU64,
    /// Whether what is asked goes into removing what was created.
    cleans_up: AtomicBool,
}

const NEVER: u64 = u64::MAX;
/// How many pages of a list are read that should hold one resource.
const PAGES_MAX: usize = 10;

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
        let client = Client::new(target.clone(), options.connect.as_ref(), recorder, Arc::clone(&clock))?;
        drop(guard);
        Ok(Self { reader: Reader::new(client, clock), runtime })
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
    pub(crate) fn new(client: Client, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            clock,
            silent: AtomicU32::new(0),
            put_off_us: AtomicU64::new(NEVER),
            cleans_up: AtomicBool::new(false),
        }
    }

    /// Something else begins, for which the target gets time anew.
    pub(crate) fn begin(&self) {
        self.put_off_us.store(NEVER, Ordering::Relaxed);
    }

    /// From here on everything goes into removing what was created, and the target gets time anew.
    pub(crate) fn begin_to_clean_up(&self) {
        self.begin();
        self.cleans_up.store(true, Ordering::Relaxed);
    }

    /// Waits until reads show whatever was written.
    pub(crate) async fn caught_up(&self) {
        self.client.caught_up().await;
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
        let request = if self.cleans_up.load(Ordering::Relaxed) { request.cleaning_up() } else { request };
        let sent = loop {
            let sent = self.client.send_without_waiting(&request, None).await;
            let Some(wait) = self.patience(&request, &sent) else { break sent };
            self.clock.sleep(wait).await;
        };
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

    /// How long a target that asks for time is waited for: as long as it names one, and answers something else now and then.
    fn patience(&self, request: &Request, sent: &Sent) -> Option<Duration> {
        let Some(wait) = self.client.patience(request, sent, 0) else {
            if sent.outcome.as_ref().is_ok_and(|answer| !matches!(answer.status, 429 | 503)) {
                self.begin();
            }
            return None;
        };
        let now_us = self.clock.now_us();
        let begins = self.put_off_us.compare_exchange(NEVER, now_us, Ordering::Relaxed, Ordering::Relaxed);
        let since_us = begins.map_or_else(|since_us| since_us, |_| now_us);
        let wait = wait.max(WAIT_MIN);
        let until_us = now_us.saturating_add(u64::try_from(wait.as_micros()).unwrap_or(u64::MAX));
        (until_us.saturating_sub(since_us) <= PUT_OFF_MAX_US).then_some(wait)
    }

    /// How many resources of an endpoint a filter finds; none where the target cannot tell, and why where it does not say.
    pub(crate) async fn total(&self, endpoint: &str, filter: &str) -> Result<Option<u64>, String> {
        let request = Request::get(endpoint).query("filter", filter).query("count", "1");
        let read = self.ask(request).await?;
        match read.status {
            status @ (401 | 429 | 503) => Err(format!("counting them answers {status}")),
            _ => Ok(read.total()),
        }
    }

    /// The resources that a filter finds, as the list shows them. A list that has one more page on and on tells nothing.
    pub(crate) async fn found(&self, endpoint: &str, filter: &str) -> Result<Vec<Value>, String> {
        let mut found: Vec<Value> = Vec::new();
        for _ in 0..PAGES_MAX {
            let mut request = Request::get(endpoint).query("filter", filter);
            if !found.is_empty() {
                request = request.query("startIndex", &(found.len() + 1).to_string());
            }
            let read = self.ask(request).await?;
            if read.status != 200 {
                return Err(format!("looking for it answered {}", read.status));
            }
            let page = read.resources();
            found.extend_from_slice(page);
            if page.is_empty() || read.total().is_none_or(|total| total <= found.len() as u64) {
                return Ok(found);
            }
        }
        Err(format!("the list that it would be in has more than {PAGES_MAX} pages"))
    }
}
