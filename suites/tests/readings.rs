//! What a rule leaves to a line of the profile file: the checks demand the reading that the file names, and no other.

mod common;

use std::time::Duration;

use profiles::{Behaviour, Otherwise, Profile};
use record::{Checks, VerdictKind};
use reference_server::ReferenceServer;

/// A line that says something else than the file does.
struct Line {
    profile: &'static str,
    says: &'static str,
    edit: fn(&mut Profile),
    /// The checks that a server fails which still does as the file says; none where the rule takes either.
    notice: &'static [&'static str],
}

const LINES: &[Line] = &[
    Line {
        profile: "bonusly",
        says: "who was deleted is forgotten",
        edit: |profile| read(profile, "deleted", "forgotten"),
        notice: &["bonusly.deleted-users-come-back"],
    },
    Line {
        profile: "promapp",
        says: "who was deleted is forgotten",
        edit: |profile| read(profile, "deleted", "forgotten"),
        notice: &["promapp.who-returns-keeps-the-id"],
    },
    Line {
        profile: "bonusly",
        says: "other languages are known",
        edit: |profile| speak(profile, &["nb", "tlh"]),
        notice: &[
            "bonusly.found-locale-has-no-region",
            "bonusly.locale-loses-its-region",
            "bonusly.put-locale-loses-its-region",
            "bonusly.unknown-language-is-ignored",
        ],
    },
    Line {
        profile: "bonusly",
        says: "what names no country is ignored",
        edit: |profile| {
            for behaviour in &mut profile.behaviours {
                if let Behaviour::CountryCode { otherwise, .. } = behaviour {
                    *otherwise = Otherwise::Ignored;
                }
            }
        },
        notice: &[],
    },
    Line {
        profile: "bonusly",
        says: "who names himself as manager is ignored",
        edit: |profile| {
            for behaviour in &mut profile.behaviours {
                if let Behaviour::Manager { oneself, .. } = behaviour {
                    *oneself = Otherwise::Ignored;
                }
            }
        },
        notice: &[],
    },
    Line {
        profile: "bonusly",
        says: "a filter on what is secret is sensitive",
        edit: |profile| read(profile, "filter.secret", "sensitive"),
        notice: &[],
    },
    Line {
        profile: "bonusly",
        says: "whoever was created without active is switched off",
        edit: |profile| {
            for behaviour in &mut profile.behaviours {
                if let Behaviour::Default { value, .. } = behaviour {
                    *value = false.into();
                }
            }
        },
        notice: &[],
    },
    Line {
        profile: "blogin",
        says: "filters name userName and active alone",
        edit: |profile| {
            if let Some(users) = profile.types.get_mut("User") {
                users.filters = Some(["userName", "active"].map(str::to_owned).into());
            }
        },
        notice: &[
            "blogin.filters-on-the-email",
            "blogin.filters-on-the-names",
            "blogin.filters-on-the-phone",
            "blogin.filters-on-the-title",
        ],
    },
];

fn read(profile: &mut Profile, point: &str, reading: &str) {
    profile.readings.insert(point.to_owned(), reading.to_owned());
}

fn speak(profile: &mut Profile, languages: &[&str]) {
    for behaviour in &mut profile.behaviours {
        if let Behaviour::Language { known, .. } = behaviour {
            *known = languages.iter().map(|&language| language.to_owned()).collect();
        }
    }
}

fn play(server: Profile, known: Profile) -> Checks {
    let checks = suites::of_profile(&known.name);
    common::run(&checks, ReferenceServer::builder().plays(server), known, Duration::ZERO)
}

fn accusing(run: &Checks) -> Vec<String> {
    let mut accusing: Vec<String> = run
        .results
        .iter()
        .filter(|result| !matches!(result.verdict.kind(), VerdictKind::Pass | VerdictKind::NotSupported))
        .map(|result| result.id.clone())
        .collect();
    accusing.sort();
    accusing
}

#[test]
fn the_checks_demand_what_the_line_of_the_file_says() {
    for line in LINES {
        let shipped = profiles::find(line.profile).unwrap();
        let mut edited = shipped.clone();
        (line.edit)(&mut edited);
        assert_ne!(edited, shipped, "{}: {}", line.profile, line.says);
        let run = play(edited.clone(), edited.clone());
        assert_eq!(accusing(&run), Vec::<String>::new(), "{}: {}", line.profile, line.says);
        assert_eq!(accusing(&play(shipped, edited)), line.notice, "{}: {}", line.profile, line.says);
    }
}
