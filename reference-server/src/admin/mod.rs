//! The face that administrators of the application see: tokens, settings, and what the application made of what it
//! was sent. It is JSON over HTTP, apart from SCIM, with a credential of its own.

mod body;
mod problem;
mod settings;
mod tokens;
mod views;

use http::Method;
use record::Secret;

use crate::admin::problem::{Problem, reply};
use crate::app::App;
use crate::ask::{Ask, Reply};
use crate::scim20;
use crate::store::TenantId;
use crate::tokens::{bearer, hash};

/// Where it is served, whatever the base path of the SCIM endpoints.
pub(crate) const BASE: &str = "/admin/api";

/// Who may come in, and whose application it is.
pub(crate) struct Gate {
    key: [u8; 32],
    pub(crate) tenant: TenantId,
}

impl Gate {
    pub(crate) fn new(credential: &Secret, tenant: TenantId) -> Self {
        Self { key: hash(credential.expose()), tenant }
    }

    /// Lets administrators in. A client that provisions is known and has no business here.
    fn tenant(&self, app: &App, ask: &Ask) -> Result<TenantId, Problem> {
        if bearer(&ask.headers).is_some_and(|token| hash(token) == self.key) {
            return Ok(self.tenant);
        }
        match app.tokens.access(&ask.headers, app.clock.unix_ms()) {
            Ok(_) => {
                Err(Problem::new(403, "a SCIM token opens the SCIM endpoints alone; send an administrator's"))
            }
            Err(_) => Err(Problem::unauthorized()),
        }
    }
}

/// Answers a request below the base.
pub(crate) fn answer(app: &App, gate: &Gate, ask: &Ask) -> Reply {
    let reply = route(app, gate, ask).unwrap_or_else(Problem::into_reply);
    if ask.method == Method::HEAD { scim20::headers_only(reply) } else { reply }
}

fn route(app: &App, gate: &Gate, ask: &Ask) -> Result<Reply, Problem> {
    let tenant = gate.tenant(app, ask)?;
    let segments = ask.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (segments.as_slice(), &ask.method) {
        (["tokens"], &Method::GET | &Method::HEAD) => Ok(reply(200, &tokens::list(app, tenant))),
        (["tokens"], &Method::POST) => tokens::make(app, tenant, &ask.body, &ask.headers),
        (["tokens"], _) => Err(Problem::method("GET, HEAD, POST")),
        (["tokens", id], &Method::DELETE) => tokens::revoke(app, tenant, id),
        (["tokens", _], _) => Err(Problem::method("DELETE")),
        (["users", id], &Method::GET | &Method::HEAD) => Ok(reply(200, &views::user(app, tenant, id)?)),
        (["managers"], &Method::GET | &Method::HEAD) => Ok(reply(200, &views::managers(app, tenant))),
        (["outbox"], &Method::GET | &Method::HEAD) => Ok(reply(200, &views::outbox(app, tenant))),
        (["users", _] | ["managers"] | ["outbox"], _) => Err(Problem::method("GET, HEAD")),
        (["settings"], &Method::GET | &Method::HEAD) => Ok(reply(200, &settings::shown(app, ask, tenant))),
        (["settings"], &Method::PUT) => settings::change(app, ask, tenant),
        (["settings"], _) => Err(Problem::method("GET, HEAD, PUT")),
        _ => Err(Problem::new(
            404,
            "there is no such address; tokens, users/{id}, managers, outbox and settings are",
        )),
    }
}
