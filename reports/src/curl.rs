//! An exchange as a command that somebody can paste into a shell.

use record::{Body, Exchange, Header, REDACTED};

use crate::text;

/// What a command sends in place of a body that the run did not keep whole.
const BODY_FILE: &str = "@body.json";

/// The request as a `curl` command for a POSIX shell. Redacted credentials read `$TOKEN` in headers and
/// `$SECRET` elsewhere; a body that was cut off when it was recorded, or that holds characters that cannot be
/// pasted, is expected in `body.json`.
///
/// ```
/// let checks = record::Run::fixture().checks.ok_or("no checks")?;
/// let deletion = checks.exchange(3).map(reports::curl::line).ok_or("no exchange")?;
/// assert!(deletion.starts_with("curl -i -X DELETE 'http://127.0.0.1:8080/scim/v2/Users/42'"));
/// assert!(deletion.contains(r#"-H "authorization: Bearer $TOKEN""#));
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn line(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let mut words = vec!["curl".to_owned(), "-i".to_owned()];
    // curl reads brackets and braces as patterns, and tidies dot segments away, unless told not to.
    if request.url.contains(['[', ']', '{', '}']) {
        words.push("-g".to_owned());
    }
    if request.url.contains("/.") {
        words.push("--path-as-is".to_owned());
    }
    match (request.method.as_str(), &request.body) {
        ("GET", None) => {}
        ("HEAD", None) => words.push("-I".to_owned()),
        (method, _) => words.extend(["-X".to_owned(), argument(method, "SECRET")]),
    }
    words.push(argument(&without_controls(&request.url), "SECRET"));
    words.extend(request.headers.iter().filter(|header| !made_by_curl(header)).flat_map(header));
    if let Some(body) = &request.body {
        // Unlike --data and --data-binary, --data-raw takes a leading @ as text.
        if can_be_pasted(body) {
            words.extend(["--data-raw".to_owned(), argument(&body.text, "SECRET")]);
        } else {
            words.extend(["--data-binary".to_owned(), BODY_FILE.to_owned()]);
        }
        if !request.headers.iter().any(|header| header.name.eq_ignore_ascii_case("content-type")) {
            // An empty header keeps curl from announcing a form.
            words.extend(["-H".to_owned(), "'content-type:'".to_owned()]);
        }
    }
    words.join(" ")
}

fn made_by_curl(header: &Header) -> bool {
    ["host", "content-length", "connection", "user-agent"]
        .iter()
        .any(|name| header.name.eq_ignore_ascii_case(name))
}

fn header(Header { name, value }: &Header) -> [String; 2] {
    // curl drops a header without a value unless it ends in a semicolon.
    let text = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
    ["-H".to_owned(), argument(&without_controls(&text), "TOKEN")]
}

fn can_be_pasted(body: &Body) -> bool {
    !body.truncated && !body.text.contains(|letter| acts(letter) && !matches!(letter, '\n' | '\t'))
}

/// Whether a character would end or rewrite the line that is being pasted, or show it as another one.
fn acts(letter: char) -> bool {
    letter.is_control() || text::misleads(letter)
}

/// In a URL such characters have an encoded form; in a header there is no honest reason for them.
fn without_controls(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if acts(letter) {
            let mut bytes = [0; 4];
            for byte in letter.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(letter);
        }
    }
    out
}

/// One shell argument: nothing in it is expanded but `$variable`, which stands for each redacted secret.
fn argument(text: &str, variable: &str) -> String {
    let pieces: Vec<&str> = text.split(REDACTED).collect();
    if pieces.len() == 1 {
        return single(text);
    }
    // Double quotes read better, and are safe where nothing in the text means anything inside them.
    let plain = !text.contains(['"', '\\', '$', '`', '!']);
    let follows_name = pieces.iter().skip(1).any(|piece| {
        piece.starts_with(|letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '['))
    });
    if plain && !follows_name {
        return format!("\"{}\"", pieces.join(&format!("${variable}")));
    }
    let quoted: Vec<String> =
        pieces.iter().map(|piece| if piece.is_empty() { String::new() } else { single(piece) }).collect();
    quoted.join(&format!("\"${variable}\""))
}

/// Inside single quotes a shell takes everything as it is, save the quote itself.
fn single(text: &str) -> String {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !text.is_empty() && text.bytes().all(harmless) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
