//! What each verb takes from the environment and the target file.

use super::Plain;
use crate::args::{CheckOptions, DoctorOptions, LoadOptions, ProveOptions, SweepOptions, SyncOptions};
use crate::failure::Failure;

impl CheckOptions {
    /// Takes from the environment and the target file what the command line does not say.
    pub(crate) fn settle(&mut self) -> Result<(), Failure> {
        let Self { url, profile, judging, run, .. } = self;
        let (timeout, lag, domain) = (Some(&mut run.timeout), Some(&mut run.lag), Some(&mut run.domain));
        let (profile, waivers) = (Some(&mut profile.profile), Some(&mut judging.waivers));
        run.target.settle(Plain { url, profile, timeout, lag, domain, waivers })
    }
}

impl DoctorOptions {
    /// Takes from the environment and the target file what the command line does not say.
    pub(crate) fn settle(&mut self) -> Result<(), Failure> {
        let Self { url, profile, run, .. } = self;
        let (timeout, lag, domain) = (Some(&mut run.timeout), Some(&mut run.lag), Some(&mut run.domain));
        run.target.settle(Plain {
            url,
            profile: Some(&mut profile.profile),
            timeout,
            lag,
            domain,
            waivers: None,
        })
    }
}

impl ProveOptions {
    /// Takes from the environment and the target file what the command line does not say.
    pub(crate) fn settle(&mut self) -> Result<(), Failure> {
        let Self { url, profile, judging, run, .. } = self;
        let (timeout, lag, domain) = (Some(&mut run.timeout), Some(&mut run.lag), Some(&mut run.domain));
        let (profile, waivers) = (Some(&mut profile.profile), Some(&mut judging.waivers));
        run.target.settle(Plain { url, profile, timeout, lag, domain, waivers })
    }
}

impl SyncOptions {
    /// Takes from the environment and the target file what the command line does not say.
    pub(crate) fn settle(&mut self) -> Result<(), Failure> {
        let Self { scenario, url, profile, run, .. } = self;
        known_by_url(scenario, url);
        let (timeout, lag, domain) = (Some(&mut run.timeout), Some(&mut run.lag), Some(&mut run.domain));
        run.target.settle(Plain { url, profile: Some(profile), timeout, lag, domain, waivers: None })
    }
}

impl LoadOptions {
    /// Takes from the environment and the target file what the command line does not say.
    pub(crate) fn settle(&mut self) -> Result<(), Failure> {
        let Self { file, url, profile, run, .. } = self;
        known_by_url(file, url);
        let (timeout, lag, domain) = (Some(&mut run.timeout), Some(&mut run.lag), Some(&mut run.domain));
        run.target.settle(Plain {
            url,
            profile: Some(&mut profile.profile),
            timeout,
            lag,
            domain,
            waivers: None,
        })
    }
}

impl SweepOptions {
    /// Takes from the environment and the target file what the command line does not say.
    pub(crate) fn settle(&mut self) -> Result<(), Failure> {
        self.target.settle(Plain {
            url: &mut self.url,
            profile: None,
            timeout: None,
            lag: None,
            domain: None,
            waivers: None,
        })
    }
}

/// A server is known by its URL, where the name in front of it is left out.
fn known_by_url(name: &mut Option<String>, url: &mut Option<String>) {
    if name.as_ref().is_some_and(|name| name.contains("://")) {
        *url = name.take();
    }
}
