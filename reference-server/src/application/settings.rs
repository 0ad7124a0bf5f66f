use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::store::TenantId;

/// What administrators choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Whether SCIM calls are served.
    pub(crate) provisioning: bool,
    /// Whether somebody new gets a mail.
    pub(crate) welcome_mails: bool,
}

/// What the administrators of each tenant chose.
#[derive(Debug)]
pub(crate) struct AllSettings {
    chosen: Mutex<HashMap<TenantId, Settings>>,
    at_first: Settings,
}

impl Default for AllSettings {
    fn default() -> Self {
        Self::new(true)
    }
}

impl AllSettings {
    /// Where nobody has chosen yet, mails are on, and provisioning is as it is given.
    pub(crate) fn new(provisioning: bool) -> Self {
        Self { chosen: Mutex::default(), at_first: Settings { provisioning, welcome_mails: true } }
    }

    pub(crate) fn of(&self, tenant: TenantId) -> Settings {
        let chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        chosen.get(&tenant).copied().unwrap_or(self.at_first)
    }

    /// Changes what is given and leaves the rest.
    pub(crate) fn change(
        &self,
        tenant: TenantId,
        provisioning: Option<bool>,
        welcome_mails: Option<bool>,
    ) -> Settings {
        let mut chosen = self.chosen.lock().unwrap_or_else(PoisonError::into_inner);
        let settings = chosen.entry(tenant).or_insert(self.at_first);
        settings.provisioning = provisioning.unwrap_or(settings.provisioning);
        settings.welcome_mails = welcome_mails.unwrap_or(settings.welcome_mails);
        *settings
    }
}
