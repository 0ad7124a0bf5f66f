//! What is known of a server so far.

use std::collections::BTreeMap;

use record::{Diagnosis, Document, Feature, Manner, Redactor, Settings, Symptom, Weight, Works};

use crate::doctor::Look;
use crate::doctor::features::FEATURES;
use crate::session::CleanUp;
use crate::trace::shown;

/// What is known of a server so far.
pub(super) struct Chart {
    look: Look,
    pub(super) interrupted: bool,
    pub(super) manner: Manner,
    pub(super) documents: Vec<Document>,
    features: BTreeMap<&'static str, Seen>,
    claims: BTreeMap<&'static str, bool>,
    symptoms: Vec<Symptom>,
    pub(super) settings: Settings,
}

/// What came of trying a feature.
struct Seen {
    works: Works,
    said: String,
}

/// A symptom in the making.
pub(super) struct Told(Symptom);

impl Told {
    pub(super) fn new(
        name: &str,
        weight: Weight,
        said: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        let (said, advice) = (said.into(), advice.into());
        Self(Symptom { name: name.to_owned(), weight, said, advice, flag: None, setting: None })
    }

    /// The words of a command line that help.
    pub(super) fn flag(mut self, flag: impl Into<String>) -> Self {
        self.0.flag = Some(flag.into());
        self
    }

    /// The words of a target file that help.
    pub(super) fn setting(mut self, setting: impl Into<String>) -> Self {
        self.0.setting = Some(setting.into());
        self
    }
}

impl Chart {
    pub(super) fn new(look: &Look) -> Self {
        Self {
            look: look.clone(),
            interrupted: false,
            manner: Manner::default(),
            documents: Vec::new(),
            features: BTreeMap::new(),
            claims: BTreeMap::new(),
            symptoms: Vec::new(),
            settings: Settings::default(),
        }
    }

    /// Takes note of something that was found; of one thing once.
    pub(super) fn tell(&mut self, Told(symptom): Told) {
        if !self.symptoms.contains(&symptom) {
            self.symptoms.push(symptom);
        }
    }

    /// Where nothing can be asked at all, what discovery lacks is not worth a word.
    pub(super) fn forget_documents(&mut self) {
        self.symptoms.clear();
    }

    pub(super) fn claim(&mut self, feature: &'static str, claimed: Option<bool>) {
        if let Some(claimed) = claimed {
            self.claims.insert(feature, claimed);
        }
    }

    /// Whether discovery claims a feature, as far as it says anything of it.
    pub(super) fn claims(&self, feature: &str) -> Option<bool> {
        self.claims.get(feature).copied()
    }

    /// Takes note of what came of trying a feature. What is not known takes nothing back that is.
    pub(super) fn saw(&mut self, feature: &'static str, works: Works, said: impl Into<String>) {
        let known = self.features.get(feature).is_some_and(|seen| seen.works != Works::Unknown);
        if !known || works != Works::Unknown {
            self.features.insert(feature, Seen { works, said: said.into() });
        }
    }

    /// How a feature was seen not to work that discovery claims.
    pub(super) fn broken(&self, feature: &str) -> Option<&str> {
        let seen = self.features.get(feature).filter(|seen| seen.works == Works::No)?;
        (self.claims(feature) == Some(true)).then_some(seen.said.as_str())
    }

    pub(super) fn works(&self, feature: &str) -> bool {
        self.features.get(feature).is_some_and(|seen| seen.works == Works::Yes)
    }

    /// Everything, without a secret in it. The server may quote what it was told, and talk for long.
    pub(super) fn close(mut self, cleaned: CleanUp, redactor: &Redactor) -> Diagnosis {
        let clean = |text: &mut String| *text = shown(&redactor.scrub(text));
        self.manner.product.iter_mut().chain(&mut self.manner.limits).for_each(clean);
        self.documents.iter_mut().for_each(|document| clean(&mut document.said));
        self.symptoms.iter_mut().for_each(|symptom| {
            clean(&mut symptom.said);
            clean(&mut symptom.advice);
            symptom.flag.iter_mut().chain(&mut symptom.setting).for_each(clean);
        });
        self.settings.url.iter_mut().for_each(clean);
        self.symptoms.sort_by_key(|symptom| symptom.weight);
        let features = FEATURES.iter().filter_map(|known| {
            let claimed = self.claims.get(known.key).copied();
            let seen = self.features.get(known.key);
            let (works, said) =
                seen.map_or((Works::Unknown, "not tried"), |seen| (seen.works, seen.said.as_str()));
            // What is not offered, and was not tried, is not worth a line.
            (seen.is_some() || claimed == Some(true)).then(|| Feature {
                name: known.name.to_owned(),
                claimed,
                works,
                said: shown(&redactor.scrub(said)),
                capability: known.capability.map(|capability| capability.to_string()),
            })
        });
        Diagnosis {
            version: Diagnosis::VERSION,
            features: features.collect(),
            tool: self.look.tool,
            target: self.look.info,
            read_only: self.look.read_only,
            interrupted: self.interrupted,
            limit: self.look.cancel.reason().map(str::to_owned),
            manner: self.manner,
            documents: self.documents,
            symptoms: self.symptoms,
            settings: self.settings,
            created: cleaned.created,
            removed: cleaned.removed,
            leftovers: cleaned.leftovers,
            next: String::new(),
        }
    }
}
