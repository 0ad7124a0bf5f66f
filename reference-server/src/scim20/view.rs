use engine::{AnswerToPatch, Links, Projection, Reject, ResourceType, timestamp};
use http::header::ETAG;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::ask::{Ask, Reply};
use crate::command::{Look, Resource};
use crate::scim20::reply;
use crate::store::Record;

/// How the client of one request wants to see resources.
pub(super) struct View<'a> {
    app: &'a App,
    ask: &'a Ask,
    /// For each resource type that can be in the answer.
    projections: Vec<(&'a ResourceType, Projection)>,
}

impl<'a> View<'a> {
    /// Reads what the client wants. This comes before the command runs: a request that is refused must not have
    /// changed anything.
    pub(super) fn new(
        app: &'a App,
        ask: &'a Ask,
        resource_types: &[&'a ResourceType],
        wanted: Option<&str>,
        unwanted: Option<&str>,
    ) -> Result<Self, Reject> {
        let projected = |resource_type: &&'a ResourceType| {
            Ok((*resource_type, app.rules.projection(resource_type, wanted, unwanted)?))
        };
        let projections = resource_types.iter().map(projected).collect::<Result<_, Reject>>()?;
        Ok(Self { app, ask, projections })
    }

    pub(super) fn location(&self, record: &Record) -> String {
        let endpoint =
            self.app.rules.resource_type(&record.resource_type).map_or("", |found| &found.endpoint);
        format!("{}{endpoint}/{}", self.ask.base, record.id)
    }

    pub(super) fn single(&self, status: u16, resource: Resource) -> Reply {
        let tag = resource.tag();
        reply::with_header(reply::json(status, &self.shown(resource)), ETAG, &tag)
    }

    /// The whole resource, less what the client does not want or must not see.
    pub(super) fn shown(&self, resource: Resource) -> Value {
        let name = resource.record.resource_type.clone();
        let whole = self.whole(resource);
        match self.projections.iter().find(|(resource_type, _)| resource_type.name == *name) {
            Some((resource_type, projection)) => {
                Value::Object(self.app.rules.project(resource_type, whole, projection))
            }
            None => Value::Null,
        }
    }

    fn meta(&self, record: &Record, tag: &str) -> Value {
        json!({
            "resourceType": *record.resource_type,
            "created": timestamp(record.created_ms),
            "lastModified": timestamp(record.modified_ms),
            "location": self.location(record),
            "version": tag,
        })
    }

    fn group(&self, record: &Record) -> Value {
        let mut shown = Map::new();
        shown.insert("value".to_owned(), record.id.to_string().into());
        shown.insert("$ref".to_owned(), self.location(record).into());
        shown.extend(record.object().remove("displayName").map(|name| ("display".to_owned(), name)));
        shown.insert("type".to_owned(), "direct".into());
        Value::Object(shown)
    }
}

impl Look for View<'_> {
    fn whole(&self, resource: Resource) -> Map<String, Value> {
        let tag = resource.tag();
        let Resource { record, mut body, members, groups, .. } = resource;
        let mut whole = Map::new();
        whole.extend(body.shift_remove_entry("schemas"));
        whole.insert("id".to_owned(), record.id.to_string().into());
        whole.extend(body);
        if !members.is_empty() {
            let members = members.iter().map(|member| Value::Object(self.member(member)));
            whole.insert("members".to_owned(), members.collect());
        }
        if !groups.is_empty() {
            whole.insert("groups".to_owned(), groups.iter().map(|group| self.group(group)).collect());
        }
        whole.insert("meta".to_owned(), self.meta(&record, &tag));
        whole
    }

    fn member(&self, record: &Record) -> Map<String, Value> {
        Map::from_iter([
            ("value".to_owned(), Value::from(record.id.to_string())),
            ("$ref".to_owned(), self.location(record).into()),
            ("type".to_owned(), (*record.resource_type).into()),
        ])
    }

    fn is_brief(&self, members_edited: bool) -> bool {
        // RFC 7644 §3.5.2: who asks for attributes gets them.
        let asks = |(_, projection): &(_, Projection)| matches!(projection, Projection::Only(_));
        !self.projections.iter().any(asks)
            && match self.app.rules.readings.patch.answer {
                AnswerToPatch::Resource => false,
                AnswerToPatch::ResourceUnlessMembers => members_edited,
                AnswerToPatch::NoContent => true,
            }
    }

    fn links(&self, resource_type: &ResourceType) -> Links {
        let found = self.projections.iter().find(|(shown, _)| shown.name == resource_type.name);
        found.map_or(Links { members: false, groups: false }, |(resource_type, projection)| {
            self.app.rules.shown_links(resource_type, projection)
        })
    }
}
