//! Which e-mail addresses a server takes: some want those of a domain of their own.

use record::Weight;
use serde_json::json;

use crate::doctor::chart::Told;
use crate::doctor::refusal::Refusal;
use crate::doctor::trial::Trial;
use crate::doctor::wants::{Sample, value};
use crate::stop::Stop;

/// An address that is made up, as a sample has it.
pub(super) const ADDRESS: &str = "{name}@{domain}";
/// Another one of the same name.
const OTHER_ADDRESS: &str = "m.{name}@{domain}";
/// By what words a refusal speaks of addresses.
pub(super) const MAIL: &[&str] = &["domain", "e-mail", "email"];
/// How many domains are tried that a refusal names.
const DOMAINS_MAX: usize = 3;

/// Whether an address is among the values of a sample.
pub(super) fn has_address(sample: &Sample) -> bool {
    sample.values().any(|value| value.to_string().contains("{domain}"))
}

impl Trial<'_> {
    /// Takes up a domain that a refusal names, where it is about addresses and that is not the one that was tried.
    pub(super) fn takes_up_domain(&mut self, refused: &Refusal) -> bool {
        let named = refused.domains().find(|domain| *domain != self.domain).map(str::to_owned);
        match named.filter(|_| refused.speaks_of(MAIL)) {
            Some(domain) => {
                self.domain = domain;
                true
            }
            None => false,
        }
    }

    /// Keeps the domain that was taken, where it is not the one that was given.
    pub(super) fn keep_domain(&mut self) {
        if self.domain != self.look.profile.domain() {
            self.chart.settings.domain = Some(self.domain.clone());
        }
    }

    /// An address that follows from the userName leaves checks no choice. Where the server takes another one, it does not follow.
    pub(super) fn unbound(&self, mut sample: Sample) -> Result<Sample, Stop> {
        let follows = sample.get("emails").is_some_and(|emails| emails.to_string().contains("{userName}"));
        if !follows {
            return Ok(sample);
        }
        let mut other = sample.clone();
        other.insert("emails".to_owned(), value("emails", OTHER_ADDRESS));
        let (reply, _) = self.attempt("User", &other, None)?;
        if reply.succeeded() {
            sample.insert("emails".to_owned(), value("emails", ADDRESS));
        }
        Ok(sample)
    }

    /// What is sent of a user who has an address too, where users are taken without one and the server keeps addresses.
    pub(super) fn with_address(&self, known: &Sample) -> Option<Sample> {
        let published = &self.shared.service.published;
        let is_free = published.can_be_written("emails.value") && !published.binds("emails.value");
        let mut sample = known.clone();
        sample.entry("emails").or_insert_with(|| json!([{ "value": ADDRESS, "type": "work" }]));
        (is_free && !known.contains_key("emails")).then_some(sample)
    }

    /// What it means that a user is refused only where he has an address.
    pub(super) fn address_refused(&mut self, sample: &Sample, refused: &Refusal) -> Result<(), Stop> {
        let (given, said) = (self.domain.clone(), &refused.said);
        let named: Vec<String> =
            refused.domains().filter(|domain| *domain != given).map(str::to_owned).collect();
        for domain in named.into_iter().take(DOMAINS_MAX) {
            self.domain.clone_from(&domain);
            if self.attempt("User", sample, None)?.0.succeeded() {
                self.keep_domain();
                let told = Told::new(
                    "addresses-of-a-domain",
                    Weight::Hinders,
                    format!("an address of {given} is refused: the server {said}; one of {domain} is taken"),
                    "let checks make up addresses of that domain; --write puts it into a target file",
                );
                let setting = format!("domain = {}", profiles::target::quoted(&domain));
                self.chart.tell(told.flag(format!("--domain {domain}")).setting(setting));
                return Ok(());
            }
        }
        self.domain = given;
        let told = Told::new(
            "addresses-refused",
            Weight::Hinders,
            format!(
                "users are taken without an address, and one of {} is refused: the server {said}",
                self.domain
            ),
            "addresses may have to be of a domain of the server's own: name it",
        );
        self.chart.tell(told.flag("--domain DOMAIN").setting("domain = \"your.example\""));
        Ok(())
    }
}
