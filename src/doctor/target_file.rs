//! The target file that a look comes to, with a comment for everything that was found out. It says where secrets come from, as
//! it was said on the command line or in the target file before, and never what they are.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use profiles::target::{Auth, Http, SecretIn, SecretSource, TargetFile, quoted, table};
use record::{Diagnosis, Feature, Weight};

use crate::args::DoctorOptions;
use crate::invocation::Subject;
use crate::target::Value;

/// Draws the file. `folder` is where it will be; paths in it begin there.
pub(super) fn render(
    options: &DoctorOptions,
    subject: &Subject,
    diagnosis: &Diagnosis,
    folder: Option<&Path>,
) -> String {
    let file = Writer { options, diagnosis, folder, text: String::new() };
    file.all(subject)
}

struct Writer<'a> {
    options: &'a DoctorOptions,
    diagnosis: &'a Diagnosis,
    folder: Option<&'a Path>,
    text: String,
}

impl Writer<'_> {
    fn all(mut self, subject: &Subject) -> String {
        self.head(subject);
        self.plain();
        self.auth();
        self.headers();
        self.way();
        self.credentials();
        self.limits();
        self.capabilities();
        self.samples();
        self.text
    }

    fn said(&self) -> Option<&TargetFile> {
        self.options.run.target.said.as_ref().map(|said| &said.file)
    }

    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{line}");
    }

    /// A line with a remark behind it.
    fn remarked(&mut self, line: &str, remark: &str) {
        let _ = writeln!(self.text, "{line:42} # {remark}");
    }

    /// A remark on lines of its own. What a server said may hold anything.
    fn remark(&mut self, text: &str) {
        let clean: String =
            text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        self.line(&format!("# {clean}"));
    }

    fn head(&mut self, subject: &Subject) {
        self.remark("A target file for scimproof, as `scimproof doctor` found the server. What each key means: docs/target.md");
        self.remark("Run it: scimproof check --target THIS-FILE");
        if subject.is_bundled() {
            self.remark("It was the bundled server, which is gone now: the address is no other one's.");
        }
        if let Some(why) = &self.diagnosis.read_only {
            self.remark(&format!(
                "Nothing was written, so that it is not known what a create has to carry: {why}"
            ));
        }
        for symptom in self.diagnosis.symptoms.iter().filter(|symptom| symptom.weight == Weight::Blocks) {
            self.remark(&format!("Blocks a run: {}: {}", symptom.name, symptom.said));
            self.remark(&format!("  {}", symptom.advice));
            let setting = symptom.setting.as_deref().unwrap_or_default();
            setting.lines().for_each(|line| self.remark(&format!("  {line}")));
        }
        self.line("");
    }

    fn plain(&mut self) {
        let settings = &self.diagnosis.settings;
        let url = settings.url.as_ref().unwrap_or(&self.diagnosis.target.url);
        self.remarked(&format!("url = {}", quoted(url)), "the part before /Users");
        match (&settings.profile, &self.options.profile.profile) {
            (Some(found), None) => self.remarked(
                &format!("profile = {}", quoted(found)),
                "it publishes a schema of this profile; leave it out for the standard alone",
            ),
            (_, Some(given)) => {
                let is_file = crate::profile::looks_like_a_file(given);
                let given = if is_file { self.path(Path::new(given)) } else { given.clone() };
                self.line(&format!("profile = {}", quoted(&given)));
            }
            (None, None) => {}
        }
        match (settings.timeout_s, self.options.run.timeout) {
            (Some(seconds), None) => {
                self.remarked(&format!("timeout_s = {seconds}"), "for one request; answers were slow");
            }
            (_, Some(seconds)) => self.remarked(&format!("timeout_s = {seconds}"), "for one request"),
            (None, None) => {}
        }
        match (settings.lag_s, self.options.run.lag.filter(|seconds| *seconds > 0)) {
            (Some(seconds), given) => self.remarked(
                &format!("lag_s = {}", given.unwrap_or_default().max(seconds)),
                "reads were seen to lag behind writes",
            ),
            (None, Some(seconds)) => {
                self.remarked(&format!("lag_s = {seconds}"), "as given; reads were not seen to lag");
            }
            (None, None) => {}
        }
        match (&settings.domain, &self.options.run.domain) {
            (Some(found), _) => {
                self.remarked(
                    &format!("domain = {}", quoted(found)),
                    "the server takes addresses of it alone",
                );
            }
            (None, Some(given)) => {
                self.remarked(&format!("domain = {}", quoted(given)), "addresses are made up in it");
            }
            (None, None) => {}
        }
        if self.said().is_some_and(|said| said.http == Http::Two) {
            self.line("http = \"2\"");
        }
    }

    fn auth(&mut self) {
        let token = &self.options.run.token;
        let given = match (&token.token_env, &token.token_file) {
            (Some(variable), _) => Some(SecretSource::Env(variable.clone())),
            (None, Some(file)) => Some(SecretSource::File(file.clone())),
            (None, None) => None,
        };
        if let Some(source) = given {
            // The command line names files from where it is typed.
            let source = self.source(&source, Path::to_owned);
            self.line(&format!("\n[auth.bearer]\ntoken = {source}"));
            return;
        }
        let Some(Auth { bearer, basic, oauth2 }) = self.said().and_then(|said| said.auth.clone()) else {
            return self.line("\n# [auth.bearer]\n# token = { env = \"SCIM_TOKEN\" }");
        };
        if let Some(bearer) = bearer {
            let token = self.own(&bearer.token);
            self.line(&format!("\n[auth.bearer]\ntoken = {token}"));
        }
        if let Some(basic) = basic {
            let password = self.own(&basic.password);
            self.line(&format!("\n[auth.basic]\nuser = {}\npassword = {password}", quoted(&basic.user)));
        }
        if let Some(asked) = oauth2 {
            let secret = self.own(&asked.client_secret);
            self.line("\n[auth.oauth2]");
            self.line(&format!("token_url = {}", quoted(&asked.token_url)));
            self.line(&format!("client_id = {}\nclient_secret = {secret}", quoted(&asked.client_id)));
            if let Some(scope) = &asked.scope {
                self.line(&format!("scope = {}", quoted(scope)));
            }
            if asked.secret_in == SecretIn::Body {
                self.line("secret_in = \"body\"");
            }
        }
    }

    fn headers(&mut self) {
        // They were read before anything was sent; one that cannot be read would have ended it there.
        let headers = self.options.run.target.headers().unwrap_or_default();
        if headers.is_empty() {
            return;
        }
        self.line("\n[headers]");
        for (name, value) in headers {
            let value = match value {
                Value::Plain(text) => quoted(&text),
                Value::Secret(source) => self.own(source),
            };
            self.line(&format!("{} = {value}", quoted(&name)));
        }
    }

    fn way(&mut self) {
        let ca = self.options.run.target.ca.as_deref().map(|ca| self.path(ca));
        let beside = |path: &PathBuf| self.options.run.target.said.as_ref().map(|said| said.beside(path));
        let tls = self.said().map(|said| said.tls.clone()).unwrap_or_default();
        let shown = tls.certificate.as_ref().and_then(beside).zip(tls.key.as_ref().and_then(beside));
        let shown = shown.map(|(certificate, key)| (self.path(&certificate), self.path(&key)));
        if ca.is_some() || shown.is_some() {
            self.line("\n[tls]");
        }
        if let Some(ca) = ca {
            self.line(&format!("ca = {}", quoted(&ca)));
        }
        if let Some((certificate, key)) = shown {
            self.line(&format!("certificate = {}\nkey = {}", quoted(&certificate), quoted(&key)));
        }
        let Some(url) = &self.options.run.target.proxy else { return };
        self.line(&format!("\n[proxy]\nurl = {}", quoted(url)));
        let proxy = self.said().and_then(|said| said.proxy.clone());
        if let Some((user, password)) = proxy.and_then(|proxy| Some((proxy.user?, proxy.password?))) {
            let password = self.own(&password);
            self.line(&format!("user = {}\npassword = {password}", quoted(&user)));
        }
    }

    fn credentials(&mut self) {
        let given = self.said().map(|said| said.credentials.clone()).unwrap_or_default();
        let sources = [
            ("expired", given.expired),
            ("read_only", given.read_only),
            ("second_tenant", given.second_tenant),
        ];
        let lines: Vec<String> = sources
            .iter()
            .filter_map(|(key, source)| Some(format!("{key} = {}", self.own(source.as_ref()?))))
            .collect();
        if lines.is_empty() {
            return self.line("\n# Tokens that open less, each of which lets a check run: expired, read_only, second_tenant.\n# [credentials]");
        }
        self.line("\n[credentials]");
        lines.iter().for_each(|line| self.line(line));
    }

    fn limits(&mut self) {
        let found = self.diagnosis.settings.requests_per_second;
        let target = &self.options.run.target;
        let together = self.said().and_then(|said| said.limits.concurrency);
        if found.is_none() && target.rps.is_none() && target.max_requests.is_none() && together.is_none() {
            return self.line("\n# [limits]\n# requests_per_second = 10\n# requests = 20000");
        }
        let (rps, max) = (target.rps, target.max_requests);
        self.line("\n[limits]");
        match (rps, found) {
            (Some(rate), _) => self.line(&format!("requests_per_second = {rate}")),
            (None, Some(rate)) => self.remarked(
                &format!("requests_per_second = {rate}"),
                "as many as were answered in a second before one was put off (429)",
            ),
            (None, None) => {}
        }
        if let Some(number) = together {
            self.line(&format!("concurrency = {number}"));
        }
        if let Some(number) = max {
            self.line(&format!("requests = {number}"));
        }
    }

    fn capabilities(&mut self) {
        let said = self.said().map(|said| said.capabilities.clone()).unwrap_or_default();
        let found = self.diagnosis.settings.capabilities.clone();
        let doubtful: Vec<Feature> =
            self.diagnosis.features.iter().filter(|feature| feature.is_broken()).cloned().collect();
        let doubtful: Vec<(String, String)> = doubtful
            .into_iter()
            .filter_map(|feature| Some((feature.capability?, feature.said)))
            .filter(|(capability, _)| !said.contains_key(capability))
            .collect();
        if said.is_empty() && found.is_empty() && doubtful.is_empty() {
            return;
        }
        self.line("\n[capabilities]");
        for (capability, offered) in &said {
            self.line(&format!("{} = {offered}", quoted(capability)));
        }
        for (capability, offered) in found.iter().filter(|(capability, _)| !said.contains_key(*capability)) {
            self.remarked(
                &format!("{} = {offered}", quoted(capability)),
                "it works, and discovery does not say so",
            );
        }
        for (capability, why) in doubtful {
            self.remark(&format!("Claimed, and does not work ({why}). To leave it out of a run:"));
            self.line(&format!("# {} = false", quoted(&capability)));
        }
    }

    fn samples(&mut self) {
        let mut samples = self.said().map(|said| said.samples.clone()).unwrap_or_default();
        for (resource, found) in &self.diagnosis.settings.samples {
            samples.entry(resource.clone()).or_default().extend(found.clone());
        }
        for (resource, sample) in &samples {
            let is_found = self.diagnosis.settings.samples.contains_key(resource);
            self.line("");
            if is_found {
                self.remark(&format!("Without these a {resource} is refused. {{name}} becomes its name, {{userName}} its userName, {{domain}} the domain."));
            }
            self.line(&format!("[samples.{resource}]\n{}", table(sample).trim_end()));
        }
        if samples.is_empty() {
            self.line("\n# What a create has to carry, where a userName is not enough.\n# [samples.User]");
            self.line("# emails = [{ value = \"{name}@{domain}\", type = \"work\" }]");
        }
    }

    /// A source of the file that was read, whose paths begin at its folder.
    fn own(&self, source: &SecretSource) -> String {
        let said = self.options.run.target.said.as_ref();
        self.source(source, |path| said.map_or_else(|| path.to_owned(), |said| said.beside(path)))
    }

    fn source(&self, source: &SecretSource, beside: impl Fn(&Path) -> PathBuf) -> String {
        match source {
            SecretSource::Env(variable) => format!("{{ env = {} }}", quoted(variable)),
            SecretSource::File(path) => format!("{{ file = {} }}", quoted(&self.path(&beside(path)))),
            SecretSource::Command(words) => {
                let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
                format!("{{ command = [{}] }}", words.join(", "))
            }
        }
    }

    /// A path from the folder of the file; a whole one where it lies elsewhere.
    fn path(&self, path: &Path) -> String {
        let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let path = whole(path);
        let folder = self.folder.map(|folder| match folder.as_os_str().is_empty() {
            true => whole(Path::new(".")),
            false => whole(folder),
        });
        let near = folder.as_ref().and_then(|folder| path.strip_prefix(folder).ok());
        near.unwrap_or(&path).to_string_lossy().into_owned()
    }
}
