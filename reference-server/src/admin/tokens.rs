use engine::timestamp;
use http::{HeaderMap, StatusCode};
use profiles::MadeBy;
use record::Secret;
use serde_json::{Map, Value, json};

use crate::admin::body::Fields;
use crate::admin::problem::{Problem, reply};
use crate::app::App;
use crate::ask::Reply;
use crate::scim20;
use crate::store::TenantId;
use crate::tokens::{Owner, Refused, State, Terms, Token};

/// Who owns a token where nobody is named.
const OWNER: &str = "administrator";

/// `GET /tokens`
pub(super) fn list(app: &App, tenant: TenantId) -> Value {
    let tokens = app.tokens.all(tenant).into_iter();
    json!({ "tokens": tokens.map(|token| shown(app, &token, token.text.as_ref())).collect::<Vec<_>>() })
}

/// `POST /tokens`
pub(super) fn make(app: &App, tenant: TenantId, body: &[u8], headers: &HeaderMap) -> Result<Reply, Problem> {
    let mut fields = Fields::of(body, headers)?;
    let name = fields.name("name")?;
    let name = name.ok_or_else(|| fields.unfit("name", "is missing; say what the token is for"))?;
    let owner = match fields.object("owner", "owner.")? {
        None => Owner { name: OWNER.to_owned(), administrator: true },
        Some(mut owner) => {
            let name = owner.name("name")?.unwrap_or_else(|| OWNER.to_owned());
            let administrator = owner.flag("administrator")?.unwrap_or(true);
            owner.end("owner.name, owner.administrator")?;
            Owner { name, administrator }
        }
    };
    let read_only = fields.flag("read_only")?.unwrap_or(false);
    let expires_ms = fields.moment("expires")?;
    let now_ms = app.clock.unix_ms();
    if expires_ms.is_some_and(|end| end <= now_ms) {
        return Err(fields.unfit("expires", "is in the past"));
    }
    fields.end("name, owner, read_only, expires")?;
    if app.tokens.rules.made_by == MadeBy::Switch {
        return Err(Problem::new(
            409,
            "the application makes its token itself; switch provisioning on for one",
        ));
    }
    let made = app.tokens.make(tenant, name, owner, Terms { read_only, expires_ms }, now_ms);
    let (token, text) = made.map_err(refusal)?;
    Ok(reply(201, &shown(app, &token, Some(&text))))
}

/// `DELETE /tokens/{id}`
pub(super) fn revoke(app: &App, tenant: TenantId, id: &str) -> Result<Reply, Problem> {
    let known = id.parse().ok().and_then(|id| app.tokens.revoke(tenant, id));
    known.ok_or_else(|| Problem::new(404, "there is no token with this id"))?;
    Ok(scim20::empty(StatusCode::NO_CONTENT))
}

pub(super) fn refusal(refused: Refused) -> Problem {
    Problem::new(
        409,
        match refused {
            Refused::HasOne => "the owner has a valid token already; revoke it first",
            Refused::Full => "there are too many tokens; start the server anew",
        },
    )
}

/// A token; its text only where it is given, which is once, or as often as the profile lets administrators read it.
fn shown(app: &App, token: &Token, text: Option<&Secret>) -> Value {
    let state = match token.state(app.clock.unix_ms()) {
        State::Valid => "valid",
        State::Revoked => "revoked",
        State::Expired => "expired",
        State::Orphaned => "owner-is-no-administrator",
    };
    let mut shown = Map::new();
    let mut put = |name: &str, value: Value| drop(shown.insert(name.to_owned(), value));
    put("id", token.id.to_string().into());
    put("name", token.name.clone().into());
    put("owner", json!({ "name": token.owner.name, "administrator": token.owner.administrator }));
    put("scope", app.tokens.rules.scope.as_deref().unwrap_or("scim").into());
    if token.read_only {
        put("read_only", true.into());
    }
    put("created", timestamp(token.created_ms).into());
    put("expires", token.expires_ms.map_or(Value::Null, |end| timestamp(end).into()));
    put("state", state.into());
    if let Some(text) = text {
        put("token", text.expose().into());
    }
    Value::Object(shown)
}
