//! Secrets are taken out of every text, in whatever form they come back.

use proptest::prelude::*;
use record::{REDACTED, Redactor, Secret};

/// Letters with and without escapes of their own in JSON, URLs, forms and HTML.
const AWKWARD: &str = "p4ss/w+rd \"ä€😀\" <&'>\\\n%~";

fn knows(secrets: &[&str]) -> Redactor {
    let redactor = Redactor::default();
    for secret in secrets {
        redactor.learn(&Secret::new((*secret).to_owned()));
    }
    redactor
}

fn disappears(form: &str) {
    let clean = knows(&[AWKWARD]).scrub(&format!("before {form} after {form}"));
    assert_eq!(clean, format!("before {REDACTED} after {REDACTED}"), "{form}");
}

#[test]
fn as_it_is() {
    disappears(AWKWARD);
}

#[test]
fn escaped_as_json() {
    disappears(r#"p4ss/w+rd \"ä€😀\" <&'>\\\n%~"#);
}

#[test]
fn escaped_as_json_with_slashes() {
    disappears(r#"p4ss\/w+rd \"ä€😀\" <&'>\\\n%~"#);
}

#[test]
fn escaped_as_ascii_json() {
    disappears(r#"p4ss/w+rd \"\u00e4\u20ac\ud83d\ude00\" <&'>\\\n%~"#);
    disappears(r#"p4ss/w+rd \"\u00E4\u20AC\uD83D\uDE00\" <&'>\\\n%~"#);
}

#[test]
fn percent_encoded_in_either_case() {
    disappears("p4ss%2Fw%2Brd%20%22%C3%A4%E2%82%AC%F0%9F%98%80%22%20%3C%26%27%3E%5C%0A%25~");
    disappears("p4ss%2fw%2brd%20%22%c3%a4%e2%82%ac%f0%9f%98%80%22%20%3c%26%27%3e%5c%0a%25~");
}

#[test]
fn as_form_data_in_either_case() {
    disappears("p4ss%2Fw%2Brd+%22%C3%A4%E2%82%AC%F0%9F%98%80%22+%3C%26%27%3E%5C%0A%25~");
    disappears("p4ss%2fw%2brd+%22%c3%a4%e2%82%ac%f0%9f%98%80%22+%3c%26%27%3e%5c%0a%25~");
}

#[test]
fn escaped_as_html() {
    disappears("p4ss/w+rd &quot;ä€😀&quot; &lt;&amp;&#39;&gt;\\\n%~");
}

#[test]
fn as_part_of_a_json_pointer() {
    disappears("p4ss~1w+rd \"ä€😀\" <&'>\\\n%~0");
}

#[test]
fn as_base64_with_and_without_padding_and_in_both_alphabets() {
    disappears("cDRzcy93K3JkICLDpOKCrPCfmIAiIDwmJz5cCiV+");
    disappears("cDRzcy93K3JkICLDpOKCrPCfmIAiIDwmJz5cCiV-");
    let redactor = knows(&["t0ken?>of~ada"]);
    for form in [
        "dDBrZW4/Pm9mfmFkYQ==",
        "dDBrZW4/Pm9mfmFkYQ",
        "dDBrZW4_Pm9mfmFkYQ==",
        "dDBrZW4_Pm9mfmFkYQ",
        "dDBrZW4%2FPm9mfmFkYQ%3D%3D",
        "dDBrZW4\\/Pm9mfmFkYQ==",
    ] {
        assert_eq!(redactor.scrub(&format!("saw {form}, then")), format!("saw {REDACTED}, then"), "{form}");
    }
}

/// As Basic authentication sends it (RFC 7617), with no user before the colon.
#[test]
fn as_base64_of_the_password_of_nobody() {
    let redactor = knows(&["t0ken?>of~ada"]);
    for form in ["OnQwa2VuPz5vZn5hZGE=", "OnQwa2VuPz5vZn5hZGE"] {
        assert_eq!(redactor.scrub(&format!("Basic {form};")), format!("Basic {REDACTED};"), "{form}");
    }
}

/// As Basic authentication sends it, whoever the user is.
#[test]
fn a_credential_disappears_from_the_base64_of_whatever_it_is_part_of() {
    let redactor = Redactor::default();
    redactor.learn_credential(&Secret::new("t0ken?>of~ada".to_owned()));
    for (plain, form) in [
        ("a:t0ken?>of~ada", "YTp0MGtlbj8+b2Z+YWRh"),
        ("ab:t0ken?>of~ada", "YWI6dDBrZW4/Pm9mfmFkYQ=="),
        ("abc:t0ken?>of~ada", "YWJjOnQwa2VuPz5vZn5hZGE="),
        ("grace:t0ken?>of~ada and more", "Z3JhY2U6dDBrZW4_Pm9mfmFkYSBhbmQgbW9yZQ=="),
    ] {
        let clean = redactor.scrub(&format!("Basic {form};"));
        assert!(clean.contains(REDACTED), "{plain}: {clean}");
        // What is left of it encodes what stands around it.
        let left: usize = clean.split(REDACTED).map(|part| part.trim_start_matches("Basic ").len()).sum();
        assert!(left <= form.len() - 4 * "t0ken?>of~ada".len() / 3 + 1, "{plain}: {clean}");
    }
}

#[test]
fn as_hexadecimal_digits_in_either_case() {
    let redactor = knows(&["t0ken-of-ada"]);
    for form in ["74306b656e2d6f662d616461", "74306B656E2D6F662D616461"] {
        assert_eq!(redactor.scrub(&format!("saw 0x{form}.")), format!("saw 0x{REDACTED}."), "{form}");
    }
}

/// Which characters are escaped differs from one writer of URLs or HTML to the next.
#[test]
fn with_only_some_of_its_characters_escaped() {
    disappears("p4ss%2Fw+rd%20\"ä€😀\"%20%3C&'%3E\\%0A%~");
    disappears("%704ss/w%2brd \"%C3%A4€😀\" <&'>\\\n%25~");
    disappears("p4ss&#x2F;w&#43;rd &#34;ä€😀&quot; <&amp;&apos;>\\\n%~");
    disappears(r#"p\u0034ss/w+rd \u0022ä€\ud83d\ude00" <&'>\\\n%~"#);
}

#[test]
fn what_only_begins_like_an_escape_is_kept() {
    let redactor = knows(&["a/secret"]);
    for text in [
        "a%2",
        "a%2Fsecre",
        "%",
        "\\u00",
        "a\\u002fsecre\u{e4}",
        "&#x;",
        "&;",
        "&#99999999999;",
        "ä%ä",
        "a~2secret",
    ] {
        assert_eq!(redactor.scrub(text), text);
    }
}

#[test]
fn a_secret_within_a_secret_leaves_no_rest() {
    for order in [["token-of-ada", "token-of-ada-and-bob"], ["token-of-ada-and-bob", "token-of-ada"]] {
        let clean = knows(&order).scrub("token-of-ada-and-bob, token-of-ada");
        assert_eq!(clean, format!("{REDACTED}, {REDACTED}"));
    }
}

#[test]
fn each_secret_is_taken_out_and_the_rest_is_kept() {
    let redactor = knows(&["first-secret", "second-secret", "first-secret"]);
    let clean = redactor.scrub("first-secret then second-secret, but not third-secret");
    assert_eq!(clean, format!("{REDACTED} then {REDACTED}, but not third-secret"));
    assert_eq!(redactor.scrub("nothing here"), "nothing here");
    assert_eq!(redactor.scrub(""), "");
}

/// They are words of ordinary text; where one is known to stand, it is replaced without being looked for.
#[test]
fn short_secrets_are_not_looked_for() {
    let redactor = knows(&["", "a", "abc"]);
    assert_eq!(redactor.scrub("abc is a word"), "abc is a word");
    assert_eq!(knows(&["abcd"]).scrub("abcd is one too many"), format!("{REDACTED} is one too many"));
}

#[test]
fn what_one_copy_learns_the_others_know() {
    let redactor = Redactor::default();
    let copy = redactor.clone();
    redactor.learn(&Secret::new("t0ken-of-ada".to_owned()));
    assert_eq!(copy.scrub("t0ken-of-ada"), REDACTED);
}

#[test]
fn scrubbing_twice_changes_nothing() {
    let redactor = knows(&[AWKWARD, "redacted", "<redacted>"]);
    let once = knows(&[AWKWARD]).scrub(AWKWARD);
    assert_eq!(knows(&[AWKWARD]).scrub(&once), once);
    assert!(!redactor.scrub(AWKWARD).contains("p4ss"));
}

#[test]
fn a_secret_shows_itself_to_nobody() {
    let secret = Secret::new("t0ken-of-ada".to_owned());
    assert_eq!(format!("{secret:?} {:?}", Some(secret.clone())), "<secret> Some(<secret>)");
    assert!(!format!("{:#?}", knows(&["t0ken-of-ada"])).contains("t0ken"));
    assert_eq!(secret.expose(), "t0ken-of-ada");
}

fn knows_credential(credential: &str) -> Redactor {
    let redactor = Redactor::default();
    redactor.learn_credential(&Secret::new(credential.to_owned()));
    redactor
}

#[test]
fn a_piece_of_a_credential_disappears() {
    let redactor = knows_credential("eyJhbGciOi-8f14/e45f_cee~a167a5a");
    for piece in
        ["8f14/e45f_ce", "8f14%2Fe45f_ce", "8f14\\/e45f_ce", "8f14&#x2F;e45f_ce", "8f14~1e45f_cee~0a167"]
    {
        assert_eq!(redactor.scrub(&format!("/Users/<{piece}>")), format!("/Users/<{REDACTED}>"), "{piece}");
    }
    assert_eq!(redactor.scrub("8f14/e45f_c and eyJhbGciOi-"), "8f14/e45f_c and eyJhbGciOi-");
}

#[test]
fn a_row_of_the_same_characters_is_no_piece() {
    let redactor = knows_credential("0000000000000000-0123456789abcdef");
    let nil = "00000000-0000-0000-0000-000000000000";
    assert_eq!(redactor.scrub(nil), nil);
    assert_eq!(redactor.scrub("id 0123456789ab"), format!("id {REDACTED}"));
}

/// A password may hold the name of its user, so only the whole of it is a secret.
#[test]
fn a_piece_of_another_secret_is_kept() {
    let redactor = knows(&["Pw-scimproof-0badcafe-create-1!"]);
    assert_eq!(redactor.scrub("scimproof-0badcafe-create-1"), "scimproof-0badcafe-create-1");
    assert_eq!(redactor.scrub("Pw-scimproof-0badcafe-create-1!"), REDACTED);
}

/// Whether a text holds twelve characters in a row of a credential, at least four of them different.
fn holds_a_piece(text: &str, credential: &str) -> bool {
    let letters: Vec<char> = credential.chars().collect();
    letters.windows(12).any(|piece| {
        let different: std::collections::BTreeSet<_> = piece.iter().collect();
        different.len() >= 4 && text.contains(&piece.iter().collect::<String>())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_piece_of_a_credential_survives(
        credential in "[!-~]{12,60}",
        before in "[ -~\n\"]{0,20}",
        after in "[ -~\n\"]{0,20}",
        cut in 0..48_usize,
        length in 12..60_usize,
    ) {
        let piece: String = credential.chars().skip(cut).take(length).collect();
        let clean = knows_credential(&credential).scrub(&format!("{before}{piece}{after}{piece}"));
        prop_assert!(!holds_a_piece(&clean, &credential), "{clean}");
    }

    #[test]
    fn ordinary_text_is_kept(credential in "[A-Za-z0-9._~+/-]{12,60}", text in "\\PC{0,200}") {
        prop_assume!(!holds_a_piece(&text, &credential));
        prop_assert_eq!(knows_credential(&credential).scrub(&text), text);
    }

    #[test]
    fn names_ids_and_addresses_are_kept(credential in "[A-Za-z0-9._~+/=-]{20,60}", id in "[0-9a-f]{8}-[0-9a-f]{4}") {
        let body = format!(
            r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"{id}","userName":"scimproof-0badcafe-create-1",
            "meta":{{"location":"https://example.com/scim/v2/Users/{id}","resourceType":"User","version":"W/\\"1\\""}}}}"#
        );
        prop_assert_eq!(knows_credential(&credential).scrub(&body), body);
    }
}

/// The text is walked through once for each way of escaping, whatever it holds and however much was learned.
#[test]
fn a_long_text_and_a_long_credential_are_no_obstacle() {
    let credential: String = (0..400).map(|number| format!("{:x}-", number * 7919)).collect();
    let redactor = knows_credential(&credential);
    let text = "{\"value\": \"a%20b\\u0041&amp;~1\"}, ".repeat(30_000);
    assert_eq!(redactor.scrub(&text).len(), text.len());
    assert!(!redactor.scrub(&format!("{text}{credential}")).contains(&credential[300..312]));
}
