//! A load, cut to what the target offers.

use protocol::urn;

use crate::description::{Action, Description};
use crate::form::Form;
use crate::operation;

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
    if !form.offer.serves("/Groups") {
        fitted.leave(
            &mut description,
            &[Action::CreateGroups, Action::AddMembers],
            "the target lists no groups in /ResourceTypes",
        );
        // Cycles find nothing to change then.
        description.population.groups = 0;
        description.population.memberships = None;
    }
    if !form.has(urn::ENTERPRISE_USER, "manager") {
        fitted.leave(
            &mut description,
            &[Action::SetManagers],
            "the target lists no manager of the Enterprise extension in /Schemas",
        );
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
        Action::CreateUsers | Action::FindUsers | Action::ReadUsers | Action::Cycles => &[],
    }
}
