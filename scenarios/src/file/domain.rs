//! The domain of a scenario's addresses, which becomes one of the run's own.

/// The domain that everybody lives under; in a run it stands below a label of the run's own.
pub const DOMAIN: &str = "contoso.example";

/// The sign of an address, as it is and as it stands in a URL.
const SIGNS: [&str; 2] = ["@", "%40"];

/// A scenario's text with addresses that no other run has. Below the domain of the scenario there is room for a label of the run's
/// own; where the target takes addresses of its own domain alone, there is not, and the label ends what stands in front of the sign.
pub(super) fn own(text: &str, run: &str, domain: Option<&str>) -> String {
    let Some(domain) = domain else { return text.replace(DOMAIN, &format!("{run}.{DOMAIN}")) };
    let mut parts = text.split(DOMAIN).peekable();
    let mut own = String::with_capacity(text.len());
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            own.push_str(part);
            break;
        }
        match sign(part) {
            Some((local, sign, labels)) => {
                own.push_str(local);
                // What was a domain below that of the scenario tells two addresses apart all the same.
                own.extend([".", labels, run, sign, domain]);
            }
            None => own.extend([part, domain]),
        }
    }
    own
}

/// What stands in front of the domain: text up to the sign of the address, the sign, and the labels between.
fn sign(part: &str) -> Option<(&str, &str, &str)> {
    let found = SIGNS.iter().filter_map(|sign| Some((part.rfind(sign)?, *sign))).max()?;
    let (at, sign) = found;
    let (local, rest) = part.split_at_checked(at)?;
    let labels = rest.strip_prefix(sign)?;
    let is_label = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    labels.bytes().all(is_label).then_some((local, sign, labels))
}
