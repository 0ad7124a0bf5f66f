//! What the reader of TOML complains about, in words of whoever writes the file.

/// The name under which the reader of TOML hides a date in a table.
const DATE: &str = "unknown field `$__toml_private_datetime`";

/// A message without the types of a program, and without the text that stands where something else belongs: it may be a secret, and its
/// place is told anyway.
pub(crate) fn in_words(message: &str) -> String {
    if message.starts_with(DATE) {
        return "invalid type: a date, expected something else".to_owned();
    }
    if message.starts_with("wanted string or table") || message.starts_with("wanted exactly 1 element") {
        return "invalid type: expected a text".to_owned();
    }
    let Some((found, expected)) = message.rsplit_once(", expected ") else { return message.to_owned() };
    let expected = expected_in_words(expected);
    let told = ["invalid type", "invalid value"].into_iter().find_map(|kind| {
        let found = found.strip_prefix(kind)?.strip_prefix(": ")?;
        Some(format!("{kind}: {}, expected {expected}", found_in_words(found, kind)))
    });
    if let Some(told) = told {
        return told;
    }
    match found.starts_with("invalid length ") {
        true => format!("invalid type: a list, expected {expected}"),
        false => format!("{found}, expected {expected}"),
    }
}

fn expected_in_words(expected: &str) -> &str {
    match expected {
        "a nonzero u64" | "a nonzero u32" | "a nonzero u16" | "a nonzero usize" => {
            "a whole number of at least 1"
        }
        "u64" | "u32" | "u16" | "u8" | "usize" => "a whole number of at least 0",
        "i64" | "i32" | "isize" => "a whole number",
        "f64" | "f32" => "a number",
        "a string" => "a text",
        "path string" => "a path",
        "a TOML datetime" => "a date",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "a table",
        other if other.starts_with("struct ") => "a table",
        other => other,
    }
}

fn found_in_words(found: &str, kind: &str) -> String {
    // A text may hold anything, a quotation mark among it.
    if found.starts_with("string ") {
        return if kind == "invalid type" { "a text" } else { "this text" }.to_owned();
    }
    let number = found.strip_prefix("integer `").or_else(|| found.strip_prefix("floating point `"));
    if let Some((number, _)) = number.and_then(|rest| rest.split_once('`')) {
        return format!("the number {number}");
    }
    match found {
        "boolean `true`" => "true".to_owned(),
        "boolean `false`" => "false".to_owned(),
        "sequence" => "a list".to_owned(),
        "map" => "a table".to_owned(),
        other => other.to_owned(),
    }
}
