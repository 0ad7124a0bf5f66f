//! An exchange as a command that somebody can paste into a shell.

use record::{Body, CredentialSource, Exchange, Header, REDACTED, TargetInfo};

use crate::text;

/// What a command sends in place of a body that the run did not keep whole.
const BODY_FILE: &str = "@body.json";

/// Where `scimproof serve` listens unless it is told otherwise.
pub const SERVED_AT: &str = "127.0.0.1:8080";
/// The variable that `scimproof serve` offers its token in.
pub const SERVED_TOKEN_VARIABLE: &str = "SCIMPROOF_TOKEN";

/// Stands for a credential that a check made up to be refused.
const MADE_UP: &str = "$ANOTHER_TOKEN";
/// Stands for what is secret outside of headers, such as a password.
const SECRET: &str = "$SECRET";

/// The request as a `curl` command for a POSIX shell. The run's credential is read from where the run had it;
/// other secrets read `$SECRET`, and a credential that the check made up `$ANOTHER_TOKEN`. A body that was cut off
/// when it was recorded, or that holds characters that cannot be pasted, is expected in `body.json`. The bundled
/// server is gone with its run: there, the command is for one that `scimproof serve` starts.
///
/// ```
/// let run = record::Run::fixture();
/// let checks = run.checks.ok_or("no checks")?;
/// let deletion = checks.exchange(3).map(|exchange| reports::curl::line(exchange, &run.target)).ok_or("no exchange")?;
/// assert!(deletion.starts_with("curl -i -X DELETE 'http://127.0.0.1:8080/scim/v2/Users/42'"));
/// assert!(deletion.contains(r#"-H "authorization: Bearer $TOKEN""#));
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn line(exchange: &Exchange, target: &TargetInfo) -> String {
    let request = &exchange.request;
    let url = address(&request.url, target);
    let token = if request.made_up_credential { MADE_UP.to_owned() } else { token(target) };
    let mut words = vec!["curl".to_owned(), "-i".to_owned()];
    // curl reads brackets and braces as patterns, and tidies dot segments away, unless told not to.
    if url.contains(['[', ']', '{', '}']) {
        words.push("-g".to_owned());
    }
    if url.contains("/.") {
        words.push("--path-as-is".to_owned());
    }
    match (request.method.as_str(), &request.body) {
        ("GET", None) => {}
        ("HEAD", None) => words.push("-I".to_owned()),
        (method, _) => words.extend(["-X".to_owned(), argument(&without_controls(method), SECRET)]),
    }
    words.push(argument(&without_controls(&url), SECRET));
    let headers = request.headers.iter().filter(|header| !made_by_curl(header));
    words.extend(headers.flat_map(|sent| header(sent, &token)));
    if let Some(body) = &request.body {
        // Unlike --data and --data-binary, --data-raw takes a leading @ as text.
        if can_be_pasted(body) {
            words.extend(["--data-raw".to_owned(), argument(&body.text, SECRET)]);
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

/// What a shell reads as the run's credential.
fn token(target: &TargetInfo) -> String {
    match &target.credential {
        _ if target.bundled => format!("${SERVED_TOKEN_VARIABLE}"),
        Some(CredentialSource::Variable { name }) if is_identifier(name) => format!("${name}"),
        Some(CredentialSource::File { path }) => format!("$(head -n 1 {})", word(path)),
        // The system allows names of variables that shells do not even pass on.
        Some(CredentialSource::Variable { .. }) | None => "$TOKEN".to_owned(),
    }
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Where to send the request now.
fn address(url: &str, target: &TargetInfo) -> String {
    let origin = |url: &str| {
        let host = url.find("://")? + "://".len();
        Some(url.get(host..)?.find('/').map_or(url.len(), |end| host + end))
    };
    let path = origin(&target.url)
        .filter(|_| target.bundled)
        .and_then(|end| url.strip_prefix(target.url.get(..end)?))
        .filter(|path| path.starts_with('/'));
    path.map_or_else(|| url.to_owned(), |path| format!("http://{SERVED_AT}{path}"))
}

fn header(Header { name, value }: &Header, token: &str) -> [String; 2] {
    // curl drops a header without a value unless it ends in a semicolon.
    let text = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
    ["-H".to_owned(), argument(&without_controls(&text), token)]
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

/// One shell argument: nothing in it is expanded but this expression, which stands for each redacted secret.
fn argument(text: &str, expression: &str) -> String {
    let pieces: Vec<&str> = text.split(REDACTED).collect();
    if pieces.len() == 1 {
        return single(text);
    }
    // Double quotes read better, and are safe where nothing in the text means anything inside them.
    let plain = !text.contains(['"', '\\', '$', '`', '!']);
    let follows_name = !expression.ends_with(')')
        && pieces.iter().skip(1).any(|piece| {
            piece.starts_with(|letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '['))
        });
    if plain && !follows_name {
        return format!("\"{}\"", pieces.join(expression));
    }
    let quoted: Vec<String> =
        pieces.iter().map(|piece| if piece.is_empty() { String::new() } else { single(piece) }).collect();
    quoted.join(&format!("\"{expression}\""))
}

/// A text as one word of a command line for a POSIX shell.
#[must_use]
pub fn word(text: &str) -> String {
    let text = text::line(text);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:,@%+".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) { text } else { single(&text) }
}

/// Inside single quotes a shell takes everything as it is, save the quote itself.
fn single(text: &str) -> String {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if !text.is_empty() && text.bytes().all(harmless) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
