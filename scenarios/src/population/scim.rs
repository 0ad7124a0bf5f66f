//! Users and groups as SCIM resources (RFC 7643 §4), for loads that need no mapping.

use protocol::urn;
use serde_json::{Value, json};

use super::{Group, Person};

impl Person {
    /// The body that creates this user. The manager is left out: only the target knows their id.
    #[must_use]
    pub fn scim(&self) -> Value {
        let mut name = json!({ "formatted": self.display_name, "givenName": self.given_name });
        if let (Some(surname), Some(name)) = (&self.surname, name.as_object_mut()) {
            name.insert("familyName".to_owned(), surname.as_str().into());
        }
        json!({
            "schemas": [urn::USER, urn::ENTERPRISE_USER],
            "userName": self.user_principal_name,
            "externalId": self.object_id,
            "displayName": self.display_name,
            "name": name,
            "emails": [{ "value": self.mail, "type": "work", "primary": true }],
            "phoneNumbers": [{ "value": self.telephone_number, "type": "work" }],
            "addresses": [{ "type": "work", "locality": self.city, "country": self.usage_location }],
            "title": self.job_title,
            "preferredLanguage": self.preferred_language,
            "active": self.account_enabled,
            (urn::ENTERPRISE_USER): { "employeeNumber": self.employee_id, "department": self.department },
        })
    }
}

impl Group {
    /// The body that creates this group, without members: they come afterwards.
    #[must_use]
    pub fn scim(&self) -> Value {
        json!({
            "schemas": [urn::GROUP],
            "displayName": self.display_name,
            "externalId": self.object_id,
        })
    }
}
