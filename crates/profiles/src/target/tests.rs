use std::fmt::Write as _;
use std::path::Path;

use super::{HeaderText, SecretSource, json_schema, parse};

/// Target files, each with one mistake.
const MISTAKEN: &[&str] = &[
    "url = \"https://scim.example\"\ntimout_s = 3",
    "url = 3",
    "timeout_s = 0",
    "timeout_s = \"long\"",
    "lag_s = 61",
    "lag_s = -1",
    "url = \"https://scim.example\"\n[auth.bearer]\ntoken = \"s3cr3t-literal\"",
    "[auth.bearer]\ntoken = 4242424242",
    "[auth.bearer]\ntoken = { environment = \"X\" }",
    "[auth.bearer]\ntoken = { env = \"X\", file = \"y\" }",
    "[auth.bearer]\ntoken = {}",
    "[auth.bearer]\ntoken = { command = [] }",
    "[auth.bearer]",
    "[auth.baerer]\ntoken = { env = \"X\" }",
    "[auth.basic]\nuser = \"u\"\npassword = \"s3cr3t-literal\"",
    "[auth]\nbearer = \"s3cr3t-literal\"",
    "auth = \"s3cr3t-literal\"",
    "[auth]",
    "[auth.basic]\nuser = \"u\"\npassword = { env = \"X\" }\n[auth.bearer]\ntoken = { env = \"X\" }",
    "[headers]\nX-Api-Key = \"s3cr3t-literal\"",
    "[headers]\nAuthorization = { env = \"X\" }",
    "[headers]\nContent-Type = \"text/plain\"",
    "[headers]\n\"X Y\" = \"1\"",
    "[headers]\nX-Tenant = \"a\\u0007b\"",
    "[tls]\ncafile = \"ca.pem\"",
    "[tls]\ncertificate = \"c.pem\"",
    "[auth.oauth2]\ntoken_url = \"https://x\"\nclient_id = \"c\"\nclient_secret = \"s3cr3t-literal\"",
    "[auth.basic]\nuser = \"u:v\"\npassword = { env = \"X\" }",
    "[proxy]\nurl = \"http://p\"\npassword = \"s3cr3t-literal\"",
    "[proxy]\nurl = \"http://p\"\nuser = \"u\"",
    "[credentials]\nexpired = \"s3cr3t-literal\"",
    "[credentials]\nreadonly = { env = \"X\" }",
    "[limits]\nrequests_per_second = 0",
    "[limits]\nrequests = 0",
    "[limits]\nrequests = 2.5",
    "[limits]\nconcurrency = -1",
    "[limits]\nrequests = 99999999999999999999",
    "[limits]\nrequests_per_second = true",
    "[limits]\nrps = 5",
    "limits = 2027-01-31",
    "tls = []",
    "waivers = 3",
    "headers = 3",
    "http = 2",
    "http = \"3\"",
    "[capabilities]\n\"User.sort\" = \"no\"",
    "[samples.Usr]\ntitle = \"x\"",
    "url = ",
];

#[test]
fn mistakes_are_told_with_their_place_and_what_to_do() {
    let mut told = String::new();
    for text in MISTAKEN {
        let error = parse(text, "target.toml").expect_err(text).to_string();
        assert!(!error.contains("s3cr3t") && !error.contains("4242"), "{error}");
        for type_name in
            ["u64", "usize", "f64", "i128", "nonzero", "boolean", "$__", "struct ", "sequence", " map"]
        {
            assert!(!error.contains(type_name), "{type_name} in {error}");
        }
        assert!(error.starts_with("target.toml:") && error.contains("\n  hint: "), "{error}");
        let _ = writeln!(told, "{text}\n→ {error}\n");
    }
    insta::assert_snapshot!(told);
}

#[test]
fn secrets_come_from_one_of_three_places() {
    for (text, source) in [
        ("{ env = \"X\" }", SecretSource::Env("X".to_owned())),
        ("{ file = \"t.txt\" }", SecretSource::File("t.txt".into())),
        ("{ command = [\"pass\", \"scim\"] }", SecretSource::Command(vec!["pass".into(), "scim".into()])),
    ] {
        let file =
            parse(&format!("[auth.bearer]\ntoken = {text}\n[headers]\nX-A = \"b\"\nX-Key = {text}"), "t")
                .unwrap();
        assert!(file.auth.unwrap().bearer.unwrap().token == source, "{text}");
        assert_eq!(file.headers["X-A"], HeaderText::Plain("b".to_owned()));
        assert_eq!(file.headers["X-Key"], HeaderText::Secret(source));
    }
}

#[test]
fn samples_stand_beside_those_of_the_profile_and_are_held_to_its_schemas() {
    let file = |text| parse(text, "t").unwrap();
    let mut profile = crate::find("rfc").unwrap();
    profile
        .samples
        .entry("User".to_owned())
        .or_default()
        .extend([("title".to_owned(), "old".into()), ("nickName".to_owned(), "nick".into())]);
    let text = "[samples.User]\ntitle = \"new\"\n";
    let both = file(text).with_samples(profile.clone());
    assert_eq!(
        (both.samples["User"]["title"].as_str(), both.samples["User"]["nickName"].as_str()),
        (Some("new"), Some("nick"))
    );
    assert!(super::fits(&file(text), &profile, text, "t").is_ok());
    let text = "[samples.User]\ntitle = 3\n";
    let error = super::fits(&file(text), &profile, text, "t.toml").unwrap_err().to_string();
    assert!(error.starts_with("t.toml:2:9: title is text"), "{error}");
}

#[test]
fn a_domain_stands_in_samples_and_is_one() {
    let profile = super::parse("domain = \"acme.test\"\n", "t.toml")
        .unwrap()
        .with_samples(crate::find("promapp").unwrap());
    assert_eq!(profile.domain(), "acme.test");
    assert_eq!(profile.sample("User")["emails"][0]["value"], "{name}@acme.test");
    assert_eq!(profile.in_domain(Some("b.test")).sample("User")["emails"][0]["value"], "{name}@b.test");
    let usual = crate::find("promapp").unwrap();
    assert_eq!(usual.sample("User")["emails"][0]["value"], "{name}@example.com");
    for wrong in ["", "acme test", "@acme.test", "acme..test", "-acme.test", "acme.test."] {
        let error = super::parse(&format!("domain = {wrong:?}\n"), "t.toml").unwrap_err().to_string();
        assert!(error.starts_with("t.toml:1:10: ") && error.contains("is no domain"), "{error}");
    }
}

#[test]
fn what_nobody_knows_in_samples_is_told_with_its_place() {
    let text = "[samples.User]\nnickname2 = \"x\"\nTITLE = \"y\"\nname = { givenNam = \"z\" }\nbadge = \"b\"\n\
                emails = [{ value = \"a@b.test\", type = \"work\", kind = \"k\" }]\n\
                \"urn:acme:2.0:User\" = { badg = \"c\" }\n\"urn:acme:2.0:Usr\" = { badge = \"c\" }\n[samples.Group]\nowner = \"o\"\n";
    let (file, profile) = (super::parse(text, "t.toml").unwrap(), crate::find("rfc").unwrap());
    let told = |published: &super::PublishedNames| {
        let unknown = super::unknown(&file, &profile, published, text, "t.toml");
        let mut told: Vec<String> = unknown
            .iter()
            .map(|error| error.to_string().replace("; it is sent all the same\n  hint", ""))
            .collect();
        told.sort();
        told
    };
    let user = ["badge", "urn:acme:2.0:User", "urn:acme:2.0:User:badge"].map(str::to_owned);
    let published = super::PublishedNames::from([("User".to_owned(), user.into())]);
    let nobody = "no schema of the standard, the profile or the server has";
    let otherwise = "where the server demands it and does not publish it, leave it as it is";
    assert_eq!(
        told(&published),
        [
            format!("t.toml:10:1: {nobody} owner: {otherwise}"),
            format!("t.toml:2:1: {nobody} nickname2: did you mean `nickName`?"),
            format!("t.toml:4:10: {nobody} name.givenNam: did you mean `givenName`?"),
            format!("t.toml:6:48: {nobody} emails.kind: {otherwise}"),
            format!("t.toml:7:25: {nobody} urn:acme:2.0:User:badg: did you mean `badge`?"),
            format!("t.toml:8:1: {nobody} urn:acme:2.0:Usr: did you mean `urn:acme:2.0:User`?"),
        ]
    );
    let of_nobody = told(&super::PublishedNames::new());
    assert!(of_nobody.iter().any(|told| told.contains(" badge: ")), "{of_nobody:?}");
}

#[test]
fn the_form_of_a_target_is_published() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/target.schema.json");
    let current = format!("{:#}\n", json_schema());
    #[expect(clippy::disallowed_methods, reason = "whoever changes the form says so when running this test")]
    if std::env::var_os("SCIMPROOF_BLESS").is_some() {
        std::fs::write(&file, &current).unwrap();
    }
    let published = std::fs::read_to_string(&file).unwrap();
    assert_eq!(published, current, "run this test with SCIMPROOF_BLESS=1 where the change is meant");
}
