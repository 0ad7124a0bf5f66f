//! Endpoints that are written in a way of their own. RFC 7643 §6 has them relative to the base URL; some servers write the whole path, or
//! the whole address. That is held against them by a check, and keeps nobody from judging the rest.

use client::{Client, Request};

use crate::discovery::ResourceType;

/// Takes the endpoints as they are meant, where what is told answers 404 and what is meant does not.
pub(crate) async fn put_right(client: &Client, types: &mut [ResourceType]) {
    let base = client.target().base().trim_end_matches('/').to_owned();
    // Nothing is asked of other types, and the target may list as many as it likes.
    for known in types.iter_mut().filter(|known| is_of_a_run(&known.name)) {
        let Some(meant) = meant(&known.endpoint, &base).map(str::to_owned) else { continue };
        if is_missing(client, &known.endpoint).await && !is_missing(client, &meant).await {
            known.endpoint = meant;
        }
    }
}

/// Whether a run creates resources of a type.
pub(crate) fn is_of_a_run(name: &str) -> bool {
    matches!(name, "User" | "Group")
}

/// The endpoint below the base URL, where it is written with the path or the address of that.
fn meant<'a>(endpoint: &'a str, base: &str) -> Option<&'a str> {
    let path = base.split_once("://").and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)));
    let whole = endpoint.trim_start_matches('/').strip_prefix(base);
    let meant = whole.or_else(|| endpoint.strip_prefix(path?))?;
    (meant.len() > 1 && meant.starts_with('/')).then_some(meant)
}

async fn is_missing(client: &Client, endpoint: &str) -> bool {
    let sent = client.send(Request::get(endpoint).query("count", "1"), None).await;
    sent.outcome.is_ok_and(|answer| answer.status == 404)
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn an_endpoint_with_the_base_in_front_is_meant_without_it() {
        let base = "http://scim.example/scim/v2";
        assert_eq!(meant("/scim/v2/Users", base), Some("/Users"));
        assert_eq!(meant("/http://scim.example/scim/v2/Users", base), Some("/Users"));
        for endpoint in
            ["/Users", "/scim/v2", "/scim/v2/", "/scim/v2Users", "/http://other.example/scim/v2/Users"]
        {
            assert_eq!(meant(endpoint, base), None, "{endpoint}");
        }
        assert_eq!(meant("/Users", "http://scim.example"), None);
    }
}
