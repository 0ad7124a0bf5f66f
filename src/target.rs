//! The server that somebody names: on the command line, in the environment, or in a target file, in this order.

mod settling;

use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use client::Target;
use harness::Capability;
use harness::capability::DISCOVERED;
use profiles::Profile;
use profiles::target::{HeaderText, Http, PublishedNames, RATES, SecretSource, TargetFile};
use record::Secret;
use reports::curl::word;

use crate::credential;
use crate::failure::Failure;

/// How the server is reached, where a target file does not say it, or somebody knows better.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct TargetOptions {
    /// A target file (.toml): where the server is, what it asks of whoever tests it, and within which limits
    #[arg(long = "target", value_name = "FILE", env = "SCIMPROOF_TARGET", hide_env_values = true)]
    path: Option<PathBuf>,
    /// A header of every request, 'Name: value', that is no secret; may be repeated
    #[arg(long, value_name = "HEADER")]
    header: Vec<String>,
    /// A file of certificates (PEM) to trust beside those of the system
    #[arg(long, value_name = "FILE", env = "SCIMPROOF_CA", hide_env_values = true)]
    pub(crate) ca: Option<PathBuf>,
    /// The proxy to go through, such as http://127.0.0.1:3128; a target file tells of one that wants a password
    #[arg(long, value_name = "URL", env = "SCIMPROOF_PROXY", hide_env_values = true)]
    pub(crate) proxy: Option<String>,
    /// Send so many requests a second at most
    #[arg(long, value_name = "N", env = "SCIMPROOF_RPS", hide_env_values = true, value_parser = rate)]
    pub(crate) rps: Option<f64>,
    /// Send so many requests at most, those included that remove what was created
    #[arg(long, value_name = "N", env = "SCIMPROOF_MAX_REQUESTS", hide_env_values = true)]
    pub(crate) max_requests: Option<NonZeroU64>,
    /// What the target file says.
    #[arg(skip)]
    pub(crate) said: Option<Box<TargetText>>,
    /// The server, where the target file names another one.
    #[arg(skip)]
    pub(crate) elsewhere: Option<String>,
}

fn rate(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| RATES.contains(number));
    number.ok_or_else(|| format!("a number from {} to {} is needed", RATES.start(), RATES.end()))
}

/// A target file that was read.
#[derive(Clone, Debug)]
pub(crate) struct TargetText {
    path: PathBuf,
    text: String,
    pub(crate) file: TargetFile,
}

impl TargetText {
    fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::usage(format!("cannot read the target file {}: {error}", path.display()))
        })?;
        let file = profiles::target::parse(&text, &path.to_string_lossy()).map_err(Failure::usage)?;
        Ok(Self { path: path.to_owned(), text, file })
    }

    /// The path of a file that this one names from its own folder.
    pub(crate) fn beside(&self, path: &Path) -> PathBuf {
        self.path.parent().map_or_else(|| path.to_owned(), |folder| folder.join(path))
    }

    /// The waivers file that this one names.
    fn waivers(&self) -> Option<PathBuf> {
        self.file.waivers.as_deref().map(|path| self.beside(path))
    }

    /// A name, or the path of a profile file from the folder of this one.
    fn profile(&self) -> Option<String> {
        let named = self.file.profile.as_deref()?;
        let is_file = crate::profile::looks_like_a_file(named);
        Some(if is_file {
            self.beside(Path::new(named)).to_string_lossy().into_owned()
        } else {
            named.to_owned()
        })
    }

    /// A complaint about what stands behind these keys.
    pub(crate) fn wrong(&self, keys: &[&str], message: impl Into<String>, hint: &str) -> Failure {
        let name = self.path.to_string_lossy();
        Failure::usage(profiles::target::complaint(&self.text, &name, keys, message, hint))
    }

    /// What its samples name and neither the standard nor the profile nor the server knows, each with its place.
    pub(crate) fn unknown(&self, profile: &Profile, published: &PublishedNames) -> Vec<String> {
        let name = self.path.to_string_lossy();
        let unknown = profiles::target::unknown(&self.file, profile, published, &self.text, &name);
        unknown.iter().map(ToString::to_string).collect()
    }

    /// The secret that comes from where these keys say.
    pub(crate) fn secret(&self, source: &SecretSource, keys: &[&str]) -> Result<String, Failure> {
        credential::from_source(source, |path| self.beside(path))
            .map_err(|(message, hint)| self.wrong(keys, message, &hint))
    }

    /// The same, of what may hold visible characters alone.
    pub(crate) fn token(&self, source: &SecretSource, keys: &[&str]) -> Result<Secret, Failure> {
        let text = self.secret(source, keys)?;
        credential::usable(&text)
            .ok_or_else(|| self.wrong(keys, "what comes from there is no usable token", VISIBLE))
    }
}

/// What to do about a file that a target file names and nobody finds.
pub(crate) const BESIDE: &str = "its path is taken from the folder of the target file";
const VISIBLE: &str = "a token is visible ASCII without spaces";

/// What can be said on the command line too.
struct Plain<'a> {
    url: &'a mut Option<String>,
    profile: Option<&'a mut Option<String>>,
    timeout: Option<&'a mut Option<u64>>,
    lag: Option<&'a mut Option<u64>>,
    domain: Option<&'a mut Option<String>>,
    waivers: Option<&'a mut Option<PathBuf>>,
}

impl TargetOptions {
    /// Reads the target file, and takes from it what neither the command line nor the environment says.
    fn settle(&mut self, plain: Plain<'_>) -> Result<(), Failure> {
        let said = self.path.as_deref().map(TargetText::read).transpose()?.map(Box::new);
        if let Some(said) = &said {
            fill(plain.url, said.file.url.clone());
            plain.profile.into_iter().for_each(|profile| fill(profile, said.profile()));
            plain.timeout.into_iter().for_each(|timeout| fill(timeout, said.file.timeout_s));
            plain.lag.into_iter().for_each(|lag| fill(lag, said.file.lag_s));
            plain.domain.into_iter().for_each(|domain| fill(domain, said.file.domain.clone()));
            plain.waivers.into_iter().for_each(|waivers| fill(waivers, said.waivers()));
            fill(&mut self.ca, said.file.tls.ca.as_deref().map(|path| said.beside(path)));
            fill(&mut self.proxy, said.file.proxy.as_ref().and_then(|proxy| proxy.url.clone()));
            fill(&mut self.rps, said.file.limits.requests_per_second);
            fill(&mut self.max_requests, said.file.limits.requests);
            if *plain.url != said.file.url {
                self.elsewhere.clone_from(plain.url);
            }
        }
        let is_limited = self.rps.is_some() || self.max_requests.is_some();
        if plain.url.is_none() && (said.is_some() || !self.header.is_empty() || is_limited) {
            let without = "a target file, a header or a limit without a URL: name the server that it is for, as `url` in the \
                           file or as an argument";
            return Err(Failure::usage(without));
        }
        self.said = said;
        Ok(())
    }

    /// The target file, where it is what names these waivers.
    pub(crate) fn names_waivers(&self, path: &Path) -> Option<&TargetText> {
        self.said.as_deref().filter(|said| said.waivers().is_some_and(|named| named == path))
    }

    /// The same of a profile.
    pub(crate) fn names_profile(&self, name: &str) -> Option<&TargetText> {
        self.said.as_deref().filter(|said| said.profile().is_some_and(|named| named == name))
    }

    /// The same of the authorities that are trusted.
    pub(crate) fn names_ca(&self, path: &Path) -> Option<&TargetText> {
        let names =
            |said: &&TargetText| said.file.tls.ca.as_deref().is_some_and(|named| said.beside(named) == path);
        self.said.as_deref().filter(names)
    }

    /// The same of the proxy.
    pub(crate) fn names_proxy(&self, url: &str) -> Option<&TargetText> {
        let named = |said: &&TargetText| {
            said.file.proxy.as_ref().is_some_and(|proxy| proxy.url.as_deref() == Some(url))
        };
        self.said.as_deref().filter(named)
    }

    /// The same of the server.
    pub(crate) fn names_server(&self, url: &str) -> Option<&TargetText> {
        self.said.as_deref().filter(|said| said.file.url.as_deref() == Some(url))
    }

    /// The same with another limit of requests.
    pub(crate) fn limited_to(&self, requests: u64) -> Self {
        Self { max_requests: NonZeroU64::new(requests), ..self.clone() }
    }

    /// The options again, as words of a command line: what the file says, it says again.
    pub(crate) fn words(&self) -> impl Iterator<Item = String> {
        let path = |option: &str, path: &PathBuf| format!("{option} {}", word(&path.to_string_lossy()));
        let mut words: Vec<String> = self.path.iter().map(|file| path("--target", file)).collect();
        words.extend(self.header.iter().map(|header| format!("--header {}", word(header))));
        let file = self.said.as_ref().map(|said| &said.file);
        let ca = self.said.as_ref().and_then(|said| Some(said.beside(said.file.tls.ca.as_deref()?)));
        words.extend(
            self.ca.iter().filter(|given| ca.as_ref() != Some(given)).map(|given| path("--ca", given)),
        );
        let proxy = file.and_then(|file| file.proxy.as_ref()?.url.as_ref());
        let proxy = self.proxy.as_ref().filter(|given| proxy != Some(given));
        words.extend(proxy.map(|url| format!("--proxy {}", word(url))));
        let rps = file.and_then(|file| file.limits.requests_per_second);
        words.extend(self.rps.filter(|given| rps != Some(*given)).map(|rate| format!("--rps {rate}")));
        let max = file.and_then(|file| file.limits.requests);
        let max = self.max_requests.filter(|given| max != Some(*given));
        words.extend(max.map(|number| format!("--max-requests {number}")));
        words.into_iter()
    }

    /// The same, and the server, for a command line that has it from nowhere else.
    pub(crate) fn words_and_url(&self) -> impl Iterator<Item = String> {
        self.elsewhere.iter().map(|url| word(url)).chain(self.words())
    }

    /// How long so many requests take at least, where they may not come as fast as they can.
    pub(crate) fn pace(&self, requests: u32) -> String {
        let least =
            |rate: f64| Duration::try_from_secs_f64(f64::from(requests) / rate).unwrap_or(Duration::MAX);
        let told = |rate| format!(", which take {} at {rate} a second,", reports::duration(least(rate)));
        self.rps.map(told).unwrap_or_default()
    }

    /// What of it a plan says.
    pub(crate) fn plan(&self, target: Option<&Target>) -> Result<String, Failure> {
        let mut lines = Vec::new();
        lines.extend(target.and_then(Target::token_url).map(|url| {
            format!("access tokens are asked for at {url}, with the id and the secret of the client")
        }));
        for (name, value) in self.headers()? {
            lines.push(match value {
                Value::Plain(text) => format!("every request has the header {name}: {text}"),
                Value::Secret(_) => format!("every request has the header {name}, which is a secret"),
            });
        }
        let file = self.said.as_ref().map(|said| &said.file);
        lines
            .extend(self.ca.iter().map(|ca| format!("the certificates in {} are trusted too", ca.display())));
        let certificate = file.and_then(|file| file.tls.certificate.as_ref());
        lines.extend(certificate.map(|path| format!("the certificate in {} is shown", path.display())));
        // It may hold a password where it should not; then nothing is sent, and the address is not shown either.
        let proxy = self.proxy.as_ref().filter(|url| !url.contains('@'));
        lines.extend(proxy.map(|url| format!("everything goes through the proxy {url}")));
        let http2 = file.filter(|file| file.http == Http::Two);
        lines.extend(http2.map(|_| "HTTP/2 is spoken and nothing else".to_owned()));
        lines.extend(self.rps.map(|rate| format!("at most {rate} requests a second")));
        let together = file.and_then(|file| file.limits.concurrency);
        lines.extend(together.map(|number| format!("at most {number} requests at a time")));
        lines.extend(
            self.max_requests.map(|number| {
                format!("at most {number} requests, those included that remove what was created")
            }),
        );
        lines.extend(self.overrides()?.iter().map(|(capability, offered)| match offered {
            true => format!("{capability} is checked whatever discovery says of it"),
            false => format!("{capability} is left alone"),
        }));
        Ok(lines.into_iter().map(|line| format!("  {line}\n")).collect())
    }

    /// The headers of every request; one of the command line stands in place of that of the same name in the file.
    pub(crate) fn headers(&self) -> Result<Vec<(String, Value<'_>)>, Failure> {
        let given: Vec<(String, String)> =
            self.header.iter().map(|header| named(header)).collect::<Result<_, _>>()?;
        let in_file = self.said.iter().flat_map(|said| &said.file.headers);
        let of_file =
            in_file.filter(|(name, _)| !given.iter().any(|(given, _)| given.eq_ignore_ascii_case(name)));
        let of_file = of_file.map(|(name, text)| match text {
            HeaderText::Plain(text) => (name.clone(), Value::Plain(text.clone())),
            HeaderText::Secret(source) => (name.clone(), Value::Secret(source)),
        });
        let mut all: Vec<_> = of_file.collect();
        all.extend(given.into_iter().map(|(name, value)| (name, Value::Plain(value))));
        Ok(all)
    }

    /// What the file says of what the server offers.
    pub(crate) fn overrides(&self) -> Result<Vec<(Capability, bool)>, Failure> {
        let Some(said) = &self.said else { return Ok(Vec::new()) };
        let names: Vec<String> = DISCOVERED.iter().map(ToString::to_string).collect();
        let known = |(name, offered): (&String, &bool)| {
            let found = names.iter().position(|known| known == name).and_then(|place| DISCOVERED.get(place));
            found.map(|capability| (*capability, *offered)).ok_or_else(|| {
                let otherwise = format!("these are: {}", names.join(", "));
                let hint = profiles::target::hint(name, names.iter().map(String::as_str), &otherwise);
                said.wrong(&["capabilities", name], format!("there is no capability `{name}`"), &hint)
            })
        };
        said.file.capabilities.iter().map(known).collect()
    }

    /// A profile with the samples that the file has beside its own.
    pub(crate) fn with_samples(&self, profile: Profile) -> Result<Profile, Failure> {
        let Some(said) = &self.said else { return Ok(profile) };
        profiles::target::fits(&said.file, &profile, &said.text, &said.path.to_string_lossy())
            .map_err(Failure::usage)?;
        Ok(said.file.with_samples(profile))
    }
}

/// What a header holds, or where that comes from.
pub(crate) enum Value<'a> {
    Plain(String),
    Secret(&'a SecretSource),
}

fn fill<T>(said: &mut Option<T>, otherwise: Option<T>) {
    if said.is_none() {
        *said = otherwise;
    }
}

/// A header of the command line, which others can read. What should not stand there is not repeated.
fn named(header: &str) -> Result<(String, String), Failure> {
    let (name, value) = header.split_once(':').ok_or_else(|| {
        Failure::usage("--header takes a name, a colon and a value: --header 'X-Tenant: acme'")
    })?;
    match profiles::target::header_complaint(name, false) {
        Some((message, hint)) => {
            Err(Failure::usage(format!("--header: {message}\n  hint: in a target file: {hint}")))
        }
        None => Ok((name.to_owned(), value.trim().to_owned())),
    }
}
