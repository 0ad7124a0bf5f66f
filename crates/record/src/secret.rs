use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// A credential. It cannot be printed, logged or serialised; only the code that puts it on the wire asks for
/// its text.
///
/// ```
/// let token = record::Secret::new("s3cr3t".to_owned());
/// assert_eq!(format!("{token:?}"), "<secret>");
/// assert_eq!(token.expose(), "s3cr3t");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Wraps a credential.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// The text itself, for the wire and for the [`Redactor`](crate::Redactor) alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}
