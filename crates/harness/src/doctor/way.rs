//! What keeps a request from its answer, and which option helps.

use client::{Answer, LetIn, Sent, TransportError};
use record::Weight;

use crate::doctor::chart::Told;
use crate::doctor::intake::answered;
use crate::unusable::{OLDER_TLS, speaks_older_tls, wants_certificate};

fn blocks(name: &str, said: String, advice: &str) -> Told {
    Told::new(name, Weight::Blocks, said, advice)
}

/// What a request says that got no answer.
pub(super) fn unreached(url: &str, cause: &TransportError, by_proxy: bool) -> Told {
    let said = format!("{url}: {cause}");
    match cause {
        TransportError::Connect { reason } => unconnected(said, reason, by_proxy),
        TransportError::Timeout { after } => {
            let longer = (after.as_secs() * 3).clamp(1, profiles::target::TIMEOUT_S_MAX);
            blocks("no-answer-in-time", said, "if the server is only slow, give it longer")
                .flag(format!("--timeout {longer}"))
                .setting(format!("timeout_s = {longer}"))
        }
        // By the alert that it closes with, a server may say that it wants to see a certificate.
        TransportError::Closed { reason } | TransportError::Stale { reason } if wants_certificate(reason) => {
            certificate_wanted(said)
        }
        TransportError::Closed { .. } | TransportError::Stale { .. } | TransportError::NotHttp { .. } => {
            let other = if url.starts_with("https") { "http://" } else { "https://" };
            blocks(
                "no-http",
                said,
                &format!("is this the address of a SCIM server, and is it not {other} that is spoken there?"),
            )
        }
        TransportError::TooLarge { .. } | TransportError::TooManyValues { .. } => blocks(
            "answer-without-end",
            said,
            "a description of a service is never that long; is this the base URL (the part before /Users)?",
        ),
        TransportError::NoToken { .. } => blocks(
            "no-access-token",
            said,
            "look at token_url, client_id, client_secret, scope and secret_in in [auth.oauth2]",
        ),
        TransportError::Spent { .. } => limited(said),
        _ => blocks("not-sent", said, "nothing was sent"),
    }
}

/// What is told where no more may be asked.
pub(super) fn limited(said: String) -> Told {
    blocks("limit-reached", said, "let more requests be sent").flag("--max-requests 1000")
}

fn unconnected(said: String, reason: &str, by_proxy: bool) -> Told {
    let has = |words: &[&str]| words.iter().any(|word| reason.to_lowercase().contains(word));
    if has(&["proxy auth", "407"]) {
        return proxy_wants(said);
    }
    // A certificate may be "only valid for DnsName(…)", and then the name was found.
    if has(&["dns", "lookup", "name or service"]) && !has(&["peer certificate"]) {
        let advice =
            "is the name of the host right, and can this machine look it up? Behind a proxy, the proxy can";
        return blocks("name-unknown", said, advice).flag("--proxy URL").setting("[proxy]\nurl = \"…\"");
    }
    if has(&["unknownissuer", "unknown issuer", "self-signed", "selfsigned", "certificate authority"]) {
        let advice =
            "if this is the server that is meant, name the file with the certificate of its authority";
        return blocks("authority-unknown", said, advice)
            .flag("--ca FILE")
            .setting("[tls]\nca = \"private-ca.pem\"");
    }
    if has(&["not valid for name", "notvalidforname"]) {
        let advice =
            "the certificate is of another host: use the name that it is for, or have it made out anew";
        return blocks("certificate-of-another-host", said, advice);
    }
    if has(&["expired", "notvalidyet", "not yet valid"]) {
        let advice = "the certificate has to be renewed, or a clock is wrong; no option lets that pass";
        return blocks("certificate-out-of-date", said, advice);
    }
    if wants_certificate(reason) {
        return certificate_wanted(said);
    }
    if speaks_older_tls(reason) {
        return blocks("tls-too-old", said, OLDER_TLS);
    }
    if has(&["peer certificate"]) {
        return blocks("certificate-not-trusted", said, "no option lets a certificate pass that is wrong");
    }
    if has(&["invalidcontenttype"]) {
        return blocks("no-tls", said, "the server speaks no TLS there: is it http:// that is meant?");
    }
    // Behind a proxy it may be the proxy that hangs up.
    if !by_proxy && has(&["handshake eof", "reset by peer", "broken pipe"]) {
        let advice = "the server hangs up before a secure connection stands: its log, or that of what stands before it, may say why";
        return blocks("tls-broken-off", said, advice);
    }
    let advice = match by_proxy {
        true => "is the proxy running, and are host and port of --proxy its own? Does it reach the server?",
        false => "is the server running, and are the host and the port of the URL its own?",
    };
    blocks("nobody-listens", said, advice)
}

fn certificate_wanted(said: String) -> Told {
    let advice = "the server asks who comes: name the certificate to show and its key in a target file";
    blocks("certificate-wanted", said, advice)
        .flag("--target FILE")
        .setting("[tls]\ncertificate = \"client.pem\"\nkey = \"client-key.pem\"")
}

fn proxy_wants(said: String) -> Told {
    let advice = "the proxy wants to know who asks: name the user, and where the password comes from, in a target file";
    blocks("proxy-wants-credential", said, advice)
        .flag("--target FILE")
        .setting("[proxy]\nuser = \"…\"\npassword = { env = \"PROXY_PASSWORD\" }")
}

/// What a server says that lets nobody in, or not this one.
pub(super) fn shut(sent: &Sent, answer: &Answer, shown: Option<LetIn>, is_described: bool) -> Told {
    let asks = answer.header("www-authenticate").map(|asks| format!(", and asks for {asks}"));
    let said = format!(
        "{} {}{}{}",
        sent.url,
        answered(answer, sent.json.as_deref()),
        asks.clone().unwrap_or_default(),
        if is_described { "; discovery is open, users are not" } else { "" }
    );
    let by_name = asks.is_some_and(|asks| asks.contains(" Basic"));
    match answer.status {
        407 => proxy_wants(said),
        401 if shown.is_some() => refused(said, shown),
        _ if shown.is_some() => blocks(
            "credential-without-rights",
            said,
            "the credential is known and may not list users: give it the right to provision, or take another one",
        ),
        _ if by_name => blocks(
            "credential-wanted",
            said,
            "say in a target file who asks, and where the password comes from",
        )
        .flag("--target FILE")
        .setting("[auth.basic]\nuser = \"…\"\npassword = { env = \"SCIM_PASSWORD\" }"),
        _ => blocks("credential-wanted", said, "name the variable or the file that holds the token")
            .flag("--token-env VAR")
            .setting("[auth.bearer]\ntoken = { env = \"VAR\" }"),
    }
}

/// What lets nobody in.
fn refused(said: String, shown: Option<LetIn>) -> Told {
    let name = "credential-refused";
    match shown {
        Some(LetIn::Password) => blocks(
            name,
            said,
            "are `user` and `password` in [auth.basic] of the target file those of this server and tenant?",
        )
        .setting("[auth.basic]\nuser = \"…\"\npassword = { env = \"SCIM_PASSWORD\" }"),
        Some(LetIn::Grant) => blocks(
            name,
            said,
            "the token endpoint gave a token that this server does not take: is it the endpoint of this server and tenant, and are \
             `client_id` and `scope` in [auth.oauth2] of the target file those that may provision?",
        ),
        Some(LetIn::Token) | None => blocks(
            name,
            said,
            "is the token whole, of this server and tenant, and not past its day? A new one goes the same way",
        )
        .flag("--token-env VAR")
        .setting("[auth.bearer]\ntoken = { env = \"VAR\" }"),
    }
}

/// A server that has had enough for now.
pub(super) fn put_off(url: &str, answer: &Answer) -> Told {
    let wait = answer.header("retry-after").map(|wait| format!(" and asks to wait ({wait})"));
    let said = format!("{url} answers 429{}", wait.unwrap_or_default());
    blocks("limiting", said, "try again later, and ask for less at a time")
        .flag("--rps 1")
        .setting("[limits]\nrequests_per_second = 1")
}

/// A server that speaks an older SCIM.
pub(super) fn older(url: &str) -> Told {
    blocks(
        "scim-1.1",
        format!("{url} answers in SCIM 1.1 (urn:scim:schemas:core:1.0)"),
        "scimproof judges SCIM 2.0: many servers speak it at another address, such as /v2 in place of /v1",
    )
}

/// A server that is elsewhere.
pub(super) fn redirected(url: &str, location: &str, base: Option<String>) -> Told {
    let said = format!("{url} redirects to {location}; redirects are not followed");
    let told = blocks(
        "redirects",
        said,
        "give the address itself, if that host may have the credential; a slash too many at the end leads astray too",
    );
    match base {
        Some(base) => told.flag(&base).setting(format!("url = \"{base}\"")),
        None => told,
    }
}
