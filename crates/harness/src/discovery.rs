use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use client::{Client, Others, Request, Sent, Target, resource_path};
use profiles::{Profile, READINGS};
use protocol::{endpoint, urn};
use serde_json::Value;

use crate::capability::{self, Capability};
use crate::endpoints;
use crate::ledger::place;
use crate::published::Published;
use crate::reply::Reply;
use crate::required;
use crate::stop::Stop;
use crate::unusable::{Unusable, redirect};

/// What the target says of itself.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// The base URL, without a slash at its end.
    pub base: String,
    /// The features that `/ServiceProviderConfig` says are supported, where it is a JSON object.
    pub claimed: Option<BTreeSet<String>>,
    /// The resource types it serves.
    pub resource_types: Vec<ResourceType>,
    /// The attributes of users that `/Schemas` publishes.
    pub published: Arc<Published>,
    /// The profile that the run holds the target to, for checks of rules that leave it a choice.
    pub profile: Option<Arc<Profile>>,
    /// The tokens that checks show in place of that of the run.
    pub others: Others,
    /// What follows from all that, and from the run having a credential.
    pub capabilities: BTreeSet<Capability>,
}

/// One entry of `/ResourceTypes`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceType {
    /// Its name.
    pub name: String,
    /// Its endpoint below the base URL, with a leading slash.
    pub endpoint: String,
    /// The URIs of its extensions.
    pub extensions: Vec<String>,
    /// Those that every resource of it must have, by URI, and the least that each can be; null where nothing is known to write.
    pub required: BTreeMap<String, Value>,
}

impl ResourceType {
    /// A resource type of which nothing is known but that it is there, where the standard has it.
    pub(crate) fn standard(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            endpoint: format!("/{name}s"),
            extensions: Vec::new(),
            required: BTreeMap::new(),
        }
    }
}

impl Service {
    /// Takes in what somebody knows better than discovery. What is offered has a place, advertised or not: what is created there
    /// has to be known of, and removed.
    pub(crate) fn know_better(&mut self, overrides: &[(Capability, bool)]) {
        for (capability, offered) in overrides {
            match offered {
                true => self.capabilities.insert(*capability),
                false => self.capabilities.remove(capability),
            };
            let known = self.resource_types.iter().any(|known| known.name == capability.resource);
            if *offered && !known {
                self.resource_types.push(ResourceType::standard(capability.resource));
            }
        }
    }

    /// The endpoint of a resource type: the one it advertises, else the standard one.
    #[must_use]
    pub fn endpoint(&self, resource: &str) -> String {
        let advertised = self.resource_types.iter().find(|known| known.name == resource);
        advertised.map_or_else(|| format!("/{resource}s"), |known| known.endpoint.clone())
    }

    /// The path of a resource. Its id is the target's and may hold anything.
    #[must_use]
    pub fn path_of(&self, resource: &str, id: &str) -> String {
        resource_path(&self.endpoint(resource), id)
    }

    /// The path of what a create has just made, by the answer's id or else by its Location.
    ///
    /// # Errors
    ///
    /// [`Stop::Blocked`] where the answer names no one place.
    pub fn place_of(&self, resource: &str, created: &Reply) -> Result<String, Stop> {
        if let Some(id) = created.at("/id").and_then(Value::as_str) {
            return Ok(self.path_of(resource, id));
        }
        place(&self.endpoint(resource), None, created.header("location")).ok_or_else(|| {
            let what = "by which what was created can be read";
            let message =
                format!("{}: expected an id {what}, or a Location that says the same", created.label);
            Stop::precondition(message, Some(created.number))
        })
    }

    /// Gives a body what every resource of its type must have and it has not. An extension in which there is nothing to write is
    /// only named.
    pub(crate) fn complete(&self, resource: &str, mut body: Value, name: &str) -> Value {
        let known = self.resource_types.iter().filter(|known| known.name == resource);
        for (uri, least) in known.flat_map(|known| &known.required) {
            let Some(members) = body.as_object_mut().filter(|members| !members.contains_key(uri)) else {
                continue;
            };
            if !least.is_null() {
                members.insert(uri.clone(), required::named(least, name));
            }
            if let Some(Value::Array(schemas)) = members.get_mut("schemas") {
                schemas.push(uri.clone().into());
            }
        }
        body
    }

    /// The attributes by which clients match users, as the profile of the run declares them beyond userName, externalId
    /// and displayName; as paths.
    #[must_use]
    pub fn matching(&self) -> &[String] {
        let users = self.profile.as_ref().and_then(|profile| profile.types.get("User"));
        users.map_or(&[], |rules| &rules.matching)
    }

    /// The domain of the e-mail addresses that checks make up.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.profile.as_ref().map_or(profiles::DOMAIN, |profile| profile.domain())
    }

    /// An address in that domain for whoever has this name, which may be an address itself.
    #[must_use]
    pub fn address(&self, name: &str) -> String {
        let local = name.split('@').next().unwrap_or(name);
        format!("{local}@{}", self.domain())
    }

    /// How an open point is read by the profile of the run: the reading that it names, or the one that the text says most
    /// plainly. Empty where there is no such point.
    #[must_use]
    pub fn reading(&self, point: &str) -> &str {
        let named = self.profile.as_ref().and_then(|profile| profile.readings.get(point));
        let known = || READINGS.iter().find(|(known, _)| *known == point)?.1.first().copied();
        named.map(String::as_str).or_else(known).unwrap_or_default()
    }

    /// Whether a feature's `supported` flag in `/ServiceProviderConfig` is true.
    #[must_use]
    pub fn claims(&self, feature: &str) -> bool {
        self.claimed.as_ref().is_some_and(|claimed| claimed.contains(feature))
    }
}

/// Asks the target what it offers.
pub(crate) async fn discover(client: &Client) -> Result<Service, Unusable> {
    let config = client.send(Request::get(endpoint::SERVICE_PROVIDER_CONFIG), None).await;
    // One document that breaks off, or never ends, is no reason not to judge the rest.
    if let Err(cause) = &config.outcome
        && (cause.is_unsent() || probe_standard_endpoints(client).await.is_err())
    {
        return Err(Unusable::unreachable(&config.url, cause));
    }
    let types = client.send(Request::get(endpoint::RESOURCE_TYPES), None).await;
    // Nor is one that is elsewhere, where the resources are here.
    let moved = |sent: &&Sent| sent.outcome.as_ref().is_ok_and(|answer| redirect(answer).is_some());
    if let Some(sent) = [&config, &types].into_iter().find(moved)
        && let Ok(answer) = sent.outcome.as_ref()
        && probe_standard_endpoints(client).await.is_err()
    {
        return Err(Unusable::of(sent, answer, client.target().let_in_by()));
    }
    let mut service = Service {
        base: client.target().base().to_owned(),
        claimed: object(&config).as_ref().map(claimed),
        resource_types: object(&types).as_ref().map(resource_types).unwrap_or_default(),
        published: Arc::default(),
        profile: None,
        others: client.target().others().clone(),
        capabilities: BTreeSet::new(),
    };
    endpoints::put_right(client, &mut service.resource_types).await;
    if service.resource_types.is_empty() {
        service.resource_types = probe_standard_endpoints(client).await?;
    }
    // Discovery may be public; a credential that opens nothing else would only make every check a riddle.
    confirm_credential(client, &service).await?;
    service.capabilities = capabilities(&service, client.target());
    service.published = Arc::new(published(client, &service).await);
    fill_required(client, &mut service).await;
    Ok(service)
}

/// Of so many extensions of a type it is read what they have to carry; the target says how many there are.
const REQUIRED_MAX: usize = 16;

/// Reads what the extensions have to carry without which there is no resource of a type.
pub(crate) async fn fill_required(client: &Client, service: &mut Service) {
    let types = service.resource_types.iter_mut().filter(|known| endpoints::is_of_a_run(&known.name));
    for known in types {
        for (uri, least) in known.required.iter_mut().take(REQUIRED_MAX) {
            let schema = client.send(Request::get(resource_path(endpoint::SCHEMAS, uri)), None).await;
            *least = object(&schema).as_ref().map(required::least).unwrap_or_default();
        }
    }
}

async fn confirm_credential(client: &Client, service: &Service) -> Result<(), Unusable> {
    let Some(shown) = client.target().let_in_by() else { return Ok(()) };
    let sent = client.send(Request::get(service.endpoint("User")).query("count", "1"), None).await;
    match &sent.outcome {
        Ok(answer) if answer.status == 401 => Err(Unusable::refused(sent.url, 401, shown)),
        Ok(_) | Err(_) => Ok(()),
    }
}

pub(crate) async fn published(client: &Client, service: &Service) -> Published {
    let mut published = Published::default();
    let extended = service.capabilities.contains(&capability::ENTERPRISE_USER);
    let extension = format!("{}:", urn::ENTERPRISE_USER);
    let schemas = [(urn::USER, ""), (urn::ENTERPRISE_USER, extension.as_str())];
    for (uri, prefix) in schemas.into_iter().take(if extended { 2 } else { 1 }) {
        let schema = client.send(Request::get(format!("{}/{uri}", endpoint::SCHEMAS)), None).await;
        if let Some(schema) = object(&schema) {
            published.add(&schema, prefix);
        }
    }
    let users = service.resource_types.iter().filter(|known| known.name == "User");
    users.flat_map(|known| known.required.keys()).for_each(|uri| published.require(uri));
    published
}

/// The features that a configuration says are supported.
pub(crate) fn claimed(config: &Value) -> BTreeSet<String> {
    let supported = |feature: &Value| feature.get("supported") == Some(&Value::Bool(true));
    let features = config.as_object().into_iter().flatten();
    features.filter(|(_, feature)| supported(feature)).map(|(name, _)| name.clone()).collect()
}

pub(crate) fn object(sent: &Sent) -> Option<Value> {
    let answered = sent.outcome.as_ref().is_ok_and(|answer| answer.status == 200);
    sent.json.as_deref().filter(|body| answered && body.is_object()).cloned()
}

pub(crate) fn resource_types(list: &Value) -> Vec<ResourceType> {
    let items = list.get("Resources").and_then(Value::as_array);
    items.into_iter().flatten().filter_map(resource_type).collect()
}

fn resource_type(entry: &Value) -> Option<ResourceType> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let endpoint = format!("/{}", text("endpoint")?.trim_start_matches('/'));
    let extensions = entry.get("schemaExtensions").and_then(Value::as_array);
    Some(ResourceType {
        name: text("name").or_else(|| text("id")).unwrap_or_else(|| singular(&endpoint)).to_owned(),
        extensions: uris(extensions, |_| true),
        required: uris(extensions, |extension| extension.get("required") == Some(&Value::Bool(true)))
            .into_iter()
            .map(|uri| (uri, Value::Null))
            .collect(),
        endpoint,
    })
}

/// The URIs of those extensions that this holds for.
fn uris(extensions: Option<&Vec<Value>>, which: fn(&Value) -> bool) -> Vec<String> {
    let chosen = extensions.into_iter().flatten().filter(|extension| which(extension));
    chosen.filter_map(|extension| extension.get("schema")?.as_str().map(str::to_owned)).collect()
}

fn singular(endpoint: &str) -> &str {
    endpoint.trim_start_matches('/').trim_end_matches('s')
}

/// Where `/ResourceTypes` says nothing, the standard endpoints may still answer.
async fn probe_standard_endpoints(client: &Client) -> Result<Vec<ResourceType>, Unusable> {
    let mut found = Vec::new();
    for (name, endpoint) in [("User", endpoint::USERS), ("Group", endpoint::GROUPS)] {
        let sent = client.send(Request::get(endpoint).query("count", "1"), None).await;
        match &sent.outcome {
            Err(cause) => {
                return Err(Unusable::unreachable(&sent.url, cause));
            }
            Ok(_) if object(&sent).is_some() => found.push(ResourceType::standard(name)),
            // Somebody may well serve users and no groups.
            Ok(answer) if name == "User" || matches!(answer.status, 401 | 403) => {
                return Err(Unusable::of(&sent, answer, client.target().let_in_by()));
            }
            Ok(_) => {}
        }
    }
    Ok(found)
}

pub(crate) fn capabilities(service: &Service, target: &Target) -> BTreeSet<Capability> {
    let mut offered = BTreeSet::new();
    for resource_type in &service.resource_types {
        match resource_type.name.as_str() {
            "User" => offered.extend(capability::USER),
            "Group" => offered.extend(capability::GROUP),
            _ => {}
        }
        if resource_type.extensions.iter().any(|urn| urn == urn::ENTERPRISE_USER) {
            offered.insert(capability::ENTERPRISE_USER);
        }
    }
    if service.claims("etag") {
        offered.insert(capability::VERSION_USER);
    }
    if service.claims("filter") {
        offered.insert(capability::FILTER_USER);
    }
    if service.claims("sort") {
        offered.insert(capability::SORT_USER);
    }
    if service.claims("patch") {
        offered.insert(capability::MODIFY_USER);
        if offered.contains(&capability::CREATE_GROUP) {
            offered.insert(capability::MODIFY_GROUP);
        }
    }
    let Others { expired, read_only, second_tenant } = target.others();
    offered.extend(target.has_credential().then_some(capability::AUTHENTICATION));
    offered.extend(expired.as_ref().map(|_| capability::EXPIRED_TOKEN));
    offered.extend(read_only.as_ref().map(|_| capability::READ_ONLY_TOKEN));
    offered.extend(second_tenant.as_ref().map(|_| capability::SECOND_TENANT));
    offered
}
