//! Members, which are edges and not part of the resource: an edit names those that come and go, and never
//! needs the others.

use protocol::{Filter, Literal, Operator, PatchVerb};
use serde_json::{Map, Value};

use crate::patch::elements::nothing_found;
use crate::patch::patcher::{Aim, Chosen, Patcher, is_empty};
use crate::readings::Unmatched;
use crate::reject::Reject;

impl Patcher<'_> {
    pub(super) fn membership(
        &mut self,
        verb: PatchVerb,
        aim: &Aim<'_>,
        filter: Option<&Filter>,
        value: Option<Value>,
    ) -> Result<(), Reject> {
        if let Some(sub) = aim.sub {
            // RFC 7643 §4.2: members come and go, but what one consists of cannot change.
            return Err(Reject::mutability(&format!("{}.{}", aim.path, sub.name)));
        }
        if let (Some(filter), Some(chosen)) = (filter, &aim.filter) {
            return self.chosen_members(verb, aim, filter, chosen, value);
        }
        if verb == PatchVerb::Remove && value.as_ref().is_some_and(Value::is_null) {
            // Who had nobody to name meant nobody, and not everybody.
            let complaint = "is null, which names nobody; list who is to go, or leave it out to remove all";
            return Err(Reject::value("value", complaint));
        }
        match (verb, value.filter(|value| !value.is_null())) {
            (PatchVerb::Remove, None) => self.edges.clear(),
            (PatchVerb::Remove, Some(listed)) => {
                for id in self.member_ids(aim, listed)? {
                    self.edges.remove(id);
                }
            }
            (PatchVerb::Add, None) => {}
            (PatchVerb::Replace, None) => self.edges.clear(),
            (PatchVerb::Add | PatchVerb::Replace, Some(value)) => {
                let ids = self.member_ids(aim, value)?;
                if verb == PatchVerb::Replace {
                    self.edges.clear();
                }
                for id in ids {
                    self.edges.add(id);
                }
            }
        }
        Ok(())
    }

    fn chosen_members(
        &mut self,
        verb: PatchVerb,
        aim: &Aim<'_>,
        filter: &Filter,
        chosen: &Chosen,
        value: Option<Value>,
    ) -> Result<(), Reject> {
        if verb == PatchVerb::Remove
            && let Some(ids) = ids_alone(filter)
        {
            // Whether they are members is not asked: who is not one need not be removed, RFC 7644 §3.5.2.2.
            for id in ids {
                self.edges.remove(id);
            }
            return Ok(());
        }
        let hits = self.members_found(chosen);
        let readings = &self.rules.readings.patch;
        match (verb, value.filter(|value| !is_empty(value))) {
            (PatchVerb::Remove, _) | (PatchVerb::Replace, None) if !hits.is_empty() => {
                for id in hits {
                    self.edges.remove(id);
                }
                Ok(())
            }
            (PatchVerb::Remove, _) => Ok(()),
            (PatchVerb::Add | PatchVerb::Replace, value) if !hits.is_empty() => {
                let ids = value.map(|value| self.member_ids(aim, value)).transpose()?.unwrap_or_default();
                if ids.iter().all(|id| hits.iter().all(|hit| hit == id)) {
                    Ok(())
                } else {
                    Err(Reject::mutability(&format!("{}.value", aim.path)))
                }
            }
            (PatchVerb::Add | PatchVerb::Replace, value) => {
                let reading = match verb {
                    PatchVerb::Add => readings.unmatched_add,
                    PatchVerb::Remove | PatchVerb::Replace => readings.unmatched_replace,
                };
                let id = chosen.wanted.as_ref().and_then(|wanted| wanted.get("value")?.as_str());
                match (reading, id) {
                    (Unmatched::Created, Some(id)) => {
                        let Some(value) = value else { return Ok(()) };
                        if self.member_ids(aim, value)?.iter().any(|given| given != id) {
                            return Err(Reject::mutability(&format!("{}.value", aim.path)));
                        }
                        self.edges.add(id.to_owned());
                        Ok(())
                    }
                    (Unmatched::Created | Unmatched::NoTarget, _) => Err(nothing_found(&aim.path)),
                }
            }
        }
    }

    /// The members that a filter chooses, as the edits so far leave them.
    fn members_found(&self, chosen: &Chosen) -> Vec<String> {
        let stored = if self.edges.cleared { Vec::new() } else { (self.current.members)() };
        let id = |member: &Map<String, Value>| member.get("value").and_then(Value::as_str).map(str::to_owned);
        let mut found: Vec<String> = stored
            .iter()
            .filter(|member| chosen.matcher.matches(member))
            .filter_map(id)
            .filter(|id| !self.edges.removes.contains(id) && !self.edges.adds.contains(id))
            .collect();
        let added = self.edges.adds.iter().filter(|added| {
            let stored = stored.iter().find(|member| id(member).as_ref() == Some(added));
            match stored {
                Some(member) => chosen.matcher.matches(member),
                None => chosen
                    .matcher
                    .matches(&Map::from_iter([("value".to_owned(), Value::from(added.as_str()))])),
            }
        });
        found.extend(added.cloned());
        found
    }

    fn member_ids(&self, aim: &Aim<'_>, value: Value) -> Result<Vec<String>, Reject> {
        let items = self.items(aim.attribute, &aim.path, value)?;
        Ok(items.iter().filter_map(|item| item.get("value")?.as_str()).map(str::to_owned).collect())
    }
}

/// The ids that a filter asks for, where it asks for nothing else.
fn ids_alone(filter: &Filter) -> Option<Vec<String>> {
    match filter {
        Filter::Compare { path, operator: Operator::Eq, value: Literal::Text(id) }
            if path.name.eq_ignore_ascii_case("value") =>
        {
            Some(vec![id.clone()])
        }
        Filter::Or(filters) => {
            let ids: Option<Vec<Vec<String>>> = filters.iter().map(ids_alone).collect();
            ids.map(|ids| ids.into_iter().flatten().collect())
        }
        Filter::Compare { .. }
        | Filter::And(_)
        | Filter::Not(_)
        | Filter::Present(_)
        | Filter::ValuePath { .. } => None,
    }
}
