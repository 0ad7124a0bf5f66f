//! The way to a server, and what it wants to see, from all that was said of it.

use std::fmt::Display;
use std::path::Path;

use client::{ClientProof, Grant, Limits, Others, Proxy, Route, Socket, Target};
use profiles::target::{Auth, Http, SecretIn, SecretSource};
use record::{CredentialSource, Secret};

use crate::args::TokenOptions;
use crate::credential;
use crate::failure::Failure;
use crate::target::{BESIDE, TargetOptions, TargetText, Value};

/// A server that is not the bundled one, and the way to it.
#[derive(Clone)]
pub(crate) struct Reached {
    pub(crate) target: Target,
    pub(crate) socket: Socket,
    /// Where its credential came from.
    pub(crate) credential: Option<CredentialSource>,
}

impl Reached {
    /// The server at a URL. Nothing is sent yet.
    pub(crate) fn open(url: &str, token: &TokenOptions, options: &TargetOptions) -> Result<Self, Failure> {
        let said = options.said.as_deref();
        let target = at(url, options)?;
        keeps_home(&target, token, options)?;
        let target = with_headers(target, options)?.limited(Limits {
            per_second: options.rps,
            total: options.max_requests,
            at_a_time: said.and_then(|said| said.file.limits.concurrency),
        });
        let target = match said {
            Some(said) => target.with_others(others(said)?),
            None => target,
        };
        let (target, credential) = let_in(target, token, said)?;
        let (route, proxy) = route(url, options)?;
        let target = proxy.iter().flat_map(Proxy::secrets).fold(target, Target::concealing);
        Ok(Self { target, socket: Socket::over(route), credential })
    }
}

/// The server at a URL, without anything else that is known of it.
pub(crate) fn at(url: &str, options: &TargetOptions) -> Result<Target, Failure> {
    Target::new(url).map_err(|error| match options.names_server(url) {
        Some(said) => said.wrong(&["url"], error.to_string(), "the part of the address before /Users"),
        None => Failure::usage(error),
    })
}

/// The secrets of a target file are for the server that it names. Whoever types another URL, or has a file in the environment that
/// was forgotten there, does not mean to send them elsewhere.
fn keeps_home(target: &Target, token: &TokenOptions, options: &TargetOptions) -> Result<(), Failure> {
    let Some(said) = options.said.as_deref() else { return Ok(()) };
    let home = said.file.url.as_deref().and_then(|url| Target::new(url).ok());
    let Some(home) = home.filter(|home| !home.is_beside(target)) else { return Ok(()) };
    let is_let_in = said.file.auth.is_some() && token.token_env.is_none() && token.token_file.is_none();
    let given = &said.file.credentials;
    let has_others =
        [&given.expired, &given.read_only, &given.second_tenant].into_iter().any(Option::is_some);
    let mut secrets = Vec::new();
    secrets.extend(is_let_in.then(|| "[auth]".to_owned()));
    secrets.extend(has_others.then(|| "[credentials]".to_owned()));
    let headers = options.headers()?;
    let headers = headers.iter().filter(|(_, value)| matches!(value, Value::Secret(_)));
    secrets.extend(headers.map(|(name, _)| format!("the header {name}")));
    if secrets.is_empty() {
        return Ok(());
    }
    let message = format!(
        "the secrets of this file ({}) are for {}, and the server to be reached is {}; nothing was sent",
        secrets.join(", "),
        home.base(),
        target.base()
    );
    let hint = "leave the file out (--target, SCIMPROOF_TARGET), or give one that is for that server; --token-env and \
                --token-file stand in place of [auth]";
    Err(said.wrong(&["url"], message, hint))
}

fn with_headers(mut target: Target, options: &TargetOptions) -> Result<Target, Failure> {
    for (name, value) in options.headers()? {
        target = match (value, options.said.as_deref()) {
            (Value::Plain(text), _) => target.header(&name, &text).map_err(Failure::usage)?,
            (Value::Secret(source), Some(said)) => {
                let keys = ["headers", name.as_str()];
                let secret = Secret::new(said.secret(source, &keys)?);
                target.secret_header(&name, secret).map_err(|error| {
                    said.wrong(&keys, error.to_string(), "the first line of what is there is its value")
                })?
            }
            (Value::Secret(_), None) => target,
        };
    }
    Ok(target)
}

/// The tokens that checks show in place of the usual one.
fn others(said: &TargetText) -> Result<Others, Failure> {
    let token = |source: &Option<SecretSource>, key| {
        source.as_ref().map(|source| said.token(source, &["credentials", key])).transpose()
    };
    let given = &said.file.credentials;
    Ok(Others {
        expired: token(&given.expired, "expired")?,
        read_only: token(&given.read_only, "read_only")?,
        second_tenant: token(&given.second_tenant, "second_tenant")?,
    })
}

/// The target with what it wants to see, and where that comes from. What the command line says goes before the file.
fn let_in(
    target: Target,
    token: &TokenOptions,
    said: Option<&TargetText>,
) -> Result<(Target, Option<CredentialSource>), Failure> {
    if let Some(given) = credential::token(token)? {
        return Ok((target.bearer(given), credential::source(token)));
    }
    let Some((said, auth)) = said.and_then(|said| Some((said, said.file.auth.as_ref()?))) else {
        return Ok((target, None));
    };
    let Auth { bearer, basic, oauth2 } = auth;
    if let Some(bearer) = bearer {
        let token = said.token(&bearer.token, &["auth", "bearer", "token"])?;
        let source = credential::source_of(&bearer.token, |path| said.beside(path));
        return Ok((target.bearer(token), source));
    }
    if let Some(basic) = basic {
        let password = said.secret(&basic.password, &["auth", "basic", "password"])?;
        return Ok((target.basic(&basic.user, Secret::new(password)), None));
    }
    let Some(asked) = oauth2 else { return Ok((target, None)) };
    let secret = said.secret(&asked.client_secret, &["auth", "oauth2", "client_secret"])?;
    let grant = Grant::new(&asked.token_url, &asked.client_id, Secret::new(secret)).map_err(|error| {
        said.wrong(
            &["auth", "oauth2", "token_url"],
            error.to_string(),
            "the address that gives access tokens",
        )
    })?;
    let grant = grant.proven_by(match asked.secret_in {
        SecretIn::Header => ClientProof::Basic,
        SecretIn::Body => ClientProof::Body,
    });
    let grant = match &asked.scope {
        Some(scope) => grant.scope(scope),
        None => grant,
    };
    Ok((target.granted(grant), None))
}

/// A complaint about a file, at the place where a target file names it, if one does.
fn wrong_file(
    said: Option<&TargetText>,
    keys: &[&str],
    path: &Path,
    error: &dyn Display,
    hint: &str,
) -> Failure {
    let message = format!("{}: {error}", path.display());
    match said {
        Some(said) => said.wrong(keys, message, hint),
        None => Failure::usage(message),
    }
}

const BY_NAME: &str = "`proxy.user` and `proxy.password` say who asks, where it wants to know";

/// What to do about a server of HTTP/2 without TLS: few are there, and none can be told from one that takes no such requests.
const BY_TLS: &str = "give a URL that begins with https:, or leave `http` out to speak HTTP/1.1";

/// The way to a server at this URL, and the proxy on it.
fn route(url: &str, options: &TargetOptions) -> Result<(Route, Option<Proxy>), Failure> {
    let mut route = Route::default();
    if let Some(ca) = &options.ca {
        let said = options.names_ca(ca);
        let cannot = |error: &dyn Display, hint| wrong_file(said, &["tls", "ca"], ca, error, hint);
        let pem = std::fs::read(ca).map_err(|error| cannot(&error, BESIDE))?;
        let signs = "the certificate of the authority that signed the server's own, as PEM";
        route = route.trusting(&pem).map_err(|error| cannot(&error, signs))?;
    }
    let said = options.said.as_deref();
    if let Some((said, file)) = said.map(|said| (said, &said.file)) {
        if let (Some(certificate), Some(key)) = (&file.tls.certificate, &file.tls.key) {
            let read = |path: &Path, key| {
                let path = said.beside(path);
                let cannot = |error| wrong_file(Some(said), &["tls", key], &path, &error, BESIDE);
                std::fs::read(&path).map_err(cannot)
            };
            let (chain, key) = (read(certificate, "certificate")?, read(key, "key")?);
            let wrong = |error: client::RouteError| {
                said.wrong(
                    &["tls", "certificate"],
                    error.to_string(),
                    "`certificate` and `key` name files of PEM",
                )
            };
            route = route.presenting(&chain, &key).map_err(wrong)?;
        }
        if file.http == Http::Two {
            if !url.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:")) {
                return Err(said.wrong(
                    &["http"],
                    "HTTP/2 is spoken over TLS alone, and the URL begins with http:",
                    BY_TLS,
                ));
            }
            route = route.by_http2();
        }
    }
    let Some(url) = &options.proxy else { return Ok((route, None)) };
    let proxy = Proxy::new(url).map_err(|error| match options.names_proxy(url) {
        Some(said) => said.wrong(&["proxy", "url"], error.to_string(), BY_NAME),
        None => Failure::usage(error),
    })?;
    let known = said.and_then(|said| Some((said, said.file.proxy.as_ref()?)));
    let proxy =
        match known.and_then(|(said, proxy)| Some((said, proxy.user.as_ref()?, proxy.password.as_ref()?))) {
            Some((said, user, password)) => {
                proxy.basic(user, Secret::new(said.secret(password, &["proxy", "password"])?))
            }
            None => proxy,
        };
    Ok((route.through(proxy.clone()), Some(proxy)))
}
