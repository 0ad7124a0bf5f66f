//! Values as applications keep them.

use celes::Country;

/// The code of ISO 3166-1 alpha-2 for a country's name, another of its names, or one of its codes, however it is
/// spaced and whatever its letter case.
pub(super) fn country_code(text: &str) -> Option<&'static str> {
    let letters = letters(text);
    let known = Country::from_alpha2(&letters)
        .or_else(|_| Country::from_alpha3(&letters))
        .or_else(|_| Country::from_alias(&letters));
    let named = || Country::get_countries().into_iter().find(|country| is_named(country, &letters));
    known.ok().or_else(named).map(|country| country.alpha2)
}

/// Some names come with an article, and with a qualification behind a comma or in parentheses; people leave both
/// out.
fn is_named(country: &Country, name: &str) -> bool {
    let whole = letters(country.long_name);
    let plain = letters(country.long_name.split([',', '(']).next().unwrap_or_default());
    [&whole, &plain].into_iter().any(|known| known == name || known.strip_prefix("the") == Some(name))
}

fn letters(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A language tag without what stands behind language and script, RFC 5646, where the language is a known one.
/// Some write an underscore where the tag has a hyphen.
pub(super) fn language(text: &str, known: &[String]) -> Option<String> {
    let mut parts = text.trim().split(['-', '_']);
    let language = parts.next()?.to_ascii_lowercase();
    if !known.contains(&language) {
        return None;
    }
    let script =
        parts.next().filter(|part| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphabetic()));
    Some(match script {
        Some(script) => {
            let (first, rest) = script.split_at(1);
            format!("{language}-{}{}", first.to_ascii_uppercase(), rest.to_ascii_lowercase())
        }
        None => language,
    })
}

/// The date of `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SSZ`, as the former.
pub(super) fn date(text: &str) -> Option<String> {
    let day: jiff::civil::Date = if text.len() == "2026-01-02".len() {
        text.parse().ok()?
    } else {
        let utc =
            text.ends_with('Z') && text.len() == "2026-01-02T03:04:05Z".len() && engine::is_date_time(text);
        utc.then(|| text.get(..10)?.parse().ok()).flatten()?
    };
    Some(day.to_string())
}
