//! A load, cut to what the target offers.

use protocol::urn;

use crate::description::{Action, Description};
use crate::form::Form;
use crate::offer::Known;
use crate::operation;

/// Why something is left out that somebody said is not there.
const TOLD: &str = "it is to be left alone on this target";

/// A load as a target can be given it.
pub(crate) struct Fitted {
    pub(crate) description: Description,
    /// What was left out, and why, in words.
    pub(crate) left_out: Vec<String>,
    /// The operations that there are none of for that reason.
    pub(crate) missing: Vec<&'static str>,
    /// Whether nothing is left of what was to be measured.
    pub(crate) is_empty: bool,
}

/// Leaves out what the target has no place for: groups, managers.
pub(crate) fn fit(description: &Description, form: &Form) -> Fitted {
    let mut description = description.clone();
    let mut fitted = Leaving { left_out: Vec::new(), missing: Vec::new() };
    let Known { groups, group_changes, user_changes, enterprise } = form.offer.known;
    // Of what somebody said, discovery is not the reason.
    let why = |said: bool, listed: &'static str| if said { TOLD } else { listed };
    let no_groups = groups == Some(false) || group_changes == Some(false);
    if no_groups || !form.offer.serves("/Groups") {
        let why = why(no_groups, "the target lists no groups in /ResourceTypes");
        fitted.leave(&mut description, &[Action::CreateGroups, Action::AddMembers], why);
        // Cycles find nothing to change then.
        description.population.groups = 0;
        description.population.memberships = None;
    }
    if !form.has(urn::ENTERPRISE_USER, "manager") {
        let listed = "the target lists no manager of the Enterprise extension in /Schemas";
        let why = why(enterprise == Some(false), listed);
        fitted.leave(&mut description, &[Action::SetManagers], why);
    }
    if user_changes == Some(false) {
        fitted.leave(&mut description, &[Action::SetManagers, Action::Cycles], TOLD);
    }
    let is_empty = description.steps.is_empty();
    Fitted { description, left_out: fitted.left_out, missing: fitted.missing, is_empty }
}

struct Leaving {
    left_out: Vec<String>,
    missing: Vec<&'static str>,
}

impl Leaving {
    fn leave(&mut self, description: &mut Description, actions: &[Action], why: &str) {
        let steps = description.prepare.iter().chain(&description.steps);
        let left: Vec<Action> =
            steps.map(|step| step.action).filter(|action| actions.contains(action)).collect();
        if left.is_empty() {
            return;
        }
        description.prepare.retain(|step| !actions.contains(&step.action));
        description.steps.retain(|step| !actions.contains(&step.action));
        let names: Vec<&str> = left.iter().map(|action| action.as_str()).collect();
        self.left_out.push(format!("{}: {why}", names.join(", ")));
        self.missing.extend(left.into_iter().flat_map(operations));
    }
}

/// The operations that an action alone consists of.
const fn operations(action: Action) -> &'static [&'static str] {
    match action {
        Action::CreateGroups => &[operation::FIND_GROUP, operation::CREATE_GROUP],
        Action::AddMembers => &[operation::ADD_MEMBER, operation::REMOVE_MEMBER],
        Action::SetManagers => &[operation::SET_MANAGER],
        Action::Cycles => &[operation::UPDATE_USER, operation::DISABLE_USER],
        Action::CreateUsers | Action::FindUsers | Action::ReadUsers => &[],
    }
}
