//! What somebody may have meant who misspelt a name.

/// How like a name has to be to one that is not there, on a scale from 0 to 1.
const LIKENESS_MIN: f64 = 0.85;

/// The known name that is most like one that is not there, letter case aside.
pub(crate) fn meant<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    let rated = known.into_iter().map(|known| (strsim::jaro_winkler(&wrong, &known.to_lowercase()), known));
    let like = rated.filter(|(likeness, _)| *likeness >= LIKENESS_MIN);
    like.max_by(|left, right| left.0.total_cmp(&right.0)).map(|(_, known)| known)
}

/// What to do about a name that is not there: write the one that was meant, or something else.
pub(crate) fn hint<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    meant(wrong, known).map_or_else(|| otherwise.to_owned(), |known| format!("did you mean `{known}`?"))
}
