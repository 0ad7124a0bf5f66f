use protocol::{AttrPath, PatchPath, PatchVerb, urn};
use serde_json::{Map, Value};

use crate::filter::parse_patch_path;
use crate::patch::Edit;
use crate::readings::{RemoveValue, UnknownTarget, VerbMatching};
use crate::reject::Reject;
use crate::rules::Rules;

impl Rules {
    /// Reads the body of a PATCH request.
    ///
    /// # Errors
    /// 400 invalidSyntax for a body that is no PatchOp message, invalidPath for a malformed path, noTarget for
    /// a `remove` without path (RFC 7644 §3.5.2.2), invalidValue for an `add` or `replace` without value; 413
    /// for more operations than the limits allow.
    pub fn edits(&self, body: Map<String, Value>) -> Result<Vec<Edit>, Reject> {
        let mut body = Members(body);
        self.expect_patch_op(body.take("schemas")?.as_ref())?;
        let Some(Value::Array(operations)) = body.take("Operations")? else {
            return Err(Reject::syntax("Operations is missing or no array; send an array of operations"));
        };
        if operations.is_empty() {
            return Err(Reject::syntax("Operations is empty; send one operation at least"));
        }
        let most = self.limits.patch_operations;
        if operations.len() > most {
            return Err(Reject::new(413, format!("there are too many operations; send {most} at most")));
        }
        operations.into_iter().map(|operation| self.edit(operation)).collect()
    }

    fn expect_patch_op(&self, schemas: Option<&Value>) -> Result<(), Reject> {
        let uris = schemas.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        if uris.into_iter().any(|uri| uri.eq_ignore_ascii_case(urn::PATCH_OP)) {
            return Ok(());
        }
        Err(Reject::syntax(format!("schemas has to be an array that holds {}", urn::PATCH_OP))
            .about("schemas"))
    }

    fn edit(&self, operation: Value) -> Result<Edit, Reject> {
        let Value::Object(operation) = operation else {
            return Err(Reject::syntax("an operation is no object; send objects with op, path and value"));
        };
        let mut operation = Members(operation);
        let verb = operation.take("op")?;
        let verb = verb.as_ref().and_then(Value::as_str).and_then(|word| self.verb(word));
        let verb = verb.ok_or_else(|| {
            Reject::syntax("op is missing or unknown; send add, remove or replace").about("op")
        })?;
        let path = match operation.take("path")? {
            None | Some(Value::Null) => None,
            Some(Value::String(path)) => Some(self.path(&path)?),
            Some(_) => return Err(Reject::path("path is no text; send a string")),
        };
        let value = operation.take("value")?;
        match (verb, &path, &value) {
            (PatchVerb::Remove, None, _) => {
                Err(Reject::no_target("remove needs a path; name the attribute to remove"))
            }
            (PatchVerb::Add | PatchVerb::Replace, _, None) => {
                Err(Reject::value("value", &format!("is missing; {verb} needs one")))
            }
            (PatchVerb::Remove, _, Some(value))
                if !value.is_null() && self.readings.patch.remove_value == RemoveValue::Refused =>
            {
                Err(Reject::value("value", "does not go with remove; say by a filter in path what is to go"))
            }
            _ => Ok(Edit { verb, path, value }),
        }
    }

    /// A path. With a blank beside it a name is another one, which nothing has: where a body may hold such a name (it is
    /// ignored there), a PATCH may name it too.
    fn path(&self, text: &str) -> Result<PatchPath, Reject> {
        let misread = match parse_patch_path(text, &self.limits) {
            Ok(path) => return Ok(path),
            Err(misread) => misread,
        };
        let (urn, name) = text.rsplit_once(':').map_or((None, text), |(urn, name)| (Some(urn), name));
        let trimmed = name.trim();
        let is_name =
            |word: &str| parse_patch_path(word, &self.limits).is_ok_and(|path| path.filter.is_none());
        let whole = urn.map_or_else(|| trimmed.to_owned(), |urn| format!("{urn}:{trimmed}"));
        if self.readings.patch.unknown == UnknownTarget::Ignored && trimmed != name && is_name(&whole) {
            let attribute = AttrPath { urn: urn.map(str::to_owned), name: name.to_owned(), sub: None };
            return Ok(attribute.into());
        }
        Err(misread)
    }

    fn verb(&self, word: &str) -> Option<PatchVerb> {
        PatchVerb::ALL.into_iter().find(|verb| match self.readings.patch.verbs {
            VerbMatching::AnyCase => verb.as_str().eq_ignore_ascii_case(word),
            VerbMatching::Exact => verb.as_str() == word,
        })
    }
}

/// The members of a message, whose names match in any letter case. Unlike in a resource, null is not absent.
struct Members(Map<String, Value>);

impl Members {
    fn take(&mut self, name: &str) -> Result<Option<Value>, Reject> {
        let mut keys = self.0.keys().filter(|key| key.eq_ignore_ascii_case(name));
        let Some(key) = keys.next().cloned() else { return Ok(None) };
        if keys.next().is_some() {
            let detail = format!("{name} occurs twice under names that differ in letter case; send it once");
            return Err(Reject::syntax(detail).about(name));
        }
        Ok(self.0.remove(&key))
    }
}
