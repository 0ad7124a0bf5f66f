//! Servers whose times have whole seconds are waited for, and judged like others.

mod common;

use record::VerdictKind;
use reference_server::{Builder, ReferenceServer};

#[test]
fn a_time_that_stands_still_is_told_from_a_coarse_one() {
    let moving = ["replace.moves-last-modified", "patch.moves-last-modified"];
    let checks = moving.map(|id| *suites::find(id).unwrap());
    for (fault, verdict) in
        [(None, VerdictKind::Pass), (Some("last-modified-stands-still"), VerdictKind::Warn)]
    {
        let builder = ReferenceServer::builder();
        let builder = fault.into_iter().fold(builder, Builder::fault);
        let run = common::run_in_whole_seconds(&checks, builder, profiles::find(profiles::DEFAULT).unwrap());
        assert_eq!(run.results.len(), moving.len());
        for result in run.results {
            assert_eq!(result.verdict.kind(), verdict, "{result:?}");
            assert!(result.notes.is_empty(), "{result:?}");
        }
    }
}
