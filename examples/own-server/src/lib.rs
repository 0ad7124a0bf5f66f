//! A small SCIM server: users, kept in memory, behind one bearer token.
//!
//! It stands for a server that somebody already has, and it knows nothing of scimproof. What holds it against the
//! standard is `tests/conformance.rs`.

mod discovery;
mod input;
mod output;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use serde_json::{Map, Value, json};

use output::{Refusal, Scim, project};

/// How many users one page holds at most.
const PAGE_MAX: usize = 100;

/// The attributes of a user.
type User = Map<String, Value>;
type Parameters = Query<HashMap<String, String>>;
type Answer = Result<Response, Refusal>;
type Shared = State<Arc<Server>>;

struct Server {
    base: String,
    token: String,
    users: Mutex<Vec<User>>,
}

impl Server {
    fn users(&self) -> MutexGuard<'_, Vec<User>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The server as a router. `base` is the URL under which clients reach it, `token` what they have to show.
pub fn app(base: &str, token: &str) -> Router {
    let server = Server { base: base.to_owned(), token: token.to_owned(), users: Mutex::default() };
    let server = Arc::new(server);
    let path = base.splitn(4, '/').nth(3).unwrap_or_default();
    let api = Router::new()
        .route("/Users", get(list).post(create))
        .route("/Users/{id}", get(read).put(replace).delete(remove).patch(unsupported))
        .route("/ResourceTypes", get(discovery::resource_types))
        .route("/ResourceTypes/{name}", get(discovery::resource_type))
        .route("/Schemas", get(discovery::schemas))
        .route("/Schemas/{uri}", get(discovery::schema))
        .route("/Me", any(unsupported))
        .route("/Bulk", any(unsupported))
        .route("/.search", any(unsupported))
        .fallback(no_such_endpoint)
        .layer(from_fn_with_state(Arc::clone(&server), authenticate))
        // What a client has to know before it can authenticate is open to everybody.
        .route("/ServiceProviderConfig", get(discovery::config))
        .layer(map_response(output::scim_errors))
        .with_state(server);
    Router::new().nest(&format!("/{path}"), api)
}

async fn authenticate(State(server): Shared, request: Request, next: Next) -> Response {
    let shown = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = shown.and_then(|shown| shown.split_once(' '));
    match token {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && token == server.token => {
            next.run(request).await
        }
        Some(_) | None => {
            let refusal = Refusal::new(StatusCode::UNAUTHORIZED, None, "a valid bearer token is needed");
            ([(header::WWW_AUTHENTICATE, "Bearer")], refusal).into_response()
        }
    }
}

async fn create(State(server): Shared, Query(query): Parameters, body: Bytes) -> Answer {
    let mut user = input::user(&body)?;
    let mut users = server.users();
    name_is_free(&users, &user, None)?;
    let id = uuid::Uuid::new_v4().to_string();
    let location = format!("{}/Users/{id}", server.base);
    let now = jiff::Timestamp::now().to_string();
    let meta = json!({ "resourceType": "User", "created": now, "lastModified": now, "location": location });
    user.insert("id".to_owned(), json!(id));
    user.insert("meta".to_owned(), meta);
    let shown = project(&user, &query);
    users.push(user);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Scim(shown)).into_response())
}

async fn read(State(server): Shared, Path(id): Path<String>, Query(query): Parameters) -> Answer {
    let users = server.users();
    let user = users.get(position(&users, &id)?).ok_or_else(Refusal::not_found)?;
    Ok(Scim(project(user, &query)).into_response())
}

async fn replace(
    State(server): Shared,
    Path(id): Path<String>,
    Query(query): Parameters,
    body: Bytes,
) -> Answer {
    let mut users = server.users();
    let place = position(&users, &id)?;
    let mut user = input::user(&body)?;
    name_is_free(&users, &user, Some(place))?;
    let stored = users.get_mut(place).ok_or_else(Refusal::not_found)?;
    for kept in ["id", "meta"] {
        user.insert(kept.to_owned(), stored.get(kept).cloned().unwrap_or_default());
    }
    if let Some(modified) = user.get_mut("meta").and_then(|meta| meta.get_mut("lastModified")) {
        *modified = json!(jiff::Timestamp::now().to_string());
    }
    *stored = user;
    Ok(Scim(project(stored, &query)).into_response())
}

async fn remove(State(server): Shared, Path(id): Path<String>) -> Answer {
    let mut users = server.users();
    let place = position(&users, &id)?;
    users.remove(place);
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn list(State(server): Shared, Query(query): Parameters) -> Answer {
    if query.contains_key("filter") {
        return Err(Refusal::new(StatusCode::NOT_IMPLEMENTED, None, "this server does not filter"));
    }
    let start = input::number(&query, "startIndex")?.unwrap_or(1).max(1);
    let count = input::number(&query, "count")?.unwrap_or(PAGE_MAX).min(PAGE_MAX);
    let users = server.users();
    let page: Vec<Value> =
        users.iter().skip(start - 1).take(count).map(|user| project(user, &query)).collect();
    Ok(Scim(output::list(page, start, users.len())).into_response())
}

async fn unsupported() -> Refusal {
    Refusal::new(StatusCode::NOT_IMPLEMENTED, None, "this server does not support that")
}

async fn no_such_endpoint() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, None, "there is no such endpoint")
}

fn position(users: &[User], id: &str) -> Result<usize, Refusal> {
    users.iter().position(|user| user.get("id").is_some_and(|own| own == id)).ok_or_else(Refusal::not_found)
}

/// A userName belongs to one user, whatever its letter case (RFC 7643 §4.1.1).
fn name_is_free(users: &[User], user: &User, place: Option<usize>) -> Result<(), Refusal> {
    let name = |user: &User| user.get("userName").and_then(Value::as_str).map(str::to_lowercase);
    let taken =
        users.iter().enumerate().any(|(other, stored)| Some(other) != place && name(stored) == name(user));
    if taken {
        Err(Refusal::new(StatusCode::CONFLICT, Some("uniqueness"), "this userName is taken"))
    } else {
        Ok(())
    }
}
