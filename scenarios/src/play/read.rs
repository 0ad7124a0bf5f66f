//! Reads the target in a way of its own, and tells what a resource has at an attribute.

use client::{Client, Request, resource_path};
use serde_json::Value;

/// The label of the exchanges by which expectations are judged, in place of a check's id.
pub const EXPECTATION: &str = "expectation";

/// Reads the target and remembers by which exchanges.
pub(super) struct Reader<'a> {
    client: &'a Client,
    pub(super) exchanges: Vec<u32>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(client: &'a Client) -> Self {
        Self { client, exchanges: Vec::new() }
    }

    /// A resource by its endpoint and id; none where the target says 404.
    pub(super) async fn resource(&mut self, endpoint: &str, id: &str) -> Result<Option<Value>, String> {
        let mut request = Request::get(resource_path(endpoint, id));
        if endpoint == protocol::endpoint::GROUPS {
            // Some servers show members to those alone who ask for them.
            request = request.query("attributes", "displayName,externalId,members");
        }
        let (status, body) = self.ask(request).await?;
        match (status, body) {
            (404, _) => Ok(None),
            (200, Some(body)) => Ok(Some(body)),
            (status, _) => Err(format!("GET of {endpoint}/{id} was answered with {status}")),
        }
    }

    /// How many resources have this text at an attribute.
    pub(super) async fn count(&mut self, endpoint: &str, attribute: &str, text: &str) -> Result<u64, String> {
        let quoted = Value::from(text);
        let filter = format!("{attribute} eq {quoted}");
        let (status, body) = self.ask(Request::get(endpoint).query("filter", &filter)).await?;
        let found = body.as_ref().and_then(|body| body.get("totalResults")).and_then(Value::as_u64);
        found
            .filter(|_| status == 200)
            .ok_or_else(|| format!("the filter {filter} was answered with {status}"))
    }

    async fn ask(&mut self, request: Request) -> Result<(u16, Option<Value>), String> {
        let sent = self.client.send(request, Some(EXPECTATION)).await;
        self.exchanges.push(sent.number);
        match &sent.outcome {
            Ok(answer) => Ok((answer.status, sent.json.as_deref().cloned())),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// What a resource has at an attribute as mappings write it. Null and the empty text are nothing.
pub(super) fn at<'v>(resource: &'v Value, target: &str) -> Option<&'v Value> {
    let (holder, rest) = holder(resource, target)?;
    let (path, sub) = match rest.split_once(']') {
        Some((path, sub)) => (path, sub.strip_prefix('.')),
        None => rest.split_once('.').map_or((rest, None), |(path, sub)| (path, Some(sub))),
    };
    let value = match path.split_once('[') {
        Some((attribute, filter)) => {
            let (name, wanted) = filter.split_once(" eq ")?;
            let wanted = wanted.trim_matches('"');
            let fits = |element: &&Value| match member(element, name) {
                Some(Value::String(text)) => text.eq_ignore_ascii_case(wanted),
                Some(Value::Bool(truth)) => truth.to_string().eq_ignore_ascii_case(wanted),
                _ => false,
            };
            member(holder, attribute)?.as_array()?.iter().find(fits)?
        }
        None => member(holder, path)?,
    };
    let value = sub.map_or(Some(value), |sub| member(value, sub))?;
    (!value.is_null() && value.as_str() != Some("")).then_some(value)
}

/// The object in which an attribute stands, and the attribute without its URN.
fn holder<'v, 't>(resource: &'v Value, target: &'t str) -> Option<(&'v Value, &'t str)> {
    let head = target.find('[').map_or(target, |bracket| target.get(..bracket).unwrap_or(target));
    match head.rfind(':').filter(|_| target.starts_with("urn:")) {
        Some(colon) => {
            let (urn, rest) = target.split_at_checked(colon)?;
            Some((member(resource, urn)?, rest.get(1..)?))
        }
        None => Some((resource, target)),
    }
}

fn member<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    object.as_object()?.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn attributes_are_found_as_mappings_write_them() {
        let urn = "urn:ietf:params:scim:schemas:extension:x:2.0:User";
        let resource = json!({
            "userName": "ada",
            "name": { "givenName": "Ada" },
            "emails": [{ "type": "home", "value": "h" }, { "type": "WORK", "value": "w" }],
            "roles": [{ "primary": true, "value": "r" }],
            "title": "",
            urn: { "manager": { "value": "7" }, "city": null },
        });
        let table = [
            ("userName", Some(json!("ada"))),
            ("USERNAME", Some(json!("ada"))),
            ("name.givenName", Some(json!("Ada"))),
            ("name.familyName", None),
            ("emails[type eq \"work\"].value", Some(json!("w"))),
            ("emails[type eq \"other\"].value", None),
            ("roles[primary eq \"True\"].value", Some(json!("r"))),
            ("title", None),
            (&format!("{urn}:manager"), Some(json!({ "value": "7" }))),
            (&format!("{urn}:manager.value"), Some(json!("7"))),
            (&format!("{urn}:city"), None),
            ("urn:other:x", None),
        ];
        for (target, expected) in table {
            assert_eq!(at(&resource, target), expected.as_ref(), "{target}");
        }
    }
}
