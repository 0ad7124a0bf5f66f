//! What PATCH may change, where an application lists it.

use protocol::{Filter, Literal, PatchVerb};
use serde_json::Value;

use crate::filter::parse_patch_path;
use crate::patch::patcher::{Aim, Patcher};
use crate::reject::Reject;
use crate::resolve::Resolved;
use crate::schema::Attribute;

/// A place that PATCH may change, with all that is below it.
struct Permit<'a> {
    /// The attribute, as the schema writes it.
    attribute: String,
    /// Which of its values; without it, all of them.
    filter: Option<Filter>,
    /// Which part of it; without it, all of them.
    sub: Option<&'a Attribute>,
}

impl Patcher<'_> {
    /// Some applications let PATCH change a few attributes only. Whoever sends a complex value names its parts.
    ///
    /// Paths are compared by what they mean: names and operators ignore letter case (RFC 7643 §2.1), and so do values
    /// that are not `caseExact`.
    pub(super) fn expect_patchable(
        &self,
        verb: PatchVerb,
        aim: &Aim<'_>,
        filter: Option<&Filter>,
        value: Option<&Value>,
    ) -> Result<(), Reject> {
        let Some(listed) = &self.resource_type.patchable else { return Ok(()) };
        let permits: Vec<Permit<'_>> = listed.iter().filter_map(|path| self.permit(path)).collect();
        let chosen = filter.map(|filter| folded(aim.attribute, filter));
        let may_change = |sub: Option<&Attribute>| {
            permits.iter().any(|permit| {
                permit.attribute == aim.path
                    && (permit.filter.is_none() || permit.filter == chosen)
                    && permit.sub.is_none_or(|part| sub.is_some_and(|sub| sub.name == part.name))
            })
        };
        // A remove takes the whole value away, whatever it says of the parts.
        let parts = value
            .and_then(Value::as_object)
            .filter(|parts| aim.sub.is_none() && verb != PatchVerb::Remove && !parts.is_empty());
        let wanted = aim.filter.as_ref().and_then(|filter| filter.wanted.as_ref());
        let named = |(name, value): (&String, &Value)| {
            aim.attribute.sub_attribute(name).is_some_and(|sub| {
                // What the filter asked for anyway is no change.
                let asked = wanted.and_then(|wanted| wanted.get(&sub.name));
                asked.is_some_and(|asked| is_same(sub, asked, value)) || may_change(Some(sub))
            })
        };
        if may_change(aim.sub) || parts.is_some_and(|parts| parts.iter().all(named)) {
            return Ok(());
        }
        let chosen = filter.map_or_else(|| aim.path.clone(), |filter| format!("{}[{filter}]", aim.path));
        let target = aim.sub.map_or_else(|| chosen.clone(), |sub| format!("{chosen}.{}", sub.name));
        Err(Reject::protected(&target, "cannot be changed by PATCH; replace the resource instead"))
    }

    /// Nothing where the path names nothing that there is.
    fn permit(&self, path: &str) -> Option<Permit<'_>> {
        let path = parse_patch_path(path, &self.rules.limits).ok()?;
        let resolved = self.rules.resolve(self.resource_type, &path.attribute)?;
        let attribute = resolved.attribute?;
        let sub = match &path.sub {
            Some(name) => Some(attribute.sub_attribute(name)?),
            None => resolved.sub,
        };
        Some(Permit {
            attribute: Resolved { sub: None, ..resolved }.path(),
            filter: path.filter.map(|filter| folded(attribute, &filter)),
            sub,
        })
    }
}

/// A filter in the form that it has in common with all that mean the same by other letters.
fn folded(attribute: &Attribute, filter: &Filter) -> Filter {
    let all = |filters: &[Filter]| filters.iter().map(|filter| folded(attribute, filter)).collect();
    let spelt = |path: &protocol::AttrPath| {
        let name = attribute.sub_attribute(&path.name).map_or(&path.name, |sub| &sub.name);
        protocol::AttrPath { name: name.clone(), ..path.clone() }
    };
    match filter {
        Filter::And(filters) => Filter::And(all(filters)),
        Filter::Or(filters) => Filter::Or(all(filters)),
        Filter::Not(filter) => Filter::Not(Box::new(folded(attribute, filter))),
        Filter::Compare { path, operator, value } => {
            let exact = attribute.sub_attribute(&path.name).is_some_and(|sub| sub.case_exact);
            let value = match value {
                Literal::Text(text) if !exact => Literal::Text(text.to_lowercase()),
                value => value.clone(),
            };
            Filter::Compare { path: spelt(path), operator: *operator, value }
        }
        Filter::Present(path) => Filter::Present(spelt(path)),
        Filter::ValuePath { path, filter } => {
            Filter::ValuePath { path: path.clone(), filter: Box::new(folded(attribute, filter)) }
        }
    }
}

fn is_same(sub: &Attribute, one: &Value, other: &Value) -> bool {
    match (one.as_str(), other.as_str()) {
        (Some(one), Some(other)) if !sub.case_exact => one.to_lowercase() == other.to_lowercase(),
        _ => one == other,
    }
}
