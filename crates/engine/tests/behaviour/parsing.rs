//! How the engine reads text: bodies, page parameters, moments.

use engine::{Limits, PageRequest, is_date_time, parse_object, timestamp};
use proptest::prelude::*;
use serde_json::Value;

fn parse(text: &str) -> Result<Value, String> {
    parse_object(text.as_bytes(), &Limits::default()).map(Value::Object).map_err(|reject| reject.detail)
}

#[test]
fn an_object_is_read_as_it_stands() {
    let text = r#"{"b":[1,-2,3.5,1e3,true,null],"a":{"ü":"\u00fc\n"},"big":18446744073709551615}"#;
    assert_eq!(parse(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
}

#[test]
fn duplicate_names_are_found_at_any_depth_and_escapes_do_not_hide_them() {
    for text in [r#"{"a":1,"a":1}"#, r#"{"x":[{"a":1,"a":2}]}"#, r#"{"a":1,"\u0061":2}"#] {
        assert!(
            parse(text)
                .unwrap_err()
                .starts_with("a name occurs twice in one object; send each name once, at line 1")
        );
    }
}

#[test]
fn depth_has_a_limit_that_counts_levels() {
    let nested = |levels: usize| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
    assert!(parse(&nested(32)).is_ok());
    assert!(parse(&nested(33)).unwrap_err().starts_with("the body is nested too deeply"));
    assert!(parse(&nested(100_000)).unwrap_err().starts_with("the body is nested too deeply"));
}

#[test]
fn pages_are_drawn_to_their_limits() {
    let limits = Limits::default();
    let page =
        |start, count| PageRequest::parse(start, count, &limits).map(|page| (page.start_index, page.count));
    assert_eq!(page(None, None), Ok((1, limits.page_default)));
    assert_eq!(page(Some("0"), Some("-3")), Ok((1, 0)));
    assert_eq!(page(Some("+7"), Some("1000000")), Ok((7, limits.page_max)));
    assert_eq!(page(Some("9007199254740991"), None), Ok((9_007_199_254_740_991, limits.page_default)));
    for start in ["9007199254740992", "99999999999999999999"] {
        assert_eq!(page(Some(start), None).unwrap_err().attribute.as_deref(), Some("startIndex"));
    }
    assert_eq!(page(None, Some("99999999999999999999")), Ok((1, limits.page_max)));
    assert_eq!(page(Some("1x"), None).unwrap_err().attribute.as_deref(), Some("startIndex"));
    assert_eq!(page(None, Some("")).unwrap_err().attribute.as_deref(), Some("count"));
}

#[test]
fn moments_have_three_decimals_and_stay_within_the_calendar() {
    assert_eq!(timestamp(0), "1970-01-01T00:00:00.000Z");
    assert_eq!(timestamp(-1), "1969-12-31T23:59:59.999Z");
    assert!(timestamp(i64::MAX).starts_with("9999-") && timestamp(i64::MIN).starts_with("-009999-"));
}

#[test]
fn date_times_have_a_date_and_a_time() {
    for good in ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05", "2026-01-02T03:04:05.123456+02:00"] {
        assert!(is_date_time(good), "{good}");
    }
    for bad in [
        "",
        "2026-01-02",
        "03:04:05Z",
        "2026-13-02T03:04:05Z",
        "2026-01-02 03:04:05Z",
        "20260102T030405Z",
        "2026-01-02T03:04:05Z[UTC]",
        "2026-01-02T03:04:05 Z",
        "2026-01-02T03:04:05ü",
    ] {
        assert!(!is_date_time(bad), "{bad}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_of_any_kind_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..48)) {
        let ours = parse_object(&bytes, &Limits::default());
        let theirs = serde_json::from_slice::<serde_json::Map<String, Value>>(&bytes);
        prop_assert!(ours.is_err() || theirs.is_ok());
    }

    #[test]
    fn every_moment_is_a_date_time(unix_ms in 0_i64..4_102_444_800_000) {
        let text = timestamp(unix_ms);
        prop_assert!(is_date_time(&text));
        prop_assert_eq!(text.parse::<jiff::Timestamp>().unwrap().as_millisecond(), unix_ms);
    }
}
