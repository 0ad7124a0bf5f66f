use bytes::Bytes;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

/// A whole request, with the part that says where the server is taken off.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    /// The base URL as the client sees it, without a trailing slash.
    pub(crate) base: String,
    /// The path below the base, still encoded: empty, or with a leading slash.
    pub(crate) path: String,
    /// The query, still encoded, without its question mark.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A whole answer.
pub(crate) type Reply = http::Response<Bytes>;

impl Ask {
    /// The request that it came from, as it is now.
    pub(crate) fn into_request(self) -> Result<http::Request<Bytes>, http::Error> {
        let Self { method, base, path, query, headers, body } = self;
        let mark = if query.is_empty() { "" } else { "?" };
        let mut request =
            http::Request::builder().method(method).uri(format!("{base}{path}{mark}{query}")).body(body)?;
        *request.headers_mut() = headers;
        Ok(request)
    }

    /// The segments of the path, decoded.
    pub(crate) fn segments(&self) -> Vec<String> {
        let path = self.path.strip_prefix('/').unwrap_or(&self.path);
        path.split('/').map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect()
    }

    /// The first parameter of this name, decoded. The names of parameters are letter by letter.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        self.parameters().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// All parameters in order, decoded.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (String, String)> {
        self.query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
    }
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}
