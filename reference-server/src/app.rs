use std::future::ready;
use std::sync::Arc;

use engine::Rules;
use http::header::{HOST, HeaderMap};
use http::uri::Authority;
use profiles::Profile;

use crate::admin::{self, Gate};
use crate::application::Application;
use crate::ask::{Ask, Reply};
use crate::clock::Clock;
use crate::directory::Directory;
use crate::faults::{Answering, Next, Piece, Station};
use crate::ids::Ids;
use crate::scim20;
use crate::service::Upstream;
use crate::store::{Store, TenantId};
use crate::tokens::Tokens;

/// A server without its socket.
pub(crate) struct App {
    pub(crate) profile: Profile,
    /// What the server lives by.
    pub(crate) rules: Rules,
    /// What discovery says it lives by. The two differ only where a fault makes them.
    pub(crate) published: Rules,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) application: Application,
    /// Where reads are served from: the store, unless somebody makes it lag.
    pub(crate) replica: Arc<dyn Store>,
    pub(crate) tokens: Tokens,
    /// Who administers the application; nobody, where that is not served.
    pub(crate) gate: Option<Gate>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Ids,
    /// What stands between the client and the face, outermost first.
    pub(crate) stations: Vec<Station>,
    /// Who answers what has passed them, where it is not this server.
    pub(crate) upstream: Option<Arc<dyn Upstream>>,
    /// What changes the pieces of a body on their way off the connection.
    pub(crate) pieces: Vec<fn(Piece) -> Piece>,
    /// Host and port for requests that name none.
    pub(crate) authority: String,
    /// Scheme, host and port for all requests, where somebody said so: then no client decides on them.
    pub(crate) public: Option<String>,
}

impl App {
    /// Answers one request.
    pub(crate) async fn answer(self: Arc<Self>, request: http::Request<bytes::Bytes>) -> Reply {
        if let Some(gate) = &self.gate
            && let Some(path) = below(request.uri().path(), admin::BASE)
        {
            let path = path.to_owned();
            return admin::answer(&self, gate, &self.ask(request, admin::BASE, path));
        }
        let base_path = &self.profile.base_path;
        match below(request.uri().path(), base_path).map(str::to_owned) {
            Some(path) => {
                let ask = self.ask(request, base_path, path);
                Next::outermost(self).call(ask).await
            }
            None => scim20::outside(base_path),
        }
    }

    /// Answers what has come past everything between the client and the face.
    pub(crate) fn face(self: &Arc<Self>, ask: Ask) -> Answering {
        let Some(upstream) = &self.upstream else {
            return Box::pin(ready(scim20::answer(self, &ask)));
        };
        match ask.into_request() {
            Ok(request) => upstream.answer(request),
            // A fault wrote an address that is none.
            Err(_) => Box::pin(ready(scim20::outside(&self.profile.base_path))),
        }
    }

    /// One tenant's resources.
    pub(crate) fn directory(&self, tenant: TenantId) -> Directory<'_> {
        self.directory_in(self.store.as_ref(), tenant)
    }

    /// One tenant's resources as reads show them.
    pub(crate) fn shown_directory(&self, tenant: TenantId) -> Directory<'_> {
        self.directory_in(self.replica.as_ref(), tenant)
    }

    fn directory_in<'a>(&'a self, store: &'a dyn Store, tenant: TenantId) -> Directory<'a> {
        Directory {
            rules: &self.rules,
            store,
            application: &self.application,
            clock: self.clock.as_ref(),
            ids: &self.ids,
            tenant,
        }
    }

    /// The request as a face takes it, with the path below its base.
    fn ask(&self, request: http::Request<bytes::Bytes>, base_path: &str, path: String) -> Ask {
        let (parts, body) = request.into_parts();
        let named = || {
            let authority = named_host(&parts.headers)
                .or_else(|| parts.uri.authority().cloned())
                .map_or_else(|| self.authority.clone(), |authority| authority.to_string());
            format!("{}://{authority}", parts.uri.scheme_str().unwrap_or("http"))
        };
        let origin = self.public.clone().unwrap_or_else(named);
        Ask {
            base: format!("{origin}{base_path}"),
            path,
            query: parts.uri.query().unwrap_or_default().to_owned(),
            method: parts.method,
            headers: parts.headers,
            body,
        }
    }
}

/// What is left of a path below a base; nothing where it is elsewhere.
fn below<'a>(path: &'a str, base_path: &str) -> Option<&'a str> {
    path.strip_prefix(base_path).filter(|path| path.is_empty() || path.starts_with('/'))
}

/// The host that the client says it talks to. It goes into every address that the server hands out, so it
/// must be one.
fn named_host(headers: &HeaderMap) -> Option<Authority> {
    let host = headers.get(HOST)?.to_str().ok()?;
    host.parse::<Authority>().ok().filter(|authority| !authority.as_str().contains('@'))
}
