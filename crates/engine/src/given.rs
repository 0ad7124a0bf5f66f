use serde_json::{Map, Value};

use crate::readings::NameMatching;
use crate::reject::Reject;

/// An object that a client sent, emptied attribute by attribute. What is left at the end is unknown to the
/// schema, and is ignored.
pub(crate) struct Given {
    entries: Vec<(String, Value)>,
    names: NameMatching,
}

impl Given {
    pub(crate) fn new(object: Map<String, Value>, names: NameMatching) -> Self {
        Self { entries: object.into_iter().collect(), names }
    }

    /// Takes the value of a name, however its letters are written. `null` is as good as absent, RFC 7643
    /// §2.5.
    pub(crate) fn take(&mut self, name: &str, path: &str) -> Result<Option<Value>, Reject> {
        let Some(found) = self.position(name) else { return Ok(None) };
        let (_, value) = self.entries.swap_remove(found);
        if self.position(name).is_some() {
            let detail = format!("{path} occurs twice under names that differ in letter case; send it once");
            return Err(Reject::syntax(detail).about(path));
        }
        Ok(Some(value).filter(|value| !value.is_null()))
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.entries.iter().position(|(key, _)| self.names.same(key, name))
    }
}
