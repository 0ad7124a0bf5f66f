//! The audit: what the target holds, beside what it said.

use load::{Arrival, Closed, Executor};
use record::{LoadModel, LoadOutcome, Size};

use crate::support::{GROWING, SMALL, assert_clean, count, play};

#[test]
fn a_healthy_server_ends_as_the_model_says() {
    for executor in [&Closed as &dyn Executor, &Arrival] {
        let run = play(SMALL, executor, None);
        let audit = run.audit.as_ref().unwrap();
        assert_eq!((audit.differing, &audit.unfinished, audit.differences.as_slice()), (0, &None, &[][..]));
        // Two jobs with forty users and six who join.
        assert_eq!((audit.compared.users, audit.compared.groups), (92, 8));
        assert_eq!(audit.compared.memberships, 99);
        assert_eq!((run.created, run.errors.as_slice(), &run.stopped), (100, &[][..], &None));
        assert_clean(&run);
        assert_eq!(count(&run, "create-user", LoadOutcome::Ok), 92);
        assert_eq!(count(&run, "set-manager", LoadOutcome::Ok), 78);
        assert_eq!(count(&run, "disable-user", LoadOutcome::Ok), 12);
        assert_eq!(count(&run, "probe", LoadOutcome::Ok), 6);
        assert_eq!(run.size, Size { users: 80, groups: 8, memberships: run.size.memberships });
        assert_eq!((run.executor.as_str(), run.model), (executor.name(), executor.model()));
    }
    assert_eq!((Closed.model(), Arrival.model()), (LoadModel::Closed, LoadModel::Open));
}

#[test]
fn the_same_seed_sends_the_same_requests() {
    let [one, other] = [play(SMALL, &Closed, None), play(SMALL, &Arrival, None)];
    let counts = |run: &record::LoadRun| {
        run.operations.iter().map(|known| (known.name.clone(), known.count)).collect::<Vec<_>>()
    };
    assert_eq!(counts(&one), counts(&other));
}

#[test]
fn a_member_that_was_lost_is_found() {
    let run = play(GROWING, &Closed, Some("lost-member-add"));
    let audit = run.audit.unwrap();
    assert!((30..150).contains(&audit.differing), "{} differ", audit.differing);
    assert_eq!(audit.differences.len(), 20);
    let first = &audit.differences[0];
    assert!(first.resource.starts_with("member ") && first.resource.contains("Everyone"), "{first:?}");
    assert_eq!(first.actual, "no member");
    // Nothing but the audit notices: every request was answered as it should be.
    assert_eq!(run.errors, []);
}

#[test]
fn a_user_that_is_not_as_acknowledged_is_found() {
    let run = play(SMALL, &Closed, Some("replace-of-simple-is-lost"));
    assert!(run.audit.unwrap().differing > 0);
}
