//! The face that speaks SCIM 2.0, RFC 7644.

mod discovery;
mod query;
mod refusal;
mod reply;
mod resources;
mod view;

use http::Method;
use protocol::endpoint;

use crate::app::App;
use crate::ask::{Ask, Reply};
use crate::scim20::refusal::Refusal;
use crate::store::TenantId;

pub(crate) use reply::{empty, headers_only};

/// Answers a request for something outside the base path.
pub(crate) fn outside(base_path: &str) -> Reply {
    let detail = format!(
        "nothing is served here; the base path is {}",
        if base_path.is_empty() { "/" } else { base_path }
    );
    Refusal::new(404, detail).into_reply()
}

/// Answers a request whose body did not arrive in time.
pub(crate) fn body_too_slow() -> Reply {
    last(408, "the body did not arrive in time; send the request again")
}

/// Answers a request whose body ended before its end, or is framed in a way that is none.
pub(crate) fn body_broken_off() -> Reply {
    last(400, "the body breaks off, or one of its chunks is malformed; send all that is announced")
}

/// Answers a request whose head cannot be read, or is more than is read.
pub(crate) fn unread_head(status: u16) -> Reply {
    let detail = match status {
        400 => "the head of the request is malformed or contradicts itself; send well-formed HTTP/1.1",
        414 => "the address is too long; send a long filter by POST to /.search",
        _ => "the headers are too many or too large; send fewer",
    };
    last(status, detail)
}

/// A refusal after which the connection ends.
fn last(status: u16, detail: &str) -> Reply {
    reply::with_header(Refusal::new(status, detail).into_reply(), http::header::CONNECTION, "close")
}

/// Answers a request below the base path.
pub(crate) fn answer(app: &App, ask: &Ask) -> Reply {
    let reply = route(app, ask).unwrap_or_else(Refusal::into_reply);
    if ask.method == Method::HEAD { reply::headers_only(reply) } else { reply }
}

fn route(app: &App, ask: &Ask) -> Result<Reply, Refusal> {
    let segments = ask.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let is = |segment: &str, endpoint: &str| endpoint.strip_prefix('/') == Some(segment);
    // The one address that says how to authenticate has to be readable before.
    if let [config] = segments.as_slice()
        && is(config, endpoint::SERVICE_PROVIDER_CONFIG)
    {
        // Whose provisioning is switched off is known only by his token.
        app.tokens
            .access(&ask.headers, app.clock.unix_ms())
            .map_or(Ok(()), |access| expect_switched_on(app, access.tenant))?;
        return discovery::config(app, ask);
    }
    let access = app.tokens.access(&ask.headers, app.clock.unix_ms()).map_err(Refusal::unauthorized)?;
    let tenant = access.tenant;
    expect_switched_on(app, tenant)?;
    let searches = segments.last().is_some_and(|last| is(last, endpoint::SEARCH));
    let reads = [Method::GET, Method::HEAD, Method::OPTIONS].contains(&ask.method) || searches;
    if access.read_only && !reads {
        return Err(Refusal::new(403, "the token may read and change nothing; ask for one that may write"));
    }
    if ask.body.len() > app.rules.limits.body_bytes {
        return Err(Refusal::body_too_large(app.rules.limits.body_bytes));
    }
    match segments.as_slice() {
        [""] => Err(Refusal::unsupported("queries across all resource types")),
        [search] if is(search, endpoint::SEARCH) => resources::search(app, ask, tenant, None),
        [bulk] if is(bulk, endpoint::BULK) => Err(Refusal::unsupported("bulk operations")),
        [me, ..] if is(me, endpoint::ME) => Err(Refusal::unsupported("requests to /Me")),
        [types] if is(types, endpoint::RESOURCE_TYPES) => discovery::resource_types(app, ask),
        [types, name] if is(types, endpoint::RESOURCE_TYPES) => discovery::resource_type(app, ask, name),
        [schemas] if is(schemas, endpoint::SCHEMAS) => discovery::schemas(app, ask),
        [schemas, uri] if is(schemas, endpoint::SCHEMAS) => discovery::schema(app, ask, uri),
        [first, rest @ ..] => match (app.rules.resource_type_at(&format!("/{first}")), rest) {
            (Some(resource_type), []) => resources::collection(app, ask, tenant, resource_type),
            (Some(resource_type), [search]) if is(search, endpoint::SEARCH) => {
                resources::search(app, ask, tenant, Some(resource_type))
            }
            (Some(resource_type), [id]) => resources::item(app, ask, tenant, resource_type, id),
            (None, _) if is_version(first) => Err(Refusal::unknown_version()),
            _ => Err(Refusal::unknown_endpoint()),
        },
        [] => Err(Refusal::unknown_endpoint()),
    }
}

/// Whether a segment is that of a version of the protocol (RFC 7644 §3.13).
fn is_version(segment: &str) -> bool {
    let number = segment.strip_prefix('v').unwrap_or_default();
    !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit() || digit == b'.')
}

fn expect_switched_on(app: &App, tenant: TenantId) -> Result<(), Refusal> {
    if app.application.settings.of(tenant).provisioning {
        return Ok(());
    }
    Err(Refusal::new(
        403,
        "provisioning is switched off; an administrator of the application can switch it on",
    ))
}
