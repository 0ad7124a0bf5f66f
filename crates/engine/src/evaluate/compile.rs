use std::collections::BTreeSet;

use protocol::{AttrPath, Filter, Literal, Operator, ScimType};
use serde_json::Value;

use crate::evaluate::comparison::{Comparison, Unfit};
use crate::evaluate::node::Node;
use crate::evaluate::{Lookup, Matcher};
use crate::keys::{IndexKey, UniqueKey};
use crate::readings::{Misfit, NullComparison, SecretFilter, UnknownAttribute, UnsetBoolean, UnsetDiffers};
use crate::reject::Reject;
use crate::resolve::Resolved;
use crate::rules::{Links, ResourceType, Rules};
use crate::schema::{Attribute, Kind, Link, Uniqueness};

impl Rules {
    /// Holds a filter to the schemas of one resource type.
    ///
    /// # Errors
    /// 400 invalidFilter for names and comparisons that the type does not have; 403 sensitive, by
    /// reading, for attributes that nobody may read.
    pub fn matcher(&self, resource_type: &ResourceType, filter: &Filter) -> Result<Matcher, Reject> {
        self.compiled(resource_type, filter, self.readings.filter.unknown)
    }

    /// Holds a filter to the schemas of one resource type in a query across several: attributes that this type
    /// does not have have no value, RFC 7644 §3.4.2.1.
    ///
    /// # Errors
    /// As [`matcher`](Self::matcher), save for unknown names.
    pub fn matcher_across(&self, resource_type: &ResourceType, filter: &Filter) -> Result<Matcher, Reject> {
        self.compiled(resource_type, filter, UnknownAttribute::HasNoValue)
    }

    fn compiled(
        &self,
        resource_type: &ResourceType,
        filter: &Filter,
        unknown: UnknownAttribute,
    ) -> Result<Matcher, Reject> {
        let links = Links { members: false, groups: false };
        let mut compiler = Compiler { rules: self, resource_type, unknown, links };
        let node = compiler.node(filter, None)?;
        let lookups = compiler.shortest(filter, None);
        Ok(Matcher { node, lookups, links: compiler.links })
    }

    /// Holds the filter in a PATCH path to the sub-attributes of its attribute.
    pub(crate) fn element_matcher(
        &self,
        resource_type: &ResourceType,
        attribute: &Attribute,
        filter: &Filter,
    ) -> Result<Matcher, Reject> {
        let links = Links { members: false, groups: false };
        let unknown = UnknownAttribute::Refused;
        let node = Compiler { rules: self, resource_type, unknown, links }.node(filter, Some(attribute))?;
        Ok(Matcher { node, lookups: None, links })
    }
}

struct Compiler<'a> {
    rules: &'a Rules,
    resource_type: &'a ResourceType,
    unknown: UnknownAttribute,
    links: Links,
}

impl<'a> Compiler<'a> {
    /// `parent` is the complex attribute whose brackets the filter stands in.
    fn node(&mut self, filter: &Filter, parent: Option<&'a Attribute>) -> Result<Node, Reject> {
        let mut all = |filters: &[Filter]| -> Result<Vec<Node>, Reject> {
            filters.iter().map(|filter| self.node(filter, parent)).collect()
        };
        match filter {
            Filter::And(filters) => Ok(Node::All(all(filters)?)),
            Filter::Or(filters) => Ok(Node::Any(all(filters)?)),
            Filter::Not(filter) => Ok(Node::Not(Box::new(self.node(filter, parent)?))),
            Filter::Present(path) => Ok(match self.named(path, parent)? {
                Some(resolved) => self.present(resolved),
                None => Node::Constant(false),
            }),
            Filter::Compare { path, operator, value } => match self.named(path, parent)? {
                Some(resolved) => self.comparison(resolved, *operator, value),
                None => Ok(Node::Constant(match (operator, value) {
                    (Operator::Eq, Literal::Null) => true,
                    (Operator::Ne, Literal::Null) => false,
                    (Operator::Ne, _) => self.rules.readings.filter.unset_differs == UnsetDiffers::Yes,
                    _ => false,
                })),
            },
            Filter::ValuePath { path, filter } => self.element(path, filter, parent),
        }
    }

    fn element(
        &mut self,
        path: &AttrPath,
        filter: &Filter,
        parent: Option<&'a Attribute>,
    ) -> Result<Node, Reject> {
        if parent.is_some() {
            return Err(refused(&path.to_string(), "cannot have brackets inside brackets"));
        }
        let Some(resolved) = self.named(path, None)? else { return Ok(Node::Constant(false)) };
        match resolved.sub.or(resolved.attribute).filter(|leaf| leaf.kind == Kind::Complex) {
            Some(leaf) => {
                Ok(Node::Element { keys: resolved.keys(), inner: Box::new(self.node(filter, Some(leaf))?) })
            }
            None => {
                Err(refused(&resolved.path(), "is not complex; brackets can only follow complex attributes"))
            }
        }
    }

    /// What a path names; nothing where an unknown name is one without a value.
    fn named(
        &mut self,
        path: &AttrPath,
        parent: Option<&'a Attribute>,
    ) -> Result<Option<Resolved<'a>>, Reject> {
        let resolved = match parent {
            Some(_) if path.urn.is_some() || path.sub.is_some() => None,
            Some(parent) => parent.sub_attribute(&path.name).map(|sub| Resolved {
                extension: None,
                attribute: Some(sub),
                sub: None,
            }),
            None => self.rules.resolve(self.resource_type, path),
        };
        let Some(resolved) = resolved else {
            return match self.unknown {
                UnknownAttribute::HasNoValue => Ok(None),
                UnknownAttribute::Refused => {
                    Err(refused("the filter", "names an attribute that this resource type does not have"))
                }
            };
        };
        if resolved.is_secret() {
            let reject = refused(&resolved.path(), "can be set and not searched for; leave it out");
            return Err(match self.rules.readings.filter.secret {
                SecretFilter::InvalidFilter => reject,
                SecretFilter::Sensitive => {
                    Reject { status: 403, scim_type: Some(ScimType::Sensitive), ..reject }
                }
            });
        }
        if parent.is_none() && !ResourceType::lists(self.resource_type.filterable.as_ref(), &resolved.path())
        {
            return Err(refused(&resolved.path(), "cannot be searched for here; leave it out"));
        }
        match resolved.attribute.and_then(|attribute| attribute.link) {
            Some(Link::Members) => self.links.members = true,
            Some(Link::Groups) => self.links.groups = true,
            None => {}
        }
        Ok(Some(resolved))
    }

    fn comparison(
        &self,
        resolved: Resolved<'a>,
        operator: Operator,
        literal: &Literal,
    ) -> Result<Node, Reject> {
        let readings = &self.rules.readings.filter;
        if literal == &Literal::Null {
            let present = self.present(resolved);
            return match (operator, readings.null) {
                (Operator::Eq, NullComparison::Presence) => Ok(Node::Not(Box::new(present))),
                (Operator::Ne, NullComparison::Presence) => Ok(present),
                _ => Err(refused(&resolved.path(), "cannot be compared with null in this way; use pr")),
            };
        }
        let (resolved, leaf) = self.simple(resolved)?;
        let compared_by = |operator| Comparison::new(leaf, operator, literal, &self.rules.readings);
        let prepared = match operator {
            Operator::Ne => compared_by(Operator::Eq).map(|equal| Node::Differs {
                keys: resolved.keys(),
                equal,
                quantifier: readings.not_equal,
                unset: readings.unset_differs,
            }),
            operator => {
                compared_by(operator).map(|comparison| Node::Compare { keys: resolved.keys(), comparison })
            }
        };
        match prepared {
            Ok(node) => Ok(self.with_unset(node, resolved, leaf)),
            Err(Unfit::Misfit) if readings.misfit == Misfit::NoMatch => Ok(Node::Constant(false)),
            Err(Unfit::Misfit) => {
                let complaint = format!("is of type {} and has no such comparison", leaf.kind.as_str());
                Err(refused(&resolved.path(), &complaint))
            }
            Err(Unfit::Unordered) => {
                let complaint = format!("is of type {}, which has no order", leaf.kind.as_str());
                Err(refused(&resolved.path(), &complaint))
            }
        }
    }

    fn present(&self, resolved: Resolved<'a>) -> Node {
        Node::Present { keys: resolved.keys(), empty_text: self.rules.readings.filter.empty_text }
    }

    /// The comparison of an attribute, as the reading has it where that is a single Boolean without a value.
    fn with_unset(&self, node: Node, resolved: Resolved<'a>, leaf: &Attribute) -> Node {
        let single =
            !leaf.multi_valued && resolved.attribute.is_some_and(|attribute| !attribute.multi_valued);
        let as_false = self.rules.readings.filter.unset_boolean == UnsetBoolean::False;
        if leaf.kind != Kind::Boolean || !single || !as_false {
            return node;
        }
        let of_false = match &node {
            Node::Compare { comparison, .. } => comparison.holds(&Value::Bool(false)),
            Node::Differs { equal, .. } => !equal.holds(&Value::Bool(false)),
            _ => return node,
        };
        let present = self.present(resolved);
        if of_false {
            Node::Any(vec![node, Node::Not(Box::new(present))])
        } else {
            Node::All(vec![present, node])
        }
    }

    /// The simple attribute that a comparison is about.
    fn simple(&self, resolved: Resolved<'a>) -> Result<(Resolved<'a>, &'a Attribute), Reject> {
        const COMPLAINT: &str = "is complex; name one of its sub-attributes";
        let Some(leaf) = resolved.sub.or(resolved.attribute) else {
            return Err(refused(&resolved.path(), "is an extension; name one of its attributes"));
        };
        if leaf.kind != Kind::Complex {
            return Ok((resolved, leaf));
        }
        let by_value = self.rules.readings.filter.bare_complex.is_by_value(leaf);
        match leaf.sub_attribute("value").filter(|_| by_value && resolved.sub.is_none()) {
            Some(value) => Ok((Resolved { sub: Some(value), ..resolved }, value)),
            None => Err(refused(&resolved.path(), COMPLAINT)),
        }
    }

    /// The shortest of the ways to what the filter can match: the one of the fewest steps.
    fn shortest(&self, filter: &Filter, parent: Option<Resolved<'a>>) -> Option<Vec<Lookup>> {
        let ways = self.lookups(filter, parent).into_iter();
        ways.min_by(|one, other| one.len().cmp(&other.len()).then_with(|| one.cmp(other)))
    }

    /// The ways to what the filter can match: equalities that it cannot do without, and for terms of which any is
    /// enough, one way for each.
    fn lookups(&self, filter: &Filter, parent: Option<Resolved<'a>>) -> Vec<Vec<Lookup>> {
        match filter {
            Filter::And(filters) => filters.iter().flat_map(|filter| self.lookups(filter, parent)).collect(),
            Filter::Or(filters) => {
                let all: Option<Vec<Vec<Lookup>>> =
                    filters.iter().map(|filter| self.shortest(filter, parent)).collect();
                let union = all.map(|ways| ways.into_iter().flatten().collect::<BTreeSet<_>>());
                union.map(|steps| steps.into_iter().collect()).into_iter().collect()
            }
            Filter::ValuePath { path, filter } => match self.rules.resolve(self.resource_type, path) {
                Some(resolved) if resolved.sub.is_none() => self.lookups(filter, Some(resolved)),
                _ => Vec::new(),
            },
            Filter::Compare { path, operator, value } => {
                self.lookup(path, *operator, value, parent).map(|lookup| vec![lookup]).into_iter().collect()
            }
            Filter::Not(_) | Filter::Present(_) => Vec::new(),
        }
    }

    fn lookup(
        &self,
        path: &AttrPath,
        operator: Operator,
        literal: &Literal,
        parent: Option<Resolved<'a>>,
    ) -> Option<Lookup> {
        let resolved = match parent {
            Some(parent) => Resolved { sub: Some(parent.attribute?.sub_attribute(&path.name)?), ..parent },
            None => self.rules.resolve(self.resource_type, path)?,
        };
        let (resolved, leaf) = self.simple(resolved).ok()?;
        let comparison = Comparison::new(leaf, operator, literal, &self.rules.readings).ok()?;
        let folded = comparison.equal_text()?.to_owned();
        let (path, resource_type) = (resolved.path(), self.resource_type.name.clone());
        let is_indexed = || self.rules.indexed.iter().any(|indexed| indexed.eq_ignore_ascii_case(&path));
        if path == "id" {
            Some(Lookup::Id(folded))
        } else if leaf.uniqueness != Uniqueness::None {
            Some(Lookup::Unique(UniqueKey { resource_type, attribute: path, folded }))
        } else if resolved.attribute.is_some_and(|attribute| attribute.link == Some(Link::Members)) {
            (leaf.name == "value").then_some(Lookup::Member(folded))
        } else if is_indexed() {
            Some(Lookup::Index(IndexKey { resource_type, attribute: path, folded }))
        } else {
            None
        }
    }
}

fn refused(attribute: &str, complaint: &str) -> Reject {
    Reject {
        scim_type: Some(ScimType::InvalidFilter),
        attribute: Some(attribute.to_owned()),
        ..Reject::new(400, format!("{attribute} {complaint}"))
    }
}
