//! Too many deletions at once.

use record::LogStatus;
use scenarios::entra::{Reset, Settings};

use crate::people::People;
use crate::stage::{Fate, Stage};

fn stage() -> Stage {
    let settings = Settings { accidental_deletions: Some(2), ..Settings::default() };
    let mut stage = Stage::new(People::of(&["ada", "grace", "joan", "mary"]), settings);
    stage.cycle();
    stage
}

fn bin(stage: &mut Stage, names: &[&str]) {
    for name in names {
        stage.people.change(name, |person| person.binned = true);
    }
}

fn active(stage: &Stage) -> usize {
    stage.users().values().filter(|user| user["active"] == true).count()
}

#[test]
fn as_many_as_the_threshold_allows_are_sent() {
    let mut stage = stage();
    bin(&mut stage, &["ada", "grace"]);
    assert_eq!(stage.cycle().quarantine, None);
    assert_eq!(active(&stage), 2);
}

#[test]
fn one_more_holds_all_of_them_back_until_an_administrator_allows_them() {
    let mut stage = stage();
    bin(&mut stage, &["ada", "grace", "joan"]);
    let cycle = stage.cycle();
    assert_eq!((cycle.requests, cycle.quarantine.as_deref()), (1, Some("TooManyDeletes")));
    assert_eq!(stage.row("ada"), ("stageddelete", LogStatus::Skipped, Some("StagedDelete")));
    assert_eq!(active(&stage), 4);
    // They stay where they are, cycle after cycle.
    assert_eq!(stage.cycle().quarantine.as_deref(), Some("TooManyDeletes"));
    assert_eq!(active(&stage), 4);
    stage.job.restart(&[Reset::ForceDeletes]);
    assert_eq!(stage.cycle().quarantine, None);
    assert_eq!(active(&stage), 1);
    assert_eq!(stage.row("ada"), ("disable", LogStatus::Success, None));
    // Allowed once is not allowed for ever.
    assert!(!stage.job.state().deletions_allowed && stage.job.state().staged.is_empty());
}

/// Users are disabled before groups are looked at, and all of them are counted before either.
#[test]
fn groups_count_before_the_first_user_is_disabled() {
    let mut stage = stage();
    stage.people.found("sales", &[]);
    stage.cycle();
    stage.people.regroup("sales", |team| team.assigned = false);
    bin(&mut stage, &["ada", "grace"]);
    let cycle = stage.cycle();
    assert_eq!((cycle.requests, cycle.quarantine.as_deref()), (1, Some("TooManyDeletes")));
    assert_eq!((active(&stage), stage.groups().len()), (4, 1));
}

#[test]
fn what_is_held_back_survives_a_cycle_that_breaks_off() {
    let mut stage = stage();
    bin(&mut stage, &["ada", "grace", "joan"]);
    stage.cycle();
    stage.job.restart(&[Reset::ForceDeletes]);
    stage.disturb(|count, _| if count > 2 { Fate::Unreachable } else { Fate::Passes });
    stage.cycle();
    assert_eq!(active(&stage), 4);
    stage.mend();
    stage.cycle();
    assert_eq!(active(&stage), 1, "what was allowed is still allowed");
}

#[test]
fn those_who_come_back_are_not_held_back_any_more() {
    let mut stage = stage();
    bin(&mut stage, &["ada", "grace", "joan"]);
    stage.cycle();
    for name in ["ada", "grace"] {
        stage.people.change(name, |person| person.binned = false);
    }
    assert_eq!(stage.cycle().quarantine, None);
    assert_eq!(active(&stage), 3);
    assert!(stage.job.state().staged.is_empty());
}
