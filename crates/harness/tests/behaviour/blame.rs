//! Whom a broken expectation accuses, and how much.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::{
    MAY, MUST, MUST_TOO, SHOULD, STATED, STATED_FILTER, STATED_PATCH, Stage, cause, check, mishap, text,
};
use harness::expect::{absent, differs, no_member_named, page_of_at_most, present, status, unset};
use harness::{Expectation, Grading, minimal_user};
use record::{At, Breach, CauseKind, ReqId, Verdict, VerdictKind};

const ALL: &[ReqId] = &[MUST, MUST_TOO, SHOULD, MAY, STATED, STATED_FILTER, STATED_PATCH];

/// The verdict on a check that breaks one requirement, and what is noted.
fn broken(requirement: ReqId, grading: Grading) -> (VerdictKind, Vec<String>) {
    let mut stage = Stage::new();
    stage.options.grading = grading;
    let result = stage.judge(check("a.check", ALL, move |probe| {
        probe.get("/Users")?.expect(status(418).under(requirement))
    }));
    (result.verdict.kind(), result.notes)
}

#[test]
fn a_broken_must_fails_and_ends_the_check() {
    let went_on = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&went_on);
    let result = Stage::new().judge(check("a.check", &[MUST], move |probe| {
        probe.get("/Users")?.expect(status(418))?;
        flag.store(true, Ordering::SeqCst);
        Ok(())
    }));
    let Verdict::Fail { findings } = &result.verdict else { panic!("{:?}", result.verdict) };
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!((finding.requirement.id.as_str(), finding.breach), (MUST.id, Breach::Fail));
    assert_eq!(
        (&finding.at, finding.expected.as_str(), finding.actual.as_str()),
        (&At::Status, "418", "200")
    );
    assert_eq!(result.exchanges, [finding.exchange.expect("an exchange")]);
    assert!(!went_on.load(Ordering::SeqCst));
}

#[test]
fn a_broken_should_warns_and_the_check_goes_on() {
    let result = Stage::new().judge(check("a.check", &[SHOULD, STATED], |probe| {
        let reply = probe.get("/Users")?;
        reply.expect(status(418))?;
        reply.expect(present("/nothing").under(STATED))?;
        reply.expect(present("/totalResults"))
    }));
    let Verdict::Warn { findings } = &result.verdict else { panic!("{:?}", result.verdict) };
    let broken: Vec<&str> = findings.iter().map(|finding| finding.requirement.id.as_str()).collect();
    assert_eq!(broken, [SHOULD.id, STATED.id]);
}

#[test]
fn several_findings_are_kept_and_the_worst_decides() {
    let result = Stage::new().judge(check("a.check", &[MUST, SHOULD], |probe| {
        let reply = probe.get("/Users")?;
        reply.expect(status(418).under(SHOULD))?;
        reply.expect(present("/nothing"))
    }));
    let Verdict::Fail { findings } = &result.verdict else { panic!("{:?}", result.verdict) };
    let broken: Vec<_> = findings.iter().map(|f| (f.requirement.id.as_str(), f.breach)).collect();
    assert_eq!(broken, [(MUST.id, Breach::Fail), (SHOULD.id, Breach::Warn)]);
}

#[test]
fn the_level_decides_and_prose_counts_fully_only_where_it_is_all_there_is() {
    use VerdictKind::{Fail, Pass, Warn};
    let strict = Grading { strict: true, must_only: false };
    let must_only = Grading { strict: false, must_only: true };
    let both = Grading { strict: true, must_only: true };
    for (requirement, plain, strictly, musts, both_ways) in [
        (MUST, Fail, Fail, Fail, Fail),
        (MUST_TOO, Fail, Fail, Fail, Fail),
        (SHOULD, Warn, Fail, Pass, Pass),
        (MAY, Pass, Pass, Pass, Pass),
        (STATED, Warn, Fail, Pass, Pass),
        (STATED_FILTER, Fail, Fail, Pass, Pass),
        (STATED_PATCH, Fail, Fail, Pass, Pass),
    ] {
        let gradings = [Grading::default(), strict, must_only, both];
        let verdicts = gradings.map(|grading| broken(requirement, grading).0);
        assert_eq!(verdicts, [plain, strictly, musts, both_ways], "{requirement:?} {:?}", requirement.level);
    }
}

#[test]
fn what_counts_for_nothing_is_noted() {
    let note = ["The server does so: 200".to_owned()];
    assert_eq!(broken(MAY, Grading::default()).1, note);
    assert_eq!(broken(SHOULD, Grading { strict: false, must_only: true }).1, note);
    assert_eq!(broken(STATED_FILTER, Grading { strict: false, must_only: true }).1, note);
    assert_eq!(broken(SHOULD, Grading::default()).1, [""; 0]);
}

#[test]
fn an_expectation_under_a_requirement_that_is_not_cited_is_our_mishap() {
    for code in [200, 418] {
        let result = Stage::new().judge(check("a.check", &[MUST], move |probe| {
            probe.get("/Users")?.expect(status(code).under(MUST_TOO))
        }));
        assert_eq!(mishap(&result.verdict), "a.check asserts RFC7644-0-R2 without citing it");
    }
}

#[test]
fn a_failed_requirement_of_the_check_blocks_and_accuses_nobody() {
    let result = Stage::new().judge(check("a.check", &[MUST], |probe| {
        let reply = probe.get("/Users/nobody")?;
        reply.require(status(200))?;
        reply.expect(present("/id"))
    }));
    let cause = cause(&result.verdict);
    assert_eq!(cause.kind, CauseKind::Precondition);
    assert_eq!(cause.message, "GET /Users/nobody answers 404 (not here), where 200 is needed");
    assert_eq!(result.exchanges, [cause.exchange.expect("an exchange")]);
}

#[test]
fn a_create_that_fails_as_a_precondition_accuses_nobody() {
    for refusal in [400, 403, 500] {
        let stage = Stage::scripted(move |call, _| {
            let refused = || text(refusal, "application/scim+json", r#"{"detail": "no more users"}"#);
            call.is("POST", "/Users").then(refused)
        });
        let result = stage.judge(check("a.check", &[MUST], |probe| {
            let user = probe.given(minimal_user())?;
            probe.delete(user.path())?.expect(status(204))
        }));
        let cause = cause(&result.verdict);
        assert_eq!(cause.kind, CauseKind::Precondition);
        assert!(
            cause.message.contains(&format!(" answers {refusal} (no more users), ")),
            "{}",
            cause.message
        );
    }
}

#[test]
fn a_create_without_an_id_blocks() {
    let stage = Stage::scripted(|call, directory| {
        call.is("POST", "/Users").then(|| {
            directory.store(call);
            crate::support::answer(201, &call.body)
        })
    });
    let result = stage.judge(check("a.check", &[MUST], |probe| probe.given(minimal_user()).map(drop)));
    assert_eq!(cause(&result.verdict).message, "POST /Users: expected a non-empty string at /id");
}

/// Where there is no JSON, nothing in it is absent, small or different either.
#[test]
fn a_body_that_cannot_be_looked_into_meets_no_expectation() {
    let stage = Stage::scripted(|call, _| call.is("GET", "/Users/u1").then(|| text(200, "text/html", "<p>")));
    let expectations: [fn() -> Expectation; 5] = [
        || absent("/id"),
        || unset("/id"),
        || differs("/id", "u1"),
        || no_member_named("password"),
        || page_of_at_most(1),
    ];
    for expectation in expectations {
        let result = stage
            .judge(check("a.check", &[MUST], move |probe| probe.get("/Users/u1")?.expect(expectation())));
        let Verdict::Fail { findings } = &result.verdict else {
            panic!("{}: {result:?}", expectation().words())
        };
        assert_eq!(findings[0].actual, "3 bytes that are no JSON");
    }
}

/// What is JSON all the same is not called anything else.
#[test]
fn json_that_is_beyond_what_can_be_read_is_told_as_such() {
    let nested = format!("{}{}", "[".repeat(500), "]".repeat(500));
    for (body, told) in [
        (r#"{"totalResults":1e400}"#, "22 bytes of JSON with a number beyond what can be read"),
        (nested.as_str(), "1000 bytes of JSON that is nested too deeply to be read"),
        (r#"{"totalResults":NaN}"#, "20 bytes that are no JSON"),
    ] {
        let body = body.to_owned();
        let stage = Stage::scripted(move |call, _| {
            call.is("GET", "/Users/u1").then(|| text(200, "application/scim+json", &body))
        });
        let result =
            stage.judge(check("a.check", &[MUST], |probe| probe.get("/Users/u1")?.expect(absent("/id"))));
        let Verdict::Fail { findings } = &result.verdict else { panic!("{result:?}") };
        assert_eq!(findings[0].actual, told);
    }
}
