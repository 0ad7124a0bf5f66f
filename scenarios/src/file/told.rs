//! What is done in a step, in words for somebody who has not read the file.

use crate::file::action::{Action, Disturbance, DisturbanceKind, Restart};
use crate::file::stage::Stage;
use crate::mapping::Origin;

/// What stands in the place of a value that the application never shows.
const HIDDEN: &str = "(not shown)";

impl Stage {
    /// An action in words. Tell it before it is done: afterwards people may have another name.
    #[must_use]
    pub fn told(&self, action: &Action) -> String {
        let name = |key: &str| self.called(key);
        match action {
            Action::Add(key) => self.arrival(key),
            Action::Set { of, attributes } => {
                let changes = attributes.iter().map(|(attribute, value)| self.change(of, attribute, value));
                format!("{}: {}", name(of), changes.collect::<Vec<_>>().join(", "))
            }
            Action::Manager { of, is: Some(manager) } => format!("{} reports to {}", name(of), name(manager)),
            Action::Manager { of, is: None } => format!("{} reports to nobody", name(of)),
            Action::Assign(key) => format!("{} is assigned to the application", name(key)),
            Action::AssignDefaultAccess(key) => {
                format!("{} is assigned to the application with the role Default Access", name(key))
            }
            Action::Unassign(key) => format!("the assignment of {} is taken back", name(key)),
            Action::Join { group, who } => format!("{} comes into the group {}", name(who), name(group)),
            Action::Leave { group, who } => format!("{} leaves the group {}", name(who), name(group)),
            Action::Enable(key) => format!("the account of {} is enabled", name(key)),
            Action::Disable(key) => format!("the account of {} is disabled", name(key)),
            Action::SoftDelete(key) => format!("{} is deleted, into the directory's bin", name(key)),
            Action::Restore(key) => format!("{} is restored from the bin", name(key)),
            Action::HardDelete(key) => format!("{} is deleted for good", name(key)),
            Action::DeleteGroup(key) => format!("the group {} is deleted", name(key)),
            Action::Lose(key) => format!("an administrator of the target deletes {} there", name(key)),
            Action::Advance { days, hours, minutes } => passes(*days, *hours, *minutes),
            Action::Break(disturbance) => broken(disturbance),
            Action::Mend => "nothing comes between the client and the target any more".to_owned(),
            Action::RevokeToken => "the token is revoked at the target".to_owned(),
            Action::NewToken => "a new token is made at the target, pasted, tested and saved".to_owned(),
            Action::Retarget { target, to } if target == to => {
                format!("the mapping has {target} again; that restarts the job")
            }
            Action::Retarget { target, to } => {
                format!("the mapping has {to} in the place of {target}; that restarts the job")
            }
            Action::MapGroups(true) => {
                "the mapping of groups is switched on; that restarts the job".to_owned()
            }
            Action::MapGroups(false) => {
                "the mapping of groups is switched off; that restarts the job".to_owned()
            }
            Action::Restart(Restart::Portal) => "the job is restarted by the portal's button".to_owned(),
            Action::Restart(Restart::Full) => {
                "the job is restarted in full: all links are forgotten".to_owned()
            }
        }
    }

    /// What people call somebody with a key.
    #[must_use]
    pub fn called(&self, key: &str) -> String {
        let known = self.object_id(key).and_then(|id| self.directory().name(id).ok()).map(str::to_owned);
        known.or_else(|| self.declared(key)).unwrap_or_else(|| key.to_owned())
    }

    /// The name of somebody who is not in the directory yet.
    fn declared(&self, key: &str) -> Option<String> {
        let people = self.scenario.people.iter().map(|person| (&person.key, &person.attributes));
        let groups = self.scenario.groups.iter().map(|group| (&group.key, &group.attributes));
        let (_, attributes) = people.chain(groups).find(|(known, _)| *known == key)?;
        attributes.get("displayName").or_else(|| attributes.get("userPrincipalName")).cloned()
    }

    fn arrival(&self, key: &str) -> String {
        let person = self.scenario.people.iter().find(|person| person.key == key);
        let manager = person.and_then(|person| person.manager.as_ref());
        let groups = self.scenario.groups.iter().any(|group| group.key == key && group.assigned);
        let mut told = format!("{} comes into the directory", self.called(key));
        if let Some(manager) = manager {
            told.push_str(&format!(", reporting to {}", self.called(manager)));
        }
        if person.is_some_and(|person| person.assigned) || groups {
            told.push_str(", and is assigned to the application");
        }
        told
    }

    fn change(&self, of: &str, attribute: &str, new: &str) -> String {
        let view = self.object_id(of).and_then(|id| self.directory().view(id).ok());
        let old = view.map(|view| crate::expression::View::attribute(&view, attribute));
        let old = old.as_ref().and_then(|value| value.text()).filter(|text| !text.is_empty());
        let hidden = self.is_hidden(attribute);
        let shown = |value: &str| if hidden { HIDDEN.to_owned() } else { value.to_owned() };
        let old = old.map_or_else(|| "nothing".to_owned(), &shown);
        let new = if new.is_empty() { "nothing".to_owned() } else { shown(new) };
        format!("{attribute} {old} -> {new}")
    }

    /// Whether an attribute of the directory becomes one that the application never shows to anybody.
    fn is_hidden(&self, attribute: &str) -> bool {
        let secrets = self.scenario.profile.secrets();
        let is_secret = |target: &str| {
            let name = target.rsplit([':', '.']).next().unwrap_or(target);
            name.eq_ignore_ascii_case("password") || secrets.iter().any(|one| one.eq_ignore_ascii_case(name))
        };
        let rows = self.scenario.mapping.users.iter().chain(&self.scenario.mapping.groups);
        rows.filter(|row| is_secret(&row.target)).any(|row| match &row.origin {
            Origin::Expression(expression) => {
                expression.attributes().iter().any(|(name, _)| name.eq_ignore_ascii_case(attribute))
            }
            Origin::Constant(_) | Origin::Manager { .. } | Origin::Members => false,
        })
    }
}

fn passes(days: u32, hours: u32, minutes: u32) -> String {
    let parts = [(days, "day"), (hours, "hour"), (minutes, "minute")];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}{}", if number == 1 { "" } else { "s" }))
        .collect();
    let one = (days, hours, minutes);
    let verb = if [(1, 0, 0), (0, 1, 0), (0, 0, 1)].contains(&one) { "passes" } else { "pass" };
    format!("{} {verb}", parts.join(", "))
}

fn broken(disturbance: &Disturbance) -> String {
    let method = disturbance.method.map_or(String::new(), |method| format!("{} ", method.name()));
    let which = match (disturbance.times, disturbance.after) {
        (None, 0) => format!("every {method}request"),
        (None, after) => format!("every {method}request after the next {after}"),
        (Some(1), 0) => format!("the next {method}request"),
        (Some(1), after) => format!("one {method}request after the next {after}"),
        (Some(times), 0) => format!("each of the next {times} {method}requests"),
        (Some(times), after) => format!("each of {times} {method}requests after the next {after}"),
    };
    let what = match disturbance.kind {
        DisturbanceKind::Unauthorized => "is answered with 401",
        DisturbanceKind::Throttled => "is answered with 429",
        DisturbanceKind::Unavailable => "is answered with 503",
        DisturbanceKind::Unreachable => "finds nobody there",
        DisturbanceKind::AnswerLost => "is carried out, and its answer is lost",
    };
    let wait = disturbance.retry_after_s.map_or(String::new(), |wait| format!(", Retry-After: {wait} s"));
    format!("{which} {what}{wait}")
}
