//! Users and groups: requests become commands, and what comes of them becomes answers.

use engine::{PageRequest, Projection, ResourceType, parse_object, timestamp};
use http::header::{CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, IF_NONE_MATCH, LOCATION};
use http::{Method, StatusCode};
use protocol::media;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::ask::{Ask, Reply};
use crate::command::{Answer, Command, Precondition, Resource};
use crate::scim20::refusal::Refusal;
use crate::scim20::reply;
use crate::store::{Record, TenantId};

/// `/Users`, `/Groups`.
pub(crate) fn collection(
    app: &App,
    ask: &Ask,
    tenant: TenantId,
    resource_type: &ResourceType,
) -> Result<Reply, Refusal> {
    let command = match ask.method {
        Method::POST => Command::Create { resource_type, body: body(app, ask)? },
        Method::GET | Method::HEAD => Command::List { resource_type, page: page(app, ask)? },
        Method::PATCH => return Err(Refusal::unsupported("PATCH requests")),
        _ => return Err(Refusal::method("GET, HEAD, POST")),
    };
    served(app, ask, tenant, resource_type, command)
}

/// `/Users/{id}`, `/Groups/{id}`.
pub(crate) fn item(
    app: &App,
    ask: &Ask,
    tenant: TenantId,
    resource_type: &ResourceType,
    id: &str,
) -> Result<Reply, Refusal> {
    let only_if = Precondition::parse(header(ask, &IF_MATCH));
    let command = match ask.method {
        Method::GET | Method::HEAD => Command::Read { resource_type, id },
        Method::PUT => Command::Replace { resource_type, id, body: body(app, ask)?, only_if },
        Method::DELETE => Command::Delete { resource_type, id, only_if },
        Method::PATCH => return Err(Refusal::unsupported("PATCH requests")),
        _ => return Err(Refusal::method("GET, HEAD, PUT, DELETE")),
    };
    served(app, ask, tenant, resource_type, command)
}

fn served(
    app: &App,
    ask: &Ask,
    tenant: TenantId,
    resource_type: &ResourceType,
    command: Command<'_>,
) -> Result<Reply, Refusal> {
    let (wanted, unwanted) = (ask.parameter("attributes"), ask.parameter("excludedAttributes"));
    // Before the command runs: a request that is refused must not have changed anything.
    let projection = app.rules.projection(resource_type, wanted.as_deref(), unwanted.as_deref())?;
    let view = View { app, ask, resource_type, projection };
    Ok(match app.directory(tenant).execute(command)? {
        Answer::Created(resource) => {
            let location = view.location(&resource.record);
            reply::with_header(view.single(201, resource), LOCATION, &location)
        }
        Answer::Replaced(resource) => view.single(200, resource),
        Answer::Found(resource) => {
            let tag = resource.record.tag();
            if Precondition::parse(header(ask, &IF_NONE_MATCH)).lists(&tag) {
                reply::with_header(reply::empty(StatusCode::NOT_MODIFIED), ETAG, &tag)
            } else {
                view.single(200, resource)
            }
        }
        Answer::Deleted => reply::empty(StatusCode::NO_CONTENT),
        Answer::Listed { total, start_index, resources } => {
            let shown: Vec<Value> = resources.into_iter().map(|resource| view.shown(resource)).collect();
            reply::list(total, start_index, &shown)
        }
    })
}

/// How the client of one request wants to see resources.
struct View<'a> {
    app: &'a App,
    ask: &'a Ask,
    resource_type: &'a ResourceType,
    projection: Projection,
}

impl View<'_> {
    fn location(&self, record: &Record) -> String {
        let endpoint =
            self.app.rules.resource_type(&record.resource_type).map_or("", |found| &found.endpoint);
        format!("{}{endpoint}/{}", self.ask.base, record.id)
    }

    fn single(&self, status: u16, resource: Resource) -> Reply {
        let tag = resource.record.tag();
        reply::with_header(reply::json(status, &self.shown(resource)), ETAG, &tag)
    }

    /// The whole resource, less what the client does not want or must not see.
    fn shown(&self, resource: Resource) -> Value {
        let Resource { record, mut body, members, groups } = resource;
        let mut whole = Map::new();
        whole.extend(body.shift_remove_entry("schemas"));
        whole.insert("id".to_owned(), record.id.to_string().into());
        whole.extend(body);
        let links = self.app.rules.links(self.resource_type);
        if links.members && !members.is_empty() {
            whole.insert("members".to_owned(), members.iter().map(|member| self.member(member)).collect());
        }
        if links.groups && !groups.is_empty() {
            whole.insert("groups".to_owned(), groups.iter().map(|group| self.group(group)).collect());
        }
        whole.insert("meta".to_owned(), self.meta(&record));
        Value::Object(self.app.rules.project(self.resource_type, whole, &self.projection))
    }

    fn meta(&self, record: &Record) -> Value {
        json!({
            "resourceType": *record.resource_type,
            "created": timestamp(record.created_ms),
            "lastModified": timestamp(record.modified_ms),
            "location": self.location(record),
            "version": record.tag(),
        })
    }

    fn member(&self, record: &Record) -> Value {
        let id = record.id.to_string();
        json!({ "value": id, "$ref": self.location(record), "type": *record.resource_type })
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

fn body(app: &App, ask: &Ask) -> Result<Map<String, Value>, Refusal> {
    let announced = ask.headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    let media_type = announced.map(|text| text.split(';').next().unwrap_or_default().trim());
    let served =
        |text: &str| [media::SCIM_JSON, media::JSON].iter().any(|known| known.eq_ignore_ascii_case(text));
    if !ask.body.is_empty() && !media_type.is_none_or(served) {
        return Err(Refusal::media_type());
    }
    Ok(parse_object(&ask.body, &app.rules.limits)?)
}

fn page(app: &App, ask: &Ask) -> Result<PageRequest, Refusal> {
    // A list that ignores its filter would hand out everything to somebody who asked for one.
    if ask.parameter("filter").is_some() {
        return Err(Refusal::unsupported("filters"));
    }
    let (start, count) = (ask.parameter("startIndex"), ask.parameter("count"));
    Ok(PageRequest::parse(start.as_deref(), count.as_deref(), &app.rules.limits)?)
}

fn header<'a>(ask: &'a Ask, name: &HeaderName) -> Option<&'a str> {
    ask.headers.get(name).and_then(|value| value.to_str().ok())
}
