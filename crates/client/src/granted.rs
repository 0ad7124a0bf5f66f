//! A client whose token is asked for.

use http::HeaderMap;
use record::{RequestLog, Secret};

use crate::answer::Answer;
use crate::authorization::Authorization;
use crate::client::Client;
use crate::error::TransportError;
use crate::oauth::Tokens;
use crate::redaction;
use crate::request::{Credential, Request};
use crate::transport::{Delivered, Transport};

impl Client {
    /// Sees to it that there is a token for a request, where tokens are asked for; the token that it is going to show.
    pub(crate) async fn see_to_token(&self, request: &Request) -> Result<Option<Secret>, TransportError> {
        let Some(tokens) = self.tokens_for(request) else { return Ok(None) };
        if let Some(token) = tokens.fresh(self.clock().now_us()) {
            return Ok(Some(token));
        }
        let came_us = self.clock().now_us();
        let mut turn = tokens.turn.lock().await;
        // Whoever had the turn before may have brought one.
        if let Some(token) = tokens.fresh(self.clock().now_us()) {
            return Ok(Some(token));
        }
        // Who waited while another one asked in vain does not ask again: a silent endpoint would keep them all, one by one.
        if let Some((_, error)) = turn.as_ref().filter(|(failed_us, _)| *failed_us >= came_us) {
            return Err(error.clone());
        }
        let asked = self.ask_for_token(tokens, request.cleans_up()).await;
        *turn = asked.as_ref().err().map(|error| (self.clock().now_us(), error.clone()));
        asked.map(|()| tokens.last())
    }

    /// Whether a request that showed a token and got this answer is worth another try, with another token.
    pub(crate) fn wants_another(&self, request: &Request, shown: Option<&Secret>, answer: &Answer) -> bool {
        let (Some(tokens), Some(shown)) = (self.tokens_for(request), shown) else { return false };
        tokens.refused(shown, answer.status)
    }

    fn tokens_for(&self, request: &Request) -> Option<&Tokens> {
        match (self.target().authorization(), request.credential()) {
            (Authorization::Granted(tokens), Credential::Target) => Some(tokens),
            _ => None,
        }
    }

    /// One request to the token endpoint, one of those that may be sent in all. It is on record without any body, and nobody is
    /// shown it: it is no SCIM.
    async fn ask_for_token(&self, tokens: &Tokens, cleans_up: bool) -> Result<(), TransportError> {
        self.target().pace().admit_token(cleans_up)?;
        let redactor = self.recorder().redactor();
        let request = tokens.grant.request()?;
        let log = self.recorder().keeps().then(|| RequestLog {
            made_up_credential: false,
            method: request.method().to_string(),
            url: redactor.scrub(tokens.grant.url()),
            headers: shown(request.headers(), redactor),
            body: None,
        });
        let now_us = self.clock().now_us();
        let entry = self.recorder().begin(None, log, now_us, now_us);
        let after = self.target().time_limit();
        let sending = innermost(self.transport()).send(request, self.clock());
        let sent = match tokio::time::timeout(after, sending).await {
            Ok(sent) => sent,
            Err(_) => Err(TransportError::Timeout { after }),
        };
        let failed = |error: TransportError| {
            let reason = error.scrubbed(redactor).to_string();
            TransportError::NoToken { reason }
        };
        match sent {
            Ok(Delivered { answer, first_byte_us, last_byte_us }) => {
                let taken = tokens.take(&answer, last_byte_us, redactor);
                let mut times = entry.times;
                times.first_byte_us = Some(first_byte_us);
                times.last_byte_us = Some(last_byte_us);
                entry.answered(&Answer { body: bytes::Bytes::new(), ..answer }, None, times);
                taken
            }
            Err(error) => {
                let error = failed(error);
                entry.failed(&error);
                Err(error)
            }
        }
    }
}

fn shown(headers: &HeaderMap, redactor: &record::Redactor) -> Vec<record::Header> {
    headers.iter().map(|(name, value)| redaction::sent(name, value, redactor)).collect()
}

/// The transport itself: those around it keep books on what is sent to the target.
fn innermost(mut transport: &dyn Transport) -> &dyn Transport {
    while let Some(inner) = transport.inner() {
        transport = inner;
    }
    transport
}
