//! What follows from a commit: the application learns of it.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::application::{Change, People, Person};
use crate::directory::{Directory, canonical};
use crate::store::Record;

const USER: &str = "User";

impl Directory<'_> {
    /// Lets the application do what follows from a commit.
    pub(super) fn after_commit(&self, resource_type: &str, id: Uuid, change: Change<'_>) {
        for effect in self.application.plan.after_commit(resource_type, id, change) {
            self.application.bring_about(self.tenant, effect, self.clock.unix_ms(), self);
        }
    }

    fn user(&self, id: Uuid) -> Option<Record> {
        self.store.get(self.tenant, id).filter(|record| *record.resource_type == *USER)
    }

    /// Those who have this text as their externalId, those who have it as an e-mail, and whoever has it as his
    /// userName and no e-mail: the latter is where mail reaches him.
    fn found_by(&self, name: &str) -> Vec<Uuid> {
        let Some(user) = self.rules.resource_type(USER) else { return Vec::new() };
        let mut found = Vec::new();
        for wanted in [json!({ "externalId": name }), json!({ "emails": [{ "value": name }] })] {
            let Value::Object(wanted) = wanted else { continue };
            for key in self.rules.index_keys(user, &wanted) {
                found.extend(self.store.indexed(self.tenant, &key).iter().map(|record| record.id));
            }
        }
        for key in self.rules.unique_keys(user, &Map::from_iter([("userName".to_owned(), name.into())])) {
            let holder = self.store.holder(self.tenant, &key).and_then(|id| self.user(id));
            found.extend(holder.filter(|record| emails(&record.object()).is_empty()).map(|record| record.id));
        }
        found
    }
}

impl People for Directory<'_> {
    fn person(&self, id: Uuid) -> Option<Person> {
        let body = self.user(id)?.object();
        let path = self.application.plan.manager.as_ref()?;
        let mut answers_to = vec![id.to_string()];
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        answers_to.extend(text("externalId"));
        let emails = emails(&body);
        answers_to.extend(text("userName").filter(|_| emails.is_empty()));
        answers_to.extend(emails);
        Some(Person { names: path.first(&body), answers_to })
    }

    fn answering(&self, name: &str, given_by: Uuid) -> Option<Uuid> {
        let by_id = || canonical(name).and_then(|id| self.user(id)).map(|record| record.id);
        self.found_by(name)
            .into_iter()
            .find(|id| *id != given_by)
            .or_else(|| by_id().filter(|id| *id != given_by))
    }
}

fn emails(body: &Map<String, Value>) -> Vec<String> {
    let emails = body.get("emails").and_then(Value::as_array).into_iter().flatten();
    emails.filter_map(|email| email.get("value")?.as_str().map(str::to_owned)).collect()
}
