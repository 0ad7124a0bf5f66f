use std::time::Duration;

use percent_encoding::percent_decode_str;
use record::{Body, Exchange, Header, RequestLog, ResponseLog, Run, Times};
use serde::Serialize;

/// The protocol of an exchange: none is told, since none is recorded, and a run may have spoken HTTP/2.
const PROTOCOL: &str = "";
/// What the format calls a size or a time that is not known.
const UNKNOWN: i64 = -1;

/// One exchange.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    pageref: String,
    pub(super) started_date_time: String,
    time: f64,
    request: Request,
    response: Response,
    cache: Cache,
    timings: Timings,
    #[serde(rename = "_number")]
    number: u32,
    #[serde(rename = "_error", skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Nothing is cached.
#[derive(Serialize)]
struct Cache {}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    http_version: &'static str,
    cookies: [(); 0],
    headers: Vec<Pair>,
    query_string: Vec<Pair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostData>,
    headers_size: i64,
    body_size: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    status: u16,
    status_text: &'static str,
    http_version: &'static str,
    cookies: [(); 0],
    headers: Vec<Pair>,
    content: Content,
    #[serde(rename = "redirectURL")]
    redirect_url: String,
    headers_size: i64,
    body_size: i64,
}

#[derive(Serialize)]
struct Pair {
    name: String,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    mime_type: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    size: i64,
    mime_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'static str>,
}

/// Where the time went, in milliseconds.
#[derive(Serialize)]
struct Timings {
    /// From the moment that the request was due: limits and `Retry-After` make it wait.
    blocked: f64,
    send: f64,
    wait: f64,
    receive: f64,
}

impl Entry {
    pub(super) fn of(run: &Run, page: &str, exchange: &Exchange) -> Self {
        let timings = Timings::of(exchange.times);
        Self {
            pageref: page.to_owned(),
            started_date_time: moment(&run.started, exchange.times.intended_us),
            time: rounded(timings.blocked + timings.send + timings.wait + timings.receive),
            request: Request::of(&exchange.request),
            response: Response::of(exchange.response.as_ref()),
            cache: Cache {},
            timings,
            number: exchange.number,
            error: exchange.error.clone(),
        }
    }
}

/// A moment so long after the beginning of the run; that itself, where it is no time that can be read.
fn moment(started: &str, us: u64) -> String {
    let began = started.parse::<jiff::Timestamp>().ok();
    let then = began.and_then(|began| began.checked_add(Duration::from_micros(us)).ok());
    then.map_or_else(|| started.to_owned(), |then| format!("{then:.3}"))
}

impl Timings {
    fn of(times: Times) -> Self {
        let ms = |from: u64, to: u64| rounded(to.saturating_sub(from) as f64 / 1_000.0);
        let first = times.first_byte_us;
        Self {
            blocked: ms(times.intended_us, times.sent_us),
            send: 0.0,
            wait: first.map_or(0.0, |first| ms(times.sent_us, first)),
            receive: first.zip(times.last_byte_us).map_or(0.0, |(first, last)| ms(first, last)),
        }
    }
}

/// To a microsecond, so that sums of decimals read as such.
fn rounded(ms: f64) -> f64 {
    (ms * 1_000.0).round() / 1_000.0
}

fn pairs(headers: &[Header]) -> Vec<Pair> {
    headers.iter().map(|header| Pair { name: header.name.clone(), value: header.value.clone() }).collect()
}

fn media_type(headers: &[Header]) -> String {
    let named = headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-type"));
    named.map(|header| header.value.clone()).unwrap_or_default()
}

fn size(body: Option<&Body>) -> i64 {
    body.map_or(0, |body| i64::try_from(body.bytes).unwrap_or(i64::MAX))
}

fn comment(body: Option<&Body>) -> Option<&'static str> {
    body.filter(|body| body.truncated).map(|_| "cut off when it was recorded")
}

impl Request {
    fn of(request: &RequestLog) -> Self {
        let query = request.url.split_once('?').map_or("", |(_, query)| query);
        let decoded =
            |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
        let query_string = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Pair { name: decoded(name), value: decoded(value) }
        });
        let body = request.body.as_ref();
        Self {
            method: request.method.clone(),
            url: request.url.clone(),
            http_version: PROTOCOL,
            cookies: [],
            headers: pairs(&request.headers),
            query_string: query_string.collect(),
            post_data: body.map(|body| PostData {
                mime_type: media_type(&request.headers),
                text: body.text.clone(),
                comment: comment(Some(body)),
            }),
            headers_size: UNKNOWN,
            body_size: size(body),
        }
    }
}

impl Response {
    /// Where nothing came, the status is 0, as browsers have it.
    fn of(response: Option<&ResponseLog>) -> Self {
        let headers = response.map(|response| response.headers.as_slice()).unwrap_or_default();
        let body = response.and_then(|response| response.body.as_ref());
        let location = headers.iter().find(|header| header.name.eq_ignore_ascii_case("location"));
        let status = response.map_or(0, |response| response.status);
        let redirects = (300..400).contains(&status);
        Self {
            status,
            status_text: "",
            http_version: PROTOCOL,
            cookies: [],
            headers: pairs(headers),
            content: Content {
                size: size(body),
                mime_type: media_type(headers),
                text: body.map(|body| body.text.clone()),
                comment: comment(body),
            },
            redirect_url: location
                .filter(|_| redirects)
                .map(|location| location.value.clone())
                .unwrap_or_default(),
            headers_size: UNKNOWN,
            body_size: if response.is_some() { size(body) } else { UNKNOWN },
        }
    }
}
