//! What the application behind the endpoints keeps for itself: nothing here is part of a resource.

mod departed;
mod managers;
mod outbox;
mod plan;
mod settings;

use crate::store::TenantId;

pub(crate) use departed::Departed;
pub(crate) use managers::{Bond, Managers, People, Person};
pub(crate) use outbox::{Mail, Outbox};
pub(crate) use plan::{Change, Effect, Plan};
pub(crate) use settings::AllSettings;

/// An application's own memory.
#[derive(Debug, Default)]
pub(crate) struct Application {
    /// What it does, by its profile.
    pub(crate) plan: Plan,
    /// Whom it knew.
    pub(crate) departed: Departed,
    /// Who reports to whom.
    pub(crate) managers: Managers,
    /// What it would have sent.
    pub(crate) outbox: Outbox,
    /// What its administrators chose.
    pub(crate) settings: AllSettings,
}

impl Application {
    /// Does what follows from a commit. No lock of the store is held meanwhile; every effect looks at what is there
    /// now, so that effects of commits that overtake each other still end in one state.
    pub(crate) fn bring_about(&self, tenant: TenantId, effect: Effect, at_ms: i64, people: &dyn People) {
        match effect {
            Effect::Relink(user) => self.managers.relink(tenant, user, people),
            Effect::Welcome { user, to } => {
                if self.settings.of(tenant).welcome_mails {
                    self.outbox.put(tenant, Mail { user, to, at_ms });
                }
            }
        }
    }
}
