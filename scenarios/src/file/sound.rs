//! What TOML cannot say of a scenario: that all that it names is there, and that all that it does can be done.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;

use protocol::standard;

use crate::directory::attributes;
use crate::file::ScenarioError;
use crate::file::action::{Action, DisturbanceKind};
use crate::file::asked::Asked;
use crate::file::domain::DOMAIN;
use crate::file::model::{App, File, Group, Person, Scenario, Step};
use crate::file::parts::Parts;
use crate::file::stage::{RUN, Stage};
use crate::malformed::{Malformed, Source};
use crate::mapping::Row;

/// Whether names stand there as they were written, or as a run has made them its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    Written,
    OfARun,
}

pub(super) fn scenario(
    file: File,
    source: Source<'_>,
    names: Names,
    parts: Parts,
) -> Result<Scenario, ScenarioError> {
    let (users, groups) = (targets(&file, &parts.mapping.users), targets(&file, &parts.mapping.groups));
    let check = Check {
        source,
        names,
        starts: starts(&file),
        keys: keys(&file, source)?,
        groups: file.groups.iter().map(|group| group.get_ref().key.clone()).collect(),
        rules: parts.profile.rules.iter().map(|rule| rule.id.clone()).collect(),
        of_users: Asked::of(standard::USER, &parts.profile, &users),
        of_groups: Asked::of(standard::GROUP, &parts.profile, &groups),
        targets: users.union(&groups).cloned().collect(),
        mapping: parts.mapping.name.clone(),
    };
    check.app(&file.app)?;
    for person in &file.people {
        check.person(person)?;
    }
    for group in &file.groups {
        check.group(group)?;
    }
    let steps: Vec<Range<usize>> = file.steps.iter().map(Spanned::span).collect();
    for step in &file.steps {
        check.step(step)?;
    }
    if !file.steps.iter().any(|step| step.get_ref().cycle) {
        let hint = "add cycle = true to the steps after which the client is to act";
        return Err(check.complain(&file.name.span(), "", "no cycle ever runs", hint).into());
    }
    let population = file.population.as_ref().map_or(0..0, Spanned::span);
    let scenario = Scenario {
        name: file.name.into_inner(),
        title: file.title,
        about: file.about,
        app: file.app.into_inner(),
        population: file.population.map(Spanned::into_inner),
        people: file.people.into_iter().map(Spanned::into_inner).collect(),
        groups: file.groups.into_iter().map(Spanned::into_inner).collect(),
        steps: file.steps.into_iter().map(Spanned::into_inner).collect(),
        mapping: parts.mapping,
        profile: parts.profile,
        text: source.text.to_owned(),
        file: source.file.to_owned(),
    };
    rehearse(&scenario, &steps, &population, source)?;
    Ok(scenario)
}

/// Does to a directory what the scenario does, and complains about the first step that cannot be.
fn rehearse(
    scenario: &Scenario,
    steps: &[Range<usize>],
    population: &Range<usize>,
    source: Source<'_>,
) -> Result<(), Malformed> {
    let complain = |span: &Range<usize>, error: String| {
        let hint = "the file is tried out in its own order; correct this, or what stands before it";
        source.complaint(span, error, hint)
    };
    let mut stage = Stage::new(scenario.clone(), "rehearsal", None)
        .map_err(|error| complain(population, error.to_string()))?;
    for (step, span) in scenario.steps.iter().zip(steps) {
        for action in &step.actions {
            if let Action::Join { group, who } = action
                && stage.is_member(group, who)
            {
                return Err(complain(span, format!("{who:?} is a member of the group {group:?} already")));
            }
            let done = stage.apply(action, 0);
            done.map_err(|error| complain(span, with_keys(&stage, action, error.to_string())))?;
        }
    }
    Ok(())
}

/// A message in which people stand by their keys.
fn with_keys(stage: &Stage, action: &Action, message: String) -> String {
    action.keys().into_iter().fold(message, |message, key| match stage.object_id(key) {
        Some(id) => message.replace(id, key),
        None => message,
    })
}

/// Where the parts of the file begin, in order.
pub(super) fn starts(file: &File) -> Vec<usize> {
    let mut starts = vec![file.app.span().start];
    starts.extend(file.population.as_ref().map(|population| population.span().start));
    starts.extend(file.people.iter().map(|person| person.span().start));
    starts.extend(file.groups.iter().map(|group| group.span().start));
    starts.extend(file.steps.iter().map(|step| step.span().start));
    starts.sort_unstable();
    starts
}

/// The keys of all people and groups; no two have the same.
fn keys(file: &File, source: Source<'_>) -> Result<BTreeSet<String>, Malformed> {
    let people = file.people.iter().map(|person| (person.span(), &person.get_ref().key));
    let groups = file.groups.iter().map(|group| (group.span(), &group.get_ref().key));
    let mut keys = BTreeSet::new();
    for (span, key) in people.chain(groups) {
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if key.is_empty() || !key.chars().all(plain) {
            let message = format!("the key {key:?} is no plain word");
            return Err(source.complaint(&span, message, "use small letters, digits and hyphens"));
        }
        if !keys.insert(key.clone()) {
            let message = format!("the key {key:?} is used twice");
            return Err(source.complaint(&span, message, "give each its own"));
        }
    }
    Ok(keys)
}

/// The targets of a mapping's rows, and the names that an administrator registers some targets under.
fn targets(file: &File, rows: &[Row]) -> BTreeSet<String> {
    let actions = file.steps.iter().flat_map(|step| &step.get_ref().actions);
    let renamed = actions.filter_map(|action| match action {
        Action::Retarget { to, .. } => Some(to),
        _ => None,
    });
    let rows = rows.iter().map(|row| &row.target);
    rows.chain(file.app.get_ref().retarget.values()).chain(renamed).cloned().collect()
}

pub(super) struct Check<'a> {
    source: Source<'a>,
    names: Names,
    /// Where the parts of the file begin, in order: TOML tells of a table's head alone.
    starts: Vec<usize>,
    keys: BTreeSet<String>,
    /// Those of them that are of groups.
    pub(super) groups: BTreeSet<String>,
    pub(super) rules: BTreeSet<String>,
    targets: BTreeSet<String>,
    /// What a user and a group may be asked for.
    pub(super) of_users: Asked,
    pub(super) of_groups: Asked,
    /// The name of the mapping.
    mapping: String,
}

impl Check<'_> {
    /// A complaint about the first place within a part of the file that shows it.
    pub(super) fn complain(
        &self,
        span: &Range<usize>,
        shows: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Malformed {
        self.source.complaint(&self.source.shown(span, &self.starts, shows), message, hint)
    }

    fn app(&self, app: &Spanned<App>) -> Result<(), Malformed> {
        let settings = &app.get_ref().settings;
        let hints = [
            (
                "timeout_s",
                settings.timeout_s == 0,
                "say how many seconds a request may take; 100 is the default",
            ),
            (
                "member_batch_size",
                settings.member_batch_size == 0,
                "say how many members go into one request; 1 is the default",
            ),
            (
                "interval_min",
                settings.interval_min == 0,
                "say how many minutes lie between two cycles; 40 is the default",
            ),
        ];
        for (key, is_zero, hint) in hints {
            if is_zero {
                return Err(self.complain(&app.span(), key, format!("{key} cannot be 0"), hint));
            }
        }
        app.get_ref().retarget.keys().try_for_each(|target| self.target(&app.span(), target))
    }

    /// The mapping has a target by this name.
    pub(super) fn target(&self, span: &Range<usize>, target: &str) -> Result<(), Malformed> {
        if self.targets.contains(target) {
            return Ok(());
        }
        let message = format!("the mapping {} has no target {target:?}", self.mapping);
        Err(self.complain(span, target, message, meant(target, self.targets.iter().map(String::as_str))))
    }

    fn person(&self, person: &Spanned<Person>) -> Result<(), Malformed> {
        let (span, person) = (person.span(), person.get_ref());
        self.attributes(&span, person.attributes.keys())?;
        let principal = person.attributes.get("userPrincipalName").map_or("", String::as_str);
        self.principal(&span, principal)?;
        person.manager.iter().try_for_each(|key| self.manager(&span, &person.key, key))
    }

    /// A manager is somebody, and somebody else.
    fn manager(&self, span: &Range<usize>, of: &str, manager: &str) -> Result<(), Malformed> {
        if of == manager {
            let message = format!("{of:?} would be his own manager");
            return Err(self.complain(
                span,
                "manager",
                message,
                "name somebody else, or leave the manager out",
            ));
        }
        self.key(span, manager)
    }

    fn group(&self, group: &Spanned<Group>) -> Result<(), Malformed> {
        let (span, group) = (group.span(), group.get_ref());
        self.attributes(&span, group.attributes.keys())?;
        self.group_name(&span, group.attributes.get("displayName").map_or("", String::as_str))?;
        let mut known = BTreeSet::new();
        for key in &group.members {
            self.key(&span, key)?;
            if !known.insert(key) {
                let message = format!("{key:?} is a member of the group {:?} twice", group.key);
                return Err(self.complain(&span, "members", message, "name each member once"));
            }
        }
        Ok(())
    }

    /// Nothing may be matched in a target that the run did not create.
    fn principal(&self, span: &Range<usize>, principal: &str) -> Result<(), Malformed> {
        let own = principal.strip_suffix(DOMAIN).is_some_and(|local| local.ends_with(['@', '.']));
        if self.names == Names::OfARun || own && principal.contains('@') {
            return Ok(());
        }
        let message = format!("the userPrincipalName {principal:?} is not under {DOMAIN}");
        let hint = "end it with that domain: it becomes one of the run's own, so that nobody else's account is touched";
        Err(self.complain(span, "userPrincipalName", message, hint))
    }

    fn group_name(&self, span: &Range<usize>, name: &str) -> Result<(), Malformed> {
        if self.names == Names::OfARun || name.contains(RUN) {
            return Ok(());
        }
        let message = format!("the displayName {name:?} does not say whose it is");
        let hint = "put {run} into it: it becomes the run's label, so that nobody else's group is touched";
        Err(self.complain(span, "displayName", message, hint))
    }

    fn attributes<'n>(
        &self,
        span: &Range<usize>,
        names: impl IntoIterator<Item = &'n String>,
    ) -> Result<(), Malformed> {
        let Some(name) = names.into_iter().find(|name| !attributes::is_kept(name)) else { return Ok(()) };
        let hint = match attributes::nearest(name) {
            Some(known) => format!("did you mean {known}?"),
            None => "attributes of the tenant's own are extensionAttribute1 to 15".to_owned(),
        };
        Err(self.complain(span, name, format!("the directory keeps no attribute {name:?}"), hint))
    }

    pub(super) fn key(&self, span: &Range<usize>, key: &str) -> Result<(), Malformed> {
        self.known(span, key, &format!("\"{key}\""))
    }

    /// Placeholders name somebody.
    pub(super) fn placeholders(&self, span: &Range<usize>, text: &str) -> Result<(), Malformed> {
        placeholders(text).try_for_each(|key| self.known(span, key, &format!("{{{key}")))
    }

    fn known(&self, span: &Range<usize>, key: &str, shows: &str) -> Result<(), Malformed> {
        if self.keys.contains(key) {
            return Ok(());
        }
        let hint = meant(key, self.keys.iter().map(String::as_str));
        Err(self.complain(span, shows, format!("nobody has the key {key:?}"), hint))
    }

    fn step(&self, step: &Spanned<Step>) -> Result<(), Malformed> {
        let (span, step) = (step.span(), step.get_ref());
        for action in &step.actions {
            action.keys().into_iter().try_for_each(|key| self.key(&span, key))?;
            self.action(&span, action)?;
        }
        step.expect.iter().try_for_each(|expect| self.expect(&span, step, expect))
    }

    fn action(&self, span: &Range<usize>, action: &Action) -> Result<(), Malformed> {
        match action {
            Action::Set { of, attributes } => {
                self.attributes(span, attributes.keys())?;
                if let Some(principal) = attributes.get("userPrincipalName") {
                    self.principal(span, principal)?;
                }
                match attributes.get("displayName").filter(|_| self.groups.contains(of)) {
                    Some(name) => self.group_name(span, name),
                    None => Ok(()),
                }
            }
            Action::Manager { of, is: Some(manager) } => self.manager(span, of, manager),
            Action::Retarget { target, .. } => self.target(span, target),
            Action::Advance { days: 0, hours: 0, minutes: 0 } => {
                let hint = "say how many days, hours or minutes pass";
                Err(self.complain(span, "advance", "no time passes", hint))
            }
            Action::Break(disturbance) => {
                let waits =
                    [DisturbanceKind::Throttled, DisturbanceKind::Unavailable].contains(&disturbance.kind);
                if disturbance.retry_after_s.is_some() && !waits {
                    let hint = "remove it: it goes with throttled and unavailable";
                    return Err(self.complain(span, "retry_after_s", "this asks nobody to wait", hint));
                }
                if disturbance.times == Some(0) {
                    return Err(self.complain(
                        span,
                        "times",
                        "nothing is hit",
                        "count from 1, or leave it out",
                    ));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// The keys that stand in braces, `{ada}` or `{ada.objectId}`. The braces of JSON hold no plain words.
pub(crate) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let inside = text.split('{').skip(1).filter_map(|after| after.split_once('}')).map(|(inside, _)| inside);
    let keys = inside.map(|inside| inside.strip_suffix(".objectId").unwrap_or(inside));
    keys.filter(|key| {
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        !key.is_empty() && *key != "run" && key.chars().all(plain)
    })
}

pub(super) fn meant<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let rated = known.iter().map(|known| (strsim::jaro_winkler(known, wrong), *known));
    match rated.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(alike, _)| *alike >= 0.75) {
        Some((_, known)) => format!("did you mean {known}?"),
        None => format!("there are {}", known.join(", ")),
    }
}
