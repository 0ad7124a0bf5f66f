//! A base URL that is not quite right: the usual places are tried, at the same server and without a credential.

use client::{Answer, Request, Sent};
use protocol::{endpoint, urn};
use record::Weight;
use serde_json::Value;

use crate::discovery::object;
use crate::doctor::chart::{Chart, Told};
use crate::doctor::intake::{Line, answered};
use crate::runner::RunError;

/// Where SCIM usually stands below a host, or below what somebody took for the base.
const USUAL: [&str; 7] = ["/scim/v2", "/v2", "/scim", "/api/scim/v2", "/api/scim", "/scim2", "/api/v2/scim"];
/// How many places are tried.
const TRIED_MAX: usize = 16;
/// A path where nothing is.
const NOWHERE: &str = "/scimproof-looks-for-nothing";
/// What stands behind a base URL.
const ENDPOINTS: [&str; 8] = [
    endpoint::USERS,
    endpoint::GROUPS,
    endpoint::SERVICE_PROVIDER_CONFIG,
    "/ServiceProviderConfigs",
    endpoint::RESOURCE_TYPES,
    endpoint::SCHEMAS,
    endpoint::BULK,
    endpoint::ME,
];

/// Looks for SCIM around a base URL where there is none.
pub(super) async fn search(
    line: &Line<'_>,
    chart: &mut Chart,
    users: &Sent,
    answer: &Answer,
) -> Result<Told, RunError> {
    let base = line.client.target().base();
    let said = format!("{} {}, which is no SCIM", users.url, answered(answer, users.json.as_deref()));
    let mut shut = Vec::new();
    for place in around(base) {
        let asked = Request::get(format!("{place}{}", endpoint::SERVICE_PROVIDER_CONFIG)).keeping_secrets();
        let sent = line.ask(asked).await?;
        if object(&sent).as_ref().is_some_and(is_config) {
            chart.settings.url = Some(place.clone());
            let advice = format!("the server describes itself at {place}: give that as the base URL");
            return Ok(Told::new("not-the-base", Weight::Blocks, said, advice)
                .flag(&place)
                .setting(format!("url = \"{place}\"")));
        }
        if sent.outcome.as_ref().is_ok_and(|answer| matches!(answer.status, 401 | 403)) {
            shut.push(place);
        }
        // Who does not answer one is not asked a dozen times.
        if sent.outcome.is_err() {
            break;
        }
    }
    let mut advice =
        "is this the base URL (the part before /Users)? The usual places on the same host were tried \
                      without a credential"
            .to_owned();
    let everywhere = || Request::get(format!("{}{NOWHERE}", origin(base))).keeping_secrets();
    if let Some(place) = shut.first()
        && line.ask(everywhere()).await?.outcome.is_ok_and(|answer| !matches!(answer.status, 401 | 403))
    {
        advice = format!("something that wants a credential answers at {place}: is that the base URL?");
        return Ok(Told::new("not-the-base", Weight::Blocks, said, advice).flag(place));
    }
    advice.push_str(", and there is none");
    Ok(Told::new("no-scim", Weight::Blocks, said, advice))
}

/// The places around a base URL, the likeliest first.
fn around(base: &str) -> Vec<String> {
    let origin = origin(base);
    let cut = ENDPOINTS.iter().filter_map(|endpoint| base.split_once(endpoint).map(|(before, _)| before));
    let mut places: Vec<String> = cut.map(str::to_owned).collect();
    let profiles = profiles::names().into_iter().filter_map(|name| profiles::find(name).ok());
    let usual: Vec<String> =
        USUAL.map(str::to_owned).into_iter().chain(profiles.map(|profile| profile.base_path)).collect();
    for start in [base, origin] {
        places.extend(usual.iter().map(|path| format!("{start}{path}")));
    }
    let mut parent = base;
    while let Some((above, _)) = parent.rsplit_once('/').filter(|(above, _)| above.len() >= origin.len()) {
        parent = above;
        places.push(parent.to_owned());
    }
    let mut seen = std::collections::BTreeSet::from([base.to_owned()]);
    places.retain(|place| seen.insert(place.clone()));
    // Below what was given nothing is likely where that was a page or an endpoint; both ends have their share.
    places.sort_by_key(|place| !place.starts_with(base));
    let (below, beside): (Vec<String>, Vec<String>) =
        places.into_iter().partition(|place| place.starts_with(base) && place.len() > base.len());
    below.into_iter().take(TRIED_MAX / 2).chain(beside.into_iter().take(TRIED_MAX / 2)).collect()
}

/// Scheme, host and port of a URL.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url.get(host..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| host + at);
    url.get(..end).unwrap_or(url)
}

/// Whether a document is what `/ServiceProviderConfig` answers.
pub(super) fn is_config(body: &Value) -> bool {
    let schemas = body.get("schemas").and_then(Value::as_array);
    let says_so = schemas.into_iter().flatten().any(|uri| uri == urn::SERVICE_PROVIDER_CONFIG);
    says_so
        || (body.get("patch").is_some_and(Value::is_object)
            && body.get("filter").is_some_and(Value::is_object))
}

#[cfg(test)]
mod tests {
    use super::{around, origin};

    #[test]
    fn an_endpoint_is_cut_off_first() {
        let places = around("https://a.example/scim/v2/Users");
        assert!(places.contains(&"https://a.example/scim/v2".to_owned()), "{places:?}");
        assert!(places.iter().all(|place| place.starts_with("https://a.example")), "{places:?}");
    }

    #[test]
    fn the_host_alone_is_looked_below() {
        let places = around("http://127.0.0.1:8080");
        assert_eq!(places.first().map(String::as_str), Some("http://127.0.0.1:8080/scim/v2"));
        assert_eq!(origin("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
    }
}
