use std::borrow::Cow;

/// What an expression reads, and what it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A text; `True` and `False` are the booleans.
    Text(String),
    /// Several texts. Where one is wanted, the first counts.
    List(Vec<String>),
}

impl Value {
    /// A boolean of the language.
    #[must_use]
    pub fn boolean(value: bool) -> Self {
        Self::from(if value { "True" } else { "False" })
    }

    /// The text, or the first of several.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Null => None,
            Self::Text(text) => Some(text),
            Self::List(values) => values.first().map(String::as_str),
        }
    }

    /// Whether there is anything in it: neither null nor an empty text or list.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.text().is_some_and(|text| !text.is_empty())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Cow<'_, str>> for Value {
    fn from(text: Cow<'_, str>) -> Self {
        Self::Text(text.into_owned())
    }
}

/// The object that an expression reads its attributes from.
pub trait View {
    /// The value of an attribute; null where there is none.
    fn attribute(&self, name: &str) -> Value;
}

impl<F: Fn(&str) -> Value> View for F {
    fn attribute(&self, name: &str) -> Value {
        self(name)
    }
}
