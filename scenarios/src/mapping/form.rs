//! The forms that a target of a mapping has.

/// What is odd about a target, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Odd {
    pub(super) message: &'static str,
    pub(super) hint: &'static str,
}

const FILTER: Odd = Odd {
    message: "the brackets of the target hold no filter",
    hint: "write it as in emails[type eq \"work\"].value",
};
const PART: Odd = Odd {
    message: "the filter of the target chooses an element and no value of it",
    hint: "name the part, as in emails[type eq \"work\"].value",
};
const NAME: Odd = Odd {
    message: "the target names no attribute",
    hint: "write it as userName, name.givenName, emails[type eq \"work\"].value, or after the URN of an extension and a colon",
};

/// The attribute that a target is, or is a part of, with the URN before it and without filter and sub-attribute. The forms are
/// `urn:…:User:attribute`, `name.givenName`, and `emails[type eq "work"].value`.
pub(super) fn whole(target: &str) -> Result<&str, Odd> {
    let head = target.split('[').next().unwrap_or_default();
    let is_extended = head.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:"));
    let begin = match head.rfind(':').filter(|_| is_extended) {
        Some(colon) => colon + 1,
        None => 0,
    };
    let (_, path) = target.split_at_checked(begin).ok_or(NAME)?;
    let (attribute, part) = match path.split_once('[') {
        Some((attribute, rest)) => {
            let (filter, after) = rest.split_once(']').ok_or(FILTER)?;
            filters(filter)?;
            (attribute, Some(after.strip_prefix('.').ok_or(PART)?))
        }
        None if path.contains(']') => return Err(FILTER),
        None => path.split_once('.').map_or((path, None), |(attribute, part)| (attribute, Some(part))),
    };
    if !is_name(attribute) || part.is_some_and(|part| !is_name(part)) {
        return Err(NAME);
    }
    target.get(..begin + attribute.len()).ok_or(NAME)
}

/// A filter compares one sub-attribute with a text in quotes, as the provider writes it.
fn filters(filter: &str) -> Result<(), Odd> {
    let (name, rest) = filter.split_once(' ').ok_or(FILTER)?;
    let value = rest.strip_prefix("eq \"").and_then(|rest| rest.strip_suffix('"')).ok_or(FILTER)?;
    if is_name(name) && !value.is_empty() && !value.contains('"') { Ok(()) } else { Err(FILTER) }
}

/// RFC 7643 §2.1, and `$ref`. Administrators name attributes of extensions with underscores and digits.
fn is_name(text: &str) -> bool {
    let text = text.strip_prefix('$').unwrap_or(text);
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_have_one_of_the_forms() {
        let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        for (target, expected) in [
            ("userName".to_owned(), "userName"),
            ("name.givenName".to_owned(), "name"),
            ("emails[type eq \"work\"].value".to_owned(), "emails"),
            ("roles[primary eq \"True\"].$ref".to_owned(), "roles"),
            (format!("{urn}:manager"), &format!("{urn}:manager")),
            (format!("{urn}:manager.value"), &format!("{urn}:manager")),
            ("manager_email".to_owned(), "manager_email"),
        ] {
            assert_eq!(whole(&target), Ok(expected), "{target}");
        }
    }

    #[test]
    fn everything_else_is_odd() {
        for (target, odd) in [
            ("emails[work].value", FILTER),
            ("emails[type eq work].value", FILTER),
            ("emails[type eq \"work\".value", FILTER),
            ("emails[type eq \"work\" and primary eq true].value", FILTER),
            ("emails]", FILTER),
            ("emails[type eq \"work\"]", PART),
            ("emails[type eq \"work\"]value", PART),
            ("name..givenName", NAME),
            ("name.given.name", NAME),
            ("given name", NAME),
            ("2nd", NAME),
            ("urn:example:2.0:User:", NAME),
            (".value", NAME),
        ] {
            assert_eq!(whole(target), Err(odd), "{target}");
        }
    }
}
