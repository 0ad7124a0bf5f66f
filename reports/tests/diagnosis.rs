//! What a look at a server came to, as a terminal shows it.

use record::{
    Diagnosis, Document, Feature, Leftover, Manner, Settings, Symptom, TargetInfo, Tool, Weight, Works,
};
use reports::terminal::{Style, diagnosis};

fn feature(name: &str, claimed: Option<bool>, works: Works, said: &str, capability: Option<&str>) -> Feature {
    let capability = capability.map(str::to_owned);
    Feature { name: name.to_owned(), claimed, works, said: said.to_owned(), capability }
}

fn symptom(name: &str, weight: Weight, flag: Option<&str>, setting: Option<&str>) -> Symptom {
    Symptom {
        name: name.to_owned(),
        weight,
        said: format!(
            "what was seen of {name}, which may be said in so many words that they do not fit on one line"
        ),
        advice: "what to do".to_owned(),
        flag: flag.map(str::to_owned),
        setting: setting.map(str::to_owned),
    }
}

fn seen() -> Diagnosis {
    Diagnosis {
        version: Diagnosis::VERSION,
        tool: Tool { name: "scimproof".to_owned(), version: "0.0.0".to_owned() },
        target: TargetInfo {
            url: "https://scim.example/v2".to_owned(),
            profile: "rfc".to_owned(),
            bundled: false,
            credential: None,
        },
        read_only: None,
        interrupted: false,
        limit: None,
        manner: Manner {
            product: Some("example/2\u{1b}[31m".to_owned()),
            requests: 41,
            median_us: Some(1_200),
            slowest_us: Some(2_100_000),
            put_off: 0,
            limits: vec!["ratelimit-limit: 100".to_owned()],
            holds: [("User".to_owned(), 12_345)].into(),
        },
        documents: vec![
            Document {
                path: "/ServiceProviderConfig".to_owned(),
                readable: true,
                said: "claims patch; not sort".to_owned(),
            },
            Document {
                path: "/Schemas".to_owned(),
                readable: false,
                said: "answers 200 with text/html".to_owned(),
            },
        ],
        features: vec![
            feature("list users", Some(true), Works::Yes, "answers with a list", Some("User.list")),
            feature("sort", Some(false), Works::Yes, "userName sorts both ways", Some("User.sort")),
            feature("PATCH users", Some(true), Works::No, "answers 501", Some("User.modify")),
            feature("bulk", None, Works::Unknown, "no complete answer within 1s", None),
        ],
        symptoms: vec![
            symptom("more-is-wanted", Weight::Hinders, None, Some("[samples.User]\ntitle = \"Tester\"\n")),
            symptom("media-type", Weight::Tells, None, None),
        ],
        settings: Settings { capabilities: [("User.sort".to_owned(), true)].into(), ..Settings::default() },
        created: 3,
        removed: 3,
        leftovers: Vec::new(),
        next: "scimproof check --target target.toml".to_owned(),
    }
}

#[test]
fn a_server_that_is_ready() {
    insta::assert_snapshot!(diagnosis(&seen(), Style::default()));
}

#[test]
fn a_server_that_is_not() {
    let mut seen = seen();
    seen.read_only = Some("the server is not on this machine".to_owned());
    seen.symptoms.insert(
        0,
        symptom("authority-unknown", Weight::Blocks, Some("--ca FILE"), Some("[tls]\nca = \"a.pem\"")),
    );
    seen.features.clear();
    insta::assert_snapshot!(diagnosis(&seen, Style { color: false, width: 60 }));
}

#[test]
fn what_is_left_behind_is_told() {
    let mut seen = seen();
    let left = Leftover { resource: "/Users/1".to_owned(), reason: "DELETE answers 500".to_owned() };
    seen.leftovers.push(left);
    let told = diagnosis(&seen, Style::default());
    assert!(
        told.contains("/Users/1: DELETE answers 500")
            && told.ends_with("could not be removed, and a run would leave much more behind\n"),
        "{told}"
    );
    seen.interrupted = true;
    assert!(diagnosis(&seen, Style::default()).ends_with("INTERRUPTED: not everything was looked at\n"));
    // Nobody did.
    seen.limit = Some("the limit of 9 requests is reached".to_owned());
    assert!(diagnosis(&seen, Style::default()).ends_with("LIMIT REACHED: not everything was looked at\n"));
}
