//! Where secrets come from: never from the file itself, which others read and repositories keep.

use std::fmt;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

/// What to write in place of a secret. It never repeats what stands there.
pub(crate) const LITERAL: &str = "a secret stands in the file";
/// How to write it.
pub(crate) const INSTEAD: &str = "write { env = \"VARIABLE\" }, { file = \"PATH\" } or { command = [\"PROGRAM\", \"ARGUMENT\"] }: a secret \
                                  comes from the environment, a file or a command";

/// Where a secret comes from: one of these.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum SecretSource {
    /// The environment variable of this name.
    Env(String),
    /// The first line of the file at this path, from the folder of the file that names it.
    File(PathBuf),
    /// The first line that a command prints: the program and its arguments. No shell reads them.
    Command(#[schemars(length(min = 1))] Vec<String>),
}

/// What a header holds.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(untagged)]
pub enum HeaderText {
    /// A text that anybody may read.
    Plain(String),
    /// A secret.
    Secret(SecretSource),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    env: Option<String>,
    file: Option<PathBuf>,
    command: Option<Vec<String>>,
}

impl Form {
    fn source<E: Error>(self) -> Result<SecretSource, E> {
        match (self.env, self.file, self.command) {
            (Some(variable), None, None) => Ok(SecretSource::Env(variable)),
            (None, Some(path), None) => Ok(SecretSource::File(path)),
            (None, None, Some(words)) if words.is_empty() => {
                Err(E::custom("invalid value: no program, expected one and its arguments"))
            }
            (None, None, Some(words)) => Ok(SecretSource::Command(words)),
            _ => Err(E::custom("invalid value: a secret comes from just one of `env`, `file` and `command`")),
        }
    }
}

struct Source;

impl<'de> Visitor<'de> for Source {
    type Value = SecretSource;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table that says where the secret comes from")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<SecretSource, E> {
        Err(E::custom(LITERAL))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<SecretSource, E> {
        Err(E::custom(LITERAL))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SecretSource, A::Error> {
        Form::deserialize(MapAccessDeserializer::new(map))?.source()
    }
}

impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Source)
    }
}

struct Text;

impl<'de> Visitor<'de> for Text {
    type Value = HeaderText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or a table that says where a secret comes from")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<HeaderText, E> {
        let printable = text.bytes().all(|byte| byte == b'\t' || (b' '..0x7f).contains(&byte));
        // The text itself stays out of the message: it may be a secret.
        let wrong = || E::invalid_value(Unexpected::Other("a text with other characters"), &"visible ASCII");
        if printable { Ok(HeaderText::Plain(text.to_owned())) } else { Err(wrong()) }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<HeaderText, A::Error> {
        Source.visit_map(map).map(HeaderText::Secret)
    }
}

impl<'de> Deserialize<'de> for HeaderText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Text)
    }
}
