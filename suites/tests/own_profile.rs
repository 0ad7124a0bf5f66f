//! The profile that the guide puts together is one that the reference server plays without a contradiction.

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use record::VerdictKind;
use reference_server::ReferenceServer;

const GUIDE: &str = include_str!("../../docs/own-profile.md");

#[test]
fn the_guides_profile_contradicts_itself_nowhere_and_shows_its_deviation() {
    let blocks: Vec<&str> =
        GUIDE.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    // The last block is an example of its own.
    let (_, parts) = blocks.split_last().unwrap();
    let profile = profiles::parse(&parts.concat(), "acme.toml").unwrap();
    let excused: BTreeSet<String> =
        profile.deviations.iter().flat_map(|one| one.checks.clone().unwrap_or_default()).collect();
    assert!(!excused.is_empty());
    let builder = ReferenceServer::builder().plays(profile.clone());
    let run = common::run(suites::all(), builder, profile, Duration::ZERO);
    let ended = |kind: VerdictKind| run.results.iter().filter(move |result| result.verdict.kind() == kind);
    for kind in [VerdictKind::Fail, VerdictKind::Warn, VerdictKind::Blocked, VerdictKind::Error] {
        let told: Vec<String> =
            ended(kind).map(|result| format!("{}: {:?}", result.id, result.verdict)).collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
    }
    let waived: BTreeSet<String> = ended(VerdictKind::Waived).map(|result| result.id.clone()).collect();
    assert_eq!((waived, run.unseen.as_slice()), (excused, &[][..]));
    // It has no text at the top of a user, and names take its place.
    let lacking: Vec<_> =
        ended(VerdictKind::NotSupported).map(|result| format!("{:?}", result.verdict)).collect();
    assert!(!lacking.iter().any(|verdict| verdict.contains("plain text")), "{lacking:?}");
    // Which of several values is primary cannot be said to a server that does not keep it.
    let sorted = run.results.iter().find(|result| result.id == "sort.by-primary-value").unwrap();
    assert_eq!(sorted.verdict.kind(), VerdictKind::NotSupported);
}

/// A deviation that is not there is told of, and counts for nothing.
#[test]
fn a_deviation_that_never_shows_is_told_of() {
    const EXCUSED: &str = "name = \"x\"\ntitle = \"X\"\nbase_path = \"/scim/v2\"\n[[rules]]\nid = \"A-1\"\nseen = \"scim\"\n\
                           source = \"s\"\ntext = \"t\"\n[[deviations]]\nrequirement = \"RFC7644-3.6-R6\"\nrule = \"A-1\"\n\
                           behaviour = \"A delete answers 200.\"\nchecks = [\"delete.answers-204\"]\n";
    let profile = profiles::parse(EXCUSED, "x.toml").unwrap();
    let only: Vec<_> =
        suites::all().iter().filter(|check| check.id == "delete.answers-204").copied().collect();
    for (fault, unseen) in [(None, vec!["A-1"]), (Some("delete-answers-200"), vec![])] {
        let run = common::run_with("rfc", profile.clone(), &only, fault);
        assert_eq!(run.unseen.iter().map(|one| one.rule.as_str()).collect::<Vec<_>>(), unseen);
        assert_eq!(run.conclusion() == record::Conclusion::Pass, fault.is_none(), "{:?}", run.results);
    }
}
