//! Any series of changes, cycles and disturbances: once the server is well again, the target equals the directory, and
//! nobody is there twice.

use std::time::Duration;

use proptest::prelude::*;
use scenarios::entra::{ClientKind, ManagerPass, Object, Settings};

use crate::people::People;
use crate::stage::{Fate, Stage};

const TEAMS: [&str; 2] = ["sales", "service"];
/// Days until everything that failed has been tried again: an escrow may wait for one, and so may who waits for it.
const DAYS_MAX: u32 = 10;

#[derive(Clone, Debug)]
enum Step {
    Hire(u8),
    Rename(u8, u8),
    Manage(u8, Option<u8>),
    Enable(u8, bool),
    Join(u8, u8, bool),
    RenameTeam(u8, u8),
    Cycle(Weather),
}

/// What the server is like in a cycle.
#[derive(Clone, Debug)]
enum Weather {
    Fair,
    /// Gone after so many requests.
    Gone(u8),
    /// Every so many answers are lost.
    Lossy(u8),
    /// Every so many requests fail.
    Failing(u8),
    /// Every so many requests are turned away.
    Throttling(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let weather = prop_oneof![
        2 => Just(Weather::Fair),
        1 => (0..30u8).prop_map(Weather::Gone),
        1 => (2..6u8).prop_map(Weather::Lossy),
        1 => (2..6u8).prop_map(Weather::Failing),
        1 => (2..6u8).prop_map(Weather::Throttling),
    ];
    let step = prop_oneof![
        2 => (0..6u8).prop_map(Step::Hire),
        2 => (0..6u8, 0..9u8).prop_map(|(who, name)| Step::Rename(who, name)),
        2 => (0..6u8, proptest::option::of(0..6u8)).prop_map(|(who, whom)| Step::Manage(who, whom)),
        1 => (0..6u8, any::<bool>()).prop_map(|(who, enabled)| Step::Enable(who, enabled)),
        3 => (0..2u8, 0..6u8, any::<bool>()).prop_map(|(team, who, comes)| Step::Join(team, who, comes)),
        1 => (0..2u8, 0..9u8).prop_map(|(team, name)| Step::RenameTeam(team, name)),
        4 => weather.prop_map(Step::Cycle),
    ];
    proptest::collection::vec(step, 1..40)
}

fn settings() -> impl Strategy<Value = Settings> {
    let client = prop_oneof![Just(ClientKind::EntraDefault), Just(ClientKind::EntraFlag)];
    let pass = prop_oneof![Just(ManagerPass::SameCycle), Just(ManagerPass::NextCycle)];
    (client, pass, 1..4u32, 0..2u32).prop_map(
        |(client, manager_pass, member_batch_size, retries_in_cycle)| Settings {
            manager_pass,
            member_batch_size,
            retries_in_cycle,
            ..Settings::of(client)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_nothing_is_lost_and_nobody_is_there_twice(settings in settings(), steps in steps()) {
        play(settings, &steps);
    }
}

#[test]
fn what_is_rare_goes_well_too() {
    use Step::{Cycle, Enable, Hire, Join, Manage, RenameTeam};
    use Weather::{Failing, Fair, Gone, Lossy};
    let rare: [&[Step]; 7] = [
        // A creation whose answer is lost is not repeated at once.
        &[Cycle(Lossy(2))],
        // Somebody gets a manager and is switched off in the same cycle.
        &[Hire(3), Cycle(Fair), Manage(3, Some(0)), Enable(3, false)],
        // A group that waited is found by a cycle that breaks off before its members.
        &[Cycle(Lossy(2)), Cycle(Gone(4))],
        // A membership without an answer ends before it is tried again.
        &[Cycle(Lossy(5)), Join(0, 0, false)],
        // A membership that a broken cycle left undone is not wanted any more when the group changes.
        &[
            Cycle(Failing(5)),
            Join(1, 1, true),
            Cycle(Gone(3)),
            Join(1, 1, false),
            Cycle(Fair),
            RenameTeam(1, 0),
        ],
        // A manager without an answer is taken away before he is tried again.
        &[Hire(3), Cycle(Fair), Hire(2), Manage(1, Some(2)), Cycle(Lossy(5)), Manage(1, None)],
        &[
            Manage(0, Some(1)),
            Manage(1, Some(0)),
            Cycle(Gone(7)),
            Enable(0, false),
            Cycle(Gone(2)),
            Enable(0, true),
        ],
    ];
    for steps in rare {
        for retries_in_cycle in [0, 1] {
            for manager_pass in [ManagerPass::SameCycle, ManagerPass::NextCycle] {
                play(Settings { retries_in_cycle, manager_pass, ..Settings::default() }, steps);
            }
        }
    }
}

/// Takes the steps, mends the server, and holds the target against the directory once nothing waits any more.
fn play(settings: Settings, steps: &[Step]) {
    let mut people = People::of(&["person0", "person1"]);
    for team in TEAMS {
        people.found(team, &["person0"]);
    }
    let mut stage = Stage::new(people, settings);
    for step in steps {
        take(&mut stage, step);
    }
    stage.mend();
    let mut days = 0;
    while stage.cycle().requests > 1 || !is_settled(&stage) {
        days += 1;
        // Nobody waits for the ladder's days here.
        stage.clock.advance(Duration::from_secs(24 * 60 * 60));
        assert!(days < DAYS_MAX, "{:#?}", stage.job.state());
    }
    stage.assert_equal_to_the_model();
    assert_eq!(stage.cycle().requests, 1);
}

fn is_settled(stage: &Stage) -> bool {
    let state = stage.job.state();
    state.escrows.is_empty() && state.later.is_empty() && state.quarantine.is_none()
}

fn take(stage: &mut Stage, step: &Step) {
    let name = |who: &u8| format!("person{who}");
    let is_there = |stage: &Stage, who: &u8| stage.people.names().any(|known| *known == name(who));
    match step {
        Step::Hire(who) if !is_there(stage, who) => stage.people.hire(&name(who)),
        Step::Rename(who, to) if is_there(stage, who) => {
            stage.people.change(&name(who), |person| person.name = format!("Name {to}"));
        }
        Step::Manage(who, whom)
            if is_there(stage, who)
                && whom.as_ref().is_none_or(|whom| whom != who && is_there(stage, whom)) =>
        {
            stage.people.change(&name(who), |person| person.manager = whom.as_ref().map(name));
        }
        // Whoever was never exported is not created while disabled, and is no manager and no member then: that is for
        // tests of its own.
        Step::Enable(who, enabled) if stage.job.state().links.get(&Object::user(name(who))).is_some() => {
            stage.people.change(&name(who), |person| person.enabled = *enabled);
        }
        Step::Join(team, who, comes) if is_there(stage, who) => {
            let team = TEAMS[usize::from(*team)];
            let is_member = stage.people.team(team).members.contains(&name(who));
            if is_member != *comes {
                stage.people.join(team, &name(who), *comes);
            }
        }
        // A group whose creation got no answer would not be found again under another name.
        Step::RenameTeam(team, to)
            if stage.job.state().links.get(&Object::group(TEAMS[usize::from(*team)])).is_some() =>
        {
            let team = TEAMS[usize::from(*team)];
            stage.people.regroup(team, |it| it.name = format!("{team} {to}"));
        }
        Step::Cycle(weather) => {
            disturb(stage, weather);
            stage.cycle();
        }
        Step::Hire(_)
        | Step::Rename(..)
        | Step::Manage(..)
        | Step::Enable(..)
        | Step::Join(..)
        | Step::RenameTeam(..) => {}
    }
}

fn disturb(stage: &Stage, weather: &Weather) {
    let every = |n: u8, fate: fn() -> Fate| {
        stage.disturb(move |count, _| if count % u32::from(n) == 0 { fate() } else { Fate::Passes });
    };
    match *weather {
        Weather::Fair => stage.mend(),
        Weather::Gone(last) => {
            stage.disturb(
                move |count, _| if count > u32::from(last) { Fate::Unreachable } else { Fate::Passes },
            );
        }
        Weather::Lossy(n) => every(n, || Fate::Unanswered),
        Weather::Failing(n) => every(n, || Fate::Answered(500, None)),
        Weather::Throttling(n) => every(n, || Fate::Answered(429, Some(("retry-after", "3")))),
    }
}
