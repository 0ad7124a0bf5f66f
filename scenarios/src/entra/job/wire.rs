//! How a job asks: one request after the other, patient where the server asks for it.

use std::sync::Arc;
use std::time::Duration;

use client::{Answer, Client, Request};
use serde_json::Value;

use super::clock::{Clock, Timed};
use super::failure::{Aim, Failure, INCOMPATIBLE};
use super::row::Row;
use crate::entra::Settings;
use crate::entra::path::member;

/// A longer `Retry-After` is not waited for; the object is escrowed (I).
const WAIT_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// The step of a row that had to wait because of the target's own limit, which is no part of what is played.
const OWN_LIMIT: &str = "TargetLimitsRequests";

/// The way to the target, for one cycle.
pub(crate) struct Wire<'a> {
    pub(crate) client: &'a Client,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) settings: &'a Settings,
    /// How many requests were sent.
    pub(crate) requests: u32,
    /// How long it was made to wait by the job's own time.
    pub(crate) waited: Duration,
    /// What the target itself put off.
    pub(crate) put_off: PutOff,
}

/// What a target's own limit did to a cycle, where its time is not the job's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PutOff {
    /// The exchanges that it answered with 429, each of which was repeated.
    pub exchanges: Vec<u32>,
    /// How long it asked to wait, all in all.
    pub wait: Duration,
}

impl<'a> Wire<'a> {
    pub(crate) const fn new(client: &'a Client, clock: &'a dyn Clock, settings: &'a Settings) -> Self {
        let put_off = PutOff { exchanges: Vec::new(), wait: Duration::ZERO };
        Self { client, clock, settings, requests: 0, waited: Duration::ZERO, put_off }
    }

    /// Sends a request on behalf of a log row until there is an answer that stands, and gives the body of a success.
    ///
    /// A 429 with `Retry-After` suspends all activity for so long; then only this request, the one that failed, is made
    /// again (Q). Where the target's time is not the job's, its own 429 is sat through in real time, and the job's clock stands.
    pub(crate) async fn ask(
        &mut self,
        request: &Request,
        aim: Aim,
        row: &mut Row,
    ) -> Result<Option<Arc<Value>>, Failure> {
        let (mut waits, mut retries) = (0, 0);
        loop {
            self.clock.ready().await;
            let sent = self.client.send_without_waiting(request, Some(&row.label)).await;
            self.requests = self.requests.saturating_add(1);
            row.exchanges.push(sent.number);
            let failure = match &sent.outcome {
                Ok(answer) if (200..300).contains(&answer.status) => return Ok(sent.json),
                Ok(answer) => {
                    let wait = retry_after(answer, self.clock.timed());
                    if let Some(wait) = wait.filter(|_| answer.status == 429)
                        && waits < self.settings.throttled_waits
                    {
                        waits += 1;
                        self.wait(wait, sent.number, row).await;
                        continue;
                    }
                    Failure::of_answer(self.settings, aim, answer)
                }
                Err(error) => Failure::of_transport(error),
            };
            let failure = Failure { reason: self.client.scrub(&failure.reason), ..failure }.aimed(aim);
            // A creation may have been done although no answer came, and only a search can tell: the next cycle makes it.
            let is_repeatable = failure.is_passing && aim != Aim::Create;
            if !is_repeatable || retries >= self.settings.retries_in_cycle {
                return Err(failure);
            }
            retries += 1;
        }
    }

    /// Waits as the answer of an exchange asks, and says so in the row.
    async fn wait(&mut self, wait: Duration, exchange: u32, row: &mut Row) {
        let seconds = wait.as_secs();
        let said =
            format!("the target answered 429 and asked for patience with Retry-After: waited {seconds} s");
        match self.clock.timed() {
            Timed::Here { .. } => {
                row.warn("TooManyRequests", said);
                self.waited = self.waited.saturating_add(wait);
                self.clock.sleep(wait).await;
            }
            // The target's own time: the client's stands still, or no moment that a scenario names would be kept.
            Timed::There { .. } => {
                row.warn(OWN_LIMIT, format!("{said}, in real time"));
                self.put_off.exchanges.push(exchange);
                self.put_off.wait = self.put_off.wait.saturating_add(wait);
            }
        }
    }

    /// A resource: an object with an id that this client can read.
    pub(crate) async fn resource(
        &mut self,
        request: &Request,
        aim: Aim,
        row: &mut Row,
    ) -> Result<Arc<Value>, Failure> {
        let body = self.ask(request, aim, row).await?;
        let body =
            body.ok_or_else(|| incompatible("the answer has no JSON body, where a resource was expected"))?;
        readable(&body)?;
        Ok(body)
    }

    /// The resources that a search found.
    pub(crate) async fn found(
        &mut self,
        request: &Request,
        aim: Aim,
        row: &mut Row,
    ) -> Result<Vec<Value>, Failure> {
        let body = self.ask(request, aim, row).await?;
        let body = body.ok_or_else(|| incompatible("the answer has no JSON body, where a list was expected"));
        body.and_then(|body| listed(&body)).map_err(|failure| failure.aimed(aim))
    }
}

/// What a list response lists. A total of zero without any list will do (I).
fn listed(body: &Value) -> Result<Vec<Value>, Failure> {
    let total = member(body, "totalResults").and_then(Value::as_u64);
    match (member(body, "Resources"), total) {
        (Some(Value::Array(resources)), _) => Ok(resources.clone()),
        (None | Some(Value::Null), Some(0)) => Ok(Vec::new()),
        _ => Err(incompatible("the answer to a search is no ListResponse with Resources")),
    }
}

/// Whether the client can read a resource (D, W).
fn readable(resource: &Value) -> Result<(), Failure> {
    if member(resource, "Resources").and_then(Value::as_array).is_some_and(|found| found.len() > 1) {
        return Err(Failure::of_object(
            "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse",
            "the answer lists several resources, where one was expected",
        ));
    }
    if id(resource).is_none() {
        return Err(incompatible("the resource in the answer has no id"));
    }
    let manager = member(resource, protocol::urn::ENTERPRISE_USER).and_then(|it| member(it, "manager"));
    if manager.is_some_and(Value::is_string) {
        return Err(incompatible(
            "the resource in the answer has a manager that is a text; it has to be an object with a value, although the \
             client itself sends a text",
        ));
    }
    Ok(())
}

/// A resource's id.
pub(crate) fn id(resource: &Value) -> Option<&str> {
    member(resource, "id")?.as_str().filter(|id| !id.is_empty())
}

pub(crate) fn incompatible(reason: &str) -> Failure {
    Failure::of_object(INCOMPATIBLE, reason)
}

/// How long the server asks to be left alone (RFC 9110 §10.2.3), unless that is longer than anybody waits.
fn retry_after(answer: &Answer, timed: Timed) -> Option<Duration> {
    let (Timed::Here { unix_s } | Timed::There { unix_s }) = timed;
    let wait_max = match timed {
        Timed::Here { .. } => WAIT_MAX,
        Timed::There { .. } => client::WAIT_MAX,
    };
    answer.retry_after(unix_s).filter(|wait| *wait <= wait_max)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde_json::json;

    use super::*;

    fn answer(headers: &[(&str, &str)]) -> Answer {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Answer { status: 429, headers: headers.collect(), body: Bytes::new() }
    }

    #[test]
    fn patience_is_read_in_seconds_and_dates() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let wait = |headers: &[(&str, &str)], unix_s| {
            let timed = Timed::Here { unix_s: Some(unix_s) };
            retry_after(&answer(headers), timed).map(|wait| wait.as_secs())
        };
        assert_eq!(wait(&[("retry-after", "17")], 0), Some(17));
        assert_eq!(wait(&[("retry-after", date), ("date", "Sun, 06 Nov 1994 08:49:07 GMT")], 0), Some(30));
        assert_eq!(wait(&[("retry-after", date)], 784_111_777 - 5), Some(5));
        assert_eq!(wait(&[("retry-after", date)], 784_111_777 + 5), Some(0));
        assert_eq!(wait(&[("retry-after", "soon")], 0), None);
        assert_eq!(wait(&[("retry-after", "9999999")], 0), None);
        assert_eq!(wait(&[], 0), None);
        // What the scenario plays takes no time; what the target asks for does.
        let there =
            |seconds| retry_after(&answer(&[("retry-after", seconds)]), Timed::There { unix_s: None });
        assert_eq!((there("30"), there("31")), (Some(Duration::from_secs(30)), None));
    }

    #[test]
    fn only_lists_are_lists() {
        assert_eq!(listed(&json!({"totalResults": 0, "Resources": []})), Ok(vec![]));
        assert_eq!(listed(&json!({"totalResults": 0})), Ok(vec![]));
        assert_eq!(
            listed(&json!({"totalResults": 1, "Resources": [{"id": "1"}]})),
            Ok(vec![json!({"id": "1"})])
        );
        for odd in [json!({}), json!([]), json!({"totalResults": 1}), json!({"id": "1"}), json!("x")] {
            assert_eq!(listed(&odd).map_err(|failure| failure.code), Err(INCOMPATIBLE), "{odd}");
        }
    }

    #[test]
    fn a_resource_has_an_id_and_a_manager_that_is_an_object() {
        let urn = protocol::urn::ENTERPRISE_USER;
        assert_eq!(readable(&json!({"id": "1", urn: {"manager": {"value": "2"}}})), Ok(()));
        assert!(readable(&json!({"id": "1", urn: {"manager": "2"}})).is_err());
        assert!(readable(&json!({"userName": "ada"})).is_err());
        let several =
            readable(&json!({"Resources": [{"id": "1"}, {"id": "2"}]})).map_err(|failure| failure.code);
        assert_eq!(several, Err("SystemForCrossDomainIdentityManagementMultipleEntriesInResponse"));
    }
}
