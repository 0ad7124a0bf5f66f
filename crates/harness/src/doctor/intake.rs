//! Whether there is a SCIM server at all, what it says of itself, and whether it lets the run in.

use std::collections::BTreeSet;
use std::sync::Arc;

use client::{Answer, Cancel, Client, Request, Sent, TransportError};
use protocol::endpoint;
use record::{Weight, Works};
use serde_json::Value;

use crate::discovery::{ResourceType, Service, capabilities, claimed, fill_required, object, published};
use crate::doctor::Look;
use crate::doctor::chart::{Chart, Told};
use crate::doctor::{documents, features, places, way};
use crate::endpoints;
use crate::runner::RunError;
use crate::unusable::{base_of, redirect, what};

/// What asks, until somebody stops it.
pub(super) struct Line<'a> {
    pub(super) client: &'a Client,
    pub(super) cancel: &'a Cancel,
}

impl Line<'_> {
    /// Sends a request and waits for its answer.
    pub(super) async fn ask(&self, request: Request) -> Result<Sent, RunError> {
        self.unless_stopped(self.client.send(request, None)).await
    }

    /// Waits for what asks by itself.
    async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, RunError> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(RunError::Cancelled),
            done = work => Ok(done),
        }
    }
}

/// Asks the server what it is. Gives what is known of its service, where something can be asked of it.
pub(super) async fn intake(
    line: &Line<'_>,
    look: &Look,
    chart: &mut Chart,
) -> Result<Option<Service>, RunError> {
    let config = line.ask(Request::get(endpoint::SERVICE_PROVIDER_CONFIG)).await?;
    if let Err(cause) = &config.outcome
        && matches!(**cause, TransportError::Connect { .. } | TransportError::NoToken { .. })
    {
        chart.tell(way::unreached(&config.url, cause, look.by_proxy));
        return Ok(None);
    }
    let types = line.ask(Request::get(endpoint::RESOURCE_TYPES)).await?;
    let mut service = Service {
        base: line.client.target().base().to_owned(),
        claimed: documents::config(&config, chart).as_ref().map(claimed),
        resource_types: documents::types(&types, chart),
        published: Arc::default(),
        profile: Some(Arc::new(look.profile.clone())),
        others: line.client.target().others().clone(),
        capabilities: BTreeSet::new(),
    };
    line.unless_stopped(endpoints::put_right(line.client, &mut service.resource_types)).await?;
    let has_types = !service.resource_types.is_empty();
    let users = line.ask(Request::get(service.endpoint("User")).query("count", "1")).await?;
    if !is_list(&users) {
        let asked = [&config, &types, &users];
        chart.forget_documents();
        match asked.into_iter().find_map(elsewhere) {
            Some(told) => chart.tell(told),
            None => trouble(line, chart, look, &service, asked).await?,
        }
        return Ok(None);
    }
    chart.saw("list", Works::Yes, "/Users answers with a list");
    note_total(chart, "User", &users);
    if !has_types {
        service.resource_types.push(ResourceType::standard("User"));
    }
    let has_groups = groups(line, chart, &service).await?;
    if has_groups && !has_types {
        service.resource_types.push(ResourceType::standard("Group"));
    }
    admits_anybody(line, chart, &service).await?;
    know(line, look, chart, &mut service, has_types).await?;
    if has_groups && service.resource_types.iter().all(|known| known.name != "Group") {
        // Not advertised, so nothing is claimed; what is created there has to be known of all the same.
        service.resource_types.push(ResourceType::standard("Group"));
    }
    chart.settings.profile = resembles(&service, look);
    Ok(Some(service))
}

/// The schemas, and what follows from everything that was said.
async fn know(
    line: &Line<'_>,
    look: &Look,
    chart: &mut Chart,
    service: &mut Service,
    has_types: bool,
) -> Result<(), RunError> {
    let schemas = line.ask(Request::get(endpoint::SCHEMAS)).await?;
    documents::schemas(&schemas, chart);
    service.capabilities = capabilities(service, line.client.target());
    service.know_better(&look.overrides);
    let mut known = line.unless_stopped(published(line.client, service)).await?;
    look.profile.bound().iter().for_each(|path| known.bind(path));
    service.published = Arc::new(known);
    line.unless_stopped(fill_required(line.client, service)).await?;
    features::claims(service, has_types, chart);
    Ok(())
}

/// Whether groups are served, advertised or not.
async fn groups(line: &Line<'_>, chart: &mut Chart, service: &Service) -> Result<bool, RunError> {
    let groups = line.ask(Request::get(service.endpoint("Group")).query("count", "1")).await?;
    let there = is_list(&groups);
    if there {
        note_total(chart, "Group", &groups);
    } else {
        chart.saw("group-create", Works::No, format!("/Groups {}", outcome(&groups)));
    }
    Ok(there)
}

/// A server that shows its users to anybody is one that should not.
async fn admits_anybody(line: &Line<'_>, chart: &mut Chart, service: &Service) -> Result<(), RunError> {
    if !line.client.target().has_credential() {
        return Ok(());
    }
    let request = Request::get(service.endpoint("User")).query("count", "1").anonymous();
    if is_list(&line.ask(request).await?) {
        chart.tell(Told::new(
            "open-to-anybody",
            Weight::Tells,
            "users are listed to whoever asks, without a credential",
            "tell whoever runs the server; a check says so too (authentication)",
        ));
    }
    Ok(())
}

/// Why users cannot be listed, and what to do about it.
async fn trouble(
    line: &Line<'_>,
    chart: &mut Chart,
    look: &Look,
    service: &Service,
    asked: [&Sent; 3],
) -> Result<(), RunError> {
    let [.., users] = asked;
    let is_older = asked.iter().any(|sent| documents::is_older(sent));
    let is_described = service.claimed.is_some() || !service.resource_types.is_empty();
    match &users.outcome {
        _ if is_older => chart.tell(way::older(&users.url)),
        Err(cause) => chart.tell(way::unreached(&users.url, cause, look.by_proxy)),
        Ok(answer) => match answer.status {
            401 | 403 | 407 => {
                chart.tell(way::shut(users, answer, line.client.target().let_in_by(), is_described));
            }
            429 => chart.tell(way::put_off(&users.url, answer)),
            _ if is_described => chart.tell(Told::new(
                "no-users",
                Weight::Blocks,
                format!("discovery can be read, and {}: {}", users.url, outcome(users)),
                "every run needs /Users: ask whoever runs the server where users are, or whether the token may see them",
            )),
            _ => {
                let older = line.ask(Request::get("/ServiceProviderConfigs")).await?;
                if documents::is_older(&older) {
                    chart.tell(way::older(&older.url));
                } else {
                    let told = places::search(line, chart, users, answer).await?;
                    chart.tell(told);
                }
            }
        },
    }
    chart.saw("list", Works::No, outcome(users));
    Ok(())
}

/// Where an answer sends whoever asked.
fn elsewhere(sent: &Sent) -> Option<Told> {
    let location = redirect(sent.outcome.as_ref().ok()?)?;
    Some(way::redirected(&sent.url, location, base_of(&sent.url, location)))
}

/// The profile that the server seems to have: it publishes a schema that no other one does.
fn resembles(service: &Service, look: &Look) -> Option<String> {
    if look.profile.name != profiles::DEFAULT {
        return None;
    }
    let shown: Vec<&String> = service.resource_types.iter().flat_map(|known| &known.extensions).collect();
    profiles::names().into_iter().map(str::to_owned).find(|name| {
        let schemas = profiles::find(name).map(|profile| profile.schemas).unwrap_or_default();
        schemas.iter().any(|schema| shown.contains(&&schema.id))
    })
}

fn note_total(chart: &mut Chart, name: &str, sent: &Sent) {
    let total = sent.json.as_deref().and_then(|body| body.get("totalResults")?.as_u64());
    if let Some(total) = total {
        chart.manner.holds.insert(name.to_owned(), total);
    }
}

/// Whether an answer is a list (RFC 7644 §3.4.2), well-formed or not: the checks say what is wrong with it.
pub(super) fn is_list(sent: &Sent) -> bool {
    let body = object(sent).unwrap_or_default();
    body.get("Resources").is_some_and(Value::is_array) || body.get("totalResults").is_some_and(Value::is_u64)
}

/// What came of a request, in words.
pub(super) fn outcome(sent: &Sent) -> String {
    match &sent.outcome {
        Ok(answer) => answered(answer, sent.json.as_deref()),
        Err(cause) => cause.to_string(),
    }
}

/// An answer in words: its status, and what the server says about it.
pub(super) fn answered(answer: &Answer, body: Option<&Value>) -> String {
    let detail = body.and_then(|body| body.get("detail")?.as_str()).filter(|detail| !detail.is_empty());
    match detail {
        Some(detail) => format!("answers {} ({detail})", answer.status),
        None => format!("answers {} with {}", answer.status, what(answer)),
    }
}
