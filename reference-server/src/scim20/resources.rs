//! Users and groups: requests become commands, and what comes of them becomes answers.

use engine::{ResourceType, parse_object};
use http::header::{CONTENT_TYPE, ETAG, HeaderName, IF_MATCH, IF_NONE_MATCH, LOCATION};
use http::{Method, StatusCode};
use protocol::media;
use serde_json::{Map, Value};

use crate::app::App;
use crate::ask::{Ask, Reply};
use crate::command::{Answer, Command, Precondition, Tags};
use crate::scim20::query::Asked;
use crate::scim20::refusal::Refusal;
use crate::scim20::reply;
use crate::scim20::view::View;
use crate::store::TenantId;

/// `/Users`, `/Groups`.
pub(crate) fn collection(
    app: &App,
    ask: &Ask,
    tenant: TenantId,
    resource_type: &ResourceType,
) -> Result<Reply, Refusal> {
    let asked = Asked::in_address(ask);
    let command = match ask.method {
        Method::POST => Command::Create { resource_type, body: body(app, ask)? },
        Method::GET | Method::HEAD => Command::Query(asked.query(&app.rules, vec![resource_type])?),
        _ => return Err(Refusal::method("GET, HEAD, POST")),
    };
    asked.expect_once()?;
    let (wanted, unwanted) = (asked.attributes.as_deref(), asked.excluded.as_deref());
    served(app, ask, tenant, View::new(app, ask, &[resource_type], wanted, unwanted)?, command)
}

/// `/Users/{id}`, `/Groups/{id}`.
pub(crate) fn item(
    app: &App,
    ask: &Ask,
    tenant: TenantId,
    resource_type: &ResourceType,
    id: &str,
) -> Result<Reply, Refusal> {
    let tags = |name| Tags::parse(header(ask, name));
    let only_if = Precondition { only_if: tags(&IF_MATCH), not_if: tags(&IF_NONE_MATCH) };
    let command = match ask.method {
        Method::GET | Method::HEAD => Command::Read { resource_type, id },
        Method::PUT => Command::Replace { resource_type, id, body: body(app, ask)?, only_if },
        Method::PATCH => {
            Command::Modify { resource_type, id, edits: app.rules.edits(body(app, ask)?)?, only_if }
        }
        Method::DELETE => Command::Delete { resource_type, id, only_if },
        _ => return Err(Refusal::method("GET, HEAD, PUT, PATCH, DELETE")),
    };
    let asked = Asked::in_address(ask);
    asked.expect_once()?;
    let (wanted, unwanted) = (asked.attributes.as_deref(), asked.excluded.as_deref());
    served(app, ask, tenant, View::new(app, ask, &[resource_type], wanted, unwanted)?, command)
}

/// `/Users/.search`, `/Groups/.search`, and `/.search` for all types.
pub(crate) fn search(
    app: &App,
    ask: &Ask,
    tenant: TenantId,
    resource_type: Option<&ResourceType>,
) -> Result<Reply, Refusal> {
    if ask.method != Method::POST {
        return Err(Refusal::method("POST"));
    }
    let asked = Asked::in_body(body(app, ask)?)?;
    let resource_types: Vec<&ResourceType> =
        resource_type.map_or_else(|| app.rules.resource_types.iter().collect(), |one| vec![one]);
    let (wanted, unwanted) = (asked.attributes.as_deref(), asked.excluded.as_deref());
    let view = View::new(app, ask, &resource_types, wanted, unwanted)?;
    let command = Command::Query(asked.query(&app.rules, resource_types)?);
    served(app, ask, tenant, view, command)
}

fn served(
    app: &App,
    ask: &Ask,
    tenant: TenantId,
    view: View<'_>,
    command: Command<'_>,
) -> Result<Reply, Refusal> {
    let reads = matches!(command, Command::Read { .. } | Command::Query(_));
    let directory = if reads { app.shown_directory(tenant) } else { app.directory(tenant) };
    Ok(match directory.execute(command, &view)? {
        Answer::Created(resource) => {
            let location = view.location(&resource.record);
            reply::with_header(view.single(201, resource), LOCATION, &location)
        }
        Answer::Modified { resource, brief: true } => {
            reply::with_header(reply::empty(StatusCode::NO_CONTENT), ETAG, &resource.tag())
        }
        Answer::Replaced(resource) | Answer::Modified { resource, brief: false } => {
            view.single(200, resource)
        }
        Answer::Found(resource) => {
            let tag = resource.tag();
            let only_if = Tags::parse(header(ask, &IF_MATCH));
            if only_if != Tags::Unsaid && !only_if.lists(&tag) {
                return Err(Precondition::other_version().into());
            }
            if Tags::parse(header(ask, &IF_NONE_MATCH)).lists(&tag) {
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

fn body(app: &App, ask: &Ask) -> Result<Map<String, Value>, Refusal> {
    let announced = ask.headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    let media_type = announced.map(|text| text.split(';').next().unwrap_or_default().trim());
    let others = app.profile.media_types.iter().map(String::as_str);
    let known: Vec<&str> = [media::SCIM_JSON, media::JSON].into_iter().chain(others).collect();
    let served = |text: &str| known.iter().any(|known| known.eq_ignore_ascii_case(text));
    if !ask.body.is_empty() && !media_type.is_none_or(served) {
        return Err(Refusal::media_type());
    }
    Ok(parse_object(&ask.body, &app.rules.limits)?)
}

fn header<'a>(ask: &'a Ask, name: &HeaderName) -> Option<&'a str> {
    ask.headers.get(name).and_then(|value| value.to_str().ok())
}
