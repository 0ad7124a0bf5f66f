//! Values as applications keep them.

use celes::Country;

/// Names that people and directories use beside those of the crate.
const OTHER_NAMES: &str = include_str!("countries.tsv");

/// The code of ISO 3166-1 alpha-2 for a country's name, another of its names, or one of its codes, however it is
/// spaced, accented and turned round, and whatever its letter case.
///
/// Kosovo is XK: ISO 3166-1 assigns it no code and leaves XA to XZ to its users, and this one is in general use.
pub(super) fn country_code(text: &str) -> Option<&'static str> {
    // No spelling of a name has any of these, and what somebody meant by them nobody can know.
    if text.chars().any(char::is_control) {
        return None;
    }
    // Lists put first what the alphabet goes by: "Korea, Republic of".
    let turned = text.split_once(',').map(|(last, first)| format!("{first} {last}"));
    let qualified = text.split_once('(').map(|(plain, _)| plain);
    let spellings = [Some(text), turned.as_deref(), qualified];
    spellings.into_iter().flatten().find_map(|spelling| coded(&letters(spelling)))
}

fn coded(name: &str) -> Option<&'static str> {
    let mut others = OTHER_NAMES.lines().skip(1).filter_map(|line| line.split_once('\t'));
    if let Some((_, code)) = others.find(|(other, _)| letters(other) == name) {
        return Some(code);
    }
    let by_code = Country::from_alpha2(name).or_else(|_| Country::from_alpha3(name)).ok();
    // Names come before other names: some of those belong to a neighbour.
    let named = || Country::get_countries().into_iter().find(|country| is_named(country, name));
    let country = by_code.or_else(named).or_else(|| Country::from_alias(name).ok());
    country.map(|country| country.alpha2)
}

/// Some names come with an article, which people leave out.
fn is_named(country: &Country, name: &str) -> bool {
    let known = letters(country.long_name);
    known == name || known.strip_prefix("the") == Some(name)
}

/// The letters of a name, without accents and without "and".
fn letters(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !word.eq_ignore_ascii_case("and"));
    let letters = words.flat_map(str::chars).flat_map(char::to_lowercase);
    letters
        .map(|letter| match letter {
            'à'..='å' => 'a',
            'ç' => 'c',
            'è'..='ë' => 'e',
            'ì'..='ï' => 'i',
            'ñ' => 'n',
            'ò'..='ö' | 'ø' => 'o',
            'ù'..='ü' => 'u',
            letter => letter,
        })
        .filter(|letter| letter.is_alphanumeric())
        .collect()
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

/// The day of the year that a date, or an instant, falls on: `--MM-DD`, as XML Schema writes days that recur. What is
/// written so already stays.
pub(super) fn day_of_year(text: &str) -> Option<String> {
    // Any leap year will do: it has every day that there is.
    let date = date(text).or_else(|| date(&format!("2000-{}", text.strip_prefix("--")?)))?;
    Some(format!("--{}", date.get(5..)?))
}
