//! Writes to servers that change nothing without the version of what stands there.

use crate::answer::Answer;
use crate::request::Request;

/// What the caller of [`with_version_if_asked`] reads from an answer: its status, and the version of what it shows.
pub type Shown = (u16, Option<String>);

/// Sends a write, and once more with the version of what stands there where a refusal (412 or 428) asks for it: some servers
/// change nothing without one (RFC 6585 §3), and others hold that a weak one matches nothing (RFC 9110 §13.1.1), so none is
/// sent unasked. `known` is the version where it has been read already. What comes back is the answer that counts.
///
/// `ask` sends one request in the caller's own way, and `shown` reads what came of it; nothing where no answer came.
///
/// ```
/// use client::{Method, Request, with_version_if_asked};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let ask = async |request: Request| match (request.method(), request.headers()) {
///     (&Method::GET, _) => (200, Some("W/\"7\"".to_owned())),
///     (_, [(name, version)]) if name == "if-match" && version == "W/\"7\"" => (204, None),
///     (..) => (428, None),
/// };
/// let deleting = with_version_if_asked(Request::delete("/Users/1"), None, ask, |told| Some(told.clone()));
/// let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// assert_eq!(runtime.block_on(deleting), (204, None));
/// # Ok(())
/// # }
/// ```
pub async fn with_version_if_asked<T>(
    request: Request,
    known: Option<String>,
    ask: impl AsyncFn(Request) -> T,
    shown: impl Fn(&T) -> Option<Shown>,
) -> T {
    let told = ask(request.clone()).await;
    if !shown(&told).is_some_and(|(status, _)| matches!(status, 412 | 428)) {
        return told;
    }
    let version = match known {
        Some(version) => Some(version),
        None => {
            let read = ask(Request::get(request.path())).await;
            shown(&read).and_then(|(status, version)| version.filter(|_| status == 200))
        }
    };
    match version {
        Some(version) => ask(request.header("if-match", &version)).await,
        None => told,
    }
}

impl Answer {
    /// Its status, and the version of what it shows, given its body as JSON.
    #[must_use]
    pub fn shown(&self, json: Option<&serde_json::Value>) -> Shown {
        (self.status, self.version(json))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use http::Method;

    use super::*;

    /// What a server that wants a version is asked, and what it answers in the end.
    fn asked(known: Option<&str>, refusal: u16, read: Shown) -> (Vec<String>, u16) {
        let sent = RefCell::new(Vec::new());
        let ask = async |request: Request| {
            let version = request.headers().iter().find(|(name, _)| name == "if-match");
            let version = version.map(|(_, version)| format!(" {version}")).unwrap_or_default();
            sent.borrow_mut().push(format!("{} {}{version}", request.method(), request.path()));
            match *request.method() {
                Method::GET => read.clone(),
                _ if version == " v2" => (204, None),
                _ => (refusal, None),
            }
        };
        let known = known.map(str::to_owned);
        let deleting =
            with_version_if_asked(Request::delete("/Users/1"), known, ask, |told| Some(told.clone()));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (status, _) = runtime.block_on(deleting);
        (sent.into_inner(), status)
    }

    #[test]
    fn the_version_is_sent_where_it_is_asked_for_and_nowhere_else() {
        let (plain, get, with) = ("DELETE /Users/1", "GET /Users/1", "DELETE /Users/1 v2");
        let v2 = || (200, Some("v2".to_owned()));
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        for refusal in [412, 428] {
            assert_eq!(asked(None, refusal, v2()), (words(&[plain, get, with]), 204));
            assert_eq!(asked(Some("v2"), refusal, v2()), (words(&[plain, with]), 204));
            assert_eq!(asked(None, refusal, (200, None)), (words(&[plain, get]), refusal));
            assert_eq!(asked(None, refusal, (404, v2().1)), (words(&[plain, get]), refusal));
        }
        for other in [204, 403, 404, 409] {
            assert_eq!(asked(Some("v2"), other, v2()), (words(&[plain]), other));
        }
    }

    #[test]
    fn where_no_answer_came_nothing_more_is_sent() {
        let sent = RefCell::new(0);
        let ask = async |_: Request| {
            *sent.borrow_mut() += 1;
            Err::<(), _>("no answer")
        };
        let deleting = with_version_if_asked(Request::delete("/Users/1"), None, ask, |_| None);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!((runtime.block_on(deleting), sent.into_inner()), (Err("no answer"), 1));
    }
}
