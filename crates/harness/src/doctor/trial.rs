//! What the server offers is tried, by reading and on resources of our own.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::Duration;

use client::Request;
use record::{Weight, Works};
use serde_json::Value;

use crate::capability;
use crate::doctor::chart::{Chart, Told};
use crate::doctor::intake::answered;
use crate::doctor::refusal::Refusal;
use crate::doctor::{Look, features};
use crate::probe::Probe;
use crate::reply::Reply;
use crate::session::Shared;
use crate::stop::Stop;

/// How long a read may lag behind a write before it is taken for one that never shows it.
pub(super) const LAG_MAX: Duration = Duration::from_secs(10);
/// What a read may take in vain where none was seen to lag.
const LAG_MIN: Duration = Duration::from_millis(300);
/// The first pause between two reads; each is twice as long as the one before.
const PAUSE: Duration = Duration::from_millis(20);
const PAUSE_MAX: Duration = Duration::from_millis(500);

/// Everything that is tried.
pub(super) struct Trial<'a> {
    pub(super) probe: &'a Probe,
    pub(super) look: &'a Look,
    pub(super) chart: &'a mut Chart,
    pub(super) shared: &'a Arc<Shared>,
    /// How far reads were seen to lag.
    pub(super) lag: Duration,
    /// The domain of the addresses that are tried.
    pub(super) domain: String,
}

/// What came in place of a resource that was created.
#[derive(Debug, Default)]
pub(super) struct Unseen {
    /// The answer in words.
    pub(super) said: String,
    /// Whether something was shown that cannot be read.
    pub(super) is_unreadable: bool,
}

impl Unseen {
    fn of(reply: &Reply) -> Self {
        let is_unreadable = reply.succeeded() && reply.json.is_none();
        let why = if reply.succeeded() && !is_unreadable { ", and no id in it" } else { "" };
        Self { said: format!("{}{why}", answered(&reply.answer, reply.json.as_deref())), is_unreadable }
    }
}

impl<'a> Trial<'a> {
    pub(super) fn new(
        probe: &'a Probe,
        look: &'a Look,
        chart: &'a mut Chart,
        shared: &'a Arc<Shared>,
    ) -> Self {
        let domain = look.profile.domain().to_owned();
        Self { probe, look, chart, shared, lag: Duration::ZERO, domain }
    }

    /// Tries everything that may be tried.
    pub(super) fn run(&mut self) {
        self.lists();
        if self.look.read_only.is_none() {
            let users = self.users();
            if self.shared.service.resource_types.iter().any(|known| known.name == "Group") {
                self.groups(users.as_ref());
            }
            self.lagging();
            // Now that somebody is there for certain.
            if users.is_some() {
                let total = self.chart.manner.holds.get("User").copied().unwrap_or_default();
                self.in_general(total + 2);
            }
            self.search(users.as_ref());
            self.bulk();
            if let Some(user) = users {
                self.delete_user(&user);
            }
        }
        // A Ctrl-C of the terminal ends a server there too.
        if self.shared.silence.lasts() && self.stopped().is_none() {
            self.chart.tell(Told::new(
                "falls-silent",
                Weight::Blocks,
                "the server stopped answering while it was looked at",
                "look at its log; where it cannot take more, ask for less at a time (--rps 1 --jobs 1)",
            ));
        }
        features::unclaimed(&self.shared.service, self.chart);
        self.compare();
    }

    /// Bulk is asked to do nothing: whoever knows it says so, or what is wrong with that.
    fn bulk(&mut self) {
        let body = serde_json::json!({ "schemas": [protocol::urn::BULK_REQUEST], "Operations": [] });
        match self.probe.send(Request::post(protocol::endpoint::BULK).json(&body)) {
            Ok(reply) if matches!(reply.status(), 200..300 | 400 | 413) => {
                let said = format!("it is there: an empty request is answered {}", reply.status());
                self.chart.saw("bulk", Works::Yes, said);
            }
            Ok(reply) => self.chart.saw("bulk", Works::No, Refusal::of(&reply).said),
            Err(stop) => self.unknown("bulk", &stop),
        }
    }

    /// What claims and reality come to.
    fn compare(&mut self) {
        for known in features::FEATURES {
            let Some(capability) = known.capability else { continue };
            let is_unclaimed = self.chart.settings.capabilities.contains_key(&capability.to_string());
            if is_unclaimed {
                let told = Told::new(
                    "works-unclaimed",
                    Weight::Hinders,
                    format!(
                        "{}: it works, and discovery does not say so, so that a run leaves it out",
                        known.name
                    ),
                    "say so in a target file, and it is checked",
                );
                self.chart.tell(told.setting(format!("[capabilities]\n\"{capability}\" = true")));
            }
        }
        for (key, name, capability) in self.broken() {
            let setting = capability.map(|name| format!("[capabilities]\n\"{name}\" = false"));
            let advice = match setting {
                Some(_) => {
                    "checks of it will fail, as they should; to leave it out of a run, say so in a target file"
                }
                None => "tell whoever runs the server",
            };
            let told = Told::new(
                "claimed-and-broken",
                Weight::Tells,
                format!("{name}: discovery claims it, and it does not work ({key})"),
                advice,
            );
            self.chart.tell(match setting {
                Some(setting) => told.setting(setting),
                None => told,
            });
        }
    }

    fn broken(&self) -> Vec<(String, &'static str, Option<String>)> {
        let broken = features::FEATURES.iter().filter_map(|known| {
            let said = self.chart.broken(known.key)?;
            Some((said.to_owned(), known.name, known.capability.map(|capability| capability.to_string())))
        });
        broken.collect()
    }

    /// Reads until an answer is good, or has had time enough to be. Gives how long it took to be.
    pub(super) fn until(
        &self,
        request: &Request,
        most: Duration,
        good: impl Fn(&Reply) -> bool,
    ) -> Result<Option<Duration>, Stop> {
        let clock = &self.shared.clock;
        let began_us = clock.now_us();
        let mut pause = PAUSE;
        loop {
            let reply = self.probe.send(request.clone())?;
            let took = Duration::from_micros(clock.now_us().saturating_sub(began_us));
            if good(&reply) {
                return Ok(Some(took));
            }
            if took >= most {
                return Ok(None);
            }
            self.probe.pause(pause)?;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    /// Reads until an answer shows what was written, within the time that was seen to be enough.
    pub(super) fn shows(&self, request: &Request, good: impl Fn(&Reply) -> bool) -> Result<bool, Stop> {
        let most = (self.lag * 2).max(LAG_MIN);
        Ok(self.until(request, most, good)?.is_some())
    }

    /// Reads what was just created, and takes note of how long that took to show. Gives what came in place of it, if it never did.
    pub(super) fn catch_up(&mut self, path: &str) -> Result<Option<Unseen>, Stop> {
        let request = Request::get(path);
        let tries = Cell::new(0);
        let last = RefCell::new(Unseen::default());
        let took = self.until(&request, LAG_MAX, |reply| {
            tries.set(tries.get() + 1);
            let shows = reply.succeeded() && reply.at("/id").is_some();
            if !shows {
                last.replace(Unseen::of(reply));
            }
            shows
        })?;
        // The first read tells how fast the server is, not how far it lags.
        if let Some(took) = took.filter(|_| tries.get() > 1) {
            self.lag = self.lag.max(took);
        }
        Ok(took.is_none().then(|| last.into_inner()))
    }

    fn lagging(&mut self) {
        if self.lag.is_zero() {
            return;
        }
        // Once measured is not the worst that there is.
        let worst_ms = self.lag.as_millis() * 3 / 2;
        let seconds = u64::try_from(worst_ms.div_ceil(1_000)).unwrap_or(u64::MAX);
        let seconds = seconds.min(profiles::target::LAG_S_MAX);
        self.chart.settings.lag_s = Some(seconds);
        let told = Told::new(
            "reads-lag",
            Weight::Hinders,
            format!("what was created could be read only {:.1} s later", self.lag.as_secs_f64()),
            "let reads lag behind writes, or checks take what is late for lost",
        );
        self.chart.tell(told.flag(format!("--lag {seconds}")).setting(format!("lag_s = {seconds}")));
    }

    /// Takes note that trying told nothing. Once somebody has stopped it, that is why, whatever came of the request.
    pub(super) fn unknown(&mut self, feature: &'static str, stop: &Stop) {
        let said = self.stopped().map_or_else(|| why(stop), str::to_owned);
        self.chart.saw(feature, Works::Unknown, said);
    }

    /// Why nothing more is tried, once it was stopped. What comes to nothing from there on says nothing of the server.
    pub(super) fn stopped(&self) -> Option<&str> {
        let cancel = &self.look.cancel;
        cancel.is_cancelled().then(|| cancel.reason().unwrap_or("it was stopped"))
    }

    pub(super) fn offers_enterprise(&self) -> bool {
        self.shared.service.capabilities.contains(&capability::ENTERPRISE_USER)
    }
}

/// Why something could not be tried to its end.
pub(super) fn why(stop: &Stop) -> String {
    match stop {
        Stop::Blocked(cause) => cause.message.clone(),
        Stop::Error(text) | Stop::NotSupported(text) | Stop::Inapplicable(text) => text.clone(),
        Stop::Fail(finding) => finding.actual.clone(),
    }
}

/// The resources in a list.
pub(super) fn items(reply: &Reply) -> &[Value] {
    reply.at("/Resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
