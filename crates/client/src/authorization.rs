//! What a request shows to be let in.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::HeaderValue;
use record::Secret;

use crate::error::TransportError;
use crate::oauth::Tokens;

/// What lets a run in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetIn {
    /// A bearer token (RFC 6750).
    Token,
    /// A user name and a password (RFC 7617).
    Password,
    /// A bearer token that is asked for (RFC 6749).
    Grant,
}

/// What the requests to a target show to be let in.
#[derive(Clone, Debug)]
pub(crate) enum Authorization {
    /// Nothing.
    None,
    /// Always the same value of the header, made of a token.
    Token(Secret),
    /// Always the same value of the header, made of a user name and a password.
    Password(Secret),
    /// A token that is asked for.
    Granted(Tokens),
}

impl Authorization {
    pub(crate) fn bearer(token: &Secret) -> Self {
        Self::Token(bearer(token))
    }

    /// The value, and what of it stands for both the user and the password.
    pub(crate) fn basic(user: &str, password: &Secret) -> (Self, Secret) {
        let shown = BASE64_STANDARD.encode(format!("{user}:{}", password.expose()));
        (Self::Password(Secret::new(format!("Basic {shown}"))), Secret::new(shown))
    }

    /// What it is.
    pub(crate) fn kind(&self) -> Option<LetIn> {
        match self {
            Self::None => None,
            Self::Token(_) => Some(LetIn::Token),
            Self::Password(_) => Some(LetIn::Password),
            Self::Granted(_) => Some(LetIn::Grant),
        }
    }

    /// The value that a request carries now.
    pub(crate) fn now(&self) -> Option<Secret> {
        match self {
            Self::None => None,
            Self::Token(value) | Self::Password(value) => Some(value.clone()),
            Self::Granted(tokens) => tokens.last().as_ref().map(bearer),
        }
    }
}

/// The value of the header for a token.
pub(crate) fn bearer(token: &Secret) -> Secret {
    Secret::new(format!("Bearer {}", token.expose()))
}

/// The value as it goes out. It stays out of the error, too.
pub(crate) fn header(value: &Secret) -> Result<HeaderValue, TransportError> {
    let mut header = HeaderValue::from_str(value.expose()).map_err(|_| TransportError::Unsendable {
        reason: "the value of its header authorization holds control characters".to_owned(),
    })?;
    header.set_sensitive(true);
    Ok(header)
}
