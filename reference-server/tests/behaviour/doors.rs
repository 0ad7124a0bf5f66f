//! Every route by every verb with everything that can be wrong about a request. The doors stand in one order: who asks,
//! how much is sent, whether that is served, of which type and form the body is, what the parameters say, who is meant.

use crate::support::{Client, GROUP, Seen, USER, group, user};

const VERBS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

/// What is served at a path.
#[derive(Clone, Copy)]
enum Served {
    /// Resources, which are listed and created.
    Collection,
    /// One resource, which is there or not.
    Item(bool),
    /// A search by POST.
    Search,
    /// A document about the server, which is there or not.
    Document(bool),
    /// The one document that everybody may read.
    Config,
    /// What the standard has and this server has not.
    Unsupported,
    /// Nothing at all.
    Nothing,
}

impl Served {
    fn verbs(self) -> &'static [&'static str] {
        match self {
            Self::Collection => &["GET", "HEAD", "POST"],
            Self::Item(_) => &["GET", "HEAD", "PUT", "PATCH", "DELETE"],
            Self::Search => &["POST"],
            Self::Document(_) | Self::Config => &["GET", "HEAD"],
            Self::Unsupported | Self::Nothing => &VERBS,
        }
    }
}

/// What is wrong about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    Token,
    NoToken,
    EmptyToken,
    TooLong,
    MediaType,
    Malformed,
    NameTwice,
    NoObject,
    NoBody,
    Filter,
    Count,
    Start,
    Order,
}

const FLAWS: [Flaw; 13] = [
    Flaw::Token,
    Flaw::NoToken,
    Flaw::EmptyToken,
    Flaw::TooLong,
    Flaw::MediaType,
    Flaw::Malformed,
    Flaw::NameTwice,
    Flaw::NoObject,
    Flaw::NoBody,
    Flaw::Filter,
    Flaw::Count,
    Flaw::Start,
    Flaw::Order,
];

impl Flaw {
    fn query(self) -> &'static str {
        match self {
            Self::Filter => "?filter=userName",
            Self::Count => "?count=many",
            Self::Start => "?startIndex=first",
            Self::Order => "?sortBy=userName&sortOrder=sideways",
            _ => "",
        }
    }

    fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Token => &[("authorization", "Bearer nobody")],
            Self::EmptyToken => &[("authorization", "")],
            Self::MediaType => &[("content-type", "text/plain")],
            _ => &[],
        }
    }

    fn body(self) -> Vec<u8> {
        match self {
            Self::Token | Self::NoToken | Self::EmptyToken | Self::MediaType => {
                user("ada").to_string().into()
            }
            Self::TooLong => format!("{{{}}}", " ".repeat(1024 * 1024)).into(),
            Self::Malformed => b"{\"schemas\":".to_vec(),
            Self::NameTwice => {
                format!("{{\"schemas\":[\"{USER}\"],\"userName\":\"a\",\"userName\":\"b\"}}").into()
            }
            Self::NoObject => b"[]".to_vec(),
            Self::NoBody | Self::Filter | Self::Count | Self::Start | Self::Order => Vec::new(),
        }
    }

    fn send(self, client: &Client, verb: &str, path: &str) -> Seen {
        let (path, body) = (format!("{path}{}", self.query()), self.body());
        match self {
            Self::NoToken => client.without("authorization", verb, &path, &body),
            _ => client.with(verb, &path, self.headers(), &body),
        }
    }
}

/// The status and the keyword that follow.
fn expected(served: Served, verb: &str, flaw: Flaw) -> (u16, &'static str) {
    let open = matches!(served, Served::Config);
    match flaw {
        Flaw::Token | Flaw::NoToken | Flaw::EmptyToken if !open => return (401, ""),
        Flaw::TooLong if !open => return (413, ""),
        _ => {}
    }
    match served {
        Served::Unsupported => return (501, ""),
        Served::Nothing => return (404, ""),
        _ if !served.verbs().contains(&verb) => return (405, ""),
        _ => {}
    }
    match (verb, flaw) {
        ("POST" | "PUT" | "PATCH", Flaw::MediaType) => (415, ""),
        ("POST" | "PUT" | "PATCH", _) => (400, "invalidSyntax"),
        ("DELETE", _) if matches!(served, Served::Item(true)) => (204, ""),
        _ => read(served, flaw),
    }
}

fn read(served: Served, flaw: Flaw) -> (u16, &'static str) {
    match (served, flaw) {
        (Served::Document(_) | Served::Config, Flaw::Filter) => (403, ""),
        (Served::Collection, Flaw::Filter) => (400, "invalidFilter"),
        (Served::Collection, Flaw::Count | Flaw::Start | Flaw::Order) => (400, "invalidValue"),
        (Served::Item(false) | Served::Document(false), _) => (404, ""),
        _ => (200, ""),
    }
}

#[track_caller]
fn is_well_formed(asked: &str, verb: &str, seen: &Seen, wanted: (u16, &str)) {
    assert_eq!(seen.status, wanted.0, "{asked}: {}", seen.body);
    if verb == "HEAD" || seen.status == 204 {
        assert!(seen.response.body().is_empty(), "{asked}");
    } else if seen.status >= 400 {
        assert_eq!(seen.error(), wanted, "{asked}");
    }
    let media_type = (seen.status != 204).then_some("application/scim+json");
    assert_eq!(seen.header("content-type"), media_type, "{asked}");
    assert_eq!(seen.header("www-authenticate").is_some(), seen.status == 401, "{asked}");
    assert_eq!(seen.header("allow").is_some(), seen.status == 405, "{asked}");
}

/// What stands behind a door that is open: the thing itself, and no other.
#[track_caller]
fn shows(asked: &str, path: &str, served: Served, seen: &Seen) {
    const CONFIG: &str = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
    const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    let name = path.rsplit('/').next().unwrap_or_default();
    let schemas = &seen.body["schemas"];
    match served {
        Served::Config => assert_eq!(schemas[0], CONFIG, "{asked}"),
        Served::Collection => {
            assert_eq!(schemas[0], LIST, "{asked}");
            let resources = seen.body["Resources"].as_array().unwrap();
            assert_eq!(seen.body["itemsPerPage"], resources.len(), "{asked}");
            assert!(!resources.is_empty(), "{asked}");
        }
        Served::Document(_) if path.matches('/').count() == 1 => {
            assert_eq!(schemas[0], LIST, "{asked}");
            assert_ne!(seen.body["totalResults"], 0, "{asked}");
        }
        Served::Item(_) | Served::Document(_) => {
            assert_eq!(seen.body["id"], name, "{asked}");
            assert!(schemas[0].is_string(), "{asked}");
        }
        Served::Search | Served::Unsupported | Served::Nothing => panic!("{asked}: {}", seen.body),
    }
}

#[test]
fn every_flaw_of_a_request_is_named_at_every_door() {
    const NOBODY: &str = "00000000-0000-4000-8000-00000000dead";
    let client = Client::new();
    let team = client.post("/Groups", &group("team", &[])).id();
    let fixed = [
        ("/Users".to_owned(), Served::Collection),
        ("/Groups".to_owned(), Served::Collection),
        (format!("/Users/{NOBODY}"), Served::Item(false)),
        // An id of another type is none of this one.
        (format!("/Users/{team}"), Served::Item(false)),
        (format!("/Groups/{NOBODY}"), Served::Item(false)),
        ("/.search".to_owned(), Served::Search),
        ("/Users/.search".to_owned(), Served::Search),
        ("/Groups/.search".to_owned(), Served::Search),
        ("/ServiceProviderConfig".to_owned(), Served::Config),
        ("/ResourceTypes".to_owned(), Served::Document(true)),
        ("/ResourceTypes/User".to_owned(), Served::Document(true)),
        ("/ResourceTypes/Nope".to_owned(), Served::Document(false)),
        ("/Schemas".to_owned(), Served::Document(true)),
        (format!("/Schemas/{GROUP}"), Served::Document(true)),
        ("/Schemas/none".to_owned(), Served::Document(false)),
        ("/Bulk".to_owned(), Served::Unsupported),
        ("/Me".to_owned(), Served::Unsupported),
        (String::new(), Served::Unsupported),
        ("/Nope".to_owned(), Served::Nothing),
        (format!("/Users/{team}/more"), Served::Nothing),
    ];
    for (verb, flaw) in VERBS.into_iter().flat_map(|verb| FLAWS.map(|flaw| (verb, flaw))) {
        // Who is there may be deleted by the request.
        let ada = client.user(&format!("ada-{verb}-{flaw:?}")).id();
        let fresh = client.post("/Groups", &group("fresh", &[&ada])).id();
        let there =
            [(format!("/Groups/{fresh}"), Served::Item(true)), (format!("/Users/{ada}"), Served::Item(true))];
        for (path, served) in fixed.iter().chain(&there) {
            let seen = flaw.send(&client, verb, path);
            let asked = format!("{verb} {path} with {flaw:?}");
            is_well_formed(&asked, verb, &seen, expected(*served, verb, flaw));
            if seen.status == 200 && verb != "HEAD" {
                shows(&asked, path, *served, &seen);
            }
        }
    }
    // A DELETE that needs neither body nor parameter has done what it says; nothing else has done anything.
    let let_in = FLAWS.iter().filter(|flaw| expected(Served::Item(true), "DELETE", **flaw).0 == 204).count();
    let left = VERBS.len() * FLAWS.len() - let_in;
    assert_eq!(client.get("/Users?count=0").body["totalResults"], left);
    assert_eq!(client.get("/Groups?count=0").body["totalResults"], left + 1);
}
